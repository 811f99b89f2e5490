import { rmSync } from "node:fs";
import path from "node:path";
import type { ClientConfig } from "pg";
import { findBinaries, type Binaries } from "./binaries.ts";
import { ensureCluster, writeSettings } from "./cluster.ts";
import { type Place, placeCluster } from "./folder.ts";
import { type Passwords, passwordsOf } from "./passwords.ts";
import { runningPostmaster, startPostmaster, stopPostmaster, waitUntilReady } from "./postmaster.ts";
import { APP, DATABASE, endOtherSessions, ensureRoles, OWNER, withClient } from "./roles.ts";
import { hasRoom } from "./room.ts";
import { type Machine, settingsFor, thisMachine } from "./settings.ts";
import { socketFolder } from "./socket.ts";

/**
 * The embedded PostgreSQL, from an empty folder to a database that answers.
 *
 * The caller holds the folder's lock. A PostgreSQL that outlived a killed
 * Baton is taken over when it runs exactly what we would start, otherwise
 * stopped and started. While Baton runs, a PostgreSQL that dies is started
 * again; the pools reconnect by themselves.
 */
export type Embedded = {
  readonly admin: ClientConfig;
  readonly owner: ClientConfig;
  readonly app: ClientConfig;
  readonly cluster: string;
  readonly stop: () => Promise<void>;
};

export type EmbeddedOptions = { readonly machine?: Machine; readonly shelter?: string; readonly watchEveryMs?: number };

export async function openEmbedded(dataDir: string, log: (line: string) => void, options: EmbeddedOptions = {}): Promise<Embedded> {
  const place = placeCluster(dataDir, log, options.shelter);
  const binaries = findBinaries(place.account, log);
  const passwords = passwordsOf(dataDir);
  if (ensureCluster(binaries, place, passwords.admin)) log(`Made a new database in ${place.cluster} (PostgreSQL ${binaries.version}).`);
  const socket = socketFolder(place.cluster, place.account);
  const admin: ClientConfig = { host: socket, port: 5432, user: "baton_admin", password: passwords.admin, database: "postgres" };
  const same = writeSettings(place, settingsFor(options.machine ?? thisMachine(), socket));
  const start = () => startPostmaster(binaries, place, admin, path.join(dataDir, "postgres-start.log"), log);
  let pid = (await adopt(binaries, place, admin, same, log)) ?? (await start());
  try {
    await ensureRoles(admin, passwords);
  } catch (error) {
    await stopPostmaster(pid, log);
    throw error;
  }
  const watch = watchOver(
    () => runningPostmaster(place.cluster) !== null,
    async () => {
      log(`PostgreSQL (process ${pid}) has ended unexpectedly; starting it again. Its log is in ${path.join(place.cluster, "log")}.`);
      pid = await start();
    },
    log,
    options.watchEveryMs ?? 1000,
  );
  // A checkpoint lets go of what the log needs no longer, up to 4 GB of it; else that waits for the next one, up to 15 minutes.
  const relief = setInterval(() => {
    if (!hasRoom(place.cluster)) void withClient(admin, (client) => client.query("checkpoint")).catch(() => {});
  }, RELIEF_MS).unref();
  return {
    ...connections(socket, passwords),
    admin,
    cluster: place.cluster,
    stop: async () => {
      clearInterval(relief);
      await watch.stop();
      await stopPostmaster(pid, log);
      if (socket !== place.cluster) rmSync(socket, { recursive: true, force: true });
    },
  };
}

function connections(socket: string, passwords: Passwords): { readonly owner: ClientConfig; readonly app: ClientConfig } {
  const at = { host: socket, port: 5432, database: DATABASE };
  return { owner: { ...at, user: OWNER, password: passwords.owner }, app: { ...at, user: APP, password: passwords.app } };
}

/** The pid of a PostgreSQL that lives on and fits, after its old sessions were ended. One that does not fit is stopped. */
async function adopt(binaries: Binaries, place: Place, admin: ClientConfig, same: boolean, log: (line: string) => void): Promise<number | null> {
  const pid = runningPostmaster(place.cluster);
  if (pid === null) return null;
  if (same && (await isHealthy(binaries, place, admin, pid))) {
    log(`Took over the running PostgreSQL (process ${pid}).`);
    await endOtherSessions(admin);
    return pid;
  }
  log(`Stopping a PostgreSQL that was left running (process ${pid}).`);
  await stopPostmaster(pid, log);
  return null;
}

async function isHealthy(binaries: Binaries, place: Place, admin: ClientConfig, pid: number): Promise<boolean> {
  const until = performance.now() + 30_000;
  try {
    if (
      !(await waitUntilReady(
        admin,
        () => performance.now() > until || runningPostmaster(place.cluster) !== pid,
        () => {},
      ))
    )
      return false;
    return await withClient(admin, async (client) => {
      const { rows } = await client.query<{ folder: string; version: string }>(
        "select current_setting('data_directory') as folder, current_setting('server_version') as version",
      );
      return rows[0]?.folder === place.cluster && rows[0].version.startsWith(binaries.version);
    });
  } catch {
    return false;
  }
}

/** How often a checkpoint is asked for while the disk is nearly full. */
const RELIEF_MS = 30_000;

/** So that a database kept down by a full disk is back within seconds of there being room. */
const LONGEST_PAUSE_MS = 5000;

/** Looks every second; restarts with growing pauses while the restart fails. */
function watchOver(alive: () => boolean, restart: () => Promise<void>, log: (line: string) => void, everyMs: number): { readonly stop: () => Promise<void> } {
  let busy: Promise<void> | null = null;
  let pauseUntil = 0;
  let pause = 1000;
  const timer = setInterval(() => {
    if (busy !== null || performance.now() < pauseUntil || alive()) return;
    busy = restart()
      .then(() => {
        pause = 1000;
      })
      .catch((error: unknown) => {
        log(error instanceof Error ? error.message : String(error));
        pauseUntil = performance.now() + pause;
        pause = Math.min(pause * 2, LONGEST_PAUSE_MS);
      })
      .finally(() => {
        busy = null;
      });
  }, everyMs);
  timer.unref();
  return {
    stop: async () => {
      clearInterval(timer);
      await busy;
    },
  };
}
