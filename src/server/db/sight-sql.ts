/**
 * The one place where what somebody sees becomes SQL: a condition on the table `lead l` that answers exactly what `isWithin`
 * in `core/access` answers; a property test holds the two together.
 *
 * Each part asks for bare columns or ids, so that an index on owner, team or id can answer it, and the planner, which knows
 * how many leads an owner and a team have, chooses between them and walking the list's own order.
 */
import type { Sieve } from "../../core/access/sight.ts";
import type { Parameters } from "./filter-sql.ts";

/** Through whom somebody looks, with the leads he holds something of and does not see otherwise. Null: everything is seen. */
export type Sight = (Sieve & { readonly held: readonly string[] }) | null;

/** A condition on `lead l`, or null when everything is seen. */
export function sightSql(sight: Sight, params: Parameters): string | null {
  if (sight === null) return null;
  const { teams, wholeTeams, owners, customers, held } = sight;
  const parts: string[] = [];
  if (owners.length > 0) parts.push(`l.owner_id = ${oneOf(owners, "uuid", params)}`);
  if (teams.length > 0) parts.push(`${wholeTeams ? "" : "l.owner_id is null and "}l.team = ${oneOf(teams, "text", params)}`);
  if (held.length > 0) parts.push(`l.id = ${oneOf(held, "uuid", params)}`);
  if (customers !== null && customers.stages.length > 0) {
    const stages = params.bind(customers.stages, "text[]");
    parts.push(`l.stage = any (${stages})`);
    if (customers.exits.length > 0) parts.push(`l.stage = any (${params.bind(customers.exits, "text[]")}) and l.state->'passes' ?| ${stages}`);
  }
  return parts.length === 0 ? "false" : `(${parts.map((part) => `(${part})`).join(" or ")})`;
}

/** The same for what belongs to a lead: a condition on the column that names it. */
export function sightOfLeadSql(sight: Sight, leadId: string, params: Parameters): string | null {
  const condition = sightSql(sight, params);
  return condition === null ? null : `exists (select from lead l where l.workspace_id = $1 and l.id = ${leadId} and ${condition})`;
}

/** And for companies: seen by those who see one of their leads. */
export function sightOfCompanySql(sight: Sight, companyId: string, params: Parameters): string | null {
  const condition = sightSql(sight, params);
  return condition === null
    ? null
    : `exists (select from contact k join lead l on l.workspace_id = k.workspace_id and l.id = k.lead_id where k.workspace_id = $1 and k.company_id = ${companyId} and ${condition})`;
}

/** One value is compared by itself: statistics know how often it comes. */
function oneOf(values: readonly string[], type: string, params: Parameters): string {
  return values.length === 1 ? params.bind(values[0], type) : `any (${params.bind(values, `${type}[]`)})`;
}
