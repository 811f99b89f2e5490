/**
 * Who may come in. A key that was looked up is known for a second, so that a thousand requests cost one query and a revoked
 * key stops within that second. Only hashes are remembered.
 */
import { bindDb } from "../../db/db.ts";
import { findKeyByHash, listWorkspaces } from "../../db/house.queries.ts";
import type { Deps, House } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { hashApiKey, hashText } from "./api-key.ts";

const KNOWN_MS = 1000;
const KNOWN_KEYS = 10_000;

export type Entry = { readonly deps: Deps; readonly scopes: readonly string[] };

/** The house as seen from one workspace. `actor` is how facts name who acts. */
export function actIn(house: House, workspaceId: string, actor: string): Deps {
  return { ...house, db: bindDb(house.database.pool, workspaceId), actor };
}

export type Doors = {
  known(key: string): Entry | undefined;
  ofKey(key: string): Promise<Entry | null>;
  ofOperator(workspace: string | null): Promise<Entry>;
};

export function createDoorman(house: House): Doors {
  const cache = new Map<string, { readonly entry: Entry; readonly until: number }>();
  return {
    known(key) {
      const found = cache.get(hashText(key));
      return found !== undefined && found.until > performance.now() ? found.entry : undefined;
    },
    async ofKey(key) {
      if (!/^baton_[A-Za-z0-9_-]{43}$/.test(key)) return null;
      const id = hashText(key);
      const row = await findKeyByHash(house.database.pool, hashApiKey(key));
      if (row === null) {
        cache.delete(id);
        return null;
      }
      const entry = { deps: actIn(house, row.workspace_id, `key:${row.id}`), scopes: row.scopes };
      if (cache.size >= KNOWN_KEYS) cache.clear();
      cache.set(id, { entry, until: performance.now() + KNOWN_MS });
      return entry;
    },
    ofOperator: async (workspace) => ({ deps: actIn(house, await workspaceOf(house, workspace), "cli"), scopes: ["read", "write", "admin"] }),
  };
}

/** The workspace that is meant, by id or name; the only one when none is named. */
export async function workspaceOf({ database }: Pick<House, "database">, named: string | null): Promise<string> {
  const all = await listWorkspaces(database.pool);
  if (named !== null) {
    const found = all.find(({ workspace_id, name }) => workspace_id === named || name.toLowerCase() === named.trim().toLowerCase());
    if (found === undefined) throw notFound("workspace", JSON.stringify(named));
    return found.workspace_id;
  }
  const [first, second] = all;
  if (second !== undefined)
    throw new Problem(
      422,
      "invalid",
      `There are ${all.length} workspaces: ${all.map(({ name }) => name).join(", ")}. Name the one you mean with --workspace.`,
      [{ path: "X-Baton-Workspace", message: "is required" }],
    );
  if (first === undefined)
    throw new Problem(422, "invalid", "There is no workspace yet. Set one up: npm run baton -- setup --workspace NAME --email E --password P");
  return first.workspace_id;
}
