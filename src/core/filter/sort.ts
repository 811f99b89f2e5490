/**
 * Sorts: a list of fields, each up or down, as lists and views write them: `-score,createdAt`. Empty values come last
 * either way.
 */
import type { FilterField } from "./filter.ts";

export type SortTerm = { readonly field: string; readonly descending: boolean };
export type Sort = readonly SortTerm[];

export const SORT_FIELDS = ["score", "capturedAt", "createdAt", "updatedAt", "stageAt", "stage", "lastName", "company", "email"] as const;

const MOST = 4;

/** The sort, or in words what is wrong with it. Custom fields are asked of the caller. */
export function parseSort(text: string, customField: (key: string) => FilterField | null): Sort | string {
  const terms = text.split(",").map((part) => ({ field: part.trim().replace(/^[-+]/, ""), descending: part.trim().startsWith("-") }));
  if (terms.length > MOST) return `takes at most ${MOST} fields`;
  for (const { field } of terms) {
    const known = (SORT_FIELDS as readonly string[]).includes(field) || (field.startsWith("fields.") && customField(field.slice(7)) !== null);
    if (!known) return `cannot sort by "${field}"; it takes ${SORT_FIELDS.join(", ")} and fields.<key>, each with "-" before it to turn it around`;
  }
  if (new Set(terms.map((term) => term.field)).size < terms.length) return "names a field twice";
  return terms;
}

export function formatSort(sort: Sort): string {
  return sort.map((term) => (term.descending ? `-${term.field}` : term.field)).join(",");
}
