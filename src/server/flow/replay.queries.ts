/** A lead's recorded past. */
import type { Answer, Contested, Input } from "../../core/flow/input.ts";
import { type Db, sql, workspace } from "../db/db.ts";

export type RecordedInput = {
  readonly id: string;
  readonly number: number;
  readonly received_at: Date;
  readonly config: number;
  readonly release: number;
  readonly actor: string;
  readonly hash: number;
  readonly payload: Input;
  readonly context: { readonly answers: readonly Answer[]; readonly contested: readonly Contested[] } | null;
};

export async function listRecordedInputs(db: Db, leadId: string): Promise<readonly RecordedInput[]> {
  return db.query<RecordedInput>(sql`
    select id, number, received_at, config, release, actor, hash, payload, context from intake
    where workspace_id = ${workspace} and lead_id = ${leadId} and state = 'done' order by number`);
}

export type RecordedTouch = {
  readonly number: number;
  readonly received_at: Date;
  readonly at: Date;
  readonly claimed_at: Date | null;
  readonly kind: string;
  readonly config: number;
  readonly release: number;
  readonly hash: number;
  readonly props: Record<string, unknown> | null;
  readonly key: string | null;
};

export async function listRecordedTouches(db: Db, leadId: string): Promise<readonly RecordedTouch[]> {
  return db.query<RecordedTouch>(sql`
    select number, received_at, at, claimed_at, kind, config, release, hash, props, key from touch
    where workspace_id = ${workspace} and lead_id = ${leadId} order by number, ordinal`);
}

export type RecordedRescore = { readonly number: number; readonly at: Date; readonly config: number; readonly release: number; readonly score: number };

export async function listRecordedRescores(db: Db, leadId: string): Promise<readonly RecordedRescore[]> {
  return db.query<RecordedRescore>(sql`
    select numbers[place] as number, at, config, release, scores_to[place] as score
    from (select c.*, array_position(c.lead_ids, ${leadId}::uuid) as place from rescore_chunk c where c.workspace_id = ${workspace} and ${leadId}::uuid between c.from_id and c.to_id) c
    where place is not null`);
}
