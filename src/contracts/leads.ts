/** Leads: capturing, reading, editing and moving them. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { AssignBody, CaptureBody, captured, ConvertBody, EditBody, Fact, Lead, RejectBody, StageBody, written } from "./lead.ts";
import { Problem } from "./problem.ts";
import { ScoreExplanation } from "./score.ts";
import { Task } from "./task.ts";
import { Cursor, Id, Limit, NextCursor } from "./values.ts";

export const LeadParams = z.strictObject({ id: Id });

export const captureLead = endpoint({
  id: "captureLead",
  method: "POST",
  path: "/api/v1/leads",
  tag: "Leads",
  summary: "Capture a lead",
  description:
    "Finds the person by external id, e-mail, phone or visitor, or makes a new lead; then scores, qualifies and routes it, all in one transaction, and answers after COMMIT. Later values replace earlier ones, but a source and a campaign stay what they first were.",
  scope: "write",
  access: "leads.create",
  body: CaptureBody,
  replies: captured,
});

/** Each lead of a batch is checked by itself, so that one bad row does not refuse its neighbours. */
export const BatchItem = z.union([
  z.strictObject({ outcome: z.enum(["created", "updated", "unchanged"]), id: Id }),
  z.strictObject({ outcome: z.literal("held"), intakeId: Id }),
  z.strictObject({ outcome: z.literal("refused"), problem: Problem }),
]);

export const captureLeads = endpoint({
  id: "captureLeads",
  method: "POST",
  path: "/api/v1/leads/batch",
  tag: "Leads",
  summary: "Capture up to 1,000 leads",
  description: "Not atomic: each lead has its own result, in order, with a problem where it was refused. Each is a capture as in `POST /api/v1/leads`.",
  scope: "write",
  access: "leads.create",
  bodyLimit: 8 << 20,
  body: z
    .strictObject({ leads: z.array(z.unknown()).max(1000, "must not have more than 1,000 leads") })
    .meta({ examples: [{ leads: [{ email: "ada@example.org" }, { firstName: "Grace", lastName: "Hopper" }] }] }),
  replies: { 200: { description: "One result a lead, in order.", body: z.strictObject({ results: z.array(BatchItem).readonly() }) } },
});

export const getLead = endpoint({
  id: "getLead",
  method: "GET",
  path: "/api/v1/leads/{id}",
  tag: "Leads",
  summary: "Read a lead",
  description: "`ETag` carries its version, for `If-Match`.",
  scope: "read",
  access: "leads.read",
  params: LeadParams,
  replies: { 200: { description: "The lead.", body: Lead } },
});

export const editLead = endpoint({
  id: "editLead",
  method: "PATCH",
  path: "/api/v1/leads/{id}",
  tag: "Leads",
  summary: "Edit a lead",
  description:
    "With `If-Match` an edit made on an older version is merged field by field; when somebody else changed one of the same fields since, nothing is written and 412 names them.",
  scope: "write",
  access: "leads.edit",
  params: LeadParams,
  body: EditBody,
  ifMatch: true,
  replies: written,
});

export const listFacts = endpoint({
  id: "listFacts",
  method: "GET",
  path: "/api/v1/leads/{id}/facts",
  tag: "Leads",
  summary: "Read a lead's history",
  description: "What happened, newest first, with who did it and why.",
  scope: "read",
  access: "leads.read",
  params: LeadParams,
  query: z.strictObject({ limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of facts.", body: z.strictObject({ items: z.array(Fact).readonly(), nextCursor: NextCursor }) } },
});

export const explainLeadScore = endpoint({
  id: "explainLeadScore",
  method: "GET",
  path: "/api/v1/leads/{id}/score",
  tag: "Leads",
  summary: "Explain a lead's score",
  description:
    "As of now, under the live model. The points of the lines add up to the score; every line says what it stands on, what a half-life has taken, and when it ends. `below` and `cools` foretell what becomes of it if nothing happens, `raise` says what would add most.",
  scope: "read",
  access: "leads.read",
  params: LeadParams,
  replies: { 200: { description: "The score and its reasons.", body: ScoreExplanation } },
});

export const listLeadTasks = endpoint({
  id: "listLeadTasks",
  method: "GET",
  path: "/api/v1/leads/{id}/tasks",
  tag: "Tasks",
  summary: "List a lead's next steps",
  description: "All passes, in order of creation; done and superseded ones too.",
  scope: "read",
  access: "tasks.read",
  params: LeadParams,
  replies: { 200: { description: "The lead's tasks.", body: z.strictObject({ items: z.array(Task).readonly() }) } },
});

export const moveLead = endpoint({
  id: "moveLead",
  method: "POST",
  path: "/api/v1/leads/{id}/stage",
  tag: "Leads",
  summary: "Start a stage by hand",
  description: "Any stage, any number of times; each pass is kept. An exit needs a reason.",
  scope: "write",
  access: "leads.move",
  params: LeadParams,
  body: StageBody,
  replies: written,
});

export const acceptLead = endpoint({
  id: "acceptLead",
  method: "POST",
  path: "/api/v1/leads/{id}/accept",
  tag: "Leads",
  summary: "Accept a lead",
  description: "For a process with acceptance: moves a marketing qualified lead to `sal`.",
  scope: "write",
  access: "leads.move",
  params: LeadParams,
  body: z.strictObject({}).optional(),
  replies: written,
});

export const rejectLead = endpoint({
  id: "rejectLead",
  method: "POST",
  path: "/api/v1/leads/{id}/reject",
  tag: "Leads",
  summary: "Return a lead to marketing",
  scope: "write",
  access: "leads.move",
  params: LeadParams,
  body: RejectBody,
  replies: written,
});

export const convertLead = endpoint({
  id: "convertLead",
  method: "POST",
  path: "/api/v1/leads/{id}/convert",
  tag: "Leads",
  summary: "Convert a lead to an opportunity",
  description:
    "Makes or finds the company, links the contact and opens an opportunity; with a next meeting it opens at `presentation`. Answers left out come from Qualify.",
  scope: "write",
  access: "leads.convert",
  params: LeadParams,
  body: ConvertBody.optional(),
  replies: written,
});

export const assignLead = endpoint({
  id: "assignLead",
  method: "POST",
  path: "/api/v1/leads/{id}/assign",
  tag: "Leads",
  summary: "Give a lead an owner",
  scope: "write",
  access: "leads.assign",
  params: LeadParams,
  body: AssignBody,
  replies: written,
});
