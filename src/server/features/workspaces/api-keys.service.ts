/** API keys of a workspace. */
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { notFound } from "../../problems.ts";
import { hashApiKey, newApiKey } from "./api-key.ts";
import { once, type Repeatable } from "./once.service.ts";
import * as queries from "./workspaces.queries.ts";

type Scope = "read" | "write" | "admin";

export type KeyView = { readonly id: string; readonly name: string; readonly scopes: Scope[]; readonly createdAt: string; readonly revokedAt: string | null };

/** The secret is null when the request is a repeat: it was answered once and is not kept. */
export async function createApiKey(
  deps: Deps,
  { name, scopes }: { readonly name: string; readonly scopes: readonly Scope[] },
  idempotency: Repeatable,
): Promise<KeyView & { readonly key: string | null }> {
  const key = newApiKey();
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    await queries.insertApiKey(deps.db, { id, hash: hashApiKey(key), name, scopes: [...new Set(scopes)], userId: null, at: new Date(deps.now()) });
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
    await queries.revokeApiKey(deps.db, id, new Date(deps.now()));
    return { id };
  });
  return getApiKey(deps, id);
}

async function getApiKey({ db }: Deps, id: string): Promise<KeyView> {
  const row = isUuid(id) ? await queries.findApiKey(db, id) : null;
  if (row === null) throw notFound("API key", id);
  return viewOf(row);
}

function viewOf({ id, name, scopes, created_at, revoked_at }: queries.KeyRow): KeyView {
  return { id, name, scopes: scopes as Scope[], createdAt: created_at.toISOString(), revokedAt: revoked_at?.toISOString() ?? null };
}
