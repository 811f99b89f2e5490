import { execFileSync, spawnSync } from "node:child_process";
import { statSync } from "node:fs";
import { StoreError } from "./store-error.ts";

/**
 * The account: as whom PostgreSQL runs when Baton was started as root.
 *
 * PostgreSQL refuses to run as root. The unprivileged account may not be able
 * to enter what root can, and no mode bits tell that reliably (think of a 0700
 * folder three levels up, or a mount with rules of its own), so the account
 * itself is asked.
 */
export type Account = { readonly uid: number; readonly gid: number; readonly name: string };

/** A dedicated account first; `postgres` may belong to another PostgreSQL, `nobody` to anything. */
const CANDIDATES = ["baton", "postgres", "nobody"];

/**
 * Null when Baton does not run as root: then the database runs as the same user.
 * An existing cluster keeps its owner, whoever that is.
 */
export function databaseAccount(cluster: string | null): Account | null {
  const owner = cluster === null ? null : ownerOf(cluster);
  if (process.getuid?.() !== 0) {
    if (owner !== null && owner.uid !== process.getuid?.())
      throw new StoreError(
        `The database in ${cluster} belongs to the account "${nameOf(owner.uid)}", and Baton was started as "${nameOf(process.getuid?.() ?? -1)}". Start it as root or as that account, or give the folder to this one: chown -R ${nameOf(process.getuid?.() ?? -1)} ${cluster}`,
      );
    return null;
  }
  if (owner !== null && owner.uid !== 0) return { ...owner, name: nameOf(owner.uid) };
  for (const name of CANDIDATES) {
    const uid = idOf("-u", name);
    const gid = idOf("-g", name);
    if (uid !== null && gid !== null && uid !== 0) return { uid, gid, name };
  }
  throw new StoreError(
    `PostgreSQL does not run as root, and none of the accounts ${CANDIDATES.join(", ")} exists to run it as. Start Baton as an ordinary user, create an account (useradd --system baton), or use a PostgreSQL server with DATABASE_URL.`,
  );
}

/** True when the account can enter the folder, asked as that account. */
export function canEnter(folder: string, account: Account | null): boolean {
  return spawnSync("/bin/sh", ["-c", 'cd -- "$1"', "sh", folder], { ...asAccount(account), cwd: "/", stdio: "ignore" }).status === 0;
}

/** Options for `spawn` that run a program as the account. */
export function asAccount(account: Account | null): { readonly uid?: number; readonly gid?: number } {
  return account === null ? {} : { uid: account.uid, gid: account.gid };
}

function ownerOf(folder: string): { readonly uid: number; readonly gid: number } | null {
  try {
    const { uid, gid } = statSync(folder);
    return { uid, gid };
  } catch {
    return null;
  }
}

function nameOf(uid: number): string {
  return id(["-un", String(uid)]) ?? String(uid);
}

function idOf(flag: "-u" | "-g", name: string): number | null {
  const text = id([flag, name]);
  return text === null ? null : Number(text);
}

function id(args: readonly string[]): string | null {
  try {
    return execFileSync("id", args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return null;
  }
}
