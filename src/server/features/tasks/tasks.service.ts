/** Next steps: what is done to one. Those of a lead go through the flow; reminders without a lead are written by themselves. */
import type { Repeat } from "../../../core/calendar/repeat.ts";
import type { Input, TouchInput } from "../../../core/flow/input.ts";
import type { FormAnswers, Task } from "../../../core/flow/state.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import type { Outcome } from "../../flow/item.ts";
import { invalid, notFound } from "../../problems.ts";
import { leadOf } from "../leads/lead-read.service.ts";
import { type Idempotency, idOf, named, problemOf, submit, undoOf } from "../leads/write.service.ts";
import * as reminders from "./reminders.service.ts";
import { rowOfTask, type TaskItem, taskItem } from "./task-rows.ts";
import { findReminder, getZone } from "./tasks.queries.ts";

export type TaskWrite =
  | {
      readonly outcome: "created" | "updated" | "unchanged";
      readonly task: TaskItem;
      readonly lead: ReturnType<typeof leadOf> | null;
      readonly undo: number | null;
      readonly next: TaskItem | null;
    }
  | { readonly outcome: "held"; readonly intakeId: string };

/** What a caller says of a repetition; the zone is the workspace's. */
export type RepeatInput = Omit<Repeat, "zone">;

export type Completion = {
  readonly result?: string | undefined;
  readonly reason?: string | undefined;
  readonly form?: FormAnswers | undefined;
  readonly note?: string | undefined;
  readonly touch?: TouchInput | undefined;
};

export async function completeTask(deps: Deps, id: string, completion: Completion, idempotency: Idempotency): Promise<TaskWrite> {
  if (await isReminder(deps, id)) return reminders.completeReminder(deps, id.toLowerCase(), completion.result ?? "done", idempotency);
  return onTask(deps, id, { kind: "completeTask", taskId: id.toLowerCase(), ...completion }, idempotency);
}

export async function snoozeTask(
  deps: Deps,
  id: string,
  { until, reason }: { readonly until: number; readonly reason?: string | undefined },
  idempotency: Idempotency,
): Promise<TaskWrite> {
  if (until <= deps.now())
    throw invalid("A next step is put off to a moment to come. Nothing was written.", [{ path: "until", message: "must be in the future" }]);
  if (await isReminder(deps, id)) return reminders.changeReminder(deps, id.toLowerCase(), { dueAt: until }, idempotency);
  return onTask(deps, id, { kind: "snoozeTask", taskId: id.toLowerCase(), until, reason }, idempotency);
}

export async function delegateTask(
  deps: Deps,
  id: string,
  { owner, reason }: { readonly owner: string; readonly reason?: string | undefined },
  idempotency: Idempotency,
): Promise<TaskWrite> {
  if (await isReminder(deps, id)) return reminders.changeReminder(deps, id.toLowerCase(), { owner: owner.toLowerCase() }, idempotency);
  return onTask(deps, id, { kind: "delegateTask", taskId: id.toLowerCase(), owner: owner.toLowerCase(), reason }, idempotency);
}

export async function cancelTask(deps: Deps, id: string, reason: string | undefined, idempotency: Idempotency): Promise<TaskWrite> {
  if (await isReminder(deps, id)) return reminders.changeReminder(deps, id.toLowerCase(), { state: "cancelled" }, idempotency);
  return onTask(deps, id, { kind: "cancelTask", taskId: id.toLowerCase(), reason }, idempotency);
}

export type OwnTask = {
  readonly title: string;
  readonly kind: string;
  readonly dueAt: number;
  readonly lead?: string | undefined;
  readonly owner?: string | undefined;
  readonly note?: string | undefined;
  readonly repeat?: RepeatInput | undefined;
};

/** @throws Problem 422 when nobody can be told whose it is */
export async function createTask(deps: Deps, task: OwnTask, idempotency: Idempotency): Promise<TaskWrite> {
  const { title, kind, dueAt, note } = task;
  const owner = task.owner === undefined || task.owner === "me" ? deps.viewer.userId : task.owner.toLowerCase();
  const repeat = task.repeat === undefined ? undefined : await zoned(deps, task.repeat);
  if (task.lead === undefined) return reminders.createReminder(deps, { title, kind, dueAt, owner, note, repeat }, idempotency);
  const outcome = await submit(deps, { kind: "addTask", title, taskKind: kind, dueAt, owner, note, repeat }, named("lead", task.lead), idempotency);
  return taskWrite(deps, outcome, (tasks) => tasks.findLast((candidate) => candidate.own === true && candidate.title === title), "created");
}

export type OwnTaskEdit = {
  readonly title?: string | undefined;
  readonly kind?: string | undefined;
  readonly dueAt?: number | undefined;
  readonly note?: string | null | undefined;
  readonly repeat?: RepeatInput | null | undefined;
};

export async function editTask(deps: Deps, id: string, edit: OwnTaskEdit, idempotency: Idempotency): Promise<TaskWrite> {
  const repeat = edit.repeat === undefined || edit.repeat === null ? edit.repeat : await zoned(deps, edit.repeat);
  if (await isReminder(deps, id)) return reminders.changeReminder(deps, id.toLowerCase(), { ...edit, repeat }, idempotency);
  const { title, kind, dueAt, note } = edit;
  return onTask(deps, id, { kind: "editTask", taskId: id.toLowerCase(), title, taskKind: kind, dueAt, note, repeat }, idempotency);
}

async function zoned({ db }: Deps, repeat: RepeatInput): Promise<Repeat> {
  return { ...repeat, zone: await getZone(db) };
}

async function isReminder({ db, viewer }: Deps, id: string): Promise<boolean> {
  const known = id.toLowerCase();
  return isUuid(known) && (await findReminder(db, known, viewer.userId)) !== null;
}

async function onTask(deps: Deps, id: string, input: Input, idempotency: Idempotency): Promise<TaskWrite> {
  const taskId = idOf("task", id);
  const outcome = await submit(deps, input, named("task", id), idempotency);
  return taskWrite(deps, outcome, (tasks) => tasks.find((task) => task.id === taskId), undefined, input);
}

function taskWrite(
  deps: Deps,
  outcome: Outcome,
  pick: (tasks: readonly Task[]) => Task | undefined,
  said?: "created",
  input: Input = { kind: "addTask", title: "", taskKind: "", dueAt: 0, owner: null },
): TaskWrite {
  if (outcome.kind === "held") return { outcome: "held", intakeId: outcome.id };
  if (outcome.kind === "refused") throw problemOf(outcome);
  const { lead, config } = outcome;
  const task = pick(lead.tasks);
  if (task === undefined) throw notFound("task", "of this lead: it was taken back");
  const next =
    task.repeat === undefined || task.state !== "done"
      ? undefined
      : lead.tasks.find((other) => other.own === true && other.state === "open" && other.title === task.title && other.createdAt === task.doneAt);
  const item = (one: Task): TaskItem => taskItem(rowOfTask(one, lead), config, deps.now());
  return {
    outcome: said ?? outcome.outcome,
    task: item(task),
    lead: leadOf(lead, config),
    undo: undoOf(outcome, input),
    next: next === undefined ? null : item(next),
  };
}
