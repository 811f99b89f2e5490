/** How the leads of a filter are spread over stages, owners, sources and tags: counted in one pass over at most so many of them. */
import { composedSql, type Db } from "../../db/db.ts";
import { type Parameters, parameters } from "../../db/filter-sql.ts";

export type FacetRow = { readonly facet: string; readonly value: string | null; readonly n: number };

/** The most frequent values of each facet, and under `leads` how many leads were looked at. `sample`: the per cent of the table that is read, or null for all. */
export async function countFacets(db: Db, where: (params: Parameters) => string | null, most: number, sample: number | null): Promise<readonly FacetRow[]> {
  const params = parameters();
  const condition = where(params);
  const source = sample === null ? "lead l" : `lead l tablesample system (${sample.toFixed(4)})`;
  const text = `
    with looked as materialized (
      select l.stage, l.owner_id::text as owner, l.team, l.source, l.heat, l.tags from ${source}
      where l.workspace_id = $1 and l.deleted_at is null${condition === null ? "" : ` and ${condition}`} limit ${params.bind(most, "int")})
    select 'leads' as facet, null as value, count(*)::int as n from looked
    ${["stage", "owner", "team", "source", "heat"].map((column) => `union all (select '${column}', ${column}, count(*)::int from looked group by 2 order by 3 desc, 2 limit 50)`).join("\n")}
    union all (select 'tag', tag, count(*)::int from looked, unnest(tags) tag group by 2 order by 3 desc, 2 limit 50)`;
  return db.query<FacetRow>(composedSql(text, params.values));
}

/** Values of a column as they come most often, from the same kind of pass; for the lists of a filter builder. */
export async function listValues(db: Db, column: "campaign" | "country" | "source", most: number): Promise<readonly string[]> {
  const params = parameters();
  const rows = await db.query<{ value: string }>(
    composedSql(
      `select ${column} as value from (select l.${column} from lead l where l.workspace_id = $1 and l.deleted_at is null and l.${column} is not null order by l.captured_at desc limit ${params.bind(most, "int")}) recent group by 1 order by count(*) desc, 1 limit 200`,
      params.values,
    ),
  );
  return rows.map(({ value }) => value);
}
