/** Reports: how far leads came, and how long they took. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { FilterText } from "./lead-list.ts";
import { Cursor, Id, Limit, Moment, Money, NextCursor, text, UserRef } from "./values.ts";

/** Whether there is such a day is for the report to say: it knows the workspace's time zone. */
const Day = text(40).meta({ examples: ["2026-03-01"] });

const range = {
  from: Day.optional().meta({ description: "Captured on this day or later, in the workspace's time zone." }),
  to: Day.optional().meta({ description: "Captured on this day or earlier." }),
  filter: FilterText.optional(),
};
const asOf = Day.optional().meta({ description: "As things stood at the end of this day; now if not given." });
const by = text(200).optional();

export const reportFunnel = endpoint({
  id: "reportFunnel",
  method: "GET",
  path: "/api/v1/reports/funnel",
  tag: "Reports",
  summary: "How many leads reached each stage",
  description:
    "A lead has reached a stage if it ever entered it or a later one on the main line. `by` splits by source or a field; leads without a value are the row whose key is null.",
  scope: "read",
  access: "reports.read",
  query: z.strictObject({
    by,
    ...range,
    asOf,
  }),
  replies: {
    200: {
      description: "The funnel.",
      body: z.strictObject({
        stages: z.array(z.string()).readonly(),
        rows: z.array(z.strictObject({ key: z.string().nullable(), stages: z.record(z.string(), z.int()).readonly() })).readonly(),
      }),
    },
  },
});

const Span = { medianDays: z.number().nullable(), p90Days: z.number().nullable(), count: z.int() };

export const reportVelocity = endpoint({
  id: "reportVelocity",
  method: "GET",
  path: "/api/v1/reports/velocity",
  tag: "Reports",
  summary: "How long leads took",
  description:
    "Days are elapsed seconds ÷ 86,400. `cycle` runs from the first entry of `mql` to won; each of `ways` from the first entry of one stage to the first entry of another, for leads that entered both. A stay in a stage counts when it has ended.",
  scope: "read",
  access: "reports.read",
  query: z.strictObject({ ...range, asOf }),
  replies: {
    200: {
      description: "Median and 90th percentile of days, for the cycle, the ways between stages and each stage.",
      body: z.strictObject({
        cycle: z.strictObject(Span),
        ways: z.array(z.strictObject({ start: z.string(), end: z.string(), ...Span })).readonly(),
        stages: z.array(z.strictObject({ stage: z.string(), ...Span })).readonly(),
      }),
    },
  },
});

export const reportRevenue = endpoint({
  id: "reportRevenue",
  method: "GET",
  path: "/api/v1/reports/revenue",
  tag: "Reports",
  summary: "What was won, by source or field",
  description: "Opportunities that were won, by a field of the lead they belong to. Leads without a value are the row whose key is null.",
  scope: "read",
  access: "reports.read",
  query: z.strictObject({ by, ...range, asOf }),
  replies: {
    200: {
      description: "A row for each value, the most revenue first.",
      body: z.strictObject({
        rows: z
          .array(
            z.strictObject({
              key: z.string().nullable(),
              deals: z.int(),
              sums: z.array(Money).readonly().meta({ description: "A sum per currency; opportunities without an amount are in none." }),
            }),
          )
          .readonly(),
      }),
    },
  },
});

export const BEHIND = ["reached", "stays", "way", "won"] as const;

export const listReportLeads = endpoint({
  id: "listReportLeads",
  method: "GET",
  path: "/api/v1/reports/leads",
  tag: "Reports",
  summary: "List what is behind a number of a report",
  description:
    "As many lines as the number says, for the same period, filter and day. `reached`: leads that reached `stage`. `stays`: ended stays in `stage`, the longest first; a lead that was there twice has two. `way`: leads that went from `start` to `end`, the slowest first. `won`: won opportunities. `by` with `value` (or `none`) names the row.",
  scope: "read",
  access: "reports.read",
  query: z.strictObject({
    of: z.enum(BEHIND),
    stage: text(100).optional(),
    start: text(100).optional(),
    end: text(100).optional(),
    by,
    value: text(1000).optional(),
    none: z.literal("true").optional().meta({ description: "The row of leads without a value." }),
    ...range,
    asOf,
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: {
    200: {
      description: "A page of them.",
      body: z.strictObject({
        count: z.int().nullable().meta({ description: "The number; on the first page only." }),
        items: z
          .array(
            z.strictObject({
              id: z.string().meta({ description: "Of the line." }),
              lead: z.strictObject({
                id: Id,
                name: z.string(),
                jobTitle: z.string().nullable(),
                company: z.string().nullable(),
                stage: z.string(),
                heat: z.string(),
                score: z.number(),
                owner: UserRef.nullable(),
                source: z.string().nullable(),
              }),
              at: Moment.meta({ description: "When it reached the stage, entered it, arrived or was won." }),
              days: z.number().nullable(),
              opportunity: z.strictObject({ id: Id, name: z.string(), value: Money.nullable() }).nullable(),
            }),
          )
          .readonly(),
        nextCursor: NextCursor,
      }),
    },
  },
});
