/**
 * Pages of leads. A page begins behind the last row of the page before, or before its first (keyset): the order always ends
 * in the id, and empty values come last in both directions, so nothing is shown twice or left out while leads come and go.
 *
 * Where the first column of a sort can be empty a list has two stretches, the filled ones and the empty ones, each read by
 * itself: that way an index gives either in order, forward and backward.
 */
import type { FilterField } from "../../../core/filter/filter.ts";
import type { Sort } from "../../../core/filter/sort.ts";
import { asText, composedSql, type Db } from "../../db/db.ts";
import { DATE_COLUMNS, foldedSql, type Parameters, parameters, TEXT_COLUMNS } from "../../db/filter-sql.ts";
import type { LeadListRow } from "./lead-row.ts";

export type Key = string | number | null;

/** A place in a list: the sort's values of a lead, and its id. */
export type Position = { readonly keys: readonly Key[]; readonly id: string };

/** How a value of a cursor must look for the field it stands for. */
export type KeyKind = "number" | "text" | "time";

export type SortColumn = {
  readonly expression: string;
  /** The column of the page that holds its value already, if one does. */
  readonly read: "score" | "stage" | "captured_at" | "created_at" | "updated_at" | null;
  readonly descending: boolean;
  /** What is null where the value is empty; null for columns that are never empty. */
  readonly presence: string | null;
  /** Stands in `lead_value`: joined when it leads the sort, so that its index gives the order. */
  readonly custom: { readonly key: string; readonly column: "text" | "number" } | null;
  readonly kind: KeyKind;
  readonly type: string;
};

export type Order = { readonly columns: readonly SortColumn[]; readonly idDescending: boolean };

/** Fields whose index runs downward; the id follows upward in all of them. */
const DOWNWARD: ReadonlySet<string> = new Set(["score", "capturedAt", "updatedAt"]);

/**
 * The columns of a sort, completed so that an index gives the whole order and a sort turned around gives the list turned
 * around: leads of one stage follow by score, those of one score by creation, all others by id.
 */
export function orderOf(sort: Sort, customField: (key: string) => FilterField | null): Order {
  const [first] = sort;
  const down = first?.descending === true;
  const turned = first !== undefined && DOWNWARD.has(first.field) ? !down : down;
  const byStage = sort.length === 1 && first?.field === "stage";
  const terms = byStage ? [...sort, { field: "score", descending: !down }] : [...sort];
  if (terms.some(({ field }) => field === "score") && !terms.some(({ field }) => field === "createdAt")) terms.push({ field: "createdAt", descending: turned });
  return { columns: terms.map(({ field, descending }) => ({ ...columnOf(field, customField), descending })), idDescending: turned };
}

function columnOf(field: string, customField: (key: string) => FilterField | null): Omit<SortColumn, "descending"> {
  const never = { presence: null, custom: null };
  const date = DATE_COLUMNS[field];
  if (date !== undefined) return { expression: date, read: READ_TIMES[field] ?? null, ...never, kind: "time", type: "timestamptz" };
  if (field === "score") return { expression: "l.score", read: "score", ...never, kind: "number", type: "bigint" };
  if (field === "stage") return { expression: "l.stage", read: "stage", ...never, kind: "text", type: "text" };
  const column = TEXT_COLUMNS[field];
  if (column !== undefined) return { expression: foldedSql(column), read: null, presence: column, custom: null, kind: "text", type: "text" };
  const key = field.slice("fields.".length);
  const kind = customField(key);
  const number = kind === "number" || kind === "boolean";
  const custom = { key, column: number ? "number" : "text" } as const;
  const value = `(select v.${custom.column} from lead_value v where v.workspace_id = $1 and v.lead_id = l.id and v.field = :${key}:)`;
  return { expression: value, read: null, presence: value, custom, kind: number ? "number" : "text", type: number ? "float8" : "text" };
}

const READ_TIMES: Readonly<Record<string, SortColumn["read"]>> = { capturedAt: "captured_at", createdAt: "created_at", updatedAt: "updated_at" };

export type PageRequest = {
  /** Writes the condition of a filter with its values, or answers null for every lead. */
  readonly where: (params: Parameters) => string | null;
  readonly order: Order;
  /** Null: from the beginning, or with `backward` from the end. */
  readonly from: Position | null;
  readonly backward: boolean;
  readonly limit: number;
  /** Keep the plan: for statements whose best plan does not depend on their values. */
  readonly prepare: boolean;
};

type Found = LeadListRow & { readonly config: string | null } & Readonly<Record<`k${number}`, string | null>>;

/** Rows in the order of the list, whichever way they were read. `more`: there are others beyond the last that was read. `config` is the number live when the page was read; null when there are no rows to say so. */
export type LeadPage = {
  readonly rows: readonly LeadListRow[];
  /** Of the first and the last row. */
  readonly ends: { readonly first: Position; readonly last: Position } | null;
  readonly more: boolean;
  /** Where reading stopped short of the page, if it did: the next one begins there. */
  readonly resume: Position | null;
  /** Read from the end, without having looked everywhere for leads that have no value: there may be some behind this page. */
  readonly unsure: boolean;
  readonly config: number | null;
};

type Stretch = "all" | "filled" | "empty";

export async function listLeadRows(db: Db, request: PageRequest): Promise<LeadPage> {
  const { order, from, backward, limit } = request;
  const [first] = order.columns;
  const stretches: Stretch[] = first?.presence === null || first === undefined ? ["all"] : backward ? ["empty", "filled"] : ["filled", "empty"];
  const begins: Stretch = first?.presence === null || first === undefined ? "all" : from?.keys[0] === null ? "empty" : "filled";
  const found: Found[] = [];
  let resume: Position | null = null;
  let unsure = false;
  for (const stretch of from === null ? stretches : stretches.slice(stretches.indexOf(begins))) {
    const entered = from !== null && stretch === begins;
    if (stretch === "empty" && first?.custom != null && order.columns.length === 1) {
      const read = await readWindows(db, request, entered ? from : null, limit + 1 - found.length);
      found.push(...read.rows);
      unsure = read.resume !== null && backward && from === null && read.rows.length === 0;
      resume = unsure ? null : read.resume;
      if (resume !== null || found.length > limit) break;
      continue;
    }
    for (const reach of reachesOf(first, entered)) {
      found.push(...(await readStretch(db, request, { stretch, reach, from: entered ? from : null, limit: limit + 1 - found.length })));
      if (found.length > limit) break;
    }
    if (found.length > limit) break;
  }
  const rows = found.slice(0, limit);
  if (backward) rows.reverse();
  const [top, bottom] = [rows[0], rows.at(-1)];
  const ends = top === undefined || bottom === undefined ? null : { first: positionOf(top, order), last: positionOf(bottom, order) };
  const config = found[0]?.config ?? null;
  return { rows, ends, more: found.length > limit, resume, unsure, config: config === null ? null : Number(config) };
}

/** So many leads are looked through for ones without a value, so many times, before a page ends short. */
const WINDOW = 10_000;
const WINDOWS = 3;

type Windows = { readonly rows: readonly Found[]; readonly resume: Position | null };

/**
 * Leads without a value of a custom field, which no index lists: looked for a window of ids at a time, so that a page costs
 * the same where nearly every lead has one.
 */
async function readWindows(db: Db, request: PageRequest, from: Position | null, limit: number): Promise<Windows> {
  const rows: Found[] = [];
  let at = from;
  for (let window = 0; window < WINDOWS; window++) {
    const end = await findWindowEnd(db, request, at);
    rows.push(...(await readStretch(db, request, { stretch: "empty", reach: "all", from: at, limit: limit - rows.length, end })));
    if (end === null || rows.length >= limit) return { rows, resume: null };
    at = { keys: [null], id: end };
  }
  return { rows, resume: at };
}

/** The last id of the window behind a place; null when it is the last window. */
async function findWindowEnd(db: Db, { order, backward }: PageRequest, from: Position | null): Promise<string | null> {
  const params = parameters();
  const down = order.idDescending !== backward;
  const behind = from === null ? "" : ` and l.id ${down ? "<" : ">"} ${params.bind(from.id, "uuid")}`;
  const text = `select l.id from lead l where l.workspace_id = $1${behind} order by l.id ${down ? "desc" : "asc"} offset ${WINDOW - 1} limit 1`;
  return (await db.query<{ id: string }>(composedSql(text, params.values, true)))[0]?.id ?? null;
}

function positionOf(row: Found, { columns }: Order): Position {
  const keyOf = (text: string | null, kind: KeyKind): Key => (text !== null && kind === "number" ? Number(text) : text);
  return { keys: columns.map(({ read, kind }, i) => keyOf(read === null ? (row[`k${i}`] ?? null) : row[read], kind)), id: row.id };
}

/** What is read of a stretch behind a position: all, or first the leads that are equal to it in the first column, then the others. */
type Reach = "all" | "equal" | "further";
type Part = { readonly stretch: Stretch; readonly reach: Reach; readonly from: Position | null; readonly limit: number; readonly end?: string | null };

/** A stage or a score can be shared by a good part of all leads: an index goes to a place among them only when asked for them alone. */
function reachesOf(first: SortColumn | undefined, entered: boolean): readonly Reach[] {
  return entered && (first?.read === "stage" || first?.read === "score") ? ["equal", "further"] : ["all"];
}

function readStretch(db: Db, request: PageRequest, { stretch, reach, from, limit, end = null }: Part): Promise<Found[]> {
  const params = parameters();
  const { order, backward, prepare } = request;
  const [first] = order.columns;
  const joined = stretch === "filled" && first?.custom != null ? first.custom : null;
  const named = namer(params);
  const columns = order.columns.map((column, i) => ({ ...column, expression: i === 0 && joined !== null ? `v.${joined.column}` : named(column.expression) }));
  const sorted = stretch === "all" ? columns : columns.map((column, i) => (i === 0 ? { ...column, presence: null } : column));
  const walked = stretch === "empty" ? sorted.slice(1) : sorted;
  const id = joined === null ? "l.id" : "v.lead_id";
  const where = request.where(params);
  const conditions = [
    "l.workspace_id = $1",
    "l.deleted_at is null",
    ...(joined === null ? [] : [`v.field = ${params.bind(joined.key, "text")}`, `v.${joined.column} is not null`]),
    ...(stretch === "empty" ? [`${named(first?.presence ?? "")} is null`] : []),
    ...(stretch === "filled" && joined === null ? [`${first?.presence} is not null`] : []),
    ...(where === null ? [] : [where]),
    ...(end === null ? [] : [`l.id ${order.idDescending !== backward ? ">=" : "<="} ${params.bind(end, "uuid")}`]),
    ...(from === null
      ? []
      : reached(reach, walked, order, { keys: stretch === "empty" ? from.keys.slice(1) : from.keys, id: from.id }, { id, backward, params })),
  ];
  const terms = [
    ...walked.map(
      ({ expression, descending, presence }) =>
        `${expression} ${descending !== backward ? "desc" : "asc"}${presence === null ? "" : backward ? " nulls first" : " nulls last"}`,
    ),
    `${id} ${order.idDescending !== backward ? "desc" : "asc"}`,
  ];
  const keys = columns
    .map((column, i) =>
      column.read !== null
        ? ""
        : `, ${stretch === "empty" && i === 0 ? "null" : column.kind === "time" ? inUtc(column.expression) : column.expression} as k${i}`,
    )
    .join("");
  const source = joined === null ? "lead l" : "lead_value v join lead l on l.workspace_id = v.workspace_id and l.id = v.lead_id and v.workspace_id = $1";
  const text = `select ${LIST_COLUMNS}${keys}, (select w.config_number from workspace w where w.workspace_id = $1) as config from ${source} where ${conditions.join(" and ")} order by ${terms.join(", ")} limit ${params.bind(limit, "int")}`;
  return db.query<Found>(asText(composedSql(text, params.values, prepare)));
}

/** Custom fields are named in expressions as `:key:` and bound where a statement is made. */
function namer(params: Parameters): (expression: string) => string {
  const bound = new Map<string, string>();
  return (expression) =>
    expression.replace(/:(.+):/s, (_, key: string) => {
      const known = bound.get(key) ?? params.bind(key, "text");
      bound.set(key, known);
      return known;
    });
}

/** Without a session's time zone, in which a moment would be written. */
function inUtc(expression: string): string {
  return `${expression} at time zone 'UTC'`;
}

const LIST_COLUMNS = [
  "l.id, l.version, l.email, l.phone, l.external_id, l.first_name, l.last_name, l.company, l.company_id, l.job_title, l.country, l.city, l.website, l.source, l.campaign, l.stage, l.status, l.heat",
  "l.score, l.fit, l.engagement, l.bant, l.quality, l.freshness, l.owner_id, l.team, to_json(nullif(l.tags, '{}')) as tags, l.fields, nullif(l.bant_answers, '{}') as bant_answers",
  ...["captured_at", "created_at", "updated_at"].map((column) => `${inUtc(`l.${column}`)} as ${column}`),
  // `task_by_lead` gives a lead's tasks in the order in which they are due. No join: this is worked out only for leads that are shown.
  `(select t.id::text || '|' || (${inUtc("t.due_at")})::text || '|' || t.kind || '|' || t.title from task t where t.workspace_id = $1 and t.lead_id = l.id and t.state = 'open' order by t.due_at limit 1) as next_step`,
].join(", ");

type Beyond = { readonly id: string; readonly backward: boolean; readonly params: Parameters };

function reached(reach: Reach, columns: readonly SortColumn[], order: Order, from: Position, how: Beyond): readonly string[] {
  const [first, ...rest] = columns;
  if (reach === "all" || first === undefined) return beyondPosition(columns, order, from, how);
  const key = how.params.bind(from.keys[0], first.type);
  if (reach === "further") return [`${first.expression} ${first.descending !== how.backward ? "<" : ">"} ${key}`];
  return [`${first.expression} = ${key}`, ...beyondPosition(rest, order, { keys: from.keys.slice(1), id: from.id }, how)];
}

/** Rows beyond a position, in the direction in which they are read: further in the first column, or equal there and further in the second, and so on. */
function beyondPosition(
  columns: readonly SortColumn[],
  { idDescending }: Order,
  { keys, id: at }: Position,
  { id, backward, params }: Beyond,
): readonly string[] {
  const bound = columns.map((column, i) => (keys[i] === null ? null : params.bind(column.kind === "time" ? `${keys[i]}Z` : keys[i], column.type)));
  let further = `${id} ${idDescending !== backward ? "<" : ">"} ${params.bind(at, "uuid")}`;
  for (let i = columns.length - 1; i >= 0; i--) {
    const { expression, descending, presence } = columns[i] as SortColumn;
    const key = bound[i] as string | null;
    if (key === null) {
      further = backward ? `(${expression} is not null or ${further})` : `(${expression} is null and ${further})`;
      continue;
    }
    const past = `${expression} ${descending !== backward ? "<" : ">"} ${key}`;
    further = `(${past}${presence !== null && !backward ? ` or ${expression} is null` : ""} or (${expression} = ${key} and ${further}))`;
  }
  const first = columns[0];
  // Says again what follows from the rest, in a form an index can start from.
  const start =
    first === undefined || first.presence !== null || bound[0] === null
      ? []
      : [`${first.expression} ${first.descending !== backward ? "<=" : ">="} ${bound[0]}`];
  return [...start, further];
}

/** How many leads a filter means; null when more than `most`, counted no further. */
export async function countLeads(db: Db, where: (params: Parameters) => string | null, most: number): Promise<number | null> {
  const params = parameters();
  const condition = where(params);
  const text = `select count(*)::int as n from (select 1 from lead l where l.workspace_id = $1 and l.deleted_at is null${condition === null ? "" : ` and ${condition}`} limit ${most + 1}) counted`;
  const [row] = await db.query<{ n: number }>(composedSql(text, params.values));
  return row === undefined || row.n > most ? null : row.n;
}
