/**
 * Reports on the way leads go. A lead has reached a stage if it ever entered it or a later one on the main line; exits
 * count for nothing, and take nothing away.
 */
import { type CompiledConfig, stageHidden } from "../../../core/config/compile.ts";
import { TEXT_FIELDS } from "../../../core/filter/filter.ts";
import { type Period, periodOf } from "../../../core/calendar/period.ts";
import { parameters, type Parameters, TEXT_COLUMNS } from "../../db/filter-sql.ts";
import type { Deps } from "../../deps.ts";
import { invalid, type Problem } from "../../problems.ts";
import { countReached, type Durations, getTimezone, measureCycle, measureStages, type ReachedRow } from "./report.queries.ts";

export type FunnelRequest = {
  /** A text field of the lead or `fields.<key>`; one row for all leads when not given. */
  readonly by?: string | undefined;
  /** Dates "YYYY-MM-DD" of capture in the workspace's time zone, both included. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** The funnel as it stood at the end of this date: later entries do not count. */
  readonly asOf?: string | undefined;
};

export type FunnelReport = {
  readonly stages: readonly string[];
  /** The key is the value as it came; leads without one are the row with key null. The largest row comes first. */
  readonly rows: readonly { readonly key: string | null; readonly stages: Readonly<Record<string, number>> }[];
};

type ReportDeps = Pick<Deps, "db" | "configs">;

/** @throws Problem 422 when a field or date is not as it should be */
export async function reportFunnel(deps: ReportDeps, request: FunnelRequest): Promise<FunnelReport> {
  const { db } = deps;
  const config = await deps.configs.get(db);
  const zone = await getTimezone(db);
  const params = parameters();
  const key = request.by === undefined ? null : keyExpression(request.by, config, params);
  const captured = periodIn(zone, request.from, request.to);
  const { before: asOf } = periodIn(zone, undefined, request.asOf, "asOf");
  const line = [...config.order.keys()];
  const rows = await countReached(db, { key, line, captured, asOf, params });
  const stages = line.filter((stage) => isShown(config, stage));
  return { stages, rows: funnelRows(rows, line, stages) };
}

function keyExpression(by: string, config: CompiledConfig, params: Parameters): string {
  const column = TEXT_COLUMNS[by] ?? (by === "stage" ? "l.stage" : by === "owner" ? "l.owner_id::text" : undefined);
  if (column !== undefined) return column;
  const key = by.startsWith("fields.") ? by.slice(7) : null;
  if (key !== null && config.fields.has(key)) return `l.fields->>${params.bind(key, "text")}`;
  throw refused("by", `cannot group by "${by}"; it takes ${TEXT_FIELDS.join(", ")} and fields.<key>`);
}

function periodIn(zone: string, from: string | undefined, to: string | undefined, path = "from"): Period {
  const period = periodOf(from, to, zone);
  if (typeof period === "string") throw refused(path, period);
  return period;
}

function refused(path: string, message: string): Problem {
  return invalid(`The report cannot be made: ${message}.`, [{ path, message }]);
}

/** `sal` is hidden while acceptance is off; whoever came further has reached it all the same. */
function isShown(config: CompiledConfig, id: string): boolean {
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

export type VelocityRequest = Pick<FunnelRequest, "from" | "to">;

export type VelocityReport = {
  /** First entry of `mql` to won. */
  readonly cycle: Durations;
  /** Main line first, then exits, then stages the configuration no longer has. */
  readonly stages: readonly (Durations & { readonly stage: string })[];
};

/** @throws Problem 422 when a date is not as it should be */
export async function reportVelocity(deps: ReportDeps, request: VelocityRequest): Promise<VelocityReport> {
  const { db } = deps;
  const config = await deps.configs.get(db);
  const captured = periodIn(await getTimezone(db), request.from, request.to);
  const [cycle, measured] = await Promise.all([measureCycle(db, "mql", wonStage(config), captured, parameters()), measureStages(db, captured, parameters())]);
  const known = config.config.stages.map((stage) => stage.id).filter((id) => isShown(config, id));
  const byStage = new Map(measured.map((row) => [row.stage, row]));
  const past = measured.filter((row) => !known.includes(row.stage));
  return { cycle, stages: [...known.map((stage) => byStage.get(stage) ?? { stage, medianDays: null, p90Days: null, count: 0 }), ...past] };
}

function wonStage(config: CompiledConfig): string {
  return config.config.stages.find((stage) => stage.entry === "won")?.id ?? "customer";
}
