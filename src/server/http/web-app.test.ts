/** The built web app over HTTP. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { brotliCompressSync } from "node:zlib";
import Fastify from "fastify";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openWebApp } from "./web-app.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "baton-web-"));
const app = Fastify();

beforeAll(async () => {
  mkdirSync(path.join(folder, "assets"));
  writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>one</title>");
  writeFileSync(path.join(folder, "theme.js"), "1");
  writeFileSync(path.join(folder, "assets/main-abc.js"), "2".repeat(1000));
  writeFileSync(path.join(folder, "assets/main-abc.js.br"), brotliCompressSync("2".repeat(1000)));
  writeFileSync(path.join(folder, "assets/main-abc.js.map"), "{}");
  const web = openWebApp(folder);
  app.setNotFoundHandler((request, reply) => {
    if (web?.answer(request, reply) !== true) void reply.code(404).send({ nothing: true });
  });
  await app.ready();
});
afterAll(async () => {
  await app.close();
  rmSync(folder, { recursive: true });
});

const HTML = { accept: "text/html,application/xhtml+xml" };

test("every address of a screen is the page, under a policy that allows nothing inline and nothing from elsewhere", async () => {
  for (const url of ["/leads", "/leads/0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a", "/setup?token=x", "/settings/users"]) {
    const page = await app.inject({ url, headers: HTML });
    expect([url, page.statusCode, page.headers["cache-control"]]).toEqual([url, 200, "no-cache"]);
    expect(page.body).toContain("<title>");
  }
  const policy = String((await app.inject({ url: "/leads", headers: HTML })).headers["content-security-policy"]);
  expect(policy).toContain("script-src 'self';");
  expect(policy).toContain("frame-ancestors 'none'");
  expect(policy).not.toMatch(/unsafe|nonce|https?:/);
});

test("hashed files are kept for ever and come compressed; others are asked for again", async () => {
  const script = await app.inject({ url: "/assets/main-abc.js", headers: { "accept-encoding": "gzip, br" } });
  expect(script.headers).toMatchObject({ "content-encoding": "br", "content-type": "text/javascript; charset=utf-8", vary: "accept-encoding" });
  expect(script.headers["cache-control"]).toContain("immutable");
  expect((await app.inject("/assets/main-abc.js")).body).toHaveLength(1000);
  const theme = await app.inject("/theme.js");
  expect(theme.headers["cache-control"]).toBe("no-cache");
  expect((await app.inject({ url: "/theme.js", headers: { "if-none-match": String(theme.headers.etag) } })).statusCode).toBe(304);
});

test("what is no screen and no file is left to others: the API, missing files, programs, writes, source maps, ways out of the folder", async () => {
  for (const [method, url, headers] of [
    ["GET", "/api/v1/nothing", HTML],
    ["GET", "/assets/gone-123.js", HTML],
    ["GET", "/leads", { accept: "application/json" }],
    ["POST", "/leads", HTML],
    ["GET", "/assets/main-abc.js.map", HTML],
    ["GET", "/assets/main-abc.js.br", HTML],
    ["GET", "/..%2f..%2fetc/passwd.txt", HTML],
    ["GET", "/.inputs", HTML],
  ] as const)
    expect([url, (await app.inject({ method, url, headers })).statusCode]).toEqual([url, 404]);
});

test("a new build is served from the next page on", async () => {
  writeFileSync(path.join(folder, "index.html"), "<!doctype html><title>two</title>");
  const { utimesSync } = await import("node:fs");
  utimesSync(path.join(folder, "index.html"), new Date(), new Date(Date.now() + 5000));
  expect((await app.inject({ url: "/", headers: HTML })).body).toContain("two");
});
