import { createHash } from "node:crypto";
import { chownSync, lstatSync, mkdirSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Account } from "./account.ts";
import { StoreError } from "./store-error.ts";

/** The system cuts or refuses socket paths longer than this many bytes (macOS is the stricter one). */
const LONGEST = process.platform === "linux" ? 107 : 103;

/** The folder for the database's socket: the cluster itself (0700), or a short private one when that path is too long. */
export function socketFolder(cluster: string, account: Account | null, shortFolders: readonly string[] = [os.tmpdir(), "/tmp"]): string {
  if (fits(cluster)) return cluster;
  const uid = account?.uid ?? process.getuid?.() ?? 0;
  const name = `baton-${createHash("sha256").update(`${uid} ${cluster}`).digest("hex").slice(0, 16)}`;
  for (const folder of shortFolders.map((parent) => path.join(parent, name)).filter(fits)) {
    try {
      mkdirSync(folder, { mode: 0o700 });
      if (account !== null) chownSync(folder, account.uid, account.gid);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") continue;
    }
    const stat = lstatSync(folder);
    if (stat.isDirectory() && stat.uid === uid && (stat.mode & 0o077) === 0) return folder;
  }
  throw new StoreError(
    `The path of the data folder is too long for a socket (${cluster}), and no short folder in ${shortFolders.join(" or ")} could be made. Name a shorter folder with BATON_DATA, or a short TMPDIR.`,
  );
}

function fits(folder: string): boolean {
  return Buffer.byteLength(path.join(folder, ".s.PGSQL.5432")) <= LONGEST;
}
