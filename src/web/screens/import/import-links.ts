/** Where the numbers of an import lead. */
import type { LeadsSearch } from "../leads/leads-search.ts";

/** The leads that an import brought in. */
export function leadsOfImport(id: string): LeadsSearch {
  return { filter: { field: "import", op: "eq", value: id } };
}
