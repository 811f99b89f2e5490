/** Changes of many leads: whom they are about, and how far they have come. */
import type pg from "pg";
import type { Bearer } from "../../../core/access/door.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";

export type BulkState = "running" | "done" | "cancelled" | "undoing" | "undone";
export type LeadOutcome = "changed" | "unchanged" | "failed" | "undone" | "kept";

export type BulkRow = {
  readonly id: string;
  readonly change: unknown;
  readonly state: BulkState;
  readonly leads: number;
  readonly actor: string;
  readonly bearer: Bearer;
  readonly created_at: Date;
  readonly finished_at: Date | null;
};

/** `counts`: leads by what became of them. */
export type BulkProgress = BulkRow & { readonly counts: Readonly<Partial<Record<LeadOutcome | "waiting", number>>> };

export type Meant = {
  readonly where: (params: Parameters) => string | null;
  readonly except: readonly string[];
  readonly binned: boolean;
};

function meantSql({ where, except, binned }: Meant, params: Parameters): string {
  const condition = where(params);
  return [
    "l.workspace_id = $1",
    binned ? "l.deleted_at is not null" : "l.deleted_at is null",
    ...(condition === null ? [] : [condition]),
    ...(except.length === 0 ? [] : [`not (l.id = any (${params.bind(except, "uuid[]")}))`]),
  ].join(" and ");
}

export async function countMeantLeads(db: Db, meant: Meant, most: number): Promise<number | null> {
  const params = parameters();
  const [row] = await db.query<{ n: number }>(
    composedSql(`select count(*)::int as n from (select 1 from lead l where ${meantSql(meant, params)} limit ${most + 1}) counted`, params.values),
  );
  return row === undefined || row.n > most ? null : row.n;
}

/** A few of them, from all over the list. */
export async function sampleMeant(db: Db, meant: Meant, limit: number): Promise<readonly string[]> {
  const params = parameters();
  const rows = await db.query<{ id: string }>(
    composedSql(`select l.id from lead l where ${meantSql(meant, params)} limit ${params.bind(limit, "int")}`, params.values),
  );
  return rows.map(({ id }) => id);
}

export async function insertBulk(db: Db, bulk: Pick<BulkRow, "id" | "change" | "leads" | "actor" | "bearer" | "created_at">): Promise<void> {
  const bearer = bulk.bearer === null || bulk.bearer === undefined ? null : JSON.stringify(bulk.bearer);
  await db.execute(sql`
    insert into bulk (workspace_id, id, change, state, leads, actor, bearer, created_at)
    values (${workspace}, ${bulk.id}, ${JSON.stringify(bulk.change)}::jsonb, 'running', ${bulk.leads}, ${bulk.actor}, ${bearer}::jsonb, ${bulk.created_at})`);
}

/** Writes down whom it is about; answers how many. */
export async function insertMeant(db: Db, bulkId: string, meant: Meant): Promise<number> {
  const params = parameters();
  const id = params.bind(bulkId, "uuid");
  return db.execute(
    composedSql(
      `insert into bulk_lead (workspace_id, bulk_id, place, lead_id, state) select $1, ${id}, row_number() over (order by l.id) - 1, l.id, 'waiting' from lead l where ${meantSql(meant, params)}`,
      params.values,
    ),
  );
}

export async function insertNamed(db: Db, bulkId: string, ids: readonly string[]): Promise<number> {
  return db.execute(sql`
    insert into bulk_lead (workspace_id, bulk_id, place, lead_id, state)
    select ${workspace}, ${bulkId}, place - 1, id, 'waiting' from unnest(${ids}::uuid[]) with ordinality u (id, place)`);
}

export async function setLeads(db: Db, bulkId: string, leads: number): Promise<void> {
  await db.execute(sql`update bulk set leads = ${leads} where workspace_id = ${workspace} and id = ${bulkId}`);
}

/** From one state to another; answers whether it stood there. */
export async function moveBulk(db: Db, id: string, from: readonly BulkState[], to: BulkState, at: Date | null): Promise<boolean> {
  return (
    (await db.execute(
      sql`update bulk set state = ${to}, finished_at = ${at} where workspace_id = ${workspace} and id = ${id} and state = any(${from}::text[])`,
    )) === 1
  );
}

export async function findBulk(db: Db, id: string): Promise<BulkRow | null> {
  const rows = await db.query<BulkRow>(
    sql`select id, change, state, leads, actor, bearer, created_at, finished_at from bulk where workspace_id = ${workspace} and id = ${id}`,
  );
  return rows[0] ?? null;
}

/** The newest first: ids begin with their time. `actor`: only his. */
export async function listBulkRows(db: Db, actor: string | null, before: string | null, limit: number): Promise<readonly BulkRow[]> {
  return db.query<BulkRow>(sql`
    select id, change, state, leads, actor, bearer, created_at, finished_at from bulk
    where workspace_id = ${workspace} and (${actor}::text is null or actor = ${actor}) and (${before}::uuid is null or id < ${before}::uuid) order by id desc limit ${limit}`);
}

export async function countOutcomes(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, BulkProgress["counts"]>> {
  const rows = await db.query<{ bulk_id: string; state: LeadOutcome; n: number }>(
    sql`select bulk_id, state, count(*)::int as n from bulk_lead where workspace_id = ${workspace} and bulk_id = any(${ids}::uuid[]) group by 1, 2`,
  );
  return new Map(ids.map((id) => [id, Object.fromEntries(rows.filter(({ bulk_id }) => bulk_id === id).map(({ state, n }) => [state, n]))]));
}

export type BulkLead = { readonly place: number; readonly lead_id: string; readonly number: number | null };

export async function listNext(db: Db, bulkId: string, state: "waiting" | "changed", limit: number): Promise<readonly BulkLead[]> {
  return db.query<BulkLead>(sql`
    select place, lead_id, number from bulk_lead where workspace_id = ${workspace} and bulk_id = ${bulkId} and state = ${state} order by place limit ${limit}`);
}

export type Became = { readonly place: number; readonly state: LeadOutcome; readonly number: number | null; readonly reason: string | null };

/** Written in the transaction that changes the leads. */
export function postOutcomes(db: Db, bulkId: string, rows: readonly Became[]): void {
  db.post(sql`
    update bulk_lead b set state = r.state, number = r.number, reason = r.reason
    from unnest(${rows.map((r) => r.place)}::int[], ${rows.map((r) => r.state)}::text[], ${rows.map((r) => r.number)}::int[], ${rows.map((r) => r.reason)}::text[]) r (place, state, number, reason)
    where b.workspace_id = ${workspace} and b.bulk_id = ${bulkId} and b.place = r.place`);
}

export type FailureRow = {
  readonly place: number;
  readonly lead_id: string;
  readonly reason: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
};

export async function listFailures(db: Db, bulkId: string, after: number, limit: number): Promise<readonly FailureRow[]> {
  return db.query<FailureRow>(sql`
    select b.place, b.lead_id, b.reason, l.first_name, l.last_name, l.company, l.email from bulk_lead b
    left join lead l on l.workspace_id = b.workspace_id and l.id = b.lead_id
    where b.workspace_id = ${workspace} and b.bulk_id = ${bulkId} and b.state = 'failed' and b.place > ${after} order by b.place limit ${limit}`);
}

/** Changes that have not ended, of all workspaces. */
export async function listOpenBulks(pool: pg.Pool): Promise<readonly { readonly workspace_id: string; readonly id: string }[]> {
  return (await pool.query<{ workspace_id: string; id: string }>("select workspace_id, id from bulk where state in ('running', 'undoing') order by id")).rows;
}

/** Does the work while holding the change, so that one process does it; one that dies gives it back with its connection. Whoever finds it held waits. */
export async function holdingBulk<T>(pool: pg.Pool, id: string, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("select pg_advisory_lock(hashtextextended('bulk ' || $1, 7))", [id]);
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock_all()").catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}
