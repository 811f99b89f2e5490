/** What services are handed: the database, the door, the live configurations, and time and ids from outside. */
import type { Logger } from "pino";
import type { Configs } from "./flow/configs.ts";
import type { Door } from "./flow/door.ts";
import type { Database, Db } from "./db/db.ts";

/** What belongs to the process. */
export type House = {
  readonly database: Database;
  /** Connections that look rows up by key: for whatever runs the flow by itself. */
  readonly flow: Database;
  readonly configs: Configs;
  readonly door: Door;
  readonly dataDir: string;
  readonly log: Logger;
  readonly now: () => number;
  readonly newId: () => string;
};

/** The same, bound to the workspace of a request or command. */
export type Deps = House & {
  readonly db: Db;
  /** Who is acting, as facts name it. */
  readonly actor: string;
};
