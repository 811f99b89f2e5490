import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { runningBaton } from "../../store/lock.ts";
import { ask, embeddedDatabase, freePort, startServer, until, type Where } from "./baton.ts";
import { startLoad } from "./load.ts";
import { seedOfRun } from "./random.ts";
import { createRun, temporaryData } from "./run.ts";
import { askDatabase, findBroken, findUnlawful } from "./truth.ts";

type Backup = { readonly file: string; readonly rows: number };

test("a backup made beside a server at work holds what was acknowledged before it, breaks no law, and can be worked on elsewhere", async () => {
  const at = await createRun();
  onTestFinished(at.end);
  const seed = seedOfRun();
  console.log(`BATON_SEED=${seed}`);
  const load = startLoad({ url: () => at.server.url, apiKey: at.apiKey, writers: 16, seed });
  await until("writers are answered", 60_000, () => load.settled() > 400);
  const { leads, tasks, touches } = load.promised;
  const before = { leads: new Map(leads), tasks: new Set(tasks), touches: new Map(touches), contradictions: [] };
  const file = path.join(at.dataDir, "all.baton");
  const [backup] = await Promise.all([ask<Backup>(at, "backup", file), ask(at, "doctor", "--replay", "20")]);
  const settled = load.settled();
  await until("writers are answered after it", 30_000, () => load.settled() > settled + 50);
  await load.stop();
  expect(backup.rows).toBeGreaterThan(before.leads.size * 5);
  expect([...load.caller.statuses.keys()].filter((status) => status === 0 || status >= 500)).toEqual([]);

  const folder = temporaryData();
  onTestFinished(folder.remove);
  const elsewhere: Where = { dataDir: folder.dataDir, port: await freePort() };
  await ask(elsewhere, "restore", file);
  expect(runningBaton(folder.dataDir)).toBeNull();
  expect(await ask(elsewhere, "doctor", "--replay", "50")).toMatchObject({ violations: [] });

  const server = await startServer(elsewhere);
  onTestFinished(async () => {
    server.signal("SIGTERM");
    await server.gone;
  });
  const there = embeddedDatabase(folder.dataDir);
  await until(
    "touches that waited in the backup are counted",
    30_000,
    async () => (await askDatabase(there, "select 1 from touch_inbox limit 1")).length === 0,
  );
  expect(await findBroken(there, before)).toEqual([]);
  const more = startLoad({ url: () => server.url, apiKey: at.apiKey, writers: 4, seed: seed + 1, name: "q" });
  await until("writers are answered there", 30_000, () => more.settled() > 50);
  await more.stop();
  expect([...(await findBroken(there, more.promised)), ...(await findUnlawful(there, 20))]).toEqual([]);
  const [here, restored] = await Promise.all([
    askDatabase(embeddedDatabase(at.dataDir), "select 1 from lead"),
    askDatabase(there, "select 1 from lead where email not like 'q%'"),
  ]);
  expect(restored.length).toBeLessThanOrEqual(here.length);
}, 180_000);
