/** Running the laws: one statement counts what was looked at and what is bad; only what is bad travels. */
import type pg from "pg";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import type { Check } from "./law.ts";

export type Looked = { readonly checked: number; readonly broken: number };

/**
 * Lets the transaction's statements read whole tables: more memory for sorting and hashing than a screen's query gets, and
 * joins by hash. Nested loops are forbidden, because PostgreSQL takes them where tables have not been analyzed yet, and the
 * flow's connections forbid the others: the law of passes took 122 s over 60,000 leads instead of 0.2 (two cores, 2026-11-22).
 */
export async function takeRoom(db: Db): Promise<void> {
  await db.query(sql`
    select set_config('work_mem', '96MB', true), set_config('jit', 'off', true), set_config('statement_timeout', '0', true), set_config('enable_nestloop', 'off', true),
      set_config('enable_seqscan', 'on', true), set_config('enable_hashjoin', 'on', true), set_config('enable_mergejoin', 'on', true)
    where ${workspace}::uuid is not null`);
}

/** Single leads are read by their keys again. */
export async function giveRoomBack(db: Db): Promise<void> {
  await db.query(sql`
    select set_config('enable_nestloop', 'on', true), set_config('enable_seqscan', 'off', true), set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true)
    where ${workspace}::uuid is not null`);
}

export async function countBroken(db: Db, { looks }: Check): Promise<Looked> {
  const rows = await db.query<Looked>(composedSql(`select count(*) as checked, count(*) filter (where bad) as broken from (${looks}) looked`, []));
  return rows[0] as Looked;
}

/** Rows that break the law, without the mark. */
export async function listBroken(db: Db, { looks }: Check, limit: number): Promise<readonly Record<string, unknown>[]> {
  const rows = await db.query<{ row: Record<string, unknown> }>(
    composedSql(`select to_jsonb(looked) - 'bad' as row from (${looks}) looked where bad limit $2`, [limit]),
  );
  return rows.map(({ row }) => row);
}

/** Leads drawn by lot; until the next publish the same ones. */
export async function drawLeads(db: Db, count: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select l.id from lead l join workspace w on w.workspace_id = l.workspace_id
    where l.workspace_id = ${workspace} order by hashtextextended(l.id::text, w.config_number), l.id limit ${count}`);
  return rows.map(({ id }) => id);
}

/** Tables that hold rows of a workspace that is not there. Skips from one workspace to the next along the primary keys. */
export async function listOrphans(pool: pg.Pool): Promise<readonly { readonly table: string; readonly workspaceId: string }[]> {
  const { rows: tables } = await pool.query<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id' and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'workspace' order by 1`);
  const found: { table: string; workspaceId: string }[] = [];
  for (const { name } of tables) {
    const { rows } = await pool.query<{ workspace_id: string }>(`
      with recursive seen as (
        (select workspace_id from ${name} order by workspace_id limit 1)
        union all
        select (select t.workspace_id from ${name} t where t.workspace_id > seen.workspace_id order by t.workspace_id limit 1) from seen where seen.workspace_id is not null
      )
      select workspace_id from seen where workspace_id is not null and not exists (select 1 from workspace w where w.workspace_id = seen.workspace_id)`);
    for (const { workspace_id } of rows) found.push({ table: name, workspaceId: workspace_id });
  }
  return found;
}
