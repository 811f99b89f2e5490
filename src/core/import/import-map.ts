/** The mapping file: which column of the file goes where. Read and checked completely, every mistake in words. */
import { TAKEN_NAMES } from "../config/config.ts";
import { PROFILE_KEYS, BANT_PARTS, type BantPart, type ProfileKey } from "../flow/state.ts";
import type { IdentityKind } from "../identity/identity.ts";
import { nearest } from "../nearest.ts";
import { columnKey } from "./dialect.ts";
import type { DateOrder } from "./dates.ts";

export const OPPORTUNITY_PARTS = ["name", "amount", "currency", "owner", "stage", "won", "wonAt", "lostAt", "lostReason"] as const;
export type OpportunityPart = (typeof OPPORTUNITY_PARTS)[number];

/** `name` is a whole name, split into first and last. */
const LEAD_PARTS = ["name", "capturedAt", "stage", "stageAt", "status", "owner", "tags"] as const;

export type Target =
  | { readonly kind: "profile"; readonly key: ProfileKey }
  | { readonly kind: "lead"; readonly key: (typeof LEAD_PARTS)[number] }
  | { readonly kind: "field"; readonly key: string }
  | { readonly kind: "bant"; readonly key: BantPart }
  | { readonly kind: "consent"; readonly key: string }
  | { readonly kind: "opportunity"; readonly key: OpportunityPart };

export type Match = "email" | "externalId" | "phone" | "none";

export type ImportMap = {
  /** What finds a lead; null asks external id, e-mail and phone in this order. */
  readonly match: Match | null;
  readonly columns: readonly { readonly column: string; readonly target: string }[];
  /** Used where a cell is empty or no column is mapped. */
  readonly defaults: Readonly<Record<string, string>>;
  /** For a target, what a cell's text stands for; texts are compared without case. "" empties the cell. */
  readonly lists: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** Given when the file itself leaves open which of day and month comes first, or lies. */
  readonly dateOrder: DateOrder | null;
  /** Given when detection errs: a label that decoders know, such as "shift_jis". */
  readonly encoding: string | null;
  readonly delimiter: string | null;
};

export const ONLY: { readonly [K in Match]: IdentityKind } = { email: "email", externalId: "external", phone: "phone", none: "row" };

const KEYS = ["match", "columns", "defaults", "lists", "dateOrder", "encoding", "delimiter"] as const;

/** Reads what a mapping file's JSON says. All mistakes are listed; the map is null when there are any. */
export function readMap(json: unknown): { readonly map: ImportMap | null; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const given = recordOf(json, "The mapping file", mistakes);
  for (const key of Object.keys(given))
    if (!(KEYS as readonly string[]).includes(key))
      mistakes.push(`"${key}" is no part of a mapping file${orNear(key, KEYS)} Its parts are ${KEYS.join(", ")}.`);
  const map: ImportMap = {
    match: oneOf(given["match"], "match", ["email", "externalId", "phone", "none"], mistakes),
    columns: columnsOf(given["columns"], mistakes),
    defaults: targetsOf(given["defaults"], "defaults", mistakes, (value, path) => textOf(value, path, mistakes)),
    lists: targetsOf(given["lists"], "lists", mistakes, (value, path) =>
      Object.fromEntries(Object.entries(recordOf(value, path, mistakes)).map(([from, to]) => [columnKey(from), textOf(to, `${path}.${from}`, mistakes)])),
    ),
    dateOrder: oneOf(given["dateOrder"], "dateOrder", ["dayFirst", "monthFirst"], mistakes),
    encoding: oneText(given["encoding"], "encoding", mistakes),
    delimiter: oneText(given["delimiter"], "delimiter", mistakes),
  };
  if (map.columns.length === 0 && mistakes.length === 0)
    mistakes.push('"columns" names no column. Expected {"columns": {"<column in the file>": "<target>", …}}.');
  if (map.delimiter !== null && map.delimiter.length !== 1) mistakes.push(`"delimiter" is ${JSON.stringify(map.delimiter)}; expected one character.`);
  return { map: mistakes.length === 0 ? map : null, mistakes };
}

/** @returns null when there is no such target */
export function targetOf(name: string): Target | null {
  if ((PROFILE_KEYS as readonly string[]).includes(name)) return { kind: "profile", key: name as ProfileKey };
  if ((LEAD_PARTS as readonly string[]).includes(name)) return { kind: "lead", key: name as (typeof LEAD_PARTS)[number] };
  const [head = "", key = "", ...rest] = name.split(".");
  if (rest.length > 0) return null;
  if (head === "fields" && /^[A-Za-z]\w{0,62}$/.test(key) && !TAKEN_NAMES.has(key)) return { kind: "field", key };
  if (head === "bant" && (BANT_PARTS as readonly string[]).includes(key)) return { kind: "bant", key: key as BantPart };
  if (head === "consent" && /^[A-Za-z][\w-]{0,62}$/.test(key)) return { kind: "consent", key };
  if (head === "opportunity" && (OPPORTUNITY_PARTS as readonly string[]).includes(key)) return { kind: "opportunity", key: key as OpportunityPart };
  return null;
}

const TARGET_NAMES: readonly string[] = [
  ...PROFILE_KEYS,
  ...LEAD_PARTS,
  "fields.<key>",
  ...BANT_PARTS.map((part) => `bant.${part}`),
  "consent.<topic>",
  ...OPPORTUNITY_PARTS.map((part) => `opportunity.${part}`),
];

function columnsOf(value: unknown, mistakes: string[]): ImportMap["columns"] {
  const columns: { column: string; target: string }[] = [];
  for (const [column, target] of Object.entries(recordOf(value ?? {}, "columns", mistakes))) {
    if (target === null || target === "") continue;
    if (typeof target !== "string") mistakes.push(`columns: "${column}" goes to ${JSON.stringify(target)}; expected the name of a target.`);
    else if (checkTarget(target, `columns: "${column}" goes to`, mistakes)) {
      const other = columns.find((candidate) => candidate.target === target && target !== "tags");
      if (other === undefined) columns.push({ column, target });
      else mistakes.push(`columns: "${other.column}" and "${column}" both go to ${target}; a target takes one column (only tags take several).`);
    }
  }
  return columns;
}

function targetsOf<T>(value: unknown, path: string, mistakes: string[], read: (value: unknown, path: string) => T): Readonly<Record<string, T>> {
  const entries = Object.entries(recordOf(value ?? {}, path, mistakes));
  return Object.fromEntries(
    entries.filter(([target]) => checkTarget(target, `${path} names`, mistakes)).map(([target, inner]) => [target, read(inner, `${path}.${target}`)]),
  );
}

function checkTarget(name: string, what: string, mistakes: string[]): boolean {
  if (targetOf(name) !== null) return true;
  mistakes.push(`${what} "${name}", which is no target${orNear(name, TARGET_NAMES)} The targets are ${TARGET_NAMES.join(", ")}.`);
  return false;
}

/** The end of a sentence. */
function orNear(name: string, known: Iterable<string>): string {
  const near = nearest(name, known);
  return near === null ? "." : `; did you mean "${near}"?`;
}

function recordOf(value: unknown, path: string, mistakes: string[]): Readonly<Record<string, unknown>> {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Readonly<Record<string, unknown>>;
  mistakes.push(`${path} is ${describe(value)}; expected an object.`);
  return {};
}

function textOf(value: unknown, path: string, mistakes: string[]): string {
  if (typeof value === "string") return value.trim();
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  if (value === null) return "";
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value.join(";");
  mistakes.push(`${path} is ${describe(value)}; expected text, a number, true or false.`);
  return "";
}

function oneText(value: unknown, path: string, mistakes: string[]): string | null {
  if (value === undefined || value === null) return null;
  if (typeof value === "string" && value !== "") return value;
  mistakes.push(`"${path}" is ${describe(value)}; expected text.`);
  return null;
}

function oneOf<T extends string>(value: unknown, path: string, allowed: readonly T[], mistakes: string[]): T | null {
  if (value === undefined || value === null) return null;
  const found = allowed.find((candidate) => candidate === value);
  if (found !== undefined) return found;
  mistakes.push(`"${path}" is ${describe(value)}; expected ${allowed.map((name) => `"${name}"`).join(", ")}.`);
  return null;
}

function describe(value: unknown): string {
  return value === undefined ? "missing" : Array.isArray(value) ? "a list" : typeof value === "object" && value !== null ? "an object" : JSON.stringify(value);
}

/** Where each mapped column stands in the file. */
export type Placed = { readonly index: number; readonly name: string; readonly target: string };

/** Finds the mapped columns among the file's names; "#3" is the third column, whatever its name. */
export function placeColumns(header: readonly string[], map: ImportMap): { readonly placed: readonly Placed[]; readonly mistakes: readonly string[] } {
  const mistakes: string[] = [];
  const places = new Map<string, number[]>();
  for (const [index, name] of header.entries()) places.set(columnKey(name), [...(places.get(columnKey(name)) ?? []), index]);
  const placed = map.columns.flatMap(({ column, target }): readonly Placed[] => {
    const found = places.get(columnKey(column)) ?? [];
    const nth = /^#(\d+)$/.exec(column.trim());
    if (found.length === 0 && nth !== null && Number(nth[1]) >= 1 && Number(nth[1]) <= header.length)
      return [{ index: Number(nth[1]) - 1, name: header[Number(nth[1]) - 1] || column, target }];
    if (found.length === 1) return [{ index: found[0] as number, name: (header[found[0] as number] as string).trim(), target }];
    if (found.length > 1) {
      mistakes.push(
        `The file has ${found.length} columns named "${column}" (${found.map((index) => `number ${index + 1}`).join(", ")}): name the one you mean by its place, "#${(found[0] as number) + 1}".`,
      );
      return [];
    }
    const names = header.map((name) => name.trim()).filter((name) => name !== "");
    const shown = names.length > 30 ? `${names.slice(0, 30).join(", ")} and ${names.length - 30} more` : names.join(", ");
    mistakes.push(`The file has no column "${column}"${orNear(column, names)} Its columns are ${shown === "" ? "unnamed" : shown}.`);
    return [];
  });
  return { placed, mistakes };
}
