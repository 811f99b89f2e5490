import { setTimeout as sleep } from "node:timers/promises";
import type { PoolConfig } from "pg";
import { expect, onTestFinished, test } from "vitest";
import { testDatabase } from "../database.ts";
import { temporaryFolder } from "../temporary-store.ts";
import { freePort, type Server, setUp, startServer, until, type Where, type Workspace } from "./baton.ts";
import { createCaller, type Caller } from "./caller.ts";
import { environmentFor } from "./database-url.ts";
import { startLoad } from "./load.ts";
import { seedOfRun } from "./random.ts";
import { askDatabase, findBroken, findMiscounted, findUnlawful } from "./truth.ts";

type Pair = Workspace & {
  readonly at: PoolConfig;
  readonly servers: readonly Server[];
  readonly callers: readonly Caller[];
  readonly wheres: readonly Where[];
};

/** Two servers with data folders of their own on one database. */
async function startPair(): Promise<Pair> {
  const database = await testDatabase();
  onTestFinished(() => database.drop());
  const env = environmentFor(database);
  const wheres: Where[] = [];
  for (let i = 0; i < 2; i++) wheres.push({ dataDir: temporaryFolder(), port: await freePort(), env });
  const workspace = await setUp(wheres[0] as Where);
  const servers = await Promise.all(wheres.map((where) => startServer(where)));
  onTestFinished(async () => {
    for (const server of servers) server.signal("SIGKILL");
    await Promise.all(servers.map(({ gone }) => gone));
  });
  const callers = servers.map(({ url }) => createCaller(() => url, workspace.apiKey));
  return { ...workspace, at: database.app, servers, callers, wheres };
}

const capture = (caller: Caller | undefined, body: object) => (caller as Caller).send({ method: "POST", path: "/api/v1/leads", body });

test("one new person captured 200 times at once through two servers is one lead, made once", async () => {
  const { callers, at } = await startPair();
  const answers = await Promise.all(
    Array.from({ length: 200 }, (_, i) => capture(callers[i % 2], { email: "grace@example.org", firstName: `G${i}`, company: "Navy" })),
  );
  expect(new Set(answers.map((answer) => answer?.status))).toEqual(new Set([200, 201]));
  expect(answers.filter((answer) => answer?.status === 201)).toHaveLength(1);
  expect(new Set(answers.map((answer) => answer?.body.lead?.id)).size).toBe(1);
  expect(await askDatabase(at, "select number from lead")).toEqual([{ number: 200 }]);
  expect(await findUnlawful(at, 1)).toEqual([]);
}, 120_000);

test("two servers deal leads to a team in turn, exactly, as one would", async () => {
  const { callers, at, workspaceId, userId } = await startPair();
  const members = [userId, ...Array.from({ length: 4 }, (_, i) => `00000000-0000-7000-8000-00000000000${i + 1}`)];
  for (const [i, id] of members.slice(1).entries())
    await askDatabase(at, "insert into app_user (workspace_id, id, email, name, role, created_at) values ($1, $2, $3, $4, 'salesRep', now())", [
      workspaceId,
      id,
      `rep${i}@example.com`,
      `Rep ${i}`,
    ]);
  const { body } = (await callers[0]?.send({ method: "GET", path: "/api/v1/config" })) ?? {};
  const config = {
    ...body.config,
    users: members.map((id, i) => ({ ...body.config.users[0], id, name: `Member ${i}` })),
    teams: [{ ...body.config.teams[0], members }],
  };
  const published = await callers[0]?.send({ method: "PUT", path: "/api/v1/config", body: config });
  expect(published, JSON.stringify(published?.body)).toMatchObject({ status: 200 });
  const hot = (i: number) => ({ email: `hot${i}@example.com`, jobTitle: "CEO", company: `Company ${i}`, touches: [{ kind: "contactRequest" }] });
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => capture(callers[i % 2], hot(i))));
  expect(answers.map((answer) => answer?.status)).toEqual(answers.map(() => 201));
  const dealt = new Map<string, number>();
  for (const answer of answers) dealt.set(answer?.body.lead.owner?.id, (dealt.get(answer?.body.lead.owner?.id) ?? 0) + 1);
  expect(dealt).toEqual(new Map(members.map((id) => [id, 40])));
  expect(await findUnlawful(at)).toEqual([]);
}, 120_000);

test("a timer that is due fires once, whichever server sees it first", async () => {
  const { callers, at } = await startPair();
  const captures = Array.from({ length: 60 }, (_, i) => capture(callers[i % 2], { email: `t${i}@example.com`, touches: [{ kind: "webinarAttended" }] }));
  expect((await Promise.all(captures)).map((answer) => answer?.status)).toEqual(captures.map(() => 201));
  await askDatabase(at, "update timer set due_at = now() - interval '1 second'");
  const due = await askDatabase<{ lead_id: string }>(at, "select distinct lead_id from timer where due_at < now()");
  await until("the timers are worked off", 30_000, async () => (await askDatabase(at, "select 1 from timer where due_at < now() limit 1")).length === 0);
  await sleep(1500);
  const fired = await askDatabase<{ lead: string; times: number }>(
    at,
    "select lead_id as lead, count(*)::int as times from intake where kind = 'timer' group by lead_id",
  );
  expect(due.length).toBe(60);
  expect(fired.filter(({ times }) => times !== 1)).toEqual([]);
  expect(fired).toHaveLength(60);
  expect(await findUnlawful(at, 20)).toEqual([]);
}, 120_000);

test("when one of two servers is killed, or stands still for seconds, the other works on and nothing is doubled", async () => {
  const { servers, wheres, at, apiKey } = await startPair();
  const seed = seedOfRun();
  console.log(`BATON_SEED=${seed}`);
  const running = [...servers];
  const load = startLoad({ url: (writer) => (running[writer % 2] as Server).url, apiKey, writers: 12, seed });
  const alone = createCaller(() => (servers[1] as Server).url, apiKey);
  await until("both are at work", 30_000, () => load.settled() > 100);

  // Wherever it stands still, also with locks in hand: new people come in, if need be when the database has ended its transaction.
  const whileStill: number[] = [];
  for (let round = 0; round < 3; round++) {
    servers[0]?.signal("SIGSTOP");
    for (let i = 0; i < 6; i++) {
      const answer = await alone.send({ method: "POST", path: "/api/v1/leads", body: { email: `meanwhile${round}-${i}@example.com` } });
      whileStill.push(answer?.status ?? 0);
      await sleep(150);
    }
    servers[0]?.signal("SIGCONT");
    await sleep(300);
  }
  expect(whileStill).toEqual(whileStill.map(() => 201));
  const before = load.settled();
  await until("both go on", 30_000, () => load.settled() > before + 100);

  servers[0]?.signal("SIGKILL");
  await servers[0]?.gone;
  const killed: number[] = [];
  for (let i = 0; i < 12; i++)
    killed.push((await alone.send({ method: "POST", path: "/api/v1/leads", body: { email: `after${i}@example.com` } }))?.status ?? 0);
  expect(killed).toEqual(killed.map(() => 201));
  running[0] = await startServer(wheres[0] as Where);
  onTestFinished(() => running[0]?.signal("SIGKILL"));
  const again = load.settled();
  await until("both are at work again", 30_000, () => load.settled() > again + 50);
  await load.stop();
  await until("the last touches are counted", 30_000, async () => (await askDatabase(at, "select 1 from touch_inbox limit 1")).length === 0);
  expect([
    ...(await findBroken(at, load.promised)),
    ...(await findMiscounted(at, load.promised)),
    ...(await findUnlawful(at, 30)),
    ...load.caller.wrong,
  ]).toEqual([]);
}, 180_000);

test("a server that stands still in the middle of a transaction gives its locks back after ten seconds, and finds out when it wakes", async () => {
  const { servers, at, apiKey } = await startPair();
  const [still, awake] = servers as [Server, Server];
  const load = startLoad({ url: () => still.url, apiKey, writers: 12, seed: seedOfRun() });
  await until("writers are answered", 30_000, () => load.settled() > 100);
  const sessions = "select pid from pg_stat_activity where datname = current_database() and state = 'idle in transaction'";
  let held: readonly { readonly pid: number }[] = [];
  for (let i = 0; i < 200 && held.length === 0; i++) {
    still.signal("SIGSTOP");
    await sleep(30);
    held = await askDatabase(at, sessions);
    if (held.length > 0) break;
    still.signal("SIGCONT");
    await sleep(5 + (i % 7));
  }
  expect(held.length, "it was caught in a transaction").toBeGreaterThan(0);
  const began = performance.now();
  const caller = createCaller(() => awake.url, apiKey);
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => caller.send({ method: "POST", path: "/api/v1/leads", body: { email: `p-shared-${i}@example.com` } }, 30_000)),
  );
  expect([...new Set(answers.map((answer) => answer?.status))].filter((status) => status !== 200 && status !== 201)).toEqual([]);
  expect(performance.now() - began).toBeLessThan(20_000);
  await until("its transaction is ended", 20_000, async () => (await askDatabase(at, sessions)).length === 0);
  still.signal("SIGCONT");
  const before = load.settled();
  await until("it works on", 20_000, () => load.settled() > before + 50);
  await load.stop();
  await until("the last touches are counted", 30_000, async () => (await askDatabase(at, "select 1 from touch_inbox limit 1")).length === 0);
  expect([
    ...(await findBroken(at, load.promised)),
    ...(await findMiscounted(at, load.promised)),
    ...(await findUnlawful(at, 30)),
    ...load.caller.wrong,
  ]).toEqual([]);
  expect(await askDatabase(at, "select kind, reason from intake where state = 'held'")).toEqual([]);
}, 120_000);
