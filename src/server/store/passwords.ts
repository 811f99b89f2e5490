import { randomBytes } from "node:crypto";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import path from "node:path";
import { StoreError } from "./store-error.ts";

/**
 * The passwords of the embedded database's three roles, generated once.
 *
 * The socket is already out of reach for other accounts; the passwords keep
 * out other programs of the same account, which would come in under `trust`.
 */
export type Passwords = { readonly admin: string; readonly owner: string; readonly app: string };

/** Reads the passwords, or makes them when this is a new folder. They are on disk before the database knows them. */
export function passwordsOf(dataDir: string): Passwords {
  const file = path.join(dataDir, "postgres-passwords.json");
  if (!existsSync(file)) {
    const made: Passwords = { admin: generated(), owner: generated(), app: generated() };
    writeFileSync(`${file}.tmp`, JSON.stringify(made), { mode: 0o600, flush: true });
    renameSync(`${file}.tmp`, file);
  }
  try {
    const { admin, owner, app } = JSON.parse(readFileSync(file, "utf8")) as Partial<Passwords>;
    if (admin && owner && app) return { admin, owner, app };
  } catch (cause) {
    throw new StoreError(
      `The database's passwords in ${file} cannot be read: ${(cause as Error).message}. Put the file back from a copy of the folder, or restore a backup into a new folder: baton restore FILE`,
      { cause },
    );
  }
  throw new StoreError(
    `The database's passwords in ${file} are incomplete. Put the file back from a copy of the folder, or restore a backup into a new folder: baton restore FILE`,
  );
}

function generated(): string {
  return randomBytes(24).toString("base64url");
}
