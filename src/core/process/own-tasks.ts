/** Tasks and reminders that people make themselves, and what may be done to any task beside completing it. */
import { nextDue, type Repeat } from "../calendar/repeat.ts";
import { added, newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Input } from "../flow/input.ts";
import type { Task } from "../flow/state.ts";
import { openTask } from "./tasks.ts";

/** The key of every task that people make; tasks of the process have the keys of their definitions. */
export const OWN = "own";

export function addOwnTask(work: Work, input: Extract<Input, { kind: "addTask" }>): void {
  const { lead, meta, config } = work;
  checkUser(work, input.owner);
  const task: Task = {
    id: newId(work),
    key: OWN,
    kind: input.taskKind,
    title: input.title,
    stage: lead.stage,
    pass: lead.passes[lead.stage] ?? 1,
    state: "open",
    ownerId: input.owner ?? lead.ownerId ?? config.config.routing.fallback.responsible,
    processConfig: config.number,
    dueAt: input.dueAt,
    createdAt: meta.now,
    doneAt: null,
    doneBy: null,
    result: null,
    form: null,
    own: true,
    ...(input.note === undefined ? {} : { note: input.note }),
    ...(input.repeat === undefined ? {} : { repeat: input.repeat }),
  };
  lead.tasks = added(lead.tasks, task);
  work.changed = true;
  note(work, "task.added", { task: task.id, title: task.title, kind: task.kind, due: task.dueAt, owner: task.ownerId });
}

/** A repeating task that is done brings the next one; its rule ends with its last day. */
export function repeatTask(work: Work, done: Task): void {
  if (done.repeat === undefined) return;
  const dueAt = nextDue(done.repeat, done.dueAt, work.meta.now);
  if (dueAt === null) return;
  const { lead, meta } = work;
  const { id: _, ...same } = done;
  const next: Task = { ...same, id: newId(work), state: "open", dueAt, createdAt: meta.now, doneAt: null, doneBy: null, result: null, form: null };
  lead.tasks = added(lead.tasks, next);
  note(work, "task.added", { task: next.id, title: next.title, kind: next.kind, due: dueAt, owner: next.ownerId, repeats: done.id });
}

export function snoozeTask(work: Work, { taskId, until, reason }: Extract<Input, { kind: "snoozeTask" }>): void {
  const task = openTask(work, taskId);
  if (task.dueAt === until) return;
  replace(work, { ...task, dueAt: until });
  note(work, "task.snoozed", { task: task.id, title: task.title, from: task.dueAt, to: until, ...(reason === undefined ? {} : { reason }) });
}

export function delegateTask(work: Work, { taskId, owner, reason }: Extract<Input, { kind: "delegateTask" }>): void {
  const task = openTask(work, taskId);
  checkUser(work, owner);
  if (task.ownerId === owner) return;
  replace(work, { ...task, ownerId: owner, delegated: true });
  note(work, "task.delegated", { task: task.id, title: task.title, from: task.ownerId, to: owner, ...(reason === undefined ? {} : { reason }) });
}

export function cancelTask(work: Work, { taskId, reason }: Extract<Input, { kind: "cancelTask" }>): void {
  const task = ownTask(work, taskId, "cancelled: complete it, or move the lead");
  replace(work, { ...task, state: "cancelled", doneAt: work.meta.now, doneBy: work.meta.actor });
  note(work, "task.cancelled", { task: task.id, title: task.title, ...(reason === undefined ? {} : { reason }) });
}

export function editTask(work: Work, input: Extract<Input, { kind: "editTask" }>): void {
  const notesOnly = input.title === undefined && input.taskKind === undefined && input.dueAt === undefined && input.repeat === undefined;
  const task = notesOnly
    ? openTask(work, input.taskId)
    : ownTask(work, input.taskId, "rewritten; its note can be, and it can be snoozed, delegated and completed");
  const { note: _note, repeat: _repeat, ...rest } = task;
  const text = input.note === undefined ? task.note : (input.note ?? undefined);
  const repeat: Repeat | undefined = input.repeat === undefined ? task.repeat : (input.repeat ?? undefined);
  const next: Task = {
    ...rest,
    title: input.title ?? task.title,
    kind: input.taskKind ?? task.kind,
    dueAt: input.dueAt ?? task.dueAt,
    ...(text === undefined ? {} : { note: text }),
    ...(repeat === undefined ? {} : { repeat }),
  };
  const changes = Object.fromEntries(
    (["title", "kind", "dueAt", "note", "repeat"] as const).flatMap((key) =>
      same(task[key], next[key]) ? [] : [[key === "dueAt" ? "due" : key, [task[key] ?? null, next[key] ?? null]]],
    ),
  );
  if (Object.keys(changes).length === 0) return;
  replace(work, next);
  note(work, "task.edited", { task: task.id, title: next.title, changes });
}

function same(a: unknown, b: unknown): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function replace(work: Work, task: Task): void {
  work.lead.tasks = work.lead.tasks.map((candidate) => (candidate.id === task.id ? task : candidate));
  work.changed = true;
}

function ownTask(work: Work, taskId: string, cannot: string): Task {
  const task = openTask(work, taskId);
  if (task.own !== true) throw new Refused(refuse(409, "process-task", `"${task.title}" belongs to the process and cannot be ${cannot}. Nothing was written.`));
  return task;
}

function checkUser({ config }: Work, owner: string | null): void {
  if (owner === null || config.config.users.some((user) => user.id === owner && user.active)) return;
  throw new Refused(
    refuse(422, "invalid", `There is no active user ${owner}. Nothing was written.`, [{ path: "owner", message: "must be the id of an active user" }]),
  );
}
