/**
 * Filters: one typed tree of conditions for lists, segments, definitions, scoring rules and routing.
 *
 * Here it is checked and evaluated in memory; the server compiles the same tree to SQL, and a property test holds the two
 * together. A missing value answers no to every comparison but `ne` and `isEmpty`.
 */
import { dayOf } from "../time.ts";

export type Scalar = string | number | boolean;

export type Op = "eq" | "ne" | "in" | "lt" | "lte" | "gt" | "gte" | "contains" | "startsWith" | "isEmpty" | "between";

export type TouchCount = { readonly count: number; readonly withinDays?: number | undefined };

export type Condition = {
  readonly field: string;
  readonly op: Op;
  readonly value?: Scalar | readonly Scalar[] | TouchCount | undefined;
};

export type Filter = Condition | { readonly and: readonly Filter[] } | { readonly or: readonly Filter[] } | { readonly not: Filter };

/** What a filter can ask. `read` gives a field's value, `folded` the same with texts in lower case (see `foldCase`); dates are milliseconds. `touches` counts a kind or facet within the last days (today included), or ever. */
export type Subject = {
  read(field: string): FieldContent;
  folded(field: string): FieldContent;
  touches(facet: string, withinDays: number | null, today: number): number;
};

export type FieldContent = Scalar | readonly string[] | null;

export type Predicate = (subject: Subject, now: number) => boolean;

const NEVER: Predicate = () => false;

/** Prepares a tree for many evaluations. The tree must have passed `filterProblems`. */
export function compileFilter(filter: Filter): Predicate {
  if ("and" in filter) return all(filter.and.map(compileFilter));
  if ("or" in filter) return any(filter.or.map(compileFilter));
  if ("not" in filter) {
    const inner = compileFilter(filter.not);
    return (subject, now) => !inner(subject, now);
  }
  return condition(filter);
}

function all(parts: readonly Predicate[]): Predicate {
  return (subject, now) => {
    for (const part of parts) if (!part(subject, now)) return false;
    return true;
  };
}

function any(parts: readonly Predicate[]): Predicate {
  return (subject, now) => {
    for (const part of parts) if (part(subject, now)) return true;
    return false;
  };
}

function condition({ field, op, value }: Condition): Predicate {
  if (field.startsWith("touches.")) return touchCondition(field.slice(8), op, value);
  const date = isDateField(field);
  const known = (v: Scalar): Scalar => (date && typeof v === "string" ? dateBound(v) : typeof v === "string" ? foldCase(v) : v);
  switch (op) {
    case "isEmpty": {
      const wanted = value !== false;
      return (subject) => isEmpty(subject.read(field)) === wanted;
    }
    case "eq":
    case "ne": {
      const wanted = known(value as Scalar);
      const equal: Predicate = (subject) => some(subject.folded(field), (v) => v === wanted);
      return op === "eq" ? equal : (subject, now) => !equal(subject, now);
    }
    case "in": {
      const wanted = new Set((value as readonly Scalar[]).map(known));
      return (subject) => some(subject.folded(field), (v) => wanted.has(v));
    }
    case "contains":
    case "startsWith": {
      const wanted = foldCase(value as string);
      return (subject) => some(subject.folded(field), (v) => typeof v === "string" && (op === "contains" ? v.includes(wanted) : v.startsWith(wanted)));
    }
    case "between": {
      const [low, high] = (value as readonly Scalar[]).map(known);
      if (low === undefined || high === undefined) return NEVER;
      return (subject) => some(subject.folded(field), (v) => typeof v === typeof low && v >= low && v <= high);
    }
    default: {
      const bound = known(value as Scalar);
      return (subject) => some(subject.folded(field), (v) => typeof v === typeof bound && compare(v, op, bound));
    }
  }
}

function touchCondition(facet: string, op: Op, value: Condition["value"]): Predicate {
  const { count, withinDays } = value as TouchCount;
  return (subject, now) => compare(subject.touches(facet, withinDays ?? null, dayOf(now)), op, count);
}

function compare(left: Scalar, op: Op, right: Scalar): boolean {
  switch (op) {
    case "lt":
      return left < right;
    case "lte":
      return left <= right;
    case "gt":
      return left > right;
    case "gte":
      return left >= right;
    case "ne":
      return left !== right;
    default:
      return left === right;
  }
}

function some(value: FieldContent, test: (value: Scalar) => boolean): boolean {
  if (value === null) return false;
  return typeof value === "object" ? value.some(test) : test(value);
}

export function foldContent(value: FieldContent): FieldContent {
  if (typeof value === "string") return foldCase(value);
  return typeof value === "object" && value !== null ? value.map(foldCase) : value;
}

const SPECIAL = /[İΣ]/;

/** Lower case letter by letter, as PostgreSQL does it: no dot beside the i of İ, and no other sigma at the end of a word. */
export function foldCase(text: string): string {
  return SPECIAL.test(text) ? text.replaceAll("İ", "i").replaceAll("Σ", "σ").toLowerCase() : text.toLowerCase();
}

function isEmpty(value: FieldContent): boolean {
  return value === null || value === "" || (typeof value === "object" && value.length === 0);
}

/** Fields that hold a moment; their bounds are given as ISO dates or times. */
export const DATE_FIELDS = ["capturedAt", "createdAt", "updatedAt", "stageAt"] as const;

export function isDateField(field: string): boolean {
  return (DATE_FIELDS as readonly string[]).includes(field);
}

function dateBound(text: string): number {
  return Date.parse(text);
}

/** The text columns of a lead that filters and sorts know by these names. */
export const TEXT_FIELDS = [
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "company",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
  "stage",
  "status",
  "heat",
  "owner",
  "team",
  "import",
] as const;
export const NUMBER_FIELDS = ["score", "scores.fit", "scores.engagement", "scores.bant", "scores.quality", "scores.freshness"] as const;

export type FilterField = "text" | "number" | "boolean" | "date" | "tags" | "touches";

/** What kind of value a field holds, or null when there is no such field. Custom fields are asked of the caller. */
export function kindOfField(field: string, customField: (key: string) => FilterField | null): FilterField | null {
  if ((TEXT_FIELDS as readonly string[]).includes(field)) return "text";
  if ((NUMBER_FIELDS as readonly string[]).includes(field)) return "number";
  if (isDateField(field)) return "date";
  if (field === "tags") return "tags";
  if (field.startsWith("fields.")) return customField(field.slice(7));
  if (field.startsWith("bant.")) return ["budget", "authority", "need", "timeline"].includes(field.slice(5)) ? "text" : null;
  if (field.startsWith("consent.")) return "boolean";
  if (field.startsWith("touches.") && field.length > 8) return "touches";
  return null;
}

export const OPS: Record<FilterField, readonly Op[]> = {
  text: ["eq", "ne", "in", "contains", "startsWith", "isEmpty", "lt", "lte", "gt", "gte", "between"],
  number: ["eq", "ne", "in", "lt", "lte", "gt", "gte", "between", "isEmpty"],
  boolean: ["eq", "ne", "isEmpty"],
  date: ["eq", "ne", "lt", "lte", "gt", "gte", "between", "isEmpty"],
  tags: ["eq", "ne", "in", "contains", "isEmpty"],
  touches: ["eq", "ne", "lt", "lte", "gt", "gte"],
};

/** What is wrong with a tree, in words with a path; an empty list means it may be compiled. Trees deeper than 12 or wider than 500 conditions are refused. */
export function filterProblems(
  filter: unknown,
  customField: (key: string) => FilterField | null,
): readonly { readonly path: string; readonly message: string }[] {
  const problems: { path: string; message: string }[] = [];
  let conditions = 0;
  const walk = (node: unknown, path: string, depth: number): void => {
    if (depth > 12) return void problems.push({ path, message: "is nested deeper than 12 levels" });
    if (typeof node !== "object" || node === null || Array.isArray(node))
      return void problems.push({ path, message: "must be a condition {field, op, value} or {and}, {or}, {not}" });
    const keys = Object.keys(node);
    const tree = node as Record<string, unknown>;
    for (const word of ["and", "or"]) {
      if (!keys.includes(word)) continue;
      const parts = tree[word];
      if (keys.length !== 1 || !Array.isArray(parts)) return void problems.push({ path, message: `{${word}} takes a list of conditions and nothing else` });
      return parts.forEach((part, i) => walk(part, `${path}.${word}[${i}]`, depth + 1));
    }
    if (keys.includes("not"))
      return keys.length === 1
        ? walk(tree["not"], `${path}.not`, depth + 1)
        : void problems.push({ path, message: "{not} takes one condition and nothing else" });
    if (++conditions > 500) return void problems.push({ path, message: "the filter has more than 500 conditions" });
    checkCondition(tree, path);
  };
  const checkCondition = (tree: Record<string, unknown>, path: string): void => {
    const { field, op, value } = tree;
    if (typeof field !== "string") return void problems.push({ path, message: "a condition names its field as text" });
    const kind = kindOfField(field, customField);
    if (kind === null) return void problems.push({ path, message: `there is no field "${field}"` });
    if (typeof op !== "string" || !OPS[kind].includes(op as Op))
      return void problems.push({ path, message: `"${field}" takes ${OPS[kind].join(", ")}, not "${String(op)}"` });
    const wrong = valueProblem(kind, op as Op, value);
    if (wrong !== null) problems.push({ path, message: `"${field}" ${op}: ${wrong}` });
  };
  walk(filter, "filter", 0);
  return problems;
}

function valueProblem(kind: FilterField, op: Op, value: unknown): string | null {
  if (op === "isEmpty") return value === undefined || typeof value === "boolean" ? null : "value is true or false";
  if (kind === "touches") {
    const touch = value as Partial<TouchCount> | null;
    const ok =
      typeof touch === "object" &&
      touch !== null &&
      Number.isInteger(touch.count) &&
      (touch.withinDays === undefined || (Number.isInteger(touch.withinDays) && touch.withinDays >= 1 && touch.withinDays <= 400));
    return ok ? null : "value is {count, withinDays} with whole numbers, withinDays from 1 to 400";
  }
  if (op === "in")
    return Array.isArray(value) && value.length <= 1000 && value.every((v) => scalarFits(kind, v)) ? null : `value is a list of at most 1,000 ${wanted(kind)}s`;
  if (op === "between")
    return Array.isArray(value) && value.length === 2 && value.every((v) => scalarFits(kind, v)) ? null : `value is a pair of ${wanted(kind)}s`;
  return scalarFits(kind, value) ? null : `value is a ${wanted(kind)}`;
}

function wanted(kind: FilterField): string {
  return kind === "date" ? "date or time in ISO 8601" : kind === "tags" || kind === "text" ? "text" : kind;
}

function scalarFits(kind: FilterField, value: unknown): boolean {
  if (kind === "number") return typeof value === "number" && Number.isFinite(value);
  if (kind === "boolean") return typeof value === "boolean";
  if (kind === "date") return typeof value === "string" && /^\d{4}-\d{2}-\d{2}/.test(value) && !Number.isNaN(Date.parse(value));
  return typeof value === "string" && !value.includes("\u0000") && value.length <= 1000;
}

export type TouchWindow = { readonly facet: string; readonly withinDays: number };

/** How far back a filter looks for touches of which facet, so that a timer knows when its answer may change by itself. */
export function windowsOf(filter: Filter): readonly TouchWindow[] {
  if ("and" in filter) return filter.and.flatMap(windowsOf);
  if ("or" in filter) return filter.or.flatMap(windowsOf);
  if ("not" in filter) return windowsOf(filter.not);
  if (!filter.field.startsWith("touches.")) return [];
  const { withinDays } = filter.value as TouchCount;
  return withinDays === undefined ? [] : [{ facet: filter.field.slice("touches.".length), withinDays }];
}

/** The score bounds a filter compares with, in points. */
export function scoreBoundsOf(filter: Filter): readonly number[] {
  if ("and" in filter) return filter.and.flatMap(scoreBoundsOf);
  if ("or" in filter) return filter.or.flatMap(scoreBoundsOf);
  if ("not" in filter) return scoreBoundsOf(filter.not);
  if (filter.field !== "score") return [];
  return Array.isArray(filter.value) ? filter.value.filter((v) => typeof v === "number") : typeof filter.value === "number" ? [filter.value] : [];
}

/** The fields a filter names, each as often as it does. */
export function fieldsOf(filter: Filter): readonly string[] {
  if ("and" in filter) return filter.and.flatMap(fieldsOf);
  if ("or" in filter) return filter.or.flatMap(fieldsOf);
  return "not" in filter ? fieldsOf(filter.not) : [filter.field];
}
