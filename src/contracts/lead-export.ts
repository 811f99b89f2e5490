/** Leads as a CSV file: those of a filter by an address that a browser can follow, or those that were selected. */
import { z } from "zod";
import { type Content, endpoint } from "./endpoint.ts";
import { FilterText } from "./lead-list.ts";
import { Id, text } from "./values.ts";

const DESCRIPTION =
  "UTF-8 with a byte order mark, comma, CRLF, quoted by RFC 4180; the first line names the columns by their labels, those of the workspace's own fields with the key in brackets. Times are by the workspace's clock. A cell that begins with = + - @, a tab or a carriage return gets an apostrophe before it, so that no spreadsheet takes it for a formula; importing the file takes it away again. The file is written while it is read, a page of leads at a time, each as it stands at that moment; an answer that broke off is incomplete. Only leads that the caller sees. The audit says who exported what, and how many.";

const sort = text(200)
  .optional()
  .meta({ description: "As in lists: fields separated by commas, a minus sign for descending.", examples: ["-score,createdAt"] });

const file = { 200: { description: "The file.", body: z.custom<Content>(() => true).meta({ type: "string" }) } } as const;

export const exportLeads = endpoint({
  id: "exportLeads",
  method: "GET",
  path: "/api/v1/leads/export",
  tag: "Leads",
  summary: "Export the leads of a filter as CSV",
  description: DESCRIPTION,
  scope: "read",
  access: "leads.export",
  query: z.strictObject({
    filter: FilterText.optional(),
    sort,
    columns: text(20_000)
      .optional()
      .meta({
        description: "Columns in their order, separated by commas, as `name,email,fields.need`; every column there is when left out.",
        examples: ["name,company,stage,score"],
      }),
  }),
  replies: file,
  produces: "text/csv",
});

const Columns = z.array(text(200)).max(1000, "must not have more than 1,000 columns").optional();
const Leads = z.array(Id).max(10_000, "must not have more than 10,000 ids").optional();

export const exportSelectedLeads = endpoint({
  id: "exportSelectedLeads",
  method: "POST",
  path: "/api/v1/leads/export",
  tag: "Leads",
  summary: "Export selected leads as CSV",
  description: `Leads named by their ids, or those of a filter without some. ${DESCRIPTION}`,
  scope: "read",
  access: "leads.export",
  body: z
    .strictObject({
      ids: Leads.meta({ description: "The leads, by id." }),
      filter: z.unknown().optional().meta({ description: "Or a filter tree; every lead when neither is given." }),
      except: Leads.meta({ description: "Leads that are left out." }),
      sort,
      columns: Columns.meta({ description: "Columns in their order; every column there is when left out." }),
    })
    .meta({ id: "LeadExport", examples: [{ ids: ["0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a"], columns: ["name", "email"] }] }),
  replies: file,
  produces: "text/csv",
});
