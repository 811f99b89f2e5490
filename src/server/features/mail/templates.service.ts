/** Mail templates: those that come with the house, and what the workspace has put in their place or added. */
import { DEFAULT_TEMPLATES } from "../../../core/mail/default-templates.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { blankLead } from "../../../core/flow/draft.ts";
import type { Deps } from "../../deps.ts";
import { notFound } from "../../problems.ts";
import { findTemplateRow, getPlace, listTemplateRows, removeTemplate, saveTemplate, type TemplateRow } from "./mail.queries.ts";
import { mergeFields } from "./merge-fields.service.ts";
import { type MergeFields, writeOut } from "./render.ts";

export type TemplateView = {
  readonly id: string;
  readonly name: string;
  readonly use: "lead" | "system";
  readonly subject: string;
  readonly body: string;
  readonly own: boolean;
  readonly updatedAt: string | null;
};

export type TemplateList = { readonly items: readonly TemplateView[]; readonly fields: readonly { readonly name: string; readonly label: string }[] };

export async function listTemplates(deps: Deps): Promise<TemplateList> {
  const [rows, { config }] = await Promise.all([listTemplateRows(deps.db), deps.configs.get(deps.db)]);
  const known = new Map(rows.map((row) => [row.id, row]));
  const defaults = DEFAULT_TEMPLATES.map((template) => viewOf(template.id, known.get(template.id) ?? null));
  const own = rows.filter(({ id }) => !DEFAULT_TEMPLATES.some((template) => template.id === id)).map((row) => viewOf(row.id, row));
  const custom = config.fields.map(({ key, label }) => ({ name: `lead.fields.${key}`, label }));
  return { items: [...defaults, ...own], fields: [...FIELDS.map(([name, label]) => ({ name, label })), ...custom] };
}

/** @throws Problem 404 */
export async function findTemplate(deps: Deps, id: string): Promise<TemplateView> {
  const row = await findTemplateRow(deps.db, id);
  if (row === null && !DEFAULT_TEMPLATES.some((template) => template.id === id)) throw notFound("mail template", id);
  return viewOf(id, row);
}

export async function createTemplate(deps: Deps, given: { readonly name: string; readonly subject: string; readonly body: string }): Promise<TemplateView> {
  const row: TemplateRow = { id: deps.newId(), ...given, name: given.name.trim(), updated_at: new Date(deps.now()) };
  await tryOut(deps, row, "lead");
  await saveTemplate(deps.db, row);
  return viewOf(row.id, row);
}

export async function changeTemplate(
  deps: Deps,
  id: string,
  change: { readonly name?: string | undefined; readonly subject?: string | undefined; readonly body?: string | undefined },
): Promise<TemplateView> {
  const was = await findTemplate(deps, id);
  const row: TemplateRow = {
    id,
    name: (change.name ?? was.name).trim(),
    subject: change.subject ?? was.subject,
    body: change.body ?? was.body,
    updated_at: new Date(deps.now()),
  };
  await tryOut(deps, row, was.use);
  await saveTemplate(deps.db, row);
  return viewOf(id, row);
}

export async function deleteTemplate(deps: Deps, id: string): Promise<string> {
  if (!(await removeTemplate(deps.db, id))) throw notFound("mail template of your own", id);
  return id;
}

function viewOf(id: string, row: TemplateRow | null): TemplateView {
  const base = DEFAULT_TEMPLATES.find((template) => template.id === id);
  const { name, subject, body } = row ?? base ?? { name: id, subject: "", body: "" };
  return { id, name, use: base?.use ?? "lead", subject, body, own: row !== null, updatedAt: row?.updated_at.toISOString() ?? null };
}

/** Writes it out for somebody of whom nothing is known. @throws Problem 422 that names what is wrong */
async function tryOut(deps: Deps, template: Pick<TemplateRow, "id" | "subject" | "body">, use: TemplateView["use"]): Promise<void> {
  const place = await getPlace(deps.db);
  writeOut(template, use === "system" ? systemFields(template.id, place.name) : await fieldsOfNobody(deps), place.timezone);
}

async function fieldsOfNobody(deps: Deps): Promise<MergeFields> {
  const now = deps.now();
  const lead: LeadState = blankLead({ leadId: "", inputId: "", now, actor: deps.actor, contested: [] }, now);
  const [{ config }, place] = await Promise.all([deps.configs.get(deps.db), getPlace(deps.db)]);
  return mergeFields(deps, lead, config, place, null);
}

/** What the house itself fills in. */
function systemFields(id: string, name: string): MergeFields {
  const shared = { workspace: { name }, person: { name: "Ada" }, link: "https://example.org" };
  if (id === "digest") return { ...shared, items: [{ title: "Something", detail: null }], count: 1, more: 0, due: 0 };
  return { ...shared, sender: { name: "Grace" }, expires: "tomorrow" };
}

const FIELDS: readonly (readonly [name: string, label: string])[] = [
  ["lead.firstName", "First name"],
  ["lead.lastName", "Last name"],
  ["lead.name", "Name"],
  ["lead.company", "Company"],
  ["lead.jobTitle", "Job title"],
  ["lead.country", "Country"],
  ["lead.city", "City"],
  ["lead.website", "Website"],
  ["lead.email", "E-mail"],
  ["lead.phone", "Phone"],
  ["lead.source", "Source"],
  ["lead.campaign", "Campaign"],
  ["lead.stage", "Stage"],
  ["lead.bant.budget", "Budget"],
  ["lead.bant.authority", "Authority"],
  ["lead.bant.need", "Need"],
  ["lead.bant.timeline", "Timeline"],
  ["owner.name", "Owner's name"],
  ["owner.email", "Owner's e-mail"],
  ["sender.name", "Your name"],
  ["sender.email", "Your e-mail"],
  ["workspace.name", "Workspace"],
];
