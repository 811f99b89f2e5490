/**
 * Statements that are bound to no workspace: they find out which workspace a caller means, and whether the database is well.
 * Nothing here reads a lead. Statements unbound elsewhere: the inbox, the timers and rescoring each look for workspaces with
 * work (and then work bound to one), the doctor looks for rows whose workspace is gone, backup and restore carry all of them,
 * and signing in (`sign-in.queries.ts`, `throttle.queries.ts`) begins with an address or a link that may be anybody's.
 */
import type pg from "pg";

export type KeyRow = {
  readonly workspace_id: string;
  readonly id: string;
  readonly scopes: readonly string[];
  /** Whose key it is, with his role; null for a key of nobody. */
  readonly user_id: string | null;
  readonly role: string | null;
  readonly last_used_at: Date | null;
};

/** The key with this SHA-256, unless it was revoked or its user may not come in any more. */
export async function findKeyByHash(pool: pg.Pool, hash: Buffer, now: Date): Promise<KeyRow | null> {
  const { rows } = await pool.query<KeyRow>({
    name: "find-key",
    text: `select k.workspace_id, k.id, k.scopes, k.user_id, k.last_used_at, u.role from api_key k left join app_user u on u.workspace_id = k.workspace_id and u.id = k.user_id
      where k.hash = $1 and k.revoked_at is null and (k.expires_at is null or k.expires_at > $2) and (k.user_id is null or u.active)`,
    values: [hash, now],
  });
  return rows[0] ?? null;
}

export type SessionRow = {
  readonly workspace_id: string;
  readonly id: string;
  readonly user_id: string;
  readonly role: string;
  readonly config_number: number;
  readonly via: string;
  readonly seen_at: Date;
  readonly expires_at: Date;
  /** The workspace asks for a second factor that this user has not set up. */
  readonly restricted: boolean;
};

/** The session with this SHA-256, unless it has ended, was not used since `idleSince`, or its user may not come in any more. */
export async function findSessionByHash(pool: pg.Pool, hash: Buffer, now: Date, idleSince: Date): Promise<SessionRow | null> {
  const { rows } = await pool.query<SessionRow>({
    name: "find-session",
    text: `select s.workspace_id, s.id, s.user_id, u.role, w.config_number, s.via, s.seen_at, s.expires_at,
        w.second_factor_required and u.totp_on_at is null and s.via <> 'oidc' as restricted
      from session s
      join app_user u on u.workspace_id = s.workspace_id and u.id = s.user_id
      join workspace w on w.workspace_id = s.workspace_id
      where s.hash = $1 and s.expires_at > $2 and s.seen_at > $3 and u.active`,
    values: [hash, now, idleSince],
  });
  return rows[0] ?? null;
}

export type WorkspaceRow = {
  readonly workspace_id: string;
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly created_at: Date;
};

export async function listWorkspaces(pool: pg.Pool): Promise<readonly WorkspaceRow[]> {
  const { rows } = await pool.query<WorkspaceRow>("select workspace_id, name, timezone, currency, created_at from workspace order by created_at, workspace_id");
  return rows;
}

export async function countWorkspaces(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ count: number }>({ name: "count-workspaces", text: "select count(*) as count from workspace" });
  return rows[0]?.count ?? 0;
}

/** The number of the newest migration applied; proof as well that the database answers. */
export async function getSchemaVersion(pool: pg.Pool): Promise<number> {
  const { rows } = await pool.query<{ version: number }>({ name: "schema-version", text: "select coalesce(max(version), 0) as version from schema_migration" });
  return rows[0]?.version ?? 0;
}

export type FormAddress = { readonly workspace_id: string; readonly id: string };

/** Whose form has this public address. */
export async function findFormByKey(pool: pg.Pool, key: string): Promise<FormAddress | null> {
  const { rows } = await pool.query<FormAddress>({ name: "find-form", text: "select workspace_id, id from form where key = $1", values: [key] });
  return rows[0] ?? null;
}
