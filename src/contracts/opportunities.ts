/** Opportunities: what a converted lead may buy. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { written } from "./lead.ts";
import { Cursor, Id, Limit, Moment, Money, NextCursor, text, UserRef } from "./values.ts";

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
  })
  .meta({ id: "Opportunity" });

export type OpportunityJson = z.input<typeof Opportunity>;

const OpportunityParams = z.strictObject({ id: Id });

export const listOpportunities = endpoint({
  id: "listOpportunities",
  method: "GET",
  path: "/api/v1/opportunities",
  tag: "Opportunities",
  summary: "List opportunities",
  description: "Newest first; of one lead with `lead`.",
  scope: "read",
  query: z.strictObject({ lead: text(100).optional(), limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of opportunities.", body: z.strictObject({ items: z.array(Opportunity).readonly(), nextCursor: NextCursor }) } },
});

export const getOpportunity = endpoint({
  id: "getOpportunity",
  method: "GET",
  path: "/api/v1/opportunities/{id}",
  tag: "Opportunities",
  summary: "Read an opportunity",
  scope: "read",
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
  params: OpportunityParams,
  body: z.strictObject({ stage: text(100), reason: text(2000).optional() }).meta({ examples: [{ stage: "won" }] }),
  replies: written,
});
