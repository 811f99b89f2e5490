/**
 * Requests that nobody sensible would send: for an operation of the OpenAPI document a request that could be right, then
 * spoilt in one or a few places: other types, deep nesting, huge texts, names that objects have anyway, ids of a
 * neighbour, parameters given twice, bodies that are no JSON. Drawn from a seed, so that what was found is found again.
 */
import type { Endpoint } from "../../contracts/endpoint.ts";

type Schema = {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly anyOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly allOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly pattern?: string;
  readonly format?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly examples?: readonly unknown[];
};
type Parameter = { readonly name: string; readonly in: string; readonly required: boolean; readonly schema: Schema };
type Operation = {
  readonly parameters: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
};
export type Document = {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Schema>> };
};

/** A number from 0 to below 1. */
export type Dice = () => number;

export type Asked = { readonly method: string; readonly path: string; readonly body: string | undefined; readonly headers: Readonly<Record<string, string>> };

/** Ids that may be asked for, by the word before the parameter in the path, as `leads`. */
export type Pool = (group: string) => readonly string[];

/** The same seed throws the same numbers. */
export function diceOf(seed: number): Dice {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export function pick<T>(dice: Dice, from: readonly T[]): T {
  return from[Math.floor(dice() * from.length)] as T;
}

/** Texts that mean something to somebody: to a database, a template, a spreadsheet, a path, a clock, an object. */
const TEXTS: readonly string[] = [
  "", " ", "null", "undefined", "NaN", "true", "0", "-1", "1e999", "me", "all", "route", "email", "score", "ada@example.org", "Europe/Berlin", "EUR", "DE", "de-DE", "\ufeff",
  "' or 1=1 --", "'; drop table lead; --", '"', "\\", "%", "_", "%00", "%ff", "$1", "{{ lead.owner.constructor }}", "{% include '/etc/passwd' %}", "${7*7}", "=1+1", "@SUM(A1)",
  "../../etc/passwd", "..\\..\\x", "file:///etc/passwd", "//example.com", "javascript:alert(1)", "<script>alert(1)</script>", "<svg onload=alert(1)>", "\u202egpj.exe", "\u200b", "é", "é",
  "İ", "ß", "👩‍👩‍👧‍👦", "ﷺ", "\u0000", "\ud800", "a\u0301".repeat(200), "A".repeat(501), "A".repeat(20_001), "x".repeat(100_000), "(a+)+$", "2026-02-30", "2026-03-01", "2026-03-01T09:30:00Z", "9999-12-31T23:59:59Z",
  "0000-00-00", "-271821-04-20", "constructor", "__proto__", "toString", "hasOwnProperty", "prototype", "length", "fields.constructor", "fields.__proto__", "touches.toString", "bant.valueOf", "fields.toString", "fields.valueOf", "fields.isPrototypeOf",
]; // prettier-ignore
const NUMBERS: readonly number[] = [0, -0, 1, -1, 0.5, 1.005, 201, 2 ** 31, -(2 ** 31) - 1, 2 ** 53, 2 ** 63, 1e21, 1e308, -1e308, 5e-324];
const NAMES: readonly string[] = [
  "constructor",
  "toString",
  "valueOf",
  "hasOwnProperty",
  "prototype",
  "__proto__",
  "__defineGetter__",
  "then",
  "toJSON",
  "length",
  "0",
  "",
  "workspaceId",
  "workspace_id",
  "id",
  "role",
  "a".repeat(300),
];
const FILTERS: readonly unknown[] = [
  { field: "score", op: "gte", value: 10 },
  { and: [{ field: "email", op: "contains", value: "a" }, { not: { field: "tags", op: "in", value: ["vip"] } }] },
  { field: "createdAt", op: "between", value: ["2026-01-01", "2026-12-31"] },
  { field: "fields.constructor", op: "eq", value: "x" },
  { field: "stage", op: "in", value: [] },
  { field: "touches.pageView", op: "gt", value: 1e308 },
];
/** What matches the patterns of the document. */
const FITTING: readonly string[] = [
  "EUR",
  "DE",
  "de-DE",
  "2026-03-01",
  "https://127.0.0.1:9",
  "https://127.0.0.1:9/x",
  "own-key_1",
  "abc",
  "fields",
  "0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a",
  "2026-03-01T09:30:00.000Z",
];

/** A request to the operation, right or spoilt. */
export function request(document: Document, endpoint: Endpoint, dice: Dice, pool: Pool): Asked {
  const { method, path } = endpoint;
  const operation = document.paths[path]?.[method.toLowerCase()] as Operation;
  const content = Object.entries(operation.requestBody?.content ?? {})[0];
  const headers: Record<string, string> = {};
  if (dice() < 0.1) headers["idempotency-key"] = pick(dice, ["k1", "k2", "x".repeat(256), "é", crypto.randomUUID()]);
  if (dice() < 0.15) headers["if-match"] = pick(dice, ['"1"', '"2"', 'W/"1"', "*", "abc", '"99999999999"', '"-1"']);
  const url = `${pathOf(path, dice, pool)}${queryOf(document, operation, dice)}`;
  if (content === undefined) return { method, path: url, body: undefined, headers };
  const [type, { schema }] = content;
  headers["content-type"] =
    dice() < 0.03 ? pick(dice, [" application/json", "application/json\t;x", "APPLICATION/JSON; charset=latin1", "text/plain", "multipart/form-data"]) : type;
  if (type !== "application/json") return { method, path: url, body: FILES[Math.floor(dice() * FILES.length)], headers };
  if (dice() < 0.03) return { method, path: url, body: pick(dice, BROKEN), headers };
  let body = made(document, schema, dice, 0);
  for (let times = Math.floor(dice() * 4); times > 0; times--) body = spoilt(body, dice);
  return { method, path: url, body: written(body, dice), headers };
}

const FILES: readonly string[] = [
  "email,name\na@example.org,A\n",
  'email\n"broken',
  "",
  "\u0000\u0001",
  `${"a,".repeat(3000)}\n`,
  "PK\u0003\u0004zip",
  "=1+1;@x\n-1;+2\n",
  `${'"'.repeat(5001)}`,
];
const BROKEN: readonly string[] = [
  "",
  "{",
  "nul",
  "[]",
  "[[[",
  '"text"',
  "1e999",
  '{"a":1,"a":2}',
  "[".repeat(5000) + "]".repeat(5000),
  '{"\\u0000":1}',
  '{"\\ud800":"\\udfff"}',
  "\ufeff{}",
  "{}{}",
  "NaN",
];

function pathOf(path: string, dice: Dice, pool: Pool): string {
  return path.replaceAll(/(\w+)?\/\{(\w+)\}/g, (_, group: string | undefined, name: string) => {
    const known = pool(group ?? name);
    const id = dice() < 0.8 && known.length > 0 ? pick(dice, known) : pick(dice, TEXTS).slice(0, 300).toWellFormed();
    return `${group ?? ""}/${encodeURIComponent(id === "" || id === "." || id === ".." ? "x" : id)}`;
  });
}

function queryOf(document: Document, { parameters }: Operation, dice: Dice): string {
  const parts: string[] = [];
  for (const { name, in: place, required, schema } of parameters) {
    if (place !== "query" || (!required && dice() < 0.6)) continue;
    const value =
      dice() < 0.4 ? pick(dice, TEXTS) : name === "filter" ? JSON.stringify(spoiltMaybe(pick(dice, FILTERS), dice)) : made(document, schema, dice, 0);
    parts.push(`${name}=${encoded(typeof value === "object" ? JSON.stringify(value) : String(value as string))}`);
    if (dice() < 0.05) parts.push(`${name}=2`);
    if (dice() < 0.03) parts.push(`${name}[in]=1`);
  }
  if (dice() < 0.04) parts.push(`${pick(dice, NAMES)}=1`);
  if (dice() < 0.02) parts.push("%", "&&=", "=%zz");
  return parts.length === 0 ? "" : `?${parts.join("&")}`;
}

function encoded(text: string): string {
  return encodeURIComponent(text.slice(0, 6000).toWellFormed());
}

/** A value that the schema could allow. */
function made(document: Document, schema: Schema, dice: Dice, depth: number): unknown {
  if (schema.$ref !== undefined) {
    const name = schema.$ref.split("/").at(-1) ?? "";
    return name === "Filter" ? pick(dice, FILTERS) : made(document, document.components.schemas[name] ?? {}, dice, depth);
  }
  if (schema.examples !== undefined && schema.examples.length > 0 && dice() < 0.7) return pick(dice, schema.examples);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum !== undefined) return pick(dice, schema.enum);
  const one = schema.anyOf ?? schema.oneOf;
  if (one !== undefined) return made(document, pick(dice, one), dice, depth);
  if (schema.allOf !== undefined) return Object.assign({}, ...schema.allOf.map((part) => made(document, part, dice, depth)));
  const type = typeof schema.type === "string" ? schema.type : schema.type === undefined ? undefined : pick(dice, schema.type);
  switch (type) {
    case "object":
      return anObject(document, schema, dice, depth);
    case "array":
      return Array.from({ length: depth > 6 ? 0 : Math.floor(dice() * 3) }, () => made(document, schema.items ?? {}, dice, depth + 1));
    case "integer":
      return Math.floor(between(schema, dice));
    case "number":
      return Math.round(between(schema, dice) * 100) / 100;
    case "boolean":
      return dice() < 0.5;
    case "null":
      return null;
    case "string":
      return aText(schema, dice);
    case undefined:
    default:
      return pick(dice, [1, "x", null, true, [], {}]);
  }
}

function anObject(document: Document, { properties = {}, required = [], additionalProperties }: Schema, dice: Dice, depth: number): object {
  const entries = Object.entries(properties).filter(([name]) => required.includes(name) || dice() < 0.6);
  const object = Object.fromEntries(entries.map(([name, schema]) => [name, made(document, schema, dice, depth + 1)]));
  if (typeof additionalProperties !== "object" || dice() < 0.4) return object;
  return { ...object, [pick(dice, ["need", "size", "isPrototypeOf", ...NAMES])]: made(document, additionalProperties, dice, depth + 1) };
}

function between({ minimum = 0, maximum = 1000 }: Schema, dice: Dice): number {
  return minimum + dice() * (Math.min(maximum, minimum + 1000) - minimum);
}

function aText({ pattern, format }: Schema, dice: Dice): string {
  if (pattern !== undefined) return pick(dice, FITTING.filter((text) => new RegExp(pattern, "u").test(text)).concat("x"));
  if (format === "date-time") return pick(dice, ["2026-03-01T09:30:00Z", "2199-12-31", "1970-01-01"]);
  return dice() < 0.3
    ? pick(dice, TEXTS)
    : pick(dice, ["Ada", "ada@example.org", "mql", "sql", "won", "lost", "2026-03-01", "correct horse battery staple", "call", "me"]);
}

function spoiltMaybe(value: unknown, dice: Dice): unknown {
  return dice() < 0.6 ? spoilt(value, dice) : value;
}

/** The value with something else at one place of it. */
function spoilt(value: unknown, dice: Dice): unknown {
  if (typeof value !== "object" || value === null || dice() < 0.15) return odd(dice);
  if (Array.isArray(value)) {
    if (value.length === 0 || dice() < 0.2) return [...(value as unknown[]), odd(dice)];
    const at = Math.floor(dice() * value.length);
    return (value as unknown[]).map((item, i) => (i === at ? spoilt(item, dice) : item));
  }
  const entries = Object.entries(value);
  const turn = dice();
  if (entries.length === 0 || turn < 0.15) return Object.fromEntries([...entries, [pick(dice, NAMES), odd(dice)]]);
  const at = Math.floor(dice() * entries.length);
  if (turn < 0.3) return Object.fromEntries(entries.filter((_, i) => i !== at));
  return Object.fromEntries(entries.map(([name, inner], i) => [name, i === at ? spoilt(inner, dice) : inner]));
}

function odd(dice: Dice): unknown {
  const turn = dice();
  if (turn < 0.5) return pick(dice, TEXTS);
  if (turn < 0.7) return pick(dice, NUMBERS);
  if (turn < 0.8) return pick(dice, [null, true, false]);
  if (turn < 0.85) return Array.from({ length: pick(dice, [0, 1, 1001, 10_000]) }, () => "x");
  if (turn < 0.9) return nested(pick(dice, [3, 31, 33, 1000]));
  return pick(dice, [{}, [[]], { and: [] }, { stage: "mql" }, { amount: 1, currency: "EUR" }, Object.fromEntries(NAMES.map((name) => [name, name]))]);
}

function nested(depth: number): unknown {
  let value: unknown = "x";
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? { and: [value] } : { not: value };
  return value;
}

/** As JSON; now and then with a prototype that no object literal could carry. */
function written(body: unknown, dice: Dice): string {
  const text = JSON.stringify(body) ?? "null";
  return dice() < 0.03 && text.startsWith("{") ? `{"__proto__":{"role":"admin"}${text === "{}" ? "" : ","}${text.slice(1)}` : text;
}
