import { afterAll, beforeAll, expect, test } from "vitest";
import { replayLead } from "../../flow/replay.ts";
import { EVERYONE } from "../../../core/access/access.ts";
import { bindDb } from "../../db/db.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { listTasks } from "./task-list.service.ts";
import { createTask } from "./tasks.service.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";

const clock = { now: Date.UTC(2026, 2, 2, 9) };
const HOUR = 3_600_000;
let at: TestApp;
let leadId: string;
let user: string;

beforeAll(async () => {
  at = await testApp({ now: () => clock.now });
  const made = await at.api("POST", "/api/v1/leads", {
    email: "t@example.com",
    firstName: "Task",
    lastName: "Owner",
    company: "Works",
    jobTitle: "CEO",
    touches: [{ kind: "contactRequest" }],
  });
  leadId = made.body.lead.id;
  user = at.userId;
});
afterAll(() => at.close());

const iso = (ms: number): string => new Date(ms).toISOString();
const queue = async (query: string): Promise<Json> => (await at.api("GET", `/api/v1/tasks?${query}`)).body;

async function exact(): Promise<void> {
  expect((await replayLead(bindDb(at.house.flow.pool, at.workspaceId), at.house.configs, leadId)).mismatches).toEqual([]);
}

test("a queue holds the steps of the process with their leads, the earliest due first, a page at a time", async () => {
  const all = await queue("owner=all");
  expect(all.items.map(({ key }: Json) => key).sort()).toEqual(["call", "connect", "welcome"]);
  expect(all.items[0].lead).toMatchObject({ id: leadId, name: "Task Owner", company: "Works" });
  const first = await queue("owner=all&limit=2");
  const rest = await queue(`owner=all&limit=2&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items].map(({ id }: Json) => id)).toEqual(all.items.map(({ id }: Json) => id));
  await expect(
    listTasks({ ...actIn(at.house, at.workspaceId, "cli"), viewer: EVERYONE }, { state: "open", owner: "me", due: "any", limit: 5 }),
  ).rejects.toMatchObject({ status: 422 });
});

test("a step is put off, given to somebody and taken back; it keeps to him when the lead changes hands", async () => {
  const [step] = (await queue("owner=all")).items;
  const until = iso(clock.now + 48 * HOUR);
  expect((await at.api("POST", `/api/v1/tasks/${step.id}/snooze`, { until, reason: "on holiday" })).body.task.dueAt).toBe(until);
  expect((await at.api("POST", `/api/v1/tasks/${step.id}/snooze`, { until: iso(clock.now - 1) })).status).toBe(422);
  const given = await at.api("POST", `/api/v1/tasks/${step.id}/delegate`, { owner: user });
  expect(given.body.task).toMatchObject({ delegated: given.body.outcome === "updated", owner: { id: user } });
  expect((await at.api("POST", `/api/v1/tasks/${step.id}/delegate`, { owner: "nobody" })).status).toBe(422);
  expect((await at.api("POST", `/api/v1/tasks/${step.id}/cancel`)).status).toBe(409);
  await exact();
});

test("one's own repeating task brings the next when it is done, and outlives the stage", async () => {
  const made = await at.api("POST", "/api/v1/tasks", {
    title: "Ring again ☎",
    kind: "call",
    dueAt: iso(clock.now + HOUR),
    lead: leadId,
    owner: user,
    repeat: { every: "weekday" },
  });
  expect(made.status).toBe(201);
  expect(made.body).toMatchObject({
    outcome: "created",
    task: { own: true, repeat: { every: "weekday", interval: 1 }, lead: { id: leadId } },
    undo: expect.any(Number),
  });
  await at.api("POST", `/api/v1/leads/${leadId}/stage`, { stage: "recycled", reason: "later" });
  await at.api("POST", `/api/v1/leads/${leadId}/stage`, { stage: "mql" });
  const done = await at.api("POST", `/api/v1/tasks/${made.body.task.id}/complete`, {
    note: "Wants a demo",
    log: { kind: "call", outcome: "reached", minutes: 5 },
  });
  expect(done.body.task.state).toBe("done");
  expect(done.body.next).toMatchObject({ state: "open", dueAt: iso(clock.now + 25 * HOUR) });
  expect((await at.api("POST", `/api/v1/tasks/${made.body.task.id}/complete`)).status).toBe(409);
  const back = await at.api("POST", `/api/v1/leads/${leadId}/undo`, { number: done.body.undo });
  expect(back.status).toBe(200);
  expect((await queue("owner=all")).items.filter(({ own }: Json) => own).map(({ id }: Json) => id)).toEqual([made.body.task.id]);
  const calls = (await at.api("GET", `/api/v1/leads/${leadId}/timeline?groups=calls`)).body.items;
  expect(calls[0]).toMatchObject({ type: "touch.call", what: "Call: reached" });
  expect((await at.api("PATCH", `/api/v1/tasks/${made.body.task.id}`, { title: "Ring", repeat: null })).body.task).toMatchObject({
    title: "Ring",
    repeat: null,
  });
  expect((await at.api("POST", `/api/v1/tasks/${made.body.task.id}/cancel`, { reason: "no need" })).body.task.state).toBe("cancelled");
  await exact();
});

test("a reminder needs no lead; a key of nobody must say whose it is", async () => {
  const nobody = { ...actIn(at.house, at.workspaceId, "cli"), viewer: EVERYONE };
  await expect(createTask(nobody, { title: "Lunch", kind: "todo", dueAt: clock.now }, null)).rejects.toMatchObject({ status: 422 });
  const body = { title: "Water the plants", dueAt: iso(clock.now + 2 * HOUR), owner: user, repeat: { every: "day" } };
  const key = { "idempotency-key": "plants" };
  const made = await at.api("POST", "/api/v1/tasks", body, key);
  expect((await at.api("POST", "/api/v1/tasks", body, key)).body.task.id).toBe(made.body.task.id);
  expect(made.body).toMatchObject({ lead: null, task: { lead: null, own: true } });
  expect((await queue(`owner=${user}&due=today`)).items.map(({ title }: Json) => title)).toContain("Water the plants");
  const done = await at.api("POST", `/api/v1/tasks/${made.body.task.id}/complete`);
  expect(done.body.next.dueAt).toBe(iso(clock.now + 26 * HOUR));
  expect((await at.api("POST", `/api/v1/tasks/${made.body.task.id}/complete`)).status).toBe(409);
});

test("two people complete one step at once: it is done once", async () => {
  const [step] = (await queue("owner=all")).items.filter(({ key }: Json) => key === "call");
  const answers = await Promise.all([1, 2].map(() => at.api("POST", `/api/v1/tasks/${step.id}/complete`)));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 409]));
});

test("a form shows what is known already", async () => {
  await at.api("PATCH", `/api/v1/leads/${leadId}`, { fields: { need: "Cranes" } });
  const { items } = (await at.api("GET", `/api/v1/leads/${leadId}/tasks`)).body;
  const qualify = items.findLast(({ key, state }: Json) => key === "qualify" && state === "open");
  expect(qualify.known).toMatchObject({ owner: user, assigneesGroup: "sales" });
});

test("my day holds what is due, what is new, what is hot and what waits, and nothing of the bin", async () => {
  const day = async (): Promise<Json> => (await at.api("GET", `/api/v1/my-day?user=${user}`)).body;
  const fresh = await at.api("POST", "/api/v1/leads", {
    email: "new@example.com",
    firstName: "New",
    company: "N",
    jobTitle: "CEO",
    touches: [{ kind: "contactRequest" }, { kind: "webinarAttended" }, { kind: "eventVisit" }],
  });
  const { id } = fresh.body.lead;
  const before = await day();
  expect(before.fresh.map(({ lead }: Json) => lead.id)).toContain(id);
  expect(before.counts.now + before.counts.today + before.counts.later).toBe(before.now.length + before.today.length + before.later.length);
  clock.now += 30 * HOUR;
  expect((await day()).now.map(({ lead }: Json) => lead?.id)).toContain(id);
  await at.api("DELETE", `/api/v1/leads/${id}`);
  const after = await day();
  for (const list of ["now", "today", "later", "fresh", "hot", "waiting"]) expect(after[list].map(({ lead }: Json) => lead?.id)).not.toContain(id);
  expect((await at.api("GET", "/api/v1/my-day")).body).toEqual({ ...after, asOf: expect.any(String) });
});
