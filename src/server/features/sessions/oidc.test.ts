/** Signing in through another house: a real OpenID provider on loopback, and everything that may come back wrong. */
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";
import { type Browser, browserAt, ORIGIN } from "../../testing/browser.ts";
import { type Account, openIdHouse, type OpenIdHouse } from "../../testing/openid-house.ts";

const PEOPLE: Record<string, Account> = {
  owner: { email: "Owner@example.com", email_verified: true, name: "Olga Owner" },
  thief: { email: "owner@example.com", email_verified: true, name: "Tim Thief" },
  unverified: { email: "owner@example.com", email_verified: false },
  stranger: { email: "stranger@example.com", email_verified: true, name: "Sam Stranger" },
  nameless: {},
};
const CALLBACK = `${ORIGIN}/api/v1/session/oidc/callback`;

let at: TestApp;
let provider: OpenIdHouse;
let issuer = "";
let who = "owner";
let clock = Date.now();

beforeAll(async () => {
  at = await testApp({ now: () => clock });
  provider = await openIdHouse({ secret: "a secret that nobody may see", redirectUri: CALLBACK, people: PEOPLE, who: () => who });
  issuer = provider.issuer;
});
afterAll(async () => {
  await at.close();
  await provider.close();
});
beforeEach(async () => {
  who = "owner";
  await at.house.database.pool.query("delete from throttle");
});

/** A browser at the provider: follows it until it sends one back to us. */
async function throughProvider(start: string): Promise<string> {
  const cookies = new Map<string, string>();
  for (let url = start, hops = 0; hops < 10; hops++) {
    const answer = await fetch(url, { redirect: "manual", headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join("; ") } });
    for (const line of answer.headers.getSetCookie()) {
      const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value === "") cookies.delete(name);
      else cookies.set(name, value);
    }
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`The provider stopped at ${url}: ${answer.status} ${(await answer.text()).slice(0, 500)}`);
    url = new URL(location, url).href;
    if (url.startsWith(ORIGIN)) return url;
  }
  throw new Error("The provider went round in circles.");
}

const set = (given: object = {}) =>
  at.api("PUT", "/api/v1/workspace/oidc", { issuer, clientId: "baton", clientSecret: "a secret that nobody may see", label: "Example", ...given });
const start = (browser: Browser, given: object = {}) => browser.post("/api/v1/session/oidc", { workspace: at.workspaceId, ...given });

const pathOf = (url: string): string => url.slice(new URL(url).origin.length);

/** All the way: from our page to the provider and back. */
async function signIn(browser: Browser, given: object = {}, change: (url: URL) => void = () => undefined): Promise<string> {
  const { body } = await start(browser, given);
  const back = new URL(await throughProvider(body.url));
  change(back);
  const answer = await browser.get(pathOf(back.href));
  expect(answer.status).toBe(303);
  return answer.headers["location"] as string;
}

test("is set by an administrator once the issuer answers, and its secret is never told", async () => {
  const wrong = await set({ issuer: `${issuer}/elsewhere` });
  expect([wrong.status, wrong.body.errors[0].path]).toEqual([422, "issuer"]);
  const { status, body, text } = await set();
  expect(status).toBe(200);
  expect(body).toEqual({
    oidc: { issuer, clientId: "baton", hasSecret: true, label: "Example", createUsers: false, defaultRole: "readOnly" },
    redirectUri: CALLBACK,
  });
  expect(text).not.toContain("nobody may see");
  const { rows } = await at.house.database.pool.query("select oidc::text from workspace");
  expect(JSON.stringify(rows)).not.toContain("nobody may see");
  expect((await at.api("GET", "/api/v1/audit?action=workspace")).text).not.toContain("nobody may see");
  expect((await browserAt(at).get("/api/v1/session/options")).body).toEqual({
    needsSetup: false,
    demo: null,
    mailsLinks: false,
    oidc: [{ workspace: at.workspaceId, label: "Example" }],
  });
  expect((await set({ clientSecret: undefined, label: "Single sign-on" })).body.oidc.hasSecret, "left out, it stays").toBe(true);
  expect((await set({ defaultRole: "admin" })).status).toBe(422);
});

test("signs in the user of the verified address, opens the page he came for, and knows him by subject from then on", async () => {
  const browser = browserAt(at);
  expect(await signIn(browser, { next: "/leads?filter=mine" })).toBe("/leads?filter=mine");
  const me = (await browser.get("/api/v1/session")).body;
  expect([me.user.id, me.user.email]).toEqual([at.userId, "owner@example.com"]);
  expect((await browser.get("/api/v1/sessions")).body.items[0].via).toBe("oidc");
  PEOPLE["owner"] = { email: "olga.married@example.com", email_verified: true };
  const again = browserAt(at);
  expect(await signIn(again)).toBe("/");
  expect((await again.get("/api/v1/session")).body.user.id).toBe(at.userId);
  PEOPLE["owner"] = { email: "owner@example.com", email_verified: true };
});

test("lets nobody in by an address that is another subject's, not verified, or unknown", async () => {
  who = "thief";
  const browser = browserAt(at);
  expect(await signIn(browser)).toBe("/sign-in?problem=oidc-unknown");
  who = "unverified";
  expect(await signIn(browser)).toBe("/sign-in?problem=oidc-unverified");
  who = "nameless";
  expect(await signIn(browser)).toBe("/sign-in?problem=oidc-unverified");
  who = "stranger";
  expect(await signIn(browser)).toBe("/sign-in?problem=oidc-unknown");
  expect(browser.cookies.has("baton_session")).toBe(false);
});

test("whoever is refused there and signs in with a password still gets to the page he came for", async () => {
  who = "stranger";
  expect(await signIn(browserAt(at), { next: "/leads?filter=mine&sort=-score" })).toBe(
    "/sign-in?problem=oidc-unknown&back=%2Fleads%3Ffilter%3Dmine%26sort%3D-score",
  );
});

test("makes users only where the workspace says so, with the role it says", async () => {
  await set({ createUsers: true, defaultRole: "marketing" });
  who = "stranger";
  const browser = browserAt(at);
  expect(await signIn(browser)).toBe("/");
  expect((await browser.get("/api/v1/session")).body.user).toMatchObject({ email: "stranger@example.com", name: "Sam Stranger", role: "marketing" });
  await set({ createUsers: false });
});

test("does not let in who was deactivated here", async () => {
  const { items } = (await at.api("GET", "/api/v1/users")).body;
  const { id } = items.find(({ email }: { email: string }) => email === "stranger@example.com");
  await at.api("PATCH", `/api/v1/users/${id}`, { active: false });
  who = "stranger";
  expect(await signIn(browserAt(at))).toBe("/sign-in?problem=oidc-unknown");
});

test("a wrong state, another's browser, a second time and too late are refused before anything is asked", async () => {
  const expired = "/sign-in?problem=oidc-expired";
  const flip = (url: URL) => url.searchParams.set("state", `${url.searchParams.get("state")?.slice(0, -2)}xx`);
  expect(await signIn(browserAt(at), {}, flip)).toBe(expired);
  expect(await signIn(browserAt(at), {}, (url) => url.searchParams.delete("state"))).toBe(expired);

  const mine = browserAt(at);
  const { body } = await start(mine);
  const back = pathOf(await throughProvider(body.url));
  const victim = browserAt(at);
  expect((await victim.get(back)).headers["location"], "a link that was planted").toBe(expired);
  expect((await mine.get(back)).headers["location"], "whoever tried it used it up").toBe(expired);

  const twice = browserAt(at);
  const begun = await start(twice);
  const url = pathOf(await throughProvider(begun.body.url));
  const kept = twice.cookies.get("baton_oidc") as string;
  expect((await twice.get(url)).headers["location"]).toBe("/");
  twice.cookies.set("baton_oidc", kept);
  expect((await twice.get(url)).headers["location"]).toBe(expired);

  const late = browserAt(at);
  const started = await start(late);
  const slow = pathOf(await throughProvider(started.body.url));
  clock += 600_001;
  expect((await late.get(slow)).headers["location"]).toBe(expired);
});

test("a wrong nonce, a wrong verifier, another's code and a refusal over there fail", async () => {
  const failed = "/sign-in?problem=oidc-failed";
  const { pool } = at.house.database;
  const spoilt = async (column: string, value: string): Promise<string> => {
    const browser = browserAt(at);
    const { body } = await start(browser);
    const back = pathOf(await throughProvider(body.url));
    await pool.query(`update oidc_attempt set ${column} = $1`, [value]);
    return (await browser.get(back)).headers["location"] as string;
  };
  expect(await spoilt("nonce", "another")).toBe(failed);
  expect(await spoilt("verifier", at.house.gate.seal("oidc verifier", "another-verifier-that-is-long-enough-for-the-rules"))).toBe(failed);
  expect(await signIn(browserAt(at), {}, (url) => url.searchParams.set("code", "another"))).toBe(failed);
  expect(
    await signIn(browserAt(at), {}, (url) => {
      url.searchParams.delete("code");
      url.searchParams.set("error", "access_denied");
    }),
  ).toBe(failed);
  expect(await signIn(browserAt(at), {}, (url) => url.searchParams.set("iss", "https://evil.example"))).toBe(failed);
});

test.each(["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/ok\nLocation: x"])("never goes on to %j", async (next) => {
  expect(await signIn(browserAt(at), { next })).toBe("/");
});

test("is gone when it is taken away, and a workspace without it does not say so differently from one that is none", async () => {
  expect((await at.api("DELETE", "/api/v1/workspace/oidc")).body.oidc).toBeNull();
  const one = await start(browserAt(at));
  const none = await start(browserAt(at), { workspace: "00000000-0000-7000-8000-000000000000" });
  expect([one.status, none.status]).toEqual([404, 404]);
  expect(one.body).toEqual(none.body);
});
