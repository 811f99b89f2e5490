/** What stands in the address of the Leads screen. A pasted address shows a colleague the same rows, as far as he may see them. */
import type { Filter } from "../../../core/filter/filter.ts";

export type LeadsSearch = {
  /** The saved view this began with; filter, sort and columns say what is different from it. */
  readonly view?: string;
  readonly filter?: Filter;
  /** "-score,createdAt". */
  readonly sort?: string;
  readonly columns?: readonly string[];
};

export function readLeadsSearch(search: Record<string, unknown>): LeadsSearch {
  const { view, filter, sort, columns } = search;
  return {
    ...(typeof view === "string" && view !== "" ? { view } : {}),
    ...(isTree(filter) ? { filter } : {}),
    ...(typeof sort === "string" && /^-?[\w.]+(,-?[\w.]+)*$/.test(sort) ? { sort } : {}),
    ...(Array.isArray(columns) && columns.every((one) => typeof one === "string") ? { columns } : {}),
  };
}

/** The server checks a filter thoroughly; here only what would break the screen. */
export function isTree(value: unknown, depth = 0): value is Filter {
  if (typeof value !== "object" || value === null || depth > 12) return false;
  const node = value as Record<string, unknown>;
  for (const word of ["and", "or"]) if (word in node) return Array.isArray(node[word]) && node[word].every((part) => isTree(part, depth + 1));
  if ("not" in node) return isTree(node["not"], depth + 1);
  return typeof node["field"] === "string" && typeof node["op"] === "string" && isValue(node["value"]);
}

/** A scalar, several, or how many touches within how many days. */
function isValue(value: unknown): boolean {
  if (Array.isArray(value)) return value.every((one) => typeof one !== "object" && isValue(one));
  if (typeof value !== "object" || value === null) return value !== null;
  return typeof (value as { readonly count?: unknown }).count === "number";
}
