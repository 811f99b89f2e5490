import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ClientConfig } from "pg";
import { Client } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { clusterOf } from "../testing/cluster-of.ts";
import { openTemporary, temporaryFolder } from "../testing/temporary-store.ts";
import { runningBaton } from "./lock.ts";
import { runningPostmaster } from "./postmaster.ts";
import { startMark } from "./processes.ts";
import { withClient } from "./roles.ts";

const ask = <T>(at: ClientConfig, sql: string) => withClient(at, async (client) => (await client.query(sql)).rows as T[]);

/** A Baton in a process group of its own, as a terminal or a service manager would start it. */
async function startBaton(dataDir: string, ...more: readonly string[]): Promise<ChildProcess> {
  const node = path.resolve(import.meta.dirname, "../../../node_modules/.bin/node");
  const child = spawn(node, [path.resolve(import.meta.dirname, "../testing/store-process.ts"), dataDir, ...more], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  onTestFinished(() => void killGroup(child, "SIGKILL"));
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", (chunk: Buffer) => /^open$/m.test(String(chunk)) && resolve());
    child.on("exit", (code) => reject(new Error(`ended with ${code}`)));
  });
  return child;
}

function killGroup(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  const gone =
    child.exitCode !== null || child.signalCode !== null ? Promise.resolve(child.exitCode) : new Promise<number | null>((resolve) => child.on("exit", resolve));
  try {
    process.kill(-(child.pid ?? 0), signal);
  } catch {
    // already gone
  }
  return gone;
}

const postmasterOf = (dataDir: string) => runningPostmaster(clusterOf(dataDir));

test("after kill -9 of Baton the database lives on, and the next start takes it over", async () => {
  const dataDir = temporaryFolder();
  const baton = await startBaton(dataDir);
  const pid = postmasterOf(dataDir);
  expect(pid).not.toBeNull();
  await killGroup(baton, "SIGKILL");
  expect(postmasterOf(dataDir)).toBe(pid);
  const said: string[] = [];
  const store = await openTemporary(dataDir, { log: (line) => said.push(line) });
  expect(said.join("\n")).toContain(`Took over the running PostgreSQL (process ${pid})`);
  expect(postmasterOf(dataDir)).toBe(pid);
  await store.stop();
  expect(postmasterOf(dataDir)).toBeNull();
});

test("a session left over from a killed Baton holds no locks after the take-over", async () => {
  const dataDir = temporaryFolder();
  const baton = await startBaton(dataDir);
  const passwords = JSON.parse(readFileSync(path.join(dataDir, "postgres-passwords.json"), "utf8")) as { owner: string };
  const leftOver = new Client({ host: clusterOf(dataDir), user: "baton_owner", password: passwords.owner, database: "baton" });
  leftOver.on("error", () => {});
  await leftOver.connect();
  await leftOver.query("create table t (n int)");
  await leftOver.query("begin; lock table t");
  await killGroup(baton, "SIGKILL");
  const store = await openTemporary(dataDir);
  await ask(store.owner, "set lock_timeout = '2s'; drop table t");
  expect(await ask(store.owner, "select to_regclass('t') as t")).toEqual([{ t: null }]);
});

test("a database that was left running with other settings is stopped and started with ours", async () => {
  const dataDir = temporaryFolder();
  const baton = await startBaton(dataDir);
  const pid = postmasterOf(dataDir);
  await killGroup(baton, "SIGKILL");
  const store = await openTemporary(dataDir, { machine: { memory: 2 ** 30, sharedMemory: 0 } });
  expect(postmasterOf(dataDir)).not.toBe(pid);
  expect(await ask(store.app, "select current_setting('shared_buffers') as s")).toEqual([{ s: "256MB" }]);
});

test("Ctrl-C in a terminal does not reach the database; Baton stops it when it has drained", async () => {
  const dataDir = temporaryFolder();
  const baton = await startBaton(dataDir);
  const pid = postmasterOf(dataDir) ?? 0;
  const sessionOf = (process: number) => readFileSync(`/proc/${process}/stat`, "utf8").split(") ").at(-1)?.split(" ")[3];
  if (process.platform === "linux") expect(sessionOf(pid)).toBe(String(pid));
  expect(await killGroup(baton, "SIGINT")).toBe(0);
  expect(startMark(pid)).toBeNull();
  expect(runningBaton(dataDir)).toBeNull();
  expect(existsSync(path.join(clusterOf(dataDir), "postmaster.pid"))).toBe(false);
});

test("after a crash of the machine a leftover postmaster.pid does not keep the database down", async () => {
  const dataDir = temporaryFolder();
  await (await openTemporary(dataDir)).stop();
  // The number in it belongs to somebody else by now, under the account the database runs as.
  const owner = statSync(clusterOf(dataDir));
  const stranger = spawn("sleep", ["60"], process.getuid?.() === 0 ? { uid: owner.uid, gid: owner.gid, cwd: "/" } : {});
  onTestFinished(() => void stranger.kill());
  writeFileSync(
    path.join(clusterOf(dataDir), "postmaster.pid"),
    `${stranger.pid}\n${clusterOf(dataDir)}\n1700000000\n5432\n/tmp\n\n        1         1\nready   \n`,
  );
  const { app } = await openTemporary(dataDir);
  expect(await ask(app, "select 1 as n")).toEqual([{ n: 1 }]);
  expect(stranger.exitCode).toBeNull();
});

test("a database whose main process was killed is started again while Baton runs", async () => {
  const dataDir = temporaryFolder();
  const said: string[] = [];
  const { app } = await openTemporary(dataDir, { watchEveryMs: 50, log: (line) => said.push(line) });
  const pid = postmasterOf(dataDir) ?? 0;
  process.kill(pid, "SIGKILL");
  await expect.poll(() => postmasterOf(dataDir), { timeout: 30_000 }).not.toBeNull();
  await expect.poll(() => ask(app, "select 1 as n").catch(() => null), { timeout: 30_000 }).toEqual([{ n: 1 }]);
  expect(said.join("\n")).toContain(`PostgreSQL (process ${pid}) has ended unexpectedly`);
});

test("a Baton that was killed together with its database comes back with every committed row", async () => {
  const dataDir = temporaryFolder();
  const baton = await startBaton(dataDir);
  const passwords = JSON.parse(readFileSync(path.join(dataDir, "postgres-passwords.json"), "utf8")) as { owner: string };
  await ask(
    { host: clusterOf(dataDir), user: "baton_owner", password: passwords.owner, database: "baton" },
    "create table t (n int); insert into t select generate_series(1, 1000)",
  );
  const pid = postmasterOf(dataDir) ?? 0;
  await killGroup(baton, "SIGKILL");
  process.kill(pid, "SIGKILL");
  const { owner } = await openTemporary(dataDir);
  expect(await ask(owner, "select count(*)::int as n from t")).toEqual([{ n: 1000 }]);
});
