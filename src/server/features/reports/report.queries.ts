/**
 * What reports read: the stage chain of every lead, which is its facts that entered a stage, by (at, number, ordinal).
 * The index `fact_chain` holds all of it in order.
 */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import type { Parameters } from "../../db/filter-sql.ts";
import type { Period } from "../../../core/calendar/period.ts";

/** Which leads a report is of, and until when what they did counts. */
export type Of = {
  readonly captured: Period;
  /** A condition on `lead l`: the filter, and what the viewer sees. Null: every lead. */
  readonly where: (params: Parameters) => string | null;
  /** What happened before this moment counts; null: all. */
  readonly asOf: number | null;
};

export type ReachedRow = { readonly key: string | null; readonly place: number; readonly leads: number };

export type FunnelQuery = Of & {
  /** An expression on `lead l` from the allow-list, or null for one row. */
  readonly key: string | null;
  /** The main line, first stage first. */
  readonly line: readonly string[];
  readonly params: Parameters;
};

/** How many leads came how far: `place` is the furthest stage of the main line a lead ever entered, counted from 1. */
export async function countReached(db: Db, { key, line, params, ...of }: FunnelQuery): Promise<readonly ReachedRow[]> {
  const stages = params.bind(line, "text[]");
  const text = `
    with reached as materialized (
      select f.lead_id, max(array_position(${stages}, f.stage)) as place
      from fact f where f.workspace_id = $1 and f.stage = any (${stages})${untilSql("f.at", of, params)} group by f.lead_id)
    select ${key ?? "null::text"} as key, r.place, count(*)::int as leads
    from lead l join reached r on r.lead_id = l.id
    where ${leadSql(of, params)} group by 1, 2`;
  return db.query<ReachedRow>(composedSql(text, params.values));
}

/** Median and 90th percentile in days; null when nothing was measured. */
export type Durations = { readonly medianDays: number | null; readonly p90Days: number | null; readonly count: number };

/** How long leads stayed in each stage: from an entry to the next one of the chain. Stays that have not ended do not count. */
export async function measureStages(db: Db, of: Of, params: Parameters): Promise<readonly (Durations & { readonly stage: string })[]> {
  const text = `select s.stage, ${percentiles("s.days")} from (${staysSql(of, params)}) s where s.days is not null group by s.stage`;
  return db.query(composedSql(text, params.values));
}

/** The stays of leads in stages, those that have not ended with null days. */
export function staysSql(of: Of, params: Parameters): string {
  return `
    select f.lead_id, f.stage, f.at, f.number, f.ordinal,
      extract(epoch from lead(f.at) over (partition by f.lead_id order by f.at, f.number, f.ordinal) - f.at)::float8 / 86400 as days
    from fact f where f.workspace_id = $1 and f.stage is not null${untilSql("f.at", of, params)}${ofLeads(of, params)}`;
}

export type Way = readonly [start: string, end: string];

/** From the first entry of one stage to the first entry of another, for leads that entered both; all ways in one walk. */
export async function measureWays(db: Db, ways: readonly Way[], of: Of, params: Parameters): Promise<readonly Durations[]> {
  const stages = [...new Set(ways.flat())];
  const measured = ways.map(([start, end], i) => {
    const days = daysSql(`s.e${stages.indexOf(start)}`, `s.e${stages.indexOf(end)}`);
    return `percentile_cont(0.5) within group (order by ${days}) as m${i}, percentile_cont(0.9) within group (order by ${days}) as p${i}, count(${days})::int as c${i}`;
  });
  const text = `select ${measured.join(", ")} from (${entriesSql(stages, of, params)}) s`;
  const [row = {}] = await db.query<Readonly<Record<string, number | null>>>(composedSql(text, params.values));
  return ways.map((_, i) => ({ medianDays: row[`m${i}`] ?? null, p90Days: row[`p${i}`] ?? null, count: row[`c${i}`] ?? 0 }));
}

/** Days from one moment to another. */
export function daysSql(start: string, end: string): string {
  return `extract(epoch from ${end} - ${start})::float8 / 86400`;
}

/** A row for each lead: when it first entered each of the stages. */
export function entriesSql(stages: readonly string[], of: Of, params: Parameters): string {
  const names = stages.map((stage) => params.bind(stage, "text"));
  const entered = names.map((name, i) => `min(f.at) filter (where f.stage = ${name}) as e${i}`);
  return `
    select f.lead_id, ${entered.join(", ")} from fact f
    where f.workspace_id = $1 and f.stage is not null and f.stage in (${names.join(", ")})${untilSql("f.at", of, params)}${ofLeads(of, params)} group by f.lead_id`;
}

export type WonRow = { readonly key: string | null; readonly currency: string | null; readonly deals: number; readonly amount: number };

/** What was won, by a value of the lead and by currency. */
export async function sumWon(db: Db, key: string | null, of: Of, params: Parameters): Promise<readonly WonRow[]> {
  const text = `
    select ${key ?? "null::text"} as key, o.currency, count(*)::int as deals, coalesce(sum(o.amount), 0)::bigint as amount
    from ${WON} where ${wonSql(of, params)} group by 1, 2 order by 1, 2`;
  return db.query<WonRow>(composedSql(text, params.values));
}

export const WON = "opportunity o join lead l on l.workspace_id = o.workspace_id and l.id = o.lead_id";

export function wonSql(of: Of, params: Parameters): string {
  return `o.workspace_id = $1 and o.won_at is not null${untilSql("o.won_at", of, params)} and ${leadSql(of, params)}`;
}

function percentiles(days: string): string {
  return `percentile_cont(0.5) within group (order by ${days}) as "medianDays", percentile_cont(0.9) within group (order by ${days}) as "p90Days", count(*)::int as count`;
}

export function untilSql(moment: string, { asOf }: Of, params: Parameters): string {
  return asOf === null ? "" : ` and ${moment} < ${params.bind(new Date(asOf), "timestamptz")}`;
}

/** The leads of a report, as a condition on `lead l`. What is in the bin is in no report. */
export function leadSql({ captured: { from, before }, where }: Of, params: Parameters): string {
  const further = where(params);
  return [
    "l.workspace_id = $1 and l.deleted_at is null",
    ...(from === null ? [] : [`l.captured_at >= ${params.bind(new Date(from), "timestamptz")}`]),
    ...(before === null ? [] : [`l.captured_at < ${params.bind(new Date(before), "timestamptz")}`]),
    ...(further === null ? [] : [`(${further})`]),
  ].join(" and ");
}

function ofLeads(of: Of, params: Parameters): string {
  const meant = leadSql(of, params);
  // What is in the bin is a small part, so leaving it out is cheaper than asking for all the others.
  if (meant === "l.workspace_id = $1 and l.deleted_at is null")
    return " and f.lead_id not in (select l.id from lead l where l.workspace_id = $1 and l.deleted_at is not null)";
  return ` and f.lead_id in (select l.id from lead l where ${meant})`;
}

export async function getTimezone(db: Db): Promise<string> {
  const [row] = await db.query<{ timezone: string }>(sql`select timezone from workspace where workspace_id = ${workspace}`);
  if (row === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return row.timezone;
}
