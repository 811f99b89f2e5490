/** How the demo company is found: sources with their quality, campaigns with their weeks, webinars and fairs with their days, and the pages of its website. */
import { weekdayOf } from "./calendar.ts";

/** How far somebody means to go when he comes. */
export type Intent = "idle" | "curious" | "interested" | "ready";

export const SOURCES = [
  "organic_search",
  "paid_search",
  "webinar",
  "trade_show",
  "referral",
  "partner",
  "content_syndication",
  "paid_social",
  "newsletter",
  "direct",
] as const;
export type Source = (typeof SOURCES)[number];

export type SourceDef = {
  /** How many of all leads. */
  readonly share: number;
  readonly intents: { readonly [K in Intent]: number };
  /** Against the house's average: how likely sales gets further with such a lead. */
  readonly luck: number;
};

export const SOURCE_DEFS: { readonly [K in Source]: SourceDef } = {
  organic_search: { share: 25, intents: { idle: 45, curious: 28, interested: 18, ready: 9 }, luck: 1 },
  paid_search: { share: 15, intents: { idle: 40, curious: 28, interested: 18, ready: 14 }, luck: 0.85 },
  webinar: { share: 14, intents: { idle: 22, curious: 40, interested: 32, ready: 6 }, luck: 1.05 },
  trade_show: { share: 9, intents: { idle: 30, curious: 34, interested: 26, ready: 10 }, luck: 1.1 },
  referral: { share: 5, intents: { idle: 6, curious: 18, interested: 36, ready: 40 }, luck: 1.7 },
  partner: { share: 6, intents: { idle: 14, curious: 24, interested: 34, ready: 28 }, luck: 1.4 },
  content_syndication: { share: 12, intents: { idle: 66, curious: 26, interested: 7, ready: 1 }, luck: 0.5 },
  paid_social: { share: 8, intents: { idle: 60, curious: 27, interested: 10, ready: 3 }, luck: 0.6 },
  newsletter: { share: 4, intents: { idle: 44, curious: 34, interested: 18, ready: 4 }, luck: 0.9 },
  direct: { share: 2, intents: { idle: 30, curious: 25, interested: 22, ready: 23 }, luck: 1.2 },
};

export type Webinar = { readonly day: number; readonly title: string; readonly slug: string };
export type Fair = { readonly first: number; readonly last: number; readonly name: string };

export type Market = {
  readonly webinars: readonly Webinar[];
  readonly fairs: readonly Fair[];
  readonly campaign: (source: Source, day: number) => string | null;
};

const WEBINARS = [
  ["Slots that carriers keep", "slots-that-carriers-keep"],
  ["Check-in without a queue", "check-in-without-a-queue"],
  ["What a waiting truck costs", "what-a-waiting-truck-costs"],
  ["Trailers you can find", "trailers-you-can-find"],
  ["The yard before the peak", "yard-before-the-peak"],
  ["Gate and warehouse as one plan", "gate-and-warehouse"],
  ["Ask the yard managers", "ask-the-yard-managers"],
] as const;
/** Each with the days between its Tuesday and the last week. */
const FAIRS = [
  ["Dock & Yard Days", 140],
  ["Nordic Flow Fair", 77],
  ["Kaianlage Forum", 28],
] as const;

/** A webinar every four weeks on a Wednesday, the last of them still to come, and three fairs of three days (Tuesday to Thursday), counted back from the last day. */
export function makeMarket(lastDay: number): Market {
  const wednesday = lastDay - ((weekdayOf(lastDay) - 2 + 7) % 7);
  const webinars = WEBINARS.map(([title, slug], i) => ({ day: wednesday + 14 - (WEBINARS.length - 1 - i) * 28, title, slug }));
  const fairs = FAIRS.map(([name, before]) => ({ first: wednesday - 1 - before, last: wednesday + 1 - before, name }));
  return { webinars, fairs, campaign: (source, day) => campaignOf(source, day, webinars, fairs) };
}

function campaignOf(source: Source, day: number, webinars: readonly Webinar[], fairs: readonly Fair[]): string | null {
  const season = quarterOf(day);
  switch (source) {
    case "paid_search":
      return `${season} search: dock scheduling`;
    case "paid_social":
      return `${season} social: self check-in film`;
    case "content_syndication":
      return `${season} guide: the cost of waiting`;
    case "newsletter":
      return `Newsletter ${monthOf(day)}`;
    case "webinar":
      return `Webinar: ${(webinars.find((webinar) => webinar.day >= day) ?? webinars.at(-1))?.title ?? ""}`;
    case "trade_show":
      return fairs.find(({ first, last }) => day >= first && day <= last)?.name ?? null;
    case "partner":
      return "Partner desk";
    default:
      return null;
  }
}

function quarterOf(day: number): string {
  const date = new Date(day * 86_400_000);
  return `${date.getUTCFullYear()} Q${Math.floor(date.getUTCMonth() / 3) + 1}`;
}

function monthOf(day: number): string {
  return new Date(day * 86_400_000).toISOString().slice(0, 7);
}

const SITE = "https://www.hallvik.example";
export const PAGES = {
  home: `${SITE}/`,
  gate: `${SITE}/products/gate`,
  dock: `${SITE}/products/dock`,
  yard: `${SITE}/products/yard`,
  insight: `${SITE}/products/insight`,
  pricing: `${SITE}/pricing`,
  calculator: `${SITE}/pricing/waiting-cost-calculator`,
  contact: `${SITE}/contact`,
  webinars: `${SITE}/webinars`,
} as const;
export const STORIES = ["fish-terminal", "dairy-night-shift", "timber-yard", "retail-hub", "brewery-peak"].map((slug) => `${SITE}/customers/${slug}`);
export const BLOG = ["dwell-time", "slot-discipline", "driver-check-in", "yard-safety", "demurrage", "cross-docking"].map((slug) => `${SITE}/journal/${slug}`);
export const GUIDES = [
  "The cost of waiting",
  "Dock scheduling in twelve steps",
  "Checklist: a safe yard",
  "Self check-in for drivers",
  "Yard figures that matter",
] as const;
export const VIDEOS = ["Gate in ninety seconds", "A truck's day", "Dock plan explained", "Finding trailers"] as const;
