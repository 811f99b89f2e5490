/** What the health check counts, and the leads behind its numbers by the very same conditions. */
import type pg from "pg";
import type { Outcomes, Verdict } from "../../../core/health/health.ts";
import type { LeadMeasure } from "../../../core/health/measures.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";

/** What the questions are asked about. */
export type Scope = {
  /** What the viewer sees, as a condition on `lead l`; null: everything. */
  readonly where: (params: Parameters) => string | null;
  /** Stages that leads enter by their definition. */
  readonly ready: readonly string[];
  readonly withTasks: readonly string[];
  readonly routed: readonly string[];
  readonly standingSince: Date;
  /** Leads that entered a routed stage before this are not looked at. */
  readonly since: Date;
  readonly now: Date;
  readonly ownerMinutes: number;
  /** The configuration that the newest rescoring was for; null when the model never changed. */
  readonly model: number | null;
};

const AT_WORK = "l.status in ('new', 'working') and not l.resting";
const WITHOUT_STEP = "not exists (select from task t where t.workspace_id = $1 and t.lead_id = l.id and t.state = 'open')";

/** `source` names what is joined to the leads to ask the condition. */
type Part = { readonly condition: string; readonly source?: "entries" | "arrivals" };

/** What a measure is a part of. */
type Whole = "entries" | "leads" | "atWork" | "inProcess" | "qualified" | "arrived";

/** What each measure counts: a condition on `lead l`, with what it needs to be asked. */
function partOf(measure: LeadMeasure | Whole, scope: Scope, params: Parameters): Part {
  const inStages = (stages: readonly string[]): string => `l.stage = any(${params.bind(stages, "text[]")})`;
  switch (measure) {
    case "leads":
      return { condition: "true" };
    case "entries":
      return { source: "entries", condition: "true" };
    case "unmet":
      return { source: "entries", condition: "e.unmet" };
    case "atWork":
      return { condition: AT_WORK };
    case "standing":
      return { condition: `${AT_WORK} and l.stage_at < ${params.bind(scope.standingSince, "timestamptz")}` };
    case "inProcess":
      return { condition: `${AT_WORK} and ${inStages(scope.withTasks)}` };
    case "withoutStep":
      return { condition: `${AT_WORK} and ${inStages(scope.withTasks)} and ${WITHOUT_STEP}` };
    case "qualified":
      return { condition: `${AT_WORK} and ${inStages(scope.routed)}` };
    case "unowned":
      return { condition: `${AT_WORK} and ${inStages(scope.routed)} and l.owner_id is null` };
    case "arrived":
      return { source: "arrivals", condition: "true" };
    case "waited":
      return {
        source: "arrivals",
        condition: `a.given_at - a.entered_at > make_interval(mins => ${params.bind(scope.ownerMinutes, "int")})`,
      };
    case "stale":
      return { condition: `l.scored_with < ${params.bind(scope.model ?? 0, "int")}` };
  }
}

/** Leads that entered a stage with a definition lately, and whether they did so without meeting it. */
function entriesLately(scope: Scope, params: Parameters): Source {
  return {
    with: `with entered as materialized (
        select f.lead_id, bool_or(f.data->>'met' = 'false') as unmet from fact f
        where f.workspace_id = $1 and f.stage = any(${params.bind(scope.ready, "text[]")}) and f.at >= ${params.bind(scope.since, "timestamptz")} and f.actor not like 'import:%'
          and f.undone_by is null group by 1)`,
    join: "join entered e on e.lead_id = l.id",
  };
}

/**
 * Leads that first entered a routed stage lately, with the moment they were given an owner, or now. What an import told of the
 * past does not count: its owner came with it.
 */
function arrivals(scope: Scope, params: Parameters): Source {
  const since = params.bind(scope.since, "timestamptz");
  const now = params.bind(scope.now, "timestamptz");
  return {
    with: `with entered as materialized (
        select f.lead_id, min(f.at) as at from fact f
        where f.workspace_id = $1 and f.stage = any(${params.bind(scope.routed, "text[]")}) and f.actor not like 'import:%' group by 1 having min(f.at) >= ${since}),
      arrival as materialized (
        select e.lead_id, e.at as entered_at, coalesce((
          select min(f.at) from fact f where f.workspace_id = $1 and f.lead_id = e.lead_id and f.type = 'lead.assigned' and f.data->>'owner' is not null), ${now}) as given_at
        from entered e)`,
    join: "join arrival a on a.lead_id = l.id",
  };
}

type Source = { readonly with: string; readonly join: string };
const NO_SOURCE: Source = { with: "", join: "" };

function textOf(select: string, { condition, source }: Part, scope: Scope, params: Parameters): string {
  const seen = scope.where(params);
  const { with: first, join } = source === undefined ? NO_SOURCE : source === "entries" ? entriesLately(scope, params) : arrivals(scope, params);
  return `${first} select ${select} from lead l ${join} where l.workspace_id = $1 and l.deleted_at is null and ${condition}${seen === null ? "" : ` and (${seen})`}`;
}

/** By an anti-join, which one walk for all measures would not take. */
export async function countWithoutStep(db: Db, scope: Scope): Promise<number> {
  const params = parameters();
  const [row] = await db.query<{ n: number }>(composedSql(textOf("count(*)::int as n", partOf("withoutStep", scope, params), scope, params), params.values));
  return row?.n ?? 0;
}

/** Measures of the same source, counted in one walk and answered in their order; `more` is another expression over it, answered last. */
export async function countTogether(db: Db, measures: readonly (LeadMeasure | Whole)[], scope: Scope, more = "null"): Promise<readonly (number | null)[]> {
  const params = parameters();
  const parts = measures.map((measure) => partOf(measure, scope, params));
  const columns = [...parts.map(({ condition }) => `count(*) filter (where ${condition})::int`), more].map((column, i) => `${column} as c${i}`);
  const source = parts[0]?.source;
  const text = textOf(columns.join(", "), { condition: "true", ...(source === undefined ? {} : { source }) }, scope, params);
  const [row = {}] = await db.query<Readonly<Record<string, number | null>>>(composedSql(text, params.values));
  return columns.map((_, i) => row[`c${i}`] ?? null);
}

/** Half of the leads that arrived lately waited no longer than this, in minutes; null when none arrived. */
export const MEDIAN_WAIT = "percentile_cont(0.5) within group (order by greatest(0, extract(epoch from a.given_at - a.entered_at)::float8 / 60))";

export type HealthLeadRow = {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly company: string | null;
  readonly stage: string;
  readonly stage_at: Date;
  readonly owner_id: string | null;
  readonly source: string | null;
};

/** The newest first: ids grow with time. */
export async function listMeasure(db: Db, measure: LeadMeasure, scope: Scope, before: string | null, limit: number): Promise<readonly HealthLeadRow[]> {
  const params = parameters();
  const columns = "l.id, l.first_name, l.last_name, l.email, l.phone, l.company, l.stage, l.stage_at, l.owner_id, l.source";
  const text = textOf(columns, partOf(measure, scope, params), scope, params);
  const from = before === null ? "" : ` and l.id < ${params.bind(before, "uuid")}`;
  return db.query<HealthLeadRow>(composedSql(`${text}${from} order by l.id desc limit ${params.bind(limit, "int")}`, params.values));
}

export async function listEnteredStages(db: Db, since: Date): Promise<readonly string[]> {
  const rows = await db.query<{ stage: string }>(
    sql`select distinct stage from fact where workspace_id = ${workspace} and stage is not null and at >= ${since}`,
  );
  return rows.map(({ stage }) => stage);
}

/** The newest rescoring: which configuration's model it was for, and whether it is under way. */
export async function findNewestRescoring(db: Db): Promise<{ readonly config: number; readonly running: boolean } | null> {
  const [row] = await db.query<{ config: number; state: string }>(
    sql`select config, state from rescore_run where workspace_id = ${workspace} order by config desc limit 1`,
  );
  return row === undefined ? null : { config: row.config, running: row.state === "running" };
}

/**
 * Leads that were qualified and then won or left, with the ranks of the scores they had when they were qualified: what the
 * facts last said up to the input that moved them. Ties share their mean rank.
 */
export async function rankOutcomes(db: Db, scope: Scope, exits: readonly string[]): Promise<Outcomes> {
  const params = parameters();
  const [routed, left] = [params.bind(scope.routed, "text[]"), params.bind(exits, "text[]")];
  const seen = scope.where(params);
  const text = `
    with entered as materialized (
      select f.lead_id, min(f.number) as number from fact f where f.workspace_id = $1 and f.stage = any(${routed}) and f.actor not like 'import:%' group by 1),
    outcome as materialized (
      select e.lead_id, e.number, exists (select from opportunity o where o.workspace_id = $1 and o.lead_id = l.id and o.won_at is not null) as won, l.stage
      from entered e join lead l on l.id = e.lead_id where l.workspace_id = $1 and l.deleted_at is null${seen === null ? "" : ` and (${seen})`}),
    scored as (
      select o.won, (
        select (case f.type when 'lead.created' then f.data->>'score' else f.data->>'to' end)::float8 from fact f
        where f.workspace_id = $1 and f.lead_id = o.lead_id and f.type in ('lead.created', 'lead.scored') and f.number <= o.number
        order by f.number desc, f.ordinal desc limit 1) as score
      from outcome o where o.won or o.stage = any(${left})),
    ranked as (
      select won, rank() over (order by score) + (count(*) over (partition by score) - 1) / 2.0 as place from scored where score is not null)
    select count(*) filter (where won)::int as won, count(*) filter (where not won)::int as lost, coalesce(sum(place) filter (where won), 0)::float8 as "wonRanks" from ranked`;
  const [row] = await db.query<Outcomes>(composedSql(text, params.values));
  return row ?? { won: 0, lost: 0, wonRanks: 0 };
}

export type HealthDayRow = { readonly day: string; readonly level: number | null; readonly answers: Readonly<Record<string, Verdict>> };

export async function listHealthDays(db: Db, limit: number): Promise<readonly HealthDayRow[]> {
  return db.query<HealthDayRow>(sql`select day, level, answers from health_day where workspace_id = ${workspace} order by day desc limit ${limit}`);
}

export async function insertHealthDay(db: Db, day: string, level: number | null, answers: Readonly<Record<string, Verdict>>): Promise<void> {
  await db.execute(sql`
    insert into health_day (workspace_id, day, level, answers) values (${workspace}, ${day}, ${level}, ${JSON.stringify(answers)}) on conflict do nothing`);
}

/** Workspaces without an answer for this day; bound to no workspace. */
export async function listWorkspacesToCheck(pool: pg.Pool, day: string): Promise<readonly string[]> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: "health-due",
    text: "select w.workspace_id from workspace w where not exists (select from health_day d where d.workspace_id = w.workspace_id and d.day = $1) order by 1",
    values: [day],
  });
  return rows.map((row) => row.workspace_id);
}
