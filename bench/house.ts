/**
 * The house of a bench: an embedded database in a folder of its own, a server in a process of its own, started as `npm start`
 * starts it, and one workspace with the full configuration. All of it is gone when the house is closed.
 *
 * The bench may look into the same database, and hand leads to a door of its own; that door is open only while it is used,
 * because an open door also works touches off, in the wrong process.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, statfsSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import pg from "pg";
import { pino } from "pino";
import { EVERYONE } from "../src/core/access/access.ts";
import type { Config } from "../src/core/config/config.ts";
import { bindDb, createDatabase } from "../src/server/db/db.ts";
import type { Deps, House } from "../src/server/deps.ts";
import { createGate } from "../src/server/gate.ts";
import { insertUser } from "../src/server/features/workspaces/workspaces.queries.ts";
import { type SetUp, setupWorkspace } from "../src/server/features/workspaces/workspaces.service.ts";
import { createConfigs } from "../src/server/flow/configs.ts";
import { createDoor } from "../src/server/flow/lane.ts";
import { openLive } from "../src/server/flow/live.ts";
import { uuidv7 } from "../src/server/ids.ts";
import { placeCluster } from "../src/server/store/folder.ts";
import { passwordsOf } from "../src/server/store/passwords.ts";
import { runningPostmaster, stopPostmaster } from "../src/server/store/postmaster.ts";
import { APP, DATABASE, OWNER } from "../src/server/store/roles.ts";
import { socketFolder } from "../src/server/store/socket.ts";
// @ts-expect-error -- plain JavaScript, because Node 20 runs it
import { NODE_FLAGS } from "../bin/node24.mjs";
import { fullConfig } from "./full-config.ts";

export type BenchHouse = {
  readonly folder: string;
  readonly workspaceId: string;
  readonly apiKey: string;
  readonly users: readonly { readonly id: string; readonly name: string; readonly active: boolean }[];
  /** May change the shape of tables, and makes those of the reference. */
  readonly owner: pg.Pool;
  readonly ownerConfig: pg.PoolConfig;
  /** May vacuum and checkpoint. */
  readonly admin: pg.Pool;
  /** The server as it runs now. */
  readonly server: () => Running;
  /** Stops the server with its database and starts both again; answers the seconds from start to ready. */
  readonly restart: () => Promise<number>;
  /** With a door of this process, open until `work` is done. */
  readonly withDoor: <T>(work: (deps: Deps) => Promise<T>) => Promise<T>;
  readonly close: () => Promise<void>;
};

export type Running = { readonly url: string; readonly pid: number };

export const ROOT = path.resolve(import.meta.dirname, "..");

/** Who sees every lead, and signs in where a bench looks at the screens. */
export const ADMIN = { email: "admin@bench.example", password: "correct horse battery staple" } as const;

/** A house with an empty workspace. */
export async function openBenchHouse(): Promise<BenchHouse> {
  const folder = mkdtempSync(path.join(diskFolder(), "baton-bench-"));
  chmodSync(folder, 0o711); // the database may run as another account
  const data = path.join(folder, "data");
  let server: Server | null = null;
  const pools: pg.Pool[] = [];
  const close = async (): Promise<void> => {
    await Promise.allSettled(pools.map((pool) => pool.end()));
    await server?.stop();
    if (existsSync(data)) await removeData(data);
    rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  };
  try {
    server = await startServer(folder);
    const connect = connectionsOf(data);
    const open = (config: pg.PoolConfig): pg.Pool => {
      const pool = new pg.Pool({ ...config, max: 4 });
      pool.on("error", () => {}); // the database was restarted; the next query connects again
      pools.push(pool);
      return pool;
    };
    const ownerConfig = connect("owner");
    const { users, ...workspace } = await furnish(connect("app"), data);
    await publish(server.url, workspace.apiKey, fullConfig(users));
    const withDoor = <T>(work: (deps: Deps) => Promise<T>): Promise<T> =>
      withHouse(connect("app"), data, (house) => work(depsOf(house, workspace.workspaceId)));
    return {
      folder,
      ...workspace,
      users,
      owner: open(ownerConfig),
      ownerConfig,
      admin: open(connect("admin")),
      server: () => server as Server,
      restart: async () => {
        await server?.stop();
        const began = performance.now();
        server = await startServer(folder);
        return (performance.now() - began) / 1000;
      },
      withDoor,
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Never memory: what is durable there costs nothing. */
function diskFolder(): string {
  const TMPFS = 0x01021994;
  return [os.tmpdir(), "/var/tmp", ROOT].find((folder) => existsSync(folder) && statfsSync(folder).type !== TMPFS) ?? os.tmpdir();
}

type Server = Running & { readonly stop: () => Promise<void> };

const READY = /^Baton is ready at (\S+)$/m;

/** A bench is not the place for somebody's own settings. */
export function cleanEnvironment(folder: string): NodeJS.ProcessEnv {
  const env = { ...process.env };
  for (const name of ["DATABASE_URL", "DATABASE_OWNER_URL", "BATON_URL", "TRUST_PROXY", "SMTP_URL", "LOG_LEVEL", "INIT_CWD"]) delete env[name];
  return { ...env, PORT: "0", HOST: "127.0.0.1", BATON_DATA: path.join(folder, "data"), npm_lifecycle_event: "start" };
}

async function startServer(folder: string): Promise<Server> {
  const logFile = path.join(folder, "server.log");
  const child = spawn(process.execPath, [...NODE_FLAGS, path.join(ROOT, "bin/start.mjs")], {
    cwd: ROOT,
    env: cleanEnvironment(folder),
    stdio: ["ignore", "pipe", openSync(logFile, "a")],
  });
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) child.kill("SIGTERM");
    await ended;
  };
  try {
    return { url: await readyAt(child, logFile), pid: child.pid as number, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

function readyAt(child: ChildProcess, logFile: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let said = "";
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString();
      const url = READY.exec(said)?.[1];
      if (url !== undefined) resolve(url);
    });
    child
      .once("error", reject)
      .once("exit", () => reject(new Error(`The server ended before it was ready. It said:\n${readFileSync(logFile, "utf8").slice(-4000)}`)));
  });
}

function connectionsOf(data: string): (role: "admin" | "owner" | "app") => pg.PoolConfig {
  const { cluster, account } = placeCluster(data, () => {});
  const host = socketFolder(cluster, account);
  const passwords = passwordsOf(data);
  const users = { admin: "baton_admin", owner: OWNER, app: APP };
  return (role) => ({ host, port: 5432, database: DATABASE, user: users[role], password: passwords[role] });
}

/** Whatever a server left behind that could not end in order. */
async function removeData(data: string): Promise<void> {
  const { cluster } = placeCluster(data, () => {});
  const pid = runningPostmaster(cluster);
  if (pid !== null) await stopPostmaster(pid, () => {});
  if (!cluster.startsWith(data)) rmSync(path.dirname(cluster), { recursive: true, force: true });
}

/** A workspace and three times eight people beside its administrator. */
async function furnish(app: pg.PoolConfig, data: string): Promise<SetUp & Pick<BenchHouse, "users">> {
  return withHouse(app, data, async (house) => {
    const made = await setupWorkspace(house, { workspace: "Bench", ...ADMIN });
    const deps = depsOf(house, made.workspaceId);
    const users = Array.from({ length: 24 }, (_, i) => ({ id: uuidv7(), name: `Rep ${i + 1}`, active: true }));
    for (const user of users) await insertUser(deps.db, { ...user, email: `rep${user.id}@bench.example`, role: "salesRep", passwordHash: "", at: new Date() });
    return { ...made, users };
  });
}

/** Makes a configuration live through the server, which then rescores; answers its number. */
export async function publish(url: string, apiKey: string, config: Config): Promise<number> {
  const reply = await fetch(`${url}/api/v1/config`, {
    method: "PUT",
    headers: { authorization: `Bearer ${apiKey}`, "content-type": "application/json" },
    body: JSON.stringify(config),
  });
  if (!reply.ok) throw new Error(`The configuration was not published:\n${await reply.text()}`);
  return ((await reply.json()) as { readonly number: number }).number;
}

async function withHouse<T>(app: pg.PoolConfig, data: string, work: (house: House) => Promise<T>): Promise<T> {
  const log = pino({ level: "warn" }, pino.destination(2));
  const [flow, database, configs] = [createDatabase(app, 8, "flow"), createDatabase(app, 8, "read"), createConfigs()];
  const live = openLive(app);
  const door = createDoor({ database: flow, configs, now: Date.now, log, live });
  try {
    return await work({ database, flow, configs, door, live, dataDir: data, gate: createGate({ dataDir: null }), log, now: Date.now, newId: () => uuidv7() });
  } finally {
    await door.close();
    await Promise.all([live.close(), flow.pool.end(), database.pool.end()]);
  }
}

function depsOf(house: House, workspaceId: string): Deps {
  return { ...house, db: bindDb(house.database.pool, workspaceId), actor: "cli", viewer: EVERYONE };
}
