/** A house on a real database in which nobody has set up a workspace yet. */
import { pino } from "pino";
import { createDatabase, type Database } from "../db/db.ts";
import type { House } from "../deps.ts";
import { createConfigs } from "../flow/configs.ts";
import { createDoor } from "../flow/lane.ts";
import { openLive } from "../flow/live.ts";
import { createGate } from "../gate.ts";
import { uuidv7 } from "../ids.ts";
import { type TestDatabase, testDatabase } from "./database.ts";

export type EmptyHouse = { readonly house: House; readonly close: () => Promise<void> };

/** On a database of its own, or on one that is brought along. */
export async function emptyHouse(now: () => number, brought: TestDatabase | null = null): Promise<EmptyHouse> {
  const made = brought ?? (await testDatabase());
  const log = pino({ level: "silent" });
  const flow: Database = createDatabase(made.app, 8, "flow");
  const database: Database = createDatabase(made.app, 8, "read");
  const configs = createConfigs();
  const live = openLive(made.app);
  const door = createDoor({ database: flow, configs, now, log, live });
  return {
    house: { database, flow, configs, door, live, dataDir: "", gate: createGate({ dataDir: null }), log, now, newId: () => uuidv7() },
    close: async () => {
      await door.close();
      await Promise.all([live.close(), flow.pool.end(), database.pool.end()]);
      await made.drop();
    },
  };
}
