/** Queues of next steps and reminders. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";
import type { TaskRow } from "./task-rows.ts";

export type Queue = {
  readonly state: "open" | "done";
  /** Null: everybody's. */
  readonly owner: string | null;
  /** Due, or done, from this moment and before that one. */
  readonly from: Date | null;
  readonly before: Date | null;
  readonly kind: string | null;
  /** Behind this place. */
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

export const LEAD_LINE = `json_build_object('id', l.id, 'first_name', l.first_name, 'last_name', l.last_name, 'company', l.company, 'job_title', l.job_title, 'stage', l.stage, 'status', l.status,
  'heat', l.heat, 'score', l.score, 'email', l.email, 'phone', l.phone, 'external_id', l.external_id, 'owner_id', l.owner_id) as lead`;

/** Steps of leads, without those in the bin. Open ones the earliest due first, done ones the latest first. */
export async function listTaskRows(db: Db, queue: Queue, sight: Sight): Promise<readonly TaskRow[]> {
  const params = parameters();
  const seen = sightSql(sight, params);
  const text = `
    select t.id, t.key, t.kind, t.title, t.stage, t.state, t.owner_id, t.due_at, t.created_at, t.done_at, t.result, t.own, t.delegated, t.note, t.repeat, ${LEAD_LINE}
    from task t join lead l on l.workspace_id = t.workspace_id and l.id = t.lead_id
    where t.workspace_id = $1 and l.deleted_at is null and ${inQueue("t", queue, params).join(" and ")}${seen === null ? "" : ` and ${seen}`}
    order by ${orderOf("t", queue)} limit ${params.bind(queue.limit, "int")}`;
  return db.query<TaskRow>(composedSql(text, params.values, sight === null));
}

export async function listReminderRows(db: Db, queue: Queue): Promise<readonly TaskRow[]> {
  const params = parameters();
  const text = `
    select r.id, 'own' as key, r.kind, r.title, null as stage, r.state, r.owner_id, r.due_at, r.created_at, r.done_at, r.result, true as own, false as delegated, r.note, r.repeat, null as lead
    from reminder r where r.workspace_id = $1 and ${inQueue("r", queue, params).join(" and ")} order by ${orderOf("r", queue)} limit ${params.bind(queue.limit, "int")}`;
  return db.query<TaskRow>(composedSql(text, params.values, true));
}

function inQueue(t: string, { state, owner, from, before, kind, after }: Queue, params: ReturnType<typeof parameters>): readonly string[] {
  const at = `${t}.${momentOf(state)}`;
  return [
    `${t}.state = '${state}'`,
    ...(owner === null ? [] : [`${t}.owner_id = ${params.bind(owner, "uuid")}`]),
    ...(from === null ? [] : [`${at} >= ${params.bind(from, "timestamptz")}`]),
    ...(before === null ? [] : [`${at} < ${params.bind(before, "timestamptz")}`]),
    ...(kind === null ? [] : [`${t}.kind = ${params.bind(kind, "text")}`]),
    ...(after === null ? [] : [`(${at}, ${t}.id) ${state === "open" ? ">" : "<"} (${params.bind(after.at, "timestamptz")}, ${params.bind(after.id, "uuid")})`]),
  ];
}

function orderOf(t: string, { state }: Queue): string {
  return state === "open" ? `${t}.due_at, ${t}.id` : `${t}.done_at desc, ${t}.id desc`;
}

export function momentOf(state: "open" | "done"): "due_at" | "done_at" {
  return state === "open" ? "due_at" : "done_at";
}

export async function getZone(db: Db): Promise<string> {
  const [row] = await db.query<{ timezone: string }>(sql`select timezone from workspace where workspace_id = ${workspace}`);
  return row?.timezone ?? "UTC";
}

/** One's own reminder, or anybody's when no one is named; null when there is none. `lock` keeps others from changing it meanwhile. */
export async function findReminder(db: Db, id: string, owner: string | null, lock = false): Promise<TaskRow | null> {
  const columns =
    "r.id, 'own' as key, r.kind, r.title, null as stage, r.state, r.owner_id, r.due_at, r.created_at, r.done_at, r.result, true as own, false as delegated, r.note, r.repeat, null as lead";
  const rows = await db.query<TaskRow>(
    composedSql(
      `select ${columns} from reminder r where r.workspace_id = $1 and r.id = $2 and ($3::uuid is null or r.owner_id = $3)${lock ? " for update" : ""}`,
      [id, owner],
      true,
    ),
  );
  return rows[0] ?? null;
}

export type Reminder = Pick<TaskRow, "id" | "kind" | "title" | "note" | "repeat" | "state" | "due_at" | "created_at" | "done_at" | "result"> & {
  readonly owner_id: string;
  readonly by: string;
};

/** Makes a reminder, or writes it as it is now. */
export async function writeReminder(db: Db, r: Reminder): Promise<void> {
  const repeat = r.repeat === null ? null : JSON.stringify(r.repeat);
  await db.execute(sql`
    insert into reminder as m (workspace_id, id, owner_id, kind, title, note, repeat, state, due_at, made_by, created_at, done_at, done_by, result)
    values (${workspace}, ${r.id}, ${r.owner_id}, ${r.kind}, ${r.title}, ${r.note}, ${repeat}::jsonb, ${r.state}, ${r.due_at}, ${r.by}, ${r.created_at}, ${r.done_at}, ${r.done_at === null ? null : r.by}, ${r.result})
    on conflict (workspace_id, id) do update set owner_id = excluded.owner_id, kind = excluded.kind, title = excluded.title, note = excluded.note, repeat = excluded.repeat, state = excluded.state,
      due_at = excluded.due_at, done_at = excluded.done_at, done_by = excluded.done_by, result = excluded.result`);
}
