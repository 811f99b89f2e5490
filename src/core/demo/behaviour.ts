/** What a lead does by itself: how it first comes, and its visits, downloads, webinars and mails afterwards. */
import type { Patch, TouchInput } from "../flow/input.ts";
import { browsingTime, DAY_MS, dayOf, HOUR_MS, MINUTE_MS, startOfDay, weekdayOf } from "./calendar.ts";
import { BLOG, GUIDES, type Market, PAGES, STORIES, VIDEOS, type Webinar } from "./market.ts";
import type { Planned } from "./plan.ts";
import type { Random } from "./random.ts";
import { type Blanks, fill, NEEDS, NEWS_SUBJECTS, REQUESTS } from "./words.ts";

export function touch(kind: string, at: number, props: TouchInput["props"]): TouchInput {
  return { kind, at: Math.floor(at), props };
}

export function blanksOf({ person }: Planned): Blanks {
  const { company } = person;
  return {
    name: person.firstName,
    company: company.name,
    city: company.city,
    trucks: String(company.trucksPerDay),
    doors: String(company.dockDoors),
    system: company.system.toLowerCase(),
  };
}

/** What is known of a lead when it first comes. */
export function profileOf(planned: Planned, today: number): Patch {
  const { person, source, campaign, random, intent } = planned;
  const { company } = person;
  const details = random.fork("details");
  const thorough = intent === "ready" || intent === "interested" || planned.cohort !== "usual";
  const known = (probability: number): boolean => details.chance(thorough ? probability + 0.25 : probability);
  return {
    firstName: person.firstName,
    lastName: person.lastName,
    ...(person.email === null ? {} : { email: person.email }),
    ...(person.phone === null ? {} : { phone: person.phone }),
    ...(person.jobTitle === null ? {} : { jobTitle: person.jobTitle }),
    ...(person.namesCompany ? { company: company.name, city: company.city } : {}),
    ...(person.namesCompany && known(0.5) ? { website: `https://www.${company.domain}` } : {}),
    ...(details.chance(0.97) || thorough ? { country: company.land.code } : {}),
    source,
    ...(campaign === null ? {} : { campaign }),
    fields: {
      language: company.land.language,
      ...(known(0.6) ? { industry: company.industry } : {}),
      ...(known(0.62) ? { employees: company.employees } : {}),
      ...(known(0.35) ? { dockDoors: company.dockDoors, trucksPerDay: company.trucksPerDay } : {}),
      ...(known(0.4) ? { currentSystem: company.system } : {}),
      ...(known(0.2) ? { need: details.pick(NEEDS) } : {}),
      ...(known(0.15) ? { interests: details.pick(["Gate", "Dock", "Yard", "Insight", "Gate, Dock"]) } : {}),
      ...(company.system === "Another yard system" && details.chance(0.6)
        ? { contractEnds: new Date((today + details.int(60, 500)) * DAY_MS).toISOString().slice(0, 10) }
        : {}),
      ...(source === "partner" ? { leadType: "Partner" } : source === "referral" ? { leadType: "Referral" } : {}),
    },
    consent: { newsletter: details.chance(source === "content_syndication" ? 0.5 : 0.72) },
    ...(source === "trade_show" ? { addTags: ["fair"] } : details.chance(0.03) ? { addTags: ["key account"] } : {}),
  };
}

/** The visit that ends with the lead making itself known. */
export function firstVisit(planned: Planned, market: Market): readonly TouchInput[] {
  const { random: lead, source, at, intent } = planned;
  const random = lead.fork("first visit");
  const blanks = blanksOf(planned);
  const asks = intent === "ready" && (planned.cohort !== "usual" || random.chance(0.62));
  switch (source) {
    case "trade_show":
      return [touch("eventVisit", at, { event: planned.campaign, stand: "B 42" })];
    case "content_syndication":
      return [touch("formSubmit", at, { form: "Guide (partner page)" }), touch("download", at, { title: "The cost of waiting" })];
    case "partner":
    case "referral":
      return asks || random.chance(0.35)
        ? [
            touch("contactRequest", at, {
              form: source === "partner" ? "Partner desk" : "Recommended by a customer",
              message: fill(random.pick(REQUESTS), blanks),
            }),
          ]
        : [...visit(random, at, 2, 0.3), touch("formSubmit", at, { form: "Newsletter" })];
    case "webinar": {
      const next = nextWebinar(market, dayOf(at));
      return [
        ...visit(random, at - 4 * MINUTE_MS, 1, 0),
        touch("formSubmit", at, { form: "Webinar" }),
        touch("webinarRegistered", at, { webinar: next.title }),
      ];
    }
    default: {
      const before = visit(
        random,
        at - 6 * MINUTE_MS,
        intent === "idle" ? 1 : random.int(2, 4),
        intent === "ready" ? 0.9 : intent === "interested" ? 0.4 : 0.1,
      );
      if (asks) return [...before, touch("contactRequest", at, { form: "Contact", url: PAGES.contact, message: fill(random.pick(REQUESTS), blanks) })];
      return random.chance(0.5)
        ? [...before, touch("formSubmit", at, { form: "Guide" }), touch("download", at, { title: random.pick(GUIDES) })]
        : [...before, touch("formSubmit", at, { form: random.pick(["Newsletter", "Calculator", "Product film"]) })];
    }
  }
}

function nextWebinar({ webinars }: Market, day: number): Webinar {
  return webinars.find((webinar) => webinar.day >= day) ?? (webinars.at(-1) as Webinar);
}

/** Pages of one visit, half a minute to four minutes apart, the last one at `at`. */
function visit(random: Random, at: number, pages: number, pricing: number): readonly TouchInput[] {
  const seen: TouchInput[] = [];
  let moment = at - pages * 2 * MINUTE_MS;
  for (let i = 0; i < pages; i++) {
    moment += random.int(30, 110) * 1000;
    const url =
      i === 0
        ? random.pick([PAGES.home, ...BLOG])
        : random.chance(0.3)
          ? random.pick(STORIES)
          : random.pick([PAGES.gate, PAGES.dock, PAGES.yard, PAGES.insight, ...BLOG]);
    seen.push(touch("pageView", moment, { url, seconds: random.int(12, 260) }));
  }
  if (random.chance(pricing))
    seen.push(
      touch("pageView", moment + random.int(20, 60) * 1000, { url: random.chance(0.3) ? PAGES.calculator : PAGES.pricing, seconds: random.int(40, 420) }),
    );
  return seen;
}

/** What follows, in groups that belong together: a visit, a webinar, a mail and what it leads to. */
export function laterBehaviour(planned: Planned, market: Market, end: number): readonly (readonly TouchInput[])[] {
  const { intent, at } = planned;
  const random = planned.random.fork("later");
  const groups: TouchInput[][] = [];
  const later = (medianDays: number): number => browsingTime(dayOf(at) + 1 + Math.floor(random.around(medianDays, 0.8)), random.next());
  const visits = { idle: random.chance(0.25) ? 1 : 0, curious: random.int(0, 2), interested: random.int(2, 4), ready: random.int(1, 3) }[intent];
  const span = { idle: 20, curious: 14, interested: 11, ready: 3 }[intent];
  for (let i = 0; i < visits; i++) {
    const moment = later(span * (i + 0.6));
    const seen = [...visit(random, moment, random.int(1, 4), { idle: 0.02, curious: 0.14, interested: 0.6, ready: 0.75 }[intent])];
    if (random.chance(0.22)) seen.push(touch("videoView", moment + 3 * MINUTE_MS, { title: random.pick(VIDEOS), seconds: random.int(20, 240) }));
    if (random.chance({ idle: 0.05, curious: 0.25, interested: 0.4, ready: 0.2 }[intent]))
      seen.push(touch("download", moment + 5 * MINUTE_MS, { title: random.pick(GUIDES) }));
    groups.push(seen);
  }
  if (random.chance({ idle: 0, curious: 0.03, interested: 0.34, ready: 0.6 }[intent])) {
    const moment = later(span * 1.3);
    groups.push([
      ...visit(random, moment, 2, 0.6),
      touch("contactRequest", moment + 2 * MINUTE_MS, { form: "Contact", url: PAGES.contact, message: fill(random.pick(REQUESTS), blanksOf(planned)) }),
    ]);
  }
  groups.push(...webinarsOf(planned, market, random), ...mailsOf(planned, random, end));
  return groups
    .filter((group) => group.length > 0)
    .map((group) => group.filter((each) => (each.at ?? 0) > at && (each.at ?? 0) < end))
    .filter((group) => group.length > 0);
}

function webinarsOf(planned: Planned, { webinars }: Market, random: Random): TouchInput[][] {
  const { source, intent, at } = planned;
  const shows = { idle: 0.22, curious: 0.5, interested: 0.78, ready: 0.6 }[intent];
  const next = webinars.find(({ day }) => day >= dayOf(at));
  const groups: TouchInput[][] = [];
  const attend = ({ day, title }: Webinar): void =>
    void groups.push([touch("webinarAttended", startOfDay(day) + 9 * HOUR_MS + random.int(0, 6) * MINUTE_MS, { webinar: title, minutes: random.int(18, 45) })]);
  if (source === "webinar" && next !== undefined && random.chance(shows)) attend(next);
  const other = webinars.find(({ day }) => day > dayOf(at) + (source === "webinar" ? 20 : 3));
  if (other !== undefined && random.chance({ idle: 0.03, curious: 0.22, interested: 0.36, ready: 0.12 }[intent])) {
    const registered = browsingTime(other.day - random.int(1, 3), random.next());
    if (registered > at) {
      groups.push([touch("webinarRegistered", registered, { webinar: other.title })]);
      if (random.chance(shows)) attend(other);
    }
  }
  return groups;
}

/** Whoever did not come for so long is not written to any more. */
const NEWS_DAYS = 90;

/** The newsletter goes out every fourth Tuesday at nine to those who want it. */
function mailsOf(planned: Planned, random: Random, end: number): TouchInput[][] {
  const { intent, at, person } = planned;
  if (person.email === null || !random.chance(0.7)) return [];
  const groups: TouchInput[][] = [];
  for (let day = dayOf(at) + 1; day <= Math.min(dayOf(end), dayOf(at) + NEWS_DAYS); day++) {
    if (weekdayOf(day) !== 1 || Math.floor(day / 7) % 4 !== 0) continue;
    const sent = startOfDay(day) + 9 * HOUR_MS;
    const subject = NEWS_SUBJECTS[Math.floor(day / 28) % NEWS_SUBJECTS.length] as string;
    const group = [touch("mailSent", sent, { subject, campaign: "Newsletter" })];
    groups.push(group);
    if (!random.chance({ idle: 0.16, curious: 0.34, interested: 0.5, ready: 0.42 }[intent])) continue;
    const opened = sent + random.int(4, 500) * MINUTE_MS;
    group.push(touch("mailOpen", opened, { subject }));
    if (random.chance({ idle: 0.05, curious: 0.2, interested: 0.38, ready: 0.35 }[intent]))
      group.push(
        touch("mailClick", opened + random.int(20, 90) * 1000, { subject, url: random.pick(BLOG) }),
        ...visit(random, opened + 6 * MINUTE_MS, 1, 0.08),
      );
  }
  return groups;
}
