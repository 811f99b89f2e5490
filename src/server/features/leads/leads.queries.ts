/** A lead's history, newest first. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type FactRow = {
  readonly number: number;
  readonly ordinal: number;
  readonly input_id: string;
  readonly at: Date;
  readonly type: string;
  readonly actor: string;
  readonly data: Readonly<Record<string, unknown>>;
};

export type FactPosition = { readonly number: number; readonly ordinal: number };

export async function listFacts(db: Db, leadId: string, before: FactPosition | null, limit: number): Promise<readonly FactRow[]> {
  const { number, ordinal } = before ?? { number: 2_147_483_647, ordinal: 0 };
  return db.query<FactRow>(sql`
    select number, ordinal, input_id, at, type, actor, data from fact
    where workspace_id = ${workspace} and lead_id = ${leadId} and (number, ordinal) < (${number}::int, ${ordinal}::int)
    order by number desc, ordinal desc limit ${limit}`);
}
