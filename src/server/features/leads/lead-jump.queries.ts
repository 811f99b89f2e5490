/**
 * Landing in the middle of a list. A short list is walked to the place; of a long one a sample of pages is read and sorted,
 * which tells within a few per cent where the place is and costs the same whatever the length of the list.
 */
import { composedSql, type Db } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";
import type { Key, Order, Position } from "./lead-list.queries.ts";

type Where = (params: Parameters) => string | null;
type Row = { readonly id: string } & Readonly<Record<`k${number}`, Key>>;

/** So many rows of a sample are enough: one in the middle is then within 2 per cent of the middle, nineteen times of twenty. */
const SAMPLED_ROWS = 4000;
/** No more of the table than this is read for a sample. */
const MOST_PER_CENT = 5;

/** The lead behind which the place begins, counted from 0; null for the first place. */
export async function findByPlace(db: Db, where: Where, order: Order, place: number): Promise<Position | null> {
  if (place <= 0) return null;
  const { text, params } = keysOf("lead l", where, order);
  const [row] = await db.query<Row>(composedSql(`${text} order by ${termsOf(order)} offset ${params.bind(place - 1, "int")} limit 1`, params.values));
  return row === undefined ? null : positionOf(row, order);
}

/** The lead at a part of the list from 0 to 1, estimated. @param estimate about how many leads the list has */
export async function findBySample(db: Db, where: Where, order: Order, part: number, estimate: number): Promise<Position | null> {
  const percent = Math.min(MOST_PER_CENT, Math.max(0.01, (100 * SAMPLED_ROWS) / Math.max(1, estimate)));
  const { text, params } = keysOf(`lead l tablesample system (${percent.toFixed(4)})`, where, order);
  const wanted = params.bind(part, "float8");
  const [row] = await db.query<Row>(
    composedSql(
      `select * from (select *, row_number() over (order by ${placesOf(order)}) as place, count(*) over () as n from (${text}) s) p where place = greatest(1, ceil(${wanted} * n)) limit 1`,
      params.values,
    ),
  );
  return row === undefined ? null : positionOf(row, order);
}

/** About how many leads a filter means, by the planner's statistics. */
export async function estimateLeads(db: Db, where: Where): Promise<number> {
  const params = parameters();
  const condition = where(params);
  const text = `explain (format json) select 1 from lead l where l.workspace_id = $1 and l.deleted_at is null${condition === null ? "" : ` and ${condition}`}`;
  const [row] = await db.query<{ readonly "QUERY PLAN": readonly { readonly Plan: { readonly "Plan Rows": number } }[] }>(composedSql(text, params.values));
  return row?.["QUERY PLAN"][0]?.Plan["Plan Rows"] ?? 0;
}

function keysOf(source: string, where: Where, order: Order): { readonly text: string; readonly params: Parameters } {
  const params = parameters();
  const condition = where(params);
  const keys = order.columns.map((column, i) =>
    column.kind === "time" ? `(${column.expression} at time zone 'UTC')::text as k${i}` : `${expressionOf(column.expression, params)} as k${i}`,
  );
  return {
    text: `select l.id, ${keys.join(", ")} from ${source} where l.workspace_id = $1 and l.deleted_at is null${condition === null ? "" : ` and ${condition}`}`,
    params,
  };
}

function expressionOf(expression: string, params: Parameters): string {
  return expression.replace(/:(.+):/s, (_, key: string) => params.bind(key, "text"));
}

/** By the names under which `keysOf` gives the values. */
function placesOf(order: Order): string {
  return [...order.columns.map(({ descending }, i) => `k${i} ${descending ? "desc" : "asc"} nulls last`), `id ${order.idDescending ? "desc" : "asc"}`].join(
    ", ",
  );
}

function termsOf(order: Order): string {
  return [...order.columns.map(({ descending }, i) => `${i + 2} ${descending ? "desc" : "asc"} nulls last`), `1 ${order.idDescending ? "desc" : "asc"}`].join(
    ", ",
  );
}

function positionOf(row: Row, { columns }: Order): Position {
  return { keys: columns.map((_, i) => row[`k${i}`] ?? null), id: row.id };
}
