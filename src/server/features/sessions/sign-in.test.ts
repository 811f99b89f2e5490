/** Coming in, staying in and going out: what a browser gets, and what whoever guesses gets. */
import type { PoolConfig } from "pg";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { createDatabase } from "../../db/db.ts";
import { testApp, type TestApp } from "../../testing/app.ts";
import { browserAt, ORIGIN, signedIn } from "../../testing/browser.ts";
import { setupWorkspace } from "../workspaces/workspaces.service.ts";

const PASSWORD = "correct horse battery staple";
const OWNER = { email: "owner@example.com", password: PASSWORD };

let at: TestApp;
let clock = Date.now();

beforeAll(async () => {
  at = await testApp({ now: () => clock });
});
afterAll(() => at.close());
beforeEach(async () => {
  await at.house.database.pool.query("delete from throttle");
});

const query = async (text: string, values: unknown[] = []) => (await at.house.database.pool.query(text, values)).rows;
const nobody = () => browserAt(at);

describe("signing in", () => {
  test("answers who one is, where, and what one may do, and sets a cookie that no script can read", async () => {
    const browser = nobody();
    const { status, body } = await browser.post("/api/v1/session", { ...OWNER, email: " Owner@Example.com " });
    expect(status).toBe(200);
    expect(body).toMatchObject({
      user: { id: at.userId, name: "owner", email: "owner@example.com", role: "admin" },
      teams: [{ id: "sales", name: "Sales" }],
      rights: { signerMarketing: false, signerSales: false },
      workspace: { id: at.workspaceId, name: "Test", timezone: "UTC", currency: "EUR", weekStart: "monday", locale: "en-GB" },
      secondFactor: { enabled: false, required: false },
    });
    expect(body.can).toEqual(expect.arrayContaining(["self", "leads.read", "users.manage", "audit.read"]));
    const cookie = browser.set().find((line) => line.startsWith("baton_session="));
    expect(cookie).toMatch(/^baton_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax$/);
    expect((await browser.get("/api/v1/session")).body).toEqual(body);
    expect((await browser.get("/api/v1/leads")).status).toBe(200);
  });

  test("by https the cookie is Secure and bound to the host", async () => {
    const app = createApp(at.house, {
      ...readBuild({}),
      databaseKind: "embedded",
      trustProxy: false,
      checkReplies: true,
      publicUrl: "https://leads.example.org",
    });
    await app.fastify.ready();
    const sent = { "content-type": "application/json", origin: "https://leads.example.org", "x-baton": "1" };
    const answer = await app.fastify.inject({ method: "POST", url: "/api/v1/session", headers: sent, payload: JSON.stringify(OWNER) });
    expect(answer.statusCode).toBe(200);
    const [cookie = ""] = [answer.headers["set-cookie"] ?? []].flat();
    expect(cookie).toMatch(/^__Host-baton_session=[\w-]{43}; Path=\/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure$/);
    const value = cookie.split(";")[0] as string;
    const me = await app.fastify.inject({ method: "GET", url: "/api/v1/session", headers: { cookie: value } });
    expect(me.statusCode).toBe(200);
    const plain = await app.fastify.inject({ method: "GET", url: "/api/v1/session", headers: { cookie: value.replace("__Host-", "") } });
    expect(plain.statusCode, "the name without the prefix could have been set by a neighbour").toBe(401);
    await app.fastify.close();
  });

  test("only hashes of secrets are kept", async () => {
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    const token = browser.cookies.get("baton_session") as string;
    const everything = JSON.stringify(await query("select s.*, encode(hash, 'escape') as hash_text from session s"));
    expect(everything).not.toContain(token);
  });

  test("an unknown address, a wrong password and a deactivated user hear the same, after the same work", async () => {
    const { body: ben } = await at.api("POST", "/api/v1/users", { name: "Ben", email: "ben@example.com", role: "salesRep" });
    await query("update app_user set password_hash = (select password_hash from app_user where id = $1) where id = $2", [at.userId, ben.id]);
    await at.api("PATCH", `/api/v1/users/${ben.id}`, { active: false });
    const statements: string[][] = [];
    const answers = [];
    for (const given of [
      { ...OWNER, email: "nobody@example.com" },
      { ...OWNER, password: "wrong horse battery staple" },
      { ...OWNER, email: "ben@example.com" },
    ]) {
      const seen: string[] = [];
      const { pool } = at.house.database;
      const ask = pool.query.bind(pool) as (...given: unknown[]) => unknown;
      (pool as { query: unknown }).query = (...args: unknown[]) => {
        seen.push((args[0] as { name?: string }).name ?? String(args[0]));
        return ask(...args);
      };
      answers.push(await nobody().post("/api/v1/session", given));
      (pool as { query: unknown }).query = ask;
      statements.push(seen);
    }
    const [unknown, wrong, inactive] = answers;
    expect(unknown?.status).toBe(401);
    expect(unknown?.body.type).toBe("urn:baton:problem:unauthorized");
    expect(wrong?.body).toEqual(unknown?.body);
    expect(inactive?.body).toEqual(unknown?.body);
    expect(statements[1], "the same statements").toEqual(statements[0]);
    expect(statements[2]).toEqual(statements[0]);
  });

  test("an address of several workspaces chooses one, but only who has the password hears of which", async () => {
    const { workspaceId } = await setupWorkspace(at.house, { workspace: "Other", ...OWNER });
    const asked = await nobody().post("/api/v1/session", OWNER);
    expect([asked.status, asked.body.type]).toEqual([409, "urn:baton:problem:choose-workspace"]);
    expect(asked.body.workspaces).toEqual([
      { id: at.workspaceId, name: "Test" },
      { id: workspaceId, name: "Other" },
    ]);
    const guessed = await nobody().post("/api/v1/session", { ...OWNER, password: "wrong horse battery staple" });
    expect([guessed.status, guessed.body.workspaces]).toEqual([401, undefined]);
    const chosen = await nobody().post("/api/v1/session", { ...OWNER, workspace: workspaceId });
    expect([chosen.status, chosen.body.workspace.name]).toEqual([200, "Other"]);
    expect((await nobody().post("/api/v1/session", { ...OWNER, workspace: "no-id" })).status).toBe(401);
    await query("update app_user set active = false where workspace_id = $1", [workspaceId]);
  });
});

describe("guessing", () => {
  const wrong = { ...OWNER, password: "wrong horse battery staple" };

  test("costs a wait that grows, tells when to try again, and ends by itself", async () => {
    const browser = nobody();
    for (let i = 0; i < 5; i++) expect((await browser.post("/api/v1/session", wrong)).status).toBe(401);
    const refused = await browser.post("/api/v1/session", OWNER);
    expect([refused.status, refused.headers["retry-after"], refused.body.type]).toEqual([429, "5", "urn:baton:problem:throttled"]);
    clock += 5000;
    expect((await browser.post("/api/v1/session", wrong)).status).toBe(401);
    expect((await browser.post("/api/v1/session", wrong)).headers["retry-after"]).toBe("10");
    clock += 10_000;
    expect((await browser.post("/api/v1/session", OWNER)).status).toBe(200);
    expect((await browser.post("/api/v1/session", wrong)).status, "whoever came in begins anew").toBe(401);
  });

  test("is slowed down for addresses that nobody has, too", async () => {
    for (let i = 0; i < 5; i++) await nobody().post("/api/v1/session", { ...wrong, email: "ghost@example.com" });
    expect((await nobody().post("/api/v1/session", { ...wrong, email: "ghost@example.com" })).status).toBe(429);
  });

  test("a hundred at once are not one: five get an answer", async () => {
    const answers = await Promise.all(Array.from({ length: 60 }, () => nobody().post("/api/v1/session", wrong)));
    expect(answers.filter(({ status }) => status === 401).length).toBeLessThanOrEqual(5);
    expect(answers.every(({ status }) => status === 401 || status === 429)).toBe(true);
  });

  test("does not keep the owner out of a browser in which he has been before", async () => {
    const known = await signedIn(at, OWNER.email, PASSWORD);
    for (let i = 0; i < 6; i++) await nobody().post("/api/v1/session", wrong);
    expect((await nobody().post("/api/v1/session", OWNER)).status).toBe(429);
    expect((await known.post("/api/v1/session", OWNER)).status).toBe(200);
    const forged = nobody();
    forged.cookies.set("baton_device", `${"A".repeat(43)}.${"B".repeat(43)}`);
    expect((await forged.post("/api/v1/session", OWNER)).status).toBe(429);
    const others = nobody();
    others.cookies.set("baton_device", known.cookies.get("baton_device") as string);
    for (let i = 0; i < 5; i++) await others.post("/api/v1/session", { ...wrong, email: "other@example.com" });
    expect((await others.post("/api/v1/session", { ...wrong, email: "other@example.com" })).status, "the mark counts for one account").toBe(429);
  });

  test("counts by network, an IPv6 network being a /64, and is shared by every server of the database", async () => {
    const pools = [1, 2].map(() => createDatabase({ ...at.house.database.pool.options, password: at.house.database.pool.options.password } as PoolConfig, 2));
    const servers = pools.map((database) =>
      createApp({ ...at.house, database }, { ...readBuild({}), databaseKind: "embedded", trustProxy: true, checkReplies: true }),
    );
    const guess = async (i: number, address: string): Promise<number> => {
      const headers = { "content-type": "application/json", "x-forwarded-for": address };
      const payload = JSON.stringify({ email: `someone${i}@example.com`, password: "wrong horse battery staple" });
      const { statusCode = 0 } = (await servers[i % 2]?.fastify.inject({ method: "POST", url: "/api/v1/session", headers, payload })) ?? {};
      return statusCode;
    };
    for (let i = 0; i < 30; i++) expect(await guess(i, `2001:db8:1:2::${i.toString(16)}`)).toBe(401);
    expect([await guess(30, "2001:db8:1:2:ffff::1"), await guess(31, "2001:db8:1:2::1")], "the same network, either server").toEqual([429, 429]);
    expect(await guess(32, "2001:db8:1:3::1"), "the next network").toBe(401);
    for (const server of servers) await server.fastify.close();
    for (const { pool } of pools) await pool.end();
  });
});

describe("a session", () => {
  test("begins anew whatever cookie the browser came with, and the old one ends", async () => {
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    const before = browser.cookies.get("baton_session") as string;
    await browser.post("/api/v1/session", OWNER);
    const after = browser.cookies.get("baton_session") as string;
    expect(after).not.toBe(before);
    browser.cookies.set("baton_session", before);
    expect((await browser.get("/api/v1/session")).status).toBe(401);
    const planted = nobody();
    planted.cookies.set("baton_session", "A".repeat(43));
    await planted.post("/api/v1/session", OWNER);
    expect(planted.cookies.get("baton_session")).not.toBe("A".repeat(43));
  });

  test("ends when it was not used for a week, and after thirty days however much it was used", async () => {
    const start = clock;
    const idle = await signedIn(at, OWNER.email, PASSWORD);
    clock = start + 7 * 86_400_000 + 1000;
    expect((await idle.get("/api/v1/session")).status).toBe(401);
    const used = await signedIn(at, OWNER.email, PASSWORD);
    const began = clock;
    for (let day = 5; day < 30; day += 5) {
      clock = began + day * 86_400_000;
      expect((await used.get("/api/v1/session")).status, `day ${day}`).toBe(200);
      await expect.poll(async () => (await query("select max(seen_at) as seen from session"))[0]?.seen.getTime(), { interval: 20 }).toBe(clock);
    }
    clock = began + 30 * 86_400_000;
    expect((await used.get("/api/v1/session")).status).toBe(401);
  });

  test("is listed with its device, and can be ended from another", async () => {
    await query("delete from session");
    const one = browserAt(at, { "user-agent": "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0" });
    await one.post("/api/v1/session", OWNER);
    const two = browserAt(at, { "user-agent": "Mozilla/5.0 (iPhone; CPU iPhone OS 19_0 like Mac OS X) Version/19.0 Mobile/15E148 Safari/604.1" });
    await two.post("/api/v1/session", OWNER);
    const { items } = (await two.get("/api/v1/sessions")).body;
    expect(items.map(({ device, current, via }: { device: string; current: boolean; via: string }) => [device, current, via]).toSorted()).toEqual([
      ["Firefox on Linux", false, "password"],
      ["Safari on iPhone", true, "password"],
    ]);
    const other = items.find(({ current }: { current: boolean }) => !current).id;
    expect((await two.call("DELETE", `/api/v1/sessions/${other}`)).body).toEqual({ ended: 1 });
    expect((await one.get("/api/v1/session")).status).toBe(401);
    expect((await two.call("DELETE", `/api/v1/sessions/${other}`)).status).toBe(404);
    const three = await signedIn(at, OWNER.email, PASSWORD);
    expect((await two.call("DELETE", "/api/v1/sessions")).body).toEqual({ ended: 1 });
    expect([(await three.get("/api/v1/session")).status, (await two.get("/api/v1/session")).status]).toEqual([401, 200]);
  });

  test("ends by signing out, and signing out twice is no mistake", async () => {
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    const token = browser.cookies.get("baton_session") as string;
    expect((await browser.call("DELETE", "/api/v1/session")).body).toEqual({ ended: 1 });
    expect(browser.cookies.has("baton_session")).toBe(false);
    browser.cookies.set("baton_session", token);
    expect((await browser.get("/api/v1/leads")).status).toBe(401);
    expect((await browser.call("DELETE", "/api/v1/session")).body).toEqual({ ended: 0 });
  });
});

describe("a write that rides on a cookie", () => {
  const cases: readonly (readonly [string, Readonly<Record<string, string | undefined>>, number])[] = [
    ["from our own page", {}, 200],
    ["that only names its origin", { "sec-fetch-site": undefined }, 200],
    ["that only says it is same-origin", { origin: undefined }, 200],
    ["without origin and fetch metadata", { origin: undefined, "sec-fetch-site": undefined }, 403],
    ["from a foreign origin", { origin: "https://evil.example" }, 403],
    ["from a foreign origin that looks like ours", { origin: `${ORIGIN}.evil.example` }, 403],
    ["from nowhere", { origin: "null" }, 403],
    ["from another site", { "sec-fetch-site": "cross-site" }, 403],
    ["from a neighbour below the same domain", { "sec-fetch-site": "same-site" }, 403],
    ["without our header", { "x-baton": undefined }, 403],
    ["with another value of our header", { "x-baton": "yes" }, 403],
  ];
  test.each(cases)("%s", async (_what, headers, status) => {
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    const answer = await browser.call("PATCH", "/api/v1/session", { name: "owner" }, headers);
    expect(answer.status).toBe(status);
    if (status === 403) expect(answer.body.type).toBe("urn:baton:problem:cross-site");
  });

  test("as text/plain, as forms send it, is no JSON", async () => {
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    expect((await browser.call("PATCH", "/api/v1/session", '{"name":"x"}', { "content-type": "text/plain" })).status).toBe(415);
  });

  test("signing in and out from a foreign page is refused, too", async () => {
    const foreign = browserAt(at, { origin: "https://evil.example", "sec-fetch-site": "cross-site" });
    expect((await foreign.post("/api/v1/session", OWNER)).status).toBe(403);
    expect((await foreign.call("DELETE", "/api/v1/session")).status).toBe(403);
  });

  test("a key needs none of it, and beside a key the cookie counts for nothing", async () => {
    expect((await at.api("PATCH", "/api/v1/session", { name: "owner" })).status).toBe(200);
    const browser = await signedIn(at, OWNER.email, PASSWORD);
    expect((await browser.call("GET", "/api/v1/session", undefined, { authorization: "Bearer baton_nonsense" })).status).toBe(401);
  });
});
