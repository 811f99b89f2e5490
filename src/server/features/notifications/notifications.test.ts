import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { keysOf } from "../../../core/identity/identity.ts";
import type { Input } from "../../../core/flow/input.ts";
import { bindDb, sql, workspace } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { testHouse, type TestHouse } from "../../testing/app.ts";
import { expectNoCanary } from "../../testing/canary.ts";
import { write } from "../leads/write.service.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { createUser } from "../workspaces/users.service.ts";
import { writeDigests } from "./digest.service.ts";
import { changeChoices, countNotifications, getChoices, listNotifications, readNotifications } from "./notifications.service.ts";
import { tellNotices, tellOfTime } from "./tell.service.ts";

let made: TestHouse;
let house: House;
let rep: string;
let marketer: string;
const clock = { ahead: 0 };

beforeAll(async () => {
  made = await testHouse({ now: () => Date.now() + clock.ahead });
  house = { ...made.house, outgoing: { smtpUrl: "smtp://127.0.0.1:1" } };
  const admin = as(made.userId, "admin");
  rep = (await createUser(admin, { name: "Rep", email: "rep@example.com", role: "salesRep" }, null)).id;
  marketer = (await createUser(admin, { name: "Mark", email: "mark@example.com", role: "marketing" }, null)).id;
  await db().execute(sql`update app_user set active = true where workspace_id = ${workspace}`);
});
afterAll(() => made.close());
afterEach(async () => {
  await tellNotices(house);
  await db().execute(sql`delete from notification where workspace_id = ${workspace}`);
  await db().execute(sql`delete from effect where workspace_id = ${workspace}`);
});

const db = () => bindDb(made.house.database.pool, made.workspaceId);

function as(userId: string, role: "admin" | "salesRep" | "marketing"): Deps {
  return actIn(house ?? made.house, made.workspaceId, `user:${userId}`, { userId, role, sees: "all", teams: [] });
}

let people = 0;
async function lead(): Promise<string> {
  const patch = { email: `n${++people}@example.com`, firstName: "Ada", lastName: `Number ${people}` };
  const done = await write(as(made.userId, "admin"), { kind: "capture", patch, touches: [] }, { by: "keys", keys: keysOf(patch), only: null }, null);
  if (done.outcome === "held") throw new Error("held");
  return done.lead.id;
}

async function happens(leadId: string, input: Input, deps = as(made.userId, "admin")): Promise<void> {
  await write(deps, input, { by: "lead", id: leadId }, null);
}

async function told(userId: string) {
  await tellNotices(house);
  const { items } = await listNotifications(as(userId, "admin"), { unread: false, limit: 50 });
  expectNoCanary(JSON.stringify(items));
  return items;
}

const mailTo = async (address: string) =>
  (
    await db().query<{ subject: string; purpose: string }>(
      sql`select content->>'subject' as subject, purpose from effect where workspace_id = ${workspace} and kind = 'mail' and content->'to'->>'address' = ${address}`,
    )
  ).map(({ subject, purpose }) => `${purpose}: ${subject}`);

describe("people hear of", () => {
  test("a lead that became theirs, not of what they did themselves", async () => {
    const id = await lead();
    await happens(id, { kind: "assign", owner: rep });
    expect(await told(rep)).toMatchObject([
      { event: "assigned", title: `Ada Number ${people} is yours now`, lead: { id, name: `Ada Number ${people}` }, readAt: null },
    ]);
    await happens(id, { kind: "assign", owner: made.userId });
    expect(await told(made.userId)).toEqual([]);
  });

  test("a lead of theirs that got hot", async () => {
    const id = await lead();
    await happens(id, { kind: "assign", owner: rep });
    const touches = Array.from({ length: 6 }, () => ({ kind: "contactRequest", at: null, props: null }));
    await happens(id, { kind: "touches", touches });
    expect((await told(rep)).map(({ event }) => event).sort()).toEqual(["assigned", "hot"]);
  });

  test("a lead that sales returned, with the reason: marketing", async () => {
    const id = await lead();
    await happens(id, { kind: "stage", stage: "mql" });
    await happens(id, { kind: "reject", reason: "no budget" });
    expect((await told(marketer)).find(({ event }) => event === "returned")).toMatchObject({ detail: "no budget", lead: { id } });
  });

  test("a next step that became due, once, though two processes look", async () => {
    const id = await lead();
    await happens(id, { kind: "assign", owner: rep });
    await tellOfTime(house);
    await happens(id, { kind: "stage", stage: "mql" });
    await tellNotices(house);
    clock.ahead += 25 * 3_600_000;
    await Promise.all([tellOfTime(house), tellOfTime(house)]);
    await tellOfTime(house);
    const due = (await told(rep)).filter(({ event }) => event === "taskDue");
    expect(due.map(({ title }) => title).sort()).toEqual([
      `Call, present, clarify needs and pain points: Ada Number ${people}`,
      `Send a welcome letter: Ada Number ${people}`,
    ]);
  });

  test("a note that names them, once, and not of another whose name begins alike", async () => {
    const id = await lead();
    await happens(id, { kind: "note", op: "add", text: "ask @rep, and @Marketing knows" });
    expect(await told(rep)).toMatchObject([{ event: "mention", detail: "ask @rep, and @Marketing knows", lead: { id } }]);
    expect(await told(marketer)).toEqual([]);
  });

  test("a reminder of their own that became due", async () => {
    await tellOfTime(house);
    clock.ahead += 60_000;
    const at = new Date(house.now());
    await db().execute(sql`
      insert into reminder (workspace_id, id, owner_id, kind, title, state, due_at, made_by, created_at)
      values (${workspace}, ${house.newId()}, ${rep}, 'todo', 'Water the plants', 'open', ${at}, 'user:x', ${at})`);
    clock.ahead += 60_000;
    await tellOfTime(house);
    expect(await told(rep)).toMatchObject([{ event: "taskDue", title: "Water the plants", lead: null }]);
  });

  test("an import that ended and an input that is held", async () => {
    await tellOfTime(house);
    clock.ahead += 1000;
    const at = new Date(house.now());
    await db().execute(sql`
      insert into import (workspace_id, id, state, file_name, file_path, map, options, created_by, created_at, updated_at, finished_at)
      values (${workspace}, ${house.newId()}, 'done', 'fair.csv', '', '{}', '{}', ${`user:${marketer}`}, ${at}, ${at}, ${at})`);
    await db().execute(sql`
      insert into intake (workspace_id, id, received_at, kind, state, config, release, actor, payload, reason)
      values (${workspace}, ${house.newId()}, ${at}, 'capture', 'held', 1, 1, 'key:x', '{}', 'a cycle')`);
    clock.ahead += 1000;
    await tellOfTime(house);
    expect(await told(marketer)).toMatchObject([{ event: "importFinished", title: "fair.csv is imported" }]);
    expect(await told(made.userId)).toMatchObject([{ event: "inputHeld", detail: "a cycle" }]);
    expect((await told(rep)).filter(({ event }) => event !== "taskDue")).toEqual([]);
  });
});

describe("a person chooses", () => {
  test("for each event: the bell, mail at once, the digest, or nothing", async () => {
    const deps = as(rep, "salesRep");
    await changeChoices(deps, { events: { assigned: { bell: false, mail: "atOnce" } } });
    const id = await lead();
    await happens(id, { kind: "assign", owner: rep });
    expect(await told(rep)).toEqual([]);
    expect(await mailTo("rep@example.com")).toEqual([`notification: Ada Number ${people} is yours now`]);
    await changeChoices(deps, { events: { assigned: { bell: false, mail: "none" } } });
    const other = await lead();
    await happens(other, { kind: "assign", owner: rep });
    expect(await told(rep)).toEqual([]);
    expect(await mailTo("rep@example.com")).toHaveLength(1);
    expect((await getChoices(deps)).events.hot).toEqual({ bell: true, mail: "digest" });
    await changeChoices(deps, { events: { assigned: { bell: true, mail: "digest" } } });
  });

  test("what is read, and the count follows", async () => {
    const deps = as(rep, "salesRep");
    for (let i = 0; i < 3; i++) await happens(await lead(), { kind: "assign", owner: rep });
    const [first] = await told(rep);
    expect(await countNotifications(deps)).toEqual({ unread: 3 });
    expect(await readNotifications(deps, { ids: [first?.id ?? ""] })).toEqual({ unread: 2 });
    expect(await readNotifications(as(made.userId, "admin"), { upTo: new Date(house.now()).toISOString() })).toEqual({ unread: 0 });
    expect(await countNotifications(deps)).toEqual({ unread: 2 });
    expect(await readNotifications(deps, { upTo: new Date(house.now()).toISOString() })).toEqual({ unread: 0 });
    await expect(readNotifications(deps, {})).rejects.toThrow();
  });

  test("his hour; the digest comes once a day, though two processes write it, and says each thing once", async () => {
    await db().execute(sql`update workspace set timezone = 'Asia/Kathmandu' where workspace_id = ${workspace}`);
    await happens(await lead(), { kind: "assign", owner: rep });
    await tellNotices(house);
    await changeChoices(as(rep, "salesRep"), { digestHour: 0 });
    await Promise.all([writeDigests(house), writeDigests(house)]);
    await writeDigests(house);
    expect((await mailTo("rep@example.com")).filter((mail) => mail.startsWith("digest"))).toHaveLength(1);
    clock.ahead += 24 * 3_600_000;
    await writeDigests(house);
    expect((await mailTo("rep@example.com")).filter((mail) => mail.startsWith("digest"))).toHaveLength(1);
    await happens(await lead(), { kind: "assign", owner: rep });
    await tellNotices(house);
    clock.ahead += 24 * 3_600_000;
    await writeDigests(house);
    expect((await mailTo("rep@example.com")).filter((mail) => mail.startsWith("digest"))).toHaveLength(2);
  });
});

test("an input that concerns nobody leaves no effect behind", async () => {
  const id = await lead();
  await happens(id, { kind: "edit", patch: { city: "London" } });
  const [row] = await db().query<{ count: number }>(sql`select count(*) as count from effect where workspace_id = ${workspace}`);
  expect(Number(row?.count)).toBe(0);
});
