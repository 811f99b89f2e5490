/**
 * Entering a stage, whoever asks for it: the status that is legal there, the pass it opens, the owner it needs, the tasks
 * it brings. Every entry is a fact; the stage chain of a lead is the row of those facts.
 */
import { type CompiledConfig, stageHidden } from "../config/compile.ts";
import type { StageDef, Status } from "../config/config.ts";
import { note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, Need } from "../flow/input.ts";
import { subjectOf } from "../flow/subject.ts";
import { assignByRoute, assignTo } from "../routing/assign.ts";
import { closeOpenTasks, createEntryTasks } from "./tasks.ts";

export type Entry = {
  readonly status?: Status | undefined;
  readonly reason?: string | undefined;
  /** When it happened, if that is not now: imported history. */
  readonly at?: number | undefined;
  /** Who owns the lead from here on; nobody is dealt then. */
  readonly owner?: string | undefined;
  /** What moved the lead: a definition, a task, a person. */
  readonly because: string;
};

/** Moves the lead into a stage. A resting lead gets no owner and no tasks. */
export function* enterStage(work: Work, stageId: string, entry: Entry): Generator<Need, void, Answer> {
  const { lead, config } = work;
  const stage = stageOf(config, stageId);
  const status = statusFor(stage, entry.status);
  const from = lead.stage === "" ? null : lead.stage;
  const at = entry.at ?? work.meta.now;
  const pass = (lead.passes[stageId] ?? 0) + 1;
  const outOfOrder = from !== null && at < lead.stageAt;
  const definition = config.definitions.find((candidate) => candidate.stage === stageId);
  const gate = definition === undefined || lead.resting ? {} : { definition: definition.version, met: definition.when(subjectOf(lead), work.meta.now) };
  lead.stage = stageId;
  lead.status = status;
  lead.stageAt = at;
  lead.passes = { ...lead.passes, [stageId]: pass };
  work.versioned = true;
  work.changed = true;
  const data = {
    from,
    to: stageId,
    pass,
    status,
    because: entry.because,
    ...gate,
    ...(entry.reason === undefined ? {} : { reason: entry.reason }),
    ...(outOfOrder ? { outOfOrder } : {}),
  };
  note(work, from === null ? "lead.created" : "stage.entered", data, at, stageId);
  if (entry.owner !== undefined) assignTo(work, entry.owner, entry.because);
  if (lead.resting) return;
  if (pass > 1 || stage.line === "exit") closeOpenTasks(work, stage.line === "exit" ? "cancelled" : "superseded");
  if (lead.ownerId === null && config.config.routing.at.includes(stageId)) yield* assignByRoute(work);
  createEntryTasks(work);
}

/** The stage, or a refusal that lists the ones there are. */
export function stageOf(config: CompiledConfig, id: string): StageDef {
  const stage = config.stages.get(id);
  if (stage !== undefined && !stageHidden(config.config, stage)) return stage;
  const known = config.config.stages.filter((candidate) => !stageHidden(config.config, candidate)).map((candidate) => candidate.id);
  const hidden = stage === undefined ? `There is no stage "${id}".` : `Stage "${id}" is hidden while acceptance is switched off.`;
  throw new Refused(refuse(422, "invalid", `${hidden} The stages are ${known.join(", ")}.`, [{ path: "stage", message: "is not a stage of this workspace" }]));
}

/** Refuses a move by hand that the stage does not allow, and says which it does. */
export function checkWay({ lead, config }: Work, to: string): void {
  const stage = config.stages.get(lead.stage);
  if (stage?.next === undefined || to === lead.stage || stage.next.includes(to)) return;
  const labels = stage.next.map((id) => `"${config.stages.get(id)?.label ?? id}"`);
  const ways = labels.length === 0 ? "People move no lead on from there." : `From there it may go to ${labels.join(", ")}.`;
  throw new Refused(
    refuse(409, "way-closed", `A lead at "${stage.label}" may not be moved to "${config.stages.get(to)?.label ?? to}" by hand. ${ways}`, [
      { path: "stage", message: `is not among the stages that follow ${lead.stage}` },
    ]),
  );
}

function statusFor(stage: StageDef, wanted: Status | undefined): Status {
  if (wanted === undefined) {
    const fresh = stage.entry === "capture" || stage.entry === "definition";
    return stage.statuses.includes("working") && !fresh ? "working" : (stage.statuses[0] as Status);
  }
  if (stage.statuses.includes(wanted)) return wanted;
  throw new Refused(
    refuse(422, "invalid", `A lead in "${stage.id}" is ${stage.statuses.join(" or ")}, not ${wanted}.`, [
      { path: "status", message: `is not legal in stage ${stage.id}` },
    ]),
  );
}

/** A lead that somebody works on is no longer new. */
export function startWorking(work: Work): void {
  if (work.lead.status !== "new") return;
  const stage = work.config.stages.get(work.lead.stage);
  if (stage === undefined || !stage.statuses.includes("working")) return;
  work.lead.status = "working";
  work.versioned = true;
  work.changed = true;
  note(work, "lead.statusChanged", { from: "new", to: "working" });
}

/** Whether `stage` lies before `other` on the main line; exits lie before everything. */
export function isBefore(config: CompiledConfig, stage: string, other: string): boolean {
  return (config.order.get(stage) ?? -1) < (config.order.get(other) ?? -1);
}
