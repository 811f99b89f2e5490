/**
 * A whole house on a real database for tests: door, application, one workspace with a key, and beside it a neighbour full of
 * canaries. Every answer a test gets is checked against the OpenAPI document and searched for the neighbour's canary.
 */
import type { LightMyRequestResponse } from "fastify";
import { type Logger, pino } from "pino";
import { expect } from "vitest";
import { type App, createApp } from "../app.ts";
import { readBuild } from "../build.ts";
import { createDatabase, type Database } from "../db/db.ts";
import type { House } from "../deps.ts";
import { setupWorkspace } from "../features/workspaces/workspaces.service.ts";
import { createConfigs } from "../flow/configs.ts";
import { createDoor } from "../flow/lane.ts";
import { openLive } from "../flow/live.ts";
import { createGate } from "../gate.ts";
import { uuidv7 } from "../ids.ts";
import { plantCanaries, CANARY } from "./canary.ts";
import { testDatabase } from "./database.ts";
import { answerChecker } from "./openapi-check.ts";

export type TestHouse = {
  readonly house: House;
  readonly workspaceId: string;
  readonly userId: string;
  readonly apiKey: string;
  readonly close: () => Promise<void>;
};

export type HouseOptions = { readonly log?: Logger; readonly now?: () => number; readonly canaries?: boolean; readonly dataDir?: string };

/** A house with one workspace, "Test", and the neighbour unless told otherwise. */
export async function testHouse({ log = pino({ level: "silent" }), now = Date.now, canaries = true, dataDir = "" }: HouseOptions = {}): Promise<TestHouse> {
  const made = await testDatabase();
  const flow: Database = createDatabase(made.app, 8, "flow");
  const database: Database = createDatabase(made.app, 8, "read");
  const configs = createConfigs();
  const live = openLive(made.app);
  const door = createDoor({ database: flow, configs, now, log, live });
  const house: House = { database, flow, configs, door, live, dataDir, gate: createGate({ dataDir: null }), log, now, newId: () => uuidv7() };
  const { workspaceId, userId, apiKey } = await setupWorkspace(house, {
    workspace: "Test",
    email: "owner@example.com",
    password: "correct horse battery staple",
  });
  if (canaries) await plantCanaries(house);
  return {
    house,
    workspaceId,
    userId,
    apiKey,
    close: async () => {
      await door.close();
      await Promise.all([live.close(), flow.pool.end(), database.pool.end()]);
      await made.drop();
    },
  };
}

/** What a test sees of an answer: `body` is JSON parsed, or the text when it is none. */
export type ApiAnswer = { readonly status: number; readonly body: Json; readonly headers: Readonly<Record<string, string | undefined>>; readonly text: string };
/** What `JSON.parse` gives: a test asks an answer whatever it likes, and is answered by its expectations. */
export type Json = ReturnType<typeof JSON.parse>;

export type Api = (method: string, path: string, body?: unknown, headers?: Readonly<Record<string, string | undefined>>) => Promise<ApiAnswer>;

export type TestApp = TestHouse & {
  readonly app: App;
  /** Calls with the workspace's key; a body that is text or bytes is sent as it is. `authorization: undefined` sends none. */
  readonly api: Api;
};

export async function testApp(options: HouseOptions = {}): Promise<TestApp> {
  const made = await testHouse(options);
  const app = createApp(made.house, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
  await app.fastify.ready();
  const check = answerChecker();
  const api: Api = async (method, path, body, headers = {}) => {
    const raw = typeof body === "string" || Buffer.isBuffer(body);
    const sent = { authorization: `Bearer ${made.apiKey}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers };
    const response: LightMyRequestResponse = await app.fastify.inject({
      method: method as "GET",
      url: path,
      headers: Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined)) as Record<string, string>,
      ...(body === undefined ? {} : { payload: raw ? body : JSON.stringify(body) }),
    });
    expect(response.body.toLowerCase(), `${method} ${path} must not show the neighbour's data`).not.toContain(CANARY);
    check(method, path, response.statusCode, String(response.headers["content-type"] ?? ""), response.body);
    return { status: response.statusCode, body: parsed(response.body), headers: response.headers as Record<string, string>, text: response.body };
  };
  return {
    ...made,
    app,
    api,
    close: async () => {
      await app.fastify.close();
      await made.close();
    },
  };
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
