/** Roles: which company and which opportunities a lead is linked to, as what; and the parts of an opportunity people edit. */
import { added, newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, Input, Need } from "../flow/input.ts";
import type { Contact, Opportunity } from "../flow/state.ts";
import { writeProfile } from "../profile/profile.ts";
import { dayOfDate } from "../time.ts";

/** Gives the lead a role; the same link again changes it. The first company a lead is linked to becomes its own. */
export function* linkContact(work: Work, { to, id, role }: Extract<Input, { kind: "link" }>): Generator<Need, void, Answer> {
  const { lead, meta } = work;
  const answer = yield { kind: "exists", what: to, id };
  const name = answer.kind === "exists" ? answer.name : null;
  if (name === null) throw new Refused(refuse(404, "not-found", `There is no ${to} ${id}.`));
  const there = lead.contacts.find((contact) => (to === "company" ? contact.companyId : contact.opportunityId) === id);
  if (there?.role === role) return;
  const contact: Contact =
    there === undefined
      ? { id: newId(work), companyId: to === "company" ? id : null, opportunityId: to === "opportunity" ? id : null, role, createdAt: meta.now }
      : { ...there, role };
  lead.contacts = there === undefined ? added(lead.contacts, contact) : lead.contacts.map((candidate) => (candidate.id === contact.id ? contact : candidate));
  work.changed = true;
  note(work, "contact.linked", { contact: contact.id, [to]: id, name, role, ...(there === undefined ? {} : { from: there.role }) });
  if (to === "company" && lead.companyId === null) {
    writeProfile(work, { company: name });
    lead.companyId = id;
    work.versioned = true;
  }
}

export function unlinkContact(work: Work, contactId: string): void {
  const { lead } = work;
  const contact = lead.contacts.find((candidate) => candidate.id === contactId);
  if (contact === undefined) throw new Refused(refuse(404, "not-found", `This lead has no role ${contactId}.`));
  if (contact.opportunityId !== null && lead.opportunities.some(({ id }) => id === contact.opportunityId))
    throw new Refused(refuse(409, "own-opportunity", "The opportunity came from this lead, so the lead stays linked to it. Nothing was written."));
  lead.contacts = lead.contacts.filter((candidate) => candidate.id !== contactId);
  work.changed = true;
  note(work, "contact.unlinked", {
    contact: contact.id,
    role: contact.role,
    ...(contact.companyId === null ? { opportunity: contact.opportunityId } : { company: contact.companyId }),
  });
  if (contact.companyId === null || contact.companyId !== lead.companyId) return;
  lead.companyId = null;
  work.versioned = true;
}

/** What `If-Match` compares for an opportunity: its last change, short enough for a header and for people. */
export function opportunityVersion(updatedAt: number): number {
  return updatedAt % 1_000_000_000;
}

export function editOpportunity(work: Work, input: Extract<Input, { kind: "editOpportunity" }>): void {
  const { lead, meta } = work;
  const was = lead.opportunities.find((candidate) => candidate.id === input.opportunityId);
  if (was === undefined) throw new Refused(refuse(404, "not-found", `There is no opportunity ${input.opportunityId}.`));
  if (input.ifVersion !== undefined && input.ifVersion !== opportunityVersion(was.updatedAt))
    throw new Refused(
      refuse(412, "version-mismatch", "The opportunity has changed since it was read. Nothing was written: read it again and repeat the change."),
    );
  checkOpportunity(work, input);
  const next: Opportunity = {
    ...was,
    name: input.name ?? was.name,
    amount: input.value === undefined ? was.amount : (input.value?.amount ?? null),
    currency: input.value === undefined ? was.currency : (input.value?.currency ?? null),
    closeDate: input.closeDate === undefined ? was.closeDate : input.closeDate,
    nextMeeting: input.nextMeeting === undefined ? was.nextMeeting : input.nextMeeting,
    ownerId: input.owner === undefined ? was.ownerId : input.owner,
  };
  const changes = Object.fromEntries(
    (["name", "amount", "currency", "closeDate", "nextMeeting", "ownerId"] as const).flatMap((key) =>
      was[key] === next[key] ? [] : [[key, [was[key], next[key]]]],
    ),
  );
  if (Object.keys(changes).length === 0) return;
  lead.opportunities = lead.opportunities.map((candidate) => (candidate.id === was.id ? { ...next, updatedAt: meta.now } : candidate));
  work.changed = true;
  note(work, "opportunity.updated", { opportunity: was.id, name: next.name, changes });
}

function checkOpportunity({ config }: Work, { owner, closeDate }: Extract<Input, { kind: "editOpportunity" }>): void {
  const problems: { path: string; message: string }[] = [];
  if (typeof owner === "string" && !config.config.users.some((user) => user.id === owner && user.active))
    problems.push({ path: "owner", message: "must be the id of an active user" });
  if (typeof closeDate === "string" && dayOfDate(closeDate) === null) problems.push({ path: "closeDate", message: 'must be a date as "YYYY-MM-DD"' });
  if (problems.length > 0) throw new Refused(refuse(422, "invalid", "The opportunity is not as it should be. Nothing was written.", problems));
}
