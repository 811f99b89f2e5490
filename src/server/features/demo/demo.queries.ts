/** What only the demo writes: which workspace it is, and that its people share a password. */
import type pg from "pg";
import { type Db, sql, workspace } from "../../db/db.ts";

/** `loadedAt` is null while the workspace is being filled, or when that was interrupted. */
export type DemoFlag = { readonly workspaceId: string; readonly loadedAt: string | null };

export async function findDemo(pool: pg.Pool): Promise<DemoFlag | null> {
  const { rows } = await pool.query<{ value: DemoFlag }>({ name: "find-demo", text: "select value from house_flag where key = 'demo'" });
  return rows[0]?.value ?? null;
}

/** The house has one demo workspace at most; an earlier one that is gone is forgotten. */
export async function setDemo(pool: pg.Pool, flag: DemoFlag, at: Date): Promise<void> {
  await pool.query({
    text: "insert into house_flag (key, value, set_at) values ('demo', $1, $2) on conflict (key) do update set value = excluded.value, set_at = excluded.set_at",
    values: [JSON.stringify(flag), at],
  });
}

/** The same within the transaction that fills the workspace. */
export async function setLoaded(db: Db, at: Date): Promise<void> {
  await db.execute(sql`
    update house_flag set value = jsonb_build_object('workspaceId', ${workspace}::text, 'loadedAt', ${at.toISOString()}::text), set_at = ${at} where key = 'demo'`);
}

/** Runs `work` while nobody else loads the demo; null when somebody does. */
export async function holdingDemo<T>(pool: pg.Pool, work: () => Promise<T>): Promise<T | null> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(20261122) as held");
    if (rows[0]?.held !== true) return null;
    try {
      return await work();
    } finally {
      await client.query("select pg_advisory_unlock(20261122)").catch((error: Error) => {
        broken = error;
      });
    }
  } finally {
    client.release(broken);
  }
}

/** Everybody of the workspace gets the password of this user. */
export async function sharePassword(db: Db, userId: string): Promise<void> {
  await db.execute(sql`
    update app_user set password_hash = (select password_hash from app_user one where one.workspace_id = ${workspace} and one.id = ${userId})
    where workspace_id = ${workspace} and id <> ${userId}`);
}

/**
 * What one transaction writes no ANALYZE can see, so the planner believes the tables to be nearly empty and would read all of a
 * workspace to find one lead. Told that a row is dear it looks up by key; while the tables grow it plans each time, afterwards
 * once. Until the transaction ends.
 */
export async function planForUnseenRows(db: Db, tables: "growing" | "grown"): Promise<void> {
  const mode = tables === "growing" ? "force_custom_plan" : "force_generic_plan";
  await db.query(sql`select set_config('cpu_tuple_cost', '10', true), set_config('plan_cache_mode', ${mode}, true) where ${workspace} is not null`);
}

/** Nobody needs to hear now of what happened weeks ago. A notice that is done is a row that is gone. */
export async function forgetOldNotices(db: Db, before: Date): Promise<void> {
  await db.execute(sql`delete from effect where workspace_id = ${workspace} and kind = 'notify' and created_at < ${before}`);
}

export async function findWorkspaceName(pool: pg.Pool, workspaceId: string): Promise<string | null> {
  const { rows } = await pool.query<{ name: string }>({
    name: "demo-workspace",
    text: "select name from workspace where workspace_id = $1",
    values: [workspaceId],
  });
  return rows[0]?.name ?? null;
}
