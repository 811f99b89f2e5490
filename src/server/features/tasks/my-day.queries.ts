/** What my day asks of leads and counts; its queues come from `tasks.queries.ts`. Each statement reads what one person has, by an index of his. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";
import type { LeadLine } from "./task-rows.ts";
import { LEAD_LINE } from "./tasks.queries.ts";

export type DayRow = { readonly lead: LeadLine; readonly at: Date; readonly detail: string | null };

type Asked = { readonly user: string; readonly since: Date; readonly limit: number; readonly sight: Sight };

/** So many of somebody's leads are looked through for one list. */
const LOOKED_THROUGH = 400;

/** Assigned since, still new and without a touch since: the latest first. */
export function listFresh(db: Db, asked: Asked): Promise<readonly DayRow[]> {
  return listDay(db, asked, {
    from: `l.status = 'new' and l.updated_at >= :since`,
    order: "l.updated_at desc",
    at: `(select max(f.at) from fact f where f.workspace_id = $1 and f.lead_id = l.id and f.type = 'lead.assigned' and f.undone_by is null)`,
    detail: `(select f.data->>'rule' from fact f where f.workspace_id = $1 and f.lead_id = l.id and f.type = 'lead.assigned' and f.undone_by is null order by f.number desc, f.ordinal desc limit 1)`,
    keep: `d.at >= :since and not exists (select 1 from signal s where s.workspace_id = $1 and s.lead_id = (d.lead->>'id')::uuid and s.facet in ('call', 'meeting', 'message', 'mailSent') and s.last_at > d.at)`,
  });
}

/** Hot, with the moment of the last touch: a lead is hot only for as long as one is recent. */
export function listHot(db: Db, asked: Asked): Promise<readonly DayRow[]> {
  return listDay(db, asked, {
    from: `l.heat = 'hot'`,
    order: "l.score desc",
    at: `(select max(s.last_at) from signal s where s.workspace_id = $1 and s.lead_id = l.id)`,
    detail: `(select s.facet from signal s where s.workspace_id = $1 and s.lead_id = l.id order by s.last_at desc, s.facet limit 1)`,
    keep: `d.at >= :since`,
  });
}

/** Being worked on, not resting, and nothing to do for it. New ones stand among the fresh. */
export function listWaiting(db: Db, asked: Asked): Promise<readonly DayRow[]> {
  return listDay(db, asked, {
    from: `l.status = 'working' and not l.resting and not exists (select 1 from task t where t.workspace_id = $1 and t.lead_id = l.id and t.state = 'open')`,
    order: "l.updated_at desc",
    at: "l.stage_at",
    detail: "l.stage",
    keep: "d.at >= :since",
  });
}

type Part = { readonly from: string; readonly order: string; readonly at: string; readonly detail: string; readonly keep: string };

function listDay(db: Db, { user, since, limit, sight }: Asked, part: Part): Promise<readonly DayRow[]> {
  const params = parameters();
  const owner = params.bind(user, "uuid");
  const moment = params.bind(since, "timestamptz");
  const seen = sightSql(sight, params);
  const said = (text: string): string => text.replaceAll(":since", moment);
  const text = `
    select d.lead, d.at, d.detail from (
      select ${LEAD_LINE}, ${part.at} as at, ${part.detail} as detail from lead l
      where l.workspace_id = $1 and l.owner_id = ${owner} and l.deleted_at is null and ${said(part.from)}${seen === null ? "" : ` and ${seen}`}
      order by ${part.order} limit ${LOOKED_THROUGH}) d
    where ${said(part.keep)} limit ${params.bind(limit, "int")}`;
  return db.query<DayRow>(composedSql(text, params.values, sight === null));
}

export type DayCounts = { readonly now: number; readonly today: number; readonly later: number; readonly done: number };

/** How many next steps and reminders are due when; each at most so many. */
export async function countDay(
  db: Db,
  user: string,
  reminders: boolean,
  times: { readonly now: Date; readonly today: Date; readonly tomorrow: Date; readonly weekEnd: Date },
  most: number,
): Promise<DayCounts> {
  const [row] = await db.query<DayCounts>(sql`
    with due as (
      (select t.due_at from task t where t.workspace_id = ${workspace} and t.owner_id = ${user} and t.state = 'open' and t.due_at < ${times.weekEnd}
        and exists (select 1 from lead l where l.workspace_id = ${workspace} and l.id = t.lead_id and l.deleted_at is null) order by t.due_at limit ${3 * most})
      union all
      (select r.due_at from reminder r where r.workspace_id = ${workspace} and ${reminders} and r.owner_id = ${user} and r.state = 'open' and r.due_at < ${times.weekEnd} order by r.due_at limit ${most}))
    select count(*) filter (where due_at <= ${times.now})::int as now, count(*) filter (where due_at > ${times.now} and due_at < ${times.tomorrow})::int as today,
      count(*) filter (where due_at >= ${times.tomorrow} and due_at > ${times.now})::int as later,
      ((select count(*) from task t where t.workspace_id = ${workspace} and t.owner_id = ${user} and t.state = 'done' and t.done_at >= ${times.today})
        + (select count(*) from reminder r where r.workspace_id = ${workspace} and ${reminders} and r.owner_id = ${user} and r.state = 'done' and r.done_at >= ${times.today}))::int as done
    from due`);
  return row ?? { now: 0, today: 0, later: 0, done: 0 };
}
