/** What stands in the address of the Pipeline screen. */
import type { In } from "../../api/call.ts";

export const CLOSES = ["late", "month", "quarter"] as const;
export type Closes = (typeof CLOSES)[number];
export const SORTS = ["-createdAt", "createdAt", "amount", "-amount", "closeDate", "-closeDate", "stageAt", "-stageAt", "name", "-name"] as const;
export type Sort = (typeof SORTS)[number];

export type PipelineSearch = {
  readonly as?: "table";
  /** A user's id, or `me`. */
  readonly owner?: string;
  readonly team?: string;
  readonly closes?: Closes;
  readonly q?: string;
  readonly stalled?: true;
  /** Table only. */
  readonly stage?: string;
  readonly sort?: Sort;
  /** Which one is looked at without leaving. */
  readonly peek?: string;
};

export function readPipelineSearch(search: Record<string, unknown>): PipelineSearch {
  const text = (name: string): Record<string, string> => {
    const value = search[name];
    return typeof value === "string" && value !== "" && value.length <= 200 ? { [name]: value } : {};
  };
  const oneOf = (name: string, values: readonly string[]): Record<string, string> =>
    values.includes(String(search[name])) ? { [name]: String(search[name]) } : {};
  return {
    ...oneOf("as", ["table"]),
    ...text("owner"),
    ...text("team"),
    ...oneOf("closes", CLOSES),
    ...text("q"),
    ...(search["stalled"] === true ? { stalled: true as const } : {}),
    ...text("stage"),
    ...oneOf("sort", SORTS),
    ...text("peek"),
  };
}

export type BoardQuery = NonNullable<In<"readBoard">["query"]>;

/** What the server is asked. `today` is "YYYY-MM-DD" in the workspace's zone. */
export function queryOf({ owner, team, closes, q, stalled }: PipelineSearch, today: string): BoardQuery {
  return {
    ...(owner === undefined ? {} : { owner }),
    ...(team === undefined ? {} : { team }),
    ...(q === undefined ? {} : { q }),
    ...(stalled === undefined ? {} : { stalled: "true" as const }),
    ...(closes === undefined ? {} : closing(closes, today)),
  };
}

function closing(closes: Closes, today: string): { readonly closeFrom?: string; readonly closeTo: string } {
  const [year, month] = today.split("-").map(Number) as [number, number];
  const lastOf = (end: number): string => new Date(Date.UTC(year, end, 0)).toISOString().slice(0, 10);
  const firstOf = (begin: number): string => `${year}-${String(begin).padStart(2, "0")}-01`;
  if (closes === "late") return { closeTo: new Date(Date.parse(today) - 86_400_000).toISOString().slice(0, 10) };
  if (closes === "month") return { closeFrom: firstOf(month), closeTo: lastOf(month) };
  const begin = month - ((month - 1) % 3);
  return { closeFrom: firstOf(begin), closeTo: lastOf(begin + 2) };
}
