/**
 * Restoring: a backup becomes the contents of an empty database of any supported PostgreSQL. The file is read through and
 * checked before the database is touched, everything is loaded in one transaction, and nothing is resumed: sending stays
 * paused until somebody allows it.
 */
import { copyFileSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import type { Client, ClientConfig } from "pg";
import { migrate } from "../../db/migrate.ts";
import { MIGRATIONS, readMigrations } from "../../db/migrations.ts";
import { ensurePartition } from "../../db/partitions.ts";
import { dropIndexes, dropTables, fillTable, findFilledTable, listApplied, lockTables, setHouseFlag, withPlainClient } from "./backup.queries.ts";
import { BackupError, type BackupHeader, readBackup, verifyBackup } from "./backup-file.ts";

export type RestoreResult = {
  readonly rows: number;
  readonly tables: number;
  readonly createdAt: string;
  readonly madeBy: string;
  readonly migrated: readonly string[];
};

export type RestoreTarget = {
  readonly owner: ClientConfig;
  readonly app: ClientConfig;
  readonly batonVersion: string;
  readonly now: number;
  /** Where the migrations are, when not where Baton keeps them. */
  readonly folder?: string;
  readonly log?: (line: string) => void;
};

/** Throws BackupError in words; then the database is as it was. */
export async function restoreFrom(file: string, target: RestoreTarget): Promise<RestoreResult> {
  const folder = target.folder ?? MIGRATIONS;
  const source = path.resolve(file);
  target.log?.("Checking the backup.");
  const header = await verifyBackup(source);
  refuseForeignSchema(header, folder, target.batonVersion, source);
  await prepareSchema(header, folder, target);
  target.log?.("Restoring.");
  const rows = await withPlainClient(target.owner, (client) => load(client, source, header, target.now));
  const migrated = await migrate(target, { batonVersion: target.batonVersion, folder, ...(target.log === undefined ? {} : { log: target.log }) });
  return { rows, tables: header.tables.length, createdAt: header.createdAt, madeBy: header.baton, migrated };
}

function refuseForeignSchema(header: BackupHeader, folder: string, batonVersion: string, file: string): void {
  const known = new Map(readMigrations(folder).map((migration) => [migration.version, migration]));
  const newest = header.migrations.at(-1);
  if (newest === undefined) throw new BackupError(`${file} was made of a database that had never been migrated; there is nothing to restore.`);
  for (const { version, name, checksum } of header.migrations) {
    const ours = known.get(version);
    if (ours === undefined) {
      throw new BackupError(
        `${file} was made by Baton ${header.baton}, whose schema (${newest.name}) is newer than what this Baton ${batonVersion} knows. Restore it with Baton ${header.baton} or newer.`,
      );
    }
    if (ours.checksum !== checksum) {
      throw new BackupError(
        `${file} was made with other contents of migration ${name} (checksum ${checksum.slice(0, 12)}, here ${ours.checksum.slice(0, 12)}). Restore it with the Baton ${header.baton} that made it.`,
      );
    }
  }
}

/** Brings an empty database to exactly the schema of the backup. */
async function prepareSchema(header: BackupHeader, folder: string, target: RestoreTarget): Promise<void> {
  const ready = await withPlainClient(target.owner, async (client) => {
    await refuseFilled(client);
    const applied = await listApplied(client);
    const same = applied.length === header.migrations.length && applied.every(({ checksum }, i) => checksum === header.migrations[i]?.checksum);
    if (!same && applied.length > 0) await dropTables(client);
    return same;
  });
  if (ready) return;
  const then = mkdtempSync(path.join(os.tmpdir(), "baton-restore-"));
  try {
    for (const { name } of header.migrations) copyFileSync(path.join(folder, `${name}.sql`), path.join(then, `${name}.sql`));
    await migrate(target, { batonVersion: target.batonVersion, folder: then });
  } finally {
    rmSync(then, { recursive: true, force: true });
  }
}

async function refuseFilled(client: Client): Promise<void> {
  const filled = await findFilledTable(client);
  if (filled === null) return;
  throw new BackupError(
    `The database is not empty: table ${filled} has rows. A backup is restored into an empty one, so that nothing is mixed or lost: set BATON_DATA to a new folder, or DATABASE_URL to a new database.`,
  );
}

async function load(client: Client, file: string, header: BackupHeader, now: number): Promise<number> {
  for (const partition of header.partitions) await ensurePartition(client, partition);
  let rows = 0;
  await client.query("begin");
  try {
    await lockTables(client);
    await refuseFilled(client);
    const indexes = await dropIndexes(client);
    await readBackup(file, async (table, chunks) => {
      const took = await fillTable(client, table, Readable.from(chunks));
      rows += took;
      return took;
    });
    for (const statement of indexes) await client.query(statement);
    await setHouseFlag(client, "sending", { state: "paused", because: "restored", backupOf: header.createdAt }, new Date(now));
    await client.query("commit");
  } catch (error) {
    await client.query("rollback").catch(() => {});
    throw error;
  }
  await client.query("analyze");
  return rows;
}
