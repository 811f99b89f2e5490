/** API keys of a workspace. A key of a user may what he may, at most, and stops with him. */
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { hashApiKey, newApiKey } from "./api-key.ts";
import { once, type Repeatable } from "./once.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import * as queries from "./workspaces.queries.ts";

type Scope = "read" | "write" | "admin";

export type KeyView = {
  readonly id: string;
  readonly name: string;
  readonly scopes: Scope[];
  readonly user: { readonly id: string; readonly name: string } | null;
  readonly createdAt: string;
  readonly lastUsedAt: string | null;
  readonly expiresAt: string | null;
  readonly revokedAt: string | null;
};

export type NewKey = {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** The id of a user. */
  readonly user?: string | null | undefined;
  /** Milliseconds. */
  readonly expiresAt?: number | null | undefined;
};

/** The secret is null when the request is a repeat: it was answered once and is not kept. @throws Problem 422 */
export async function createApiKey(
  deps: Deps,
  { name, scopes, user = null, expiresAt = null }: NewKey,
  idempotency: Repeatable,
): Promise<KeyView & { readonly key: string | null }> {
  const key = newApiKey();
  if (expiresAt !== null && expiresAt <= deps.now())
    throw invalid("A key cannot expire before it is made. Nothing was written.", [{ path: "expiresAt", message: "must be in the future" }]);
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const owner = user === null ? null : isUuid(user) ? await queries.findUser(deps.db, user) : null;
    if (user !== null && owner?.active !== true)
      throw invalid("The key cannot belong to this user. Nothing was written.", [
        { path: "user", message: owner === null ? "is the id of no user" : "is inactive, so his keys would not work" },
      ]);
    const id = deps.newId();
    const ends = expiresAt === null ? null : new Date(expiresAt);
    const kinds = [...new Set(scopes)];
    await queries.insertApiKey(deps.db, { id, hash: hashApiKey(key), name, scopes: kinds, userId: user, expiresAt: ends, at: new Date(deps.now()) });
    await audit(deps, { action: "key.made", about: { type: "key", id }, detail: { scopes: kinds, user, expiresAt: ends } });
    return { id };
  });
  return { ...(await getApiKey(deps, kept.id)), key: replayed ? null : key };
}

export async function listApiKeys({ db }: Deps): Promise<readonly KeyView[]> {
  return (await queries.listApiKeys(db)).map(viewOf);
}

export async function revokeApiKey(deps: Deps, id: string, idempotency: Repeatable): Promise<KeyView> {
  await getApiKey(deps, id);
  await once(deps, idempotency, async (deps) => {
    if (await queries.revokeApiKey(deps.db, id, new Date(deps.now()))) await audit(deps, { action: "key.revoked", about: { type: "key", id } });
    return { id };
  });
  rightsChanged(deps, `key:${id}`);
  return getApiKey(deps, id);
}

async function getApiKey({ db }: Deps, id: string): Promise<KeyView> {
  const row = isUuid(id) ? await queries.findApiKey(db, id) : null;
  if (row === null) throw notFound("API key", id);
  return viewOf(row);
}

function viewOf({ id, name, scopes, user_id, user_name, created_at, last_used_at, expires_at, revoked_at }: queries.KeyRow): KeyView {
  return {
    id,
    name,
    scopes: scopes as Scope[],
    user: user_id === null || user_name === null ? null : { id: user_id, name: user_name },
    createdAt: created_at.toISOString(),
    lastUsedAt: last_used_at?.toISOString() ?? null,
    expiresAt: expires_at?.toISOString() ?? null,
    revokedAt: revoked_at?.toISOString() ?? null,
  };
}
