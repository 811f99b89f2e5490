import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

/** The migration files: what each is called, what it says, and the checksum that proves nobody changed it later. */
export type Migration = { readonly version: number; readonly name: string; readonly checksum: string; readonly transaction: boolean; readonly sql: string };

export const MIGRATIONS = path.resolve(import.meta.dirname, "../../../migrations");

/** All migrations of a folder in order. Throws when a file is misnamed or two carry one number. */
export function readMigrations(folder: string = MIGRATIONS): readonly Migration[] {
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(".sql"))
    .toSorted();
  const migrations = files.map((file) => readMigration(folder, file));
  const twice = migrations.find((migration, i) => migrations[i + 1]?.version === migration.version);
  if (twice !== undefined) throw new Error(`Two migrations carry the number ${twice.version} in ${folder}; give the later one the next free number.`);
  return migrations;
}

function readMigration(folder: string, file: string): Migration {
  const parts = /^(\d{4})_([a-z0-9_]+)\.sql$/.exec(file);
  if (parts === null)
    throw new Error(`${path.join(folder, file)} is not named as a migration; expected four digits, an underscore and small letters, as in 0002_add_teams.sql.`);
  // A checkout on Windows may have other line ends; that is not a change.
  const sql = readFileSync(path.join(folder, file), "utf8").replaceAll("\r\n", "\n");
  return {
    version: Number(parts[1]),
    name: `${parts[1]}_${parts[2]}`,
    checksum: createHash("sha256").update(sql).digest("hex"),
    transaction: !/^-- no-transaction\b/.test(sql),
    sql,
  };
}

/**
 * The statements of a script, split at semicolons outside of quotes, dollar
 * quotes and comments. Needed only without a transaction: PostgreSQL treats
 * several statements sent at once as one transaction.
 */
export function splitStatements(sql: string): readonly string[] {
  const token = /--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"|(\$\w*\$)[\s\S]*?\1|;/g;
  const statements: string[] = [];
  let from = 0;
  for (const match of sql.matchAll(token)) {
    if (match[0] !== ";") continue;
    statements.push(sql.slice(from, match.index));
    from = match.index + 1;
  }
  statements.push(sql.slice(from));
  return statements.map((statement) => statement.trim()).filter((statement) => statement.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\//g, "").trim() !== "");
}
