import { setTimeout as sleep } from "node:timers/promises";
import path from "node:path";
import { writeFileSync } from "node:fs";
import type { PoolConfig } from "pg";
import { expect, onTestFailed, onTestFinished, test } from "vitest";
import { openEmbedded } from "../../store/embedded.ts";
import { runningPostmaster } from "../../store/postmaster.ts";
import { clusterOf } from "../cluster-of.ts";
import { smallMachine, temporaryFolder } from "../temporary-store.ts";
import { embeddedDatabase, freePort, runCommand, type Server, setUp, startServer, until, type Where } from "./baton.ts";
import { createCaller } from "./caller.ts";
import { environmentFor } from "./database-url.ts";
import { type Load, startLoad } from "./load.ts";
import { createDice, seedOfRun } from "./random.ts";
import { askDatabase, findBroken, findMiscounted, findUnlawful } from "./truth.ts";

/** Everything must be well again within this time of the database being back. */
const RECOVERY_MS = 10_000;

async function underLoad(where: Where): Promise<{ readonly server: Server; readonly load: Load; readonly seed: number; readonly apiKey: string }> {
  const { apiKey } = await setUp(where);
  const server = await startServer(where);
  onTestFailed(() => console.log(server.said().slice(-5000)));
  onTestFinished(async () => {
    server.signal("SIGKILL");
    await server.gone;
  });
  const seed = seedOfRun();
  console.log(`BATON_SEED=${seed}`);
  const load = startLoad({ url: () => server.url, apiKey, writers: 12, seed, pauseMs: 10 });
  await until("writers are answered", 30_000, () => load.settled() > 50);
  return { server, load, seed, apiKey };
}

async function goesOn(load: Load): Promise<void> {
  const before = load.settled();
  await until("writers are answered again", RECOVERY_MS, () => load.settled() > before + 50);
}

/** Nothing lost, nothing doubled, and never a request without an answer. */
async function expectAllIsWell(at: PoolConfig, load: Load): Promise<void> {
  await load.stop();
  await until("the last touches are counted", 30_000, async () => (await askDatabase(at, "select 1 from touch_inbox limit 1")).length === 0);
  const { statuses, wrong } = load.caller;
  expect([...(await findBroken(at, load.promised)), ...(await findMiscounted(at, load.promised)), ...(await findUnlawful(at, 30)), ...wrong]).toEqual([]);
  expect(statuses.get(0) ?? 0, "every request has an HTTP answer").toBe(0);
  expect(await askDatabase(at, "select kind, reason from intake where state = 'held'"), "an outage is nobody's fault").toEqual([]);
  console.log(JSON.stringify([...statuses].toSorted(([a], [b]) => a - b)));
}

test("the embedded database is stopped fast, stopped at once and killed under load: the server starts it again, and an import and a rescoring go on", async () => {
  const where: Where = { dataDir: temporaryFolder(), port: await freePort() };
  const { load, server, apiKey } = await underLoad(where);
  const at = embeddedDatabase(where.dataDir);
  const [file, map] = [path.join(where.dataDir, "people.csv"), path.join(where.dataDir, "map.json")];
  writeFileSync(file, `email,name\n${Array.from({ length: 8000 }, (_, row) => `import${row}@example.com,Name ${row}`).join("\n")}\n`);
  writeFileSync(map, JSON.stringify({ match: "email", columns: { email: "email", name: "lastName" } }));
  void runCommand(where, "import", file, "--map", map);
  await until("the import is under way", 60_000, async () => (await askDatabase(at, "select 1 from import_chunk limit 1")).length > 0);
  const endDatabase = async (signal: NodeJS.Signals): Promise<void> => {
    const pid = runningPostmaster(clusterOf(where.dataDir)) ?? 0;
    process.kill(pid, signal);
    await until("the database is started again", 30_000, () => ![null, pid].includes(runningPostmaster(clusterOf(where.dataDir))));
    await goesOn(load);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  };
  for (const signal of ["SIGINT", "SIGQUIT", "SIGKILL"] as const) await endDatabase(signal);
  await until("the import is done", 60_000, async () => (await askDatabase(at, "select 1 from import where state = 'done'")).length === 1);
  const caller = createCaller(() => server.url, apiKey);
  const { config } = (await caller.insist({ method: "GET", path: "/api/v1/config" })).body;
  const rules = config.model.rules.map((rule: { readonly id: string }) => (rule.id === "page-viewed" ? { ...rule, points: 2 } : rule));
  expect(await caller.insist({ method: "PUT", path: "/api/v1/config", body: { ...config, model: { ...config.model, rules } } })).toMatchObject({ status: 200 });
  await endDatabase("SIGKILL");
  await until("everybody is scored anew", 30_000, async () => (await askDatabase(at, "select 1 from rescore_run where state = 'running'")).length === 0);
  await expectAllIsWell(at, load);
  expect(await askDatabase(at, "select counts from import")).toEqual([{ counts: { rows: 8000, created: 8000, updated: 0, skipped: 0, rejected: 0 } }]);
}, 180_000);

test("sessions ended at random under load cost a 503 at most", async () => {
  const where: Where = { dataDir: temporaryFolder(), port: await freePort() };
  const { load, seed } = await underLoad(where);
  const at = embeddedDatabase(where.dataDir);
  const dice = createDice(seed);
  for (let i = 0; i < 25; i++) {
    await askDatabase(
      at,
      "select pg_terminate_backend(pid) from (select pid from pg_stat_activity where usename = current_user and pid <> pg_backend_pid() order by hashtext(pid::text || $1) limit $2) p",
      [String(i), 1 + dice.pick(4)],
    );
    await sleep(dice.pick(150));
  }
  await goesOn(load);
  await expectAllIsWell(at, load);
}, 120_000);

test("a database server that goes away and comes back: 503 with Retry-After meanwhile, and all is well within seconds", async () => {
  const folder = temporaryFolder(undefined, 0o711);
  const open = () => openEmbedded(folder, () => {}, { machine: smallMachine, watchEveryMs: 2 ** 30 });
  let database = await open();
  onTestFinished(() => database.stop());
  const where: Where = { dataDir: temporaryFolder(), port: await freePort(), env: environmentFor(database) };
  const { load, server } = await underLoad(where);
  for (const how of ["fast", "immediate"] as const) {
    if (how === "immediate") process.kill(runningPostmaster(database.cluster) ?? 0, "SIGQUIT");
    await database.stop();
    const outside = createCaller(() => server.url, "baton_".padEnd(49, "x"));
    const answer = await outside.send({ method: "GET", path: "/api/v1/leads" });
    expect(answer, JSON.stringify(answer)).toMatchObject({ status: 503, body: { type: "urn:baton:problem:unavailable", title: expect.any(String) } });
    expect((await fetch(`${server.url}/readyz`)).status).toBe(503);
    expect((await fetch(`${server.url}/healthz`)).status).toBe(200);
    expect(outside.wrong).toEqual([]);
    await sleep(1000);
    database = await open();
    await goesOn(load);
    expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  }
  await expectAllIsWell(database.app, load);
}, 120_000);
