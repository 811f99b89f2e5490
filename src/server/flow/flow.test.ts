import { afterAll, beforeAll, expect, test } from "vitest";
import { keysOf } from "../../core/identity/identity.ts";
import { DAY_MS } from "../../core/time.ts";
import { bindDb, sql, workspace } from "../db/db.ts";
import { type TestFlow, testFlow } from "../testing/flow.ts";
import { uuidv7 } from "../ids.ts";
import type { Item, Outcome } from "./item.ts";
import { startRescore } from "./rescore.ts";
import { workOffTimers } from "./timers.ts";

let flow: TestFlow;
beforeAll(async () => {
  flow = await testFlow();
});
afterAll(() => flow.close());

test("the same person 200 times at once, through two doors, is one lead", async () => {
  const second = flow.secondDoor();
  const outcomes = await Promise.all(
    Array.from({ length: 200 }, (_, i) =>
      (i % 2 === 0 ? flow.door : second).submit(flow.workspaceId, flow.capture({ email: "grace@example.org", firstName: `Grace ${i}` })),
    ),
  );
  expect(new Set(outcomes.map(leadId)).size).toBe(1);
  expect(outcomes.filter((outcome) => outcome.kind === "done" && outcome.outcome === "created")).toHaveLength(1);
  const [lead] = await flow.db.query<{ number: number }>(sql`select number from lead where workspace_id = ${workspace} and email = 'grace@example.org'`);
  expect(lead?.number).toBe(200);
});

test("leads dealt through two doors at once spread evenly over the team", async () => {
  const second = flow.secondDoor();
  const hot = (i: number): Item => {
    const item = flow.capture({ email: `hot${i}@example.org`, jobTitle: "Director", company: "Hot Inc" });
    return { ...item, input: { ...item.input, touches: [{ kind: "contactRequest", at: null, props: null }] } as Item["input"] };
  };
  const before = await dealt();
  const outcomes = await Promise.all(Array.from({ length: 100 }, (_, i) => (i % 2 === 0 ? flow.door : second).submit(flow.workspaceId, hot(i))));
  expect(outcomes.every((outcome) => outcome.kind === "done" && outcome.lead.stage === "mql")).toBe(true);
  const owners = Map.groupBy(outcomes, (outcome) => (outcome.kind === "done" ? outcome.lead.ownerId : null));
  expect(new Set(owners.keys())).toEqual(new Set(flow.users));
  const counts = [...owners.values()].map((group) => group.length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  expect((await dealt()) - before).toBe(100);
});

test("a key in flight or used for another request is refused, a repeat gets the same answer", async () => {
  const capture = (hash: string, key = "k1"): Item => ({ ...flow.capture({ email: "keyed@example.org" }), idempotency: { key, hash } });
  const outcomes = await Promise.all(Array.from({ length: 10 }, () => flow.door.submit(flow.workspaceId, capture("a"))));
  const created = outcomes.filter((outcome) => outcome.kind === "done" && !outcome.replayed);
  expect(created).toHaveLength(1);
  for (const outcome of outcomes) if (outcome.kind === "refused") expect(outcome.type).toBe("idempotency-in-flight");
  const again = await flow.door.submit(flow.workspaceId, capture("a"));
  expect(again).toMatchObject({ kind: "done", outcome: "created", replayed: true });
  expect(await flow.door.submit(flow.workspaceId, capture("b"))).toMatchObject({ kind: "refused", status: 422, type: "idempotency-mismatch" });
  const [lead] = await flow.db.query<{ number: number }>(sql`select number from lead where workspace_id = ${workspace} and email = 'keyed@example.org'`);
  expect(lead?.number).toBe(1);
});

test("an input the database cannot take is held with its reason, its neighbours in the batch are not", async () => {
  const bad = flow.capture({ email: "bad@example.org", firstName: "nul \u0000 inside" });
  const outcomes = await Promise.all([
    ...Array.from({ length: 20 }, (_, i) => flow.door.submit(flow.workspaceId, flow.capture({ email: `good${i}@example.org` }))),
    flow.door.submit(flow.workspaceId, bad),
  ]);
  expect(outcomes.slice(0, 20).every((outcome) => outcome.kind === "done")).toBe(true);
  expect(outcomes[20]).toMatchObject({ kind: "held", id: bad.inputId });
  const [held] = await flow.db.query<{ reason: string; payload: { base64: string } }>(
    sql`select reason, payload from intake where workspace_id = ${workspace} and id = ${bad.inputId} and state = 'held'`,
  );
  expect(held?.reason).toMatch(/byte sequence|unicode/i);
  expect(Buffer.from(held?.payload.base64 ?? "", "base64").toString()).toContain("bad@example.org");
});

test("a refused input changes nothing, takes no number and is kept with its reason", async () => {
  const made = await flow.door.submit(flow.workspaceId, flow.capture({ email: "steady@example.org" }));
  const input = flow.on(leadId(made), { kind: "stage", stage: "rejected" });
  expect(await flow.door.submit(flow.workspaceId, input)).toMatchObject({ kind: "refused", status: 422 });
  expect(await flow.door.submit(flow.workspaceId, flow.on(leadId(made), { kind: "edit", patch: { city: "Lund" }, ifVersion: 7 }))).toMatchObject({
    kind: "refused",
    status: 412,
  });
  expect(await flow.door.submit(flow.workspaceId, flow.on("00000000-0000-7000-8000-000000000000", { kind: "look" }))).toMatchObject({
    kind: "refused",
    status: 404,
  });
  const [lead] = await flow.db.query<{ number: number; version: number }>(
    sql`select number, version from lead where workspace_id = ${workspace} and id = ${leadId(made)}`,
  );
  expect(lead).toEqual({ number: 1, version: 1 });
  const refused = await flow.db.query(sql`select reason from intake where workspace_id = ${workspace} and lead_id = ${leadId(made)} and state = 'refused'`);
  expect(refused).toHaveLength(2);
});

test("an identity that belongs to somebody else cannot be edited onto a lead", async () => {
  const one = await flow.door.submit(flow.workspaceId, flow.capture({ email: "one@example.org" }));
  await flow.door.submit(flow.workspaceId, flow.capture({ email: "two@example.org" }));
  expect(await flow.door.submit(flow.workspaceId, flow.on(leadId(one), { kind: "edit", patch: { email: "two@example.org" } }))).toMatchObject({
    kind: "refused",
    type: "identity-taken",
  });
  await flow.door.submit(flow.workspaceId, flow.on(leadId(one), { kind: "edit", patch: { email: "three@example.org" } }));
  expect(leadId(await flow.door.submit(flow.workspaceId, flow.capture({ email: "three@example.org" })))).toBe(leadId(one));
});

test("a touch with an id counts once, however often and however at once it is sent", async () => {
  const made = await flow.door.submit(flow.workspaceId, flow.capture({ email: "touched@example.org" }));
  const left = () =>
    flow.on(leadId(made), {
      kind: "touches",
      touches: [
        { kind: "pageView", at: null, props: null, key: "t1" },
        { kind: "pageView", at: null, props: null, key: null },
      ],
    });
  await Promise.all(Array.from({ length: 20 }, () => flow.door.leave(flow.workspaceId, [left()])));
  await flow.door.drained();
  const [signal] = await flow.db.query<{ total: number }>(
    sql`select total from signal where workspace_id = ${workspace} and lead_id = ${leadId(made)} and facet = 'pageView'`,
  );
  expect(signal?.total).toBe(21);
  const unknown = await flow.door.leave(flow.workspaceId, [left(), flow.on("00000000-0000-7000-8000-000000000000", { kind: "touches", touches: [] })]);
  expect(unknown).toEqual([false, true]);
  await flow.door.drained();
});

test("a touch that cannot be processed is held, the others in the inbox are counted", async () => {
  const made = await flow.door.submit(flow.workspaceId, flow.capture({ email: "inbox@example.org" }));
  const touch = (kind: string) => flow.on(leadId(made), { kind: "touches", touches: [{ kind, at: null, props: null }] });
  const bad = touch("pageView");
  const broken: Item = {
    ...bad,
    input: {
      kind: "touches",
      touches: [
        { kind: "pageView", at: 9e15, props: null },
        { kind: "pageView", at: -9e15, props: null },
      ],
    },
  };
  await Promise.all([
    flow.door.leave(flow.workspaceId, [touch("download")]),
    flow.door.leave(flow.workspaceId, [broken]),
    flow.door.leave(flow.workspaceId, [touch("download")]),
  ]);
  await flow.door.drained();
  const [signal] = await flow.db.query<{ total: number }>(
    sql`select total from signal where workspace_id = ${workspace} and lead_id = ${leadId(made)} and facet = 'download'`,
  );
  expect(signal?.total).toBe(2);
  const [held] = await flow.db.query<{ state: string }>(sql`select state from intake where workspace_id = ${workspace} and id = ${broken.inputId}`);
  expect(held?.state).toBe("held");
});

test("a score falls by itself: the timer fires on the day it said, once, whoever looks", async () => {
  const item = flow.capture({ email: "fading@example.org" });
  const made = await flow.door.submit(flow.workspaceId, {
    ...item,
    input: { ...item.input, touches: [{ kind: "contactRequest", at: null, props: null }] } as Item["input"],
  });
  const state = made.kind === "done" ? made.lead : null;
  const due = state?.timers["score"] as number;
  expect(due, "40 points that halve in 30 days have lost a whole one on the second").toBe(Math.floor(flow.clock.now / DAY_MS) * DAY_MS + 2 * DAY_MS);
  await workOffTimers(flow);
  const score = async () =>
    (await flow.db.query<{ score: number; number: number }>(sql`select score, number from lead where workspace_id = ${workspace} and id = ${leadId(made)}`))[0];
  expect((await score())?.number).toBe(1);
  flow.clock.now = due;
  await Promise.all([workOffTimers(flow), workOffTimers(flow)]);
  const after = await score();
  expect(after?.number).toBe(2);
  expect(after?.score).toBeLessThan(state?.scores.total as number);
});

test("a publish rescores everybody; who now meets the definition enters the stage with everything that follows", async () => {
  const made = await flow.door.submit(flow.workspaceId, flow.capture({ email: "promoted@example.org", jobTitle: "Director", company: "Promo" }));
  expect(made).toMatchObject({ kind: "done", lead: { stage: "inquiry" } });
  const number = await flow.publish((config) => ({
    ...config,
    definitions: [{ stage: "mql", version: 2, criteria: { field: "score", op: "gte", value: 30 } }],
  }));
  await startRescore(flow, flow.workspaceId, number);
  const [lead] = await flow.db.query<{ stage: string; owner_id: string | null }>(
    sql`select stage, owner_id from lead where workspace_id = ${workspace} and id = ${leadId(made)}`,
  );
  expect(lead?.stage).toBe("mql");
  expect(flow.users).toContain(lead?.owner_id);
  const stale = await flow.db.query(sql`select id from lead where workspace_id = ${workspace} and scored_with <> ${number}`);
  expect(stale).toEqual([]);
  const tasks = await flow.db.query(sql`select key from task where workspace_id = ${workspace} and lead_id = ${leadId(made)} and state = 'open' order by key`);
  expect(tasks).toEqual([{ key: "call" }, { key: "connect" }, { key: "welcome" }]);
});

test("a statement that does not name its workspace cannot be made", () => {
  expect(() => sql`select 1 from lead`).toThrow(/workspace/);
});

test("a neighbour's lead is not there", async () => {
  const made = await flow.door.submit(flow.workspaceId, flow.capture({ email: "mine@example.org" }));
  const neighbour = uuidv7();
  const other = bindDb(flow.database.pool, neighbour);
  await other.execute(sql`insert into workspace (workspace_id, name, config_number, created_at) values (${workspace}, 'Neighbour', 1, now())`);
  await other.execute(
    sql`insert into config_version (workspace_id, number, body, published_at) select ${workspace}, 1, body, published_at from config_version where workspace_id = ${flow.workspaceId} and number = 1`,
  );
  expect(await flow.door.submit(neighbour, flow.on(leadId(made), { kind: "edit", patch: { city: "Oslo" } }))).toMatchObject({ kind: "refused", status: 404 });
  expect(await flow.door.leave(neighbour, [flow.on(leadId(made), { kind: "touches", touches: [{ kind: "call", at: null, props: null }] })])).toEqual([true]);
  const theirs = await flow.door.submit(neighbour, {
    ...flow.capture({ email: "mine@example.org" }),
    target: { by: "keys", keys: keysOf({ email: "mine@example.org" }), only: null },
  });
  expect(leadId(theirs)).not.toBe(leadId(made));
});

function leadId(outcome: Outcome): string {
  if (outcome.kind !== "done") throw new Error(`${outcome.kind}: ${outcome.kind === "held" ? outcome.reason : outcome.detail}`);
  return outcome.lead.id;
}

async function dealt(): Promise<number> {
  const rows = await flow.db.query<{ dealt: number }>(sql`select dealt from pool where workspace_id = ${workspace} and id = 'sales'`);
  return rows[0]?.dealt ?? 0;
}
