/** Workspaces, their users, configurations and API keys. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type NewWorkspace = { readonly name: string; readonly timezone: string; readonly currency: string; readonly at: Date };

/**
 * Makes the workspace the `Db` is bound to, unless another has the name (upper and lower case are the same). Answers
 * whether it did. Two that want one name at once queue up behind a lock, because names are unique across workspaces and no
 * key of the schema spans them.
 */
export async function insertWorkspace(db: Db, { name, timezone, currency, at }: NewWorkspace): Promise<boolean> {
  db.post(sql`select pg_advisory_xact_lock(20261102) where ${workspace} is not null`);
  const rows = await db.execute(sql`
    insert into workspace (workspace_id, name, timezone, currency, config_number, created_at)
    select ${workspace}, ${name}, ${timezone}, ${currency}, 1, ${at}
    where not exists (select from workspace other where lower(other.name) = lower(${name}))`);
  return rows === 1;
}

export type NewUser = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  /** Null for who cannot sign in. */
  readonly passwordHash: string | null;
  readonly at: Date;
};

export async function insertUser(db: Db, { id, email, name, role, passwordHash, at }: NewUser): Promise<void> {
  await db.execute(sql`
    insert into app_user (workspace_id, id, email, name, role, password_hash, active, created_at)
    values (${workspace}, ${id}, ${email}, ${name}, ${role}, ${passwordHash}, true, ${at})`);
}

export type UserRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly active: boolean;
  readonly created_at: Date;
};

export async function listUsers(db: Db): Promise<readonly UserRow[]> {
  return db.query<UserRow>(sql`select id, email, name, role, active, created_at from app_user where workspace_id = ${workspace} order by created_at, id`);
}

export async function findUser(db: Db, id: string): Promise<UserRow | null> {
  const rows = await db.query<UserRow>(sql`select id, email, name, role, active, created_at from app_user where workspace_id = ${workspace} and id = ${id}`);
  return rows[0] ?? null;
}

/** @param email trimmed and in lower case, as it is stored */
export async function findUserByEmail(db: Db, email: string): Promise<UserRow | null> {
  const rows = await db.query<UserRow>(
    sql`select id, email, name, role, active, created_at from app_user where workspace_id = ${workspace} and email = ${email}`,
  );
  return rows[0] ?? null;
}

export async function updateUser(db: Db, { id, name, active }: { readonly id: string; readonly name: string; readonly active: boolean }): Promise<void> {
  await db.execute(sql`update app_user set name = ${name}, active = ${active} where workspace_id = ${workspace} and id = ${id}`);
}

export type NewVersion = { readonly number: number; readonly body: string; readonly publishedBy: string | null; readonly at: Date };

export async function insertConfigVersion(db: Db, { number, body, publishedBy, at }: NewVersion): Promise<void> {
  await db.execute(sql`
    insert into config_version (workspace_id, number, body, note, published_by, published_at)
    values (${workspace}, ${number}, ${body}::jsonb, null, ${publishedBy}, ${at})`);
}

export async function setConfigNumber(db: Db, number: number): Promise<void> {
  await db.execute(sql`update workspace set config_number = ${number} where workspace_id = ${workspace}`);
}

/** The stages among these where a lead stands. */
export async function listStagesInUse(db: Db, stages: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ stage: string }>(sql`
    select stage from unnest(${stages}::text[]) stage
    where exists (select from lead where lead.workspace_id = ${workspace} and lead.stage = stage.stage)`);
  return rows.map(({ stage }) => stage);
}

/** The stages among these where an opportunity stands. */
export async function listOpportunityStagesInUse(db: Db, stages: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ stage: string }>(sql`
    select stage from unnest(${stages}::text[]) stage
    where exists (select from opportunity where opportunity.workspace_id = ${workspace} and opportunity.stage = stage.stage)`);
  return rows.map(({ stage }) => stage);
}

export type KeyRow = { readonly id: string; readonly name: string; readonly scopes: string[]; readonly created_at: Date; readonly revoked_at: Date | null };

export type NewKey = {
  readonly id: string;
  readonly hash: Buffer;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly userId: string | null;
  readonly at: Date;
};

export async function insertApiKey(db: Db, { id, hash, name, scopes, userId, at }: NewKey): Promise<void> {
  await db.execute(sql`
    insert into api_key (workspace_id, id, hash, name, scopes, user_id, created_at)
    values (${workspace}, ${id}, ${hash}, ${name}, ${scopes}::text[], ${userId}, ${at})`);
}

export async function listApiKeys(db: Db): Promise<readonly KeyRow[]> {
  return db.query<KeyRow>(sql`select id, name, scopes, created_at, revoked_at from api_key where workspace_id = ${workspace} order by created_at, id`);
}

export async function findApiKey(db: Db, id: string): Promise<KeyRow | null> {
  const rows = await db.query<KeyRow>(sql`select id, name, scopes, created_at, revoked_at from api_key where workspace_id = ${workspace} and id = ${id}`);
  return rows[0] ?? null;
}

export async function revokeApiKey(db: Db, id: string, at: Date): Promise<void> {
  await db.execute(sql`update api_key set revoked_at = ${at} where workspace_id = ${workspace} and id = ${id} and revoked_at is null`);
}

/** Keeps what a key was answered with; the table is the one the flow uses. */
export async function insertAnswer(
  db: Db,
  { key, hash, status, answer, at }: { readonly key: string; readonly hash: string; readonly status: number; readonly answer: string; readonly at: Date },
): Promise<void> {
  await db.execute(sql`
    insert into idempotency (workspace_id, key, request_hash, status, answer, created_at)
    values (${workspace}, ${key}, ${hash}, ${status}, ${answer}::jsonb, ${at})`);
}
