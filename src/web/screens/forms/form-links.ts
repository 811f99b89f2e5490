/** Where the numbers of a form lead. */
import type { LeadsSearch } from "../leads/leads-search.ts";

/** Leads that sent the form within the last thirty days. */
export function leadsOfForm(id: string): LeadsSearch {
  return { filter: { field: `touches.form:${id}`, op: "gte", value: { count: 1, withinDays: 30 } } };
}
