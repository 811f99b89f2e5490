/** My day: everything a person should do now, in one answer. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { TaskItem, TaskLead } from "./task.ts";
import { Moment } from "./values.ts";

export const DayLead = z
  .strictObject({ lead: TaskLead, at: Moment.meta({ description: "Assigned, got hot, or waiting since." }), why: z.string() })
  .meta({ id: "DayLead", description: "A lead that deserves a look, and why." });

const Count = z.int().meta({ description: "Of next steps exact up to 1,000, of leads up to 200." });

export const myDay = endpoint({
  id: "myDay",
  method: "GET",
  path: "/api/v1/my-day",
  tag: "Tasks",
  summary: "Read one's day",
  description:
    "Next steps that are due (the longest overdue first), those of the rest of today and of the days after, leads that are newly one's own and untouched, leads that got hot, and leads that wait without a next step. Each list holds at most 50; the counts say how many there are.",
  scope: "read",
  access: "tasks.read",
  query: z.strictObject({ user: z.string().max(100).optional().meta({ description: "Whose day; one's own when left out." }) }),
  replies: {
    200: {
      description: "The day.",
      body: z
        .strictObject({
          asOf: Moment,
          now: z.array(TaskItem).readonly().meta({ description: "Due: now or earlier." }),
          today: z.array(TaskItem).readonly(),
          later: z.array(TaskItem).readonly().meta({ description: "In the seven days after today." }),
          fresh: z.array(DayLead).readonly().meta({ description: "Assigned since the last working day began, and not touched since." }),
          hot: z.array(DayLead).readonly().meta({ description: "Got hot in the last seven days." }),
          waiting: z.array(DayLead).readonly().meta({ description: "At work, but without an open next step." }),
          done: z.int().meta({ description: "Completed today." }),
          counts: z.strictObject({ now: Count, today: Count, later: Count, fresh: Count, hot: Count, waiting: Count }),
        })
        .meta({ id: "MyDay" }),
    },
  },
});
