/** What the flow reads and locks. The order of locks is the same everywhere: idempotency keys, configuration, identities, leads by id, companies, pools. */
import type { IdentityKey } from "../../core/identity/identity.ts";
import { type Db, sql, workspace } from "../db/db.ts";
import type { ContactRow, LeadRow, OpportunityRow, Parts, SignalRow, TaskRow, TimerRow } from "./row-types.ts";

/** Holds the configuration where it is until the transaction ends; many may hold it at once. */
export function lockConfigShared(db: Db): void {
  db.post(sql`select pg_advisory_xact_lock_shared(hashtextextended((${workspace})::text, 1))`);
}

/** Holds the configuration as `lockConfigShared` does, and after it identities: nobody else can find or claim them until the transaction ends. */
export function lockForBatch(db: Db, keys: readonly IdentityKey[]): void {
  if (keys.length === 0 || db.unlocked === true) return lockConfigShared(db);
  db.post(sql`
    select pg_advisory_xact_lock_shared(hashtextextended((${workspace})::text, 1))
    union all
    select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended((${workspace})::text || ' ' || key, 2) as hash from unnest(${keys.map(({ kind, value }) => `${kind} ${value}`)}::text[]) key order by 1
    ) k`);
}

/** Waits for every batch that uses the configuration, and lets none begin until the transaction ends. */
export function lockConfigExclusive(db: Db): void {
  db.post(sql`select pg_advisory_xact_lock(hashtextextended((${workspace})::text, 1))`);
}

export async function getConfigNumber(db: Db): Promise<number> {
  const rows = await db.query<{ config_number: number }>(sql`select config_number from workspace where workspace_id = ${workspace}`);
  const row = rows[0];
  if (row === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return row.config_number;
}

export async function findConfigVersion(db: Db, number: number): Promise<unknown> {
  const rows = await db.query<{ body: unknown }>(sql`select body from config_version where workspace_id = ${workspace} and number = ${number}`);
  return rows[0]?.body ?? null;
}

/** Takes the keys it can get, in order; a key somebody else holds is in flight. */
export async function tryLockKeys(db: Db, keys: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ key: string }>(sql`
    select key from (select key from unnest(${keys}::text[]) key order by key) k
    where pg_try_advisory_xact_lock(hashtextextended((${workspace})::text || ' key ' || key, 3))`);
  return new Set(rows.map((row) => row.key));
}

export type AnswerRow = {
  readonly key: string;
  readonly request_hash: string;
  readonly status: number;
  readonly answer: { readonly outcome?: string; readonly leadId?: string; readonly intakeId?: string; readonly reason?: string };
};

export async function listAnswers(db: Db, keys: readonly string[]): Promise<readonly AnswerRow[]> {
  return db.query<AnswerRow>(sql`select key, request_hash, status, answer from idempotency where workspace_id = ${workspace} and key = any(${keys}::text[])`);
}

export type Mended = { readonly outcome: string; readonly leadId: string };

/** Which of these held inputs went through in the end, with what became of them: one that was held again leads on to the next. */
export async function listMended(db: Db, intakeIds: readonly string[]): Promise<ReadonlyMap<string, Mended>> {
  const rows = await db.query<{ id: string; outcome: string; lead_id: string }>(sql`
    with recursive way as (
      select o.intake_id as id, o.outcome, o.lead_id, o.input_id, 1 as step from held_outcome o where o.workspace_id = ${workspace} and o.intake_id = any(${intakeIds}::uuid[])
      union all
      select w.id, o.outcome, o.lead_id, o.input_id, w.step + 1 from way w join held_outcome o on o.workspace_id = ${workspace} and o.intake_id = w.input_id where w.step < 20
    )
    select id, outcome, lead_id from way where lead_id is not null`);
  return new Map(rows.map(({ id, outcome, lead_id }) => [id, { outcome, leadId: lead_id }]));
}

export type IdentityRow = { readonly kind: string; readonly value: string; readonly lead_id: string };

/** The leads these identities belong to, and the number of the configuration. May answer more than was asked: a value may be known under another kind. */
export async function listIdentities(db: Db, keys: readonly IdentityKey[]): Promise<{ readonly number: number; readonly identities: readonly IdentityRow[] }> {
  if (keys.length === 0) return { number: await getConfigNumber(db), identities: [] };
  const kinds = [...new Set(keys.map((key) => key.kind))];
  const rows = await db.query<IdentityRow | { readonly kind: null; readonly value: string }>(sql`
    select null as kind, config_number::text as value, null as lead_id from workspace where workspace_id = ${workspace}
    union all
    select kind, value, lead_id from identity where workspace_id = ${workspace} and kind = any(${kinds}::text[]) and value = any(${keys.map((key) => key.value)}::text[])`);
  const number = rows.find(({ kind }) => kind === null)?.value;
  if (number === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return { number: Number(number), identities: rows.filter((row): row is IdentityRow => row.kind !== null) };
}

/** The e-mails these leads are known by. Picked out here: told the kind too, the planner would walk all e-mails there are. */
export async function listEmailIdentities(db: Db, leadIds: readonly string[]): Promise<readonly IdentityRow[]> {
  const rows = await db.query<IdentityRow>(
    sql`select kind, value, lead_id from identity where workspace_id = ${workspace} and lead_id = any(${leadIds}::uuid[])`,
  );
  return rows.filter((row) => row.kind === "email");
}

export async function listTaskLeads(db: Db, ids: readonly string[]): Promise<readonly { readonly id: string; readonly lead_id: string }[]> {
  return db.query(sql`select id, lead_id from task where workspace_id = ${workspace} and id = any(${ids}::uuid[])`);
}

export async function listOpportunityLeads(db: Db, ids: readonly string[]): Promise<readonly { readonly id: string; readonly lead_id: string }[]> {
  return db.query(sql`select id, lead_id from opportunity where workspace_id = ${workspace} and id = any(${ids}::uuid[])`);
}

/** Remembers touches by their senders' ids; answers the ones that are new. */
export async function insertTouchKeys(db: Db, keys: readonly string[], at: Date): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ key: string }>(sql`
    insert into touch_key as t (workspace_id, key, received_at)
    select ${workspace}, key, ${at} from unnest(${[...new Set(keys)].sort()}::text[]) key
    on conflict do nothing returning t.key`);
  return new Set(rows.map((row) => row.key));
}

/** Takes back what the transaction itself remembered, for touches that nobody was allowed to record. */
export function forgetTouchKeys(db: Db, keys: readonly string[]): void {
  if (keys.length > 0) db.post(sql`delete from touch_key where workspace_id = ${workspace} and key = any(${keys}::text[])`);
}

/**
 * Holds leads until the transaction ends, in one order for everybody. An advisory lock, because every writer of a lead comes
 * through the flow and `select … for update` would write each row once more.
 */
export function lockLeads(db: Db, ids: readonly string[]): void {
  if (db.unlocked === true) return;
  db.post(sql`
    select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended((${workspace})::text || ' lead ' || id, 5) as hash from unnest(${ids}::text[]) id order by 1
    ) k`);
}

/** Holds those of the leads that nobody else holds. */
export async function tryLockLeads(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select id from unnest(${ids}::text[]) id where pg_try_advisory_xact_lock(hashtextextended((${workspace})::text || ' lead ' || id, 5))`);
  return rows.map((row) => row.id);
}

/** A join, because a key that is unique beats every other index even before the first ANALYZE; `id = any(…)` does not. */
export async function listLeadRows(db: Db, ids: readonly string[]): Promise<readonly LeadRow[]> {
  return db.query<LeadRow>(sql`select l.* from unnest(${ids}::uuid[]) k (id) join lead l on l.workspace_id = ${workspace} and l.id = k.id`);
}

/** Timers that are due, the longest due first. */
export async function listDueTimers(db: Db, now: Date, limit: number): Promise<readonly { readonly lead_id: string; readonly purpose: string }[]> {
  return db.query(sql`select lead_id, purpose from timer where workspace_id = ${workspace} and due_at <= ${now} order by due_at limit ${limit}`);
}

export async function listParts(db: Db, ids: readonly string[]): Promise<Parts> {
  const [signals, tasks, opportunities, contacts, timers] = await Promise.all([
    db.query<SignalRow>(
      sql`select lead_id, facet, first_at, last_at, total, days from signal where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`,
    ),
    db.query<TaskRow>(sql`select * from task where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
    db.query<OpportunityRow>(sql`select * from opportunity where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
    db.query<ContactRow>(sql`select * from contact where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
    db.query<TimerRow>(sql`select lead_id, purpose, due_at from timer where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
  ]);
  return { signals, tasks, opportunities, contacts, timers };
}

/** Nobody else can find or make companies of these names and domains until the transaction ends. */
export async function lockCompanies(db: Db, keys: readonly string[]): Promise<void> {
  if (db.unlocked === true) return;
  await db.query(sql`
    select pg_advisory_xact_lock(hash) from (
      select distinct hashtextextended((${workspace})::text || ' company ' || key, 4) as hash from unnest(${keys}::text[]) key order by 1
    ) k`);
}

export type CompanyRow = { readonly id: string; readonly name_key: string; readonly domain: string | null };

export async function listCompanies(db: Db, nameKeys: readonly string[], domains: readonly string[]): Promise<readonly CompanyRow[]> {
  return db.query<CompanyRow>(sql`
    select id, name_key, domain from company where workspace_id = ${workspace} and (name_key = any(${nameKeys}::text[]) or domain = any(${domains}::text[]))
    order by created_at, id`);
}

export type Deal = { readonly pool: string; readonly members: string; readonly count: number };

/**
 * Deals numbers of pools, in the order of their names, and answers the first of each. A pool whose list of members changed
 * begins again at zero. Pools stay locked until the transaction ends, so numbers are dealt without gap or double.
 */
export async function dealNumbers(db: Db, deals: readonly Deal[], at: Date): Promise<ReadonlyMap<string, number>> {
  const rows = await db.query<{ id: string; dealt: number }>(sql`
    insert into pool as p (workspace_id, id, members, dealt, since)
    select ${workspace}, id, members, dealt, ${at}
    from unnest(${deals.map((deal) => deal.pool)}::text[], ${deals.map((deal) => deal.members)}::text[], ${deals.map((deal) => deal.count)}::bigint[]) d (id, members, dealt) order by id
    on conflict (workspace_id, id) do update set
      dealt = case when p.members = excluded.members then p.dealt + excluded.dealt else excluded.dealt end,
      since = case when p.members = excluded.members then least(p.since, excluded.since) else excluded.since end,
      members = excluded.members
    returning p.id, p.dealt`);
  const counts = new Map(deals.map((deal) => [deal.pool, deal.count]));
  return new Map(rows.map(({ id, dealt }) => [id, dealt - (counts.get(id) ?? 0)]));
}

/** Moves pools on by numbers that were dealt ahead. Fails with a division by zero when one of them does not stand where its numbers begin. */
export function confirmNumbers(db: Db, deals: readonly (Deal & { readonly first: number })[], at: Date): void {
  db.post(sql`
    with moved as (
      update pool p set dealt = p.dealt + d.count, since = least(p.since, ${at})
      from (select * from unnest(${deals.map((deal) => deal.pool)}::text[], ${deals.map((deal) => deal.members)}::text[], ${deals.map((deal) => deal.count)}::bigint[], ${deals.map((deal) => deal.first)}::bigint[]) u (id, members, count, first) order by id) d
      where p.workspace_id = ${workspace} and p.id = d.id and p.members = d.members and p.dealt = d.first returning 1)
    select 1 / (case when count(*) = ${deals.length}::int then 1 else 0 end) from moved`);
}
