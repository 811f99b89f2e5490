/**
 * What reports read: the stage chain of every lead, which is its facts that entered a stage, by (at, number, ordinal).
 * The index `fact_chain` holds all of it in order.
 */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import type { Parameters } from "../../db/filter-sql.ts";
import type { Period } from "../../../core/calendar/period.ts";

export type ReachedRow = { readonly key: string | null; readonly place: number; readonly leads: number };

export type FunnelQuery = {
  /** An expression on `lead l` from the allow-list, or null for one row. */
  readonly key: string | null;
  /** The main line, first stage first. */
  readonly line: readonly string[];
  readonly captured: Period;
  /** Entries before this moment count; null: all. */
  readonly asOf: number | null;
  readonly params: Parameters;
};

/** How many leads came how far: `place` is the furthest stage of the main line a lead ever entered, counted from 1. */
export async function countReached(db: Db, { key, line, captured, asOf, params }: FunnelQuery): Promise<readonly ReachedRow[]> {
  const stages = params.bind(line, "text[]");
  const until = asOf === null ? "" : ` and f.at < ${params.bind(new Date(asOf), "timestamptz")}`;
  const text = `
    with reached as materialized (
      select f.lead_id, max(array_position(${stages}, f.stage)) as place
      from fact f where f.workspace_id = $1 and f.stage = any (${stages})${until} group by f.lead_id)
    select ${key ?? "null::text"} as key, r.place, count(*)::int as leads
    from lead l join reached r on r.lead_id = l.id
    where l.workspace_id = $1${capturedIn(captured, params)} group by 1, 2`;
  return db.query<ReachedRow>(composedSql(text, params.values));
}

/** Median and 90th percentile in days; null when nothing was measured. */
export type Durations = { readonly medianDays: number | null; readonly p90Days: number | null; readonly count: number };

/** How long leads stayed in each stage: from an entry to the next one of the chain. Stays that have not ended do not count. */
export async function measureStages(db: Db, captured: Period, params: Parameters): Promise<readonly (Durations & { readonly stage: string })[]> {
  const text = `
    select s.stage, ${PERCENTILES}
    from (
      select f.stage, extract(epoch from lead(f.at) over (partition by f.lead_id order by f.at, f.number, f.ordinal) - f.at)::float8 / 86400 as days
      from fact f where f.workspace_id = $1 and f.stage is not null${ofCaptured(captured, params)}) s
    where s.days is not null group by s.stage`;
  return db.query(composedSql(text, params.values));
}

/** From the first entry of one stage to the first entry of another, for leads that entered both. */
export async function measureCycle(db: Db, from: string, to: string, captured: Period, params: Parameters): Promise<Durations> {
  const [first, last] = [params.bind(from, "text"), params.bind(to, "text")];
  const text = `
    select ${PERCENTILES}
    from (
      select extract(epoch from min(f.at) filter (where f.stage = ${last}) - min(f.at) filter (where f.stage = ${first}))::float8 / 86400 as days
      from fact f where f.workspace_id = $1 and f.stage is not null and f.stage in (${first}, ${last})${ofCaptured(captured, params)} group by f.lead_id) s
    where s.days is not null`;
  const [row] = await db.query<Durations>(composedSql(text, params.values));
  return row ?? { medianDays: null, p90Days: null, count: 0 };
}

const PERCENTILES = `percentile_cont(0.5) within group (order by s.days) as "medianDays", percentile_cont(0.9) within group (order by s.days) as "p90Days", count(*)::int as count`;

function capturedIn({ from, before }: Period, params: Parameters): string {
  const since = from === null ? "" : ` and l.captured_at >= ${params.bind(new Date(from), "timestamptz")}`;
  return since + (before === null ? "" : ` and l.captured_at < ${params.bind(new Date(before), "timestamptz")}`);
}

function ofCaptured(captured: Period, params: Parameters): string {
  if (captured.from === null && captured.before === null) return "";
  return ` and f.lead_id in (select l.id from lead l where l.workspace_id = $1${capturedIn(captured, params)})`;
}

export async function getTimezone(db: Db): Promise<string> {
  const [row] = await db.query<{ timezone: string }>(sql`select timezone from workspace where workspace_id = ${workspace}`);
  if (row === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return row.timezone;
}
