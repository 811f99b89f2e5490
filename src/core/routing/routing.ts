/**
 * Routing: which rule takes a lead, and who of its team is next.
 *
 * The deal itself is one number: how many leads the pool has dealt since its list of members last changed. Whoever holds
 * that number modulo the list is next, which is exact under any concurrency as long as numbers are handed out once.
 */
import type { Config } from "../config/config.ts";
import { compileFilter, type Predicate } from "../filter/filter.ts";
import { subjectOf } from "../flow/subject.ts";
import type { LeadState } from "../flow/state.ts";

export type CompiledRouting = {
  readonly rules: readonly { readonly id: string; readonly team: string; readonly when: Predicate | null }[];
  /** Active members of each team, in the order of the team's list. */
  readonly members: ReadonlyMap<string, readonly string[]>;
};

export type Route = { readonly rule: string; readonly team: string; readonly members: readonly string[] };

export function compileRouting(config: Config): CompiledRouting {
  const active = new Set(config.users.filter((user) => user.active).map((user) => user.id));
  return {
    rules: config.routing.rules.map((rule) => ({ id: rule.id, team: rule.team, when: rule.when === null ? null : compileFilter(rule.when) })),
    members: new Map(config.teams.map((team) => [team.id, team.members.filter((id) => active.has(id))])),
  };
}

/** The first rule that takes the lead and has somebody to give it to; null sends it to the fallback queue. */
export function chooseRoute(routing: CompiledRouting, state: LeadState, now: number): Route | null {
  const subject = subjectOf(state);
  for (const rule of routing.rules) {
    if (rule.when !== null && !rule.when(subject, now)) continue;
    const members = routing.members.get(rule.team) ?? [];
    if (members.length > 0) return { rule: rule.id, team: rule.team, members };
  }
  return null;
}

/** Who is dealt lead number `index` of the pool. */
export function memberAt(members: readonly string[], index: number): string {
  return members[index % members.length] as string;
}
