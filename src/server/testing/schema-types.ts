import type { Client } from "pg";

/**
 * The tables as types of their rows.
 *
 * They say what the pool's parsers make of a column: bigint is a number (no
 * count of ours reaches 2^53, but a list of them arrives as texts), json is
 * whatever its query file parses it to, a date without time is text, because
 * it has no zone to be a Date in.
 */
export async function schemaTypes(client: Client): Promise<string> {
  const { rows } = await client.query<Column>(COLUMNS);
  const tables = Map.groupBy(rows, (row) => row.table);
  const bodies = [...tables].map(([table, columns]) => `  ${table}: {\n${columns.map((column) => `    ${column.name}: ${typeOf(column)};`).join("\n")}\n  };`);
  return `${HEADER}\nexport type Tables = {\n${bodies.join("\n")}\n};\n`;
}

type Column = {
  readonly table: string;
  readonly name: string;
  readonly type: string;
  readonly labels: readonly string[] | null;
  readonly array: boolean;
  readonly nullable: boolean;
};

const HEADER = `/** What a row of each table is once it has been read. Generated from the migrated database by \`npm run db:types\`; do not edit. */

/** JSON, parsed: unknown but not null, so that whether a column may be null is not lost. */
export type Json = NonNullable<unknown>;
`;

const COLUMNS = `
  select c.relname as table, a.attname as name, b.typname as type, e.typcategory = 'A' as array,
    (select array_agg(enumlabel::text order by enumsortorder) from pg_enum where enumtypid = b.oid) as labels,
    not (a.attnotnull or t.typnotnull) as nullable
  from pg_class c
  join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
  join pg_type t on t.oid = a.atttypid
  join pg_type e on e.oid = case when t.typtype = 'd' then t.typbasetype else t.oid end
  join pg_type b on b.oid = case when e.typcategory = 'A' then e.typelem else e.oid end
  where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm') and not c.relispartition
    and not exists (select 1 from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
  order by c.relname, a.attnum`;

const PLAIN: Readonly<Record<string, string>> = {
  int2: "number",
  int4: "number",
  int8: "number",
  float4: "number",
  float8: "number",
  bool: "boolean",
  bytea: "Buffer",
  json: "Json",
  jsonb: "Json",
  timestamptz: "Date",
  timestamp: "Date",
};

/** Everything else arrives as text: uuid, text, numeric, date, time, interval, ranges, vectors. */
function typeOf(column: Column): string {
  const element = column.labels === null ? plainOf(column) : column.labels.map((label) => JSON.stringify(label)).join(" | ");
  const whole = column.array ? (/^\w+$/.test(element) ? `${element}[]` : `(${element})[]`) : element;
  return column.nullable ? `${whole} | null` : whole;
}

/** The pool reads a bigint as a number and leaves a list of them as texts. */
function plainOf({ type, array }: Column): string {
  return array && type === "int8" ? "string" : (PLAIN[type] ?? "string");
}
