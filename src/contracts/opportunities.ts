/** Opportunities: what a converted lead may buy. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { written } from "./lead.ts";
import { NextStep } from "./lead-list.ts";
import { Cursor, Id, Limit, Moment, Money, NextCursor, text, UserRef, When } from "./values.ts";

export const Opportunity = z
  .strictObject({
    id: Id,
    lead: Id,
    company: z.strictObject({ id: Id, name: z.string() }).nullable(),
    name: z.string(),
    stage: z.string(),
    value: Money.nullable(),
    owner: UserRef.nullable(),
    closeDate: z.string().nullable().meta({ format: "date" }),
    nextMeeting: Moment.nullable(),
    form: z.record(z.string(), z.union([z.string(), Money])).readonly(),
    wonAt: Moment.nullable(),
    lostAt: Moment.nullable(),
    lostReason: z.string().nullable(),
    stageAt: Moment,
    createdAt: Moment,
    updatedAt: Moment,
    version: z.int().meta({ description: "For `If-Match`." }),
    days: z.number().meta({ description: "In its stage, until now." }),
    stalled: z.boolean().meta({ description: "Open, and in its stage for longer than most (30 days), or its close date is past, without a meeting to come." }),
    person: z.strictObject({ id: Id, name: z.string(), heat: z.string(), score: z.number() }).meta({ description: "The lead, in a line." }),
    nextStep: NextStep.nullable(),
  })
  .meta({ id: "Opportunity" });

export type OpportunityJson = z.input<typeof Opportunity>;

const OpportunityParams = z.strictObject({ id: Id });

export const SORTS = ["-createdAt", "createdAt", "amount", "-amount", "closeDate", "-closeDate", "stageAt", "-stageAt", "name", "-name"] as const;

const CloseDay = z.string().regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date as YYYY-MM-DD");

const narrowing = {
  lead: text(100).optional().meta({ description: "Of this lead." }),
  company: text(100).optional().meta({ description: "Of this company." }),
  owner: text(100).optional().meta({ description: "Of this user, or `me`." }),
  state: z.enum(["open", "won", "lost", "any"]).optional(),
  q: text(200).optional().meta({ description: "Whose name contains this." }),
  stalled: z.enum(["true", "false"]).optional(),
  team: text(100).optional().meta({ description: "Whose owner is in this team." }),
  closeFrom: CloseDay.optional().meta({ description: "Whose close date is this day or later." }),
  closeTo: CloseDay.optional().meta({ description: "Whose close date is this day or earlier." }),
};

export const listOpportunities = endpoint({
  id: "listOpportunities",
  method: "GET",
  path: "/api/v1/opportunities",
  tag: "Opportunities",
  summary: "List opportunities",
  description: "Newest first unless sorted otherwise. Those of leads in the bin are left out.",
  scope: "read",
  access: "opportunities.read",
  query: z.strictObject({
    ...narrowing,
    stage: text(100).optional().meta({ description: "In this stage: how a column of the board goes on." }),
    sort: z.enum(SORTS).optional(),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: { 200: { description: "A page of opportunities.", body: z.strictObject({ items: z.array(Opportunity).readonly(), nextCursor: NextCursor }) } },
});

export const readBoard = endpoint({
  id: "readBoard",
  method: "GET",
  path: "/api/v1/opportunities/board",
  tag: "Opportunities",
  summary: "Read the pipeline as a board",
  description:
    "A column for each stage, with how many there are, what they are worth per currency, and the first page of cards (the longest in the stage first). A column goes on with `GET /api/v1/opportunities?stage=…&sort=stageAt&cursor=…`. `won` and `lost` show the last 90 days.",
  scope: "read",
  access: "opportunities.read",
  query: z.strictObject({
    owner: narrowing.owner,
    company: narrowing.company,
    q: narrowing.q,
    stalled: narrowing.stalled,
    team: narrowing.team,
    closeFrom: narrowing.closeFrom,
    closeTo: narrowing.closeTo,
    limit: Limit.default(50),
  }),
  replies: {
    200: {
      description: "The board.",
      body: z.strictObject({
        columns: z
          .array(
            z.strictObject({
              stage: z.string(),
              label: z.string(),
              open: z.boolean(),
              count: z.int(),
              stalled: z.int(),
              sums: z.array(Money).readonly(),
              items: z.array(Opportunity).readonly(),
              nextCursor: NextCursor,
            }),
          )
          .readonly(),
      }),
    },
  },
});

export const getOpportunity = endpoint({
  id: "getOpportunity",
  method: "GET",
  path: "/api/v1/opportunities/{id}",
  tag: "Opportunities",
  summary: "Read an opportunity",
  scope: "read",
  access: "opportunities.read",
  params: OpportunityParams,
  replies: { 200: { description: "The opportunity.", body: Opportunity } },
});

export const moveOpportunity = endpoint({
  id: "moveOpportunity",
  method: "POST",
  path: "/api/v1/opportunities/{id}/stage",
  tag: "Opportunities",
  summary: "Move an opportunity",
  description: "`won` makes the lead a customer. `lost` needs a reason, and loses the lead when it has no other open opportunity. Answers the lead.",
  scope: "write",
  access: "opportunities.edit",
  params: OpportunityParams,
  body: z.strictObject({ stage: text(100), reason: text(2000).optional() }).meta({ examples: [{ stage: "won" }] }),
  replies: written,
});

export const editOpportunity = endpoint({
  id: "editOpportunity",
  method: "PATCH",
  path: "/api/v1/opportunities/{id}",
  tag: "Opportunities",
  summary: "Edit an opportunity",
  description: "What is not named stays; null clears. With `If-Match` the edit is refused when the opportunity has changed since that version.",
  scope: "write",
  access: "opportunities.edit",
  params: OpportunityParams,
  ifMatch: true,
  body: z
    .strictObject({
      name: text(300).trim().min(1, "must not be empty").optional(),
      value: Money.nullable().optional(),
      closeDate: z
        .string()
        .regex(/^\d{4}-\d{2}-\d{2}$/, "must be a date as YYYY-MM-DD")
        .nullable()
        .optional(),
      nextMeeting: When.nullable().optional(),
      owner: text(100).nullable().optional(),
    })
    .meta({ id: "OpportunityEdit", examples: [{ value: { amount: 1500000, currency: "EUR" }, closeDate: "2026-06-30" }] }),
  replies: {
    200: {
      description: "The opportunity. `ETag` carries its version.",
      body: z.strictObject({ opportunity: Opportunity, undo: z.int().nullable() }),
    },
    202: written[202],
  },
});
