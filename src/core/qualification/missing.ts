/** What stands between a lead and a definition it does not meet: the conditions that fail, by the shortest way. */
import { compileFilter, type Condition, type Filter, type Subject } from "../filter/filter.ts";

/** `not`: the condition would have to fail. */
export type Gap = { readonly condition: Condition; readonly not: boolean };

/** Empty when the filter is met. Of alternatives the one with the fewest gaps counts. */
export function gapsOf(filter: Filter, subject: Subject, now: number): readonly Gap[] {
  if (compileFilter(filter)(subject, now)) return [];
  if ("and" in filter) return filter.and.flatMap((part) => gapsOf(part, subject, now));
  if ("or" in filter) return [...filter.or].map((part) => gapsOf(part, subject, now)).sort((a, b) => a.length - b.length)[0] ?? [];
  if ("not" in filter) return leavesOf(filter.not).map((condition) => ({ condition, not: true }));
  return [{ condition: filter, not: false }];
}

/** Every condition of a tree. */
export function leavesOf(filter: Filter): readonly Condition[] {
  if ("and" in filter) return filter.and.flatMap(leavesOf);
  if ("or" in filter) return filter.or.flatMap(leavesOf);
  return "not" in filter ? leavesOf(filter.not) : [filter];
}
