/**
 * Lets a story happen: every happening becomes an input of the flow at its own moment, timers fire when they are due, and what
 * a lead has become decides what follows. All of it is one transaction, so that nobody sees half a company, real timers find
 * nothing to do in the past, and a load that is killed leaves nothing.
 */
import type { Input } from "../../../core/flow/input.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { type Random, seeded, seededId } from "../../../core/demo/random.ts";
import { DAY_MS } from "../../../core/time.ts";
import { type Happening, SEED, type Story } from "../../../core/demo/story.ts";
import type { Db } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { runBatch } from "../../flow/flow.ts";
import type { Item, Outcome, Target } from "../../flow/item.ts";
import { transactDealing } from "../../flow/turns.ts";
import { Problem } from "../../problems.ts";
import { planForUnseenRows } from "./demo.queries.ts";
import { createTimeline, type Timeline } from "./timeline.ts";

/** What happens within so much virtual time shares a batch, unless it concerns one lead twice. */
const TOGETHER_MS = 30 * 60_000;
const MOST = 400;
/**
 * Due timers are taken up in rounds, every third night and at the end: as a server does that was away in between. Each round
 * writes its leads once more, and what one transaction has written over and over is slow to find.
 */
const ROUND_MS = 3 * DAY_MS;

/** After so many batches the tables are large enough to plan for once and for all. */
const GROWN = 400;

type Due = Happening | { readonly at: number; readonly kind: "timer"; readonly leadId: string };

/** What is known while the story is told. */
type Telling = {
  readonly story: Story;
  readonly end: number;
  readonly timeline: Timeline<Due>;
  readonly states: Map<string, LeadState>;
  /** When a lead's timers are looked at next. */
  readonly waiting: Map<string, number>;
  readonly leadOf: Map<number, string>;
  readonly planOf: Map<string, number>;
  readonly random: Random;
  readonly actors: ReadonlyMap<string, string>;
};

/** Which input belongs to which lead of the story; a timer belongs to none of its plans. */
type Told = { readonly item: Item; readonly plan: number | null };

export type Progress = (told: number, total: number) => void;

export type TellOptions = {
  readonly end: number;
  /** Who stands behind `website` and `mail`. */
  readonly actors: ReadonlyMap<string, string>;
  readonly onProgress: Progress;
  readonly signal?: AbortSignal | undefined;
  /** Done in the same transaction when all has been told. */
  readonly atLast: (db: Db) => Promise<void>;
};

/** Answers how many inputs there were. */
export async function tellStory(deps: Deps, story: Story, { end, actors, onProgress, signal, atLast }: TellOptions): Promise<number> {
  const telling: Telling = {
    story,
    end,
    timeline: createTimeline(),
    states: new Map(),
    waiting: new Map(),
    leadOf: new Map(),
    planOf: new Map(),
    random: seeded(`${SEED}/ids`),
    actors,
  };
  for (const happening of story.first) telling.timeline.put(happening);
  const first = Math.min(...story.first.map(({ at }) => at));
  return transactDealing({ ...deps, database: deps.flow }, "ask", async (deps) => {
    const db: Db = { ...deps.db, unlocked: true };
    const sources = new Set<string>();
    let inputs = 0;
    let batches = 0;
    await planForUnseenRows(db, "growing");
    for (let batch = gather(telling); batch.length > 0; batch = gather(telling)) {
      if (signal?.aborted === true)
        throw new Problem(503, "unavailable", "Loading the demo was stopped. Nothing of it is left half done; it can be loaded again.");
      const now = batch.at(-1)?.due.at ?? end;
      const told = batch.flatMap(({ due }) => inputsOf(telling, due, now));
      if (told.length === 0) continue;
      const outcomes = await runBatch(
        { db, configs: deps.configs, now: () => now, sources, dealer: deps.dealer },
        told.map(({ item }) => item),
      );
      outcomes.forEach((outcome, i) => follow(telling, told[i] as Told, outcome));
      inputs += told.length;
      if (++batches === GROWN) await planForUnseenRows(db, "grown");
      onProgress(now - first, end - first);
    }
    await atLast(db);
    return inputs;
  });
}

/** The next happenings that may share a batch. */
function gather({ timeline, end, leadOf }: Telling): readonly { readonly due: Due }[] {
  const batch: { readonly due: Due }[] = [];
  const leads = new Set<string>();
  const first = timeline.peek();
  if (first === undefined || first.at > end) return [];
  for (let due = timeline.peek(); due !== undefined && due.at <= Math.min(end, first.at + TOGETHER_MS) && batch.length < MOST; due = timeline.peek()) {
    const whom = due.kind === "timer" ? due.leadId : (leadOf.get(due.plan) ?? `plan ${due.plan}`);
    if (leads.has(whom)) break;
    leads.add(whom);
    batch.push({ due: timeline.take() as Due });
  }
  return batch;
}

function inputsOf(telling: Telling, due: Due, now: number): readonly Told[] {
  const item = (actor: string, input: Input, target: Target): Item => ({
    inputId: seededId(telling.random, now),
    actor: telling.actors.get(actor) ?? actor,
    input,
    target,
    idempotency: null,
    bearer: null,
  });
  switch (due.kind) {
    case "arrives":
      return [{ item: item("website", due.input, { by: "keys", keys: due.keys, only: null }), plan: due.plan }];
    case "timer": {
      const timers = telling.states.get(due.leadId)?.timers ?? {};
      const purposes = Object.keys(timers).filter((purpose) => (timers[purpose] as number) <= now);
      return purposes.length === 0 ? [] : [{ item: item("timer", { kind: "timer", purposes }, { by: "lead", id: due.leadId }), plan: null }];
    }
    case "done": {
      const id = telling.leadOf.get(due.plan);
      const lead = id === undefined ? undefined : telling.states.get(id);
      if (id === undefined || lead === undefined) return [];
      return due.does(lead).map(({ by, input }) => ({ item: item(by, input, { by: "lead", id }), plan: due.plan }));
    }
  }
}

function nextRound(at: number, end: number): number {
  return Math.min(end, Math.ceil(at / ROUND_MS) * ROUND_MS + 1000);
}

/** Remembers what became of a lead, and puts what follows from it on the timeline. */
function follow({ story, end, timeline, states, waiting, leadOf, planOf }: Telling, { item, plan }: Told, outcome: Outcome): void {
  if (outcome.kind !== "done")
    throw new Error(`The demo story met a ${outcome.kind} input (${item.input.kind}): ${outcome.kind === "held" ? outcome.reason : outcome.detail}`);
  const { lead } = outcome;
  const before = states.get(lead.id) ?? null;
  states.set(lead.id, lead);
  if (plan !== null && !leadOf.has(plan)) {
    leadOf.set(plan, lead.id);
    planOf.set(lead.id, plan);
  }
  for (const at of Object.values(lead.timers)) {
    const due = { at: nextRound(at, end), kind: "timer", leadId: lead.id } as const;
    if (at > end || waiting.get(lead.id) === due.at) continue;
    waiting.set(lead.id, due.at);
    timeline.put(due);
  }
  const owner = planOf.get(lead.id);
  if (owner !== undefined) for (const happening of story.next(owner, before, lead)) timeline.put(happening);
}
