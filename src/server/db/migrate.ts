import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import { grantToApp } from "./grants.ts";
import { type Migration, readMigrations, splitStatements } from "./migrations.ts";

/**
 * Migrations: forward only, plain SQL, one at a time under an advisory lock.
 *
 * Each waits at most five seconds for a table lock and then steps back,
 * because a migration that waits makes everybody behind it wait too.
 */
export class MigrationError extends Error {
  constructor(message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = "MigrationError";
  }
}

export type MigrateOptions = {
  /** Written beside each migration, so that an older Baton can say which one is needed. */
  readonly batonVersion: string;
  readonly folder?: string;
  readonly log?: (line: string) => void;
  readonly lockTimeoutMs?: number;
  readonly attempts?: number;
};

/** Applies what is pending and sees to the app role's rights. Returns the names applied. Throws MigrationError in words. */
export async function migrate(store: { readonly owner: ClientConfig; readonly app: ClientConfig }, options: MigrateOptions): Promise<readonly string[]> {
  const known = readMigrations(options.folder);
  const app = await connected(store.app, currentUser);
  return connected(store.owner, async (owner) => {
    await onlyOneAtATime(owner, options.log);
    await owner.query(`create table if not exists schema_migration (
      version int primary key, name text not null, checksum text not null,
      applied_at timestamptz not null default now(), baton_version text not null)`);
    const pending = compare(known, await appliedIn(owner), options.batonVersion);
    for (const migration of pending) {
      options.log?.(`Migrating the database: ${migration.name}`);
      await apply(owner, migration, options);
    }
    if (app !== (await currentUser(owner))) await grantToApp(owner, app);
    return pending.map((migration) => migration.name);
  });
}

/** Names of what `migrate` would apply, so that a start can back up first. `fresh` means there is nothing to back up. Throws as `migrate` does. */
export async function pendingMigrations(
  store: { readonly owner: ClientConfig },
  options: Pick<MigrateOptions, "batonVersion" | "folder">,
): Promise<{ readonly pending: readonly string[]; readonly fresh: boolean }> {
  const known = readMigrations(options.folder);
  return connected(store.owner, async (owner) => {
    const { rows } = await owner.query<{ there: boolean }>("select to_regclass('schema_migration') is not null as there");
    const applied = rows[0]?.there === true ? await appliedIn(owner) : [];
    return { pending: compare(known, applied, options.batonVersion).map((migration) => migration.name), fresh: applied.length === 0 };
  });
}

type Applied = { readonly version: number; readonly name: string; readonly checksum: string; readonly baton_version: string };

async function appliedIn(client: Client): Promise<readonly Applied[]> {
  return (await client.query<Applied>("select version, name, checksum, baton_version from schema_migration order by version")).rows;
}

/** What is left to apply. Throws when the database is ahead of this Baton, or was made by files that changed since. */
function compare(known: readonly Migration[], applied: readonly Applied[], batonVersion: string): readonly Migration[] {
  const byVersion = new Map(known.map((migration) => [migration.version, migration]));
  const newest = applied.at(-1);
  const unknown = applied.find((row) => !byVersion.has(row.version));
  if (newest !== undefined && unknown !== undefined)
    throw new MigrationError(
      `The database is newer than this Baton: it was migrated to ${newest.name} by Baton ${newest.baton_version}, and this is Baton ${batonVersion}, which knows migrations up to ${known.at(-1)?.name ?? "none"}. ` +
        `Start Baton ${newest.baton_version} or newer, or restore a backup made before the upgrade into a new data folder: baton restore FILE`,
    );
  for (const row of applied) {
    if (byVersion.get(row.version)?.checksum === row.checksum) continue;
    throw new MigrationError(
      `Migration ${row.name} was applied by Baton ${row.baton_version} with other contents than this Baton carries (checksum ${row.checksum.slice(0, 12)}, expected ${byVersion.get(row.version)?.checksum.slice(0, 12)}). ` +
        `Applied migrations never change: put the file back as it was released (git checkout migrations), and write a new migration for the change.`,
    );
  }
  const last = newest?.version ?? 0;
  const late = known.find((migration) => migration.version < last && !applied.some((row) => row.version === migration.version));
  if (late !== undefined)
    throw new MigrationError(`Migration ${late.name} comes before ${newest?.name}, which is already applied. Give it the next free number.`);
  return known.filter((migration) => migration.version > last);
}

async function apply(owner: Client, migration: Migration, options: MigrateOptions): Promise<void> {
  const attempts = options.attempts ?? 12;
  for (let attempt = 1; ; attempt++) {
    try {
      await owner.query(`set lock_timeout = ${Math.round(options.lockTimeoutMs ?? 5000)}`);
      return await (migration.transaction ? applyAtOnce(owner, migration, options) : applyOneByOne(owner, migration, options));
    } catch (error) {
      await owner.query("rollback");
      const { code, message } = error as { code?: string; message: string };
      const waited = code === "55P03" || code === "40P01";
      if (!waited || attempt >= attempts)
        throw new MigrationError(
          `Migration ${migration.name} failed${waited ? ` ${attempts} times, because others hold the tables it needs` : ""}: ${message}. ${whatIsLeft(migration)}`,
          { cause: error },
        );
      options.log?.(`Migration ${migration.name} waits for others to let go of a table (attempt ${attempt} of ${attempts}).`);
      await sleep(Math.min(200 * 2 ** attempt, 5000));
    }
  }
}

async function applyAtOnce(owner: Client, migration: Migration, options: MigrateOptions): Promise<void> {
  await owner.query("begin");
  await owner.query(migration.sql);
  await record(owner, migration, options.batonVersion);
  await owner.query("commit");
}

async function applyOneByOne(owner: Client, migration: Migration, options: MigrateOptions): Promise<void> {
  for (const statement of splitStatements(migration.sql)) await owner.query(statement);
  await record(owner, migration, options.batonVersion);
}

async function record(owner: Client, migration: Migration, batonVersion: string): Promise<void> {
  await owner.query("insert into schema_migration (version, name, checksum, baton_version) values ($1, $2, $3, $4)", [
    migration.version,
    migration.name,
    migration.checksum,
    batonVersion,
  ]);
}

function whatIsLeft(migration: Migration): string {
  return migration.transaction
    ? "Nothing of it remains; after a repair start again."
    : "Its earlier statements remain and are made to be repeated; after a repair start again.";
}

/** An arbitrary number, the same in every Baton for ever. */
const LOCK = 20_261_101;

async function onlyOneAtATime(owner: Client, log?: (line: string) => void): Promise<void> {
  for (let told = false; ; told = true) {
    const { rows } = await owner.query<{ got: boolean }>("select pg_try_advisory_lock($1) as got", [LOCK]);
    if (rows[0]?.got === true) return;
    if (!told) log?.("Waiting for another Baton that is migrating this database.");
    await sleep(200);
  }
}

async function currentUser(client: Client): Promise<string> {
  return (await client.query<{ name: string }>("select current_user as name")).rows[0]?.name ?? "";
}

async function connected<T>(config: ClientConfig, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionTimeoutMillis: 10_000, ...config });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}
