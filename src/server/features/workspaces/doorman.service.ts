/**
 * Who may come in. A key that was looked up is known for a second, so that a thousand requests cost one query; whoever
 * revokes it or deactivates its user makes this process forget it at once, others do within that second. Only hashes are
 * remembered. A session is looked up every time: what happened to its user counts from the next request on, everywhere.
 */
import { EVERYONE, type Viewer, viewerOf } from "../../../core/access/access.ts";
import type { Role } from "../../../core/access/role.ts";
import { bindDb } from "../../db/db.ts";
import { findKeyByHash, findSessionByHash, listWorkspaces } from "../../db/house.queries.ts";
import type { Deps, House } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { hashApiKey, hashText } from "./api-key.ts";
import { touchApiKey, touchSession } from "./workspaces.queries.ts";

const KNOWN_MS = 1000;
const KNOWN_KEYS = 10_000;

/** How exact "last used" is, so that reading writes next to nothing. */
const TOUCH_MS = 60_000;
const DAY = 86_400_000;
/** A session ends when it was not used for so long, and after so long however much it was used. */
export const IDLE_MS = 7 * DAY;
export const SESSION_MS = 30 * DAY;

const EVERY_SCOPE = ["read", "write", "admin"] as const;

export type Entry = { readonly deps: Deps; readonly scopes: readonly string[]; readonly restricted?: boolean };

/** The house as seen from one workspace. `actor` is how facts name who acts; `viewer` sees everything when not given. */
export function actIn(house: House, workspaceId: string, actor: string, viewer: Viewer = EVERYONE): Deps {
  return { ...house, db: bindDb(house.database.pool, workspaceId), actor, viewer };
}

/** The house as a user of a workspace sees it now. */
export async function actAs(house: House, workspaceId: string, actor: string, user: { readonly id: string; readonly role: string }): Promise<Deps> {
  const deps = actIn(house, workspaceId, actor);
  const { config } = await house.configs.get(deps.db);
  return { ...deps, viewer: viewerOf(config, { id: user.id, role: user.role as Role }) };
}

export type Doors = {
  known(key: string): Entry | undefined;
  ofKey(key: string): Promise<Entry | null>;
  ofSession(token: string): Promise<Entry | null>;
  ofOperator(workspace: string | null): Promise<Entry>;
};

export function createDoorman(house: House): Doors {
  const cache = house.gate.knownKeys;
  return {
    known(key) {
      const found = cache.get(hashText(key));
      return found !== undefined && found.until > performance.now() ? found.entry : undefined;
    },
    async ofKey(key) {
      if (!/^baton_[A-Za-z0-9_-]{43}$/.test(key)) return null;
      const id = hashText(key);
      const row = await findKeyByHash(house.database.pool, hashApiKey(key), new Date(house.now()));
      if (row === null) {
        cache.delete(id);
        return null;
      }
      const actor = `key:${row.id}`;
      const { user_id, role } = row;
      const deps =
        user_id === null || role === null ? actIn(house, row.workspace_id, actor) : await actAs(house, row.workspace_id, actor, { id: user_id, role });
      const entry = { deps, scopes: row.scopes };
      if (isOld(house, row.last_used_at)) inBackground(house, touchApiKey(deps.db, row.id, new Date(house.now())));
      if (cache.size >= KNOWN_KEYS) cache.clear();
      cache.set(id, { entry, until: performance.now() + KNOWN_MS });
      return entry;
    },
    ofOperator: async (workspace) => ({ deps: actIn(house, await workspaceOf(house, workspace), "cli"), scopes: EVERY_SCOPE }),
    async ofSession(token) {
      if (!/^[A-Za-z0-9_-]{43}$/.test(token)) return null;
      const now = house.now();
      const row = await findSessionByHash(house.database.pool, hashApiKey(token), new Date(now), new Date(now - IDLE_MS));
      if (row === null) return null;
      const { id, workspace_id, user_id, via, expires_at, restricted } = row;
      const deps = actIn(house, workspace_id, `user:${user_id}`);
      if (isOld(house, row.seen_at)) inBackground(house, touchSession(deps.db, id, new Date(now)));
      const { config } = await house.configs.version(deps.db, row.config_number);
      const viewer = viewerOf(config, { id: user_id, role: row.role as Role });
      return { deps: { ...deps, viewer, session: { id, via, expiresAt: expires_at } }, scopes: EVERY_SCOPE, restricted };
    },
  };
}

function isOld({ now }: House, at: Date | null): boolean {
  return at === null || now() - at.getTime() >= TOUCH_MS;
}

/** Nobody waits for it and nothing depends on it. */
function inBackground({ log }: House, work: Promise<unknown>): void {
  work.catch((error: unknown) => log.debug({ err: error }, "when something was last used could not be noted"));
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
