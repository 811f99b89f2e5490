/** What is known already for the fields of a task's form, so that nobody is asked twice. */
import type { CompiledConfig } from "../config/compile.ts";
import type { FormField } from "../config/config.ts";
import type { BantPart, FormAnswers, LeadState, Money, ProfileKey } from "../flow/state.ts";

/** Answers given before come first, the latest of each; then the open opportunity, the owner, and the lead itself. */
export function knownAnswers(lead: LeadState, fields: readonly FormField[], { config }: Pick<CompiledConfig, "config">): FormAnswers {
  const given = Object.assign({}, ...[...lead.tasks].sort((a, b) => (a.doneAt ?? 0) - (b.doneAt ?? 0)).map((task) => task.form ?? {})) as FormAnswers;
  const known: Record<string, string | Money> = {};
  for (const field of fields) {
    const answer = given[field.key] ?? implied(lead, field);
    if (answer === undefined || answer === null || answer === "") continue;
    if (field.type === "team" && !config.teams.some(({ id }) => id === answer)) continue;
    if (field.type === "user" && !config.users.some(({ id, active }) => id === answer && active)) continue;
    known[field.key] = answer;
  }
  return known;
}

function implied(lead: LeadState, { key, type }: FormField): string | Money | null | undefined {
  const opportunity = lead.opportunities.findLast(({ wonAt, lostAt }) => wonAt === null && lostAt === null);
  switch (type) {
    case "money":
      return opportunity === undefined || opportunity.amount === null || opportunity.currency === null
        ? null
        : { amount: opportunity.amount, currency: opportunity.currency };
    case "date":
      return opportunity?.closeDate;
    case "dateTime":
      return opportunity?.nextMeeting == null ? null : new Date(opportunity.nextMeeting).toISOString();
    case "team":
      return lead.team;
    case "user":
      return key === "opportunityOwner" ? (opportunity?.ownerId ?? lead.ownerId) : lead.ownerId;
    default: {
      const value = lead[key as ProfileKey] ?? lead.bant[key as BantPart] ?? lead.fields[key];
      return typeof value === "string" ? value : value === undefined || value === null || typeof value === "object" ? null : String(value);
    }
  }
}
