/** Runs and chunks of rescoring, and the part of a lead that scoring reads. */
import type pg from "pg";
import { FLOW_RELEASE } from "../../core/config/config.ts";
import type { LeadState } from "../../core/flow/state.ts";
import { type Db, sql, workspace } from "../db/db.ts";
import type { LeadRow, SignalRow, TimerRow } from "./row-types.ts";

export async function insertRun(db: Db, config: number, at: Date): Promise<void> {
  await db.execute(sql`
    insert into rescore_run (workspace_id, config, state, cursor, leads, started_at) values (${workspace}, ${config}, 'running', null, 0, ${at}) on conflict do nothing`);
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
  const rows = await db.query<{ state: string; cursor: string | null }>(sql`select state, cursor from rescore_run where workspace_id = ${workspace} and config = ${config}`);
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

/** Leads not yet scored with a configuration, with what scoring may look at: neither ledger nor provenance, which are the longest parts of a row. */
export async function listScoringRows(db: Db, ids: readonly string[], config: number): Promise<readonly LeadRow[]> {
  return db.query<LeadRow>(sql`
    select l.id, l.number, l.version, l.email, l.phone, l.external_id, l.first_name, l.last_name, l.company, l.company_id, l.job_title, l.country, l.city, l.website, l.source, l.campaign,
      l.stage, l.status, l.heat, l.score, l.fit, l.engagement, l.bant, l.quality, l.freshness, '{}'::int[] as ledger, l.scored_with, l.scored_at, l.owner_id, l.team, l.resting, l.tags,
      l.fields, l.bant_answers, l.state - '{written,passes}'::text[] as state, l.import_id, l.captured_at, l.stage_at, l.created_at, l.updated_at
    from unnest(${ids}::uuid[]) k (id) join lead l on l.workspace_id = ${workspace} and l.id = k.id and l.scored_with <> ${config}`);
}

export async function listScoringParts(
  db: Db,
  ids: readonly string[],
): Promise<{ readonly signals: readonly SignalRow[]; readonly timers: readonly TimerRow[] }> {
  const [signals, timers] = await Promise.all([
    db.query<SignalRow>(
      sql`select lead_id, facet, first_at, last_at, total, days from signal where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`,
    ),
    db.query<TimerRow>(sql`select lead_id, purpose, due_at from timer where workspace_id = ${workspace} and lead_id = any(${ids}::uuid[])`),
  ]);
  return { signals, timers };
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
