/**
 * Whom a reaction concerns: found from its facts and from the state before and after, so that no trade has to think of it.
 * Imports tell nobody lead by lead, and nobody is told of what he did himself.
 */
import type { UserRef } from "../config/config.ts";
import type { Work } from "../flow/draft.ts";
import type { LeadState } from "../flow/state.ts";
import { tell } from "./tell.ts";

/** Who hears of leads that sales gave back. */
const RETURNED_TO = ["marketing", "revenueOperations"] as const;

export function tellPeople(work: Work, before: LeadState | null): void {
  const { lead, meta, input } = work;
  if (input.kind === "import" || lead.resting || lead.deletedAt !== null) return;
  const assigned = lead.ownerId !== null && lead.ownerId !== (before?.ownerId ?? null) && !isMe(meta.actor, lead.ownerId) ? lead.ownerId : null;
  if (assigned !== null)
    tell(work, {
      event: "assigned",
      key: `assigned:${meta.inputId}:${lead.id}`,
      to: { user: assigned },
      title: `${leadTitle(lead)} is yours now`,
      detail: companyOf(lead),
    });
  if (lead.heat === "hot" && before !== null && before.heat !== "hot" && lead.ownerId !== null && lead.ownerId !== assigned)
    tell(work, {
      event: "hot",
      key: `hot:${meta.inputId}:${lead.id}`,
      to: { user: lead.ownerId },
      title: `${leadTitle(lead)} is hot`,
      detail: companyOf(lead),
    });
  work.facts.forEach((fact, i) => {
    if (fact.stage === "rejected" && before !== null) {
      const reason = typeof fact.data["reason"] === "string" ? fact.data["reason"] : null;
      tell(work, {
        event: "returned",
        key: `returned:${meta.inputId}:${lead.id}`,
        to: { roles: RETURNED_TO },
        title: `${leadTitle(lead)} was returned to marketing`,
        detail: reason,
      });
    }
    for (const user of mentionsIn(fact.data, work.config.config.users))
      if (!isMe(meta.actor, user))
        tell(work, {
          event: "mention",
          key: `mention:${meta.inputId}:${lead.id}:${i}`,
          to: { user },
          title: `You were mentioned at ${leadTitle(lead)}`,
          detail: excerptOf(fact.data),
        });
  });
}

/** Users named as "@Grace Hopper" in a text, and not in what it said before. */
function mentionsIn({ text, was }: Readonly<Record<string, unknown>>, users: readonly UserRef[]): readonly string[] {
  if (typeof text !== "string" || !text.includes("@")) return [];
  const [now, before] = [text.toLowerCase(), typeof was === "string" ? was.toLowerCase() : ""];
  return users.filter(({ name, active }) => active && names(now, name) && !names(before, name)).map(({ id }) => id);
}

function names(text: string, name: string): boolean {
  const mark = `@${name.toLowerCase()}`;
  for (let at = text.indexOf(mark); at >= 0; at = text.indexOf(mark, at + 1)) if (!/[\p{L}\p{N}]/u.test(text[at + mark.length] ?? " ")) return true;
  return false;
}

function isMe(actor: string, userId: string): boolean {
  return actor === `user:${userId}`;
}

/** What a person would call the lead. */
export function leadTitle(lead: Pick<LeadState, "firstName" | "lastName" | "company" | "email" | "phone">): string {
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null && part !== "").join(" ");
  return name === "" ? (lead.company ?? lead.email ?? lead.phone ?? "A lead") : name;
}

function companyOf(lead: LeadState): string | null {
  const name = [lead.firstName, lead.lastName].some((part) => part !== null);
  return name ? lead.company : null;
}

function excerptOf(data: Readonly<Record<string, unknown>>): string | null {
  const text = data["text"] ?? data["note"];
  return typeof text === "string" ? text.slice(0, 300) : null;
}
