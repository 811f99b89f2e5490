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
import { bindDb, type Database, type Db } from "../db/db.ts";
import { isConflict, isUnavailable } from "../db/errors.ts";
import type { House } from "../deps.ts";
import { uuidv7 } from "../ids.ts";
import { type FlowDeps, runBatch } from "./flow.ts";
import { transactDealing } from "./turns.ts";
import { getConfigNumber, lockConfigShared, lockLeads } from "./flow.queries.ts";
import type { Item } from "./item.ts";
import { endRun, findRun, holdingRun, insertRun, listLeadIdsAfter, listOpenRuns, moveRun, writeChunk } from "./rescore.queries.ts";
import { listScoringLeads } from "./rescore-rows.queries.ts";
import { postScores, postScoreTimers } from "./changes.queries.ts";

type RescoreHouse = Pick<House, "flow" | "configs" | "now" | "log"> & Partial<Pick<House, "live">>;

/** Small enough that a live request waits for one chunk's computing, some ten milliseconds, and no longer. */
const CHUNK = 500;
/** Chunks under way: while the database writes one, the next is computed. */
const UNDER_WAY = 3;

/** Notes that all leads are to be scored with a configuration and begins. The promise is kept when the run has ended, here or in another process. */
export async function startRescore(house: RescoreHouse, workspaceId: string, number: number): Promise<void> {
  await insertRun(bindDb(house.flow.pool, workspaceId), number, new Date(house.now()));
  await runRescore(house, workspaceId, number);
}

/** Does the run that was noted for a configuration, if one was. */
export async function doRescore(house: RescoreHouse, workspaceId: string, number: number): Promise<void> {
  await runRescore(house, workspaceId, number);
}

/** Goes on with runs that a stop interrupted. */
export async function resumeRescores(house: RescoreHouse): Promise<void> {
  for (const { workspace_id, config } of await listOpenRuns(house.flow.pool)) await runRescore(house, workspace_id, config);
}

async function runRescore(house: RescoreHouse, workspaceId: string, number: number): Promise<void> {
  const bound: BoundDeps = { database: house.flow, db: bindDb(house.flow.pool, workspaceId), configs: house.configs, now: house.now, sources: new Set() };
  house.live?.topic(workspaceId, "config");
  for (;;) {
    try {
      await holdingRun(house.flow.pool, workspaceId, number, () => rescoreAll(bound, number));
      house.live?.leads(workspaceId, null);
      return;
    } catch (error) {
      // A database that is away, or out of room, comes back; the run goes on where it stands.
      if (!isUnavailable(error)) throw error;
      await sleep(1000);
    }
  }
}

type BoundDeps = FlowDeps & { readonly database: Database };

/**
 * Goes through the leads in the order of their ids, a few chunks at a time. The cursor follows the chunks in their order; one
 * that was done already when a run goes on finds its leads scored and does nothing.
 */
async function rescoreAll(bound: BoundDeps, number: number): Promise<void> {
  const run = await findRun(bound.db, number);
  if (run === null || run.state !== "running") return;
  const config = await bound.configs.version(bound.db, number);
  let { cursor } = run;
  const underWay: { readonly ids: readonly string[]; readonly done: Promise<boolean> }[] = [];
  const settleFirst = async (): Promise<boolean> => {
    const { ids, done } = underWay.shift() as (typeof underWay)[number];
    if (!(await done)) return false;
    await moveRun(bound.db, number, ids.at(-1) as string, ids.length);
    return true;
  };
  try {
    for (let live = true; live;) {
      const ids = await listLeadIdsAfter(bound.db, cursor, CHUNK);
      if (ids.length > 0) {
        const done = rescoreChunk(bound, config, ids);
        done.catch(() => {});
        underWay.push({ ids, done });
        cursor = ids.at(-1) as string;
      }
      while (live && underWay.length >= (ids.length === 0 ? 1 : UNDER_WAY)) live = await settleFirst();
      if (live && ids.length === 0) return await endRun(bound.db, number, "done", new Date(bound.now()));
    }
    await endRun(bound.db, number, "superseded", new Date(bound.now()));
  } finally {
    await Promise.allSettled(underWay.map(({ done }) => done));
  }
}

/** One chunk in one transaction; answers whether the configuration is still the live one. */
async function rescoreChunk(bound: BoundDeps, config: CompiledConfig, ids: readonly string[]): Promise<boolean> {
  const { number } = config;
  for (let repeat = 0; ; repeat++) {
    try {
      return await transactDealing(bound, "ask", async (deps) => {
        const { db } = deps;
        lockConfigShared(db);
        lockLeads(db, ids);
        const [live, leads] = await Promise.all([getConfigNumber(db), listScoringLeads(db, ids, config)]);
        if (live !== number) return false;
        const moved = rescoreLeads(db, config, deps.now(), leads);
        if (moved.length > 0)
          await runBatch(
            deps,
            moved.map((id) => look(id, deps.now())),
          );
        return true;
      });
    } catch (error) {
      if (!isConflict(error) || repeat > 8) throw error;
    }
  }
}

/** Writes the scores of a chunk; answers the leads that must look again instead. */
function rescoreLeads(db: Db, config: CompiledConfig, now: number, leads: readonly LeadState[]): readonly string[] {
  const moved: string[] = [];
  const before: LeadState[] = [];
  const after: LeadState[] = [];
  for (const lead of leads) {
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
  return { inputId: uuidv7(now), actor: "publish", bearer: null, input: { kind: "look" }, target: { by: "lead", id: leadId }, idempotency: null };
}
