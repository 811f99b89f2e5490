/**
 * Who comes when: every lead of the demo workspace before sales has heard of it. What a lead will do on the website and at
 * webinars is settled here; what sales makes of it follows from what becomes of the lead (`sales.ts`).
 */
import { browsingTime, HOUR_MS, isWorkday, MINUTE_MS, startOfDay } from "./calendar.ts";
import { type DemoCompany, makeCompanies } from "./companies.ts";
import { type Intent, makeMarket, type Market, SOURCE_DEFS, type Source, SOURCES } from "./market.ts";
import { type DemoPerson, peopleMaker, type Rank } from "./people.ts";
import type { Random } from "./random.ts";

export const DAYS = 180;
export const LEADS = 2000;
export const COMPANIES = 350;

/** `fresh` came yesterday and nobody has called yet; `waiting` has had its welcome and then lies. */
export type Cohort = "usual" | "fresh" | "waiting" | "today";

export type Planned = {
  readonly number: number;
  readonly person: DemoPerson;
  readonly source: Source;
  readonly campaign: string | null;
  readonly intent: Intent;
  readonly cohort: Cohort;
  readonly at: number;
  /** The same person as an earlier lead, under another address. */
  readonly again: boolean;
  readonly random: Random;
};

export type DemoPlan = { readonly market: Market; readonly companies: readonly DemoCompany[]; readonly leads: readonly Planned[] };

const RANKS: { readonly [K in Intent]: { readonly [R in Rank]: number } } = {
  idle: { decides: 12, manages: 30, works: 42, outside: 16 },
  curious: { decides: 20, manages: 42, works: 35, outside: 3 },
  interested: { decides: 32, manages: 48, works: 20, outside: 0 },
  ready: { decides: 44, manages: 46, works: 10, outside: 0 },
};

export function makePlan(random: Random, lastDay: number, end: number): DemoPlan {
  const market = makeMarket(lastDay);
  const companies = makeCompanies(random.fork("companies"), COMPANIES);
  const person = peopleMaker();
  const firstDay = lastDay - DAYS;
  const chosen = weightedList(companies);
  const sources = Object.fromEntries(SOURCES.map((source) => [source, SOURCE_DEFS[source].share]));
  const leads: Planned[] = [];
  const add = (wanted: Partial<Planned> & { readonly source: Source; readonly at: number; readonly company?: DemoCompany }): void => {
    const own = random.fork(`lead ${leads.length}`);
    const intent = wanted.intent ?? own.weighted(SOURCE_DEFS[wanted.source].intents);
    const company = wanted.company ?? chosen(own);
    leads.push({
      number: leads.length,
      person:
        wanted.person ??
        person(own, company, wanted.cohort === undefined || wanted.cohort === "usual" ? own.weighted(RANKS[intent]) : own.pick(["decides", "manages"])),
      source: wanted.source,
      campaign: market.campaign(wanted.source, Math.floor(wanted.at / 86_400_000)),
      intent,
      cohort: wanted.cohort ?? "usual",
      at: wanted.at,
      again: wanted.again ?? false,
      random: own,
    });
  };
  addCohorts(random.fork("cohorts"), companies, lastDay, end, add);
  while (leads.length < LEADS) {
    const source = random.weighted(sources) as Source;
    const at = arrival(random, source, market, firstDay, lastDay);
    if (at >= end) continue;
    const earlier = leads.length > 200 && random.chance(0.035) ? leads[random.int(60, leads.length - 1)] : undefined;
    const twin = earlier === undefined || earlier.again || earlier.at > at ? null : sameAgain(earlier.person);
    add(twin === null ? { source, at } : { source, at, person: twin, again: true });
  }
  return { market, companies, leads };
}

/** Each sales team has leads of yesterday that nobody has called, some that lie, and a few of the last hours. */
function addCohorts(
  random: Random,
  companies: readonly DemoCompany[],
  lastDay: number,
  end: number,
  add: (wanted: Partial<Planned> & { readonly source: Source; readonly at: number; readonly company: DemoCompany }) => void,
): void {
  const yesterday = startOfDay(lastDay - 1) + 9 * HOUR_MS;
  const before = startOfDay(lastDay - 4) + 10 * HOUR_MS;
  const lately = Math.max(startOfDay(lastDay), end - 5 * HOUR_MS);
  for (const territory of ["nordics", "central", "west"] as const) {
    const near = companies.filter(
      ({ land, employees, industry }) => land.territory === territory && employees >= 100 && employees < 3000 && industry !== "Manufacturing",
    );
    const place = (count: number, cohort: Cohort, at: (i: number) => number): void => {
      for (let i = 0; i < count; i++)
        add({ source: random.pick(["organic_search", "paid_search", "referral", "direct"]), at: at(i), intent: "ready", cohort, company: random.pick(near) });
    };
    place(5, "fresh", (i) => yesterday + (i * 7 + random.int(0, 5)) * MINUTE_MS);
    place(5, "waiting", (i) => before + (i * 9 + random.int(0, 6)) * MINUTE_MS);
    place(4, "today", () => lately + Math.floor(random.next() * Math.max(0, end - lately - 10 * MINUTE_MS)));
  }
}

/** The same person, from another address and with the first name as friends write it. */
function sameAgain(person: DemoPerson): DemoPerson | null {
  if (person.phone === null || person.email === null || person.rank === "outside") return null;
  const [local = "", domain = ""] = person.email.split("@");
  return { ...person, email: `${local.split(".").at(-1) ?? local}.logistics@${domain}`, jobTitle: null };
}

function weightedList(companies: readonly DemoCompany[]): (random: Random) => DemoCompany {
  const total = companies.reduce((sum, { weight }) => sum + weight, 0);
  return (random) => {
    let at = random.next() * total;
    return companies.find(({ weight }) => (at -= weight) < 0) ?? (companies.at(-1) as DemoCompany);
  };
}

/** Fair leads come on fair days, webinar leads in the fortnight before one; the rest on any day, seldom on weekends, a little more towards the end. */
function arrival(random: Random, source: Source, market: Market, firstDay: number, lastDay: number): number {
  if (source === "trade_show") {
    const fair = random.pick(market.fairs);
    return startOfDay(random.int(fair.first, fair.last)) + random.int(8 * 60, 16 * 60) * MINUTE_MS;
  }
  for (;;) {
    const day = source === "webinar" ? random.pick(market.webinars).day - Math.min(13, Math.floor(random.around(4, 0.8))) : random.int(firstDay, lastDay);
    if (day < firstDay || day > lastDay) continue;
    const keeps = (isWorkday(day) ? 1 : 0.22) * (0.75 + (0.25 * (day - firstDay)) / DAYS);
    if (random.chance(keeps)) return browsingTime(day, random.next()) + random.int(0, 59) * 1000;
  }
}
