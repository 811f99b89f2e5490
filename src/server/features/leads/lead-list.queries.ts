/**
 * Pages of leads. A page continues after the last row of the page before (keyset): the order always ends in the id, and
 * empty values come last in both directions, so nothing is shown twice or left out while leads come and go.
 */
import type { FilterField } from "../../../core/filter/filter.ts";
import type { Sort } from "../../../core/filter/sort.ts";
import { composedSql, type Db } from "../../db/db.ts";
import { DATE_COLUMNS, foldedSql, type Parameters, TEXT_COLUMNS } from "../../db/filter-sql.ts";
import type { LeadListRow } from "./lead-view.ts";

export type Key = string | number | null;

/** Where a page ended: the sort's values of its last lead, and the lead's id. */
export type Position = { readonly keys: readonly Key[]; readonly id: string };

/** `config` is the number live when the page was read; null when there are no rows to say so. */
export type LeadPage = { readonly rows: readonly LeadListRow[]; readonly end: Position | null; readonly config: number | null };

/** How a value of a cursor must look for the field it stands for. */
export type KeyKind = "number" | "text" | "time";

export type SortColumn = {
  readonly expression: string;
  /** The column of the page that holds its value already, if one does. */
  readonly read: "score" | "stage" | "captured_at" | "created_at" | "updated_at" | null;
  readonly descending: boolean;
  readonly nullable: boolean;
  readonly kind: KeyKind;
  readonly type: string;
};

/** The columns of a sort. Leads of one score follow each other in order of creation, as the indexes have them. */
export function sortColumns(sort: Sort, customField: (key: string) => FilterField | null, params: Parameters): readonly SortColumn[] {
  const byAge = sort.some((term) => term.field === "score") && !sort.some((term) => term.field === "createdAt");
  return [...sort, ...(byAge ? [{ field: "createdAt", descending: false }] : [])].map(({ field, descending }) => ({
    ...columnOf(field, customField, params),
    descending,
  }));
}

function columnOf(field: string, customField: (key: string) => FilterField | null, params: Parameters): Omit<SortColumn, "descending"> {
  const date = DATE_COLUMNS[field];
  if (date !== undefined) return { expression: date, read: READ_TIMES[field] ?? null, nullable: false, kind: "time", type: "timestamptz" };
  if (field === "score") return { expression: "l.score", read: "score", nullable: false, kind: "number", type: "bigint" };
  if (field === "stage") return { expression: "l.stage", read: "stage", nullable: false, kind: "text", type: "text" };
  const column = TEXT_COLUMNS[field];
  if (column !== undefined) return { expression: foldedSql(column), read: null, nullable: true, kind: "text", type: "text" };
  const kind = customField(field.slice(7));
  const number = kind === "number" || kind === "boolean";
  const value = `(select ${number ? "v.number" : "v.text"} from lead_value v where v.workspace_id = $1 and v.lead_id = l.id and v.field = ${params.bind(field.slice(7), "text")})`;
  return { expression: value, read: null, nullable: true, kind: number ? "number" : "text", type: number ? "float8" : "text" };
}

const READ_TIMES: Readonly<Record<string, SortColumn["read"]>> = { capturedAt: "captured_at", createdAt: "created_at", updatedAt: "updated_at" };

export type PageRequest = {
  /** A compiled filter, or null for every lead. Its values stand in `params`. */
  readonly where: string | null;
  readonly columns: readonly SortColumn[];
  readonly params: Parameters;
  readonly after: Position | null;
  readonly limit: number;
  /** Keep the plan: for statements whose best plan does not depend on their values. */
  readonly prepare: boolean;
};

export async function listLeadRows(db: Db, { where, columns, params, after, limit, prepare }: PageRequest): Promise<LeadPage> {
  const conditions = ["l.workspace_id = $1", ...(where === null ? [] : [where]), ...(after === null ? [] : afterPosition(columns, after, params))];
  const order = [...columns.map((column) => `${column.expression} ${column.descending ? "desc" : "asc"}${column.nullable ? " nulls last" : ""}`), "l.id"];
  const keys = columns
    .map((column, i) => (column.read === null ? `, ${column.kind === "time" ? utcText(column.expression) : column.expression} as k${i}` : ""))
    .join("");
  const text = `select ${LIST_COLUMNS}${keys}, (select w.config_number from workspace w where w.workspace_id = $1) as config from lead l where ${conditions.join(" and ")} order by ${order.join(", ")} limit ${params.bind(limit + 1, "int")}`;
  const found = await db.query<LeadListRow & { readonly config: number } & Readonly<Record<`k${number}`, Key>>>(composedSql(text, params.values, prepare));
  const rows = found.slice(0, limit);
  const last = rows.at(-1);
  const end =
    found.length <= limit || last === undefined
      ? null
      : { keys: columns.map(({ read }, i) => (read === null ? (last[`k${i}`] ?? null) : last[read])), id: last.id };
  return { rows, end, config: found[0]?.config ?? null };
}

/** Without a session's time zone, in which `::text` would write it. */
function utcText(expression: string): string {
  return `(${expression} at time zone 'UTC')::text`;
}

const LIST_COLUMNS = [
  "l.id, l.version, l.email, l.phone, l.external_id, l.first_name, l.last_name, l.company, l.company_id, l.job_title, l.country, l.city, l.website, l.source, l.campaign, l.stage, l.status, l.heat",
  "l.score, l.fit, l.engagement, l.bant, l.quality, l.freshness, l.owner_id, l.team, nullif(l.tags, '{}') as tags, l.fields, l.bant_answers", // parsing an array takes longer than anything else in a row, so an empty one is not sent
  ...["captured_at", "created_at", "updated_at"].map((column) => `${utcText(`l.${column}`)} as ${column}`),
].join(", ");

/** Rows after a position: later in the first column, or equal there and later in the second, and so on. */
function afterPosition(columns: readonly SortColumn[], { keys, id }: Position, params: Parameters): readonly string[] {
  const bound = columns.map((column, i) => (keys[i] === null ? null : params.bind(column.kind === "time" ? `${keys[i]}Z` : keys[i], column.type)));
  let later = `l.id > ${params.bind(id, "uuid")}`;
  for (let i = columns.length - 1; i >= 0; i--) {
    const { expression, descending, nullable } = columns[i] as SortColumn;
    const key = bound[i] as string | null;
    if (key === null) {
      later = `(${expression} is null and ${later})`;
      continue;
    }
    const beyond = `${expression} ${descending ? "<" : ">"} ${key}`;
    later = `(${beyond}${nullable ? ` or ${expression} is null` : ""} or (${expression} = ${key} and ${later}))`;
  }
  const first = columns[0];
  // Says again what follows from the rest, in a form an index can start from.
  const start = first === undefined || first.nullable || bound[0] === null ? [] : [`${first.expression} ${first.descending ? "<=" : ">="} ${bound[0]}`];
  return [...start, later];
}

/** How many leads a filter means; null when more than `most`, counted no further. */
export async function countLeads(db: Db, where: string | null, values: readonly unknown[], most: number): Promise<number | null> {
  const text = `select count(*)::int as n from (select 1 from lead l where l.workspace_id = $1${where === null ? "" : ` and ${where}`} limit ${most + 1}) counted`;
  const [row] = await db.query<{ n: number }>(composedSql(text, values));
  return row === undefined || row.n > most ? null : row.n;
}
