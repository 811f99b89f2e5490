/**
 * Statements that are bound to no workspace: they find out which workspace a caller means, and whether the database is well.
 * Nothing here reads a lead. Statements unbound elsewhere: the inbox, the timers and rescoring each look for workspaces with
 * work (and then work bound to one), the doctor looks for rows whose workspace is gone, backup and restore carry all of them.
 */
import type pg from "pg";

export type KeyRow = { readonly workspace_id: string; readonly id: string; readonly scopes: readonly string[] };

/** The key with this SHA-256, unless it was revoked. */
export async function findKeyByHash(pool: pg.Pool, hash: Buffer): Promise<KeyRow | null> {
  const { rows } = await pool.query<KeyRow>({
    name: "find-key",
    text: "select workspace_id, id, scopes from api_key where hash = $1 and revoked_at is null",
    values: [hash],
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
