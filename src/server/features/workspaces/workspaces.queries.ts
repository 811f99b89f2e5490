/** Workspaces, their users, configurations and API keys. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type NewWorkspace = {
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly locale?: string | undefined;
  /** Only if there is none yet. */
  readonly first: boolean;
  readonly at: Date;
};

/**
 * Makes the workspace the `Db` is bound to, unless another has the name (upper and lower case are the same) or, if it is to
 * be the first, there is any. Answers whether it did. Two that want one name at once queue up behind a lock, because names are unique across workspaces and no
 * key of the schema spans them.
 */
export async function insertWorkspace(db: Db, { name, timezone, currency, locale = "en-GB", first, at }: NewWorkspace): Promise<boolean> {
  db.post(sql`select pg_advisory_xact_lock(20261102) where ${workspace} is not null`);
  const rows = await db.execute(sql`
    insert into workspace (workspace_id, name, timezone, currency, locale, config_number, created_at)
    select ${workspace}, ${name}, ${timezone}, ${currency}, ${locale}, 1, ${at}
    where not exists (select from workspace other where ${first} or lower(other.name) = lower(${name}))`);
  return rows === 1;
}

export type NewUser = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  /** Null for who cannot sign in. */
  readonly passwordHash: string | null;
  readonly signMarketing?: boolean;
  readonly signSales?: boolean;
  readonly at: Date;
};

export async function insertUser(db: Db, { id, email, name, role, passwordHash, signMarketing = false, signSales = false, at }: NewUser): Promise<void> {
  await db.execute(sql`
    insert into app_user (workspace_id, id, email, name, role, password_hash, active, sign_marketing, sign_sales, created_at)
    values (${workspace}, ${id}, ${email}, ${name}, ${role}, ${passwordHash}, true, ${signMarketing}, ${signSales}, ${at})`);
}

export type UserRow = {
  readonly id: string;
  readonly email: string;
  readonly name: string;
  readonly role: string;
  readonly active: boolean;
  readonly sign_marketing: boolean;
  readonly sign_sales: boolean;
  readonly second_factor: boolean;
  /** Has a password, or has come from another house. */
  readonly can_sign_in: boolean;
  readonly invited_until: Date | null;
  readonly signed_in_at: Date | null;
  readonly created_at: Date;
};

export async function listUsers(db: Db): Promise<readonly UserRow[]> {
  return db.query<UserRow>(sql`
    select u.id, u.email, u.name, u.role, u.active, u.sign_marketing, u.sign_sales, u.totp_on_at is not null as second_factor,
      u.password_hash is not null or u.oidc_subject is not null as can_sign_in, l.expires_at as invited_until, u.signed_in_at, u.created_at
    from app_user u left join user_link l on l.workspace_id = u.workspace_id and l.user_id = u.id and l.kind = 'invitation'
    where u.workspace_id = ${workspace} order by u.created_at, u.id`);
}

export async function findUser(db: Db, id: string): Promise<UserRow | null> {
  const rows = await db.query<UserRow>(sql`
    select u.id, u.email, u.name, u.role, u.active, u.sign_marketing, u.sign_sales, u.totp_on_at is not null as second_factor,
      u.password_hash is not null or u.oidc_subject is not null as can_sign_in, l.expires_at as invited_until, u.signed_in_at, u.created_at
    from app_user u left join user_link l on l.workspace_id = u.workspace_id and l.user_id = u.id and l.kind = 'invitation'
    where u.workspace_id = ${workspace} and u.id = ${id}`);
  return rows[0] ?? null;
}

/** @param email trimmed and in lower case, as it is stored */
export async function findUserByEmail(db: Db, email: string): Promise<UserRow | null> {
  const rows = await db.query<UserRow>(sql`
    select u.id, u.email, u.name, u.role, u.active, u.sign_marketing, u.sign_sales, u.totp_on_at is not null as second_factor,
      u.password_hash is not null or u.oidc_subject is not null as can_sign_in, l.expires_at as invited_until, u.signed_in_at, u.created_at
    from app_user u left join user_link l on l.workspace_id = u.workspace_id and l.user_id = u.id and l.kind = 'invitation'
    where u.workspace_id = ${workspace} and u.email = ${email}`);
  return rows[0] ?? null;
}

export type UserSettings = {
  readonly id: string;
  readonly name: string;
  readonly active: boolean;
  readonly role: string;
  readonly signMarketing: boolean;
  readonly signSales: boolean;
};

export async function updateUser(db: Db, { id, name, active, role, signMarketing, signSales }: UserSettings): Promise<void> {
  await db.execute(sql`
    update app_user set name = ${name}, active = ${active}, role = ${role}, sign_marketing = ${signMarketing}, sign_sales = ${signSales}
    where workspace_id = ${workspace} and id = ${id}`);
}

/** Administrators who are active and have a way to sign in. */
export async function countAdmins(db: Db): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`
    select count(*) as count from app_user
    where workspace_id = ${workspace} and role = 'admin' and active and (password_hash is not null or oidc_subject is not null)`);
  return rows[0]?.count ?? 0;
}

export type WorkspaceRow = {
  readonly name: string;
  readonly timezone: string;
  readonly currency: string;
  readonly week_start: string;
  readonly locale: string;
  readonly second_factor_required: boolean;
  readonly created_at: Date;
};

export async function findWorkspace(db: Db): Promise<WorkspaceRow | null> {
  const rows = await db.query<WorkspaceRow>(sql`
    select name, timezone, currency, week_start, locale, second_factor_required, created_at from workspace where workspace_id = ${workspace}`);
  return rows[0] ?? null;
}

export type WorkspaceSettings = Omit<WorkspaceRow, "created_at">;

/** Answers false when another workspace has the name. */
export async function updateWorkspace(db: Db, given: WorkspaceSettings): Promise<boolean> {
  const { name, timezone, currency, week_start, locale, second_factor_required } = given;
  db.post(sql`select pg_advisory_xact_lock(20261102) where ${workspace} is not null`);
  const changed = await db.execute(sql`
    update workspace
    set name = ${name}, timezone = ${timezone}, currency = ${currency}, week_start = ${week_start}, locale = ${locale},
      second_factor_required = ${second_factor_required}
    where workspace_id = ${workspace}
      and not exists (select from workspace other where other.workspace_id <> ${workspace} and lower(other.name) = lower(${name}))`);
  return changed === 1;
}

/** How many leads stand with a team. */
export async function countLeadsOfTeam(db: Db, team: string): Promise<number> {
  const rows = await db.query<{ count: number }>(sql`select count(*) as count from lead where workspace_id = ${workspace} and team = ${team}`);
  return rows[0]?.count ?? 0;
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

export type KeyRow = {
  readonly id: string;
  readonly name: string;
  readonly scopes: string[];
  readonly user_id: string | null;
  readonly user_name: string | null;
  readonly created_at: Date;
  readonly last_used_at: Date | null;
  readonly expires_at: Date | null;
  readonly revoked_at: Date | null;
};

export type NewKey = {
  readonly id: string;
  readonly hash: Buffer;
  readonly name: string;
  readonly scopes: readonly string[];
  readonly userId: string | null;
  readonly expiresAt?: Date | null;
  readonly at: Date;
};

export async function insertApiKey(db: Db, { id, hash, name, scopes, userId, expiresAt = null, at }: NewKey): Promise<void> {
  await db.execute(sql`
    insert into api_key (workspace_id, id, hash, name, scopes, user_id, expires_at, created_at)
    values (${workspace}, ${id}, ${hash}, ${name}, ${scopes}::text[], ${userId}, ${expiresAt}, ${at})`);
}

export async function listApiKeys(db: Db): Promise<readonly KeyRow[]> {
  return db.query<KeyRow>(sql`
    select k.id, k.name, k.scopes, k.user_id, u.name as user_name, k.created_at, k.last_used_at, k.expires_at, k.revoked_at
    from api_key k left join app_user u on u.workspace_id = k.workspace_id and u.id = k.user_id
    where k.workspace_id = ${workspace} order by k.created_at, k.id`);
}

export async function findApiKey(db: Db, id: string): Promise<KeyRow | null> {
  const rows = await db.query<KeyRow>(sql`
    select k.id, k.name, k.scopes, k.user_id, u.name as user_name, k.created_at, k.last_used_at, k.expires_at, k.revoked_at
    from api_key k left join app_user u on u.workspace_id = k.workspace_id and u.id = k.user_id
    where k.workspace_id = ${workspace} and k.id = ${id}`);
  return rows[0] ?? null;
}

/** Answers whether it was live. */
export async function revokeApiKey(db: Db, id: string, at: Date): Promise<boolean> {
  return (await db.execute(sql`update api_key set revoked_at = ${at} where workspace_id = ${workspace} and id = ${id} and revoked_at is null`)) === 1;
}

export async function touchApiKey(db: Db, id: string, at: Date): Promise<void> {
  await db.execute(sql`update api_key set last_used_at = ${at} where workspace_id = ${workspace} and id = ${id}`);
}

export async function touchSession(db: Db, id: string, at: Date): Promise<void> {
  await db.execute(sql`update session set seen_at = ${at} where workspace_id = ${workspace} and id = ${id} and seen_at < ${at}`);
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
