/** Reports: how far leads came, and how long they took. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { text } from "./values.ts";

/** Whether there is such a day is for the report to say: it knows the workspace's time zone. */
const Day = text(40).meta({ examples: ["2026-03-01"] });

const range = {
  from: Day.optional().meta({ description: "Captured on this day or later, in the workspace's time zone." }),
  to: Day.optional().meta({ description: "Captured on this day or earlier." }),
};

export const reportFunnel = endpoint({
  id: "reportFunnel",
  method: "GET",
  path: "/api/v1/reports/funnel",
  tag: "Reports",
  summary: "How many leads reached each stage",
  description:
    "A lead has reached a stage if it ever entered it or a later one on the main line. `by` splits by source or a field; leads without a value are the row whose key is null.",
  scope: "read",
  query: z.strictObject({
    by: text(200).optional(),
    ...range,
    asOf: Day.optional().meta({ description: "As things stood at the end of this day; now if not given." }),
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
  description: "Days are elapsed seconds ÷ 86,400. `cycle` runs from the first entry of `mql` to won.",
  scope: "read",
  query: z.strictObject(range),
  replies: {
    200: {
      description: "Median and 90th percentile of days, for the cycle and each stage.",
      body: z.strictObject({ cycle: z.strictObject(Span), stages: z.array(z.strictObject({ stage: z.string(), ...Span })).readonly() }),
    },
  },
});
