/**
 * Idempotency for writes that do not go through the door: the answer is kept in the same table and transaction, so one key
 * stands for one request wherever it is used.
 */
import type { Deps } from "../../deps.ts";
import { transact } from "../../db/db.ts";
import { listAnswers, tryLockKeys } from "../../flow/flow.queries.ts";
import { Problem } from "../../problems.ts";
import { insertAnswer } from "./workspaces.queries.ts";

export type Repeatable = { readonly key: string; readonly hash: string } | null;

/** Runs `work` in a transaction unless its key has been seen; then answers what was kept of it. `work` tells which ids to keep. */
export function once<K extends Record<string, unknown>>(
  deps: Deps,
  idempotency: Repeatable,
  work: (deps: Deps) => Promise<K>,
): Promise<{ readonly kept: K; readonly replayed: boolean }> {
  return transact(deps, async (deps) => {
    if (idempotency === null) return { kept: await work(deps), replayed: false };
    const { key, hash } = idempotency;
    const ours = await tryLockKeys(deps.db, [key]);
    if (!ours.has(key))
      throw new Problem(409, "idempotency-in-flight", `A request with the idempotency key "${key}" is being worked on. Ask again in a moment.`);
    const [seen] = await listAnswers(deps.db, [key]);
    if (seen !== undefined && seen.request_hash !== hash)
      throw new Problem(422, "idempotency-mismatch", `The idempotency key "${key}" was used for another request. Take a new key for a new request.`);
    if (seen !== undefined) return { kept: seen.answer as unknown as K, replayed: true };
    const kept = await work(deps);
    await insertAnswer(deps.db, { key, hash, status: 200, answer: JSON.stringify(kept), at: new Date(deps.now()) });
    return { kept, replayed: false };
  });
}
