/** Lists of leads: pages, jumping into a long list, what can be filtered by, and how the leads of a filter are spread. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Lead } from "./lead.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

export const NextStep = z
  .strictObject({ id: Id, kind: z.string(), title: z.string(), dueAt: Moment })
  .meta({ id: "NextStep", description: "The earliest open next step of a lead." });

export const LeadListItem = z
  .strictObject({ ...Lead.shape, nextStep: NextStep.nullable() })
  .meta({ id: "LeadListItem", description: "A lead as lists show it: with its earliest open next step." });

export type LeadListItemJson = z.input<typeof LeadListItem>;

export const FilterText = text(100_000).meta({
  description: 'A filter tree as JSON, as {"field":"stage","op":"eq","value":"mql"}; trees nest with and, or, not.',
});

const Fraction = z.coerce.number("must be a number").min(0, "must be from 0 to 1").max(1, "must be from 0 to 1");

export const listLeads = endpoint({
  id: "listLeads",
  method: "GET",
  path: "/api/v1/leads",
  tag: "Leads",
  summary: "List leads",
  description:
    "Filtered and sorted, a page at a time, in both directions. `around` jumps into the list, to 0 (the beginning), 0.5 (about the middle) or 1 (the last page); `position` then says where the page begins. Leads in the bin are in no list.",
  scope: "read",
  access: "leads.read",
  query: z.strictObject({
    filter: FilterText.optional(),
    sort: text(200)
      .optional()
      .meta({ description: "Fields separated by commas, a minus sign for descending.", examples: ["-score,createdAt"] }),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
    around: Fraction.optional().meta({ description: "Instead of a cursor: where in the list to begin, as a part of its length." }),
    total: z.enum(["true", "false"]).default("false").meta({ description: "Whether to count all leads that match." }),
  }),
  replies: {
    200: {
      description: "A page of leads.",
      body: z.strictObject({
        items: z.array(LeadListItem).readonly(),
        nextCursor: NextCursor,
        previousCursor: NextCursor.meta({ description: "Hand it back as `cursor` to get the page before; null on the first one, and without a cursor." }),
        total: z.int().nullable().optional().meta({ description: "Exact up to 10,000; null when there are more." }),
        estimate: z.int().nullable().optional().meta({ description: "About how many there are, when `total` is null; never below 10,001." }),
        position: z.strictObject({ from: z.number(), exact: z.boolean() }).optional().meta({
          description: "After a jump: which part of the list lies before this page, from 0 to 1, and whether that is counted or estimated from a sample.",
        }),
      }),
    },
  },
});

export const Facet = z
  .strictObject({ value: z.string().nullable(), label: z.string(), count: z.int() })
  .meta({ id: "FacetCount", description: "How many leads have a value; null stands for none." });

export const listLeadFacets = endpoint({
  id: "listLeadFacets",
  method: "GET",
  path: "/api/v1/leads/facets",
  tag: "Leads",
  summary: "Count leads by stage, owner, source and tag",
  description:
    "Of the leads that a filter means. Bounded in cost: with more leads than can be counted at once the counts are projected from a sample, and `exact` says so. Each list holds at most 50 values, the most frequent first.",
  scope: "read",
  access: "leads.read",
  query: z.strictObject({ filter: FilterText.optional() }),
  replies: {
    200: {
      description: "The counts.",
      body: z.strictObject({
        exact: z.boolean(),
        leads: z.int().meta({ description: "How many leads the filter means." }),
        stages: z.array(Facet).readonly(),
        owners: z.array(Facet).readonly(),
        teams: z.array(Facet).readonly(),
        sources: z.array(Facet).readonly(),
        heats: z.array(Facet).readonly(),
        tags: z.array(Facet).readonly(),
      }),
    },
  },
});

export const FilterFieldInfo = z
  .strictObject({
    field: z.string().meta({ examples: ["fields.need"] }),
    label: z.string(),
    group: z.enum(["lead", "person", "company", "origin", "score", "qualification", "times", "fields", "behaviour", "consent"]),
    type: z.enum(["text", "number", "boolean", "date", "tags", "touches", "stage", "status", "heat", "user", "team", "source", "select", "country", "import"]),
    operators: z.array(z.string()).readonly(),
    options: z
      .array(z.strictObject({ value: z.string(), label: z.string() }))
      .readonly()
      .nullable()
      .meta({ description: "The values there are, where they can be listed." }),
    sortable: z.boolean(),
  })
  .meta({ id: "FilterField", description: "A field that filters, sorts and columns can name." });

export type FilterFieldJson = z.input<typeof FilterFieldInfo>;

export const listLeadFields = endpoint({
  id: "listLeadFields",
  method: "GET",
  path: "/api/v1/leads/fields",
  tag: "Leads",
  summary: "List what leads can be filtered and sorted by",
  description: "Built-in fields, the workspace's own, behaviour and consent, each with its type, its operators and, where they can be listed, its values.",
  scope: "read",
  access: "leads.read",
  replies: { 200: { description: "The catalogue.", body: z.strictObject({ items: z.array(FilterFieldInfo).readonly() }) } },
});

export const listReturnReasons = endpoint({
  id: "listReturnReasons",
  method: "GET",
  path: "/api/v1/leads/return-reasons",
  tag: "Leads",
  summary: "List reasons for returning a lead",
  description:
    "Five to choose from: those given most for leads that lie returned now, then common ones. A reason that was given once only is named to those who see its lead.",
  scope: "read",
  access: "leads.read",
  replies: {
    200: {
      description: "The reasons.",
      body: z.strictObject({
        items: z.array(z.strictObject({ reason: z.string(), leads: z.int().meta({ description: "How many leads it was given for." }) })).readonly(),
      }),
    },
  },
});
