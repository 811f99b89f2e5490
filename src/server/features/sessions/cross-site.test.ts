/**
 * What a foreign page can make a browser do, for every operation there is: a write that rides on the cookie is refused and
 * leaves nothing, and so is what makes or ends a session. And what the answers tell browsers about frames, caches and
 * sources; where addresses in links come from; that what ends, ends everywhere.
 */
import http from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { ENDPOINTS } from "../../../contracts/endpoints.ts";
import type { Endpoint } from "../../../contracts/endpoint.ts";
import { checksumOf, differences, neighbourOf, peopleOf, recordOf } from "../../testing/access-people.ts";
import { type TestApp, testApp } from "../../testing/app.ts";
import { browserAt, signedIn } from "../../testing/browser.ts";

const OWNER = { email: "owner@example.com", password: "correct horse battery staple" };

let at: TestApp;
let lead: string;

beforeAll(async () => {
  at = await testApp();
  const { users } = await peopleOf(at);
  lead = (await recordOf(at, users, "salesRep", "own")).leads;
  await neighbourOf(at);
});
afterAll(() => at.close());

/** Every operation that changes something; a form is for strangers and takes no session. */
const WRITES = ENDPOINTS.filter(({ method, id }) => method !== "GET" && id !== "submitForm");

/** How a foreign page's request looks. A page cannot set X-Baton without being allowed, nor lie about where it is. */
const FOREIGN: readonly (readonly [string, Readonly<Record<string, string | undefined>>])[] = [
  ["without our header", { "x-baton": undefined }],
  ["from a foreign page", { origin: "https://evil.example", "sec-fetch-site": "cross-site" }],
  ["from a foreign page, by a browser that says no more than its origin", { origin: "https://evil.example", "sec-fetch-site": undefined }],
  ["from a page without an origin", { origin: "null", "sec-fetch-site": "cross-site" }],
];

const pathOf = ({ path }: Endpoint): string => path.replaceAll(/\{\w+\}/g, lead);

/** A body as right as can be known without knowing the operation. */
const bodyOf = ({ body, accepts }: Endpoint): unknown => (accepts === undefined ? (body === undefined ? undefined : {}) : "email\nada@example.org\n");
const typeOf = ({ accepts }: Endpoint): Readonly<Record<string, string>> => (accepts === undefined ? {} : { "content-type": accepts[0] as string });

describe("a foreign page with our cookie", () => {
  test.each(FOREIGN)("%s: every write is refused, and nothing is written", async (_what, headers) => {
    const browser = await signedIn(at, OWNER.email, OWNER.password);
    const before = await checksumOf(at);
    const wrong: string[] = [];
    for (const endpoint of WRITES) {
      // What begins a session asks for no header of ours: there is no session yet that could be misused.
      if (headers["origin"] === undefined && endpoint.scope === null) continue;
      const { status, body } = await browser.call(endpoint.method, pathOf(endpoint), bodyOf(endpoint), { ...typeOf(endpoint), ...headers });
      if (status !== 403 || body.type !== "urn:baton:problem:cross-site") wrong.push(`${endpoint.id}: ${status} ${JSON.stringify(body).slice(0, 200)}`);
    }
    expect(wrong).toEqual([]);
    expect(differences(before, await checksumOf(at))).toEqual([]);
  });

  test("as a plain form would send it, no write is read at all", async () => {
    const browser = await signedIn(at, OWNER.email, OWNER.password);
    const plain = { "content-type": "application/x-www-form-urlencoded", origin: "https://evil.example", "x-baton": undefined };
    for (const endpoint of WRITES.filter(({ method }) => method === "POST"))
      expect([endpoint.id, (await browser.call("POST", pathOf(endpoint), "a=1", plain)).status]).toEqual([endpoint.id, 403]);
  });

  test("no reading changes anything, so that a picture or a link of a foreign page does not either", async () => {
    const browser = await signedIn(at, OWNER.email, OWNER.password);
    // The default form is made when forms are first asked for; and a mail's own links count, which is what they are for.
    await browser.get("/api/v1/forms");
    const before = await checksumOf(at);
    for (const endpoint of ENDPOINTS.filter(({ method, path, produces }) => method === "GET" && produces !== "text/event-stream" && !path.startsWith("/m/")))
      await browser.call("GET", pathOf(endpoint), undefined, { "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors" });
    expect(differences(before, await checksumOf(at))).toEqual([]);
  });

  test("cannot read an answer either: nothing of the API is shared with other origins", async () => {
    const browser = await signedIn(at, OWNER.email, OWNER.password);
    for (const path of ["/api/v1/leads", `/api/v1/leads/${lead}`, "/api/v1/session", "/api/v1/users"]) {
      const { headers } = await browser.call("GET", path, undefined, { origin: "https://evil.example" });
      expect(Object.keys(headers).filter((name) => name.startsWith("access-control"))).toEqual([]);
      const asked = await at.app.fastify.inject({
        method: "OPTIONS",
        url: path,
        headers: { origin: "https://evil.example", "access-control-request-method": "PATCH", "access-control-request-headers": "x-baton" },
      });
      expect([asked.statusCode >= 400, asked.headers["access-control-allow-origin"]]).toEqual([true, undefined]);
    }
  });
});

describe("what answers tell a browser", () => {
  test("every answer of the API is JSON, kept nowhere, never guessed at; refusals too", async () => {
    const browser = await signedIn(at, OWNER.email, OWNER.password);
    for (const endpoint of ENDPOINTS.filter(({ method, path, produces }) => method === "GET" && path.startsWith("/api/") && produces !== "text/event-stream")) {
      const { headers, status } = await browser.get(pathOf(endpoint));
      if (status === 302 || status === 303) continue;
      expect([endpoint.id, headers["x-content-type-options"], headers["cache-control"]]).toEqual([endpoint.id, "nosniff", expect.stringMatching(/no-store/)]);
      expect([endpoint.id, headers["content-type"]]).not.toEqual([endpoint.id, expect.stringContaining("html")]);
    }
    const refused = await browserAt(at).get("/api/v1/leads");
    expect([refused.status, refused.headers["cache-control"], refused.headers["x-content-type-options"]]).toEqual([401, "no-store", "nosniff"]);
  });

  test("pages of ours stand in nobody's frame and run nothing from elsewhere; forms may, without anything that runs", async () => {
    for (const path of ["/", "/docs"]) {
      const page = await at.app.fastify.inject({ url: path, headers: { accept: "text/html" } });
      const policy = String(page.headers["content-security-policy"]);
      expect([path, policy]).toEqual([path, expect.stringContaining("frame-ancestors 'none'")]);
      expect(policy).not.toMatch(/unsafe-inline|unsafe-eval|\*/);
      expect(page.headers["x-content-type-options"]).toBe("nosniff");
    }
    const [form] = (await at.api("GET", "/api/v1/forms")).body.items;
    const page = await at.app.fastify.inject(`/f/${String(form.key)}`);
    expect(page.statusCode).toBe(200);
    expect(String(page.headers["content-security-policy"])).toMatch(/^default-src 'none'/);
    expect(String(page.headers["content-security-policy"])).not.toContain("script-src");
  });
});

describe("addresses", () => {
  test("in links that let a person in are the house's own, whatever host a request names", async () => {
    const app = createApp(at.house, {
      ...readBuild({}),
      databaseKind: "embedded",
      trustProxy: true,
      checkReplies: true,
      publicUrl: "https://leads.example.com",
    });
    await app.fastify.ready();
    const lies = {
      authorization: `Bearer ${at.apiKey}`,
      host: "evil.example",
      "x-forwarded-host": "evil.example",
      forwarded: "host=evil.example",
      "x-forwarded-proto": "http",
    };
    const made = await app.fastify.inject({
      method: "POST",
      url: "/api/v1/users",
      headers: lies,
      payload: { name: "Ben", email: "ben@example.com", role: "salesRep" },
    });
    expect(made.statusCode).toBe(201);
    expect(made.body).toContain("https://leads.example.com/invitation");
    const reset = await app.fastify.inject({
      method: "POST",
      url: `/api/v1/users/${String(made.json().user?.id ?? made.json().id)}/password-reset`,
      headers: lies,
    });
    expect([made.body, reset.body].join("\n")).not.toContain("evil.example");
    await app.fastify.close();
  });
});

test("signing out ends the live stream of that session, in every window", async () => {
  const browser = await signedIn(at, OWNER.email, OWNER.password);
  await at.app.fastify.listen({ port: 0, host: "127.0.0.1" });
  const { port } = at.app.fastify.server.address() as AddressInfo;
  const cookie = `baton_session=${browser.cookies.get("baton_session")}`;
  const ended = new Promise<string>((resolve, reject) => {
    const request = http.get({ port, path: "/api/v1/events", headers: { cookie } }, (answer) => {
      answer.once("data", () => void browser.call("DELETE", "/api/v1/session"));
      answer.once("close", () => resolve("ended"));
    });
    request.once("error", reject);
    setTimeout(() => resolve("still open"), 15_000).unref();
  });
  expect(await ended).toBe("ended");
});
