/** What benches ask the database about what was written, and what they do to it between rounds. Not bound to a workspace: the house has one. */
import type pg from "pg";

/** Tables of a workspace that hold what happens; partitions stand in their parent. The clock of the notifier runs by itself. */
export async function listTables(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ name: string }>(`
    select c.relname as name from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attname = 'workspace_id'
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.relname not in ('workspace', 'config_version', 'app_user', 'api_key', 'notice_clock') order by 1`);
  return rows.map(({ name }) => name);
}

export type Amounts = ReadonlyMap<string, { readonly rows: number; readonly bytes: number }>;

/** Rows, and bytes with indexes, of every table. */
export async function listAmounts(pool: pg.Pool): Promise<Amounts> {
  const { rows: sizes } = await pool.query<{ name: string; bytes: string }>(`
    select coalesce(p.relname, c.relname) as name, sum(pg_total_relation_size(c.oid)) as bytes
    from pg_class c left join pg_inherits i on i.inhrelid = c.oid left join pg_class p on p.oid = i.inhparent
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') group by 1`);
  const bytes = new Map(sizes.map((row) => [row.name, Number(row.bytes)]));
  const tables = await listTables(pool);
  const { rows } = await pool.query<{ name: string; rows: string }>(
    tables.map((table) => `select '${table}' as name, count(*) as rows from ${table}`).join(" union all "),
  );
  return new Map(rows.map((row) => [row.name, { rows: Number(row.rows), bytes: bytes.get(row.name) ?? 0 }]));
}

/** Leads in each stage. */
export async function countStages(pool: pg.Pool): Promise<ReadonlyMap<string, number>> {
  const { rows } = await pool.query<{ stage: string; n: string }>("select stage, count(*) as n from lead group by stage");
  return new Map(rows.map(({ stage, n }) => [stage, Number(n)]));
}

export async function isInboxEmpty(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ empty: boolean }>("select not exists (select from touch_inbox) as empty");
  return rows[0]?.empty === true;
}

export async function listLeadIds(pool: pg.Pool, limit: number): Promise<readonly { readonly id: string; readonly email: string }[]> {
  return (await pool.query<{ id: string; email: string }>("select id, email from lead where email is not null order by id limit $1", [limit])).rows;
}

/** Where the most leads of one owner in one stage are. */
export async function listOwnersOfMost(pool: pg.Pool, limit: number): Promise<readonly { readonly owner_id: string; readonly stage: string }[]> {
  const { rows } = await pool.query<{ owner_id: string; stage: string }>(
    "select owner_id, stage from lead where owner_id is not null group by 1, 2 order by count(*) desc, 1 limit $1",
    [limit],
  );
  return rows;
}

export type Run = { readonly state: string; readonly seconds: number | null; readonly leads: number };

export async function findRescore(pool: pg.Pool, config: number): Promise<Run | null> {
  const { rows } = await pool.query<{ state: string; seconds: number | null; leads: string | number }>(
    "select state, extract(epoch from finished_at - started_at)::float8 as seconds, leads from rescore_run where config = $1",
    [config],
  );
  const [run] = rows;
  return run === undefined ? null : { ...run, leads: Number(run.leads) };
}

export async function addToScores(pool: pg.Pool, points: 1 | -1): Promise<void> {
  await pool.query(`UPDATE lead SET score = score ${points === 1 ? "+" : "-"} 1`);
}

/** Fills the reference with the people of the product, everything else as its own invention would have it. */
export async function fillReference(pool: pg.Pool): Promise<void> {
  await pool.query(`
    insert into reference_lead (email, first_name, last_name, company, source, stage, owner, score, fields)
    select 'r' || i || '@example.com', first_name, last_name, company, 'source' || i % 12, 'stage' || i % 6, i % 40, (i * 7919) % 101, '{}'
    from (select row_number() over (order by id) as i, first_name, last_name, company from lead) people`);
  await pool.query("analyze reference_lead");
}

export async function emptyTables(owner: pg.Pool, tables: readonly string[]): Promise<void> {
  await owner.query(`truncate ${tables.join(", ")}`);
}

/** Puts the database in order, so that no round pays for the one before. */
export async function tidy(admin: pg.Pool): Promise<void> {
  await admin.query("vacuum (analyze)");
  await admin.query("checkpoint");
}
