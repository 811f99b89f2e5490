/** Saved views: a filter, a sort and columns under a name. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, Moment, text, UserRef } from "./values.ts";

const Params = z.strictObject({ id: Id });
export const VIEW_SCOPES = ["private", "team", "workspace"] as const;

const Column = text(200).min(1, "must not be empty");
const fields = {
  name: text(100).trim().min(1, "must not be empty"),
  kind: z.enum(["leads", "opportunities", "companies"]).default("leads").meta({ description: "What it is a view of." }),
  layout: z.enum(["table", "board"]).default("table"),
  filter: z.unknown().nullable().meta({ description: 'A filter tree; null for everything. `{field: "owner", op: "eq", value: "me"}` means whoever looks.' }),
  sort: text(200).nullable().default(null),
  columns: z.array(Column).max(200, "must not have more than 200 columns").default([]),
};

export const View = z
  .strictObject({
    id: Id,
    name: z.string(),
    kind: z.enum(["leads", "opportunities", "companies"]),
    layout: z.enum(["table", "board"]),
    filter: z.unknown().nullable(),
    sort: z.string().nullable(),
    columns: z.array(z.string()).readonly(),
    scope: z.enum(VIEW_SCOPES),
    team: z.string().nullable(),
    owner: UserRef.nullable(),
    mine: z.boolean(),
    editable: z.boolean(),
    version: z.int(),
    createdAt: Moment,
    updatedAt: Moment,
    broken: z.string().nullable().meta({ description: "Why it cannot be opened just now: it names a field that is gone." }),
  })
  .meta({ id: "View", description: "A saved view." });

export type ViewJson = z.input<typeof View>;

export const listViews = endpoint({
  id: "listViews",
  method: "GET",
  path: "/api/v1/views",
  tag: "Views",
  summary: "List saved views",
  description: "One's own, those of one's teams and those of the workspace, in one's own order.",
  scope: "read",
  access: "leads.read",
  query: z.strictObject({ kind: z.enum(["leads", "opportunities", "companies"]).default("leads") }),
  replies: { 200: { description: "The views.", body: z.strictObject({ items: z.array(View).readonly() }) } },
});

export const countViews = endpoint({
  id: "countViews",
  method: "GET",
  path: "/api/v1/views/counts",
  tag: "Views",
  summary: "Count the leads of each view",
  description: "Exact up to 1,000; `more` says that there are more. Views of leads only.",
  scope: "read",
  access: "leads.read",
  replies: {
    200: { description: "The counts.", body: z.strictObject({ items: z.array(z.strictObject({ id: Id, count: z.int(), more: z.boolean() })).readonly() }) },
  },
});

export const createView = endpoint({
  id: "createView",
  method: "POST",
  path: "/api/v1/views",
  tag: "Views",
  summary: "Save a view",
  description: "A view of a team or of the workspace takes the right to share views.",
  scope: "write",
  access: "leads.read",
  body: z
    .strictObject({ ...fields, scope: z.enum(VIEW_SCOPES).default("private"), team: text(100).optional() })
    .meta({ id: "ViewBody", examples: [{ name: "Hot and mine", filter: { field: "heat", op: "eq", value: "hot" }, sort: "-score" }] }),
  replies: { 201: { description: "It is saved.", body: View } },
});

export const changeView = endpoint({
  id: "changeView",
  method: "PATCH",
  path: "/api/v1/views/{id}",
  tag: "Views",
  summary: "Change a view",
  scope: "write",
  access: "leads.read",
  params: Params,
  ifMatch: true,
  body: z
    .strictObject({
      name: fields.name.optional(),
      layout: z.enum(["table", "board"]).optional(),
      filter: z.unknown().nullable().optional(),
      sort: text(200).nullable().optional(),
      columns: z.array(Column).max(200, "must not have more than 200 columns").optional(),
      scope: z.enum(VIEW_SCOPES).optional(),
      team: text(100).optional(),
    })
    .meta({ id: "ViewChange" }),
  replies: { 200: { description: "The view.", body: View } },
});

export const deleteView = endpoint({
  id: "deleteView",
  method: "DELETE",
  path: "/api/v1/views/{id}",
  tag: "Views",
  summary: "Delete a view",
  scope: "write",
  access: "leads.read",
  params: Params,
  replies: { 200: { description: "It is gone.", body: z.strictObject({ outcome: z.literal("deleted"), id: Id }) } },
});

export const orderViews = endpoint({
  id: "orderViews",
  method: "PUT",
  path: "/api/v1/views/order",
  tag: "Views",
  summary: "Put views in one's own order",
  description: "Views not named follow behind.",
  scope: "write",
  access: "self",
  body: z.strictObject({ ids: z.array(Id).max(500, "must not have more than 500 ids") }),
  replies: { 200: { description: "The views in their order.", body: z.strictObject({ items: z.array(View).readonly() }) } },
});
