import { spawn } from "node:child_process";
import { closeSync, existsSync, openSync, readdirSync, readFileSync, statSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, type ClientConfig } from "pg";
import { asAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import { replaceFile } from "./cluster.ts";
import type { Place } from "./folder.ts";
import { isPostgresOn, startMark } from "./processes.ts";
import { StoreError } from "./store-error.ts";

/**
 * The postmaster: PostgreSQL's main process, its start, its readiness, its end.
 *
 * It has a session of its own, so a Ctrl-C in the terminal does not end it
 * before Baton has drained. What `postmaster.pid` says is only ever a hint:
 * the process behind it must be a PostgreSQL on this very cluster.
 */

/** The pid of the PostgreSQL that works on this cluster, or null. */
export function runningPostmaster(cluster: string): number | null {
  const pid = Number.parseInt(readText(path.join(cluster, "postmaster.pid")), 10);
  return Number.isInteger(pid) && pid > 0 && isPostgresOn(pid, cluster) ? pid : null;
}

/** Starts PostgreSQL and waits until it answers. A long crash recovery is told about and waited for. Returns the pid. */
export async function startPostmaster(binaries: Binaries, place: Place, admin: ClientConfig, logFile: string, log: (line: string) => void): Promise<number> {
  for (let attempt = 1; ; attempt++) {
    disarm(path.join(place.cluster, "postmaster.pid"), place);
    disarm(path.join(String(admin.host), ".s.PGSQL.5432.lock"), place);
    const collected = collectedLog(place.cluster);
    const out = openSync(logFile, "w", 0o600);
    const child = spawn(path.join(binaries.folder, "bin", "postgres"), ["-D", place.cluster], {
      ...asAccount(place.account),
      cwd: "/",
      detached: true,
      stdio: ["ignore", out, out],
      env: { PATH: "/usr/bin:/bin", LANG: "C" },
    });
    closeSync(out);
    let ended: string | null = null;
    child.on("error", (error) => (ended = error.message));
    child.on("exit", (code, signal) => (ended = `it ended with ${code ?? signal}`));
    child.unref();
    const ready = await waitUntilReady(admin, () => ended !== null, log);
    if (ready && child.pid !== undefined) return child.pid;
    await sleep(100); // the log collector writes a moment later
    const said = lastLines(`${readText(logFile)}\n${collectedLog(place.cluster).slice(collected.length)}`);
    // Sessions of a PostgreSQL that was killed may outlive it by a moment and still hold its memory.
    if (attempt < 120 && /shared memory block .* still in use/.test(said)) {
      await sleep(500);
      continue;
    }
    throw new StoreError(
      `PostgreSQL did not start in ${place.cluster}: ${ended ?? "no reason given"}.\n${said}\nMore may stand in ${path.join(place.cluster, "log")}. After a repair start again, or restore a backup into a new folder: baton restore FILE`,
    );
  }
}

/** Stops PostgreSQL: fast, which rolls back what is open and writes a checkpoint; after `patienceMs` immediately, which recovers at the next start. */
export async function stopPostmaster(pid: number, log: (line: string) => void, patienceMs = 30_000): Promise<void> {
  const mark = startMark(pid);
  if (mark === null) return;
  const gone = () => startMark(pid) !== mark;
  signal(pid, "SIGINT");
  if (await waitFor(gone, patienceMs)) return;
  log(`PostgreSQL (process ${pid}) did not stop within ${patienceMs / 1000} s; stopping it immediately, it will recover at the next start.`);
  signal(pid, "SIGQUIT");
  if (await waitFor(gone, 10_000)) return;
  signal(pid, "SIGKILL");
  await waitFor(gone, 10_000);
}

/** True once the admin can sign in; false when `ended` says that there is nothing to wait for. */
export async function waitUntilReady(admin: ClientConfig, ended: () => boolean, log: (line: string) => void): Promise<boolean> {
  const began = performance.now();
  let nextWord = 10_000;
  while (!ended()) {
    const client = new Client({ ...admin, connectionTimeoutMillis: 5000 });
    client.on("error", () => {});
    try {
      await client.connect();
      await client.end();
      return true;
    } catch (error) {
      const code = (error as { code?: string }).code ?? "";
      if (code.startsWith("28"))
        throw new StoreError(
          `PostgreSQL does not accept Baton's password: ${(error as Error).message}. Put postgres-passwords.json back from a copy of the data folder.`,
          { cause: error },
        );
    }
    const waited = performance.now() - began;
    if (waited > nextWord) {
      log(`Waiting for PostgreSQL, ${Math.round(waited / 1000)} s so far (after a crash it first repairs itself).`);
      nextWord += 10_000;
    }
    await sleep(20);
  }
  return false;
}

/**
 * After a crash the pid in a lock file of PostgreSQL may belong to somebody
 * else by now, or to a zombie, and PostgreSQL would refuse to start. The pid is
 * replaced by one that cannot exist; the rest stays, because with it PostgreSQL
 * checks whether sessions of its predecessor are still alive.
 */
function disarm(lockFile: string, place: Place): void {
  const [first = "", ...rest] = readText(lockFile).split("\n");
  if (first === "" || isPostgresOn(Number.parseInt(first, 10), place.cluster)) return;
  replaceFile(lockFile, [String(2 ** 31 - 2), ...rest].join("\n"), place.account);
}

/** What the log collector has written today; the reason of a failed start stands there once the collector runs. */
function collectedLog(cluster: string): string {
  const folder = path.join(cluster, "log");
  const files = existsSync(folder) ? readdirSync(folder).map((name) => path.join(folder, name)) : [];
  const newest = files.toSorted((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs)[0];
  return newest === undefined ? "" : readText(newest);
}

function lastLines(text: string): string {
  const lines = text.split("\n").filter((line) => line !== "" && !line.includes("skipping missing configuration file"));
  return lines.slice(-12).join("\n");
}

function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch {
    // gone between the look and the signal
  }
}

async function waitFor(done: () => boolean, ms: number): Promise<boolean> {
  const until = performance.now() + ms;
  while (!done()) {
    if (performance.now() > until) return false;
    await sleep(20);
  }
  return true;
}
