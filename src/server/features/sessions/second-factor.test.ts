/** The second factor: setting it up, coming in with it, losing it. */
import { Secret, TOTP } from "otpauth";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";
import { type Browser, browserAt, signedIn } from "../../testing/browser.ts";

const PASSWORD = "correct horse battery staple";
const OWNER = { email: "owner@example.com", password: PASSWORD };

let at: TestApp;
let clock = Math.floor(Date.now() / 30_000) * 30_000;
let me: Browser;
let secret = "";
let codes: string[] = [];

beforeAll(async () => {
  at = await testApp({ now: () => clock });
});
afterAll(() => at.close());
beforeEach(async () => {
  await at.house.database.pool.query("delete from throttle");
});

const code = (ms = clock): string => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: ms });
const signIn = (given: object = {}) => browserAt(at).post("/api/v1/session", { ...OWNER, ...given });

test("it begins with the password and counts once a code has confirmed it", async () => {
  me = await signedIn(at, OWNER.email, PASSWORD);
  const elsewhere = await signedIn(at, OWNER.email, PASSWORD);
  expect((await me.post("/api/v1/session/second-factor", { password: "wrong" })).status).toBe(422);
  const { status, body } = await me.post("/api/v1/session/second-factor", { password: PASSWORD });
  expect(status).toBe(201);
  expect(body.uri).toBe(`otpauth://totp/Baton:owner%40example.com?issuer=Baton&secret=${body.secret}&algorithm=SHA1&digits=6&period=30`);
  expect(body.qr).toMatch(/^<svg /);
  secret = body.secret;
  expect((await signIn()).status, "nothing has changed yet").toBe(200);
  expect((await me.post("/api/v1/session/second-factor/confirm", { code: "000000" })).status).toBe(422);
  const before = me.cookies.get("baton_session");
  const confirmed = await me.post("/api/v1/session/second-factor/confirm", { code: code() });
  codes = confirmed.body.recoveryCodes;
  expect([confirmed.status, codes.length, new Set(codes).size]).toEqual([200, 10, 10]);
  expect(codes[0]).toMatch(/^[0-9a-z]{4}(-[0-9a-z]{4}){3}$/);
  expect(me.cookies.get("baton_session"), "what protects more gets a new secret").not.toBe(before);
  expect((await elsewhere.get("/api/v1/session")).status).toBe(401);
  expect((await me.get("/api/v1/session")).body.secondFactor).toEqual({ enabled: true, required: false });
});

test("neither the secret nor a recovery code can be read in the database", async () => {
  const text = JSON.stringify((await at.house.database.pool.query("select totp_secret, recovery_codes::text from app_user")).rows);
  expect(text).not.toContain(secret);
  for (const each of codes) expect(text).not.toContain(each.replaceAll("-", ""));
});

test("without a code the right password hears that one is needed, the wrong one what it always hears", async () => {
  const asked = await signIn();
  expect([asked.status, asked.body.type]).toEqual([401, "urn:baton:problem:second-factor"]);
  const wrong = await signIn({ password: "wrong horse battery staple", code: code(clock + 30_000) });
  expect([wrong.status, wrong.body.type]).toEqual([401, "urn:baton:problem:unauthorized"]);
});

test("a code counts once, one step early or late, and no more", async () => {
  clock += 300_000;
  expect((await signIn({ code: code(clock - 60_000) })).status, "two steps old").toBe(401);
  expect((await signIn({ code: code(clock - 30_000) })).status, "one step old").toBe(200);
  expect((await signIn({ code: code(clock - 30_000) })).status, "again").toBe(401);
  expect((await signIn({ code: code(clock + 30_000) })).status, "one step early").toBe(200);
  expect((await signIn({ code: code() })).status, "an older one than was taken").toBe(401);
  clock += 60_000;
  const now = code();
  const answers = await Promise.all([signIn({ code: now }), signIn({ code: now }), signIn({ code: `${now.slice(0, 3)} ${now.slice(3)}` })]);
  expect(
    answers.map(({ status }) => status).toSorted((a, b) => a - b),
    "of several at once one",
  ).toEqual([200, 401, 401]);
});

test("guessing codes is slowed down even for who has the password, and asking for the code in between does not help", async () => {
  clock += 600_000;
  let last = 0;
  for (let i = 0; i < 12 && last !== 429; i++) {
    await signIn();
    last = (await signIn({ code: String(100_000 + i) })).status;
  }
  expect(last).toBe(429);
});

test("a recovery code counts once, however it is typed", async () => {
  const [first = "", second = ""] = codes;
  expect((await signIn({ code: first.toUpperCase().replaceAll("-", " ") })).status).toBe(200);
  expect((await signIn({ code: first })).status).toBe(401);
  expect((await signIn({ code: second })).status).toBe(200);
  const { items } = (await at.api("GET", "/api/v1/audit?action=session.recoveryCodeUsed")).body;
  expect(items).toHaveLength(2);
});

test("new recovery codes replace the old", async () => {
  clock += 60_000;
  const old = codes[2];
  const { body } = await me.post("/api/v1/session/second-factor/recovery-codes", { password: PASSWORD });
  expect((await signIn({ code: old })).status).toBe(401);
  expect((await signIn({ code: body.recoveryCodes[0] })).status).toBe(200);
});

test("a reset link does not go round it", async () => {
  clock += 60_000;
  const { body } = await at.api("POST", `/api/v1/users/${at.userId}/password-reset`);
  const token = new URL(body.url).searchParams.get("token");
  const reset = (given: object) => browserAt(at).post("/api/v1/password-resets/complete", { token, password: PASSWORD, ...given });
  const asked = await reset({ password: "seven purple elephants sing" });
  expect([asked.status, asked.body.type]).toEqual([401, "urn:baton:problem:second-factor"]);
  expect((await reset({ password: "seven purple elephants sing", code: "000000" })).status).toBe(401);
  expect((await reset({ password: "seven purple elephants sing", code: code() })).status).toBe(200);
  clock += 60_000;
  me = browserAt(at);
  expect((await me.post("/api/v1/session", { ...OWNER, password: "seven purple elephants sing", code: code() })).status).toBe(200);
});

test("where a workspace wants it, who has none can do nothing but set one up", async () => {
  expect((await at.api("PATCH", "/api/v1/workspace", { secondFactorRequired: true })).body.secondFactorRequired).toBe(true);
  const { body } = await at.api("POST", "/api/v1/users", { name: "Ben", email: "ben@example.com", role: "admin" });
  const ben = browserAt(at);
  await ben.post("/api/v1/invitations/accept", {
    token: new URL(body.invitation.url).searchParams.get("token"),
    name: "Ben",
    password: "nine green turtles dance",
  });
  const refused = await ben.get("/api/v1/leads");
  expect([refused.status, refused.body.type]).toEqual([403, "urn:baton:problem:second-factor-setup"]);
  expect((await ben.get("/api/v1/session")).body).toMatchObject({ can: ["self"], secondFactor: { enabled: false, required: true } });
  const started = await ben.post("/api/v1/session/second-factor", { password: "nine green turtles dance" });
  secret = started.body.secret;
  expect((await ben.post("/api/v1/session/second-factor/confirm", { code: code() })).status).toBe(200);
  expect((await ben.get("/api/v1/leads")).status).toBe(200);
  expect((await ben.post("/api/v1/session/second-factor/disable", { password: "nine green turtles dance" })).status, "it is wanted").toBe(409);
  expect((await at.api("DELETE", `/api/v1/users/${body.id}/second-factor`)).body.secondFactor).toBe(false);
  expect((await ben.get("/api/v1/session")).status, "his sessions ended").toBe(401);
});

test("it is switched off with the password", async () => {
  await at.api("PATCH", "/api/v1/workspace", { secondFactorRequired: false });
  expect((await me.post("/api/v1/session/second-factor/disable", { password: "wrong" })).status).toBe(422);
  const { status, body } = await me.post("/api/v1/session/second-factor/disable", { password: "seven purple elephants sing" });
  expect([status, body.secondFactor.enabled]).toEqual([200, false]);
  expect((await signIn({ password: "seven purple elephants sing" })).status).toBe(200);
  const other = browserAt(at);
  await other.post("/api/v1/session", { ...OWNER, password: "seven purple elephants sing" });
  expect((await other.call("PATCH", "/api/v1/workspace", { secondFactorRequired: true })).status, "nobody shuts himself out").toBe(409);
});
