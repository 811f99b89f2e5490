/** Companies: the organisations behind leads, with their people and opportunities. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { written } from "./lead.ts";
import { Note, NoteBody, NoteEditBody } from "./lead-changes.ts";
import { Who } from "./lead-page.ts";
import { Opportunity } from "./opportunities.ts";
import { Cursor, Id, Limit, Moment, Money, NextCursor, text, UserRef } from "./values.ts";

const Params = z.strictObject({ id: Id });
const NoteParams = z.strictObject({ id: Id, note: Id });

export const Company = z
  .strictObject({
    id: Id,
    version: z.int(),
    name: z.string(),
    domain: z.string().nullable(),
    parent: z.strictObject({ id: Id, name: z.string() }).nullable(),
    leads: z.int().meta({ description: "Leads linked to it; exact up to 1,000." }),
    openOpportunities: z.int(),
    open: z.array(Money).readonly().meta({ description: "What its open opportunities are worth, a sum per currency." }),
    won: z.array(Money).readonly(),
    createdAt: Moment,
  })
  .meta({ id: "Company" });

export type CompanyJson = z.input<typeof Company>;

export const CompanyContact = z
  .strictObject({
    id: Id,
    role: z.string(),
    lead: z.strictObject({
      id: Id,
      name: z.string(),
      jobTitle: z.string().nullable(),
      email: z.string().nullable(),
      phone: z.string().nullable(),
      stage: z.string(),
      heat: z.string(),
      score: z.number(),
      owner: UserRef.nullable(),
    }),
    opportunity: z.strictObject({ id: Id, name: z.string() }).nullable(),
    since: Moment,
  })
  .meta({ id: "Contact", description: "A person's role at a company or in an opportunity." });

export const COMPANY_SORTS = ["name", "-name", "createdAt", "-createdAt"] as const;

export const listCompanies = endpoint({
  id: "listCompanies",
  method: "GET",
  path: "/api/v1/companies",
  tag: "Companies",
  summary: "List companies",
  description: "By name unless sorted otherwise; `q` keeps those whose name or domain contains it.",
  scope: "read",
  access: "companies.read",
  query: z.strictObject({ q: text(200).optional(), sort: z.enum(COMPANY_SORTS).optional(), limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of companies.", body: z.strictObject({ items: z.array(Company).readonly(), nextCursor: NextCursor }) } },
});

export const getCompany = endpoint({
  id: "getCompany",
  method: "GET",
  path: "/api/v1/companies/{id}",
  tag: "Companies",
  summary: "Read a company",
  description: "With its people, opportunities, subsidiaries and notes; at most 200 of each.",
  scope: "read",
  access: "companies.read",
  params: Params,
  replies: {
    200: {
      description: "The company. `ETag` carries its version.",
      body: z.strictObject({
        company: Company,
        contacts: z.array(CompanyContact).readonly(),
        opportunities: z.array(Opportunity).readonly(),
        children: z.array(z.strictObject({ id: Id, name: z.string() })).readonly(),
        notes: z.array(Note).readonly(),
        history: z.array(z.strictObject({ id: Id, at: Moment, by: Who, what: z.string(), data: z.record(z.string(), z.unknown()).readonly() })).readonly(),
      }),
    },
  },
});

export const editCompany = endpoint({
  id: "editCompany",
  method: "PATCH",
  path: "/api/v1/companies/{id}",
  tag: "Companies",
  summary: "Change a company's name, domain or parent",
  description: "Leads keep the name they were captured with. Two companies cannot have one domain.",
  scope: "write",
  access: "companies.edit",
  params: Params,
  ifMatch: true,
  body: z
    .strictObject({
      name: text().trim().min(1, "must not be empty").optional(),
      domain: text(253).nullable().optional(),
      parent: Id.nullable().optional(),
    })
    .meta({ id: "CompanyEdit", examples: [{ domain: "example.org" }] }),
  replies: { 200: { description: "The company.", body: Company } },
});

const noted = { 200: { description: "The note.", body: Note } } as const;

export const addCompanyNote = endpoint({
  id: "addCompanyNote",
  method: "POST",
  path: "/api/v1/companies/{id}/notes",
  tag: "Notes",
  summary: "Write a note on a company",
  scope: "write",
  access: "companies.edit",
  params: Params,
  body: NoteBody,
  replies: noted,
});

export const editCompanyNote = endpoint({
  id: "editCompanyNote",
  method: "PATCH",
  path: "/api/v1/companies/{id}/notes/{note}",
  tag: "Notes",
  summary: "Edit a note on a company",
  scope: "write",
  access: "companies.edit",
  params: NoteParams,
  body: NoteEditBody,
  replies: noted,
});

export const deleteCompanyNote = endpoint({
  id: "deleteCompanyNote",
  method: "DELETE",
  path: "/api/v1/companies/{id}/notes/{note}",
  tag: "Notes",
  summary: "Delete a note on a company",
  scope: "write",
  access: "companies.edit",
  params: NoteParams,
  replies: { 200: { description: "It is gone from the notes.", body: z.strictObject({ outcome: z.literal("deleted"), note: Id }) } },
});

export const linkContact = endpoint({
  id: "linkContact",
  method: "POST",
  path: "/api/v1/leads/{id}/contacts",
  tag: "Companies",
  summary: "Give a lead a role at a company or in an opportunity",
  description: "One of both. The opportunity may be another lead's: that is how a deal gets several contacts. The same link again changes its role.",
  scope: "write",
  access: "leads.edit",
  params: Params,
  body: z
    .strictObject({ company: Id.optional(), opportunity: Id.optional(), role: text(100).trim().min(1, "must not be empty") })
    .meta({ id: "ContactLink", examples: [{ opportunity: "0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a", role: "decision maker" }] }),
  replies: written,
});

export const unlinkContact = endpoint({
  id: "unlinkContact",
  method: "DELETE",
  path: "/api/v1/leads/{id}/contacts/{contact}",
  tag: "Companies",
  summary: "Take a lead's role away",
  scope: "write",
  access: "leads.edit",
  params: z.strictObject({ id: Id, contact: Id }),
  replies: written,
});

export const listLeadContacts = endpoint({
  id: "listLeadContacts",
  method: "GET",
  path: "/api/v1/leads/{id}/contacts",
  tag: "Companies",
  summary: "List a lead's roles, and the others at its company",
  scope: "read",
  access: "leads.read",
  params: Params,
  replies: {
    200: {
      description: "The lead's own roles, and its colleagues'.",
      body: z.strictObject({
        own: z
          .array(
            z.strictObject({
              id: Id,
              role: z.string(),
              company: z.strictObject({ id: Id, name: z.string() }).nullable(),
              opportunity: z.strictObject({ id: Id, name: z.string() }).nullable(),
              since: Moment,
            }),
          )
          .readonly(),
        colleagues: z.array(CompanyContact).readonly(),
      }),
    },
  },
});
