import { spawnSync } from "node:child_process";
import { chmodSync, mkdirSync, openSync, closeSync, rmSync, statfsSync, writeSync } from "node:fs";
import path from "node:path";
import type { PoolConfig } from "pg";
import { expect, onTestFailed, onTestFinished, test } from "vitest";
import { runningPostmaster } from "../../store/postmaster.ts";
import { clusterOf } from "../cluster-of.ts";
import { temporaryFolder } from "../temporary-store.ts";
import { ask, embeddedDatabase, freePort, runCommand, type Server, setUp, startServer, until, type Where } from "./baton.ts";
import { type Caller, createCaller } from "./caller.ts";
import { type Load, startLoad } from "./load.ts";
import { seedOfRun } from "./random.ts";
import { askDatabase, findBroken, findMiscounted, findUnlawful } from "./truth.ts";

const MB = 1 << 20;

/** A file system of this size in memory, or null when this process may not mount one. */
function smallDisk(megabytes: number): string | null {
  const folder = path.join(temporaryFolder(undefined, 0o711), "disk");
  mkdirSync(folder);
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${megabytes}m,mode=0711`, "tmpfs", folder]).status !== 0) return null;
  onTestFinished(() => void spawnSync("umount", ["-l", folder]));
  return folder;
}

const mayMount = process.platform === "linux" && process.getuid?.() === 0 && spawnSync("unshare", ["-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).status === 0;

function freeOn(folder: string): number {
  const { bsize, bavail } = statfsSync(folder);
  return bsize * bavail;
}

/** Fills the disk with a file until so much is free. */
function fillUp(folder: string, free: number): void {
  const file = openSync(path.join(folder, "ballast"), "a");
  const block = Buffer.alloc(MB, 1);
  try {
    while (freeOn(folder) > free) writeSync(file, block, 0, Math.min(MB, freeOn(folder) - free));
  } catch (error) {
    if ((error as { code?: string }).code !== "ENOSPC") throw error;
  } finally {
    closeSync(file);
  }
}

function makeRoom(folder: string): void {
  rmSync(path.join(folder, "ballast"));
}

type Scene = {
  readonly where: Where;
  readonly disk: string;
  readonly server: Server;
  readonly load: Load;
  readonly caller: Caller;
  readonly at: PoolConfig;
  readonly postmaster: () => number | null;
};

async function setScene(): Promise<Scene> {
  const disk = smallDisk(512) ?? "";
  const where: Where = { dataDir: path.join(disk, "data"), port: await freePort() };
  mkdirSync(where.dataDir);
  chmodSync(where.dataDir, 0o711);
  const { apiKey } = await setUp(where);
  const server = await startServer(where);
  onTestFailed(() => console.log(server.said().slice(-5000)));
  onTestFinished(async () => {
    server.signal("SIGTERM");
    await server.gone;
  });
  const seed = seedOfRun();
  console.log(`BATON_SEED=${seed}`);
  const load = startLoad({ url: () => server.url, apiKey, writers: 8, seed, pauseMs: 20 });
  const postmaster = (): number | null => runningPostmaster(clusterOf(where.dataDir));
  return { where, disk, server, load, caller: createCaller(() => server.url, apiKey), at: embeddedDatabase(where.dataDir), postmaster };
}

const write = { method: "POST", path: "/api/v1/leads", body: { email: "late@example.com" } } as const;
const touch = { method: "POST", path: "/api/v1/touches", body: { touches: [{ kind: "pageView", email: "late@example.com" }] } } as const;
const outOfSpace = { status: 503, body: { type: "urn:baton:problem:out-of-space", detail: expect.stringContaining("out of disk space") } };

async function expectHealed({ load, caller, at }: Scene): Promise<void> {
  await until("writes work again", 10_000, async () => [200, 201].includes((await caller.send(write))?.status ?? 0));
  const before = load.settled();
  await until("writers are answered again", 10_000, () => load.settled() > before + 20);
  await load.stop();
  await until("the last touches are counted", 30_000, async () => (await askDatabase(at, "select 1 from touch_inbox limit 1")).length === 0);
  const { statuses, wrong } = load.caller;
  expect([...(await findBroken(at, load.promised)), ...(await findMiscounted(at, load.promised)), ...(await findUnlawful(at, 30)), ...wrong]).toEqual([]);
  expect(statuses.get(0) ?? 0, "every request has an HTTP answer").toBe(0);
  expect(await askDatabase(at, "select kind, reason from intake where state = 'held'"), "a full disk is nobody's fault").toEqual([]);
  console.log(JSON.stringify([...statuses]));
}

test.runIf(mayMount)(
  "a disk that fills up: writes are refused in words, reading goes on, and with room again all is well",
  async () => {
    const scene = await setScene();
    const { disk, load, caller, where, postmaster } = scene;
    await until("writers are answered", 30_000, () => load.settled() > 100);
    const pid = postmaster();
    fillUp(disk, 66 * MB);
    await until("the writers fill the rest", 60_000, async () => (await caller.send(touch))?.status === 503);
    fillUp(disk, 0);
    expect(await caller.send(write)).toMatchObject(outOfSpace);
    expect(await caller.send(touch)).toMatchObject(outOfSpace);
    expect((await caller.send({ method: "GET", path: "/api/v1/leads?limit=50&sort=-score" }))?.body.items.length).toBeGreaterThan(10);
    const [email, id] = [...load.promised.leads][0] as [string, string];
    expect((await caller.send({ method: "GET", path: `/api/v1/leads/${id}` }))?.body.email).toBe(email);
    expect((await caller.send({ method: "GET", path: "/api/v1/search?q=p0" }))?.status).toBe(200);
    expect(await ask(where, "report", "funnel", "--by", "source")).toHaveProperty("rows");
    expect(await runCommand(where, "backup", path.join(disk, "all.baton"))).toMatchObject({
      code: 1,
      out: "",
      err: expect.stringContaining("no room for the backup"),
    });
    expect(postmaster(), "the database has not gone down").toBe(pid);
    makeRoom(disk);
    await expectHealed(scene);
    expect(postmaster()).toBe(pid);
  },
  120_000,
);

test.runIf(mayMount)(
  "a disk so full that PostgreSQL stops: Baton lives on, answers in words, and starts it again once there is room",
  async () => {
    const scene = await setScene();
    const { disk, load, caller, server, at, postmaster } = scene;
    await until("writers are answered", 30_000, () => load.settled() > 100);
    fillUp(disk, 70 * MB);
    // Somebody else's doing, past all of Baton's care: the log of the database takes the last room there is.
    const flood = async (): Promise<void> => {
      for (let i = 0; i < 200; i++) await askDatabase(at, "select pg_logical_emit_message(false, 'flood', repeat('x', 1000000))");
    };
    await expect(flood()).rejects.toThrow();
    fillUp(disk, 0);
    await until("PostgreSQL is down", 30_000, async () => (await caller.send({ method: "GET", path: "/api/v1/leads" }))?.status === 503);
    await until("and stays down", 30_000, () => postmaster() === null);
    expect(await caller.send(write)).toMatchObject({ status: 503, body: { detail: expect.any(String) } });
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    await until("Baton has tried to start it, and says why it cannot", 30_000, () => /No space left on device/.test(server.said()));
    expect(caller.wrong).toEqual([]);
    makeRoom(disk);
    await expectHealed(scene);
  },
  120_000,
);
