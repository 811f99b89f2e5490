/**
 * Reports on the way leads go. A lead has reached a stage if it ever entered it or a later one on the main line; exits
 * count for nothing, and take nothing away.
 */
import { type CompiledConfig, stageHidden } from "../../../core/config/compile.ts";
import type { Money } from "../../../core/flow/state.ts";
import { TEXT_FIELDS } from "../../../core/filter/filter.ts";
import { type Period, periodOf } from "../../../core/calendar/period.ts";
import { parameters, type Parameters, TEXT_COLUMNS } from "../../db/filter-sql.ts";
import type { Deps } from "../../deps.ts";
import { invalid, type Problem } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { leadFilter } from "../leads/lead-filter.service.ts";
import {
  countReached,
  type Durations,
  getTimezone,
  leadSql,
  measureStages,
  measureWays,
  type Of,
  type ReachedRow,
  sumWon,
  type Way,
  type WonRow,
} from "./report.queries.ts";

export type ReportRequest = {
  /** Dates "YYYY-MM-DD" of capture in the workspace's time zone, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** As it stood at the end of this date: what happened later does not count. */
  readonly asOf?: string | undefined;
  /** A filter tree as JSON. */
  readonly filter?: string | undefined;
};

export type FunnelRequest = ReportRequest & {
  /** A text field of the lead or `fields.<key>`; one row for all leads when not given. */
  readonly by?: string | undefined;
};

export type FunnelReport = {
  readonly stages: readonly string[];
  /** The key is the value as it came; leads without one are the row with key null. The largest row comes first. */
  readonly rows: readonly { readonly key: string | null; readonly stages: Readonly<Record<string, number>> }[];
};

export type ReportDeps = Pick<Deps, "db" | "configs" | "viewer" | "now">;

/** @throws Problem 422 when a field, filter or date is not as it should be */
export async function reportFunnel(deps: ReportDeps, request: FunnelRequest): Promise<FunnelReport> {
  const { db } = deps;
  const config = await deps.configs.get(db);
  const params = parameters();
  const key = request.by === undefined ? null : keyExpression(request.by, config, params);
  const line = [...config.order.keys()];
  const rows = await countReached(db, { key, line, params, ...(await meant(deps, config, request)) });
  const stages = line.filter((stage) => isShown(config, stage));
  return { stages, rows: funnelRows(rows, line, stages) };
}

/** Which leads a request is about, and until when. */
export async function meant(deps: ReportDeps, config: CompiledConfig, request: ReportRequest): Promise<Of> {
  const zone = await getTimezone(deps.db);
  const captured = periodIn(zone, request.from, request.to);
  const { before: asOf } = periodIn(zone, undefined, request.asOf, "asOf");
  const { where } = leadFilter(deps, config, readFilter(request.filter), await sightOf(deps));
  return { captured, where, asOf };
}

/** The same as a condition on `lead l`, for reports of other features. */
export async function meantSql(deps: ReportDeps, config: CompiledConfig, request: ReportRequest): Promise<(params: Parameters) => string> {
  const of = await meant(deps, config, request);
  return (params) => leadSql(of, params);
}

export function keyExpression(by: string, config: CompiledConfig, params: Parameters): string {
  const column = Object.hasOwn(TEXT_COLUMNS, by) ? TEXT_COLUMNS[by] : by === "stage" ? "l.stage" : by === "owner" ? "l.owner_id::text" : undefined;
  if (column !== undefined) return column;
  const key = by.startsWith("fields.") ? by.slice(7) : null;
  if (key !== null && config.fields.has(key)) return `l.fields->>${params.bind(key, "text")}`;
  throw refused("by", `cannot group by "${by}"; it takes ${TEXT_FIELDS.join(", ")} and fields.<key>`);
}

function readFilter(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw refused("filter", `the filter is not JSON, ${(error as Error).message}`);
  }
}

function periodIn(zone: string, from: string | undefined, to: string | undefined, path = "from"): Period {
  const period = periodOf(from, to, zone);
  if (typeof period === "string") throw refused(path, period);
  return period;
}

export function refused(path: string, message: string): Problem {
  return invalid(`The report cannot be made: ${message}.`, [{ path, message }]);
}

/** `sal` is hidden while acceptance is off; whoever came further has reached it all the same. */
export function isShown(config: CompiledConfig, id: string): boolean {
  const stage = config.stages.get(id);
  return stage !== undefined && !stageHidden(config.config, stage);
}

function funnelRows(found: readonly ReachedRow[], line: readonly string[], stages: readonly string[]): FunnelReport["rows"] {
  const byKey = Map.groupBy(found, (row) => row.key);
  const rows = [...byKey].map(([key, reached]) => ({
    key,
    stages: Object.fromEntries(stages.map((stage) => [stage, reached.reduce((sum, { place, leads }) => (place > line.indexOf(stage) ? sum + leads : sum), 0)])),
  }));
  const size = (row: (typeof rows)[number]): number => row.stages[stages[0] ?? ""] ?? 0;
  return rows.sort((a, b) => size(b) - size(a) || ((a.key ?? "") < (b.key ?? "") ? -1 : 1));
}

export type VelocityReport = {
  /** First entry of `mql` to won. */
  readonly cycle: Durations;
  readonly ways: readonly (Durations & { readonly start: string; readonly end: string })[];
  /** Main line first, then exits, then stages the configuration no longer has. */
  readonly stages: readonly (Durations & { readonly stage: string })[];
};

/** @throws Problem 422 when a filter or date is not as it should be */
export async function reportVelocity(deps: ReportDeps, request: ReportRequest): Promise<VelocityReport> {
  const { db } = deps;
  const config = await deps.configs.get(db);
  const of = await meant(deps, config, request);
  const won = wonStage(config);
  const ways = waysOf(config, won);
  const [[cycle, ...times], measured] = await Promise.all([measureWays(db, [["mql", won], ...ways], of, parameters()), measureStages(db, of, parameters())]);
  const known = config.config.stages.map((stage) => stage.id).filter((id) => isShown(config, id));
  const byStage = new Map(measured.map((row) => [row.stage, row]));
  const past = measured.filter((row) => !known.includes(row.stage));
  return {
    cycle: cycle ?? NOTHING,
    ways: ways.map(([start, end], i) => ({ start, end, ...(times[i] ?? NOTHING) })),
    stages: [...known.map((stage) => byStage.get(stage) ?? { stage, ...NOTHING }), ...past],
  };
}

const NOTHING: Durations = { medianDays: null, p90Days: null, count: 0 };

/** How long marketing's leads wait for sales, and how long sales takes from there. */
function waysOf(config: CompiledConfig, won: string): readonly Way[] {
  const ways: readonly Way[] = [
    ["mql", "sal"],
    ["mql", "sql"],
    ["sql", "opportunity"],
    ["opportunity", won],
  ];
  return ways.filter((way) => way.every((stage) => isShown(config, stage)));
}

export type RevenueReport = { readonly rows: readonly { readonly key: string | null; readonly deals: number; readonly sums: readonly Money[] }[] };

/** @throws Problem 422 when a field, filter or date is not as it should be */
export async function reportRevenue(deps: ReportDeps, request: FunnelRequest): Promise<RevenueReport> {
  const config = await deps.configs.get(deps.db);
  const params = parameters();
  const key = request.by === undefined ? null : keyExpression(request.by, config, params);
  const won = await sumWon(deps.db, key, await meant(deps, config, request), params);
  const rows = [...Map.groupBy(won, (row) => row.key)].map(([key, of]) => ({
    key,
    deals: of.reduce((sum, { deals }) => sum + deals, 0),
    sums: of.flatMap(({ currency, amount }: WonRow): readonly Money[] => (currency === null ? [] : [{ amount: Number(amount), currency }])),
  }));
  const largest = (row: (typeof rows)[number]): number => Math.max(0, ...row.sums.map(({ amount }) => amount));
  return { rows: rows.toSorted((a, b) => largest(b) - largest(a) || b.deals - a.deals || ((a.key ?? "") < (b.key ?? "") ? -1 : 1)) };
}

export function wonStage(config: CompiledConfig): string {
  return config.config.stages.find((stage) => stage.entry === "won")?.id ?? "customer";
}
