/**
 * Baton as its operator runs it, to be treated badly: real processes on a data folder of their own, each in a process group
 * of its own, so that a signal to the group reaches Baton and not the database it started.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import net from "node:net";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PoolConfig } from "pg";
import { databaseAccount } from "../../store/account.ts";
import { runningPostmaster } from "../../store/postmaster.ts";
import { APP, DATABASE } from "../../store/roles.ts";
import { socketFolder } from "../../store/socket.ts";
import { clusterOf } from "../cluster-of.ts";

const project = path.resolve(import.meta.dirname, "../../../..");

export type Where = { readonly dataDir: string; readonly port: number; readonly env?: Readonly<Record<string, string>> };

export type Server = {
  readonly url: string;
  readonly pid: number;
  /** Everything it has said so far. */
  readonly said: () => string;
  readonly signal: (name: NodeJS.Signals) => void;
  /** How it ended: the exit code, or the signal. */
  readonly gone: Promise<number | NodeJS.Signals | null>;
  /** Resolves once it takes requests. Rejects with what it said when it ends before. */
  readonly ready: Promise<void>;
};

/** Starts a server; `ready` tells when it is up. */
export function launchServer(where: Where): Server {
  const child = launch("src/server/main.ts", [], where);
  let said = "";
  const hear = (text: Buffer): void => void (said += text.toString());
  child.stdout?.on("data", hear);
  child.stderr?.on("data", hear);
  const gone = new Promise<number | NodeJS.Signals | null>((resolve) => child.on("close", (code, signal) => resolve(code ?? signal)));
  const ready = new Promise<void>((resolve, reject) => {
    child.stdout?.on("data", () => said.includes("Baton is ready at") && resolve());
    void gone.then((end) => reject(new Error(`the server ended with ${end} before it was ready:\n${said}`)));
  });
  ready.catch(() => {});
  return {
    url: `http://127.0.0.1:${where.port}`,
    pid: child.pid ?? 0,
    said: () => said,
    signal: (name) => signalGroup(child.pid ?? 0, name),
    gone,
    ready,
  };
}

/** Starts a server and waits until it takes requests. */
export async function startServer(where: Where): Promise<Server> {
  const server = launchServer(where);
  await server.ready;
  return server;
}

export type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a command to its end. */
export function runCommand(where: Where, ...words: readonly string[]): Promise<Ended> {
  const child = launch("src/cli/main.ts", words, where);
  let [out, err] = ["", ""];
  child.stdout?.on("data", (text: Buffer) => (out += text.toString()));
  child.stderr?.on("data", (text: Buffer) => (err += text.toString()));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code: code ?? -1, out, err })));
}

/** Runs a command with --json. @throws Error with its words when it ends with another code than 0 */
export async function ask<T>(where: Where, ...words: readonly string[]): Promise<T> {
  const { code, out, err } = await runCommand(where, ...words, "--json");
  if (code !== 0) throw new Error(`baton ${words.join(" ")} ended with ${code}: ${err}${out}`);
  return JSON.parse(out) as T;
}

export type Workspace = { readonly workspaceId: string; readonly userId: string; readonly apiKey: string };

export function setUp(where: Where): Promise<Workspace> {
  return ask(where, "setup", "--workspace", "First", "--email", "owner@example.com", "--password", "correct horse battery staple");
}

/** A port nobody listens on now. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as net.AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** The embedded database's address for the role that reads and writes rows. */
export function embeddedDatabase(dataDir: string): PoolConfig {
  const passwords = JSON.parse(readFileSync(path.join(dataDir, "postgres-passwords.json"), "utf8")) as { readonly app: string };
  const cluster = clusterOf(dataDir);
  return { host: socketFolder(cluster, databaseAccount(cluster)), port: 5432, user: APP, password: passwords.app, database: DATABASE };
}

/** SIGKILL to PostgreSQL's main process; its sessions end when they notice. */
export function killDatabase(dataDir: string): void {
  const pid = runningPostmaster(clusterOf(dataDir));
  if (pid !== null) process.kill(pid, "SIGKILL");
}

/** Waits until something holds. @throws Error after `ms`, naming `what` */
export async function until(what: string, ms: number, holds: () => boolean | Promise<boolean>): Promise<number> {
  const began = performance.now();
  while (!(await holds())) {
    if (performance.now() - began > ms) throw new Error(`${what}: not within ${ms / 1000} s`);
    await sleep(20);
  }
  return performance.now() - began;
}

function launch(entry: string, words: readonly string[], { dataDir, port, env }: Where): ChildProcess {
  const { DATABASE_URL: _database, DATABASE_OWNER_URL: _owner, npm_lifecycle_event: _npm, ...inherited } = process.env;
  return spawn(process.execPath, [path.join(project, entry), ...words], {
    cwd: dataDir,
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...inherited, BATON_DATA: dataDir, HOST: "127.0.0.1", PORT: String(port), LOG_LEVEL: "warn", ...env },
  });
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // already gone
  }
}
