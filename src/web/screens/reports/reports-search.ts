/** What stands in the address of the Reports screen: which leads, as of when, split by what, and which number is open. */
import type { Filter } from "../../../core/filter/filter.ts";
import { isTree } from "../leads/leads-search.ts";

export const PERIODS = ["30", "90", "quarter", "year", "custom"] as const;
export type Period = (typeof PERIODS)[number];

/** A number of a report, as `GET /reports/leads` understands it. */
export type Behind = {
  readonly of: "reached" | "stays" | "way" | "won";
  readonly stage?: string;
  readonly start?: string;
  readonly end?: string;
  /** The row of the split; null: the row of leads without a value. */
  readonly key?: string | null;
};

export type ReportsSearch = {
  readonly period?: Period;
  readonly from?: string;
  readonly to?: string;
  readonly asOf?: string;
  readonly by?: string;
  readonly filter?: Filter;
  /** Numbers instead of pictures. */
  readonly table?: true;
  readonly behind?: Behind;
};

const DAY = /^\d{4}-\d{2}-\d{2}$/;

export function readReportsSearch(search: Record<string, unknown>): ReportsSearch {
  const { period, from, to, asOf, by, filter, table, behind } = search;
  const day = (name: "from" | "to" | "asOf", value: unknown): ReportsSearch => (typeof value === "string" && DAY.test(value) ? { [name]: value } : {});
  const known = PERIODS.find((one) => one === String(period));
  const number = behindOf(behind);
  return {
    ...(known === undefined ? {} : { period: known }),
    ...day("from", from),
    ...day("to", to),
    ...day("asOf", asOf),
    ...(typeof by === "string" && /^[\w.-]{1,200}$/.test(by) ? { by } : {}),
    ...(isTree(filter) ? { filter } : {}),
    ...(table === true ? { table: true as const } : {}),
    ...(number === null ? {} : { behind: number }),
  };
}

function behindOf(value: unknown): Behind | null {
  if (typeof value !== "object" || value === null) return null;
  const { of, stage, start, end, key } = value as Record<string, unknown>;
  if (of !== "reached" && of !== "stays" && of !== "way" && of !== "won") return null;
  const text = (name: "stage" | "start" | "end", given: unknown): Partial<Behind> => (typeof given === "string" ? { [name]: given } : {});
  return { of, ...text("stage", stage), ...text("start", start), ...text("end", end), ...(typeof key === "string" || key === null ? { key } : {}) };
}

export type Meant = { readonly from?: string; readonly to?: string; readonly asOf?: string; readonly filter?: string };

/** Which leads the reports are of. `today` is "YYYY-MM-DD" in the workspace's zone. */
export function meantBy({ period, from, to, asOf, filter }: ReportsSearch, today: string): Meant {
  return {
    ...(period === "custom"
      ? { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
      : period === undefined
        ? {}
        : { from: beginOf(period, today) }),
    ...(asOf === undefined ? {} : { asOf }),
    ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }),
  };
}

function beginOf(period: Exclude<Period, "custom">, today: string): string {
  const [year, month] = today.split("-").map(Number) as [number, number];
  if (period === "year") return `${year}-01-01`;
  if (period === "quarter") return `${year}-${String(month - ((month - 1) % 3)).padStart(2, "0")}-01`;
  return new Date(Date.parse(today) - (Number(period) - 1) * 86_400_000).toISOString().slice(0, 10);
}
