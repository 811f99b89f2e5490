/** The people of the demo workspace: names of their country, a job in their company's industry, an address that fits both. */
import { type DemoCompany, slugOf } from "./companies.ts";
import type { Random } from "./random.ts";

/** How near a person is to a decision about the yard. */
export type Rank = "decides" | "manages" | "works" | "outside";

export type DemoPerson = {
  readonly firstName: string;
  readonly lastName: string;
  readonly email: string | null;
  readonly phone: string | null;
  readonly jobTitle: string | null;
  readonly rank: Rank;
  readonly company: DemoCompany;
  /** Whether the company was given. */
  readonly namesCompany: boolean;
};

const TITLES: { readonly [K in Rank]: readonly string[] } = {
  decides: [
    "Head of Logistics",
    "Director of Supply Chain",
    "Chief Operating Officer",
    "Managing Director",
    "VP Operations",
    "Director of Distribution",
    "Head of Warehousing",
    "Head of Transport",
    "Chief Information Officer",
    "Owner",
  ],
  manages: [
    "Logistics Manager",
    "Site Manager",
    "Warehouse Manager",
    "Transport Manager",
    "Yard Manager",
    "Supply Chain Manager",
    "IT Manager",
    "Operations Manager",
    "Process Improvement Manager",
    "Safety Manager",
  ],
  works: [
    "Transport Planner",
    "Dispatcher",
    "Goods-in Supervisor",
    "Gate Supervisor",
    "Supply Chain Analyst",
    "Business Analyst",
    "IT Specialist",
    "Project Coordinator",
    "Buyer",
    "Shift Supervisor",
  ],
  outside: ["Student", "Consultant", "Journalist", "Research Assistant", "Intern", "Freelancer"],
};

/** Mailboxes of nobody's company, for those who do not give their own. */
const PRIVATE_DOMAINS = ["postbox.example", "webmail.example", "inbox-mail.example"] as const;

export type PeopleMaker = (random: Random, company: DemoCompany, rank: Rank) => DemoPerson;

/** Makes people one after another; no two have an address or a number in common. */
export function peopleMaker(): PeopleMaker {
  const emails = new Set<string>();
  const phones = new Set<string>();
  return (random, company, rank) => {
    const { land } = company;
    const firstName = random.pick(random.chance(0.42) ? land.women : land.men);
    const lastName = random.pick(land.families);
    const privately = random.chance(rank === "outside" ? 0.6 : 0.05);
    const domain = privately ? random.pick(PRIVATE_DOMAINS) : company.domain;
    const unlisted = random.chance(0.012);
    return {
      firstName,
      lastName,
      email: unlisted ? null : freeAddress(emails, firstName, lastName, domain),
      phone: unlisted || random.chance(rank === "outside" ? 0.15 : 0.62) ? freeNumber(random, phones, land.phones) : null,
      jobTitle: random.chance(0.07) ? null : random.pick(TITLES[rank]),
      rank,
      company,
      namesCompany: unlisted || !random.chance(privately ? 0.6 : 0.03),
    };
  };
}

function freeAddress(taken: Set<string>, firstName: string, lastName: string, domain: string): string {
  const [first, last] = [slugOf(firstName).replaceAll("-", ""), slugOf(lastName).replaceAll("-", "")];
  const forms = [`${first}.${last}`, `${first[0] ?? "x"}.${last}`, `${first}`, `${last}.${first}`];
  for (let i = 0; ; i++) {
    const address = `${forms[i] ?? `${first}.${last}${i - 2}`}@${domain}`;
    if (taken.has(address)) continue;
    taken.add(address);
    return address;
  }
}

function freeNumber(random: Random, taken: Set<string>, patterns: readonly string[]): string | null {
  for (let tries = 0; tries < 40; tries++) {
    const number = random.pick(patterns).replaceAll("#", () => String(random.int(0, 9)));
    if (taken.has(number)) continue;
    taken.add(number);
    return number;
  }
  return null;
}
