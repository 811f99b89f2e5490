/** How often somebody was refused. The table belongs to the house: before signing in nobody has a workspace. */
import type pg from "pg";

export type Limit = {
  /** SHA-256 of what the attempts share. */
  readonly key: Buffer;
  /** So many failures cost nothing. */
  readonly free: number;
  /** Seconds after the first that costs; doubles with each. */
  readonly wait: number;
  /** Seconds at most. */
  readonly most: number;
  /** Seconds without a failure after which all is forgotten. */
  readonly forget: number;
};

/** The moment until which none of these may try, if one has to wait. */
export async function findWait(pool: pg.Pool, keys: readonly Buffer[], now: Date): Promise<Date | null> {
  const { rows } = await pool.query<{ until: Date | null }>({
    name: "throttle-wait",
    text: "select max(until) as until from throttle where key = any($1::bytea[]) and until > $2",
    values: [keys, now],
  });
  return rows[0]?.until ?? null;
}

/**
 * Counts an attempt as failed before it is made, so that a thousand at once are not one. False when somebody else's made it wait;
 * one that makes nobody wait is no moment at all, or whoever read the clock a millisecond earlier would be refused.
 */
export async function takeAttempt(pool: pg.Pool, { key, free, wait, most, forget }: Limit, now: Date): Promise<boolean> {
  const { rowCount } = await pool.query({
    name: "throttle-take",
    text: `insert into throttle as t (key, failures, at, until) values ($1, 1, $2, '-infinity')
      on conflict (key) do update set (failures, at, until) = (
        select n, $2::timestamptz, case when n < $3 then '-infinity' else $2::timestamptz + make_interval(secs => least($4::float8 * power(2, least(n - $3, 30)), $5)) end
        from (select case when t.at < $2::timestamptz - make_interval(secs => $6) then 1 else t.failures + 1 end as n) counted)
      where t.until <= $2`,
    values: [key, now, free, wait, most, forget],
  });
  return rowCount === 1;
}

/** One attempt was none: it did not fail. */
export async function releaseAttempt(pool: pg.Pool, key: Buffer, now: Date): Promise<void> {
  await pool.query({
    name: "throttle-release",
    text: "update throttle set failures = greatest(failures - 1, 0), until = least(until, $2) where key = $1",
    values: [key, now],
  });
}

export async function forgetAttempts(pool: pg.Pool, key: Buffer): Promise<void> {
  await pool.query({ name: "throttle-forget", text: "delete from throttle where key = $1", values: [key] });
}

export async function deleteOldAttempts(pool: pg.Pool, before: Date): Promise<void> {
  await pool.query("delete from throttle where at < $1", [before]);
}
