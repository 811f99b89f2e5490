import { readFileSync } from "node:fs";
import net from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createRun, type Run } from "./run.ts";

let at: Run;

beforeAll(async () => {
  at = await createRun();
}, 60_000);
afterAll(() => at.end());

type Talk = {
  readonly said: () => string;
  readonly write: (text: string | Buffer) => Promise<void>;
  readonly closed: Promise<number>;
  readonly end: () => void;
};

/** A connection of one's own; `closed` tells after how many ms the server closed it. */
function talk(): Talk {
  const socket = net.connect(at.port, "127.0.0.1").on("error", () => {});
  const began = performance.now();
  let said = "";
  socket.on("data", (text: Buffer) => (said += text.toString("latin1")));
  return {
    said: () => said,
    write: (text) => new Promise((resolve) => socket.write(text, () => resolve())),
    closed: new Promise((resolve) => socket.on("close", () => resolve(performance.now() - began))),
    end: () => void socket.destroy(),
  };
}

function head(more: string): string {
  return `POST /api/v1/leads HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${at.apiKey}\r\ncontent-type: application/json\r\n${more}\r\n`;
}

const post = (body: string | Buffer, path = "/api/v1/leads", more: Readonly<Record<string, string>> = {}) =>
  fetch(`http://127.0.0.1:${at.port}${path}`, {
    method: "POST",
    body: body as string,
    headers: { authorization: `Bearer ${at.apiKey}`, "content-type": "application/json", ...more },
  });

/** Resident memory of the server in MB. */
function memory(): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${at.pid}/status`, "utf8"))?.[1]) / 1024;
}

const onLinux = process.platform === "linux";

test.concurrent("whoever sends its headers a byte at a time is cut off with 408 within seconds, however many there are", async () => {
  const talks = Array.from({ length: 200 }, talk);
  const drip = setInterval(() => talks.forEach((one) => void one.write("x")), 1000);
  for (const one of talks) await one.write("GET /api/v1/leads HTTP/1.1\r\nhost: x\r\nx-slow: ");
  expect((await fetch(`http://127.0.0.1:${at.port}/readyz`)).status).toBe(200);
  const times = await Promise.all(talks.map(({ closed }) => closed));
  clearInterval(drip);
  expect(Math.max(...times)).toBeLessThan(25_000);
  expect(new Set(talks.map(({ said }) => said().split("\r\n")[0]))).toEqual(new Set(["HTTP/1.1 408 Request Timeout"]));
}, 60_000);

test.concurrent("whoever sends its body for ever is cut off with 408 within about a minute", async () => {
  const talks = Array.from({ length: 50 }, talk);
  for (const one of talks) await one.write(`${head("content-length: 100000\r\n")}{"email":"`);
  const drip = setInterval(() => talks.forEach((one) => void one.write("x")), 1000);
  const times = await Promise.all(talks.map(({ closed }) => closed));
  clearInterval(drip);
  expect(Math.max(...times)).toBeLessThan(80_000);
  expect(new Set(talks.map(({ said }) => said().split("\r\n")[0]))).toEqual(new Set(["HTTP/1.1 408 Request Timeout"]));
}, 120_000);

test.concurrent("connections that break off in the middle of a body leave nothing behind", async () => {
  for (let i = 0; i < 300; i++) {
    const one = talk();
    await one.write(`${head("content-length: 1000\r\n")}{"email":"half${i}@example.com"`);
    one.end();
  }
  await sleep(200);
  const page = await (
    await fetch(`http://127.0.0.1:${at.port}/api/v1/leads?filter=${encodeURIComponent('{"field":"email","op":"startsWith","value":"half"}')}`, {
      headers: { authorization: `Bearer ${at.apiKey}` },
    })
  ).json();
  expect(page).toMatchObject({ items: [] });
});

test.concurrent("a body of 10 MB is 413 in words, many at once too, and memory stays bounded", async () => {
  const before = onLinux ? memory() : 0;
  const big = Buffer.from(JSON.stringify({ email: "big@example.com", firstName: "x".repeat(10 << 20) }));
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all(Array.from({ length: 8 }, () => post(big)));
    for (const answer of answers) {
      expect(answer.status).toBe(413);
      expect(await answer.json()).toMatchObject({ status: 413, title: expect.any(String), detail: expect.stringContaining("larger") });
    }
  }
  if (onLinux) expect(memory() - before).toBeLessThan(300);
}, 60_000);

test.concurrent("a body that goes on for ever is cut off after 32 MB, with 413 when the sender still listens", async () => {
  const one = talk();
  let closed = false;
  void one.closed.then(() => (closed = true));
  await one.write(head("transfer-encoding: chunked\r\n"));
  const chunk = Buffer.from(`10000\r\n${"x".repeat(0x10000)}\r\n`);
  let sent = 0;
  for (; sent < 2000 && !closed && one.said() === ""; sent++) {
    await Promise.race([one.write(chunk), one.closed]);
    // Writing into a connection the other side has closed fails at once; without a turn of the event loop this side would never hear that it is closed.
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(sent).toBeGreaterThan(500);
  expect(sent, "chunks of 64 kB").toBeLessThan(2000);
  // What is written into a connection that is being closed may reset it before the answer is read.
  expect(one.said()).toMatch(/^$|^HTTP\/1\.1 413 /);
  one.end();
}, 60_000);

test.concurrent.each([
  ["deep arrays", `{"fields":${"[".repeat(100_000)}${"]".repeat(100_000)}}`, [400, 422]],
  ["deep objects", `${'{"fields":'.repeat(50_000)}1${"}".repeat(50_000)}`, [400, 422]],
  ["a million keys", `{"fields":{${Array.from({ length: 60_000 }, (_, i) => `"k${i}":1`).join(",")}}}`, [422]],
  ["a number beyond all numbers", '{"email":"n@example.com","fields":{"interests":1e999}}', [422]],
  ["a prototype", '{"__proto__":{"admin":true},"email":"p@example.com"}', [400, 422]],
  ["half a document", '{"email":', [400]],
  ["no UTF-8", Buffer.from([0x22, 0xff, 0xfe, 0x22]), [400]],
])("%s: a 4xx in words", async (_, body, statuses) => {
  const answer = await post(body);
  expect(statuses).toContain(answer.status);
  expect(await answer.json()).toMatchObject({ status: answer.status, detail: expect.any(String) });
});

test.concurrent.each([
  ["64 kB of headers", () => `GET / HTTP/1.1\r\nhost: x\r\nx-big: ${"h".repeat(64 << 10)}\r\n\r\n`, /^HTTP\/1\.1 431 /],
  ["ten thousand headers", () => `GET / HTTP/1.1\r\nhost: x\r\n${Array.from({ length: 10_000 }, (_, i) => `x-${i}: 1\r\n`).join("")}\r\n`, /^HTTP\/1\.1 431 /],
  ["what is no HTTP", () => "\u0016\u0003\u0001 hello\r\n\r\n", /^HTTP\/1\.1 400 /],
  ["two lengths", () => `${head("content-length: 2\r\ncontent-length: 3\r\n")}{}`, /^HTTP\/1\.1 400 /],
  ["a length and chunks", () => `${head("content-length: 2\r\ntransfer-encoding: chunked\r\n")}0\r\n\r\n`, /^HTTP\/1\.1 400 /],
  ["an address of 60 kB", () => `GET /${"a".repeat(60_000)} HTTP/1.1\r\nhost: x\r\n\r\n`, /^HTTP\/1\.1 4(?:14|31) /],
])("%s: refused with a 4xx and the connection closed", async (_, text, expected) => {
  const one = talk();
  await one.write(text());
  await Promise.race([one.closed, sleep(5000)]);
  expect(one.said()).toMatch(expected);
  expect(JSON.parse(one.said().split("\r\n\r\n")[1] ?? "")).toMatchObject({ title: expect.any(String), detail: expect.any(String) });
  one.end();
});

test.concurrent("500 idle connections keep nobody out", async () => {
  const idle = Array.from({ length: 500 }, talk);
  await sleep(500);
  const answer = await post(JSON.stringify({ email: "through@example.com" }));
  expect([200, 201]).toContain(answer.status);
  for (const one of idle) one.end();
});
