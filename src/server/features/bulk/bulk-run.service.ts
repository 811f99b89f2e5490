/**
 * Working a change of many leads off: in chunks through the flow, behind live work. What became of a lead is written in the
 * transaction that changed it, so a process that was killed leaves nothing half done and nothing to do twice.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Input } from "../../../core/flow/input.ts";
import { bindDb, type Db } from "../../db/db.ts";
import { databaseProblem } from "../../problems.ts";
import type { House } from "../../deps.ts";
import type { Item, Outcome } from "../../flow/item.ts";
import { type BulkChange, inputOf } from "./bulk-change.ts";
import { type Became, type BulkLead, type BulkRow, findBulk, holdingBulk, listNext, listOpenBulks, moveBulk, postOutcomes } from "./bulk.queries.ts";

const CHUNK = 250;

type BulkHouse = Pick<House, "database" | "door" | "now" | "newId" | "log">;

/** Goes on with changes that a stop interrupted. */
export async function resumeBulks(house: BulkHouse, stopping: AbortSignal): Promise<void> {
  for (const { workspace_id, id } of await listOpenBulks(house.database.pool)) await runBulk(house, workspace_id, id, stopping);
}

/** The promise is kept when the change has ended, here or in another process, or the house is stopping. */
export async function runBulk(house: BulkHouse, workspaceId: string, id: string, stopping?: AbortSignal): Promise<void> {
  while (stopping?.aborted !== true) {
    try {
      return await holdingBulk(house.database.pool, id, () => workOff(house, bindDb(house.database.pool, workspaceId), id, stopping));
    } catch (error) {
      if (error instanceof Error && /is stopping|after calling end/.test(error.message)) return;
      // A database that is away, or out of room, comes back; the change goes on where it stands.
      if (databaseProblem(error) === null) throw error;
      house.log.warn({ err: error, bulk: id }, "a change of many leads waits for the database");
      await sleep(1000, undefined, { ref: false });
    }
  }
}

async function workOff(house: BulkHouse, db: Db, id: string, stopping: AbortSignal | undefined): Promise<void> {
  while (stopping?.aborted !== true) {
    const bulk = await findBulk(db, id);
    if (bulk === null || (bulk.state !== "running" && bulk.state !== "undoing")) return;
    const undoing = bulk.state === "undoing";
    const next = await listNext(db, id, undoing ? "changed" : "waiting", CHUNK);
    if (next.length === 0) {
      await moveBulk(db, id, [bulk.state], undoing ? "undone" : "done", new Date(house.now()));
      return;
    }
    await runChunk(house, db, bulk, next, undoing);
  }
}

async function runChunk(house: BulkHouse, db: Db, bulk: BulkRow, leads: readonly BulkLead[], undoing: boolean): Promise<void> {
  const forward = inputOf(bulk.change as BulkChange);
  const places = new Map<string, BulkLead>();
  const items = leads.map((lead): Item => {
    const input: Input = undoing ? { kind: "undo", number: lead.number ?? 0 } : forward;
    const inputId = house.newId();
    places.set(inputId, lead);
    return { inputId, actor: bulk.actor, bearer: bulk.bearer, input, target: { by: "lead", id: lead.lead_id }, idempotency: null };
  });
  await house.door.submitMany(db.workspaceId, items, {
    alongside: (db, outcomes, done) => {
      postOutcomes(
        db,
        bulk.id,
        done.map((item, i) => becameOf(places.get(item.inputId) as BulkLead, outcomes[i] as Outcome, undoing)),
      );
    },
  });
}

function becameOf({ place, number }: BulkLead, outcome: Outcome, undoing: boolean): Became {
  switch (outcome.kind) {
    case "done":
      return undoing
        ? { place, state: "undone", number, reason: null }
        : { place, state: outcome.outcome === "unchanged" ? "unchanged" : "changed", number: outcome.lead.number, reason: null };
    case "refused":
      return {
        place,
        state: undoing ? "kept" : "failed",
        number,
        reason: [outcome.detail, ...outcome.errors.map(({ path, message }) => `${path} ${message}`)].join(" "),
      };
    case "held":
      return { place, state: undoing ? "kept" : "failed", number, reason: `It could not be processed and is kept: ${outcome.reason}` };
  }
}
