/** Idempotency keys: an answer given once is given again, a key in flight is refused, a key with another body too. */
import { isSeen } from "../../core/access/door.ts";
import type { Outcome, Item } from "./item.ts";
import type { FlowDeps } from "./flow.ts";
import { type AnswerRow, listAnswers, listMended, type Mended, listLeadRows, listParts, tryLockKeys } from "./flow.queries.ts";
import { assembleLeads } from "./rows.ts";

/** Fills in the outcomes of items whose key has been seen or is in flight, and answers the places that are still to be done. */
export async function settleKeys(deps: FlowDeps, items: readonly Item[], outcomes: (Outcome | undefined)[]): Promise<readonly number[]> {
  const keyed = items.flatMap((item, i) => (item.idempotency === null ? [] : [{ i, ...item.idempotency }]));
  if (keyed.length === 0) return items.map((_, i) => i);
  const keys = [...new Set(keyed.map(({ key }) => key))];
  const ours = await tryLockKeys(deps.db, keys);
  const answers = new Map((await listAnswers(deps.db, keys)).map((row) => [row.key, row]));
  const taken = new Set<string>();
  const replays: { readonly i: number; readonly row: AnswerRow }[] = [];
  for (const { i, key, hash } of keyed) {
    const row = answers.get(key);
    if (row !== undefined && row.request_hash !== hash) {
      outcomes[i] = {
        kind: "refused",
        status: 422,
        type: "idempotency-mismatch",
        detail: `The idempotency key "${key}" was used for another request. Take a new key for a new request.`,
        errors: [],
      };
    } else if (row !== undefined) replays.push({ i, row });
    else if (!ours.has(key) || taken.has(key)) {
      outcomes[i] = {
        kind: "refused",
        status: 409,
        type: "idempotency-in-flight",
        detail: `A request with the idempotency key "${key}" is being worked on. Ask again in a moment.`,
        errors: [],
      };
    } else taken.add(key);
  }
  if (replays.length > 0) await answerAgain(deps, items, replays, outcomes);
  return items.flatMap((_, i) => (outcomes[i] === undefined ? [i] : []));
}

/** Outcome and ids as they were, the lead as it is now. */
async function answerAgain(
  deps: FlowDeps,
  items: readonly Item[],
  replays: readonly { readonly i: number; readonly row: AnswerRow }[],
  outcomes: (Outcome | undefined)[],
): Promise<void> {
  const held = replays.flatMap(({ row }) => row.answer.intakeId ?? []);
  const mended = held.length === 0 ? new Map<string, Mended>() : await listMended(deps.db, held);
  const ids = [...replays.flatMap(({ row }) => row.answer.leadId ?? []), ...[...mended.values()].map(({ leadId }) => leadId)];
  const [config, rows, parts] = await Promise.all([deps.configs.get(deps.db), listLeadRows(deps.db, ids), listParts(deps.db, ids)]);
  const leads = assembleLeads(rows, parts);
  for (const { i, row } of replays) {
    const { intakeId, reason } = row.answer;
    const { outcome, leadId } = mended.get(intakeId ?? "") ?? row.answer;
    const lead = leads.get(leadId ?? "");
    if (intakeId !== undefined && !mended.has(intakeId)) outcomes[i] = { kind: "held", id: intakeId, reason: reason ?? "" };
    else if (lead !== undefined && isSeen(config.config, items[i]?.bearer, lead))
      outcomes[i] = { kind: "done", outcome: outcome as "created", lead, config, replayed: true };
    else outcomes[i] = { kind: "refused", status: 404, type: "not-found", detail: "The lead this key made is gone, or not yours to see any more.", errors: [] };
  }
}
