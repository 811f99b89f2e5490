import { randomUUID } from "node:crypto";
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { startMark } from "./processes.ts";
import { StoreHeld } from "./store-error.ts";

/**
 * The lock: which Baton works on a data folder.
 *
 * Every contender puts a claim under a name nobody else will ever use, then
 * looks at the others; whoever sees another living claim takes its own back.
 * Of two that come at once at least one sees the other, so never do both get
 * in. A claim whose process is gone is litter, and because its name is never
 * used again it can be swept away without asking anybody. That is why this is
 * a folder of claims and not one file: one file cannot be taken over from a
 * dead owner without a race.
 */
export type Kind = "server" | "cli";

export type Claim = {
  /** Makes the address known to `runningBaton`; the server is ready from here on. */
  readonly announce: (url: string) => void;
  readonly release: () => void;
};

type Entry = { readonly pid: number; readonly mark: string; readonly kind: Kind; readonly held: boolean; readonly url: string | null };

export type Patience = { readonly cliMs: number; readonly serverMs: number };

/** A server may migrate and back up before it is ready, a command ends soon. */
const PATIENCE: Patience = { cliMs: 60_000, serverMs: 15 * 60_000 };

/** Takes the folder, waiting for a command to finish or a server to become ready. Throws StoreHeld in words. */
export async function takeLock(dataDir: string, kind: Kind, log: (line: string) => void, patience: Patience = PATIENCE): Promise<Claim> {
  const began = performance.now();
  let told = false;
  for (;;) {
    const taken = tryLock(dataDir, kind);
    if ("announce" in taken) return taken;
    const waited = performance.now() - began;
    if (taken.held && (taken.url !== null || waited > (taken.kind === "cli" ? patience.cliMs : patience.serverMs))) throw refusal(dataDir, taken);
    if (!told && taken.held) {
      log(`Waiting for ${taken.kind === "cli" ? "a baton command" : "a Baton that is starting"} (process ${taken.pid}) on ${dataDir}.`);
      told = true;
    }
    await sleep(taken.held ? 100 : 10 + Math.random() * 60);
  }
}

/** Puts a claim without asking for the folder alone: several servers may share one database server. */
export function joinLock(dataDir: string, kind: Kind): Claim {
  return claimOf(claimFile(dataDir), kind, true);
}

/** The server that works on this folder and is ready, or null. */
export function runningBaton(dataDir: string): { readonly pid: number; readonly url: string } | null {
  for (const { entry } of livingClaims(dataDir)) if (entry.kind === "server" && entry.url !== null) return { pid: entry.pid, url: entry.url };
  return null;
}

/** The claim, or the entry that stands in the way. */
function tryLock(dataDir: string, kind: Kind): Claim | Entry {
  const before = livingClaims(dataDir).find(({ entry }) => entry.held);
  if (before !== undefined) return before.entry;
  const file = claimFile(dataDir);
  const claim = claimOf(file, kind, false);
  const others = livingClaims(dataDir).filter((other) => other.file !== file);
  const [other] = others;
  if (other !== undefined) {
    claim.release();
    return (others.find(({ entry }) => entry.held) ?? other).entry;
  }
  return claimOf(file, kind, true);
}

function claimFile(dataDir: string): string {
  return path.join(lockFolder(dataDir), `${process.pid}-${randomUUID()}.json`);
}

function claimOf(file: string, kind: Kind, held: boolean): Claim {
  const entry: Entry = { pid: process.pid, mark: startMark(process.pid) ?? "", kind, held, url: null };
  const write = (url: string | null) => {
    mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    writeFileSync(`${file}.tmp`, JSON.stringify({ ...entry, url }), { mode: 0o600 });
    renameSync(`${file}.tmp`, file);
  };
  write(null);
  return { announce: write, release: () => rmSync(file, { force: true }) };
}

/** The claims of living processes; those of the dead are swept away in passing. */
function livingClaims(dataDir: string): readonly { readonly file: string; readonly entry: Entry }[] {
  const folder = lockFolder(dataDir);
  const living: { readonly file: string; readonly entry: Entry }[] = [];
  for (const name of namesIn(folder)) {
    const file = path.join(folder, name);
    const pid = Number.parseInt(name, 10);
    const mark = startMark(pid);
    if (name.endsWith(".tmp")) {
      if (mark === null) rmSync(file, { force: true });
      continue;
    }
    const entry = readEntry(file);
    if (entry === null) continue;
    if (mark === null || mark !== entry.mark) rmSync(file, { force: true });
    else living.push({ file, entry });
  }
  return living;
}

function readEntry(file: string): Entry | null {
  try {
    return JSON.parse(readFileSync(file, "utf8")) as Entry;
  } catch {
    return null;
  }
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function lockFolder(dataDir: string): string {
  return path.join(dataDir, "locks");
}

function refusal(dataDir: string, other: Entry): StoreHeld {
  const who = other.kind === "cli" ? `A baton command (process ${other.pid})` : `Another Baton (process ${other.pid})`;
  const where = other.url === null ? (other.kind === "cli" ? "" : " and is not ready yet") : ` and is ready at ${other.url}`;
  return new StoreHeld(
    `${who} works on the data folder ${dataDir}${where}. One folder serves one Baton at a time: use that one, stop it first (kill ${other.pid}), or give this one a folder of its own with BATON_DATA.`,
    other.pid,
    other.url,
  );
}
