/** Next steps. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { written } from "./lead.ts";
import { FormAnswers, Id, Moment, Money, text, UserRef } from "./values.ts";

export const FormField = z
  .strictObject({ key: text(100), label: text(), type: z.enum(["text", "money", "date", "dateTime", "team", "user"]), required: z.boolean().optional() })
  .meta({ id: "FormField", description: "One field of a task's form." });

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
  })
  .meta({ id: "Task", description: "A next step of a lead." });

export type TaskJson = z.input<typeof Task>;

export const completeTask = endpoint({
  id: "completeTask",
  method: "POST",
  path: "/api/v1/tasks/{id}/complete",
  tag: "Tasks",
  summary: "Complete a next step",
  description: "What follows (the next task, the next stage, the opportunity) is in the lead that comes back. A task with one result needs none named.",
  scope: "write",
  params: z.strictObject({ id: Id }),
  body: z
    .strictObject({ result: text(100).optional(), reason: text(2000).optional(), form: FormAnswers.optional() })
    .optional()
    .meta({ examples: [{ result: "done", form: { businessCase: "Replaces two spreadsheets" } }] }),
  replies: written,
});
