/** The leads that an import changed, or found as they were. */
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";

export type ImportOutcome = "updated" | "skipped";

/** A part of the import, and a place in its list. */
export type Place = { readonly row: number; readonly place: number };

export type ImportLeadRow = Place & {
  readonly id: string;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly external_id: string | null;
  readonly stage: string;
};

const COLUMNS: Readonly<Record<ImportOutcome, string>> = { updated: "updated_leads", skipped: "skipped_leads" };

type Asked = { readonly outcome: ImportOutcome; readonly after: Place; readonly limit: number; readonly sight: Sight };

/** In the order of the file, without those in the bin. */
export function listImportLeads(db: Db, importId: string, { outcome, after, limit, sight }: Asked): Promise<readonly ImportLeadRow[]> {
  const params = parameters();
  const [row, place] = [params.bind(after.row, "int"), params.bind(after.place, "int")];
  const seen = sightSql(sight, params);
  const text = `
    select c.first_row as row, u.place::int as place, l.id, l.first_name, l.last_name, l.company, l.email, l.phone, l.external_id, l.stage
    from import_chunk c cross join lateral unnest(c.${COLUMNS[outcome]}) with ordinality u (id, place)
    join lead l on l.workspace_id = c.workspace_id and l.id = u.id
    where c.workspace_id = $1 and c.import_id = ${params.bind(importId, "uuid")} and c.first_row >= ${row} and (c.first_row, u.place) > (${row}, ${place})
      and l.deleted_at is null${seen === null ? "" : ` and ${seen}`}
    order by c.first_row, u.place limit ${params.bind(limit, "int")}`;
  return db.query<ImportLeadRow>(composedSql(text, params.values));
}

/** Whether the import kept which leads these were: earlier ones did not. */
export async function keptLeads(db: Db, importId: string): Promise<boolean> {
  const rows = await db.query(sql`
    select 1 from import_chunk where workspace_id = ${workspace} and import_id = ${importId} and updated_leads is null and updated + skipped > 0 limit 1`);
  return rows.length === 0;
}
