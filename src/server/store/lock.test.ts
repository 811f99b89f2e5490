import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { temporaryFolder } from "../testing/temporary-store.ts";
import { runningBaton, takeLock } from "./lock.ts";
import { isPostgresOn, startMark } from "./processes.ts";
import { StoreHeld } from "./store-error.ts";

const quiet = () => {};
const impatient = { cliMs: 200, serverMs: 200 };

function claimBy(dataDir: string, pid: number, mark: string | null, more: object = {}): void {
  mkdirSync(path.join(dataDir, "locks"), { recursive: true });
  writeFileSync(path.join(dataDir, "locks", `${pid}-x.json`), JSON.stringify({ pid, mark, kind: "server", held: true, url: null, ...more }));
}

function sleeper() {
  const child = spawn("sleep", ["60"]);
  onTestFinished(() => void child.kill("SIGKILL"));
  return child.pid ?? 0;
}

test("a second start on a folder is refused in words that name process and address", async () => {
  const dataDir = temporaryFolder();
  const claim = await takeLock(dataDir, "server", quiet);
  claim.announce("http://127.0.0.1:3000");
  await expect(takeLock(dataDir, "server", quiet)).rejects.toThrow(new RegExp(`process ${process.pid}.*ready at http://127.0.0.1:3000.*BATON_DATA`));
  expect(runningBaton(dataDir)).toEqual({ pid: process.pid, url: "http://127.0.0.1:3000" });
  claim.release();
  expect(runningBaton(dataDir)).toBeNull();
  (await takeLock(dataDir, "server", quiet)).release();
});

test("of many that come at once exactly one gets the folder", async () => {
  const dataDir = temporaryFolder();
  const outcomes = await Promise.allSettled(Array.from({ length: 20 }, () => takeLock(dataDir, "cli", quiet, impatient)));
  expect(outcomes.filter((outcome) => outcome.status === "fulfilled")).toHaveLength(1);
  expect(outcomes.every((outcome) => outcome.status === "fulfilled" || outcome.reason instanceof StoreHeld)).toBe(true);
});

test("of many processes that come at once exactly one gets the folder", async () => {
  const dataDir = temporaryFolder();
  const script = `import { takeLock } from ${JSON.stringify(path.join(import.meta.dirname, "lock.ts"))};
    try { await takeLock(${JSON.stringify(dataDir)}, "cli", () => {}, { cliMs: 0, serverMs: 0 }); console.log("mine"); setTimeout(() => {}, 1500); } catch (error) { console.log(error.name); }`;
  const node = path.resolve(import.meta.dirname, "../../../node_modules/.bin/node");
  const said = await Promise.all(
    Array.from({ length: 6 }, () => {
      const child = spawn(node, ["--input-type=module", "--eval", script], { stdio: ["ignore", "pipe", "inherit"] });
      return new Promise<string>((resolve) => child.stdout.on("data", (chunk: Buffer) => resolve(String(chunk).trim())));
    }),
  );
  expect(said.toSorted()).toEqual(["StoreHeld", "StoreHeld", "StoreHeld", "StoreHeld", "StoreHeld", "mine"]);
});

test("a command that waits gets the folder when the one before it is done", async () => {
  const dataDir = temporaryFolder();
  const first = await takeLock(dataDir, "cli", quiet);
  const said: string[] = [];
  const second = takeLock(dataDir, "cli", (line) => said.push(line));
  await expect.poll(() => said.join()).toMatch(/Waiting for a baton command \(process \d+\)/);
  first.release();
  (await second).release();
});

test("a command that does not end is named after the patience is used up", async () => {
  const dataDir = temporaryFolder();
  await takeLock(dataDir, "cli", quiet);
  await expect(takeLock(dataDir, "server", quiet, impatient)).rejects.toThrow(/A baton command \(process \d+\) works on the data folder/);
});

test("whoever meets a server that is starting waits until it is ready", async () => {
  const dataDir = temporaryFolder();
  const server = await takeLock(dataDir, "server", quiet);
  expect(runningBaton(dataDir)).toBeNull();
  setTimeout(() => server.announce("http://127.0.0.1:1"), 300);
  await expect(takeLock(dataDir, "cli", quiet)).rejects.toMatchObject({ url: "http://127.0.0.1:1", pid: process.pid });
});

test("a process that has ended, and a stranger that got its number, hold nothing", async () => {
  const dataDir = temporaryFolder();
  claimBy(dataDir, spawnSync("true").pid, "boot/1", { url: "http://x" });
  claimBy(dataDir, sleeper(), "boot/1", { url: "http://x" });
  expect(runningBaton(dataDir)).toBeNull();
  (await takeLock(dataDir, "server", quiet)).release();
  expect(readdirSync(path.join(dataDir, "locks"))).toEqual([]);
});

test("a living process holds what it claimed", async () => {
  const dataDir = temporaryFolder();
  const pid = sleeper();
  claimBy(dataDir, pid, startMark(pid), { url: "http://x" });
  await expect(takeLock(dataDir, "server", quiet)).rejects.toMatchObject({ pid });
});

test.runIf(process.platform === "linux")("a zombie counts as gone", async () => {
  const dataDir = temporaryFolder();
  // The shell becomes `sleep`, which never asks how its child ended, so the child stays a zombie.
  const parent = spawn("sh", ["-c", "sleep 0.3 & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
  onTestFinished(() => void parent.kill("SIGKILL"));
  const pid = await new Promise<number>((resolve) => parent.stdout.on("data", (chunk: Buffer) => resolve(Number(String(chunk)))));
  const mark = startMark(pid);
  expect(mark).not.toBeNull();
  await expect.poll(() => startMark(pid)).toBeNull();
  expect(() => process.kill(pid, 0)).not.toThrow();
  claimBy(dataDir, pid, mark);
  (await takeLock(dataDir, "server", quiet)).release();
});

test("only a PostgreSQL on this very folder is taken for it", () => {
  expect(isPostgresOn(sleeper(), "/somewhere")).toBe(false);
  expect(isPostgresOn(process.pid, "/somewhere")).toBe(false);
});
