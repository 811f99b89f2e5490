import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statfsSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ClientConfig } from "pg";
import { migrate } from "../db/migrate.ts";
import { openEmbedded } from "../store/embedded.ts";
import { startMark } from "../store/processes.ts";
import { runningPostmaster, stopPostmaster } from "../store/postmaster.ts";
import { OWNER, withClient } from "../store/roles.ts";

/**
 * The one PostgreSQL of a test run, started by the first test that asks.
 *
 * It lives in a folder of the run (in memory where there is room) and outlives
 * the worker that started it; the run's teardown ends it, and the next run
 * sweeps up after a run that was killed.
 */
export type TestCluster = { readonly admin: ClientConfig; readonly owner: ClientConfig; readonly app: ClientConfig; readonly template: string };

const RUN_FOLDER = "BATON_TEST_RUN";
const PREFIX = "baton-test-run-";

/** Makes the run's folder and tells the workers by environment. Starts nothing. */
export function openRun(): string {
  for (const parent of runParents()) for (const name of readdirSync(parent)) if (name.startsWith(PREFIX)) void closeIfAbandoned(path.join(parent, name));
  const folder = mkdtempSync(path.join(runParents()[0] ?? os.tmpdir(), PREFIX));
  chmodSync(folder, 0o711); // the database may run as another account, see store/folder.ts
  writeFileSync(path.join(folder, "run.json"), JSON.stringify({ pid: process.pid, mark: startMark(process.pid) }));
  process.env[RUN_FOLDER] = folder;
  return folder;
}

/** Ends the run's PostgreSQL and removes its folder. */
export async function closeRun(folder: string): Promise<void> {
  const pid = runningPostmaster(path.join(folder, "data", "postgres"));
  if (pid !== null) await stopPostmaster(pid, () => {}, 5000);
  rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
}

/** The run's PostgreSQL with a migrated template; whoever asks first starts it, the others wait. */
export async function testCluster(): Promise<TestCluster> {
  const folder = process.env[RUN_FOLDER];
  if (folder === undefined) throw new Error("testDatabase works inside a vitest run whose globalSetup is src/server/testing/global-setup.ts.");
  const ready = path.join(folder, "cluster.json");
  for (;;) {
    const known = readJson(ready);
    if (known !== null) return known as TestCluster;
    if (isFirst(folder)) return startCluster(folder, ready);
    const failure = readJson(path.join(folder, "failure.json"));
    if (failure !== null) throw new Error(`The tests' PostgreSQL did not start: ${JSON.stringify(failure)}`);
    await sleep(50);
  }
}

async function startCluster(folder: string, ready: string): Promise<TestCluster> {
  try {
    const data = path.join(folder, "data");
    mkdirSync(data, { mode: 0o711 });
    // A machine of one gigabyte: the tests' data is small, and so are the machines that test.
    const { admin, owner, app } = await openEmbedded(data, () => {}, { machine: { memory: 2 ** 30, sharedMemory: 0 }, watchEveryMs: 2 ** 30 });
    const template = "baton_template";
    await withClient(admin, (client) => client.query(`create database ${template} template baton owner ${OWNER}`));
    await migrate({ owner: { ...owner, database: template }, app: { ...app, database: template } }, { batonVersion: "0.0.0-test" });
    await withClient(admin, (client) => client.query(`alter database ${template} with allow_connections false`));
    const cluster = { admin, owner, app, template };
    writeFileSync(`${ready}.tmp`, JSON.stringify(cluster));
    renameSync(`${ready}.tmp`, ready);
    return cluster;
  } catch (error) {
    writeFileSync(path.join(folder, "failure.json"), JSON.stringify(String(error)));
    throw error;
  }
}

function isFirst(folder: string): boolean {
  try {
    mkdirSync(path.join(folder, "starting"));
    return true;
  } catch {
    return false;
  }
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return null;
  }
}

async function closeIfAbandoned(folder: string): Promise<void> {
  const run = readJson(path.join(folder, "run.json")) as { pid: number; mark: string } | null;
  if (run !== null && startMark(run.pid) !== run.mark) await closeRun(folder).catch(() => {});
}

/** Where a run may put its folders, the fastest first. */
export function runParents(): readonly string[] {
  try {
    const { bsize, bavail } = statfsSync("/dev/shm");
    if (bsize * bavail > 4 * 2 ** 30) return ["/dev/shm", os.tmpdir()];
  } catch {
    // no shared memory here
  }
  return [os.tmpdir()];
}
