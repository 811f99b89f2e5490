import type { PoolConfig } from "pg";
import type { Config } from "../config.ts";
import { type EmbeddedOptions, openEmbedded } from "./embedded.ts";
import { openExternal } from "./external.ts";
import { locateData, makeDataFolder } from "./folder.ts";
import { hasRoom } from "./room.ts";
import { joinLock, type Kind, type Patience, takeLock } from "./lock.ts";

/**
 * The store: a PostgreSQL to work with and a data folder, whoever runs it.
 *
 * Opening takes the folder's lock, so there is one Baton per folder; with a
 * database server of one's own several may share it, and the claim in the
 * folder only tells commands where the server is.
 */
export type Store = {
  /** Changes the shape of the database; not a superuser. */
  readonly owner: PoolConfig;
  /** Reads and writes rows; owns nothing. The same as `owner` when a server is given with one address. */
  readonly app: PoolConfig;
  readonly dataDir: string;
  readonly kind: "embedded" | "server";
  /** Whether the disk can take more; null when the database is somebody else's. */
  readonly hasRoom: (() => boolean) | null;
  /** Tells commands (`runningBaton`) and a second start that this server is ready, and where. */
  readonly announce: (url: string) => void;
  /** Stops the embedded database and gives the folder back. Close the pools first. */
  readonly stop: () => Promise<void>;
};

export type OpenOptions = EmbeddedOptions & { readonly kind?: Kind; readonly patience?: Patience };

/** Opens the store. Throws StoreError in words, StoreHeld when another Baton works on the folder. */
export async function openStore(
  config: Pick<Config, "data" | "databaseUrl" | "databaseOwnerUrl">,
  log: (line: string) => void,
  options: OpenOptions = {},
): Promise<Store> {
  const dataDir = dataFolderOf(config);
  makeDataFolder(dataDir);
  if (dataDir !== config.data.dir)
    log(`The database's account cannot enter ${config.data.dir}, so the data folder is ${dataDir}. To choose another, set BATON_DATA.`);
  const kind = options.kind ?? "server";
  if (config.databaseUrl !== null) {
    const app: PoolConfig = { connectionString: config.databaseUrl };
    const owner: PoolConfig = { connectionString: config.databaseOwnerUrl ?? config.databaseUrl };
    await openExternal(app, owner, log);
    const claim = joinLock(dataDir, kind);
    return { owner, app, dataDir, kind: "server", hasRoom: null, announce: claim.announce, stop: async () => claim.release() };
  }
  const claim = await takeLock(dataDir, kind, log, options.patience);
  try {
    const { owner, app, cluster, stop } = await openEmbedded(dataDir, log, options);
    let stopped: Promise<void> | null = null;
    return {
      owner,
      app,
      dataDir,
      kind: "embedded",
      hasRoom: () => hasRoom(cluster),
      announce: claim.announce,
      stop: () => (stopped ??= stop().finally(claim.release)),
    };
  } catch (error) {
    claim.release();
    throw error;
  }
}

/** The data folder of this configuration; with a database server of one's own nothing needs to be reachable for another account. */
export function dataFolderOf(config: Pick<Config, "data" | "databaseUrl">): string {
  return config.databaseUrl === null ? locateData(config.data) : config.data.dir;
}
