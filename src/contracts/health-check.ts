/** The health check: questions about how well the process works, answered from data. */
import { z } from "zod";
import { QUESTIONS } from "../core/health/health.ts";
import { LEAD_MEASURES } from "../core/health/measures.ts";
import { endpoint } from "./endpoint.ts";
import { Cursor, Id, Limit, Moment, NextCursor, UserRef } from "./values.ts";

const Verdict = z.enum(["yes", "partly", "no", "unknown"]);
const Level = z.int().min(1).max(5).nullable();

export const checkHealth = endpoint({
  id: "checkHealth",
  method: "GET",
  path: "/api/v1/health-check",
  tag: "Reports",
  summary: "Ask how well the process works",
  description:
    "Each question is answered from the leads the caller sees. `unknown` means that there is nothing to judge by yet. The level goes from 1 to 5: the share of questions answered with yes, partly counting half. `history` holds what the server answered itself, once a day, for the whole workspace; it is empty for those who do not see everything.",
  scope: "read",
  access: "reports.read",
  replies: {
    200: {
      description: "The answers, and those of earlier days, newest first.",
      body: z.strictObject({
        at: Moment,
        level: Level,
        questions: z
          .array(
            z.strictObject({
              question: z.enum(QUESTIONS),
              verdict: Verdict,
              says: z.string(),
              measures: z
                .array(
                  z.strictObject({
                    id: z.string(),
                    label: z.string(),
                    value: z.int(),
                    of: z.int(),
                    opens: z.enum(LEAD_MEASURES).nullable().meta({ description: "`GET /health-check/leads?measure=` lists what was counted under this name." }),
                  }),
                )
                .readonly(),
            }),
          )
          .readonly(),
        history: z.array(z.strictObject({ day: z.string(), level: Level, answers: z.record(z.string(), Verdict).readonly() })).readonly(),
      }),
    },
  },
});

export const listHealthLeads = endpoint({
  id: "listHealthLeads",
  method: "GET",
  path: "/api/v1/health-check/leads",
  tag: "Reports",
  summary: "List the leads behind a number of the health check",
  description: "The newest first.",
  scope: "read",
  access: "reports.read",
  query: z.strictObject({ measure: z.enum(LEAD_MEASURES), limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: {
    200: {
      description: "A page of them.",
      body: z.strictObject({
        items: z
          .array(
            z.strictObject({
              id: Id,
              name: z.string(),
              company: z.string().nullable(),
              stage: z.string(),
              stageAt: Moment,
              owner: UserRef.nullable(),
              source: z.string().nullable(),
            }),
          )
          .readonly(),
        nextCursor: NextCursor,
      }),
    },
  },
});
