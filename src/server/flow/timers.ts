/**
 * Timers: any worker looks for due ones, takes those whose lead nobody else holds, and lets the leads look again.
 *
 * A timer is deleted by the reaction it causes. One that was put off meanwhile, or that another worker has just handled, is
 * found not to be due under the lead's lock and does nothing.
 */
import { bindDb, type Database, transact } from "../db/db.ts";
import { isAtFault, isConflict, isTooMuch } from "../db/errors.ts";
import type { House } from "../deps.ts";
import { uuidv7 } from "../ids.ts";
import { type FlowDeps, runBatch } from "./flow.ts";
import { transactDealing } from "./turns.ts";
import { listDueTimers, tryLockLeads } from "./flow.queries.ts";
import type { Item } from "./item.ts";
import { deleteTimers, listDueWorkspaces } from "./timers.queries.ts";

const POLL_MS = 1000;
const LEADS = 500;

export type Timers = { stop(): Promise<void> };

/** Works due timers off every second, and at once while there are more. */
export function startTimers(house: House): Timers {
  let stopped = false;
  let running: Promise<void> = Promise.resolve();
  let next: NodeJS.Timeout;
  const round = (): void => {
    running = workOffTimers(house, () => stopped)
      .catch((error: unknown) => house.log.warn({ err: error }, "timers could not be worked off; they are tried again"))
      .then(() => {
        if (!stopped) next = setTimeout(round, POLL_MS).unref();
      });
  };
  next = setTimeout(round, 0);
  return {
    async stop() {
      stopped = true;
      clearTimeout(next);
      await running;
    },
  };
}

type Firing = Pick<House, "flow" | "configs" | "now" | "door" | "log"> & Partial<Pick<House, "live">>;

/** Works off everything that is due now; answers how many leads looked again. */
export async function workOffTimers(house: Firing, stopped: () => boolean = () => false): Promise<number> {
  let done = 0;
  for (;;) {
    const workspaces = await listDueWorkspaces(house.flow.pool, new Date(house.now()));
    let round = 0;
    for (const workspaceId of workspaces) {
      if (stopped()) return done;
      round += await fire(house, workspaceId);
    }
    done += round;
    if (round === 0) return done;
  }
}

async function fire(house: Firing, workspaceId: string): Promise<number> {
  const bound: FlowDeps & { readonly database: Database } = {
    database: house.flow,
    db: bindDb(house.flow.pool, workspaceId),
    configs: house.configs,
    now: house.now,
    sources: new Set(),
  };
  try {
    const leads = await transactDealing(bound, "ask", async (bound) => {
      const items = await dueItems(bound, LEADS);
      if (items.length > 0) await runBatch(bound, items);
      return items.flatMap(({ target }) => (target.by === "lead" ? [target.id] : []));
    });
    house.live?.leads(workspaceId, leads);
    return leads.length;
  } catch (error) {
    if (isConflict(error)) return 1;
    if (!isAtFault(error) && !isTooMuch(error)) throw error;
    house.log.error({ err: error }, "a batch of timers failed; its leads look again one by one");
    return oneByOne(house, bound, workspaceId);
  }
}

/** The timers go through the door, which holds the one that cannot be processed. A held timer is removed so that it does not fire for ever. */
async function oneByOne(house: Pick<House, "door">, bound: FlowDeps & { readonly database: Database }, workspaceId: string): Promise<number> {
  const items = await transact(bound, (bound) => dueItems(bound, LEADS));
  for (const item of items) {
    await house.door.submitMany(workspaceId, [item], {
      alongside: (db, [outcome]) => {
        if (outcome?.kind === "held" && item.target.by === "lead") db.post(deleteTimers(item.target.id));
      },
    });
  }
  return 0;
}

async function dueItems({ db, now }: FlowDeps, limit: number): Promise<readonly Item[]> {
  const due = await listDueTimers(db, new Date(now()), limit);
  const purposes = new Map<string, string[]>();
  for (const { lead_id, purpose } of due) purposes.set(lead_id, [...(purposes.get(lead_id) ?? []), purpose]);
  const free = purposes.size === 0 ? [] : await tryLockLeads(db, [...purposes.keys()]);
  return free.map((id) => ({
    inputId: uuidv7(now()),
    actor: "timer",
    bearer: null,
    input: { kind: "timer", purposes: purposes.get(id) ?? [] },
    target: { by: "lead", id },
    idempotency: null,
  }));
}
