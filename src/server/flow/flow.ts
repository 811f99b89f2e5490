/**
 * The flow: a batch of inputs of one workspace goes through `react` in one transaction.
 *
 * In order: keys and configuration are locked, identities resolved, leads locked and read; each lead reacts to its inputs one
 * after another; what they need from outside is answered a round at a time for the whole batch; then everything is written
 * and committed with statements nobody waits for in between. A batch of one costs about four round trips, so does one of 500.
 */
import type { CompiledConfig } from "../../core/config/compile.ts";
import { refusalAt, refusalHeard, unrecorded } from "../../core/access/door.ts";
import type { Answer, Contested, Done, Input, Meta, Need, Refusal, TouchInput } from "../../core/flow/input.ts";
import type { LeadState } from "../../core/flow/state.ts";
import { hashState } from "../../core/flow/hash.ts";
import { react } from "../../core/flow/react.ts";
import { type Former, isUndoable, reverseOf } from "../../core/flow/undo.ts";
import type { Db } from "../db/db.ts";
import type { Configs } from "./configs.ts";
import { answerNeeds, dealsOf } from "./needs.ts";
import { forgetTouchKeys, insertTouchKeys, listLeadRows, listParts, lockLeads } from "./flow.queries.ts";
import type { Item, Outcome } from "./item.ts";
import { settleKeys } from "./idempotency.ts";
import { type Resolution, resolveTargets } from "./resolve.ts";
import { assembleLeads } from "./rows.ts";
import type { Dealer } from "./turns.ts";
import {
  type AnswerToKeep,
  type IntakeRow,
  intakeOf,
  type Passage,
  type Step,
  writeAnswers,
  writeIntake,
  writePassages,
  writeSources,
} from "./write.queries.ts";

export type FlowDeps = { readonly db: Db; readonly configs: Configs; readonly now: () => number; readonly sources: Set<string> };

/** Inside a transaction, which also says how pools deal. */
export type BatchDeps = FlowDeps & { readonly dealer: Dealer };

/** The reaction itself failed: this one input is to be held, the others may go on. */
export class PoisonError extends Error {
  readonly item: Item;
  constructor(item: Item, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.item = item;
  }
}

/** Runs a batch inside the transaction of `deps.db`. Outcomes stand in the order of the items. */
export async function runBatch(deps: BatchDeps, items: readonly Item[]): Promise<Outcome[]> {
  const { db } = deps;
  const now = deps.now();
  const outcomes: (Outcome | undefined)[] = items.map(() => undefined);
  const open = await settleKeys(deps, items, outcomes);
  const [{ config: number, targets }, freshTouches] = await Promise.all([resolveTargets(db, items, open), newTouchKeys(db, items, open, now)]);
  const config = await deps.configs.version(db, number);
  const leadIds = [...new Set(targets.flatMap((target) => (target !== null && !target.isNew ? [target.leadId] : [])))];
  const leads = await loadLeads(db, leadIds);
  const runs = passagesOf({ items, targets, leads, fresh: freshTouches, config, now }, outcomes);
  const waiting = letReact(config, now, runs);
  const done = runs.filter((run) => !waiting.some((waiter) => waiter.run === run));
  // Before pools are asked what is decided is written: they stay locked until COMMIT, and every other batch waits for them.
  const early = waiting.length > 0 && done.length >= WORTH_WRITING_EARLY && !knowsTurns(deps.dealer, waiting) ? done : [];
  writeRuns(deps, config, now, early, outcomes);
  await answerAll(db, deps.dealer, waiting, now);
  writeRuns(deps, config, now, early.length === 0 ? runs : waiting.map(({ run }) => run), outcomes);
  finish(deps, config, now, items, runs, outcomes);
  return outcomes as Outcome[];
}

/** Locks and reads leads with all that belongs to them. */
export async function loadLeads(db: Db, ids: readonly string[]): Promise<ReadonlyMap<string, LeadState>> {
  if (ids.length === 0) return new Map();
  lockLeads(db, ids);
  const [rows, parts] = await Promise.all([listLeadRows(db, ids), listParts(db, ids)]);
  return assembleLeads(rows, parts);
}

async function newTouchKeys(db: Db, items: readonly Item[], open: readonly number[], now: number): Promise<ReadonlySet<string> | null> {
  const keys = open.flatMap((i) => touchKeysOf((items[i] as Item).input));
  return keys.length === 0 ? null : insertTouchKeys(db, keys, new Date(now));
}

function touchesOf(input: Input): readonly TouchInput[] {
  return input.kind === "touches" || input.kind === "capture" ? input.touches : [];
}

function touchKeysOf(input: Input): readonly string[] {
  return touchesOf(input).flatMap(({ key }) => (key === undefined || key === null ? [] : [key]));
}

/** One lead's inputs of this batch and how far they have come. */
type Run = {
  readonly leadId: string;
  before: LeadState | null;
  state: LeadState | null;
  readonly turns: Turn[];
  readonly steps: Step[];
};

type Turn = {
  readonly places: readonly number[];
  readonly item: Item;
  readonly input: Input;
  readonly contested: readonly Contested[];
  readonly claims: Passage["claims"];
  result: Done | Refusal | null;
};

type Batch = {
  readonly items: readonly Item[];
  readonly targets: Resolution["targets"];
  readonly leads: ReadonlyMap<string, LeadState>;
  readonly fresh: ReadonlySet<string> | null;
  readonly config: CompiledConfig;
  readonly now: number;
};

/** Groups inputs by lead, in order; touches that follow one another are folded into one turn. */
function passagesOf({ items, targets, leads, fresh, config, now }: Batch, outcomes: (Outcome | undefined)[]): Run[] {
  const runs = new Map<string, Run>();
  const seen = new Set<string>();
  targets.forEach((target, i) => {
    if (outcomes[i] !== undefined) return;
    const item = items[i] as Item;
    const state = target === null ? undefined : leads.get(target.leadId);
    if (target === null || (!target.isNew && state === undefined && !runs.has(target.leadId))) {
      outcomes[i] = notFound(item);
      return;
    }
    if (target.taken.length > 0) {
      outcomes[i] = refusalOf(config, item, state ?? null) ?? takenBy(target.taken, item.bearer);
      return;
    }
    let run = runs.get(target.leadId);
    if (run === undefined) {
      run = { leadId: target.leadId, before: state ?? null, state: state ?? null, turns: [], steps: [] };
      runs.set(target.leadId, run);
    }
    const input = withoutKnownTouches(item.input, fresh, seen);
    if (item.input.kind === "timer" && !item.input.purposes.some((purpose) => (run.state?.timers[purpose] ?? Number.POSITIVE_INFINITY) <= now)) return;
    const last = run.turns.at(-1);
    if (last !== undefined && last.input.kind === "touches" && input.kind === "touches" && target.contested.length === 0 && sameBearer(last.item, item)) {
      run.turns[run.turns.length - 1] = {
        ...last,
        places: [...last.places, i],
        input: { ...last.input, touches: [...last.input.touches, ...input.touches] },
        claims: [...last.claims, ...target.claims],
      };
    } else {
      run.turns.push({ places: [i], item, input, contested: target.contested, claims: target.claims, result: null });
    }
  });
  return [...runs.values()];
}

/** A touch whose id came before does not count again. */
function withoutKnownTouches(input: Input, fresh: ReadonlySet<string> | null, seen: Set<string>): Input {
  if (fresh === null || (input.kind !== "touches" && input.kind !== "capture")) return input;
  const touches = input.touches.filter(({ key }) => {
    if (key === undefined || key === null) return true;
    if (!fresh.has(key) || seen.has(key)) return false;
    seen.add(key);
    return true;
  });
  return touches.length === input.touches.length ? input : { ...input, touches };
}

function notFound(item: Item): Refusal {
  const { target } = item;
  const what = target.by === "keys" ? "lead" : target.by;
  const refusal: Refusal = {
    kind: "refused",
    status: 404,
    type: "not-found",
    detail: `There is no ${what} ${target.by === "keys" ? "" : target.id}.`,
    errors: [],
  };
  // Whoever does not see everything is refused alike whether a lead is not there or out of sight: nothing is kept of either.
  return (item.bearer?.sees ?? "all") === "all" ? refusal : unrecorded(refusal);
}

const FIELD_OF: Readonly<Record<string, string>> = { email: "email", phone: "phone", external: "externalId" };

/** Touches are folded only for one and the same person: his rights decide for all of a turn. */
function sameBearer(a: Item, b: Item): boolean {
  return a.bearer?.userId === b.bearer?.userId && a.bearer?.role === b.bearer?.role && a.bearer?.sees === b.bearer?.sees;
}

/** Asked under the lead's lock, of the lead as it stands when its turn comes. */
function refusalOf({ config }: CompiledConfig, item: Item, state: LeadState | null): Refusal | null {
  return refusalAt(config, item.bearer, item.input.kind, state, () => notFound(item));
}

/** Whose it is stays unsaid to those who may not see every lead. */
function takenBy(taken: readonly Contested[], bearer: Item["bearer"]): Refusal {
  const message = (leadId: string): string => ((bearer?.sees ?? "all") === "all" ? `belongs to lead ${leadId}` : "belongs to another lead");
  const errors = taken.map(({ kind, leadId }) => ({ path: FIELD_OF[kind] ?? kind, message: message(leadId) }));
  return { kind: "refused", status: 422, type: "identity-taken", detail: "Another lead is known by this already. Nothing was written.", errors };
}

/** Fewer leads than this are written together with the others; the statements would cost more than the wait. */
const WORTH_WRITING_EARLY = 6;

type Waiting = { readonly run: Run; readonly program: Generator<Need, void, Answer>; readonly need: Need };

/** Lets all leads react; answers those that need an answer first. */
function letReact(config: CompiledConfig, now: number, runs: readonly Run[]): readonly Waiting[] {
  return runs.flatMap((run): readonly Waiting[] => {
    const program = reactInTurn(config, now, run);
    const step = program.next();
    return step.done === true ? [] : [{ run, program, need: step.value }];
  });
}

function knowsTurns(dealer: Dealer, waiting: readonly Waiting[]): boolean {
  return dealer.knows(dealsOf(waiting.map(({ need }) => need)).deals);
}

/** Answers needs, a round at a time for all that wait, until nobody waits. */
async function answerAll(db: Db, dealer: Dealer, first: readonly Waiting[], now: number): Promise<void> {
  let waiting = first;
  while (waiting.length > 0) {
    const answers = await answerNeeds(
      db,
      dealer,
      waiting.map(({ need }) => need),
      now,
    );
    waiting = waiting.flatMap((waiter, i): readonly Waiting[] => {
      const answer = answers[i];
      if (answer === null || answer === undefined) return [waiter];
      const step = waiter.program.next(answer);
      return step.done === true ? [] : [{ ...waiter, need: step.value }];
    });
  }
}

function* reactInTurn(config: CompiledConfig, now: number, run: Run): Generator<Need, void, Answer> {
  for (const turn of run.turns) {
    const { item, input, contested } = turn;
    turn.result = refusalOf(config, item, run.state);
    if (turn.result !== null) continue;
    if (input.kind === "touches" && input.touches.length === 0 && run.state !== null) continue;
    const meta: Meta = { leadId: run.leadId, inputId: item.inputId, now, actor: item.actor, contested };
    const answers: Answer[] = [];
    const program = react(config, run.state, input, meta);
    let step: IteratorResult<Need, Done | Refusal>;
    try {
      step = program.next();
      while (step.done !== true) {
        const answer = withSteps(yield step.value, step.value, run.steps);
        answers.push(answer);
        step = program.next(answer);
      }
    } catch (error) {
      throw new PoisonError(item, error);
    }
    turn.result =
      step.value.kind === "refused" ? refusalHeard(config.config, item.bearer, input.kind, run.state, step.value, () => notFound(item)) : step.value;
    if (step.value.kind === "refused") continue;
    const { state, facts, touches, companies, effects, notes, undoes, created } = step.value;
    const reverse = run.state !== null && isUndoable(input.kind) ? reverseOf(run.state, state) : null;
    run.state = state;
    run.steps.push({
      number: state.number,
      inputId: item.inputId,
      actor: item.actor,
      input,
      answers,
      contested,
      facts,
      touches,
      companies,
      effects,
      notes,
      undoes,
      version: state.version,
      reverse,
      at: now,
      creates: created > 0,
      hash: hashState(state),
    });
  }
}

/** What the database answered, and what this batch has decided about the lead without having written it yet: two people at once are often in one batch. */
function withSteps(answer: Answer, need: Need, steps: readonly Step[]): Answer {
  if (answer.kind === "changedSince" && need.kind === "changedSince") {
    const facts = steps.filter((step) => step.version > need.version).flatMap((step) => step.facts.filter(({ type }) => type === "lead.updated"));
    return { ...answer, fields: [...new Set([...answer.fields, ...facts.flatMap(({ data }) => Object.keys(data["changes"] as object))])] };
  }
  if (answer.kind !== "former" || need.kind !== "former") return answer;
  const made = steps.find((step) => step.number === need.number);
  const former: Former | null =
    made === undefined ? answer.former : { kind: made.input.kind, actor: made.actor, at: made.at, reverse: made.reverse, since: null, linked: false };
  const since = steps.filter((step) => step.number > need.number).flatMap((step) => step.facts.filter(({ type }) => type !== "lead.scored"))[0];
  return { kind: "former", former: former === null ? null : { ...former, since: former.since ?? since?.type ?? null } };
}

/** Writes what was decided about some leads and fills in the outcomes of their inputs. */
function writeRuns(deps: FlowDeps, config: CompiledConfig, now: number, runs: readonly Run[], outcomes: (Outcome | undefined)[]): void {
  if (runs.length === 0) return;
  const intake: IntakeRow[] = [];
  const passages: Passage[] = [];
  for (const { leadId, before, state, turns, steps } of runs) {
    for (const turn of turns) {
      for (const place of turn.places) outcomes[place] ??= outcomeOf(turn, state, config);
      if (turn.result?.kind === "refused" && turn.result.unrecorded !== true) intake.push(refusedRow(turn.item, leadId, turn.result));
      if (turn.result?.kind === "refused" && turn.result.unrecorded === true) forgetTouchKeys(deps.db, touchKeysOf(turn.input));
    }
    if (steps.length === 0 || state === null) continue;
    const claims = distinct(turns.flatMap((turn) => (turn.result?.kind === "done" ? turn.claims : [])));
    passages.push({ before, after: state, steps, claims });
    for (const step of steps) {
      const row = intakeOf(leadId, step);
      if (row !== null) intake.push(row);
    }
  }
  writeIntake(deps.db, config.number, now, intake);
  writePassages(deps.db, config, now, passages);
  const sources = new Set(
    runs.flatMap(({ state }) => (state === null || state.source === null || deps.sources.has(`${deps.db.workspaceId} ${state.source}`) ? [] : [state.source])),
  );
  if (sources.size > 0) writeSources(deps.db, [...sources], new Date(now));
}

/** Fills in what no lead answered, and keeps refusals and answers of idempotency keys. */
function finish(deps: FlowDeps, config: CompiledConfig, now: number, items: readonly Item[], runs: readonly Run[], outcomes: (Outcome | undefined)[]): void {
  const heard = new Set(runs.flatMap(({ turns }) => turns.flatMap(({ places }) => places)));
  const refused: IntakeRow[] = [];
  outcomes.forEach((outcome, i) => {
    const item = items[i] as Item;
    if (outcome?.kind === "refused" && REFUSED_BEFORE.has(outcome.type) && outcome.unrecorded !== true && !heard.has(i))
      refused.push(refusedRow(item, null, outcome));
    if (outcome === undefined) outcomes[i] = notFound(item);
  });
  writeIntake(deps.db, config.number, now, refused);
  const answers = items.flatMap((item, i) => answerToKeep(item, outcomes[i] as Outcome));
  if (answers.length > 0) writeAnswers(deps.db, answers, new Date(now));
}

function distinct(keys: Passage["claims"]): Passage["claims"] {
  const seen = new Map(keys.map((key) => [`${key.kind} ${key.value}`, key]));
  return [...seen.values()];
}

/** Refusals that no reaction gave: the lead is not there, or the identity is another's. Those of idempotency keys are not kept; the first request was. */
const REFUSED_BEFORE: ReadonlySet<string> = new Set(["not-found", "identity-taken"]);

function outcomeOf(turn: Turn, state: LeadState | null, config: CompiledConfig): Outcome {
  if (turn.result?.kind === "refused") return turn.result;
  if (state === null) return notFound(turn.item);
  return { kind: "done", outcome: turn.result?.outcome ?? "unchanged", lead: turn.result?.state ?? state, config, replayed: false };
}

function refusedRow(item: Item, leadId: string | null, refusal: Refusal): IntakeRow {
  return {
    id: item.inputId,
    kind: item.input.kind,
    state: "refused",
    leadId,
    number: null,
    actor: item.actor,
    payload: item.input,
    context: null,
    hash: null,
    reason: refusal.detail,
  };
}

function answerToKeep(item: Item, outcome: Outcome): readonly AnswerToKeep[] {
  if (item.idempotency === null || outcome.kind !== "done" || outcome.replayed) return [];
  return [
    {
      key: item.idempotency.key,
      hash: item.idempotency.hash,
      status: outcome.outcome === "created" ? 201 : 200,
      answer: { outcome: outcome.outcome, leadId: outcome.lead.id },
    },
  ];
}
