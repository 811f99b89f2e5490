import { get } from "node:http";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { createDatabase } from "../../db/db.ts";
import type { House } from "../../deps.ts";
import { openLive } from "../../flow/live.ts";
import { type TestApp, testApp } from "../../testing/app.ts";

let made: TestApp;
let port = 0;

beforeAll(async () => {
  made = await testApp();
  await made.app.fastify.listen({ port: 0, host: "127.0.0.1" });
  port = (made.app.fastify.server.address() as { readonly port: number }).port;
});
afterAll(() => made.close());

type Listening = {
  readonly messages: { readonly type: string; readonly ids?: readonly string[]; readonly many?: true }[];
  readonly ended: Promise<void>;
  readonly close: () => void;
};

async function listen(at = port, headers: Readonly<Record<string, string>> = {}): Promise<Listening> {
  const messages: Listening["messages"] = [];
  return new Promise((resolve, reject) => {
    const call = get({ port: at, path: "/api/v1/events", headers: { authorization: `Bearer ${made.apiKey}`, ...headers } }, (reply) => {
      if (reply.statusCode !== 200) return reject(new Error(`answered ${reply.statusCode}`));
      let text = "";
      reply.setEncoding("utf8").on("data", (piece: string) => {
        text += piece;
        for (const block of text.split("\n\n").slice(0, -1)) {
          const data = /^data: (.*)$/m.exec(block)?.[1];
          if (data !== undefined) messages.push(JSON.parse(data) as Listening["messages"][number]);
        }
        text = text.slice(text.lastIndexOf("\n\n") + 2);
      });
      resolve({ messages, ended: new Promise((done) => reply.on("close", done)), close: () => call.destroy() });
    });
    call.on("error", reject);
  });
}

async function within<T>(ms: number, look: () => T | undefined | false): Promise<T> {
  const until = performance.now() + ms;
  for (;;) {
    const found = look();
    if (found !== undefined && found !== false) return found;
    if (performance.now() > until) throw new Error(`not within ${ms} ms`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

const capture = (email: string) => made.api("POST", "/api/v1/leads", { email });

test("a lead that is captured is told within a second, with its id, and of the neighbour nothing is heard", async () => {
  const stream = await listen();
  await within(1000, () => stream.messages.find(({ type }) => type === "hello"));
  await new Promise((resolve) => setTimeout(resolve, 100));
  const { body } = await capture("live1@example.org");
  await within(1000, () => stream.messages.find(({ type, ids }) => type === "leads" && ids?.includes(body.lead.id)));
  made.house.live.topic(made.house.newId(), "imports");
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(stream.messages.some(({ type }) => type === "imports")).toBe(false);
  stream.close();
});

test("much at once is few messages: at most one every 100 ms, and many when there are more than fifty", async () => {
  const stream = await listen();
  await new Promise((resolve) => setTimeout(resolve, 200));
  await made.api("POST", "/api/v1/leads/batch", { leads: Array.from({ length: 300 }, (_, i) => ({ email: `many${i}@example.org` })) });
  await within(2000, () => stream.messages.find(({ type, many }) => type === "leads" && many === true));
  expect(stream.messages.filter(({ type }) => type === "leads").length).toBeLessThan(15);
  stream.close();
});

test("whoever was away asks again", async () => {
  const stream = await listen(port, { "last-event-id": "7" });
  await within(1000, () => stream.messages.find(({ type }) => type === "resync"));
  stream.close();
});

test("a lead captured through one process shows at a listener of another within a second", async () => {
  const { options } = made.house.database.pool;
  const config = { ...options, password: options.password };
  const live = openLive(config);
  const [flow, database] = [createDatabase(config, 2, "flow"), createDatabase(config, 2, "read")];
  const other: House = { ...made.house, flow, database, live };
  const app = createApp(other, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: true });
  await app.fastify.listen({ port: 0, host: "127.0.0.1" });
  const stream = await listen((app.fastify.server.address() as { readonly port: number }).port);
  await new Promise((resolve) => setTimeout(resolve, 200));
  const { body } = await capture("live2@example.org");
  await within(1000, () => stream.messages.find(({ ids }) => ids?.includes(body.lead.id)));
  await app.fastify.close();
  await stream.ended;
  await live.close();
  await Promise.all([flow.pool.end(), database.pool.end()]);
});

test("a stream ends when the right to listen does, and when the connection of the channel is lost everybody asks again", async () => {
  const stream = await listen();
  await within(1000, () => stream.messages.length > 0);
  await new Promise((resolve) => setTimeout(resolve, 150));
  await made.house.database.pool.query(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'baton live' and datname = current_database()",
  );
  await within(3000, () => stream.messages.find(({ type }) => type === "resync"));
  made.house.live.ended(made.workspaceId, "*");
  await stream.ended;
});

test("strangers hear nothing", async () => {
  await expect(listen(port, { authorization: "Bearer baton_no" })).rejects.toThrow("401");
});
