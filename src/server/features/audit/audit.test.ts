/** The audit: that everything about access leaves a line, that lines stay, and that they can be found. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";
import { browserAt, signedIn } from "../../testing/browser.ts";

const PASSWORD = "correct horse battery staple";

let at: TestApp;
let clock = Date.now();

beforeAll(async () => {
  at = await testApp({ now: () => clock });
});
afterAll(() => at.close());

const list = async (query = "") => (await at.api("GET", `/api/v1/audit${query}`)).body;

test("who did what to whom stands there with what changed, from where, newest first", async () => {
  const me = await signedIn(at, "owner@example.com", PASSWORD);
  clock += 1000;
  const { body: ben } = await me.post("/api/v1/users", { name: "Ben", email: "ben@example.com", role: "salesRep", team: "sales" });
  clock += 1000;
  await me.call("PATCH", `/api/v1/users/${ben.id}`, { role: "salesManager" });
  clock += 1000;
  await at.api("PATCH", `/api/v1/users/${ben.id}`, { active: false });
  const { items } = await list(`?about=${ben.id}`);
  expect(items.map(({ action }: { action: string }) => action)).toEqual(["user.deactivated", "user.roleChanged", "user.invited"]);
  expect(items[1]).toEqual({
    id: expect.any(String),
    at: new Date(clock - 1000).toISOString(),
    actor: `user:${at.userId}`,
    by: "owner",
    action: "user.roleChanged",
    about: { type: "user", id: ben.id, name: "Ben" },
    detail: { role: { from: "salesRep", to: "salesManager" } },
    why: null,
    address: "127.0.0.1",
  });
  expect(items[0].actor, "a key").toMatch(/^key:/);
  expect(items[0].by).toBe("Setup");
});

test("configurations, keys, teams, settings, sign-ins and failed ones leave their lines", async () => {
  await browserAt(at).post("/api/v1/session", { email: "owner@example.com", password: "wrong horse battery staple" });
  await at.api("POST", "/api/v1/teams", { name: "West" });
  const { body: key } = await at.api("POST", "/api/v1/api-keys", { name: "Site", scopes: ["write"] });
  await at.api("DELETE", `/api/v1/api-keys/${key.id}`);
  await at.api("PATCH", "/api/v1/workspace", { weekStart: "sunday" });
  const { items, nextCursor } = await list("?limit=200");
  const actions = new Set(items.map(({ action }: { action: string }) => action));
  expect(nextCursor).toBeNull();
  expect([...actions]).toEqual(
    expect.arrayContaining([
      "workspace.setUp",
      "session.signedIn",
      "session.failed",
      "team.made",
      "config.published",
      "key.made",
      "key.revoked",
      "workspace.changed",
    ]),
  );
  expect(items.find(({ action }: { action: string }) => action === "workspace.changed").detail).toEqual({ weekStart: { from: "monday", to: "sunday" } });
  expect(items.find(({ action }: { action: string }) => action === "session.failed")).toMatchObject({ actor: "nobody", about: { id: at.userId } });
  expect(JSON.stringify(items)).not.toContain(key.key);
});

test("a line is there exactly when what it tells of is", async () => {
  const before = (await list("?limit=200")).items.length;
  expect((await at.api("POST", "/api/v1/users", { name: "Ben", email: "ben@example.com", role: "salesRep" })).status).toBe(409);
  expect((await at.api("PATCH", `/api/v1/users/${at.userId}`, { role: "readOnly" })).status).toBe(409);
  await at.api("PATCH", "/api/v1/workspace", { weekStart: "sunday" });
  expect((await list("?limit=200")).items.length).toBe(before);
});

test("a line is changed by nobody, unless a person is erased", async () => {
  const { pool } = at.house.database;
  await expect(pool.query("update audit set actor = 'nobody'")).rejects.toThrow("append-only");
  await expect(pool.query("delete from audit")).rejects.toThrow("append-only");
  const client = await pool.connect();
  await client.query("begin");
  await client.query("set local baton.erasing = 'on'");
  expect((await client.query("update audit set address = null where workspace_id = $1", [at.workspaceId])).rowCount).toBeGreaterThan(0);
  await client.query("rollback");
  client.release();
});

test("pages follow one another without gap or repeat, and filters narrow them", async () => {
  const all = (await list("?limit=200")).items;
  const paged: unknown[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const page: { items: unknown[]; nextCursor: string | null } = await list(`?limit=3${cursor === "" ? "" : `&cursor=${cursor}`}`);
    paged.push(...page.items);
    cursor = page.nextCursor;
  }
  expect(paged).toEqual(all);
  const kinds = (await list("?action=user")).items.map(({ action }: { action: string }) => action.split(".")[0]);
  expect(new Set(kinds)).toEqual(new Set(["user"]));
  expect((await list("?action=key.revoked")).items).toHaveLength(1);
  expect((await list(`?actor=user:${at.userId}&action=user.invited`)).items).toHaveLength(1);
  expect((await list(`?from=${new Date(clock + 1).toISOString()}`)).items).toEqual([]);
  expect((await list(`?to=${new Date(clock + 1).toISOString()}`)).items.length).toBeGreaterThan(5);
  expect((await at.api("GET", "/api/v1/audit?cursor=nonsense")).status).toBe(422);
  expect((await at.api("GET", "/api/v1/audit?about=%27%20or%201%3D1")).body.items).toEqual([]);
});

test("the newest change of one setting, or of one part of the configuration, is asked for by its name", async () => {
  clock += 1000;
  await at.api("PATCH", "/api/v1/workspace", { locale: "de-DE" });
  clock += 1000;
  await at.api("PATCH", "/api/v1/workspace", { timezone: "Europe/Berlin" });
  const [locale, ...others] = (await list("?action=workspace.changed&changed=locale&limit=1")).items;
  expect(locale.detail).toEqual({ locale: { from: "en-GB", to: "de-DE" } });
  expect(others).toEqual([]);
  clock += 1000;
  await at.api("POST", "/api/v1/teams", { name: "North" });
  expect((await list("?action=config.published&changed=teams&limit=1")).items[0].detail.changed).toContain("teams");
  expect(
    (await list("?action=config.published&changed=routing")).items.every(({ detail }: { detail: { changed: string[] } }) => detail.changed.includes("routing")),
  ).toBe(true);
  expect((await list("?changed=nothing")).items).toEqual([]);
});
