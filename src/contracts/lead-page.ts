/** The page of one lead: its timeline, its way through the stages, and why it is what it is. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

const Params = z.strictObject({ id: Id });

export const Who = z
  .strictObject({
    kind: z.enum(["user", "key", "import", "timer", "publish", "operator", "form", "system"]),
    id: z.string().nullable(),
    name: z.string().meta({ examples: ["Nora Lind"] }),
  })
  .meta({ id: "Who", description: "Who did something, by name." });

export type WhoJson = z.input<typeof Who>;

export const TIMELINE_GROUPS = ["web", "mail", "calls", "changes", "notes", "tasks"] as const;

export const TimelineItem = z
  .strictObject({
    id: Id.meta({ description: "Stays the same, so that it can be linked to." }),
    at: Moment,
    group: z.enum(TIMELINE_GROUPS),
    type: z.string().meta({ description: "A fact's type, or `touch.` and the kind of a touch.", examples: ["stage.entered", "touch.call"] }),
    what: z.string().meta({ description: "What happened, as a sentence without who and when." }),
    by: Who.nullable().meta({ description: "Null for what the lead did itself." }),
    why: z.string().nullable(),
    changes: z
      .array(z.strictObject({ field: z.string(), label: z.string(), from: z.string().nullable(), to: z.string().nullable() }))
      .readonly()
      .meta({ description: "What changed, from what to what." }),
    detail: z.string().nullable().meta({ description: "A text that belongs to it: a note, the outcome of a call, the address of a page." }),
    refs: z
      .strictObject({ task: Id.optional(), opportunity: Id.optional(), company: Id.optional(), note: Id.optional(), lead: Id.optional(), mail: Id.optional() })
      .meta({ description: "What else it is about." }),
    undone: z.boolean().meta({ description: "It was taken back later and counts no more." }),
    number: z.int().meta({ description: "The lead's number of the input that brought it." }),
    data: z.record(z.string(), z.unknown()).readonly(),
  })
  .meta({ id: "TimelineItem", description: "One line of a lead's timeline: a fact or a touch." });

export type TimelineItemJson = z.input<typeof TimelineItem>;

export const readTimeline = endpoint({
  id: "readTimeline",
  method: "GET",
  path: "/api/v1/leads/{id}/timeline",
  tag: "Leads",
  summary: "Read a lead's timeline",
  description:
    "Facts and touches in one stream, newest first, with names and reasons. `groups` picks some of them; `previousCursor` asks for what is newer than the page.",
  scope: "read",
  access: "leads.read",
  params: Params,
  query: z.strictObject({
    groups: text(100)
      .optional()
      .meta({ description: `Some of ${TIMELINE_GROUPS.join(", ")}, separated by commas; all when left out.` }),
    facet: text(200).optional().meta({ description: "Only touches of this kind or facet, as `download`; what a line of the score stands on." }),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: {
    200: {
      description: "A page of the timeline.",
      body: z.strictObject({
        items: z.array(TimelineItem).readonly(),
        nextCursor: NextCursor.meta({ description: "For what is older." }),
        previousCursor: NextCursor.meta({ description: "For what is newer than the first line of this page; never null unless the page is empty." }),
      }),
    },
  },
});

const Gap = z.strictObject({
  field: z.string(),
  label: z.string(),
  wants: z.string().meta({ description: "What it would have to be.", examples: ["is known"] }),
  has: z.string().nullable().meta({ description: "What it is." }),
});

export const StageWay = z.strictObject({
  stage: z.string(),
  label: z.string(),
  version: z.int().meta({ description: "The definition's version." }),
  met: z.boolean(),
  missing: z.array(Gap).readonly(),
  sentence: z.string().meta({ examples: ["To SQL: budget and need are missing."] }),
});

export const Provenance = z.strictObject({ field: z.string(), label: z.string(), by: Who, at: Moment });

export const explainLead = endpoint({
  id: "explainLead",
  method: "GET",
  path: "/api/v1/leads/{id}/why",
  tag: "Leads",
  summary: "Explain a lead: owner, stage, values",
  description:
    "Why this owner (the decision in a sentence and in full), why this stage and what is missing for the others, who wrote each value when, consent, and suspected duplicates.",
  scope: "read",
  access: "leads.read",
  params: Params,
  replies: {
    200: {
      description: "The reasons.",
      body: z
        .strictObject({
          owner: z.strictObject({
            sentence: z.string(),
            at: Moment.nullable(),
            by: Who.nullable(),
            rule: z.strictObject({ id: z.string(), label: z.string() }).nullable(),
            pool: z.strictObject({ id: z.string(), name: z.string(), place: z.int(), of: z.int(), index: z.int() }).nullable(),
            reason: z.string().nullable(),
            config: z.int().nullable(),
          }),
          stage: z.strictObject({
            sentence: z.string(),
            since: Moment,
            by: Who.nullable(),
            because: z.string().nullable(),
            reason: z.string().nullable(),
            definition: z.strictObject({ version: z.int(), met: z.boolean() }).nullable().meta({ description: "The stage's definition at that moment." }),
          }),
          ways: z.array(StageWay).readonly().meta({ description: "For each definition, what is met and what is missing now." }),
          provenance: z.array(Provenance).readonly(),
          consent: z
            .array(z.strictObject({ topic: z.string(), given: z.boolean(), at: Moment }))
            .readonly()
            .meta({ description: "By topic: given or withdrawn, and since when." }),
          duplicates: z
            .array(z.strictObject({ lead: Id, kind: z.string(), value: z.string(), at: Moment }))
            .readonly()
            .meta({ description: "Other leads an input matched too; at most 20. Whether one may see them the lead itself says." }),
        })
        .meta({ id: "LeadReasons" }),
    },
  },
});

export const StagePass = z.strictObject({
  pass: z.int(),
  enteredAt: Moment,
  leftAt: Moment.nullable(),
  days: z.number().meta({ description: "Until now while it lasts." }),
  by: Who.nullable(),
  because: z.string().nullable(),
  reason: z.string().nullable(),
});

export const StageStep = z
  .strictObject({
    stage: z.string(),
    label: z.string(),
    line: z.enum(["main", "exit"]),
    statuses: z.array(z.string()).readonly(),
    current: z.boolean(),
    reached: z.boolean().meta({ description: "The lead entered it, or one behind it, at some time." }),
    passes: z.array(StagePass).readonly(),
    days: z.number().meta({ description: "In all passes together." }),
  })
  .meta({ id: "StageStep", description: "A stage as the progress bar shows it." });

export const readStages = endpoint({
  id: "readStages",
  method: "GET",
  path: "/api/v1/leads/{id}/stages",
  tag: "Leads",
  summary: "Read a lead's way through the stages",
  description: "Every stage the workspace shows, in order, with each of the lead's passes and the days spent in it. Passes that were taken back are left out.",
  scope: "read",
  access: "leads.read",
  params: Params,
  replies: { 200: { description: "The stages.", body: z.strictObject({ items: z.array(StageStep).readonly() }) } },
});
