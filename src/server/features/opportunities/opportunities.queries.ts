/** Opportunities as lists, the board and pages read them. Those of leads in the bin are in none. */
import { composedSql, type Db } from "../../db/db.ts";
import { escapeLike, type Parameters, parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";
import type { FormAnswers } from "../../../core/flow/state.ts";

export type OpportunityListRow = {
  readonly id: string;
  readonly lead_id: string;
  readonly company_id: string | null;
  readonly company: string | null;
  readonly name: string;
  readonly stage: string;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly owner_id: string | null;
  readonly close_date: string | null;
  readonly next_meeting: Date | null;
  readonly form: FormAnswers;
  readonly won_at: Date | null;
  readonly lost_at: Date | null;
  readonly lost_reason: string | null;
  readonly stage_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
  readonly person: Person;
  readonly next_step: readonly [id: string, kind: string, title: string, due: string] | null;
  /** What the order goes by, as text. */
  readonly key: string | null;
};

type Person = {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly heat: string;
  readonly score: number;
};

/** Which opportunities. Null: whatever. */
export type Narrowing = {
  readonly lead: string | null;
  readonly company: string | null;
  readonly owner: string | null;
  readonly stage: string | null;
  readonly state: "open" | "won" | "lost" | null;
  /** Won or lost since; says nothing of open ones. */
  readonly closedSince: Date | null;
  readonly name: string | null;
  readonly stalled: { readonly is: boolean; readonly now: Date } | null;
  /** Owned by one of these. */
  readonly owners: readonly string[] | null;
  readonly closeFrom: string | null;
  readonly closeTo: string | null;
  readonly sight: Sight;
};

export type OpportunityOrder = { readonly by: "createdAt" | "amount" | "closeDate" | "stageAt" | "name"; readonly descending: boolean };

const COLUMNS = {
  createdAt: ["o.created_at", "timestamptz"],
  amount: ["o.amount", "bigint"],
  closeDate: ["o.close_date", "date"],
  stageAt: ["o.stage_at", "timestamptz"],
  name: ['lower(o.name) collate "C"', "text"],
} as const;

export type Place = { readonly key: string | null; readonly id: string };

export async function listOpportunities(
  db: Db,
  { where, order, after, limit }: { readonly where: Narrowing; readonly order: OpportunityOrder; readonly after: Place | null; readonly limit: number },
): Promise<readonly OpportunityListRow[]> {
  const params = parameters();
  const [column, type] = COLUMNS[order.by];
  const conditions = [...narrowed(where, params), ...(after === null ? [] : [beyond(column, type, order, after, params)])];
  const direction = order.descending ? "desc" : "asc";
  const text = `
    select ${ROW}, (${type === "timestamptz" ? `${column} at time zone 'UTC'` : column})::text as key from ${SOURCE}
    where ${conditions.join(" and ")} order by ${column} ${direction} nulls last, o.id ${direction} limit ${params.bind(limit, "int")}`;
  return db.query<OpportunityListRow>(composedSql(text, params.values, where.sight === null));
}

function beyond(column: string, type: string, { descending }: OpportunityOrder, { key, id }: Place, params: Parameters): string {
  const sign = descending ? "<" : ">";
  const further = `o.id ${sign} ${params.bind(id, "uuid")}`;
  if (key === null) return `(${column} is null and ${further})`;
  const bound = params.bind(type === "timestamptz" ? `${key}Z` : key, type);
  return `(${column} ${sign} ${bound} or ${column} is null or (${column} = ${bound} and ${further}))`;
}

const SOURCE = `opportunity o join lead l on l.workspace_id = o.workspace_id and l.id = o.lead_id left join company c on c.workspace_id = o.workspace_id and c.id = o.company_id`;
const ROW = `o.*, c.name as company,
  json_build_object('id', l.id, 'first_name', l.first_name, 'last_name', l.last_name, 'company', l.company, 'email', l.email, 'heat', l.heat, 'score', l.score) as person,
  (select json_build_array(t.id, t.kind, t.title, t.due_at) from task t where t.workspace_id = $1 and t.lead_id = l.id and t.state = 'open' order by t.due_at limit 1) as next_step`;

function narrowed(where: Narrowing, params: Parameters): readonly string[] {
  const seen = sightSql(where.sight, params);
  return [
    "o.workspace_id = $1",
    "l.deleted_at is null",
    ...(where.lead === null ? [] : [`o.lead_id = ${params.bind(where.lead, "uuid")}`]),
    ...(where.company === null ? [] : [`o.company_id = ${params.bind(where.company, "uuid")}`]),
    ...(where.owner === null ? [] : [`o.owner_id = ${params.bind(where.owner, "uuid")}`]),
    ...(where.stage === null ? [] : [`o.stage = ${params.bind(where.stage, "text")}`]),
    ...(where.state === null ? [] : [STATES[where.state]]),
    ...(where.closedSince === null ? [] : [`coalesce(o.won_at, o.lost_at, 'infinity') >= ${params.bind(where.closedSince, "timestamptz")}`]),
    ...(where.name === null ? [] : [`o.name ilike ${params.bind(`%${escapeLike(where.name)}%`, "text")}`]),
    ...(where.stalled === null ? [] : [`${where.stalled.is ? "" : "not "}${stalledSql(params.bind(where.stalled.now, "timestamptz"))}`]),
    ...(where.owners === null ? [] : [`o.owner_id = any (${params.bind(where.owners, "uuid[]")})`]),
    ...(where.closeFrom === null ? [] : [`o.close_date >= ${params.bind(where.closeFrom, "date")}`]),
    ...(where.closeTo === null ? [] : [`o.close_date <= ${params.bind(where.closeTo, "date")}`]),
    ...(seen === null ? [] : [seen]),
  ];
}

const STATES = { open: "o.won_at is null and o.lost_at is null", won: "o.won_at is not null", lost: "o.lost_at is not null" } as const;

/** After so many days in one stage an open opportunity is called stalled, unless a meeting is to come. */
export const STALLED_DAYS = 30;

/** The same as `isStalled` of the service: a test holds the two together. */
function stalledSql(now: string): string {
  return `(o.won_at is null and o.lost_at is null and (o.next_meeting is null or o.next_meeting <= ${now}) and (o.stage_at < ${now} - interval '${STALLED_DAYS} days' or coalesce(o.close_date < (${now} at time zone 'UTC')::date, false)))`;
}

export async function findOpportunity(db: Db, id: string): Promise<OpportunityListRow | null> {
  const rows = await db.query<OpportunityListRow>(composedSql(`select ${ROW}, null as key from ${SOURCE} where o.workspace_id = $1 and o.id = $2`, [id], true));
  return rows[0] ?? null;
}

export type ColumnSum = { readonly stage: string; readonly currency: string | null; readonly count: number; readonly stalled: number; readonly amount: number };

/** How many there are in each stage and what they are worth, per currency. */
export async function sumByStage(db: Db, where: Narrowing, now: Date): Promise<readonly ColumnSum[]> {
  const params = parameters();
  const conditions = narrowed(where, params);
  const moment = params.bind(now, "timestamptz");
  const text = `
    select o.stage, o.currency, count(*)::int as count, count(*) filter (where ${stalledSql(moment)})::int as stalled, coalesce(sum(o.amount), 0)::bigint as amount
    from ${SOURCE} where ${conditions.join(" and ")} group by 1, 2 order by 1, 2`;
  return db.query<ColumnSum>(composedSql(text, params.values));
}
