/**
 * Whoever reads asks here how far he sees: lists, counts, search and reports take the answer into their statements, readers
 * of one record ask whether it is within.
 */
import { type Action, outOfReachWords, reachWithin, refusalWords } from "../../../core/access/access.ts";
import { isUuid } from "../../../core/ids.ts";
import { sieveOf } from "../../../core/access/sight.ts";
import type { Sight } from "../../db/sight-sql.ts";
import type { Deps } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { listHeldLeads, listSeenLeads } from "./access.queries.ts";

export type Looking = Pick<Deps, "db" | "configs" | "viewer">;

/** How far the viewer sees now; costs nothing for those who see everything. */
export async function sightOf({ db, configs, viewer }: Looking): Promise<Sight> {
  if (viewer.sees === "all") return null;
  const { config } = await configs.get(db);
  const sieve = sieveOf(config, viewer);
  return sieve === null ? null : { ...sieve, held: await listHeldLeads(db, sieve) };
}

/** Which of these leads the viewer sees, in no order. */
export async function seenLeads(deps: Looking, ids: readonly string[]): Promise<ReadonlySet<string>> {
  const known = ids.filter(isUuid);
  if (deps.viewer.sees === "all" || known.length === 0) return new Set(known);
  return new Set(await listSeenLeads(deps.db, await sightOf(deps), known));
}

/**
 * Passes when there is such a lead and the viewer sees it.
 * @param text what the caller named, in the words of the answer: `what` and `text` as for something that is not there
 * @throws Problem 404, the same as for what is not there
 */
export async function mustSeeLead(deps: Looking, leadId: string, what = "lead", text = leadId): Promise<void> {
  const seen = await listSeenLeads(deps.db, await sightOf(deps), [leadId]);
  if (seen.length === 0) throw notFound(what, text);
}

/** The same, but costs nothing for those who see everything: for readers who find out themselves whether there is such a lead. */
export async function mustBeInSight(deps: Looking, leadId: string, what = "lead", text = leadId): Promise<void> {
  if (deps.viewer.sees !== "all") await mustSeeLead(deps, leadId, what, text);
}

/**
 * Passes when the viewer may do this to the lead as it stands. For what does not go through the door, which asks by itself.
 * @throws Problem 404 when it is out of sight, 403 when it is seen but out of reach
 */
export async function mustReachLead(deps: Looking, action: Action, leadId: string, what = "lead", text = leadId): Promise<void> {
  await mustSeeLead(deps, leadId, what, text);
  const { viewer } = deps;
  const reach = reachWithin(viewer, action);
  if (reach === "none") throw new Problem(403, "forbidden", refusalWords(viewer.role, action));
  if (!(await seenLeads({ ...deps, viewer: { ...viewer, sees: reach } }, [leadId])).has(leadId))
    throw new Problem(403, "forbidden", outOfReachWords(viewer.role, action, what));
}
