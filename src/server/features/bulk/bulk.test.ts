import { afterAll, beforeAll, expect, test } from "vitest";
import { bindDb, sql, workspace } from "../../db/db.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { resumeBulks } from "./bulk-run.service.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
  const leads = Array.from({ length: 320 }, (_, i) => ({ email: `b${i}@example.com`, lastName: `B${i}`, source: i < 300 ? "fair" : "web" }));
  await at.api("POST", "/api/v1/leads/batch", { leads });
});
afterAll(() => at.close());

const FAIR = { field: "source", op: "eq", value: "fair" };
const filter = (tree: object): string => encodeURIComponent(JSON.stringify(tree));
const count = async (tree: object): Promise<number> => (await at.api("GET", `/api/v1/leads?limit=1&total=true&filter=${filter(tree)}`)).body.total;
const ids = async (limit: number): Promise<string[]> =>
  (await at.api("GET", `/api/v1/leads?limit=${limit}&sort=lastName&filter=${filter(FAIR)}`)).body.items.map(({ id }: Json) => id);

async function ended(id: string): Promise<Json> {
  for (;;) {
    const { body } = await at.api("GET", `/api/v1/bulk/${id}`);
    if (body.state !== "running" && body.state !== "undoing") return body;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

test("a preview says what would happen, and nothing happens", async () => {
  const { body } = await at.api("POST", "/api/v1/bulk/preview", { change: { action: "tag", add: ["seen"] }, filter: FAIR });
  expect(body).toMatchObject({ leads: 300, exact: true, sampled: 100, changed: 100, failed: 0, by: [{ from: "", to: "seen", count: 100 }] });
  expect(await count({ field: "tags", op: "eq", value: "seen" })).toBe(0);
});

test("a small change is done when it answers, with a reason for each lead that could not be changed", async () => {
  const chosen = await ids(3);
  await at.api("DELETE", `/api/v1/leads/${chosen[0]}`);
  const gone = "0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a";
  const { status, body } = await at.api("POST", "/api/v1/bulk", { change: { action: "assign", owner: at.userId }, ids: [...chosen, gone] });
  expect(status).toBe(200);
  expect(body).toMatchObject({ state: "done", leads: 4, done: 4, changed: 2, failed: 2, undoable: true });
  const failures = (await at.api("GET", `/api/v1/bulk/${body.id}/failures`)).body.items;
  expect(failures.map(({ reason }: Json) => reason).join()).toContain("in the bin");
  await at.api("POST", `/api/v1/leads/${chosen[0]}/restore`);
});

test("a large change goes on behind its answer, once however often it is sent, and is taken back but for leads changed since", async () => {
  const body = { change: { action: "tag", add: ["big"] }, filter: FAIR };
  const [first, second] = await Promise.all([
    at.api("POST", "/api/v1/bulk", body, { "idempotency-key": "big" }),
    at.api("POST", "/api/v1/bulk", body, { "idempotency-key": "big" }),
  ]);
  const started = [first, second].find(({ status }) => status < 300) as typeof first;
  const done = await ended(started.body.id);
  expect(done).toMatchObject({ state: "done", leads: 300, changed: 300 });
  expect(await count({ field: "tags", op: "eq", value: "big" })).toBe(300);
  const [one] = await ids(1);
  await at.api("PATCH", `/api/v1/leads/${one}`, { city: "Lund" });
  await at.api("POST", `/api/v1/bulk/${done.id}/undo`);
  expect(await ended(done.id)).toMatchObject({ state: "undone", undone: 299, kept: 1 });
  expect(await count({ field: "tags", op: "eq", value: "big" })).toBe(1);
});

test("a change that was killed in the middle goes on at the next start and does nothing twice", async () => {
  const db = bindDb(at.house.database.pool, at.workspaceId);
  const { body } = await at.api("POST", "/api/v1/bulk", { change: { action: "stage", stage: "recycled", reason: "clean up" }, ids: await ids(20) });
  await db.execute(sql`update bulk set state = 'running', finished_at = null where workspace_id = ${workspace} and id = ${body.id}`);
  await db.execute(sql`update bulk_lead set state = 'waiting' where workspace_id = ${workspace} and bulk_id = ${body.id} and place >= 15`);
  await Promise.all([1, 2].map(() => resumeBulks(at.house, new AbortController().signal)));
  expect(await ended(body.id)).toMatchObject({ state: "done", done: 20 });
});

test("all leads are deleted and brought back by filter", async () => {
  const gone = await at.api("POST", "/api/v1/bulk", { change: { action: "delete", reason: "old list" }, filter: { and: [] }, except: await ids(1) });
  await ended(gone.body.id);
  expect(await count({ and: [] })).toBe(1);
  const back = await at.api("POST", "/api/v1/bulk", { change: { action: "restore" }, filter: FAIR });
  await ended(back.body.id);
  expect(await count({ and: [] })).toBe(300);
});

test("what no lead could take is refused at once", async () => {
  const refused = async (body: object): Promise<number> => (await at.api("POST", "/api/v1/bulk", body)).status;
  expect(await refused({ change: { action: "tag" }, filter: FAIR })).toBe(422);
  expect(await refused({ change: { action: "stage", stage: "nowhere" }, filter: FAIR })).toBe(422);
  expect(await refused({ change: { action: "stage", stage: "lost" }, filter: FAIR })).toBe(422);
  expect(await refused({ change: { action: "assign", owner: "nobody" }, ids: [] })).toBe(422);
  expect(await refused({ change: { action: "delete" } })).toBe(422);
  expect((await at.api("POST", "/api/v1/bulk", { change: { action: "delete" }, ids: [] })).body).toMatchObject({ leads: 0, state: "done" });
});

test("every law holds after all of this", async () => {
  expect((await runDoctor({ ...at.house, db: bindDb(at.house.flow.pool, at.workspaceId) } as never, { replay: 40 })).violations).toEqual([]);
});
