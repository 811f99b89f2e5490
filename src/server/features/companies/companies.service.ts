/** Companies: reading them, changing what they are called, and the roles people have there. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";
import type { Money } from "../../../core/flow/state.ts";
import { isDomain } from "../../../core/identity/identity.ts";
import { isUuid } from "../../../core/ids.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import { searchText } from "../../../core/search/search-text.ts";
import type { Deps } from "../../deps.ts";
import { companyKey } from "../../flow/cells.ts";
import { lockCompanies } from "../../flow/flow.queries.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { mustSeeLead, sightOf } from "../access/access.service.ts";
import { companyNotes } from "../leads/notes.service.ts";
import { whoReader } from "../leads/who.service.ts";
import { type Idempotency, idOf, named, type Write, write } from "../leads/write.service.ts";
import { getOpportunity, listOpportunities } from "../opportunities/opportunities.service.ts";
import { once } from "../workspaces/once.service.ts";
import * as queries from "./companies.queries.ts";

const MOST = 200;

export type CompanyView = ReturnType<typeof companyView>;

export async function listCompanies(
  deps: Deps,
  request: { readonly q?: string | undefined; readonly sort?: string | undefined; readonly limit: number; readonly cursor?: string | undefined },
) {
  const q = searchText((request.q ?? "").replaceAll("\0", " "));
  const sort = request.sort ?? "name";
  const order: queries.CompanyOrder = { by: sort.endsWith("createdAt") ? "createdAt" : "name", descending: sort.startsWith("-") };
  const after = request.cursor === undefined ? null : placeOf(request.cursor, sort);
  const rows = await queries.listCompanyRows(deps.db, { q: q === "" ? null : q, order, after, limit: request.limit + 1, sight: await sightOf(deps) });
  const page = rows.slice(0, request.limit);
  const last = rows.length > request.limit ? page.at(-1) : undefined;
  return { items: page.map(companyView), nextCursor: last === undefined ? null : Buffer.from(JSON.stringify([sort, last.key, last.id])).toString("base64url") };
}

const TIME = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d{1,6})?$/;

function placeOf(cursor: string, sort: string): queries.Place {
  try {
    const [of, key, id] = JSON.parse(Buffer.from(cursor, "base64url").toString()) as readonly unknown[];
    if (of === sort && typeof key === "string" && !key.includes("\0") && (sort.endsWith("name") || TIME.test(key)) && typeof id === "string" && isUuid(id))
      return { key, id };
  } catch {
    // Answered below, as any other text that is no cursor.
  }
  throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
}

export async function getCompany(deps: Deps, text: string) {
  const id = idOf("company", text);
  const sight = await sightOf(deps);
  const row = await queries.findCompany(deps.db, id, sight);
  if (row === null) throw notFound("company", text);
  const [contacts, opportunities, children, notes, facts, config, who] = await Promise.all([
    queries.listCompanyContacts(deps.db, id, sight, MOST),
    listOpportunities(deps, { company: id, limit: MOST }),
    queries.listChildren(deps.db, id, sight, MOST),
    companyNotes(deps, id),
    queries.listCompanyFacts(deps.db, id, MOST),
    deps.configs.get(deps.db),
    whoReader(deps),
  ]);
  return {
    company: companyView(row),
    contacts: contacts.map((contact) => contactView(contact, config)),
    opportunities: opportunities.items,
    children,
    notes,
    history: facts.map(({ id, at, type, actor, data }) => ({ id, at: at.toISOString(), by: who(actor), what: WORDS[type] ?? type, data })),
  };
}

const WORDS: Readonly<Record<string, string>> = {
  "company.updated": "Changed the company",
  "note.added": "Wrote a note",
  "note.edited": "Changed a note",
  "note.deleted": "Deleted a note",
};

export type CompanyEdit = { readonly name?: string | undefined; readonly domain?: string | null | undefined; readonly parent?: string | null | undefined };

export async function editCompany(
  deps: Deps,
  text: string,
  edit: CompanyEdit,
  options: { readonly ifVersion: number | undefined; readonly idempotency: Idempotency },
): Promise<CompanyView> {
  const id = idOf("company", text);
  await mustSeeCompany(deps, id, text);
  const domain = typeof edit.domain === "string" ? domainOf(edit.domain) : edit.domain;
  await once(deps, options.idempotency, async (deps) => {
    await lockCompanies(deps.db, [...(edit.name === undefined ? [] : [companyKey(edit.name)]), ...(typeof domain === "string" ? [domain] : [])]);
    const was = await queries.lockCompany(deps.db, id);
    if (was === null) throw notFound("company", text);
    if (options.ifVersion !== undefined && options.ifVersion !== was.version)
      throw new Problem(
        412,
        "version-mismatch",
        `The company is at version ${was.version}, the change was made on version ${options.ifVersion}. Read it again and repeat the change.`,
      );
    await checkDomain(deps, domain, id);
    const parent = edit.parent === undefined ? was.parent_id : await checkedParent(deps, edit.parent, id);
    const next = { ...was, name: edit.name ?? was.name, domain: domain === undefined ? was.domain : domain, parent_id: parent };
    const changes = { name: [was.name, next.name], domain: [was.domain, next.domain], parent: [was.parent_id, next.parent_id] };
    const changed = Object.fromEntries(Object.entries(changes).filter(([, [from, to]]) => from !== to));
    if (Object.keys(changed).length === 0) return { id };
    await queries.updateCompany(deps.db, next, { nameKey: companyKey(next.name), text: searchText(`${next.name} ${next.domain ?? ""}`) });
    await queries.insertCompanyFact(deps.db, id, {
      id: deps.newId(),
      at: new Date(deps.now()),
      type: "company.updated",
      actor: deps.actor,
      data: { changes: changed },
    });
    return { id };
  });
  const row = await queries.findCompany(deps.db, id, await sightOf(deps));
  if (row === null) throw notFound("company", text);
  return companyView(row);
}

export async function mustSeeCompany(deps: Deps, id: string, text: string): Promise<void> {
  if ((await queries.findCompany(deps.db, id, await sightOf(deps))) === null) throw notFound("company", text);
}

function domainOf(text: string): string | null {
  const domain = text.trim().toLowerCase();
  if (domain === "") return null;
  if (!isDomain(domain)) throw invalid(`"${text}" is no domain. Nothing was written.`, [{ path: "domain", message: "must be a domain as example.org" }]);
  return domain;
}

async function checkDomain({ db, viewer }: Deps, domain: string | null | undefined, id: string): Promise<void> {
  const other = typeof domain === "string" ? await queries.findByDomain(db, domain, id) : null;
  if (other !== null)
    throw new Problem(
      409,
      "domain-taken",
      `${viewer.sees === "all" ? `The company "${other}"` : "Another company"} has this domain already. Nothing was written.`,
      [{ path: "domain", message: "belongs to another company" }],
    );
}

async function checkedParent({ db }: Deps, parent: string | null, id: string): Promise<string | null> {
  if (parent === null) return null;
  const known = parent.toLowerCase();
  const above = isUuid(known) ? await queries.listAncestors(db, known) : [];
  if (above.length === 0)
    throw invalid("There is no such company to be the parent. Nothing was written.", [{ path: "parent", message: "must be the id of a company" }]);
  if (above.includes(id))
    throw invalid("A company cannot stand below itself. Nothing was written.", [{ path: "parent", message: "is this company, or below it" }]);
  return known;
}

export type Link = { readonly company?: string | undefined; readonly opportunity?: string | undefined; readonly role: string };

export async function linkContact(deps: Deps, id: string, { company, opportunity, role }: Link, idempotency: Idempotency): Promise<Write> {
  if ((company === undefined) === (opportunity === undefined))
    throw invalid("A role is one at a company or one in an opportunity: name one of both. Nothing was written.", [
      { path: "company", message: "or opportunity, one of both" },
    ]);
  const to = company === undefined ? "opportunity" : "company";
  const named_ = idOf(to, (company ?? opportunity) as string);
  if (to === "company") await mustSeeCompany(deps, named_, named_);
  else await getOpportunity(deps, named_);
  return write(deps, { kind: "link", to, id: named_, role }, named("lead", id), idempotency);
}

export async function unlinkContact(deps: Deps, id: string, contact: string, idempotency: Idempotency): Promise<Write> {
  return write(deps, { kind: "unlink", contactId: idOf("contact", contact) }, named("lead", id), idempotency);
}

export async function listLeadContacts(deps: Deps, text: string) {
  const id = idOf("lead", text);
  await mustSeeLead(deps, id, "lead", text);
  const [own, config, sight] = await Promise.all([queries.listLeadContacts(deps.db, id), deps.configs.get(deps.db), sightOf(deps)]);
  const companies = [...new Set(own.flatMap(({ company_id }) => (company_id === null ? [] : [company_id])))];
  const colleagues = (await Promise.all(companies.map((company) => queries.listCompanyContacts(deps.db, company, sight, MOST)))).flat();
  return {
    own: own.map((row) => ({
      id: row.id,
      role: row.role,
      company: row.company_id === null ? null : { id: row.company_id, name: row.company ?? "" },
      opportunity: row.opportunity_id === null ? null : { id: row.opportunity_id, name: row.opportunity ?? "" },
      since: row.created_at.toISOString(),
    })),
    colleagues: colleagues.filter(({ lead }) => lead.id !== id).map((contact) => contactView(contact, config)),
  };
}

function contactView(row: queries.ContactRow, config: CompiledConfig) {
  const { lead } = row;
  return {
    id: row.id,
    role: row.role,
    lead: {
      id: lead.id,
      name: leadName(lead),
      jobTitle: lead.job_title,
      email: lead.email,
      phone: lead.phone,
      stage: lead.stage,
      heat: lead.heat,
      score: lead.score / 100,
      owner: userRef(config, lead.owner_id),
    },
    opportunity: row.opportunity_id === null ? null : { id: row.opportunity_id, name: row.opportunity ?? "" },
    since: row.created_at.toISOString(),
  };
}

function companyView(row: queries.CompanyRow) {
  const sums = row.sums ?? [];
  const worth = (state: "open" | "won"): readonly Money[] =>
    sums.flatMap((sum) => (sum.state === state && sum.currency !== null ? [{ amount: Number(sum.amount), currency: sum.currency }] : []));
  return {
    id: row.id,
    version: row.version,
    name: row.name,
    domain: row.domain,
    parent: row.parent_id === null ? null : { id: row.parent_id, name: row.parent ?? "" },
    leads: row.leads,
    openOpportunities: sums.reduce((count, sum) => count + (sum.state === "open" ? sum.n : 0), 0),
    open: worth("open"),
    won: worth("won"),
    createdAt: row.created_at.toISOString(),
  };
}
