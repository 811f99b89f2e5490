/** Changing many leads at once: a preview, a job with progress, and its undo. */
import { z } from "zod";
import { STATUSES } from "../core/config/config.ts";
import { endpoint } from "./endpoint.ts";
import { Who } from "./lead-page.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

const Params = z.strictObject({ id: Id });
const Tags = z.array(text(200).trim().min(1, "must not be empty")).max(100, "must not have more than 100 tags");

export const BulkChange = z
  .discriminatedUnion("action", [
    z.strictObject({ action: z.literal("assign"), owner: text(100).meta({ description: 'The id of a user, or "route".' }), reason: text(2000).optional() }),
    z.strictObject({ action: z.literal("stage"), stage: text(100), status: z.enum(STATUSES).optional(), reason: text(2000).optional() }),
    z.strictObject({ action: z.literal("tag"), add: Tags.optional(), remove: Tags.optional() }),
    z.strictObject({ action: z.literal("delete"), reason: text(2000).optional() }),
    z.strictObject({ action: z.literal("restore") }),
  ])
  .meta({ id: "BulkChange" });

const who = {
  ids: z.array(Id).max(10_000, "must not have more than 10,000 ids").optional().meta({ description: "The leads, by id." }),
  filter: z.unknown().optional().meta({ description: "Or a filter tree: the leads it means when the change begins. `{and: []}` means all." }),
  except: z.array(Id).max(10_000, "must not have more than 10,000 ids").optional().meta({ description: "Leads of the filter that are left out." }),
};

export const BulkBody = z
  .strictObject({ change: BulkChange, ...who })
  .meta({ id: "BulkRequest", examples: [{ change: { action: "tag", add: ["fair-2026"] }, filter: { field: "source", op: "eq", value: "fair" } }] });

export const BulkJob = z
  .strictObject({
    id: Id,
    change: BulkChange,
    state: z.enum(["running", "done", "cancelled", "undoing", "undone"]),
    leads: z.int().meta({ description: "How many it is about." }),
    done: z.int().meta({ description: "How many have been worked off, in any way." }),
    changed: z.int(),
    unchanged: z.int(),
    failed: z.int(),
    undone: z.int().meta({ description: "How many were taken back." }),
    kept: z.int().meta({ description: "How many could not be taken back because something happened to them since." }),
    undoable: z.boolean(),
    by: Who,
    createdAt: Moment,
    finishedAt: Moment.nullable(),
  })
  .meta({ id: "BulkJob", description: "A change of many leads, and how far it has come." });

export type BulkJobJson = z.input<typeof BulkJob>;

export const previewBulk = endpoint({
  id: "previewBulk",
  method: "POST",
  path: "/api/v1/bulk/preview",
  tag: "Bulk",
  summary: "Preview a change of many leads",
  description: "How many it is about and what would become of a sample of them, run through the same code and rolled back. Nothing is written.",
  scope: "write",
  access: "leads.bulk",
  body: BulkBody,
  replies: {
    200: {
      description: "The effect.",
      body: z
        .strictObject({
          leads: z.int(),
          exact: z.boolean().meta({ description: "Whether `leads` is counted; above 100,000 it is estimated." }),
          sampled: z.int(),
          changed: z.int().meta({ description: "Of the sample." }),
          unchanged: z.int(),
          failed: z.int(),
          examples: z.array(z.strictObject({ lead: Id, name: z.string(), from: z.string(), to: z.string() })).readonly(),
          failures: z.array(z.strictObject({ lead: Id, name: z.string(), reason: z.string() })).readonly(),
          by: z
            .array(z.strictObject({ from: z.string(), to: z.string(), count: z.int() }))
            .readonly()
            .meta({ description: "Who moves from where to where, in the sample." }),
        })
        .meta({ id: "BulkPreview" }),
    },
  },
});

export const startBulk = endpoint({
  id: "startBulk",
  method: "POST",
  path: "/api/v1/bulk",
  tag: "Bulk",
  summary: "Change many leads",
  description:
    "Up to 200 leads are changed before it answers; more go on as a job that survives a restart. Each lead goes through the flow by itself: one that is refused does not stop the others.",
  scope: "write",
  access: "leads.bulk",
  body: BulkBody,
  replies: { 200: { description: "Done already.", body: BulkJob }, 201: { description: "It goes on.", body: BulkJob } },
});

export const listBulks = endpoint({
  id: "listBulks",
  method: "GET",
  path: "/api/v1/bulk",
  tag: "Bulk",
  summary: "List changes of many leads",
  description: "The newest first.",
  scope: "read",
  access: "leads.bulk",
  query: z.strictObject({ limit: Limit.default(20), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of them.", body: z.strictObject({ items: z.array(BulkJob).readonly(), nextCursor: NextCursor }) } },
});

export const getBulk = endpoint({
  id: "getBulk",
  method: "GET",
  path: "/api/v1/bulk/{id}",
  tag: "Bulk",
  summary: "Read how far a change has come",
  scope: "read",
  access: "leads.bulk",
  params: Params,
  replies: { 200: { description: "The change.", body: BulkJob } },
});

export const listBulkFailures = endpoint({
  id: "listBulkFailures",
  method: "GET",
  path: "/api/v1/bulk/{id}/failures",
  tag: "Bulk",
  summary: "Read which leads could not be changed, and why",
  scope: "read",
  access: "leads.bulk",
  params: Params,
  query: z.strictObject({ limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: {
    200: {
      description: "A page of them.",
      body: z.strictObject({ items: z.array(z.strictObject({ lead: Id, name: z.string(), reason: z.string() })).readonly(), nextCursor: NextCursor }),
    },
  },
});

export const cancelBulk = endpoint({
  id: "cancelBulk",
  method: "POST",
  path: "/api/v1/bulk/{id}/cancel",
  tag: "Bulk",
  summary: "Stop a change",
  description: "What is done stays done.",
  scope: "write",
  access: "leads.bulk",
  params: Params,
  body: z.strictObject({}).optional(),
  replies: { 200: { description: "The change.", body: BulkJob } },
});

export const undoBulk = endpoint({
  id: "undoBulk",
  method: "POST",
  path: "/api/v1/bulk/{id}/undo",
  tag: "Bulk",
  summary: "Take a change of many leads back",
  description:
    "Each lead as it was, unless something else happened to it since; such leads are kept as they are and counted. Within an hour, by whoever made it.",
  scope: "write",
  access: "leads.bulk",
  params: Params,
  body: z.strictObject({}).optional(),
  replies: { 200: { description: "The change.", body: BulkJob } },
});
