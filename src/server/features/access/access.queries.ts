/** What somebody holds, and which of some leads he sees. */
import type { Sieve } from "../../../core/access/sight.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";
import { parameters } from "../../db/filter-sql.ts";
import { type Sight, sightSql } from "../../db/sight-sql.ts";

/** Leads with an open next step or an opportunity of his, except those that he owns. */
export async function listHeldLeads(db: Db, { userId }: Sieve): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select l.id from lead l
    where l.workspace_id = ${workspace} and l.owner_id is distinct from ${userId}::uuid and l.id in (
      select t.lead_id from task t where t.workspace_id = ${workspace} and t.owner_id = ${userId}::uuid and t.state = 'open'
      union select o.lead_id from opportunity o where o.workspace_id = ${workspace} and o.owner_id = ${userId}::uuid)`);
  return rows.map(({ id }) => id);
}

/** Which of these leads are seen. Those that do not exist are not. */
export async function listSeenLeads(db: Db, sight: Sight, ids: readonly string[]): Promise<readonly string[]> {
  const params = parameters();
  const condition = sightSql(sight, params);
  const wanted = params.bind(ids, "uuid[]");
  const rows = await db.query<{ id: string }>(
    composedSql(
      `select l.id from unnest(${wanted}) k (id) join lead l on l.workspace_id = $1 and l.id = k.id where l.workspace_id = $1${condition === null ? "" : ` and ${condition}`}`,
      params.values,
    ),
  );
  return rows.map(({ id }) => id);
}
