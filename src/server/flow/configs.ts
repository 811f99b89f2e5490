/** Configurations, compiled once per number. A number never changes its content, so nothing here goes stale. */
import { type CompiledConfig, compileConfig } from "../../core/config/compile.ts";
import type { Config } from "../../core/config/config.ts";
import type { Db } from "../db/db.ts";
import { findConfigVersion, getConfigNumber } from "./flow.queries.ts";

export type Configs = {
  /** The configuration live now. */
  get(db: Db): Promise<CompiledConfig>;
  /** The one that was live when last asked, without asking: for readers that check its number against what they read. */
  recent(db: Db): Promise<CompiledConfig>;
  /** @throws Error when there is no such number */
  version(db: Db, number: number): Promise<CompiledConfig>;
};

const KEPT = 200;

export function createConfigs(): Configs {
  const cache = new Map<string, CompiledConfig>();
  const version = async (db: Db, number: number): Promise<CompiledConfig> => {
    const key = `${db.workspaceId} ${number}`;
    const known = cache.get(key);
    if (known !== undefined) return known;
    const body = await findConfigVersion(db, number);
    if (body === null) throw new Error(`Workspace ${db.workspaceId} has no configuration number ${number}.`);
    const compiled = compileConfig(body as Config, number);
    cache.set(key, compiled);
    if (cache.size > KEPT) cache.delete(cache.keys().next().value as string);
    return compiled;
  };
  const last = new Map<string, CompiledConfig>();
  const get = async (db: Db): Promise<CompiledConfig> => {
    const config = await version(db, await getConfigNumber(db));
    last.set(db.workspaceId, config);
    return config;
  };
  return { version, get, recent: async (db) => last.get(db.workspaceId) ?? get(db) };
}
