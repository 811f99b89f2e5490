/** Runs and chunks of rescoring, and the part of a lead that scoring reads. */
import type pg from "pg";
import { FLOW_RELEASE } from "../../core/config/config.ts";
import type { LeadState } from "../../core/flow/state.ts";
import { type Db, sql, workspace } from "../db/db.ts";

export async function insertRun(db: Db, config: number, at: Date): Promise<void> {
  await db.execute(sql`
    insert into rescore_run (workspace_id, config, state, cursor, leads, started_at) values (${workspace}, ${config}, 'running', null, 0, ${at}) on conflict do nothing`);
}

/** Whether leads are being scored anew in this workspace. */
export async function hasOpenRun(db: Db): Promise<boolean> {
  return (await db.query(sql`select 1 from rescore_run where workspace_id = ${workspace} and state = 'running' limit 1`)).length > 0;
}

/** Runs that have not ended, of all workspaces. */
export async function listOpenRuns(pool: pg.Pool): Promise<readonly { readonly workspace_id: string; readonly config: number }[]> {
  return (
    await pool.query<{ workspace_id: string; config: number }>(
      "select workspace_id, config from rescore_run where state = 'running' order by workspace_id, config",
    )
  ).rows;
}

/**
 * Does the work of a run while holding it, so that one process does it. A process that dies gives the run back with its
 * connection. One that finds it held waits: the promise to the publisher is that the run has ended.
 */
export async function holdingRun<T>(pool: pg.Pool, workspaceId: string, config: number, work: () => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query("select pg_advisory_lock(hashtextextended($1 || ' rescore ' || $2, 6))", [workspaceId, config]);
    return await work();
  } finally {
    await client.query("select pg_advisory_unlock_all()").catch((error: Error) => {
      broken = error;
    });
    client.release(broken);
  }
}

export async function findRun(db: Db, config: number): Promise<{ readonly state: string; readonly cursor: string | null } | null> {
  const rows = await db.query<{ state: string; cursor: string | null }>(
    sql`select state, cursor from rescore_run where workspace_id = ${workspace} and config = ${config}`,
  );
  return rows[0] ?? null;
}

export async function moveRun(db: Db, config: number, cursor: string, leads: number): Promise<void> {
  await db.execute(sql`update rescore_run set cursor = ${cursor}, leads = leads + ${leads} where workspace_id = ${workspace} and config = ${config}`);
}

export async function endRun(db: Db, config: number, state: "done" | "superseded", at: Date): Promise<void> {
  await db.execute(sql`update rescore_run set state = ${state}, finished_at = ${at} where workspace_id = ${workspace} and config = ${config}`);
}

export async function listLeadIdsAfter(db: Db, cursor: string | null, limit: number): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`
    select id from lead where workspace_id = ${workspace} and id > ${cursor ?? "00000000-0000-0000-0000-000000000000"}::uuid order by id limit ${limit}`);
  return rows.map((row) => row.id);
}

/** One recorded input of many leads, in the order of their ids. */
export function writeChunk(db: Db, config: number, at: Date, before: readonly LeadState[], after: readonly LeadState[]): void {
  const order = after.map((_, i) => i).sort((a, b) => ((after[a] as LeadState).id < (after[b] as LeadState).id ? -1 : 1));
  const ids = order.map((i) => (after[i] as LeadState).id);
  db.post(sql`
    insert into rescore_chunk (workspace_id, config, from_id, to_id, at, release, lead_ids, numbers, scores_from, scores_to)
    values (${workspace}, ${config}, ${ids[0]}, ${ids.at(-1)}, ${at}, ${FLOW_RELEASE}, ${ids}::uuid[], ${order.map((i) => (after[i] as LeadState).number)}::int[],
      ${order.map((i) => (before[i] as LeadState).scores.total)}::int[], ${order.map((i) => (after[i] as LeadState).scores.total)}::int[])`);
}
