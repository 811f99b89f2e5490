/** A door on a real database with a clock that the test turns, for tests of the flow itself. */
import { type Logger, pino } from "pino";
import type { Config } from "../../core/config/config.ts";
import { defaultConfig } from "../../core/config/default-config.ts";
import type { Input } from "../../core/flow/input.ts";
import { type Identities, keysOf } from "../../core/identity/identity.ts";
import { bindDb, createDatabase, type Database, type Db, sql, transact, workspace } from "../db/db.ts";
import { createConfigs, type Configs } from "../flow/configs.ts";
import type { Door } from "../flow/door.ts";
import { getConfigNumber, lockConfigExclusive } from "../flow/flow.queries.ts";
import type { Item } from "../flow/item.ts";
import { createDoor } from "../flow/lane.ts";
import { uuidv7 } from "../ids.ts";
import { testDatabase } from "./database.ts";

export type TestFlow = {
  readonly database: Database;
  readonly flow: Database;
  readonly db: Db;
  readonly configs: Configs;
  readonly door: Door;
  readonly log: Logger;
  readonly workspaceId: string;
  readonly users: readonly string[];
  readonly clock: { now: number };
  readonly now: () => number;
  /** Another door of the same process. */
  secondDoor(): Door;
  /** A door with connections of its own, which knows nothing of this one: as a second process has it. */
  doorOfAnotherProcess(): Door;
  capture(identities: Identities & Record<string, unknown>): Item;
  on(leadId: string, input: Input): Item;
  /** Publishes a configuration made from the live one; answers its number. */
  publish(change: (config: Config) => Config): Promise<number>;
  close(): Promise<void>;
};

export const START = Date.UTC(2026, 2, 2, 9);

/** A workspace with three users and the default configuration, at 2026-03-02 09:00 UTC. */
export async function testFlow(change: (config: Config) => Config = (config) => config): Promise<TestFlow> {
  const made = await testDatabase();
  const database = createDatabase(made.app, 10, "flow");
  const workspaceId = uuidv7();
  const db = bindDb(database.pool, workspaceId);
  const users = ["Anna", "Ben", "Cleo"].map((name) => ({ id: uuidv7(), name, active: true }));
  const at = new Date(START);
  await db.execute(sql`insert into workspace (workspace_id, name, config_number, created_at) values (${workspace}, ${`Test ${workspaceId}`}, 1, ${at})`);
  for (const user of users)
    await db.execute(
      sql`insert into app_user (workspace_id, id, email, name, role, created_at) values (${workspace}, ${user.id}, ${`${user.name}@example.com`}, ${user.name}, 'salesRep', ${at})`,
    );
  await db.execute(
    sql`insert into config_version (workspace_id, number, body, published_at) values (${workspace}, 1, ${JSON.stringify(change(defaultConfig(users)))}, ${at})`,
  );
  const clock = { now: START };
  const now = () => clock.now;
  const configs = createConfigs();
  const log: Logger = pino({ level: "silent" });
  const doors: Door[] = [];
  const databases = [database];
  const open = (database: Database) => {
    const door = createDoor({ database, configs: createConfigs(), now, log });
    doors.push(door);
    return door;
  };
  return {
    database,
    flow: database,
    db,
    configs,
    door: open(database),
    log,
    workspaceId,
    users: users.map((user) => user.id),
    clock,
    now,
    secondDoor: () => open(database),
    doorOfAnotherProcess: () => {
      const own = createDatabase(made.app, 4, "flow");
      databases.push(own);
      return open(own);
    },
    capture: ({ visitor, ...patch }) => item({ kind: "capture", patch, touches: [] }, { by: "keys", keys: keysOf({ ...patch, visitor }), only: null }),
    on: (leadId, input) => item(input, { by: "lead", id: leadId }),
    publish: async (change) => {
      const next = await transact({ db, database }, async ({ db }) => {
        lockConfigExclusive(db);
        const number = await getConfigNumber(db);
        const { config } = await configs.version(db, number);
        db.post(
          sql`insert into config_version (workspace_id, number, body, published_at) values (${workspace}, ${number + 1}, ${JSON.stringify(change(config))}, ${new Date(clock.now)})`,
        );
        db.post(sql`update workspace set config_number = ${number + 1} where workspace_id = ${workspace}`);
        return number + 1;
      });
      return next;
    },
    close: async () => {
      for (const door of doors) await door.close();
      for (const { pool } of databases) await pool.end();
      await made.drop();
    },
  };
}

function item(input: Input, target: Item["target"]): Item {
  return { inputId: uuidv7(), actor: "key:test", bearer: null, input, target, idempotency: null };
}
