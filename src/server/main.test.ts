/** The server as a process: what it prints, whom its control socket lets in, and how it ends. */
import { type ChildProcess, spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import http from "node:http";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { controlSocketPath } from "./store/control-socket-path.ts";
import { temporaryFolder } from "./testing/temporary-store.ts";

const MAIN = path.join(import.meta.dirname, "main.ts");

type Started = { readonly child: ChildProcess; readonly out: () => string; readonly ended: Promise<number | null> };

function run(dataDir: string, words: readonly string[] = []): Started {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { ...process.env, BATON_DATA: dataDir, PORT: "0", HOST: "127.0.0.1", DATABASE_URL: "", LOG_LEVEL: "warn" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  child.stderr?.on("data", (chunk: Buffer) => (text += chunk.toString()));
  const ended = new Promise<number | null>((resolve) => child.on("exit", resolve));
  onTestFinished(async () => {
    child.kill("SIGTERM");
    await ended;
  });
  return { child, out: () => text, ended };
}

async function ready(started: Started): Promise<string> {
  await expect.poll(started.out, { timeout: 60_000 }).toMatch(/^Baton is ready at \S+$/m);
  return /^Baton is ready at (\S+)$/m.exec(started.out())?.[1] ?? "";
}

function overSocket(socketPath: string, url: string, headers: Record<string, string> = {}): Promise<{ readonly status: number; readonly text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ socketPath, path: url, headers }, (response) => {
        let text = "";
        response.on("data", (chunk: Buffer) => (text += chunk.toString()));
        response.on("end", () => resolve({ status: response.statusCode ?? 0, text }));
      })
      .on("error", reject);
  });
}

test("starts, says where and what to do first, serves its operator without a key, and ends cleanly however often it is asked", async () => {
  const dataDir = temporaryFolder();
  const first = run(dataDir);
  const url = await ready(first);
  await expect.poll(first.out).toMatch(/First run: open http:\/\/127\.0\.0\.1:\d+\/setup\?token=[\w-]{43}\n/);
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  expect((await fetch(`${url}/api/v1/leads`)).status).toBe(401);
  expect((await fetch(`${url}/operator/run`, { method: "POST", headers: { "content-type": "application/json" }, body: "{}" })).status).toBe(404);

  const socket = controlSocketPath(dataDir);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
  const none = await overSocket(socket, "/api/v1/leads");
  expect([none.status, none.text]).toEqual([422, expect.stringContaining("There is no workspace yet")]);

  first.child.kill("SIGINT");
  first.child.kill("SIGINT");
  expect(await first.ended).toBe(0);
  expect(existsSync(socket)).toBe(false);

  const second = run(dataDir);
  await ready(second);
  second.child.kill("SIGTERM");
  expect(await second.ended).toBe(0);
}, 120_000);

test("an unknown option is refused in words, before anything is opened", async () => {
  const dataDir = path.join(temporaryFolder(), "never");
  const started = run(dataDir, ["--dmeo"]);
  expect(await started.ended).toBe(2);
  expect(started.out()).toContain('"--dmeo" was given');
  expect(existsSync(dataDir)).toBe(false);
}, 60_000);
