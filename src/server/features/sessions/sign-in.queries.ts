/** What signing in asks before it knows the workspace: an address or a link may be of any. */
import type pg from "pg";

export type AccountRow = {
  readonly workspace_id: string;
  readonly workspace: string;
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly password_hash: string;
  readonly second_factor: boolean;
};

/** The accounts of this address that can be signed in to with a password. */
export async function listAccounts(pool: pg.Pool, email: string): Promise<readonly AccountRow[]> {
  const { rows } = await pool.query<AccountRow>({
    name: "accounts-by-email",
    text: `select u.workspace_id, w.name as workspace, u.id, u.email, u.name, u.password_hash, u.totp_on_at is not null as second_factor
      from app_user u join workspace w using (workspace_id)
      where u.email = $1 and u.active and u.password_hash is not null order by w.created_at, u.workspace_id`,
    values: [email],
  });
  return rows;
}

/** In how many workspaces the most widespread address has an account: every attempt to sign in does the work of that many. */
export async function countMostAccounts(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ most: number | null }>({
    name: "most-accounts",
    text: "select max(count) as most from (select count(*) from app_user where active and password_hash is not null group by email) counts",
  });
  return rows[0]?.most ?? 0;
}

/**
 * Notes a failed attempt with every account of the address, and answers how many there are. The row of the throttle is
 * touched as well, so that the statement writes whether or not there is an account.
 */
export async function insertFailures(
  pool: pg.Pool,
  { email, address, at, detail }: { readonly email: string; readonly address: string; readonly at: Date; readonly detail: string },
): Promise<void> {
  await pool.query({
    name: "sign-in-failed",
    text: `with touched as (update throttle set at = at where key = sha256(convert_to('sign-in account ' || $1::text, 'UTF8')))
      insert into audit (workspace_id, id, at, actor, action, about_type, about_id, detail, why, address)
      select workspace_id, gen_random_uuid(), $2, 'nobody', 'session.failed', 'user', id::text, $3::jsonb, null, $4 from app_user where email = $1`,
    values: [email, at, detail, address],
  });
}

export type LinkRow = {
  readonly workspace_id: string;
  readonly workspace: string;
  readonly user_id: string;
  readonly kind: string;
  readonly email: string;
  readonly name: string;
  readonly second_factor: boolean;
  readonly expires_at: Date;
};

/** The link with this SHA-256, unless it is too old or its user is inactive. */
export async function findLink(pool: pg.Pool, hash: Buffer, now: Date): Promise<LinkRow | null> {
  const { rows } = await pool.query<LinkRow>({
    name: "find-link",
    text: `select l.workspace_id, w.name as workspace, l.user_id, l.kind, u.email, u.name, u.totp_on_at is not null as second_factor, l.expires_at
      from user_link l join app_user u on u.workspace_id = l.workspace_id and u.id = l.user_id join workspace w on w.workspace_id = l.workspace_id
      where l.hash = $1 and l.expires_at > $2 and u.active`,
    values: [hash, now],
  });
  return rows[0] ?? null;
}

/** Active users with this address, for a reset link. */
export async function listResettable(pool: pg.Pool, email: string): Promise<readonly { readonly workspace_id: string; readonly id: string }[]> {
  const { rows } = await pool.query<{ workspace_id: string; id: string }>("select workspace_id, id from app_user where email = $1 and active", [email]);
  return rows;
}

/** Workspaces that let people in from another house. */
export async function listOidc(pool: pg.Pool): Promise<readonly { readonly workspace_id: string; readonly label: string }[]> {
  const { rows } = await pool.query<{ workspace_id: string; label: string }>(
    "select workspace_id, oidc ->> 'label' as label from workspace where oidc is not null order by created_at, workspace_id",
  );
  return rows;
}

/** What has ended by itself. */
export async function deleteExpired(pool: pg.Pool, now: Date, idleSince: Date): Promise<void> {
  await pool.query("delete from session where expires_at <= $1 or seen_at <= $2", [now, idleSince]);
  await pool.query("delete from user_link where expires_at <= $1", [now]);
  await pool.query("delete from oidc_attempt where expires_at <= $1", [now]);
}

/** Whether the house has a demo whose people still have the password that they came with. */
export async function hasOpenDemo(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ open: boolean }>({
    name: "open-demo",
    text: `select not exists (select 1 from audit a where a.workspace_id = (f.value->>'workspaceId')::uuid and a.action in ('user.passwordChanged', 'user.passwordReset')) as open
      from house_flag f where f.key = 'demo' and f.value->>'loadedAt' is not null`,
  });
  return rows[0]?.open === true;
}
