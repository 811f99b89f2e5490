/** What API keys are called. */
import { type Db, sql, workspace } from "../../db/db.ts";

export async function listKeyNames(db: Db): Promise<readonly { readonly id: string; readonly name: string }[]> {
  return db.query(sql`select id, name from api_key where workspace_id = ${workspace}`);
}
