/**
 * `react`: the one function through which everything that happens to a lead goes. Live work, imports, replay and tests call
 * it alike.
 *
 * It is a generator because some answers lie outside the lead (whose turn is it in the pool? is there such a company?): it
 * yields what it needs and is resumed with the answer. The caller records the answers, so a replay can give them again.
 */
import type { CompiledConfig } from "../config/compile.ts";
import type { Status } from "../config/config.ts";
import { tellPeople } from "../mail/notices-of.ts";
import { hearOfMail, mailResult, queueMail } from "../mail/outgoing.ts";
import { checkBin, putIntoBin, takeOutOfBin } from "../bin/bin.ts";
import { writeNote } from "../notes/notes.ts";
import { editOpportunity, linkContact, unlinkContact } from "../opportunity/links.ts";
import { addOwnTask, cancelTask, delegateTask, editTask, repeatTask, snoozeTask } from "../process/own-tasks.ts";
import { checkEdit } from "../profile/merge.ts";
import { writeProfile, writeTagChange } from "../profile/profile.ts";
import { convert, importOpportunity, moveOpportunity } from "../opportunity/opportunity.ts";
import { checkWay, enterStage, isBefore, startWorking, stageOf } from "../process/stages.ts";
import { checkForm, chooseResult, createEntryTasks, createFollowers, definitionOf, markDone, openTask } from "../process/tasks.ts";
import { qualify } from "../qualification/qualification.ts";
import { assignByRoute, assignTo } from "../routing/assign.ts";
import { heatOf, nextScoreChange, scoreLead } from "../scoring/scoring.ts";
import { addTouch, facetsOf } from "../scoring/signals.ts";
import { dayOf } from "../time.ts";
import { blankLead, type Draft, note, Refused, refuse, type Work } from "./draft.ts";
import type { Answer, ImportInput, Input, Meta, Need, Reaction, TouchInput, WorkInput } from "./input.ts";
import type { FormAnswers, LeadState } from "./state.ts";
import { subjectOf } from "./subject.ts";
import { undo } from "./undo.ts";

/** How often the trades may wake one another within one input before the reaction is given up. */
export const MAX_ROUNDS = 32;

/** A configuration whose trades wake each other for ever: the input is held, with the circle named. */
export class CycleError extends Error {}

/**
 * @param state the lead as it stands, or null when the input makes a new one
 * @returns the new state with its facts, or a refusal that changes nothing and takes no number
 * @throws CycleError after 32 rounds
 */
export function* react(config: CompiledConfig, state: LeadState | null, input: Input, meta: Meta): Generator<Need, Reaction, Answer> {
  const now = state === null ? meta.now : Math.max(meta.now, state.scores.at);
  const work = begin(config, state, input, now === meta.now ? meta : { ...meta, now });
  try {
    yield* apply(work);
    yield* settle(work);
  } catch (error) {
    if (error instanceof Refused) return error.refusal;
    throw error;
  }
  return finish(work, state);
}

function begin(config: CompiledConfig, state: LeadState | null, input: Input, meta: Meta): Work {
  const capturedAt = ("capturedAt" in input ? input.capturedAt : undefined) ?? meta.now;
  const lead = { ...(state ?? blankLead(meta, Math.min(capturedAt, meta.now))) };
  return {
    config,
    meta,
    input,
    lead,
    isNew: state === null,
    wasResting: state?.resting === true,
    facts: [],
    touches: [],
    companies: [],
    notes: [],
    undoes: null,
    effects: [],
    versioned: false,
    changed: false,
    nextOrdinal: 0,
  };
}

function* apply(work: Work): Generator<Need, void, Answer> {
  const { input } = work;
  checkBin(work);
  for (const { kind, value, leadId } of work.meta.contested) note(work, "lead.duplicateSuspected", { kind, value, other: leadId });
  switch (input.kind) {
    case "capture":
      takeOutOfBin(work, "captured again");
      writeProfile(work, input.patch);
      if (work.isNew) yield* enterStage(work, firstStage(work), { because: "captured", owner: input.owner });
      return takeTouches(work, input.touches);
    case "touches":
      if (work.isNew) {
        writeProfile(work, input.patch ?? {});
        yield* enterStage(work, firstStage(work), { because: "first touch" });
      }
      return takeTouches(work, input.touches);
    case "edit":
      yield* checkEdit(work, input);
      return writeProfile(work, input.patch);
    case "import":
      return yield* applyImport(work, input);
    case "stage":
      return yield* startStage(work, input);
    case "accept":
      return yield* accept(work);
    case "reject":
      return yield* reject(work, input.reason, input.status);
    case "assign":
      wake(work);
      if (input.owner === "route") return yield* assignByRoute(work);
      return assignTo(work, input.owner, input.reason ?? null);
    case "completeTask":
      return yield* completeTask(work, input);
    case "convert":
      return yield* convertByHand(work, input.form, input.name ?? null);
    case "opportunityStage":
      wake(work);
      return yield* moveOpportunity(work, input.opportunityId, input.stage, input.reason ?? null);
    case "timer": {
      const timers = { ...work.lead.timers };
      for (const purpose of input.purposes) delete timers[purpose];
      work.lead.timers = timers;
      return;
    }
    case "sendMail":
      wake(work);
      queueMail(work, input);
      if (input.mail.taskId !== null)
        yield* completeTask(work, { kind: "completeTask", taskId: input.mail.taskId, result: mailResult(work, input.mail.taskId) });
      return;
    case "mailOutcome": {
      const touch = hearOfMail(work, input);
      return touch === null ? undefined : takeTouches(work, [touch]);
    }
    case "look":
      return;
    default:
      return yield* applyWork(work, input);
  }
}

/** What people do to a lead beside moving it. */
function* applyWork(work: Work, input: WorkInput): Generator<Need, void, Answer> {
  switch (input.kind) {
    case "tag":
      return writeTagChange(work, input.add, input.remove);
    case "addTask":
      wake(work);
      return addOwnTask(work, input);
    case "editTask":
      return editTask(work, input);
    case "snoozeTask":
      return snoozeTask(work, input);
    case "delegateTask":
      return delegateTask(work, input);
    case "cancelTask":
      return cancelTask(work, input);
    case "editOpportunity":
      return editOpportunity(work, input);
    case "link":
      return yield* linkContact(work, input);
    case "unlink":
      return unlinkContact(work, input.contactId);
    case "note":
      return yield* writeNote(work, input);
    case "delete":
      return putIntoBin(work, input.reason ?? null);
    case "restore":
      return takeOutOfBin(work, "restored by hand");
    case "undo":
      return yield* undo(work, input.number);
  }
}

function firstStage(work: Work): string {
  return (work.config.config.stages.find((stage) => stage.entry === "capture") ?? stageOf(work.config, "inquiry")).id;
}

/** A touch counts at its own time, but never later than it was received. */
function takeTouches(work: Work, touches: readonly TouchInput[]): void {
  if (touches.length === 0) return;
  const { lead, meta, config } = work;
  wake(work);
  const signals = { ...lead.signals };
  for (const touch of touches) {
    const at = Math.min(touch.at ?? meta.now, meta.now);
    for (const facet of facetsOf(config.config.facets, touch.kind, touch.props)) signals[facet] = addTouch(signals[facet], at);
    work.touches.push({ at, claimedAt: touch.at !== null && touch.at !== at ? touch.at : null, kind: touch.kind, props: touch.props, key: touch.key ?? null });
    if (touch.kind === "call" || touch.kind === "meeting" || (touch.kind === "mailSent" && touch.props?.["oneToOne"] === true))
      if (lead.deletedAt === null) startWorking(work);
  }
  lead.signals = signals;
}

/** A resting lead wakes when a person or a new touch comes to it; one in the bin does not. */
function wake(work: Work): void {
  if (work.lead.deletedAt === null) work.lead.resting = false;
}

function* applyImport(work: Work, input: ImportInput): Generator<Need, void, Answer> {
  const { lead, meta } = work;
  if (work.isNew) {
    lead.resting = input.history;
    lead.importId = input.importId;
  }
  takeOutOfBin(work, "imported again");
  writeProfile(work, input.patch);
  if (input.capturedAt !== undefined && input.capturedAt < lead.capturedAt) {
    lead.capturedAt = input.capturedAt;
    work.changed = true;
  }
  const stage = input.stage ?? (work.isNew ? firstStage(work) : null);
  if (stage !== null && (work.isNew || (lead.passes[stage] ?? 0) === 0)) {
    const at = input.stageAt ?? (work.isNew || input.history ? (input.capturedAt ?? meta.now) : meta.now);
    yield* enterStage(work, stage, { status: input.status, because: "import", at: Math.min(at, meta.now), owner: input.owner });
  } else if (input.status !== undefined && input.status !== lead.status) {
    const def = stageOf(work.config, lead.stage);
    if (def.statuses.includes(input.status)) {
      note(work, "lead.statusChanged", { from: lead.status, to: input.status });
      lead.status = input.status;
      work.versioned = true;
      work.changed = true;
    }
  }
  if (input.owner !== undefined) assignTo(work, input.owner, "import");
  if (input.opportunity !== undefined) yield* importOpportunity(work, input.opportunity, input.history);
}

function* startStage(work: Work, input: Extract<Input, { kind: "stage" }>): Generator<Need, void, Answer> {
  const stage = stageOf(work.config, input.stage);
  checkWay(work, input.stage);
  if (stage.line === "exit" && (input.reason ?? "").trim() === "") {
    throw new Refused(refuse(422, "invalid", `Moving a lead to "${stage.label}" needs a reason.`, [{ path: "reason", message: "is required" }]));
  }
  wake(work);
  yield* enterStage(work, input.stage, { status: input.status, reason: input.reason, because: "started by hand" });
}

function* accept(work: Work): Generator<Need, void, Answer> {
  const { lead, config } = work;
  if (!config.config.acceptance)
    throw new Refused(
      refuse(422, "acceptance-off", "This process has acceptance switched off: a marketing qualified lead is worked at once and there is nothing to accept."),
    );
  const task = lead.tasks.find((candidate) => candidate.key === "accept" && candidate.state === "open");
  if (task !== undefined) return yield* completeTask(work, { kind: "completeTask", taskId: task.id, result: "accept" });
  if (lead.stage !== "mql") throw new Refused(refuse(409, "wrong-stage", `Only a lead at "mql" can be accepted; this one is at "${lead.stage}".`));
  checkWay(work, "sal");
  wake(work);
  yield* enterStage(work, "sal", { because: "accepted" });
}

function* reject(work: Work, reason: string, status: Status | undefined): Generator<Need, void, Answer> {
  const { lead } = work;
  if (reason.trim() === "") throw new Refused(refuse(422, "invalid", "Returning a lead needs a reason.", [{ path: "reason", message: "is required" }]));
  if (!["mql", "sal", "sql"].includes(lead.stage))
    throw new Refused(refuse(409, "wrong-stage", `Only a lead at "mql", "sal" or "sql" can be returned; this one is at "${lead.stage}".`));
  checkWay(work, "rejected");
  wake(work);
  const task = lead.tasks.find((candidate) => candidate.key === "accept" && candidate.state === "open");
  if (task !== undefined) markDone(work, task, "return", null, reason);
  yield* enterStage(work, "rejected", { reason, because: "returned by sales", status });
}

function* completeTask(work: Work, input: Extract<Input, { kind: "completeTask" }>): Generator<Need, void, Answer> {
  const task = openTask(work, input.taskId);
  const def = definitionOf(work, task);
  const result = def === null ? { id: input.result ?? "done", label: "Done", leadsTo: undefined, needsReason: false } : chooseResult(def, input.result);
  const form = input.form ?? null;
  if (def !== null) checkForm(work, def, form);
  if (result.needsReason === true && (input.reason ?? "").trim() === "") {
    throw new Refused(refuse(422, "invalid", `"${result.label}" needs a reason.`, [{ path: "reason", message: "is required" }]));
  }
  wake(work);
  const done = markDone(work, task, result.id, form, input.reason ?? null, input.note ?? null);
  if (input.touch !== undefined) takeTouches(work, [input.touch]);
  takeOwnerFrom(work, form);
  startWorking(work);
  createFollowers(work, done);
  repeatTask(work, done);
  const { leadsTo } = result;
  if (leadsTo === undefined) return;
  if ("convert" in leadsTo) return yield* convert(work, form ?? {}, null);
  // A task that was left open says nothing new about a lead that has come further since.
  if (work.config.order.has(leadsTo.stage) && work.lead.stage !== task.stage && !isBefore(work.config, work.lead.stage, leadsTo.stage)) return;
  yield* enterStage(work, leadsTo.stage, { because: task.title, reason: input.reason });
}

/** Owner and team named in a form take the lead over. */
function takeOwnerFrom(work: Work, form: FormAnswers | null): void {
  const owner = form?.["owner"];
  if (typeof owner === "string" && owner !== "") assignTo(work, owner, "named in the form");
  const team = form?.["assigneesGroup"];
  if (typeof team === "string" && team !== "" && team !== work.lead.team) {
    work.lead.team = team;
    work.versioned = true;
  }
}

function* convertByHand(work: Work, form: FormAnswers, name: string | null): Generator<Need, void, Answer> {
  const def = work.config.tasks.find((candidate) => candidate.key === "convert");
  checkForm(work, { title: "Convert to opportunity", form: def?.form }, form);
  wake(work);
  const task = work.lead.tasks.find((candidate) => candidate.key === "convert" && candidate.state === "open");
  if (task !== undefined) markDone(work, task, "done", form, null);
  yield* convert(work, form, name);
}

/** Scores and qualifies until nothing moves any more, then sets the timer. */
function* settle(work: Work): Generator<Need, void, Answer> {
  const { config, lead, meta } = work;
  for (let round = 0; ; round++) {
    if (round === MAX_ROUNDS)
      throw new CycleError(`after ${MAX_ROUNDS} rounds the lead still moved, last to "${lead.stage}" with ${lead.scores.total / 100} points`);
    rescore(config, lead, meta.now);
    if (isQuiet(lead) || !(yield* qualify(work))) break;
  }
  if (work.wasResting && !isQuiet(lead)) yield* takeUp(work);
  setScoreTimer(config, lead, meta.now);
}

/** Nothing acts on a lead that rests or is in the bin. */
function isQuiet(lead: Pick<LeadState, "resting" | "deletedAt">): boolean {
  return lead.resting || lead.deletedAt !== null;
}

/** A lead that wakes at a stage gets what everybody gets on entering it: an owner and its next steps. */
function* takeUp(work: Work): Generator<Need, void, Answer> {
  const { lead, config } = work;
  const pass = lead.passes[lead.stage];
  if (lead.tasks.some((task) => task.stage === lead.stage && task.pass === pass)) return;
  if (lead.ownerId === null && config.config.routing.at.includes(lead.stage)) yield* assignByRoute(work);
  createEntryTasks(work);
}

function rescore(config: CompiledConfig, lead: Draft, now: number): void {
  lead.scores = scoreLead(config.model, config.number, lead, now);
  lead.heat = heatOf(config.config.model, lead, lead.scores.engagement, dayOf(now));
}

function setScoreTimer(config: CompiledConfig, lead: Draft, now: number): void {
  const due = isQuiet(lead) ? null : nextScoreChange(config.model, lead, now, config.bounds, config.watched);
  if (lead.timers["score"] === (due ?? undefined)) return;
  const { score: _was, ...others } = lead.timers;
  lead.timers = due === null ? others : { ...others, score: due };
}

/**
 * Scores a lead anew under a configuration, when that is all there is to do: it takes a number, but nothing else about it
 * changes. Null when a definition would answer differently; then the lead must `react` to a look.
 */
export function rescoreOnly(config: CompiledConfig, state: LeadState, now: number): LeadState | null {
  const lead: Draft = { ...state, number: state.number + 1 };
  const at = Math.max(now, state.scores.at);
  rescore(config, lead, at);
  if (
    !isQuiet(lead) &&
    config.definitions.some((definition) => definition.moves && definition.when(subjectOf(lead), at) !== lead.met.includes(definition.stage))
  )
    return null;
  setScoreTimer(config, lead, at);
  return lead;
}

function finish(work: Work, before: LeadState | null): Reaction {
  const { lead, meta } = work;
  if (before === null) tellFirstScore(work);
  else if (Math.trunc(before.scores.total / 100) !== Math.trunc(lead.scores.total / 100))
    note(work, "lead.scored", { from: before.scores.total / 100, to: lead.scores.total / 100 });
  if (before === null || lead.tasks !== before.tasks) lead.tasks = [...lead.tasks].sort(byCreation);
  if (before === null || lead.opportunities !== before.opportunities) lead.opportunities = [...lead.opportunities].sort(byCreation);
  if (before === null || lead.contacts !== before.contacts) lead.contacts = [...lead.contacts].sort(byCreation);
  lead.number++;
  if (work.versioned) lead.version++;
  if (work.changed) lead.updatedAt = meta.now;
  tellPeople(work, before);
  const outcome = before === null ? "created" : work.changed || work.touches.length > 0 ? "updated" : "unchanged";
  return {
    kind: "done",
    outcome,
    state: lead,
    facts: work.facts,
    touches: work.touches,
    companies: work.companies,
    notes: work.notes,
    undoes: work.undoes,
    effects: work.effects,
    created: work.nextOrdinal,
  };
}

/** The first score stands in the fact that made the lead. */
function tellFirstScore({ facts, lead }: Work): void {
  const made = facts.findIndex((fact) => fact.type === "lead.created");
  const fact = facts[made];
  if (fact !== undefined) facts[made] = { ...fact, data: { ...fact.data, score: lead.scores.total / 100 } };
}

/** The order in which parts of a lead stand, whoever puts them together. */
export function byCreation(a: { readonly id: string; readonly createdAt: number }, b: { readonly id: string; readonly createdAt: number }): number {
  return a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1);
}
