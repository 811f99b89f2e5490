/** Use cases: changing many leads at once, seeing beforehand what it would do, and taking it back. */
import { bearerOf } from "../../../core/access/door.ts";
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { UNDO_WITHIN_MS } from "../../../core/flow/undo.ts";
import { isUuid } from "../../../core/ids.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import type { Deps } from "../../deps.ts";
import { listLeadRows } from "../../flow/flow.queries.ts";
import type { Item, Outcome } from "../../flow/item.ts";
import { leadOf as stateOf, NO_PARTS } from "../../flow/rows.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { sightOf } from "../access/access.service.ts";
import { leadFilter } from "../leads/lead-filter.service.ts";
import { whoReader, type Who } from "../leads/who.service.ts";
import { type Idempotency, idOf } from "../leads/write.service.ts";
import { once } from "../workspaces/once.service.ts";
import { type BulkChange, checkChange, inputOf, standing } from "./bulk-change.ts";
import { runBulk } from "./bulk-run.service.ts";
import * as queries from "./bulk.queries.ts";

export type BulkRequest = {
  readonly change: BulkChange;
  readonly ids?: readonly string[] | undefined;
  readonly filter?: unknown;
  readonly except?: readonly string[] | undefined;
};

/** So many are changed before the answer goes out. */
const AT_ONCE = 200;
const SAMPLE = 100;
const MOST_COUNTED = 100_000;
const EXAMPLES = 20;

/** Whom it is about: named leads, or those a filter means. */
type About = { readonly ids: readonly string[] } | { readonly meant: queries.Meant };

async function about(deps: Deps, { change, ids, filter, except = [] }: BulkRequest, config: CompiledConfig): Promise<About> {
  if ((ids === undefined) === (filter === undefined))
    throw invalid("Name the leads by ids or by a filter, one of both. Nothing was written.", [{ path: "ids", message: "or filter, one of both" }]);
  if (ids !== undefined) return { ids: [...new Set(ids.map((id) => id.toLowerCase()))].filter((id) => isUuid(id) && !except.includes(id)) };
  const { where } = leadFilter(deps, config, filter, await sightOf(deps));
  return { meant: { where, except: except.map((id) => id.toLowerCase()).filter(isUuid), binned: change.action === "restore" } };
}

export async function previewBulk(deps: Deps, request: BulkRequest) {
  const config = await deps.configs.get(deps.db);
  const change = readChange(request.change, config);
  const whom = await about(deps, request, config);
  const count = "ids" in whom ? whom.ids.length : await queries.countMeantLeads(deps.db, whom.meant, MOST_COUNTED);
  const sample = "ids" in whom ? whom.ids.slice(0, SAMPLE) : await queries.sampleMeant(deps.db, whom.meant, SAMPLE);
  const before = new Map((await listLeadRows(deps.db, sample)).map((row) => [row.id, { state: stateOf(row, NO_PARTS), name: leadName(row) }]));
  const outcomes = await tryOut(deps, change, sample);
  const moves: { readonly lead: string; readonly name: string; readonly from: string; readonly to: string }[] = [];
  const failures: { readonly lead: string; readonly name: string; readonly reason: string }[] = [];
  let unchanged = 0;
  sample.forEach((lead, i) => {
    const outcome = outcomes[i] as Outcome;
    const was = before.get(lead);
    const name = was?.name ?? lead;
    if (outcome.kind !== "done") failures.push({ lead, name, reason: outcome.kind === "refused" ? outcome.detail : outcome.reason });
    else if (outcome.outcome === "unchanged" || was === undefined) unchanged++;
    else moves.push({ lead, name, from: standing(change, was.state, config), to: standing(change, outcome.lead, config) });
  });
  const groups = Map.groupBy(moves, ({ from, to }) => JSON.stringify([from, to]));
  return {
    leads: count ?? MOST_COUNTED,
    exact: count !== null,
    sampled: sample.length,
    changed: moves.length,
    unchanged,
    failed: failures.length,
    examples: moves.slice(0, EXAMPLES),
    failures: failures.slice(0, EXAMPLES),
    by: [...groups.values()].map((group) => ({ from: group[0]?.from ?? "", to: group[0]?.to ?? "", count: group.length })).sort((a, b) => b.count - a.count),
  };
}

/** The change itself, in a transaction that is rolled back. */
async function tryOut(deps: Deps, change: BulkChange, leads: readonly string[]): Promise<readonly Outcome[]> {
  if (leads.length === 0) return [];
  const input = inputOf(change);
  const items = leads.map((id): Item => ({
    inputId: deps.newId(),
    actor: deps.actor,
    bearer: bearerOf(deps.viewer),
    input,
    target: { by: "lead", id },
    idempotency: null,
  }));
  const run = await deps.door.dryRun(deps.db.workspaceId);
  try {
    return await run.submitMany(items);
  } finally {
    await run.end();
  }
}

function readChange(change: BulkChange, config: CompiledConfig): BulkChange {
  const read = change.action === "assign" && change.owner !== "route" ? { ...change, owner: change.owner.toLowerCase() } : change;
  checkChange(read, config);
  return read;
}

export type BulkView = ReturnType<typeof viewOf>;

export async function startBulk(deps: Deps, request: BulkRequest, idempotency: Idempotency): Promise<BulkView> {
  const config = await deps.configs.get(deps.db);
  const change = readChange(request.change, config);
  const whom = await about(deps, request, config);
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    await queries.insertBulk(deps.db, { id, change, leads: 0, actor: deps.actor, bearer: bearerOf(deps.viewer), created_at: new Date(deps.now()) });
    const leads = "ids" in whom ? await queries.insertNamed(deps.db, id, whom.ids) : await queries.insertMeant(deps.db, id, whom.meant);
    await queries.setLeads(deps.db, id, leads);
    return { id, leads };
  });
  if (!replayed) await carryOut(deps, kept.id, kept.leads);
  return getBulk(deps, kept.id);
}

/** Small changes are waited for; large ones go on behind the answer, and at the next start if this one ends before. */
async function carryOut(deps: Deps, id: string, leads: number): Promise<void> {
  const run = runBulk(deps, deps.db.workspaceId, id);
  if (leads <= AT_ONCE) return run;
  run.catch((error: unknown) => deps.log.error({ err: error, bulk: id }, "a change of many leads stopped; it goes on at the next start"));
}

export async function listBulks(deps: Deps, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  const before = cursor === undefined ? null : Buffer.from(cursor, "base64url").toString();
  if (before !== null && !isUuid(before))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  const rows = await queries.listBulkRows(deps.db, seesAll(deps) ? null : deps.actor, before, limit + 1);
  const page = rows.slice(0, limit);
  const [counts, who] = await Promise.all([
    queries.countOutcomes(
      deps.db,
      page.map(({ id }) => id),
    ),
    whoReader(deps),
  ]);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => viewOf({ ...row, counts: counts.get(row.id) ?? {} }, deps, who)),
    nextCursor: last === undefined ? null : Buffer.from(last.id).toString("base64url"),
  };
}

export async function getBulk(deps: Deps, text: string): Promise<BulkView> {
  const row = await findMine(deps, text);
  const [counts, who] = await Promise.all([queries.countOutcomes(deps.db, [row.id]), whoReader(deps)]);
  return viewOf({ ...row, counts: counts.get(row.id) ?? {} }, deps, who);
}

/** Whoever does not see all leads sees only his own changes of many. */
async function findMine(deps: Deps, text: string): Promise<queries.BulkRow> {
  const row = await queries.findBulk(deps.db, idOf("change", text));
  if (row === null || (!seesAll(deps) && row.actor !== deps.actor)) throw notFound("change", text);
  return row;
}

function seesAll({ viewer }: Deps): boolean {
  return viewer.sees === "all";
}

export async function listBulkFailures(deps: Deps, text: string, { limit, cursor }: { readonly limit: number; readonly cursor?: string | undefined }) {
  const { id } = await findMine(deps, text);
  const after = cursor === undefined ? -1 : Number(/^\d{1,9}$/.exec(Buffer.from(cursor, "base64url").toString())?.[0] ?? Number.NaN);
  if (Number.isNaN(after))
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  const rows = await queries.listFailures(deps.db, id, after, limit + 1);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => ({ lead: row.lead_id, name: leadName(row), reason: row.reason ?? "" })),
    nextCursor: last === undefined ? null : Buffer.from(String(last.place)).toString("base64url"),
  };
}

export async function cancelBulk(deps: Deps, text: string): Promise<BulkView> {
  const { id } = await findMine(deps, text);
  await queries.moveBulk(deps.db, id, ["running"], "cancelled", new Date(deps.now()));
  return getBulk(deps, id);
}

/** @throws Problem 409 when somebody else made it, it is still under way, or an hour has gone by */
export async function undoBulk(deps: Deps, text: string): Promise<BulkView> {
  const row = await findMine(deps, text);
  if (row.state === "undoing" || row.state === "undone") return getBulk(deps, row.id);
  if (row.actor !== deps.actor) throw new Problem(409, "not-yours", "Somebody else made this change; only he can take it back.");
  if (row.state === "running") throw new Problem(409, "still-running", "This change is still under way. Stop it first, then take it back.");
  if (deps.now() - row.created_at.getTime() > UNDO_WITHIN_MS)
    throw new Problem(409, "too-late", "This change is more than an hour old. Make the opposite change.");
  const moved = await queries.moveBulk(deps.db, row.id, ["done", "cancelled"], "undoing", null);
  if (moved) await carryOut(deps, row.id, row.leads);
  return getBulk(deps, row.id);
}

function viewOf(row: queries.BulkProgress, deps: Deps, who: (actor: string) => Who) {
  const { changed = 0, unchanged = 0, failed = 0, undone = 0, kept = 0 } = row.counts;
  const ended = row.state === "done" || row.state === "cancelled";
  return {
    id: row.id,
    change: row.change as BulkChange,
    state: row.state,
    leads: row.leads,
    done: changed + unchanged + failed + undone + kept,
    changed: changed + undone + kept,
    unchanged,
    failed,
    undone,
    kept,
    undoable: ended && changed > 0 && row.actor === deps.actor && deps.now() - row.created_at.getTime() <= UNDO_WITHIN_MS,
    by: who(row.actor),
    createdAt: row.created_at.toISOString(),
    finishedAt: row.finished_at?.toISOString() ?? null,
  };
}
