/** Rows of the inbox of touches. */
import type pg from "pg";
import { type Db, sql, workspace } from "../db/db.ts";
import type { Item } from "./item.ts";

export type InboxRow = { readonly id: string; readonly item: readonly Item[] };

/** Workspaces with touches waiting; the one statement here that is not bound to a workspace. */
export async function listInboxWorkspaces(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: "inbox-workspaces",
    text: "select workspace_id from workspace w where exists (select 1 from touch_inbox i where i.workspace_id = w.workspace_id)",
  });
  return rows.map((row) => row.workspace_id);
}

export async function listKnownLeads(db: Db, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const rows = await db.query<{ id: string }>(sql`select l.id from unnest(${ids}::uuid[]) k (id) join lead l on l.workspace_id = ${workspace} and l.id = k.id`);
  return new Set(rows.map((row) => row.id));
}

export async function insertInboxRows(db: Db, rows: readonly InboxRow[], at: Date): Promise<void> {
  if (rows.length === 0) return;
  await db.execute(sql`
    insert into touch_inbox (workspace_id, id, received_at, size, item)
    select ${workspace}, id, ${at}, size, item
    from unnest(${rows.map((row) => row.id)}::uuid[], ${rows.map((row) => row.item.length)}::int[], ${rows.map((row) => JSON.stringify(row.item))}::text[]) r (id, size, item)`);
}

/**
 * Takes the first rows nobody else is working on, as many as hold about `items` items and at least one; gone when the
 * transaction commits. In the order in which they came.
 */
export async function takeInboxRows(db: Db, limit: number, items: number): Promise<readonly InboxRow[]> {
  const rows = await db.query<{ readonly id: string; readonly item: string }>(sql`
    delete from touch_inbox where workspace_id = ${workspace} and id in (
      select id from (
        select id, row_number() over (order by id) as place, sum(size) over (order by id) as upto
        from (select id, size from touch_inbox where workspace_id = ${workspace} order by id limit ${limit} for update skip locked) free
      ) counted where place = 1 or upto <= ${items})
    returning id, item`);
  return rows.map(({ id, item }): InboxRow => ({ id, item: JSON.parse(item) })).sort((a, b) => (a.id < b.id ? -1 : 1));
}

export function deleteInboxRow(db: Db, id: string): void {
  db.post(sql`delete from touch_inbox where workspace_id = ${workspace} and id = ${id}`);
}
