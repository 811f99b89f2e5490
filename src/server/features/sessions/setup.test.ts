/** The first run: an empty house, the token it prints, and who gets there first. */
import { pino } from "pino";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type App, createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { createDatabase } from "../../db/db.ts";
import type { House } from "../../deps.ts";
import { createConfigs } from "../../flow/configs.ts";
import { createDoor } from "../../flow/lane.ts";
import { openLive } from "../../flow/live.ts";
import { createGate } from "../../gate.ts";
import { uuidv7 } from "../../ids.ts";
import { testDatabase } from "../../testing/database.ts";
import { setupUrl } from "./setup.service.ts";

let house: House;
let app: App;
let close: () => Promise<void>;

const ADA = {
  workspace: "Analytical Engines",
  timezone: "Europe/London",
  currency: "GBP",
  locale: "en-GB",
  name: "Ada Lovelace",
  email: " Ada@Example.org",
  password: "nine green turtles dance",
};

beforeAll(async () => {
  const made = await testDatabase();
  const database = createDatabase(made.app, 4, "read");
  const [configs, live, log, now] = [createConfigs(), openLive(made.app), pino({ level: "silent" }), Date.now];
  const door = createDoor({ database, configs, now, log, live });
  house = { database, flow: database, configs, door, live, dataDir: "", gate: createGate({ dataDir: null }), log, now, newId: () => uuidv7() };
  app = createApp(house, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
  close = async () => {
    await app.fastify.close();
    await door.close();
    await Promise.all([live.close(), database.pool.end()]);
    await made.drop();
  };
});
afterAll(() => close());

const call = async (method: "GET" | "POST", url: string, body?: object, headers: Record<string, string> = {}) => {
  const sent = body === undefined ? {} : { payload: JSON.stringify(body), headers: { "content-type": "application/json", ...headers } };
  const answer = await app.fastify.inject({ method, url, headers, ...sent });
  return { status: answer.statusCode, body: answer.json(), cookies: [answer.headers["set-cookie"] ?? []].flat() };
};
const setUp = (given: object) => call("POST", "/api/v1/setup", { ...ADA, ...given });
const tokenOf = async (): Promise<string> => new URL((await setupUrl(house)) ?? "").searchParams.get("token") ?? "";

test("an empty house says so, and its token is the same until it is used", async () => {
  expect((await call("GET", "/api/v1/session/options")).body).toEqual({ needsSetup: true, mailsLinks: false, demo: null, oidc: [] });
  expect(await setupUrl(house)).toMatch(/^http:\/\/127\.0\.0\.1:3000\/setup\?token=[\w-]{43}$/);
  expect(await tokenOf()).toBe(await tokenOf());
});

test("without the token, or with something unusable, nothing is made", async () => {
  const token = await tokenOf();
  expect((await setUp({ token: "guess" })).status).toBe(401);
  const cases = [
    { password: "short" },
    { password: "analyticalengines", email: "analyticalengines@example.org" },
    { email: "nobody" },
    { timezone: "Mars/Olympus" },
  ];
  for (const given of [...cases, { currency: "pounds" }, { workspace: " " }, { name: "" }, { locale: "not a tag" }])
    expect((await setUp({ token, ...given })).status).toBe(422);
  expect((await call("GET", "/api/v1/session/options")).body.needsSetup).toBe(true);
});

test("of many who hold it at once one makes the workspace, is its administrator and is signed in", async () => {
  const token = await tokenOf();
  const answers = await Promise.all(["One", "Two", "Three"].map((workspace) => setUp({ token, workspace })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 409, 409]);
  const [made] = answers.filter(({ status }) => status === 201);
  expect(made?.body).toMatchObject({
    user: { name: "Ada Lovelace", email: "ada@example.org", role: "admin" },
    workspace: { timezone: "Europe/London", currency: "GBP" },
  });
  const cookie = made?.cookies[0]?.split(";")[0] ?? "";
  expect((await call("GET", "/api/v1/session", undefined, { cookie })).status).toBe(200);
  expect((await call("GET", "/api/v1/api-keys", undefined, { cookie })).body.items, "nobody asked for a key").toEqual([]);
});

test("afterwards there is no token, and the old one opens nothing", async () => {
  expect(await setupUrl(house)).toBeNull();
  expect((await setUp({ token: house.gate.sign("setup", "first run") })).status).toBe(409);
  expect((await call("GET", "/api/v1/session/options")).body.needsSetup).toBe(false);
});
