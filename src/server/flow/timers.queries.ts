/** Which workspaces have something due, and the end of a timer that cannot be processed. */
import type pg from "pg";
import { sql, type Statement, workspace } from "../db/db.ts";

/** Workspaces with a timer due; not bound to a workspace. */
export async function listDueWorkspaces(pool: pg.Pool, now: Date): Promise<readonly string[]> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: "due-workspaces",
    text: "select workspace_id from workspace w where exists (select 1 from timer t where t.workspace_id = w.workspace_id and t.due_at <= $1)",
    values: [now],
  });
  return rows.map((row) => row.workspace_id);
}

export function deleteTimers(leadId: string): Statement {
  return sql`delete from timer where workspace_id = ${workspace} and lead_id = ${leadId}`;
}
