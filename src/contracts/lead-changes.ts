/** What people do to a lead beside moving it: tags, notes, contact logged, undo, the bin, links to companies. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Lead, written } from "./lead.ts";
import { Who } from "./lead-page.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text, When } from "./values.ts";

const Params = z.strictObject({ id: Id });
const NoteParams = z.strictObject({ id: Id, note: Id });
const Tags = z.array(text(200).trim().min(1, "must not be empty")).max(100, "must not have more than 100 tags");

export const tagLead = endpoint({
  id: "tagLead",
  method: "POST",
  path: "/api/v1/leads/{id}/tags",
  tag: "Leads",
  summary: "Add and remove tags",
  scope: "write",
  access: "leads.edit",
  params: Params,
  body: z.strictObject({ add: Tags.optional(), remove: Tags.optional() }).meta({ examples: [{ add: ["fair-2026"] }] }),
  replies: written,
});

export const OUTCOMES = ["reached", "noAnswer", "leftMessage", "busy", "wrongNumber", "held", "noShow", "rescheduled", "sent", "other"] as const;

export const LogBody = z
  .strictObject({
    kind: z.enum(["call", "meeting", "message"]),
    outcome: z.enum(OUTCOMES).optional(),
    note: text(10_000).optional(),
    at: When.optional().meta({ description: "Now if not given." }),
    minutes: z.int().min(0).max(1440).optional(),
    direction: z.enum(["out", "in"]).default("out"),
  })
  .meta({ id: "Contacted", examples: [{ kind: "call", outcome: "reached", note: "Wants a demo in March" }] });

export const logContact = endpoint({
  id: "logContact",
  method: "POST",
  path: "/api/v1/leads/{id}/log",
  tag: "Leads",
  summary: "Log a call, a meeting or a message",
  description: "It counts as a touch, with who did it and how it ended. To log it and complete a next step at once, give `log` to the completion.",
  scope: "write",
  access: "leads.edit",
  params: Params,
  body: LogBody,
  replies: written,
});

export const undoLead = endpoint({
  id: "undoLead",
  method: "POST",
  path: "/api/v1/leads/{id}/undo",
  tag: "Leads",
  summary: "Take back the last change",
  description:
    "Takes back the change with this number (`undo` of its answer), when the same person made it within the last hour and nothing but touches and scoring happened since; otherwise 409 says what stands against it. What was decided stays in the history, marked as taken back. A turn that was dealt is not given back, and mail that has left does not come back.",
  scope: "write",
  access: "leads.edit",
  params: Params,
  body: z.strictObject({ number: z.int().min(1) }).meta({ examples: [{ number: 7 }] }),
  replies: written,
});

export const deleteLead = endpoint({
  id: "deleteLead",
  method: "DELETE",
  path: "/api/v1/leads/{id}",
  tag: "Leads",
  summary: "Put a lead into the bin",
  description:
    "It leaves lists, search and reports, and nothing acts on it any more; everything is kept and `restore` brings it back. Its addresses stay its own: when the person is captured again, the lead comes back out of the bin.",
  scope: "write",
  access: "leads.delete",
  params: Params,
  query: z.strictObject({ reason: text(2000).optional() }),
  replies: written,
});

export const restoreLead = endpoint({
  id: "restoreLead",
  method: "POST",
  path: "/api/v1/leads/{id}/restore",
  tag: "Leads",
  summary: "Take a lead out of the bin",
  scope: "write",
  access: "leads.delete",
  params: Params,
  body: z.strictObject({}).optional(),
  replies: written,
});

export const listBin = endpoint({
  id: "listBin",
  method: "GET",
  path: "/api/v1/bin",
  tag: "Leads",
  summary: "List the leads in the bin",
  description: "The latest deleted first.",
  scope: "read",
  access: "leads.delete",
  query: z.strictObject({ limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: {
    200: {
      description: "A page of the bin.",
      body: z.strictObject({
        items: z.array(z.strictObject({ lead: Lead, deletedAt: Moment, by: Who, reason: z.string().nullable() })).readonly(),
        nextCursor: NextCursor,
      }),
    },
  },
});

export const Note = z
  .strictObject({
    id: Id,
    text: z.string(),
    by: Who,
    at: Moment,
    editedAt: Moment.nullable(),
    pinned: z.boolean(),
    lead: Id.nullable(),
    company: Id.nullable(),
    opportunity: Id.nullable(),
  })
  .meta({ id: "Note", description: "What somebody wrote down about a lead, an opportunity or a company." });

export type NoteJson = z.input<typeof Note>;

export const NoteBody = z
  .strictObject({
    text: text(20_000).trim().min(1, "must not be empty"),
    pinned: z.boolean().optional(),
    mentions: z.array(Id).max(50, "must not name more than 50 users").optional().meta({ description: "Users who are told of it." }),
  })
  .meta({ examples: [{ text: "Decides in April." }] });
export const NoteEditBody = z.strictObject({ text: text(20_000).trim().min(1, "must not be empty").optional(), pinned: z.boolean().optional() });
const notes = { 200: { description: "Pinned ones first, then the newest.", body: z.strictObject({ items: z.array(Note).readonly() }) } } as const;
const noted = { 200: { description: "The note as it is now.", body: Note }, 202: written[202] } as const;

export const listLeadNotes = endpoint({
  id: "listLeadNotes",
  method: "GET",
  path: "/api/v1/leads/{id}/notes",
  tag: "Notes",
  summary: "Read a lead's notes",
  description: "Those of its opportunities too; at most 500.",
  scope: "read",
  access: "leads.read",
  params: Params,
  replies: notes,
});

export const addLeadNote = endpoint({
  id: "addLeadNote",
  method: "POST",
  path: "/api/v1/leads/{id}/notes",
  tag: "Notes",
  summary: "Write a note on a lead",
  scope: "write",
  access: "leads.edit",
  params: Params,
  body: NoteBody,
  replies: noted,
});

export const addOpportunityNote = endpoint({
  id: "addOpportunityNote",
  method: "POST",
  path: "/api/v1/opportunities/{id}/notes",
  tag: "Notes",
  summary: "Write a note on an opportunity",
  description: "It stands on the timeline of its lead too.",
  scope: "write",
  access: "opportunities.edit",
  params: Params,
  body: NoteBody,
  replies: noted,
});

export const editLeadNote = endpoint({
  id: "editLeadNote",
  method: "PATCH",
  path: "/api/v1/leads/{id}/notes/{note}",
  tag: "Notes",
  summary: "Edit a note",
  description: "One's own; what it said before stays in the history.",
  scope: "write",
  access: "leads.edit",
  params: NoteParams,
  body: NoteEditBody,
  replies: noted,
});

export const deleteLeadNote = endpoint({
  id: "deleteLeadNote",
  method: "DELETE",
  path: "/api/v1/leads/{id}/notes/{note}",
  tag: "Notes",
  summary: "Delete a note",
  description: "One's own; that it was there, and what it said, stays in the history.",
  scope: "write",
  access: "leads.edit",
  params: NoteParams,
  replies: { 200: { description: "It is gone from the notes.", body: z.strictObject({ outcome: z.literal("deleted"), note: Id }) }, 202: written[202] },
});
