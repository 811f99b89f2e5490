/** Why leads were returned, of those that lie returned now. */
import { composedSql, type Db } from "../../db/db.ts";
import { parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";

export type ReasonRow = { readonly reason: string; readonly leads: number };

/** So many returned leads are looked at. */
const LOOKED_AT = 500;

/** What was given most comes first. A reason that was given once only is named to those who see its lead. */
export function listReasons(db: Db, sight: Sight, longest: number, most: number): Promise<readonly ReasonRow[]> {
  const params = parameters();
  const seen = sightSql(sight, params) ?? "true";
  const text = `
    with given as materialized (
      select ${seen} as seen,
        (select btrim(f.data->>'reason') from fact f where f.workspace_id = $1 and f.lead_id = l.id and f.stage = 'rejected'
          order by f.at desc, f.number desc, f.ordinal desc limit 1) as reason
      from lead l where l.workspace_id = $1 and l.stage = 'rejected' and l.deleted_at is null limit ${LOOKED_AT})
    select min(reason) as reason, count(*)::int as leads from given
    where reason <> '' and length(reason) <= ${params.bind(longest, "int")}
    group by lower(reason) having count(*) > 1 or bool_or(seen)
    order by 2 desc, 1 limit ${params.bind(most, "int")}`;
  return db.query<ReasonRow>(composedSql(text, params.values));
}
