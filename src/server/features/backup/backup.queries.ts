/** What backup and restore ask of a database. They see all workspaces at once, so they work on connections of their own. */
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { Client, type ClientConfig, escapeIdentifier } from "pg";
import { from as copyFrom, to as copyTo } from "pg-copy-streams";
import type { Partition } from "../../db/partitions.ts";
import type { BackupHeader, BackupTable, TableRows } from "./backup-file.ts";

/** A plain connection, because the pool's connections pipeline and refuse streams. */
export async function withPlainClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionTimeoutMillis: 10_000, ...config, password: config.password, pipeline: false } as ClientConfig);
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

/** Everything read inside sees the database at one moment. */
export async function inSnapshot<T>(client: Client, work: () => Promise<T>): Promise<T> {
  await client.query("begin isolation level repeatable read, read only");
  try {
    const result = await work();
    await client.query("commit");
    return result;
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
}

export async function describeDatabase(client: Client): Promise<Pick<BackupHeader, "postgres" | "migrations" | "tables" | "partitions">> {
  const { rows: migrations } = await client.query<BackupHeader["migrations"][number]>("select version, name, checksum from schema_migration order by version");
  const { rows: version } = await client.query<{ postgres: string }>("select current_setting('server_version') as postgres");
  return { postgres: version[0]?.postgres ?? "", migrations, tables: [...(await listTables(client))], partitions: [...(await listPartitions(client))] };
}

/** Tables with rows of ours, partitions under their parents, the ones that others refer to first. */
export async function listTables(client: Client): Promise<readonly { readonly name: string; readonly columns: string[] }[]> {
  const { rows } = await client.query<{ name: string; columns: string[] }>(`
    select c.relname as name, array_agg(a.attname::text order by a.attnum) as columns
    from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = ''
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname <> 'schema_migration'
      and not exists (select 1 from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = c.oid and e.deptype = 'e')
    group by c.oid, c.relname
    order by exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), c.relname`);
  return rows;
}

async function listPartitions(client: Client): Promise<readonly Partition[]> {
  const { rows } = await client.query<Partition>(`
    select p.relname as table, c.relname as name, b[1] as from, b[2] as to
    from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent,
      regexp_match(pg_get_expr(c.relpartbound, c.oid), 'FROM \\(''(.+?)''\\) TO \\(''(.+?)''\\)') b
    where p.relnamespace = 'public'::regnamespace and p.relkind = 'p' and b is not null order by 1, 2`);
  return rows;
}

/** The rows of a table in COPY's text form. A query, because a partitioned table cannot be copied out by name. */
export function rowsOf(client: Client, { name, columns }: BackupTable): TableRows {
  const stream = client.query(copyTo(`copy (select ${columns.map(escapeIdentifier).join(", ")} from ${escapeIdentifier(name)}) to stdout`));
  return { chunks: stream, count: () => (stream as unknown as { rowCount: number }).rowCount };
}

/** Fills a table; answers how many rows it took. */
export async function fillTable(client: Client, { name, columns }: BackupTable, rows: Readable): Promise<number> {
  const stream = client.query(copyFrom(`copy ${escapeIdentifier(name)} (${columns.map(escapeIdentifier).join(", ")}) from stdin`));
  await pipeline(rows, stream);
  return (stream as unknown as { rowCount: number }).rowCount;
}

/** The first table that holds a row, or null. */
export async function findFilledTable(client: Client): Promise<string | null> {
  for (const { name } of await listTables(client)) {
    const { rows } = await client.query<{ filled: boolean }>(`select exists (select 1 from ${escapeIdentifier(name)}) as filled`);
    if (rows[0]?.filled === true) return name;
  }
  return null;
}

/** Nobody else reads or writes until the transaction ends. */
export async function lockTables(client: Client): Promise<void> {
  const tables = await listTables(client);
  if (tables.length > 0) await client.query(`lock table ${tables.map(({ name }) => escapeIdentifier(name)).join(", ")} in access exclusive mode`);
}

export async function listApplied(client: Client): Promise<BackupHeader["migrations"]> {
  const { rows: there } = await client.query<{ there: boolean }>("select to_regclass('schema_migration') is not null as there");
  if (there[0]?.there !== true) return [];
  return (await client.query<BackupHeader["migrations"][number]>("select version, name, checksum from schema_migration order by version")).rows;
}

/** Takes everything of ours out of an empty database, so that it can be made again as it was. */
export async function dropTables(client: Client): Promise<void> {
  const names = [...(await listTables(client)).map(({ name }) => name), "schema_migration"];
  await client.query(`drop table if exists ${names.map(escapeIdentifier).join(", ")} cascade`);
}

/** Drops the indexes that are not keys and answers the statements that make them again; filling a table without them takes half the time. */
export async function dropIndexes(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; statement: string }>(`
    select i.indexrelid::regclass::text as name, replace(pg_get_indexdef(i.indexrelid), ' ON ONLY ', ' ON ') as statement
    from pg_index i join pg_class c on c.oid = i.indexrelid join pg_class t on t.oid = i.indrelid
    where t.relnamespace = 'public'::regnamespace and t.relkind in ('r', 'p') and not c.relispartition and not i.indisunique
      and not exists (select 1 from pg_depend e where e.classid = 'pg_class'::regclass and e.objid = t.oid and e.deptype = 'e')
    order by 1`);
  for (const { name } of rows) await client.query(`drop index ${name}`);
  return rows.map((row) => row.statement);
}

export async function setHouseFlag(client: Client, key: string, value: unknown, at: Date): Promise<void> {
  await client.query(
    "insert into house_flag (key, value, set_at) values ($1, $2, $3) on conflict (key) do update set value = excluded.value, set_at = excluded.set_at",
    [key, JSON.stringify(value), at],
  );
}
