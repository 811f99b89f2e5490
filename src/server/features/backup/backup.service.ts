/** Backups: the whole house as it was at one moment, while everybody goes on working. */
import { mkdirSync, readdirSync, rmSync } from "node:fs";
import path from "node:path";
import type { ClientConfig } from "pg";
import { pendingMigrations } from "../../db/migrate.ts";
import { describeDatabase, inSnapshot, rowsOf, withPlainClient } from "./backup.queries.ts";
import { type BackupHeader, writeBackup } from "./backup-file.ts";

export type BackupResult = { readonly file: string; readonly bytes: number; readonly rows: number; readonly tables: number; readonly createdAt: string };

/** Writes everything the database holds into `file`, which is replaced when the new one is complete. Throws BackupError in words. */
export async function backupTo(
  source: { readonly connection: ClientConfig; readonly batonVersion: string; readonly now: number },
  file: string,
): Promise<BackupResult> {
  const target = path.resolve(file);
  return withPlainClient(source.connection, (client) =>
    inSnapshot(client, async () => {
      const header: Omit<BackupHeader, "format" | "version"> = {
        baton: source.batonVersion,
        createdAt: new Date(source.now).toISOString(),
        ...(await describeDatabase(client)),
      };
      const { bytes, rows } = await writeBackup(target, header, (table) => rowsOf(client, table));
      return { file: target, bytes, rows, tables: header.tables.length, createdAt: header.createdAt };
    }),
  );
}

/** How many backups made before migrations are kept. */
const KEPT = 5;
const BEFORE_MIGRATION = /^before-migration-\d{4}-\d{2}-\d{2}T[\d-]+Z-.*\.baton$/;

/**
 * When migrations wait on a database that has data, backs it up into `BATON_DATA/backups` first and keeps the last five of
 * these. Answers the file, or null when there was nothing to back up.
 */
export async function backupBeforeMigrating(source: {
  readonly owner: ClientConfig;
  readonly dataDir: string;
  readonly batonVersion: string;
  readonly now: number;
  readonly folder?: string;
}): Promise<string | null> {
  const { pending, fresh } = await pendingMigrations(source, {
    batonVersion: source.batonVersion,
    ...(source.folder === undefined ? {} : { folder: source.folder }),
  });
  if (fresh || pending.length === 0) return null;
  const folder = path.join(source.dataDir, "backups");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = new Date(source.now).toISOString().replaceAll(/[:.]/g, "-");
  const file = path.join(folder, `before-migration-${at}-to-${source.batonVersion}-${pending.at(-1)}.baton`);
  await backupTo({ connection: source.owner, batonVersion: source.batonVersion, now: source.now }, file);
  const old = readdirSync(folder)
    .filter((name) => BEFORE_MIGRATION.test(name))
    .toSorted()
    .slice(0, -KEPT);
  for (const name of old) rmSync(path.join(folder, name));
  return file;
}
