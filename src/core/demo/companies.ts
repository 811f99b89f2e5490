/** The companies of the demo workspace: made up of a country's words, each with a size and a yard that fit its industry. */
import { type Industry, type Land, LANDS } from "./lands.ts";
import type { Random } from "./random.ts";

export type DemoCompany = {
  readonly name: string;
  /** Under `.example`, which nobody can own. */
  readonly domain: string;
  readonly land: Land;
  readonly city: string;
  readonly industry: Industry;
  readonly employees: number;
  readonly dockDoors: number;
  readonly trucksPerDay: number;
  readonly system: string;
  /** How people of this company come up, relative to others. */
  readonly weight: number;
};

/** Doors and trucks of a site, for a hundred employees. */
const YARDS: { readonly [K in Industry]: readonly [doors: number, trucks: number] } = {
  Logistics: [12, 70],
  "Food and beverage": [6, 34],
  "Retail and wholesale": [9, 45],
  Manufacturing: [3, 14],
  "Building materials": [4, 26],
  "Port and terminal": [10, 95],
};

export const SYSTEMS = [
  "Paper and phone",
  "Spreadsheet",
  "Time slots in the ERP",
  "Module of the warehouse system",
  "Another yard system",
  "Own development",
] as const;

export function makeCompanies(random: Random, count: number): readonly DemoCompany[] {
  const lands = Object.fromEntries(LANDS.map(({ code, weight }) => [code, weight]));
  const taken = new Set<string>();
  const companies: DemoCompany[] = [];
  for (let tries = 0; companies.length < count && tries < count * 50; tries++) {
    const code = random.weighted(lands);
    const company = makeCompany(random, LANDS.find((land) => land.code === code) as Land);
    if (taken.has(company.domain)) continue;
    taken.add(company.domain);
    companies.push(company);
  }
  return companies;
}

function makeCompany(random: Random, land: Land): DemoCompany {
  const industry = random.weighted({
    Logistics: 34,
    "Food and beverage": 18,
    "Retail and wholesale": 16,
    Manufacturing: 17,
    "Building materials": 9,
    "Port and terminal": 6,
  } satisfies Record<Industry, number>);
  const stem = random.pick(land.stems);
  const trade = random.pick(land.trades[industry]);
  const employees = Math.max(12, round(random.around(260, 1.15)));
  const form = employees > 1500 ? (land.forms.at(-1) as string) : (land.forms[0] as string);
  const [doors, trucks] = YARDS[industry];
  const dockDoors = Math.max(2, Math.round((doors * Math.min(employees, 3000)) / 100 / (1 + Math.min(employees, 3000) / 900) + random.int(0, 3)));
  const system = random.weighted(
    employees < 200
      ? {
          "Paper and phone": 40,
          Spreadsheet: 30,
          "Time slots in the ERP": 12,
          "Module of the warehouse system": 8,
          "Another yard system": 4,
          "Own development": 6,
        }
      : {
          "Paper and phone": 14,
          Spreadsheet: 26,
          "Time slots in the ERP": 22,
          "Module of the warehouse system": 18,
          "Another yard system": 11,
          "Own development": 9,
        },
  );
  return {
    name: `${stem} ${trade} ${form}`,
    domain: `${slugOf(`${stem} ${trade}`)}.example`,
    land,
    city: random.pick(land.cities),
    industry,
    employees,
    dockDoors,
    trucksPerDay: Math.max(6, Math.round((dockDoors * trucks) / doors / 1.4 + random.int(0, 12))),
    system,
    weight: 1 + Math.min(6, employees / 300) * random.next(),
  };
}

/** Big numbers are told in round figures. */
function round(value: number): number {
  const step = value > 1000 ? 100 : value > 200 ? 10 : 1;
  return Math.round(value / step) * step;
}

const LETTERS: Readonly<Record<string, string>> = { ä: "ae", ö: "oe", ü: "ue", å: "a", ø: "o", æ: "ae", ß: "ss", ł: "l", đ: "d" };

/** A name as it stands in an address: `Åkeri & Söhne` is `akeri-soehne`. */
export function slugOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[äöüåøæßłđ]/g, (letter) => LETTERS[letter] as string)
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .replaceAll(/[’']/g, "")
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-|-$/g, "");
}
