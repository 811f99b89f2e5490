/** Filters in words: what an operator is called for which kind of field, and a condition as one reads it on a chip. */
import type { Condition, Filter, Op, Scalar, TouchCount } from "../../core/filter/filter.ts";
import type { Out } from "../api/call.ts";
import { formatDate, formatNumber } from "../format/format.ts";

export type FilterField = Out<"listLeadFields">["items"][number];
type Kind = FilterField["type"];

/** Kinds whose values can be listed. */
const LISTED: readonly Kind[] = ["stage", "status", "heat", "user", "team", "source", "select", "country", "import"];

export function isListed({ type, options }: FilterField): boolean {
  return LISTED.includes(type) && options !== null;
}

const WORDS: Readonly<Record<Op, string>> = {
  eq: "is",
  ne: "is not",
  in: "is any of",
  lt: "below",
  lte: "at most",
  gt: "above",
  gte: "at least",
  contains: "contains",
  startsWith: "begins with",
  isEmpty: "is empty",
  between: "between",
};
const DATE_WORDS: Partial<Record<Op, string>> = { eq: "on", lt: "before", lte: "until", gt: "after", gte: "since", between: "from, to" };
const SIGNS: Partial<Record<Op, string>> = { gte: "≥", lte: "≤", gt: ">", lt: "<" };

export function operatorWord(field: FilterField | undefined, op: Op): string {
  return (field?.type === "date" ? DATE_WORDS[op] : undefined) ?? WORDS[op];
}

/** The operators worth offering, the likeliest first. */
export function operatorsOf(field: FilterField): readonly Op[] {
  const order: readonly Op[] = isListed(field)
    ? ["in", "ne", "isEmpty"]
    : field.type === "text"
      ? ["contains", "eq", "ne", "startsWith", "in", "isEmpty"]
      : field.type === "number"
        ? ["gte", "lte", "between", "eq", "ne", "gt", "lt", "isEmpty"]
        : field.type === "date"
          ? ["gte", "lt", "between", "isEmpty"]
          : field.type === "tags"
            ? ["in", "ne", "contains", "isEmpty"]
            : field.type === "touches"
              ? ["gte", "lte", "eq"]
              : ["eq", "ne", "in", "isEmpty"];
  const known = order.filter((op) => field.operators.includes(op));
  return known.length > 0 ? known : (field.operators as readonly Op[]);
}

/** What a new condition of the field begins with. */
export function emptyCondition(field: FilterField): Condition {
  const op = operatorsOf(field)[0] ?? "eq";
  return { field: field.field, op, value: emptyValue(field, op) };
}

export function emptyValue(field: FilterField, op: Op): Condition["value"] {
  if (op === "isEmpty") return true;
  if (field.type === "touches") return { count: 1, withinDays: 30 };
  if (op === "in") return [];
  if (op === "between") return field.type === "date" ? ["", ""] : [0, 100];
  return field.type === "number" ? 50 : field.type === "boolean" ? true : "";
}

/** Whether the condition says something the server can answer. */
export function isComplete({ op, value }: Condition): boolean {
  if (op === "isEmpty") return true;
  if (Array.isArray(value)) return value.length > 0 && value.every((one) => one !== "");
  return value !== "" && value !== undefined;
}

export type Words = { readonly label: string; readonly op: string; readonly value: string };

export function conditionWords({ field, op, value }: Condition, fields: readonly FilterField[]): Words {
  const info = fields.find((one) => one.field === field);
  const label = info?.label ?? field;
  if (op === "isEmpty") return { label, op: value === false ? "is known" : "is empty", value: "" };
  if (info?.type === "touches" && typeof value === "object" && "count" in value) {
    const { count, withinDays } = value as TouchCount;
    return { label, op: SIGNS[op] ?? WORDS[op], value: `${formatNumber(count)}×${withinDays === undefined ? "" : ` in ${formatNumber(withinDays)} d`}` };
  }
  const one = (scalar: Scalar): string => scalarWords(scalar, info);
  const words = Array.isArray(value) ? (value as readonly Scalar[]).map(one) : [one(value as Scalar)];
  const shown = op === "between" ? words.join(" – ") : words.length > 3 ? `${words.slice(0, 3).join(", ")} +${words.length - 3}` : words.join(", ");
  const verb =
    op === "in" ? (words.length === 1 ? "is" : "") : info?.type === "date" ? operatorWord(info, op) : op === "between" ? "" : (SIGNS[op] ?? WORDS[op]);
  return { label, op: verb, value: shown === "" ? "…" : shown };
}

function scalarWords(scalar: Scalar, info: FilterField | undefined): string {
  if (typeof scalar === "boolean") return scalar ? "yes" : "no";
  if (typeof scalar === "number") return formatNumber(scalar);
  if (scalar === "me" && info?.type === "user") return "me";
  const option = info?.options?.find(({ value }) => value === scalar);
  if (option !== undefined) return option.label;
  return info?.type === "date" && !Number.isNaN(Date.parse(scalar)) ? formatDate(scalar) : String(scalar);
}

/** A whole tree in a sentence: "Stage is MQL and (Score ≥ 60 or Heat is hot)". */
export function filterWords(filter: Filter, fields: readonly FilterField[], nested = false): string {
  if ("not" in filter) return `not (${filterWords(filter.not, fields)})`;
  if ("and" in filter || "or" in filter) {
    const parts = "and" in filter ? filter.and : filter.or;
    if (parts.length === 0) return "and" in filter ? "everything" : "nothing";
    const joined = parts.map((part) => filterWords(part, fields, true)).join("and" in filter ? " and " : " or ");
    return nested && parts.length > 1 ? `(${joined})` : joined;
  }
  const { label, op, value } = conditionWords(filter, fields);
  return [label, op, value].filter((word) => word !== "").join(" ");
}

/** The parts that must all hold: what stands on chips. */
export function partsOf(filter: Filter | undefined): readonly Filter[] {
  if (filter === undefined) return [];
  return "and" in filter ? filter.and : [filter];
}

/** The tree of such parts; none when there are none. */
export function filterOf(parts: readonly Filter[]): Filter | undefined {
  return parts.length === 0 ? undefined : parts.length === 1 ? parts[0] : { and: parts };
}

export function isCondition(filter: Filter): filter is Condition {
  return "field" in filter;
}

export const EVERYTHING: Filter = { and: [] };
