/** Reminders: tasks of one's own without a lead. Nobody else sees them, and nothing follows from them. */
import { nextDue, type Repeat } from "../../../core/calendar/repeat.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { once, type Repeatable } from "../workspaces/once.service.ts";
import { type TaskItem, taskItem, type TaskRow } from "./task-rows.ts";
import { findReminder, type Reminder, writeReminder } from "./tasks.queries.ts";

export type ReminderWrite = {
  readonly outcome: "created" | "updated" | "unchanged";
  readonly task: TaskItem;
  readonly lead: null;
  readonly undo: null;
  readonly next: TaskItem | null;
};

export type NewReminder = {
  readonly title: string;
  readonly kind: string;
  readonly dueAt: number;
  readonly owner: string | null;
  readonly note?: string | undefined;
  readonly repeat?: Repeat | undefined;
};

export async function createReminder(deps: Deps, made: NewReminder, idempotency: Repeatable): Promise<ReminderWrite> {
  const owner = await checkOwner(deps, made.owner);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    await writeReminder(deps.db, {
      id,
      kind: made.kind,
      title: made.title,
      note: made.note ?? null,
      repeat: made.repeat ?? null,
      state: "open",
      due_at: new Date(made.dueAt),
      created_at: new Date(deps.now()),
      done_at: null,
      result: null,
      owner_id: owner,
      by: deps.actor,
    });
    return { id };
  });
  return answer(deps, kept.id, "created", null);
}

/** Completing it again changes nothing. A repeating one brings the next. */
export async function completeReminder(deps: Deps, id: string, result: string, idempotency: Repeatable): Promise<ReminderWrite> {
  const { kept } = await once(deps, idempotency, async (deps) => {
    const was = await locked(deps, id);
    const now = deps.now();
    await writeReminder(deps.db, { ...reminderOf(was, deps.actor), state: "done", done_at: new Date(now), result });
    const due = was.repeat === null ? null : nextDue(was.repeat, was.due_at.getTime(), now);
    if (due === null) return { id, next: null };
    const next = deps.newId();
    await writeReminder(deps.db, {
      ...reminderOf(was, deps.actor),
      id: next,
      state: "open",
      due_at: new Date(due),
      created_at: new Date(now),
      done_at: null,
      result: null,
    });
    return { id, next };
  });
  return answer(deps, kept.id, "updated", kept.next);
}

export type ReminderChange = {
  readonly title?: string | undefined;
  readonly kind?: string | undefined;
  readonly dueAt?: number | undefined;
  readonly note?: string | null | undefined;
  readonly repeat?: Repeat | null | undefined;
  readonly owner?: string | undefined;
  readonly state?: "cancelled" | undefined;
};

export async function changeReminder(deps: Deps, id: string, change: ReminderChange, idempotency: Repeatable): Promise<ReminderWrite> {
  const owner = change.owner === undefined ? undefined : await checkOwner(deps, change.owner);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const was = await locked(deps, id);
    await writeReminder(deps.db, {
      ...reminderOf(was, deps.actor),
      title: change.title ?? was.title,
      kind: change.kind ?? was.kind,
      due_at: change.dueAt === undefined ? was.due_at : new Date(change.dueAt),
      note: change.note === undefined ? was.note : change.note,
      repeat: change.repeat === undefined ? was.repeat : change.repeat,
      owner_id: owner ?? (was.owner_id as string),
      state: change.state ?? was.state,
      done_at: change.state === undefined ? was.done_at : new Date(deps.now()),
    });
    return { id };
  });
  return answer(deps, kept.id, "updated", null);
}

async function locked({ db, viewer }: Deps, id: string): Promise<TaskRow> {
  const row = await findReminder(db, id, viewer.userId, true);
  if (row === null) throw notFound("task", id);
  if (row.state !== "open") throw new Problem(409, "task-closed", `"${row.title}" is ${row.state} already. Nothing was written.`);
  return row;
}

function reminderOf(row: TaskRow, by: string): Reminder {
  return { ...row, owner_id: row.owner_id as string, by };
}

async function checkOwner({ configs, db }: Deps, owner: string | null): Promise<string> {
  if (owner === null)
    throw invalid("This key belongs to nobody, so a reminder needs an owner. Nothing was written.", [{ path: "owner", message: "is required without a lead" }]);
  const { config } = await configs.get(db);
  if (!config.users.some((user) => user.id === owner && user.active))
    throw invalid(`There is no active user ${owner}. Nothing was written.`, [{ path: "owner", message: "must be the id of an active user" }]);
  return owner;
}

async function answer(deps: Deps, id: string, outcome: ReminderWrite["outcome"], next: string | null): Promise<ReminderWrite> {
  const [row, following, config] = await Promise.all([
    findReminder(deps.db, id, null),
    next === null ? null : findReminder(deps.db, next, null),
    deps.configs.get(deps.db),
  ]);
  if (row === null) throw notFound("task", id);
  const item = (one: TaskRow): TaskItem => taskItem(one, config, deps.now());
  return { outcome, task: item(row), lead: null, undo: null, next: following === null ? null : item(following) };
}
