/** Next steps. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { LogBody } from "./lead-changes.ts";
import { Held, Lead } from "./lead.ts";
import { Cursor, FormAnswers, Id, Limit, Moment, Money, NextCursor, text, UserRef, When } from "./values.ts";

export const FormField = z
  .strictObject({ key: text(100), label: text(), type: z.enum(["text", "money", "date", "dateTime", "team", "user"]), required: z.boolean().optional() })
  .meta({ id: "FormField", description: "One field of a task's form." });

const repeat = {
  every: z.enum(["day", "weekday", "week", "month", "year"]),
  interval: z.int().min(1).max(100).meta({ description: "Every so many of them." }),
};

export const Repeat = z
  .strictObject({ ...repeat, until: z.string().optional().meta({ format: "date" }) })
  .meta({ id: "Repeat", description: "When it is completed, the next one is due at the same time of day by the workspace's clock." });

export const RepeatBody = z
  .strictObject({
    ...repeat,
    interval: repeat.interval.default(1),
    until: z
      .string()
      .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date as YYYY-MM-DD")
      .optional()
      .meta({ description: "The last day on which it may be due." }),
  })
  .meta({ id: "RepeatBody", examples: [{ every: "weekday" }] });

export const Task = z
  .strictObject({
    id: Id,
    key: z.string(),
    kind: z.string(),
    title: z.string(),
    stage: z.string(),
    pass: z.int().meta({ description: "The stage's how-manieth pass this belongs to." }),
    state: z.enum(["open", "done", "superseded", "cancelled"]),
    owner: UserRef.nullable(),
    dueAt: Moment,
    createdAt: Moment,
    doneAt: Moment.nullable(),
    doneBy: z.string().nullable(),
    result: z.string().nullable(),
    results: z.array(z.strictObject({ id: z.string(), label: z.string(), needsReason: z.boolean() })).meta({ description: "How it can end." }),
    fields: z.array(FormField).readonly().meta({ description: "What its form asks." }),
    form: z
      .record(z.string(), z.union([z.string(), Money]))
      .nullable()
      .meta({ description: "What was answered." }),
    known: z
      .record(z.string(), z.union([z.string(), Money]))
      .meta({ description: "What is known already for the fields of its form: proposals to begin with. Empty when it is closed." }),
    own: z.boolean().meta({ description: "Somebody made it himself; the process did not." }),
    note: z.string().nullable(),
    repeat: Repeat.nullable(),
    delegated: z.boolean().meta({ description: "It was given to somebody by hand and no longer follows the owner of the lead." }),
  })
  .meta({ id: "Task", description: "A next step of a lead." });

export type TaskJson = z.input<typeof Task>;

const Params = z.strictObject({ id: Id });

/** A task without its form, as queues show it, with what one must know of the lead. */
export const TaskLead = z
  .strictObject({
    id: Id,
    name: z.string(),
    company: z.string().nullable(),
    jobTitle: z.string().nullable(),
    stage: z.string(),
    status: z.string(),
    heat: z.string(),
    score: z.number(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    owner: UserRef.nullable(),
  })
  .meta({ id: "TaskLead", description: "The lead of a next step, in a line." });

export const TaskItem = z
  .strictObject({
    id: Id,
    key: z.string(),
    kind: z.string(),
    title: z.string(),
    stage: z.string().nullable(),
    state: z.enum(["open", "done", "superseded", "cancelled"]),
    owner: UserRef.nullable(),
    dueAt: Moment,
    createdAt: Moment,
    doneAt: Moment.nullable(),
    result: z.string().nullable(),
    own: z.boolean(),
    delegated: z.boolean(),
    note: z.string().nullable(),
    repeat: Repeat.nullable(),
    overdue: z.boolean(),
    form: z.boolean().meta({ description: "Completing it fills in a form; `GET /leads/{id}/tasks` says which." }),
    results: z.array(z.strictObject({ id: z.string(), label: z.string(), needsReason: z.boolean() })).readonly(),
    lead: TaskLead.nullable().meta({ description: "Null for a reminder without a lead." }),
  })
  .meta({ id: "TaskItem", description: "A next step or reminder as a queue shows it." });

export type TaskItemJson = z.input<typeof TaskItem>;

export const listTasks = endpoint({
  id: "listTasks",
  method: "GET",
  path: "/api/v1/tasks",
  tag: "Tasks",
  summary: "List next steps and reminders",
  description: "The earliest due first. `owner` is `me`, a user's id, or `all`.",
  scope: "read",
  access: "tasks.read",
  query: z.strictObject({
    state: z.enum(["open", "done"]).default("open"),
    owner: text(100).default("me"),
    due: z
      .enum(["overdue", "today", "week", "later", "any"])
      .default("any")
      .meta({ description: "Days by the workspace's time zone; `week` is the next seven days, today included." }),
    from: When.optional().meta({ description: "Due from this moment, for a calendar." }),
    to: When.optional().meta({ description: "Due before this moment." }),
    kind: text(100).optional(),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: { 200: { description: "A page of them.", body: z.strictObject({ items: z.array(TaskItem).readonly(), nextCursor: NextCursor }) } },
});

/** What a write on a task answers: the task, and the lead when it has one. */
export const TaskWritten = z
  .strictObject({
    outcome: z.enum(["created", "updated", "unchanged"]),
    task: TaskItem,
    lead: Lead.nullable(),
    undo: z.int().nullable().meta({ description: "The number for `POST /leads/{id}/undo`; null when there is nothing to take back." }),
    next: TaskItem.nullable().meta({ description: "The next one, when a repeating one was completed." }),
  })
  .meta({ id: "TaskWritten" });

const taskWritten = {
  200: { description: "Done: the task as it is now.", body: TaskWritten },
  202: { description: "Stored, but not processed.", body: Held },
} as const;

export const OwnTaskBody = z
  .strictObject({
    title: text(300).trim().min(1, "must not be empty"),
    kind: z.enum(["call", "mail", "meeting", "todo"]).default("todo"),
    dueAt: When,
    lead: Id.optional().meta({ description: "The lead it is about; none for a plain reminder." }),
    owner: text(100).optional().meta({ description: "Who is to do it; whoever makes it when left out." }),
    note: text(10_000).optional(),
    repeat: RepeatBody.optional(),
  })
  .meta({ id: "OwnTask", examples: [{ title: "Send the offer", kind: "mail", dueAt: "2026-03-05T09:00:00Z", repeat: { every: "week" } }] });

export const createTask = endpoint({
  id: "createTask",
  method: "POST",
  path: "/api/v1/tasks",
  tag: "Tasks",
  summary: "Make a task or reminder of one's own",
  scope: "write",
  access: "tasks.edit",
  body: OwnTaskBody,
  replies: { 201: { description: "It is made.", body: TaskWritten }, 202: taskWritten[202] },
  problems: [404],
});

export const editTask = endpoint({
  id: "editTask",
  method: "PATCH",
  path: "/api/v1/tasks/{id}",
  tag: "Tasks",
  summary: "Edit a task of one's own",
  description: "What the process made cannot be rewritten, only snoozed, delegated and completed; its note can be.",
  scope: "write",
  access: "tasks.edit",
  params: Params,
  body: z
    .strictObject({
      title: text(300).trim().min(1, "must not be empty").optional(),
      kind: z.enum(["call", "mail", "meeting", "todo"]).optional(),
      dueAt: When.optional(),
      note: text(10_000).nullable().optional(),
      repeat: RepeatBody.nullable().optional(),
    })
    .meta({ id: "OwnTaskEdit" }),
  replies: taskWritten,
});

export const snoozeTask = endpoint({
  id: "snoozeTask",
  method: "POST",
  path: "/api/v1/tasks/{id}/snooze",
  tag: "Tasks",
  summary: "Put a next step off",
  scope: "write",
  access: "tasks.edit",
  params: Params,
  body: z.strictObject({ until: When, reason: text(2000).optional() }).meta({ examples: [{ until: "2026-03-05T09:00:00Z", reason: "on holiday" }] }),
  replies: taskWritten,
});

export const delegateTask = endpoint({
  id: "delegateTask",
  method: "POST",
  path: "/api/v1/tasks/{id}/delegate",
  tag: "Tasks",
  summary: "Give a next step to somebody else",
  description: "The lead keeps its owner; the next step no longer follows him.",
  scope: "write",
  access: "tasks.edit",
  params: Params,
  body: z.strictObject({ owner: text(100), reason: text(2000).optional() }),
  replies: taskWritten,
});

export const cancelTask = endpoint({
  id: "cancelTask",
  method: "POST",
  path: "/api/v1/tasks/{id}/cancel",
  tag: "Tasks",
  summary: "Cancel a task of one's own",
  description: "A step of the process is not cancelled: complete it, or move the lead.",
  scope: "write",
  access: "tasks.edit",
  params: Params,
  body: z.strictObject({ reason: text(2000).optional() }).optional(),
  replies: taskWritten,
});

export const completeTask = endpoint({
  id: "completeTask",
  method: "POST",
  path: "/api/v1/tasks/{id}/complete",
  tag: "Tasks",
  summary: "Complete a next step",
  description: "What follows (the next task, the next stage, the opportunity) is in the lead that comes back. A task with one result needs none named.",
  scope: "write",
  access: "tasks.complete",
  params: z.strictObject({ id: Id }),
  body: z
    .strictObject({
      result: text(100).optional(),
      reason: text(2000).optional(),
      form: FormAnswers.optional(),
      note: text(10_000).optional().meta({ description: "What is worth keeping; stands on the timeline with the completion." }),
      log: LogBody.optional().meta({ description: "The call, meeting or message that completed it, logged at once." }),
    })
    .optional()
    .meta({ examples: [{ result: "done", form: { businessCase: "Replaces two spreadsheets" } }] }),
  replies: taskWritten,
});
