/** The house over HTTP as a whole: which routes there are, who may come in, and what the open pages say. */
import { readFileSync } from "node:fs";
import http from "node:http";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createClient, ApiProblem } from "../client/client.ts";
import { ENDPOINTS } from "../contracts/endpoints.ts";
import * as leads from "../contracts/leads.ts";
import { pino } from "pino";
import { createApp } from "./app.ts";
import { readBuild } from "./build.ts";
import { createDatabase } from "./db/db.ts";
import { fastifyPath } from "./http/route.ts";
import { testApp, type TestApp } from "./testing/app.ts";
import { OPENAPI_FILE, openApiText } from "./testing/openapi-file.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

describe("the OpenAPI document", () => {
  test("openapi.json is what the contracts say; if not, run: npm run openapi", () => {
    expect(readFileSync(OPENAPI_FILE, "utf8") === openApiText()).toBe(true);
  });

  test("has every route, and nothing else", async () => {
    const routes: string[] = [];
    const app = createApp(
      at.house,
      { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true },
      { onRoute: (method, url) => routes.push(`${method} ${url}`) },
    );
    await app.fastify.ready();
    await app.fastify.close();
    // What a browser asks before it sends is no operation of its own.
    expect(routes.filter((route) => !route.startsWith("OPTIONS ")).sort()).toEqual(
      ENDPOINTS.map(({ method, path }) => `${method} ${fastifyPath(path)}`).sort(),
    );
  });

  test("is served as it is checked in", async () => {
    const { body, status } = await at.api("GET", "/openapi.json", undefined, { authorization: undefined });
    expect(status).toBe(200);
    expect(body).toEqual(JSON.parse(openApiText()));
  });
});

describe("the open pages", () => {
  test("say what is running, without data of anybody", async () => {
    const home = await at.api("GET", "/", undefined, { authorization: undefined });
    expect(home.text).toContain(readBuild({}).version);
    expect(home.text).toContain("PostgreSQL, embedded");
    for (const link of ["/docs", "/healthz", "/metrics"]) expect(home.text).toContain(`href="${link}"`);
    expect(home.text).not.toContain("owner@example.com");
    expect(home.headers["content-security-policy"]).toContain("frame-ancestors 'none'");
  });

  test("the reference takes nothing from elsewhere", async () => {
    const docs = await at.api("GET", "/docs", undefined, { authorization: undefined });
    expect(docs.status).toBe(200);
    expect(docs.headers["content-security-policy"]).toContain("default-src 'none'");
    expect(docs.text).not.toMatch(/(?:src|href)="https?:/);
    expect(docs.text).not.toMatch(/@import|url\(["']?(?:https?:)?\/\//);
  });

  test("health names version and commit, readiness looks at the database", async () => {
    expect((await at.api("GET", "/healthz", undefined, { authorization: undefined })).body).toEqual({
      status: "ok",
      version: readBuild({}).version,
      commit: readBuild({}).commit,
    });
    expect((await at.api("GET", "/readyz", undefined, { authorization: undefined })).body).toEqual({ status: "ready", database: "ok", migrations: "current" });
  });

  test("not ready while migrations wait, nor when the database is gone", async () => {
    const options = { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true } as const;
    const ahead = createApp(at.house, { ...options, newestMigration: 9999 });
    const waiting = await ahead.fastify.inject("/readyz");
    expect([waiting.statusCode, waiting.headers["retry-after"]]).toEqual([503, "5"]);
    expect(waiting.json<{ detail: string }>().detail).toContain("migrations waiting");

    const nowhere = createDatabase({ host: "127.0.0.1", port: 1, user: "nobody", connectionTimeoutMillis: 2000 }, 1);
    const lost = createApp({ ...at.house, database: nowhere }, options);
    for (const [method, url] of [
      ["GET", "/readyz"],
      ["GET", "/api/v1/leads"],
    ] as const) {
      const answer = await lost.fastify.inject({ method, url, headers: { authorization: `Bearer ${at.apiKey}` } });
      expect([url, answer.statusCode]).toEqual([url, 503]);
      expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
      expect(answer.json<{ detail: string }>().detail).toContain("database cannot be reached");
    }
    expect((await lost.fastify.inject("/")).statusCode).toBe(200);
    await nowhere.pool.end();
  });

  test("metrics count requests by route, never by address", async () => {
    await at.api("POST", "/api/v1/leads", { email: "metrics@example.org" });
    const { text } = await at.api("GET", "/metrics", undefined, { authorization: undefined });
    expect(text).toMatch(/baton_http_request_seconds_count\{method="POST",route="\/api\/v1\/leads",status="201"\} \d+/);
    expect(text).not.toContain("example.org");
  });

  test("an address that leads nowhere says so", async () => {
    const { status, body } = await at.api("GET", "/api/v1/nothing?email=a@example.org");
    expect([status, body.type]).toEqual([404, "urn:baton:problem:not-found"]);
    expect(body.detail).not.toContain("example.org");
  });
});

describe("who may come in", () => {
  test("nobody without a key, with a wrong one, or with something that is none", async () => {
    for (const authorization of [undefined, "Bearer baton_wrong", `Bearer baton_${"A".repeat(43)}`, "Basic YTpi", "Bearer "]) {
      const { status, body, headers } = await at.api("GET", "/api/v1/leads", undefined, { authorization });
      expect([authorization, status, body.type]).toEqual([authorization, 401, "urn:baton:problem:unauthorized"]);
      expect(headers["www-authenticate"]).toContain("Bearer");
    }
  });

  test("a key may do what its scopes say", async () => {
    const reader = await at.api("POST", "/api/v1/api-keys", { name: "Reader", scopes: ["read"] });
    expect(reader.status).toBe(201);
    const authorization = `Bearer ${reader.body.key}`;
    expect((await at.api("GET", "/api/v1/leads", undefined, { authorization })).status).toBe(200);
    const refused = await at.api("POST", "/api/v1/leads", { email: "reader@example.org" }, { authorization });
    expect([refused.status, refused.body.detail]).toEqual([403, 'This API key has the scopes read; this needs "write".']);
    expect((await at.api("GET", "/api/v1/api-keys", undefined, { authorization })).status).toBe(403);
  });

  test("a revoked key stops within a second, and its secret is shown once", async () => {
    const made = await at.api("POST", "/api/v1/api-keys", { name: "Short", scopes: ["read", "read"] }, { "idempotency-key": "key-1" });
    const again = await at.api("POST", "/api/v1/api-keys", { name: "Short", scopes: ["read", "read"] }, { "idempotency-key": "key-1" });
    expect([again.body.id, again.body.key]).toEqual([made.body.id, null]);
    expect(made.body.scopes).toEqual(["read"]);
    const authorization = `Bearer ${made.body.key}`;
    expect((await at.api("GET", "/api/v1/leads", undefined, { authorization })).status).toBe(200);
    const revoked = await at.api("DELETE", `/api/v1/api-keys/${made.body.id}`);
    expect(revoked.body.revokedAt).not.toBeNull();
    await expect.poll(async () => (await at.api("GET", "/api/v1/leads", undefined, { authorization })).status, { timeout: 3000 }).toBe(401);
    const listed = await at.api("GET", "/api/v1/api-keys");
    expect(listed.text).not.toContain(String(made.body.key));
    expect(listed.body.items.map((key: { name: string }) => key.name)).toContain("Short");
    expect((await at.api("DELETE", "/api/v1/api-keys/00000000-0000-7000-8000-000000000000")).status).toBe(404);
  });

  test("a neighbour's lead is not found, whatever is asked of it", async () => {
    const { rows } = await at.house.database.pool.query<{ id: string }>("select l.id from lead l where workspace_id <> $1", [at.workspaceId]);
    const id = rows[0]?.id ?? "";
    const calls: readonly (readonly [string, string, unknown?])[] = [
      ["GET", `/api/v1/leads/${id}`],
      ["GET", `/api/v1/leads/${id}/facts`],
      ["GET", `/api/v1/leads/${id}/score`],
      ["GET", `/api/v1/leads/${id}/tasks`],
      ["PATCH", `/api/v1/leads/${id}`, { firstName: "Eve" }],
      ["POST", `/api/v1/leads/${id}/stage`, { stage: "sql" }],
      ["POST", `/api/v1/leads/${id}/accept`],
      ["POST", `/api/v1/leads/${id}/reject`, { reason: "x" }],
      ["POST", `/api/v1/leads/${id}/convert`, {}],
      ["POST", `/api/v1/leads/${id}/assign`, { owner: "route" }],
    ];
    for (const [method, path, body] of calls) expect([path, (await at.api(method, path, body)).status]).toEqual([path, 404]);
    const touched = await at.api("POST", "/api/v1/touches", { touches: [{ kind: "pageView", lead: id }] });
    expect(touched.body).toEqual({ accepted: 0, ignored: [{ index: 0, why: `There is no lead ${id}.` }] });
    const deals = await at.house.database.pool.query<{ id: string }>("select id from opportunity where workspace_id <> $1", [at.workspaceId]);
    const deal = deals.rows[0]?.id ?? "";
    expect((await at.api("GET", `/api/v1/opportunities/${deal}`)).status).toBe(404);
    expect((await at.api("POST", `/api/v1/opportunities/${deal}/stage`, { stage: "won" })).status).toBe(404);
    expect((await at.api("GET", `/api/v1/opportunities?lead=${id}`)).body.items).toEqual([]);
    expect((await at.api("GET", "/api/v1/opportunities")).body.items).toEqual([]);
    for (const q of ["canarybird", "Ada Lovelace", "Analytical"]) expect((await at.api("GET", `/api/v1/search?q=${encodeURIComponent(q)}`)).status).toBe(200);
    expect((await at.api("GET", "/api/v1/reports/funnel?by=source")).status).toBe(200);
    expect((await at.api("GET", "/api/v1/reports/velocity")).status).toBe(200);
  });
});

test("the log of a request names no address, body or query", async () => {
  const lines: string[] = [];
  const log = pino({ level: "debug" }, { write: (line: string) => void lines.push(line) });
  const app = createApp({ ...at.house, log }, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
  const headers = { authorization: `Bearer ${at.apiKey}` };
  await app.fastify.inject({ method: "POST", url: "/api/v1/leads", headers, payload: { email: "log@example.org", firstName: "Logged" } });
  await app.fastify.inject({ method: "POST", url: "/api/v1/leads", headers, payload: { email: "not an address log@" } });
  await app.fastify.inject({ method: "GET", url: "/api/v1/search?q=Logged", headers });
  const said = lines.join("");
  expect(said).toContain('"route":"/api/v1/leads","status":201');
  expect(said).toContain('"status":422');
  expect(said).not.toMatch(/log@|Logged|baton_/);
});

test("over a real connection the typed client gets answers and problems, and 10 MB are refused to the end", async () => {
  const app = createApp(at.house, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
  const url = await app.fastify.listen({ port: 0, host: "127.0.0.1" });
  const call = createClient(url, fetch, { key: at.apiKey });
  const made = await call(leads.captureLead, { body: { email: "client@example.org" } });
  expect(made.status).toBe(201);
  if (made.status === 202) throw new Error("held");
  const read = await call(leads.getLead, { params: { id: made.body.lead.id } });
  expect(read.body.email).toBe("client@example.org");
  const refused = await call(leads.editLead, { params: { id: read.body.id }, body: { city: "Berlin" }, ifMatch: 99 }).catch((error: unknown) => error);
  expect(refused instanceof ApiProblem && refused.problem.status).toBe(412);

  const big = await fetch(`${url}/api/v1/leads`, {
    method: "POST",
    headers: { authorization: `Bearer ${at.apiKey}`, "content-type": "application/json" },
    body: `{"firstName":"${"a".repeat(10 << 20)}"}`,
  });
  expect([big.status, ((await big.json()) as { type: string }).type]).toEqual([413, "urn:baton:problem:too-large"]);
  expect(await chunked(`${url}/api/v1/leads`, at.apiKey, 3 << 20)).toBe(413);
  await app.fastify.close();
});

/** Sends a body of unknown length; answers the status. */
function chunked(url: string, key: string, size: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method: "POST", headers: { authorization: `Bearer ${key}`, "content-type": "application/json" } }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on("error", reject);
    for (let sent = 0; sent < size; sent += 1 << 16) request.write(Buffer.alloc(1 << 16, 97));
    request.end();
  });
}
