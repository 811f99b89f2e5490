/** Held inputs: rows of `intake` that wait, and what became of them. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type HeldState = "held" | "replayed" | "dismissed";

export type HeldRow = {
  readonly id: string;
  readonly received_at: Date;
  readonly kind: string;
  readonly state: string;
  readonly actor: string;
  readonly payload: unknown;
  readonly context: unknown;
  readonly reason: string | null;
  readonly done_at: Date | null;
  readonly done_by: string | null;
  readonly done_lead: string | null;
  readonly done_reason: string | null;
  readonly outcome: string | null;
  readonly mended: boolean | null;
};

export type After = { readonly at: Date; readonly id: string } | null;

/** The newest first. */
export async function listHeldRows(db: Db, state: HeldState, after: After, limit: number): Promise<readonly HeldRow[]> {
  if (state === "held")
    return db.query<HeldRow>(sql`
      select i.id, i.received_at, i.kind, i.state, i.actor, i.payload, i.context, i.reason,
        null::timestamptz as done_at, null as done_by, null::uuid as done_lead, null as done_reason, null as outcome, null::boolean as mended
      from intake i
      where i.workspace_id = ${workspace} and i.state = 'held' and (i.received_at, i.id) < (${after?.at ?? "infinity"}::timestamptz, ${after?.id ?? LAST}::uuid)
      order by i.received_at desc, i.id desc limit ${limit}`);
  return db.query<HeldRow>(sql`
    select i.id, i.received_at, i.kind, i.state, i.actor, i.payload, i.context, i.reason,
      o.at as done_at, o.actor as done_by, o.lead_id as done_lead, o.reason as done_reason, o.outcome, o.payload is not null as mended
    from intake i left join held_outcome o on o.workspace_id = i.workspace_id and o.intake_id = i.id
    where i.workspace_id = ${workspace} and i.state in ('replayed', 'dismissed') and i.state = ${state}
      and (i.received_at, i.id) < (${after?.at ?? "infinity"}::timestamptz, ${after?.id ?? LAST}::uuid)
    order by i.received_at desc, i.id desc limit ${limit}`);
}

const LAST = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export async function findHeldRow(db: Db, id: string): Promise<HeldRow | null> {
  const rows = await db.query<HeldRow>(sql`
    select i.id, i.received_at, i.kind, i.state, i.actor, i.payload, i.context, i.reason,
      o.at as done_at, o.actor as done_by, o.lead_id as done_lead, o.reason as done_reason, o.outcome, o.payload is not null as mended
    from intake i left join held_outcome o on o.workspace_id = i.workspace_id and o.intake_id = i.id
    where i.workspace_id = ${workspace} and i.id = ${id} and i.state in ('held', 'replayed', 'dismissed')`);
  return rows[0] ?? null;
}

/** Whoever mends an input holds it; the next waits here and finds it mended. */
export async function lockHeld(db: Db, id: string): Promise<void> {
  await db.query(sql`select pg_advisory_xact_lock(hashtextextended((${workspace})::text || ' held ' || ${id}::text, 6))`);
}

export type Settled = {
  readonly id: string;
  readonly state: "replayed" | "dismissed";
  readonly outcome: string | null;
  readonly leadId: string | null;
  /** The held input it became, when it was held again. */
  readonly inputId: string | null;
  readonly payload: unknown;
  readonly reason: string | null;
  readonly actor: string;
};

export async function settleHeld(db: Db, { id, state, outcome, leadId, inputId, payload, reason, actor }: Settled, at: Date): Promise<void> {
  await db.execute(sql`update intake set state = ${state} where workspace_id = ${workspace} and id = ${id} and state = 'held'`);
  await db.execute(sql`
    insert into held_outcome (workspace_id, intake_id, state, outcome, lead_id, input_id, payload, reason, actor, at)
    values (${workspace}, ${id}, ${state}, ${outcome}, ${leadId}, ${inputId}, ${payload === null ? null : JSON.stringify(payload)}::jsonb, ${reason}, ${actor}, ${at})`);
}

/** What was dismissed waits again. */
export async function unsettleHeld(db: Db, id: string): Promise<void> {
  await db.execute(sql`update intake set state = 'held' where workspace_id = ${workspace} and id = ${id} and state = 'dismissed'`);
  await db.execute(sql`delete from held_outcome where workspace_id = ${workspace} and intake_id = ${id} and state = 'dismissed'`);
}

/** Up to a thousand of those that wait, with what tells quarantine from fault. */
export async function listWaiting(db: Db): Promise<readonly { readonly received_at: Date; readonly kind: string; readonly quarantined: boolean }[]> {
  return db.query(sql`
    select received_at, kind, coalesce(context ? 'quarantine', false) as quarantined from intake
    where workspace_id = ${workspace} and state = 'held' order by received_at desc limit 1000`);
}

export async function listKeyNames(db: Db, ids: readonly string[]): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return db.query(sql`select id, name from api_key where workspace_id = ${workspace} and id = any(${ids}::uuid[])`);
}

export async function listFormNames(db: Db, ids: readonly string[]): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return db.query(sql`select id, body->>'name' as name from form where workspace_id = ${workspace} and id = any(${ids}::uuid[])`);
}
