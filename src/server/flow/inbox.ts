/**
 * The inbox of touches: acknowledged as soon as they are stored, worked off in large batches behind live requests.
 *
 * Storing a touch is one row in a statement shared by everybody who asks at the same moment; what it means for the lead is
 * worked out afterwards, usually within milliseconds, under load within seconds. A row leaves the inbox in the transaction
 * that processes it, so a killed process gives it back at once.
 */
import type { Logger } from "pino";
import { bindDb, type Database, type Db, transact } from "../db/db.ts";
import { isAtFault, isConflict, isTooMuch } from "../db/errors.ts";
import { uuidv7 } from "../ids.ts";
import type { Configs } from "./configs.ts";
import { deleteInboxRow, insertInboxRows, listInboxWorkspaces, listKnownLeads, takeInboxRows } from "./inbox.queries.ts";
import { type FlowDeps, runBatch } from "./flow.ts";
import { transactDealing } from "./turns.ts";
import type { Item, Outcome } from "./item.ts";

export type Inbox = {
  /** Stores the items of one request; answers, in their places, which of them name a lead that does not exist and were left out. */
  leave(workspaceId: string, items: readonly Item[]): Promise<readonly boolean[]>;
  /** Waits until what was left so far has been processed. */
  drained(): Promise<void>;
  close(): Promise<void>;
};

type InboxDeps = {
  readonly database: Database;
  readonly configs: Configs;
  readonly now: () => number;
  readonly log: Logger;
  /** Hears, after COMMIT, which leads changed. */
  readonly changed: (workspaceId: string, outcomes: readonly Outcome[]) => void;
  /** Live requests under way. */
  readonly live: () => number;
  /** Runs one item to its end, holding it when it cannot be processed. */
  readonly runAlone: (workspaceId: string, item: Item, alongside: (db: Db) => void) => Promise<void>;
};

/** Requests whose touches are processed in one transaction, at most. */
const ROWS = 500;
/** People whose touches are processed in one transaction; only a single larger request goes beyond, in several passes. */
const ITEMS = 1000;
/** How long touches wait for live requests to be over, at most, between two batches. */
const PATIENCE_MS = 2000;
const LANES = 2;
const POLL_MS = 1000;

type Left = { readonly items: readonly Item[]; readonly resolve: (unknown: readonly boolean[]) => void; readonly reject: (error: unknown) => void };

export function openInbox(deps: InboxDeps): Inbox {
  const queues = new Map<string, { readonly waiting: Left[]; running: number; scheduled: boolean }>();
  const sources = new Set<string>();
  let storing = 0;
  let closed = false;
  let working: Promise<void> | null = null;
  let again = false;

  const flush = (workspaceId: string): void => {
    const queue = queues.get(workspaceId);
    if (queue === undefined) return;
    queue.scheduled = false;
    while (queue.waiting.length > 0 && queue.running < LANES) {
      const batch = queue.waiting.splice(0, 500);
      queue.running++;
      void store(deps, workspaceId, batch).finally(() => {
        queue.running--;
        storing -= batch.length;
        flush(workspaceId);
        wake();
      });
    }
  };
  const wake = (): void => {
    if (closed) return;
    if (working !== null) {
      again = true;
      return;
    }
    again = false;
    working = work(
      deps,
      sources,
      () => storing + deps.live(),
      () => closed,
    )
      .catch((error: unknown) => deps.log.warn({ err: error }, "the inbox of touches could not be worked off; it is tried again"))
      .then(() => {
        working = null;
        if (again) wake();
      });
  };
  const poll = setInterval(wake, POLL_MS);
  poll.unref();

  return {
    leave(workspaceId, items) {
      if (closed) return Promise.reject(new Error("Baton is stopping and takes nothing more."));
      let queue = queues.get(workspaceId);
      if (queue === undefined) {
        queue = { waiting: [], running: 0, scheduled: false };
        queues.set(workspaceId, queue);
      }
      const { waiting } = queue;
      storing++;
      const stored = new Promise<readonly boolean[]>((resolve, reject) => waiting.push({ items, resolve, reject }));
      if (!queue.scheduled) {
        queue.scheduled = true;
        setImmediate(flush, workspaceId);
      }
      return stored;
    },
    async drained() {
      do {
        wake();
        await working;
      } while (again || storing > 0 || (await listInboxWorkspaces(deps.database.pool)).length > 0);
    },
    async close() {
      while (storing > 0) await new Promise((resolve) => setTimeout(resolve, 5));
      closed = true;
      clearInterval(poll);
      await working;
    },
  };
}

/** Stores what several requests left, in one statement. */
async function store(deps: InboxDeps, workspaceId: string, batch: readonly Left[]): Promise<void> {
  try {
    deps.database.checkRoom?.();
    const db = bindDb(deps.database.pool, workspaceId);
    const ids = batch.flatMap(({ items }) => items.flatMap(({ target }) => (target.by === "lead" ? [target.id] : [])));
    const known = ids.length === 0 ? new Set<string>() : await listKnownLeads(db, [...new Set(ids)]);
    const unknown = batch.map(({ items }) => items.map(({ target }) => target.by === "lead" && !known.has(target.id)));
    const rows = batch.flatMap(({ items }, i) => {
      const kept = items.filter((_, j) => unknown[i]?.[j] === false);
      return kept.length === 0 ? [] : [{ id: (kept[0] as Item).inputId, item: kept }];
    });
    await insertInboxRows(db, rows, new Date(deps.now()));
    batch.forEach(({ resolve }, i) => resolve(unknown[i] as readonly boolean[]));
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}

/** Works the inboxes of all workspaces off in turn. */
async function work(deps: InboxDeps, sources: Set<string>, busy: () => number, closed: () => boolean): Promise<void> {
  for (;;) {
    const workspaces = await listInboxWorkspaces(deps.database.pool);
    if (workspaces.length === 0) return;
    let taken = 0;
    for (const workspaceId of workspaces) {
      if (closed()) return;
      await patience(busy);
      taken += await workOff(deps, workspaceId, sources);
    }
    if (taken === 0) return;
  }
}

async function patience(busy: () => number): Promise<void> {
  const until = performance.now() + PATIENCE_MS;
  while (busy() > 0 && performance.now() < until) await new Promise((resolve) => setTimeout(resolve, 10));
}

/** One batch: rows are taken, processed and gone in one transaction. Answers how many there were. */
async function workOff(deps: InboxDeps, workspaceId: string, sources: Set<string>): Promise<number> {
  const bound: FlowDeps & { readonly database: Database } = {
    database: deps.database,
    db: bindDb(deps.database.pool, workspaceId),
    configs: deps.configs,
    now: deps.now,
    sources,
  };
  for (let repeat = 0; ; repeat++) {
    try {
      const { taken, outcomes } = await transactDealing(bound, "ask", async (bound) => {
        const rows = await takeInboxRows(bound.db, ROWS, ITEMS);
        const items = rows.flatMap((row) => row.item);
        const outcomes: Outcome[] = [];
        for (let i = 0; i < items.length; i += ITEMS) outcomes.push(...(await runBatch(bound, items.slice(i, i + ITEMS))));
        return { taken: rows.length, outcomes };
      });
      deps.changed(workspaceId, outcomes);
      return taken;
    } catch (error) {
      if (isConflict(error) && repeat < 8) continue;
      if (!isAtFault(error) && !isTooMuch(error)) throw error;
      return oneByOne(deps, bound, workspaceId);
    }
  }
}

/** Something in the first rows cannot be processed: they are taken apart, and each touch goes through on its own. */
async function oneByOne(deps: InboxDeps, bound: FlowDeps & { readonly database: Database }, workspaceId: string): Promise<number> {
  const items = await transact(bound, async ({ db }) => {
    const rows = await takeInboxRows(db, ROWS, ITEMS);
    const single = rows.flatMap((row) => row.item).map((item) => ({ id: uuidv7(deps.now()), item: [item] }));
    await insertInboxRows(db, single, new Date(deps.now()));
    return single;
  });
  for (const { id, item } of items) await deps.runAlone(workspaceId, item[0] as Item, (db) => deleteInboxRow(db, id));
  return items.length;
}
