/**
 * The house, opened: the store with its lock, the database at this version's schema, the pools, the door. The server and a
 * command that works by itself open it alike; what only a server needs (listeners, timers, keepers) is its own affair.
 */
import { type Logger, pino } from "pino";
import type { Config } from "./config.ts";
import { createDatabase } from "./db/db.ts";
import { migrate } from "./db/migrate.ts";
import { ensurePartitions } from "./db/partitions.ts";
import { startStatisticsKeeper } from "./db/statistics.ts";
import type { House } from "./deps.ts";
import { connectLinkMail } from "./features/mail/house-mail.service.ts";
import { backupBeforeMigrating } from "./features/backup/backup.service.ts";
import { createConfigs } from "./flow/configs.ts";
import { createDoor } from "./flow/lane.ts";
import { openLive } from "./flow/live.ts";
import { createGate } from "./gate.ts";
import { uuidv7 } from "./ids.ts";
import type { Kind } from "./store/lock.ts";
import { openStore, type Store } from "./store/store.ts";

export type OpenHouse = {
  readonly house: House;
  readonly store: Store;
  /** Answers what was handed in, then lets go of everything. */
  readonly close: () => Promise<void>;
};

export type OpenOptions = {
  readonly kind: Kind;
  readonly batonVersion: string;
  /** For the operator's eyes: what is going on before the house is ready. */ readonly tell: (line: string) => void;
  readonly log?: Logger;
};

/** @throws StoreError, StoreHeld or MigrationError in words */
export async function openHouse(
  config: Config,
  { kind, batonVersion, tell, log = pino({ level: config.logLevel }, pino.destination(2)) }: OpenOptions,
): Promise<OpenHouse> {
  const store = await openStore(config, tell, { kind });
  const { owner, app, dataDir } = store;
  try {
    const backup = await backupBeforeMigrating({ owner, dataDir, batonVersion, now: Date.now() });
    if (backup !== null) tell(`Backed up to ${backup} before migrating.`);
    await migrate({ owner, app }, { batonVersion, log: tell });
    await ensurePartitions(owner, Date.now());
  } catch (error) {
    await store.stop();
    throw error;
  }
  const flow = createDatabase(app, 8, "flow", store.hasRoom);
  const database = createDatabase(app, 8, "read", store.hasRoom);
  const statistics = startStatisticsKeeper(owner, log);
  const configs = createConfigs();
  const gate = createGate({ dataDir, secret: config.secret, publicUrl: config.publicUrl });
  const now = Date.now;
  const live = openLive(app);
  const door = createDoor({ database: flow, configs, now, log, live });
  const house: House = { database, flow, configs, door, live, dataDir, gate, outgoing: { smtpUrl: config.smtpUrl }, log, now, newId: () => uuidv7() };
  connectLinkMail(house);
  return {
    house,
    store,
    close: async () => {
      await door.close();
      await statistics.stop();
      await Promise.all([live.close(), flow.pool.end(), database.pool.end()]);
      await store.stop();
    },
  };
}
