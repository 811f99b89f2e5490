/**
 * Rescoring: after a publish every lead is scored anew in the background, in chunks by id.
 *
 * A chunk is one recorded input of many leads: each takes its next number, and scores before and after stand beside it as
 * arrays. Leads that a definition would now move are not merely rescored; they look again through the flow, with everything
 * that follows. A newer publish ends the run, because its own run will come by.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { CompiledConfig } from "../../core/config/compile.ts";
import { rescoreOnly } from "../../core/flow/react.ts";
import type { LeadState } from "../../core/flow/state.ts";
import { bindDb, type Database, type Db, transact } from "../db/db.ts";
import { isConflict, isUnavailable } from "../db/errors.ts";
import type { House } from "../deps.ts";
import { uuidv7 } from "../ids.ts";
import { type FlowDeps, runBatch } from "./flow.ts";
import { getConfigNumber, lockConfigShared, lockLeads } from "./flow.queries.ts";
import type { Item } from "./item.ts";
import { assembleLeads, NO_PARTS } from "./rows.ts";
import { endRun, findRun, insertRun, listLeadIdsAfter, listOpenRuns, listScoringParts, listScoringRows, moveRun, writeChunk } from "./rescore.queries.ts";
import { postScores, postScoreTimers } from "./changes.queries.ts";

type RescoreHouse = Pick<House, "flow" | "configs" | "now" | "log">;

const CHUNK = 1000;

/** Notes that all leads are to be scored with a configuration and begins. The promise is kept when the run has ended. */
export async function startRescore(house: RescoreHouse, workspaceId: string, number: number): Promise<void> {
  await insertRun(bindDb(house.flow.pool, workspaceId), number, new Date(house.now()));
  await runRescore(house, workspaceId, number);
}

/** Goes on with runs that a stop interrupted. */
export async function resumeRescores(house: RescoreHouse): Promise<void> {
  for (const { workspace_id, config } of await listOpenRuns(house.flow.pool)) await runRescore(house, workspace_id, config);
}

async function runRescore(house: RescoreHouse, workspaceId: string, number: number): Promise<void> {
  const bound: FlowDeps & { readonly database: Database } = {
    database: house.flow,
    db: bindDb(house.flow.pool, workspaceId),
    configs: house.configs,
    now: house.now,
    sources: new Set(),
  };
  for (let repeat = 0; ;) {
    try {
      if (await transact(bound, (bound) => rescoreChunk(bound, number))) return;
      repeat = 0;
    } catch (error) {
      // A database that is away, or out of room, comes back; the run goes on where it stands.
      if (isUnavailable(error)) await sleep(1000);
      else if (!isConflict(error) || repeat++ > 8) throw error;
    }
  }
}

/** One chunk in one transaction; answers whether the run has ended. */
async function rescoreChunk(deps: FlowDeps, number: number): Promise<boolean> {
  const { db } = deps;
  lockConfigShared(db);
  const [live, run] = await Promise.all([getConfigNumber(db), findRun(db, number)]);
  if (run === null || run.state !== "running") return true;
  const at = new Date(deps.now());
  if (live !== number) {
    endRun(db, number, "superseded", at);
    return true;
  }
  const ids = await listLeadIdsAfter(db, run.cursor, CHUNK);
  if (ids.length === 0) {
    endRun(db, number, "done", at);
    return true;
  }
  lockLeads(db, ids);
  const config = await deps.configs.version(db, number);
  const [rows, parts] = await Promise.all([listScoringRows(db, ids), listScoringParts(db, ids)]);
  const moved = rescoreLeads(db, config, at.getTime(), [...assembleLeads(rows, { ...NO_PARTS, ...parts }).values()]);
  if (moved.length > 0)
    await runBatch(
      deps,
      moved.map((id) => look(id, deps.now())),
    );
  moveRun(db, number, ids.at(-1) as string, ids.length);
  return false;
}

/** Writes the scores of a chunk; answers the leads that must look again instead. */
function rescoreLeads(db: Db, config: CompiledConfig, now: number, leads: readonly LeadState[]): readonly string[] {
  const moved: string[] = [];
  const before: LeadState[] = [];
  const after: LeadState[] = [];
  for (const lead of leads) {
    if (lead.scores.model === config.number) continue;
    const next = rescoreOnly(config, lead, now);
    if (next === null) moved.push(lead.id);
    else {
      before.push(lead);
      after.push(next);
    }
  }
  if (after.length > 0) {
    postScores(db, after);
    postScoreTimers(db, before, after);
    writeChunk(db, config.number, new Date(now), before, after);
  }
  return moved;
}

function look(leadId: string, now: number): Item {
  return { inputId: uuidv7(now), actor: "publish", input: { kind: "look" }, target: { by: "lead", id: leadId }, idempotency: null };
}
