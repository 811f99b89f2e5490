/**
 * Lanes: requests that come at the same time share a transaction. Each workspace has a few batches under way; whatever
 * arrives meanwhile waits for the next one and is answered after its COMMIT.
 *
 * A batch that fails is taken apart until the input at fault is alone; that one is held with its reason, the others get
 * their normal answers. Only when the database itself is in trouble does everybody hear of it, and then nothing was written.
 */
import type { Logger } from "pino";
import type { CompiledConfig } from "../../core/config/compile.ts";
import { bindDb, type Database, type Db, transact } from "../db/db.ts";
import { isAtFault, isConflict, isTooMuch } from "../db/errors.ts";
import type { Configs } from "./configs.ts";
import type { Door, DryRun, ManyOptions } from "./door.ts";
import { type FlowDeps, PoisonError, runBatch } from "./flow.ts";
import type { Item, Outcome } from "./item.ts";
import { openInbox } from "./inbox.ts";
import type { Live } from "./live.ts";
import { ASKING, transactDealing } from "./turns.ts";
import { writeAnswers, writeIntake } from "./write.queries.ts";
import { getConfigNumber } from "./flow.queries.ts";

export type DoorDeps = {
  readonly database: Database;
  readonly configs: Configs;
  readonly now: () => number;
  readonly log: Logger;
  readonly live?: Live | undefined;
};

/** Batches of one workspace under way at once; two keep database and process busy in turn. */
const LANES = 2;
const MAX_BATCH = 500;
/**
 * While another batch is under way, a smaller one waits this long for those who were just answered to ask again: a batch
 * costs a dozen statements whatever its size. A request that comes alone never waits.
 */
const GATHER_MS = 2;
const MAX_REPEATS = 8;

type Pending = { readonly item: Item; readonly resolve: (outcome: Outcome) => void; readonly reject: (error: unknown) => void };
/** `underWay` counts the items of running batches; `gathering` tells whether a batch is held back for company. */
type Lane = { readonly queue: Pending[]; running: number; underWay: number; scheduled: boolean; gathering: "no" | "on" | "over" };

export function createDoor(deps: DoorDeps): Door {
  const lanes = new Map<string, Lane>();
  const sources = new Set<string>();
  const under = new Set<Promise<unknown>>();
  let closed = false;
  let live = 0;

  const track = <T>(work: Promise<T>): Promise<T> => {
    under.add(work);
    void work.catch(() => {}).finally(() => under.delete(work));
    return work;
  };
  const bound = (workspaceId: string): FlowDeps & { readonly database: Database } => ({
    database: deps.database,
    db: bindDb(deps.database.pool, workspaceId),
    configs: deps.configs,
    now: deps.now,
    sources,
  });
  const laneOf = (workspaceId: string): Lane => {
    let lane = lanes.get(workspaceId);
    if (lane === undefined) {
      lane = { queue: [], running: 0, underWay: 0, scheduled: false, gathering: "no" };
      lanes.set(workspaceId, lane);
    }
    return lane;
  };
  const pump = (workspaceId: string, lane: Lane): void => {
    lane.scheduled = false;
    while (lane.queue.length > 0 && lane.running < LANES) {
      if (lane.running > 0 && lane.gathering !== "over" && lane.queue.length < lane.underWay) return gather(workspaceId, lane);
      lane.gathering = "no";
      const batch = lane.queue.splice(0, MAX_BATCH);
      lane.running++;
      lane.underWay += batch.length;
      void track(
        runToTheEnd(
          deps,
          bound(workspaceId),
          batch.map(({ item }) => item),
        ),
      )
        .then(
          (outcomes) => batch.forEach(({ resolve }, i) => resolve(outcomes[i] as Outcome)),
          (error: unknown) => batch.forEach(({ reject }) => reject(error)),
        )
        .finally(() => {
          live -= batch.length;
          lane.running--;
          lane.underWay -= batch.length;
          pump(workspaceId, lane);
        });
    }
  };

  const gather = (workspaceId: string, lane: Lane): void => {
    if (lane.gathering === "on") return;
    lane.gathering = "on";
    setTimeout(() => {
      if (lane.gathering === "on") lane.gathering = "over";
      pump(workspaceId, lane);
    }, GATHER_MS);
  };

  const inbox = openInbox({
    ...deps,
    live: () => live,
    changed: (workspaceId, outcomes) => tellListeners(deps, workspaceId, outcomes),
    runAlone: async (workspaceId, item, alongside) => {
      await runToTheEnd(deps, bound(workspaceId), [item], { alongside });
    },
  });

  return {
    leave: (workspaceId, items) => inbox.leave(workspaceId, items),
    drained: () => inbox.drained(),
    submit(workspaceId, item) {
      if (closed) return Promise.reject(new Error("Baton is stopping and takes nothing more."));
      const lane = laneOf(workspaceId);
      live++;
      return new Promise((resolve, reject) => {
        lane.queue.push({ item, resolve, reject });
        if (lane.scheduled) return;
        lane.scheduled = true;
        setImmediate(pump, workspaceId, lane);
      });
    },
    async submitMany(workspaceId, items, options) {
      if (closed) throw new Error("Baton is stopping and takes nothing more.");
      await quiet(() => live);
      return track(runToTheEnd(deps, bound(workspaceId), items, options));
    },
    dryRun: (workspaceId, config) =>
      beginDryRun(deps, config === undefined ? bound(workspaceId) : { ...bound(workspaceId), configs: standingIn(deps.configs, config) }),
    async close() {
      closed = true;
      await inbox.close();
      while (live > 0 || under.size > 0) await Promise.race([Promise.allSettled(under), new Promise((resolve) => setTimeout(resolve, 20))]);
    },
  };
}

/** Background work lets live requests go first, for at most 50 ms. */
async function quiet(live: () => number): Promise<void> {
  for (let i = 0; i < 10 && live() > 0; i++) await new Promise((resolve) => setTimeout(resolve, 5));
}

type BoundDeps = FlowDeps & { readonly database: Database };

/** Runs items as one transaction, and takes them apart when that fails. */
async function runToTheEnd(deps: DoorDeps, bound: BoundDeps, items: readonly Item[], options: ManyOptions = {}): Promise<Outcome[]> {
  for (let repeat = 0; ; repeat++) {
    try {
      const outcomes = await transactDealing(bound, repeat === 0 ? "guess" : "ask", async (bound) => {
        const outcomes = await runBatch(bound, items);
        options.alongside?.(bound.db, outcomes, items);
        return outcomes;
      });
      remember(bound, outcomes);
      tellListeners(deps, bound.db.workspaceId, outcomes);
      return outcomes;
    } catch (error) {
      if (isConflict(error) && repeat < MAX_REPEATS) continue;
      if (error instanceof PoisonError) return withoutPoison(deps, bound, items, error, options);
      if (!isAtFault(error) && !(isTooMuch(error) && items.length > 1)) throw error;
      if (items.length > 1) return halved(deps, bound, items, options);
      return [await hold(deps, bound, items[0] as Item, error, options)];
    }
  }
}

function remember({ db, sources }: FlowDeps, outcomes: readonly Outcome[]): void {
  for (const outcome of outcomes)
    if (outcome.kind === "done" && outcome.lead.source !== null && sources.size < 100_000) sources.add(`${db.workspaceId} ${outcome.lead.source}`);
}

/** Only after COMMIT, and nobody waits for it. */
function tellListeners({ live }: DoorDeps, workspaceId: string, outcomes: readonly Outcome[]): void {
  live?.leads(
    workspaceId,
    outcomes.flatMap((outcome) => (outcome.kind === "done" && !outcome.replayed ? [outcome.lead.id] : [])),
  );
}

async function halved(deps: DoorDeps, bound: BoundDeps, items: readonly Item[], options: ManyOptions): Promise<Outcome[]> {
  const middle = items.length >> 1;
  const first = await runToTheEnd(deps, bound, items.slice(0, middle), options);
  return [...first, ...(await runToTheEnd(deps, bound, items.slice(middle), options))];
}

/** Inputs before the culprit, the culprit itself, inputs after it: their order is kept. */
async function withoutPoison(deps: DoorDeps, bound: BoundDeps, items: readonly Item[], poison: PoisonError, options: ManyOptions): Promise<Outcome[]> {
  const at = items.indexOf(poison.item);
  const before = at <= 0 ? [] : await runToTheEnd(deps, bound, items.slice(0, at), options);
  const held = await hold(deps, bound, poison.item, poison, options);
  const after = at + 1 >= items.length ? [] : await runToTheEnd(deps, bound, items.slice(at + 1), options);
  return [...before, held, ...after];
}

/** Keeps an input that cannot be processed, with the reason, so that it can be replayed when the cause is mended. */
async function hold(deps: DoorDeps, bound: BoundDeps, item: Item, error: unknown, options: ManyOptions): Promise<Outcome> {
  const reason = error instanceof Error ? error.message : String(error);
  deps.log.error({ err: error, intake: item.inputId, kind: item.input.kind }, "input held");
  const outcome: Outcome = { kind: "held", id: item.inputId, reason };
  await transact(bound, async ({ db }) => {
    const now = deps.now();
    writeIntake(db, await getConfigNumber(db), now, [
      {
        id: item.inputId,
        kind: item.input.kind,
        state: "held",
        leadId: null,
        number: null,
        actor: item.actor,
        payload: storable(item.input),
        context: storable({ target: item.target }),
        hash: null,
        reason: reason.replaceAll("\u0000", "\ufffd"),
      },
    ]);
    if (item.idempotency !== null) writeAnswers(db, [{ ...item.idempotency, status: 202, answer: { intakeId: item.inputId, reason } }], new Date(now));
    options.alongside?.(db, [outcome], [item]);
  });
  deps.live?.topic(bound.db.workspaceId, "held");
  return outcome;
}

function standingIn(configs: Configs, config: CompiledConfig): Configs {
  const live = async (): Promise<CompiledConfig> => config;
  return { get: live, recent: live, version: async (db, number) => (number === config.number ? config : configs.version(db, number)) };
}

/** What jsonb cannot hold (NUL, lone surrogates) is kept as base64 of its JSON, so that nothing is lost. */
function storable(value: unknown): unknown {
  const text = JSON.stringify(value);
  return text.includes("\\u0000") || /\\ud[89a-f]/.test(text) ? { base64: Buffer.from(text).toString("base64") } : value;
}

/** One transaction for the whole run, savepoints for its batches, rolled back in the end. */
async function beginDryRun(deps: DoorDeps, bound: BoundDeps): Promise<DryRun> {
  const client = await deps.database.pool.connect();
  await client.query("begin");
  const inside = async (items: readonly Item[]): Promise<Outcome[]> => {
    const pending: Promise<unknown>[] = [];
    const db: Db = { ...bindDb(client, bound.db.workspaceId, pending), unlocked: true };
    await client.query("savepoint batch");
    try {
      const outcomes = await runBatch({ ...bound, db, dealer: ASKING }, items);
      await Promise.all(pending);
      await client.query("release savepoint batch");
      return outcomes;
    } catch (error) {
      await Promise.allSettled(pending);
      await client.query("rollback to savepoint batch");
      if (!isAtFault(error)) throw error;
      if (items.length === 1) return [{ kind: "held", id: (items[0] as Item).inputId, reason: error instanceof Error ? error.message : String(error) }];
      const middle = items.length >> 1;
      return [...(await inside(items.slice(0, middle))), ...(await inside(items.slice(middle)))];
    }
  };
  return {
    submitMany: inside,
    async end() {
      const broken = await client.query("rollback").then(
        () => undefined,
        (error: Error) => error,
      );
      client.release(broken);
    },
  };
}
