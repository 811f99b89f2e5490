/** What a filter means for whoever asks: checked, compiled, and kept to the leads he sees. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { FieldType } from "../../../core/config/config.ts";
import { type Condition, type Filter, type FilterField, filterProblems } from "../../../core/filter/filter.ts";
import { compileFilterSql, parameters, type Parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";
import type { Deps } from "../../deps.ts";
import { invalid } from "../../problems.ts";

/** A filter ready to be written into any number of statements. */
export type LeadFilter = {
  /** A condition on `lead l`, or null when it means every lead. */
  readonly where: (params: Parameters) => string | null;
  /** The best plan depends on the values. */
  readonly skewed: boolean;
};

/** @throws Problem 422 when the filter is not as it should be */
export function leadFilter(deps: Pick<Deps, "now" | "viewer">, config: CompiledConfig, filter: unknown, sight: Sight): LeadFilter {
  const read =
    filter === undefined || filter === null
      ? null
      : withMe(
          filterOf(filter, (key) => kindOfCustomField(config, key)),
          deps.viewer.userId,
        );
  const context = { stages: [...config.stages.keys()], now: deps.now() };
  return {
    where: (params) => bothOf(read === null ? null : compileFilterSql(read, context, params).text, sightSql(sight, params)),
    skewed: sight !== null || (read !== null && compileFilterSql(read, context, parameters()).skewed),
  };
}

const KINDS: { readonly [K in FieldType]: FilterField } = { text: "text", select: "text", date: "text", number: "number", boolean: "boolean" };

/** How filters and sorts see a field the workspace made. Dates compare as the text they are written as. */
export function kindOfCustomField(config: CompiledConfig, key: string): FilterField | null {
  const field = config.fields.get(key);
  return field === undefined ? null : KINDS[field.type];
}

export function filterOf(filter: unknown, customField: (key: string) => FilterField | null): Filter {
  const problems = filterProblems(filter, customField);
  if (problems.length > 0) throw invalid("The filter cannot be read.", problems);
  return filter as Filter;
}

/** "me" as an owner is whoever looks, so that one view fits everybody. */
function withMe(filter: Filter, userId: string | null): Filter {
  if ("and" in filter) return { and: filter.and.map((part) => withMe(part, userId)) };
  if ("or" in filter) return { or: filter.or.map((part) => withMe(part, userId)) };
  if ("not" in filter) return { not: withMe(filter.not, userId) };
  return filter.field === "owner" ? { ...filter, value: meant(filter.value, userId) } : filter;
}

function meant(value: Condition["value"], userId: string | null): Condition["value"] {
  const one = (item: unknown): unknown => (typeof item === "string" && item.toLowerCase() === "me" ? (userId ?? "nobody") : item);
  return (Array.isArray(value) ? value.map(one) : one(value)) as Condition["value"];
}

/** @throws Problem 422 when the text is not JSON */
export function readFilterText(text: string | undefined): unknown {
  if (text === undefined) return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw invalid(`The filter is not JSON: ${(error as Error).message}`, [{ path: "filter", message: "must be a filter tree as JSON" }]);
  }
}

function bothOf(filter: string | null, seen: string | null): string | null {
  return filter === null || seen === null ? (filter ?? seen) : `${filter} and ${seen}`;
}
