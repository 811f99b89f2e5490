/**
 * What became of entries that were held against a definition. The decision is the next entry of the lead's chain of stages:
 * along the main line it was accepted, to an exit rejected. Undone entries are in no chain.
 */
import { composedSql, type Db } from "../../db/db.ts";
import { parameters, type Parameters } from "../../db/filter-sql.ts";
import type { NamedLead } from "./definitions.queries.ts";

/** The leads a report is of, as a condition on `lead l`. */
export type LeadsSql = (params: Parameters) => string;

export type Line = { readonly stage: string; readonly later: readonly string[]; readonly exits: readonly string[] };

export type Dimension = "version" | "source" | "rep" | "reason" | "campaign" | "country" | "jobTitle";
export type Outcome = "accepted" | "rejected" | "open";

const COLUMNS: Readonly<Record<Dimension, string>> = {
  version: "d.version::text",
  source: "d.source",
  rep: "d.rep",
  reason: "d.reason",
  campaign: "d.campaign",
  country: "d.country",
  jobTitle: "d.job_title",
};

/** One row an entry: `met`, `outcome`, and by what one may group. Whoever decided by hand is the rep, else the owner. */
function decisionsSql({ stage, later, exits }: Line, leads: LeadsSql, params: Parameters): string {
  return `
    select f.lead_id, f.number, f.ordinal, f.at, (f.data->>'definition')::int as version, (f.data->>'met')::boolean as met, n.at as decided_at, n.stage as to_stage,
      n.actor, n.data->>'reason' as reason, l.source, l.campaign, l.country, l.job_title, l.first_name, l.last_name, l.email, l.phone, l.company, l.stage, l.score, l.owner_id,
      coalesce(case when n.actor like 'user:%' then substr(n.actor, 6) end, l.owner_id::text) as rep,
      case when n.stage is null then 'open' when n.stage = any(${params.bind(exits, "text[]")}) then 'rejected' when n.stage = any(${params.bind(later, "text[]")}) then 'accepted' end as outcome
    from fact f join lead l on l.workspace_id = f.workspace_id and l.id = f.lead_id
      left join lateral (
        select n.at, n.stage, n.actor, n.data from fact n
        where n.workspace_id = f.workspace_id and n.lead_id = f.lead_id and n.stage is not null and (n.at, n.number, n.ordinal) > (f.at, f.number, f.ordinal)
        order by n.at, n.number, n.ordinal limit 1) n on true
    where f.workspace_id = $1 and f.stage = ${params.bind(stage, "text")} and f.data ? 'definition' and ${leads(params)}`;
}

export type CountRow = {
  readonly by: Dimension | null;
  readonly value: string | null;
  readonly met: boolean;
  readonly outcome: Outcome;
  readonly count: number;
};

/** Sums of all, and for each value of each dimension. */
export async function countDecisions(db: Db, line: Line, leads: LeadsSql, by: readonly Dimension[]): Promise<readonly CountRow[]> {
  const params = parameters();
  const sets = by.map((dimension) => `(d.met, d.outcome, ${COLUMNS[dimension]})`);
  const which = by.map((dimension) => `when grouping(${COLUMNS[dimension]}) = 0 then '${dimension}'`).join(" ");
  const value = by.map((dimension) => `case when grouping(${COLUMNS[dimension]}) = 0 then ${COLUMNS[dimension]} end`).join(", ");
  const text = `
    select case ${which} end as by, coalesce(${value}) as value, d.met, d.outcome, count(*)::int as count
    from (${decisionsSql(line, leads, params)}) d where d.outcome is not null
    group by grouping sets ((d.met, d.outcome), ${sets.join(", ")})
    order by 1 nulls first, 5 desc, 2 limit 20000`;
  return db.query<CountRow>(composedSql(text, params.values));
}

export type DecisionRow = Omit<NamedLead, "id"> & {
  readonly lead_id: string;
  readonly number: number;
  readonly ordinal: number;
  readonly at: Date;
  readonly version: number;
  readonly met: boolean;
  readonly decided_at: Date | null;
  readonly to_stage: string | null;
  readonly actor: string | null;
  readonly reason: string | null;
};

export type Row = { readonly met: boolean; readonly outcome: Outcome; readonly by: Dimension | null; readonly value: string | null };
export type Place = { readonly at: string; readonly leadId: string; readonly number: number; readonly ordinal: number };

function rowSql({ met, outcome, by, value }: Row, params: Parameters): string {
  const dimension = by === null ? "" : value === null ? ` and ${COLUMNS[by]} is null` : ` and ${COLUMNS[by]} = ${params.bind(value, "text")}`;
  return `d.met = ${params.bind(met, "boolean")} and d.outcome = ${params.bind(outcome, "text")}${dimension}`;
}

export async function listDecisions(db: Db, line: Line, leads: LeadsSql, row: Row, after: Place | null, limit: number): Promise<readonly DecisionRow[]> {
  const params = parameters();
  const decisions = decisionsSql(line, leads, params);
  const beyond =
    after === null
      ? ""
      : ` and (d.at, d.lead_id, d.number, d.ordinal) < (${params.bind(after.at, "timestamptz")}, ${params.bind(after.leadId, "uuid")}, ${params.bind(after.number, "int")}, ${params.bind(after.ordinal, "int")})`;
  const text = `select d.* from (${decisions}) d where ${rowSql(row, params)}${beyond} order by d.at desc, d.lead_id desc, d.number desc, d.ordinal desc limit ${params.bind(limit, "int")}`;
  return db.query<DecisionRow>(composedSql(text, params.values));
}

export async function countRow(db: Db, line: Line, leads: LeadsSql, row: Row): Promise<number> {
  const params = parameters();
  const [counted] = await db.query<{ count: number }>(
    composedSql(`select count(*)::int as count from (${decisionsSql(line, leads, params)}) d where ${rowSql(row, params)}`, params.values),
  );
  return counted?.count ?? 0;
}
