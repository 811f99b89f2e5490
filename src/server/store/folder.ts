import { createHash, randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, readFileSync, realpathSync, renameSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Account, canEnter, databaseAccount } from "./account.ts";
import { StoreError } from "./store-error.ts";

/**
 * Where data lives: the data folder, and in it the cluster.
 *
 * Baton may run as root while the database does not. Then the folder may lie
 * where the database's account cannot enter. A folder nobody named moves to one
 * it can enter. A folder that was named stays, and is opened for passing
 * through (0711); only when something above it bars the way does the cluster
 * alone live elsewhere, and `postgres.location` in the folder says where. It
 * holds a random name, so a folder made anew never finds an old database.
 */
export type Place = { readonly cluster: string; readonly account: Account | null };

type Wish = { readonly dir: string; readonly named: boolean };

const POINTER = "postgres.location";

/** The data folder, found without changing anything, so that a command finds the one the server uses. `shelter` is for tests. */
export function locateData(wish: Wish, shelter = "/var/lib"): string {
  if (wish.named || process.getuid?.() !== 0 || existsSync(path.join(wish.dir, "postgres")) || existsSync(path.join(wish.dir, POINTER))) return wish.dir;
  const elsewhere = path.join(shelter, `baton-${createHash("sha256").update(wish.dir).digest("hex").slice(0, 12)}`);
  if (existsSync(path.join(elsewhere, "postgres"))) return elsewhere;
  return canEnter(nearestExisting(wish.dir), databaseAccount(null)) ? wish.dir : elsewhere;
}

export function makeDataFolder(dataDir: string): void {
  try {
    mkdirSync(dataDir, { recursive: true, mode: 0o700 });
    mkdirSync(path.join(dataDir, "locks"), { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new StoreError(
      `The data folder ${dataDir} cannot be made or written: ${(cause as Error).message}. Make it writable, or name another with BATON_DATA.`,
      { cause },
    );
  }
}

/** Decides where the cluster is or will be and as whom it runs, and sees to it that this account gets there. Call it under the lock. */
export function placeCluster(dataDir: string, log: (line: string) => void, shelter = "/var/lib"): Place {
  const pointed = readPointer(dataDir);
  // The real path, because a running PostgreSQL is recognised by the path it was started with.
  dataDir = realpathSync(dataDir);
  const here = path.join(dataDir, "postgres");
  const account = databaseAccount(pointed === null ? here : path.join(pointed, "postgres"));
  if (pointed !== null) return sheltered(dataDir, pointed, account, log);
  if (canEnter(dataDir, account)) return { cluster: here, account };
  if (canEnter(path.dirname(dataDir), account)) {
    chmodSync(dataDir, (statSync(dataDir).mode & 0o777) | 0o011);
    log(`Opened ${dataDir} for passing through (mode 0711): the database runs as "${account?.name}" and has to reach its own folder in it.`);
    return { cluster: here, account };
  }
  if (existsSync(here))
    throw new StoreError(
      `The database in ${here} runs as "${account?.name}", and this account can no longer enter ${dataDir}. Let it pass (chmod o+x on the folders above), or move the data folder to where it can.`,
    );
  const chosen = path.join(shelter, `baton-${randomBytes(6).toString("hex")}`);
  mkdirSync(chosen, { recursive: true, mode: 0o711 });
  writeFileSync(path.join(dataDir, `${POINTER}.tmp`), `${chosen}\n`, { mode: 0o600, flush: true });
  renameSync(path.join(dataDir, `${POINTER}.tmp`), path.join(dataDir, POINTER));
  return sheltered(dataDir, chosen, account, log);
}

function readPointer(dataDir: string): string | null {
  const pointer = path.join(dataDir, POINTER);
  if (!existsSync(pointer)) return null;
  const pointed = readFileSync(pointer, "utf8").trim();
  if (existsSync(pointed)) return pointed;
  throw new StoreError(
    `The database of ${dataDir} should be in ${pointed} (says ${pointer}) and is not there. Put that folder back, or restore a backup into a new data folder: baton restore FILE`,
  );
}

function sheltered(dataDir: string, home: string, account: Account | null, log: (line: string) => void): Place {
  log(`The database of ${dataDir} lives in ${home}: it runs as "${account?.name}", which cannot enter the data folder.`);
  return { cluster: path.join(home, "postgres"), account };
}

function nearestExisting(folder: string): string {
  return existsSync(folder) ? folder : nearestExisting(path.dirname(folder));
}
