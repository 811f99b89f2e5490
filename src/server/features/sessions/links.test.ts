/** Invitations, resets, passwords, roles and what ends when they change. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { LinkMail } from "../../deps.ts";
import { testApp, type TestApp } from "../../testing/app.ts";
import { browserAt, signedIn } from "../../testing/browser.ts";
import { runDoctor } from "../doctor/doctor.service.ts";

const PASSWORD = "correct horse battery staple";
const NEW = "seven purple elephants sing";

let at: TestApp;
let clock = Date.now();
let nth = 0;
const mails: LinkMail[] = [];

beforeAll(async () => {
  at = await testApp({ now: () => clock });
});
afterAll(async () => {
  expect((await runDoctor(at.house)).violations).toEqual([]);
  await at.close();
});
beforeEach(async () => {
  mails.length = 0;
  at.house.gate.mailLink = null;
  await at.house.database.pool.query("delete from throttle");
});

const query = async (text: string, values: unknown[] = []) => (await at.house.database.pool.query(text, values)).rows;
const tokenIn = (url: string): string => new URL(url).searchParams.get("token") ?? "";
const invite = async (given: object = {}) => {
  const { status, body } = await at.api("POST", "/api/v1/users", { name: "Grace", email: `grace${++nth}@example.org`, role: "salesRep", ...given });
  expect(status).toBe(201);
  return { ...body, token: tokenIn(body.invitation.url) };
};
const accept = (token: string, given: object = {}) =>
  browserAt(at).post("/api/v1/invitations/accept", { token, name: "Grace Hopper", password: NEW, ...given });
const joined = async (given: object = {}) => {
  const user = await invite(given);
  const browser = browserAt(at);
  expect((await browser.post("/api/v1/invitations/accept", { token: user.token, name: "Grace Hopper", password: NEW })).status).toBe(200);
  return { ...user, browser };
};
const change = (id: string, given: object) => at.api("PATCH", `/api/v1/users/${id}`, given);
const actions = async (about: string) => (await at.api("GET", `/api/v1/audit?about=${about}`)).body.items.map(({ action }: { action: string }) => action);

const noOtherAdmins = () => query("update app_user set role = 'readOnly' where role = 'admin' and id <> $1 and workspace_id = $2", [at.userId, at.workspaceId]);

describe("an invitation", () => {
  test("shows whom it is for, sets name and password, signs in, and is good once", async () => {
    const user = await invite();
    const look = await browserAt(at).post("/api/v1/links/look", { token: user.token });
    expect(look.body).toEqual({ kind: "invitation", workspace: "Test", email: user.email, name: "Grace", secondFactor: false, expiresAt: expect.any(String) });
    const { status, body, headers } = await accept(user.token);
    expect([status, body.user.name, body.user.role]).toEqual([200, "Grace Hopper", "salesRep"]);
    expect(headers["set-cookie"]).toBeDefined();
    expect((await accept(user.token)).status).toBe(404);
    expect((await signedIn(at, user.email, NEW)).cookies.has("baton_session")).toBe(true);
    const listed = (await at.api("GET", "/api/v1/users")).body.items.find(({ id }: { id: string }) => id === user.id);
    expect(listed).toMatchObject({ state: "active", invitedUntil: null, name: "Grace Hopper" });
    expect(await actions(user.id)).toEqual(expect.arrayContaining(["user.invited", "user.joined", "session.signedIn"]));
  });

  test("of two who use it at once one comes in", async () => {
    const { token } = await invite();
    const answers = await Promise.all([accept(token), accept(token), accept(token)]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 404, 404]);
  });

  test("is good for seven days, until it is replaced or revoked, and is kept as a hash", async () => {
    const old = await invite();
    clock += 7 * 86_400_000;
    expect((await accept(old.token)).status).toBe(404);
    const first = await invite();
    expect(JSON.stringify(await query("select *, encode(hash, 'escape') from user_link"))).not.toContain(first.token);
    const again = await at.api("POST", `/api/v1/users/${first.id}/invitation`);
    expect(again.status).toBe(201);
    expect((await accept(first.token)).status).toBe(404);
    expect((await at.api("DELETE", `/api/v1/users/${first.id}/invitation`)).body.invitedUntil).toBeNull();
    expect((await accept(tokenIn(again.body.url))).status).toBe(404);
  });

  test("of somebody who was deactivated does not let him in", async () => {
    const user = await invite();
    await change(user.id, { active: false });
    expect((await accept(user.token)).status).toBe(404);
    await change(user.id, { active: true });
    expect((await accept(user.token)).status, "making him active again does not revive it").toBe(404);
  });

  test("is not made for who has joined", async () => {
    const user = await joined();
    expect((await at.api("POST", `/api/v1/users/${user.id}/invitation`)).status).toBe(409);
  });

  test("is mailed where mail is set up, in the transaction that makes the user", async () => {
    at.house.gate.mailLink = async (_deps, mail) => mails.push(mail) > 0;
    const user = await invite();
    expect(user.invitation.mailed).toBe(true);
    expect(mails).toEqual([{ kind: "invitation", userId: user.id, to: user.email, name: "Grace", url: user.invitation.url, expiresAt: expect.any(Date) }]);
    at.house.gate.mailLink = () => Promise.reject(new Error("no paper"));
    await at.api("POST", "/api/v1/users", { name: "Nobody", email: "no-paper@example.org", role: "salesRep" });
    expect(await query("select id from app_user where email = 'no-paper@example.org'")).toEqual([]);
  });

  test.each([
    ["a short password", { password: "elephants" }, "password", "at least 12 characters"],
    ["one of twelve that everybody knows", { password: "Password1234" }, "password", "first that anybody would try"],
    ["the alphabet", { password: "abcdefghijkl" }, "password", "row of the keyboard"],
    ["the keyboard", { password: "qwertyuiop12" }, "password", "row of the keyboard"],
    ["one letter", { password: "aaaaaaaaaaaa" }, "password", "same few characters"],
    ["his own name", { password: "Grace Hopper 1" }, "password", "own name or address"],
    ["a very long one", { password: "a b".repeat(50) }, "password", "128"],
    ["no name", { name: " " }, "name", "is required"],
  ])("does not take %s, and stays good", async (_what, given, path, words) => {
    const { token } = await invite();
    const refused = await accept(token, given);
    expect([refused.status, refused.body.errors[0].path]).toEqual([422, path]);
    expect(refused.body.errors[0].message).toContain(words);
    expect((await accept(token, { password: "päßwörter sind 長い" })).status, "any characters, pasted or typed").toBe(200);
  });
});

describe("a reset", () => {
  const ask = (email: string) => browserAt(at).post("/api/v1/password-resets", { email });
  const complete = (token: string, given: object = {}) =>
    browserAt(at).post("/api/v1/password-resets/complete", { token, password: "another long sentence here", ...given });

  test("that anybody asks for answers alike, and mails a link to who exists, with the house's own address", async () => {
    at.house.gate.mailLink = async (_deps, mail) => mails.push(mail) > 0;
    const { email } = await joined();
    mails.length = 0;
    const stranger = await ask("nobody@example.org");
    const forged = browserAt(at, { host: "evil.example", origin: "http://evil.example" });
    const known = await forged.post("/api/v1/password-resets", { email: ` ${email.toUpperCase()}` });
    expect([known.status, known.body]).toEqual([202, { accepted: true }]);
    expect([stranger.status, stranger.body]).toEqual([202, { accepted: true }]);
    await expect.poll(() => mails).toHaveLength(1);
    expect(mails[0]).toMatchObject({ kind: "reset", to: email, url: expect.stringMatching(/^http:\/\/127\.0\.0\.1:3000\/reset\?token=/) });
    for (let i = 0; i < 10; i++) await ask(email);
    await new Promise((done) => setTimeout(done, 200));
    expect(mails.length, "nobody's mailbox is filled").toBeLessThanOrEqual(6);
  });

  test("by link sets the password, ends every session and is good once", async () => {
    const user = await joined();
    const { status, body } = await at.api("POST", `/api/v1/users/${user.id}/password-reset`);
    expect([status, body.mailed]).toEqual([201, false]);
    const token = tokenIn(body.url);
    expect((await accept(token)).status, "it is no invitation").toBe(404);
    const done = await complete(token);
    expect([done.status, done.body.user.email]).toEqual([200, user.email]);
    expect((await user.browser.get("/api/v1/session")).status).toBe(401);
    expect((await complete(token)).status).toBe(404);
    expect((await browserAt(at).post("/api/v1/session", { email: user.email, password: NEW })).status).toBe(401);
    await signedIn(at, user.email, "another long sentence here");
  });

  test("link lasts a day and stops when the password was changed otherwise", async () => {
    const user = await joined();
    const make = async () => tokenIn((await at.api("POST", `/api/v1/users/${user.id}/password-reset`)).body.url);
    const late = await make();
    clock += 86_400_000;
    expect((await complete(late)).status).toBe(404);
    const stale = await make();
    expect((await user.browser.call("PUT", "/api/v1/session/password", { current: NEW, password: "yet another sentence" })).status).toBe(200);
    expect((await complete(stale)).status).toBe(404);
    expect((await complete("A".repeat(43))).status).toBe(404);
    expect((await complete("nonsense")).status).toBe(404);
  });
});

describe("changing one's password", () => {
  test("needs the old one, ends the other sessions and renews this one", async () => {
    const user = await joined();
    const other = await signedIn(at, user.email, NEW);
    const before = user.browser.cookies.get("baton_session");
    const put = (given: object) => user.browser.call("PUT", "/api/v1/session/password", given);
    const wrong = await put({ current: "wrong", password: "yet another sentence" });
    expect([wrong.status, wrong.body.errors]).toEqual([422, [{ path: "password", message: "is not right" }]]);
    expect((await put({ current: NEW, password: user.email })).body.errors[0].path).toBe("password");
    expect((await put({ current: NEW, password: "yet another sentence" })).body).toEqual({ ended: 1 });
    expect(user.browser.cookies.get("baton_session")).not.toBe(before);
    expect((await user.browser.get("/api/v1/session")).status).toBe(200);
    expect((await other.get("/api/v1/session")).status).toBe(401);
    const stolen = browserAt(at);
    stolen.cookies.set("baton_session", before as string);
    expect((await stolen.get("/api/v1/session")).status).toBe(401);
  });

  test("is nothing an API key can do", async () => {
    expect((await at.api("PUT", "/api/v1/session/password", { current: PASSWORD, password: NEW })).status).toBe(403);
  });
});

describe("who is deactivated", () => {
  test("is out with the next request, in every browser and with every key", async () => {
    const user = await joined({ role: "admin" });
    const { body: key } = await at.api("POST", "/api/v1/api-keys", { name: "His", scopes: ["read", "write"], user: user.id });
    const withKey = () => at.api("GET", "/api/v1/session", undefined, { authorization: `Bearer ${key.key}` });
    expect([(await withKey()).body.user.id, (await withKey()).body.session]).toEqual([user.id, null]);
    expect((await user.browser.get("/api/v1/leads")).status).toBe(200);
    await change(user.id, { active: false });
    expect([(await user.browser.get("/api/v1/leads")).status, (await withKey()).status]).toEqual([401, 401]);
    await change(user.id, { active: true });
    expect([(await user.browser.get("/api/v1/leads")).status, (await withKey()).status], "the session has ended, the key works again").toEqual([401, 200]);
  });

  test("by a published configuration, too", async () => {
    const user = await joined();
    const { config } = (await at.api("GET", "/api/v1/config")).body;
    const users = config.users.map((each: { id: string }) => (each.id === user.id ? { ...each, active: false } : each));
    expect((await at.api("PUT", "/api/v1/config", { ...config, users })).status).toBe(200);
    expect((await user.browser.get("/api/v1/session")).status).toBe(401);
  });

  test("keeps his leads and may not be the last administrator who can sign in", async () => {
    await noOtherAdmins();
    await invite({ role: "admin" });
    for (const given of [{ active: false }, { role: "marketing" }]) {
      const { status, body } = await change(at.userId, given);
      expect([status, body.detail]).toEqual([409, expect.stringContaining("last active administrator")]);
    }
    const { config } = (await at.api("GET", "/api/v1/config")).body;
    const users = config.users.map((each: { id: string }) => (each.id === at.userId ? { ...each, active: false } : each));
    expect((await at.api("PUT", "/api/v1/config", { ...config, users })).status).toBe(409);
  });

  test("of two administrators who take each other's role at once, one stays", async () => {
    await noOtherAdmins();
    const other = await joined({ role: "admin" });
    const me = await signedIn(at, "owner@example.com", PASSWORD);
    const answers = await Promise.all([
      me.call("PATCH", `/api/v1/users/${other.id}`, { role: "readOnly" }),
      other.browser.call("PATCH", `/api/v1/users/${at.userId}`, { role: "readOnly" }),
    ]);
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)[0]).toBe(200);
    const [{ count }] = (await query("select count(*) as count from app_user where workspace_id = $1 and role = 'admin' and active", [at.workspaceId])) as [
      { count: number },
    ];
    expect(count).toBe(1);
    await query("update app_user set role = 'admin' where id = any($1)", [[at.userId, other.id]]);
  });
});

describe("another role or other rights", () => {
  test("end the sessions, and what one may do is another from the next request on", async () => {
    const user = await joined({ role: "admin" });
    const { body: key } = await at.api("POST", "/api/v1/api-keys", { name: "His", scopes: ["read", "write", "admin"], user: user.id });
    const withKey = (method: string, path: string, body?: unknown) => at.api(method, path, body, { authorization: `Bearer ${key.key}` });
    expect((await withKey("GET", "/api/v1/audit")).status).toBe(200);
    expect((await change(user.id, { role: "salesRep", rights: { signerSales: true } })).body).toMatchObject({
      role: "salesRep",
      rights: { signerMarketing: false, signerSales: true },
    });
    expect((await user.browser.get("/api/v1/session")).status).toBe(401);
    expect((await withKey("GET", "/api/v1/audit")).status, "a key never may more than its user").toBe(403);
    const again = await signedIn(at, user.email, NEW);
    expect((await again.get("/api/v1/session")).body).toMatchObject({ user: { role: "salesRep" }, rights: { signerSales: true } });
    expect((await again.post("/api/v1/users", { name: "X", email: "x@example.org", role: "admin" })).status).toBe(403);
    expect(await actions(user.id)).toContain("user.roleChanged");
  });

  test("a name does not end anything", async () => {
    const user = await joined();
    await change(user.id, { name: "G. Hopper" });
    expect((await user.browser.get("/api/v1/session")).body.user.name).toBe("G. Hopper");
  });
});
