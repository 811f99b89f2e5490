/** Opportunities as lists and pages read them. */
import { type Db, sql, workspace } from "../../db/db.ts";
import type { FormAnswers } from "../../../core/flow/state.ts";

export type OpportunityListRow = {
  readonly id: string;
  readonly lead_id: string;
  readonly company_id: string | null;
  readonly company: string | null;
  readonly name: string;
  readonly stage: string;
  readonly amount: number | null;
  readonly currency: string | null;
  readonly owner_id: string | null;
  readonly close_date: string | null;
  readonly next_meeting: Date | null;
  readonly form: FormAnswers;
  readonly won_at: Date | null;
  readonly lost_at: Date | null;
  readonly lost_reason: string | null;
  readonly stage_at: Date;
  readonly created_at: Date;
  readonly updated_at: Date;
};

/** Newest first: ids begin with the time they were made. */
export async function listOpportunities(
  db: Db,
  { lead, before, limit }: { readonly lead: string | null; readonly before: string | null; readonly limit: number },
): Promise<readonly OpportunityListRow[]> {
  return lead === null
    ? db.query<OpportunityListRow>(sql`
        select o.*, c.name as company from opportunity o left join company c on c.workspace_id = o.workspace_id and c.id = o.company_id
        where o.workspace_id = ${workspace} and (${before}::uuid is null or o.id < ${before}) order by o.id desc limit ${limit}`)
    : db.query<OpportunityListRow>(sql`
        select o.*, c.name as company from opportunity o left join company c on c.workspace_id = o.workspace_id and c.id = o.company_id
        where o.workspace_id = ${workspace} and o.lead_id = ${lead} and (${before}::uuid is null or o.id < ${before}) order by o.id desc limit ${limit}`);
}

export async function findOpportunity(db: Db, id: string): Promise<OpportunityListRow | null> {
  const rows = await db.query<OpportunityListRow>(sql`
    select o.*, c.name as company from opportunity o left join company c on c.workspace_id = o.workspace_id and c.id = o.company_id
    where o.workspace_id = ${workspace} and o.id = ${id}`);
  return rows[0] ?? null;
}
