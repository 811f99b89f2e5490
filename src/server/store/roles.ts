import { Client, type ClientConfig } from "pg";
import type { Passwords } from "./passwords.ts";

/**
 * The roles and the database of an embedded cluster.
 *
 * `baton_owner` owns the database and changes its shape; `baton_app` owns
 * nothing and only reads and writes rows; the superuser is used here and
 * nowhere else. Everything is made if missing, so a start that was cut short
 * is finished by the next.
 */
export const DATABASE = "baton";
export const OWNER = "baton_owner";
export const APP = "baton_app";

/** All three are trusted extensions, present in the embedded package and in PostgreSQL's own contrib. */
export const EXTENSIONS = ["pg_trgm", "unaccent", "fuzzystrmatch"] as const;

export async function ensureRoles(admin: ClientConfig, passwords: Passwords): Promise<void> {
  await withClient(admin, async (client) => {
    const { rows } = await client.query<{ name: string }>("select rolname as name from pg_roles union all select datname from pg_database");
    const known = new Set(rows.map((row) => row.name));
    // Passwords are our own base64url, so they need no quoting; roles cannot be created with parameters.
    if (!known.has(OWNER)) await client.query(`create role ${OWNER} login password '${passwords.owner}'`);
    if (!known.has(APP)) await client.query(`create role ${APP} login password '${passwords.app}'`);
    if (!known.has(DATABASE)) await client.query(`create database ${DATABASE} owner ${OWNER}`);
  });
  await withClient({ ...admin, database: DATABASE }, async (client) => {
    const { rows } = await client.query<{ extname: string }>("select extname from pg_extension");
    const known = new Set(rows.map((row) => row.extname));
    for (const extension of EXTENSIONS) if (!known.has(extension)) await client.query(`create extension if not exists ${extension}`);
  });
}

/** Ends what a killed Baton left behind in a database that lived on. */
export async function endOtherSessions(admin: ClientConfig): Promise<void> {
  await withClient(admin, async (client) => {
    await client.query("select pg_terminate_backend(pid) from pg_stat_activity where backend_type = 'client backend' and pid <> pg_backend_pid()");
  });
}

export async function withClient<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionTimeoutMillis: 10_000, ...config });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
