/** Sessions, links and what a user signs in with. */
import { type Db, sql, workspace } from "../../db/db.ts";

export type NewSession = {
  readonly id: string;
  readonly hash: Buffer;
  readonly userId: string;
  readonly via: string;
  readonly device: string;
  readonly address: string;
  readonly at: Date;
  readonly expiresAt: Date;
};

export async function insertSession(db: Db, { id, hash, userId, via, device, address, at, expiresAt }: NewSession): Promise<void> {
  await db.execute(sql`
    insert into session (workspace_id, id, hash, user_id, via, device, address, created_at, seen_at, expires_at)
    values (${workspace}, ${id}, ${hash}, ${userId}, ${via}, ${device}, ${address}, ${at}, ${at}, ${expiresAt})`);
}

/** The same session under another secret. */
export async function rotateSession(db: Db, id: string, hash: Buffer): Promise<boolean> {
  return (await db.execute(sql`update session set hash = ${hash} where workspace_id = ${workspace} and id = ${id}`)) === 1;
}

export type SessionEntryRow = {
  readonly id: string;
  readonly via: string;
  readonly device: string;
  readonly address: string;
  readonly created_at: Date;
  readonly seen_at: Date;
  readonly expires_at: Date;
};

export async function listSessions(db: Db, userId: string, now: Date, idleSince: Date): Promise<readonly SessionEntryRow[]> {
  return db.query<SessionEntryRow>(sql`
    select id, via, device, address, created_at, seen_at, expires_at from session
    where workspace_id = ${workspace} and user_id = ${userId} and expires_at > ${now} and seen_at > ${idleSince} order by seen_at desc, id`);
}

export async function deleteSession(db: Db, userId: string, id: string): Promise<number> {
  return db.execute(sql`delete from session where workspace_id = ${workspace} and user_id = ${userId} and id = ${id}`);
}

/** All of a user's but, if named, one. */
export async function deleteSessions(db: Db, userId: string, except: string | null): Promise<number> {
  return db.execute(sql`delete from session where workspace_id = ${workspace} and user_id = ${userId} and (${except}::uuid is null or id <> ${except}::uuid)`);
}

export type SelfRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly active: boolean;
  readonly sign_marketing: boolean;
  readonly sign_sales: boolean;
  readonly password_hash: string | null;
  readonly totp_secret: string | null;
  readonly totp_on_at: Date | null;
  readonly oidc_subject: string | null;
  readonly workspace: string;
  readonly timezone: string;
  readonly currency: string;
  readonly week_start: string;
  readonly locale: string;
  readonly second_factor_required: boolean;
  readonly demo: boolean;
};

export async function findSelf(db: Db, userId: string): Promise<SelfRow | null> {
  const rows = await db.query<SelfRow>(sql`
    select u.id, u.name, u.email, u.role, u.active, u.sign_marketing, u.sign_sales, u.password_hash, u.totp_secret, u.totp_on_at, u.oidc_subject,
      w.name as workspace, w.timezone, w.currency, w.week_start, w.locale, w.second_factor_required,
      exists (select 1 from house_flag where key = 'demo' and value->>'workspaceId' = w.workspace_id::text) as demo
    from app_user u join workspace w on w.workspace_id = u.workspace_id
    where u.workspace_id = ${workspace} and u.id = ${userId}`);
  return rows[0] ?? null;
}

export async function updateSignedIn(db: Db, userId: string, at: Date): Promise<boolean> {
  return (await db.execute(sql`update app_user set signed_in_at = ${at} where workspace_id = ${workspace} and id = ${userId} and active`)) === 1;
}

export async function updatePassword(db: Db, userId: string, passwordHash: string): Promise<void> {
  await db.execute(sql`update app_user set password_hash = ${passwordHash} where workspace_id = ${workspace} and id = ${userId}`);
}

/** A second factor that does not count yet. */
export async function prepareSecondFactor(db: Db, userId: string, sealed: string): Promise<boolean> {
  const changed = await db.execute(sql`
    update app_user set totp_secret = ${sealed}, totp_step = 0 where workspace_id = ${workspace} and id = ${userId} and totp_on_at is null`);
  return changed === 1;
}

export async function switchSecondFactorOn(
  db: Db,
  userId: string,
  { step, codes, at }: { readonly step: number; readonly codes: readonly Buffer[]; readonly at: Date },
): Promise<boolean> {
  const changed = await db.execute(sql`
    update app_user set totp_on_at = ${at}, totp_step = ${step}, recovery_codes = ${codes}::bytea[]
    where workspace_id = ${workspace} and id = ${userId} and totp_on_at is null and totp_secret is not null`);
  return changed === 1;
}

export async function switchSecondFactorOff(db: Db, userId: string): Promise<boolean> {
  const changed = await db.execute(sql`
    update app_user set totp_secret = null, totp_on_at = null, totp_step = 0, recovery_codes = '{}'
    where workspace_id = ${workspace} and id = ${userId} and totp_secret is not null`);
  return changed === 1;
}

export async function updateRecoveryCodes(db: Db, userId: string, codes: readonly Buffer[]): Promise<boolean> {
  const changed = await db.execute(sql`
    update app_user set recovery_codes = ${codes}::bytea[] where workspace_id = ${workspace} and id = ${userId} and totp_on_at is not null`);
  return changed === 1;
}

/** Takes the code of this time step, unless it or a later one was taken. */
export async function takeStep(db: Db, userId: string, step: number): Promise<boolean> {
  return (await db.execute(sql`update app_user set totp_step = ${step} where workspace_id = ${workspace} and id = ${userId} and totp_step < ${step}`)) === 1;
}

/** Takes a recovery code; each is there once. */
export async function takeRecoveryCode(db: Db, userId: string, hash: Buffer): Promise<boolean> {
  const changed = await db.execute(sql`
    update app_user set recovery_codes = array_remove(recovery_codes, ${hash}::bytea)
    where workspace_id = ${workspace} and id = ${userId} and ${hash}::bytea = any(recovery_codes)`);
  return changed === 1;
}

export type NewLink = {
  readonly userId: string;
  readonly kind: "invitation" | "reset";
  readonly hash: Buffer;
  readonly createdBy: string;
  readonly at: Date;
  readonly expiresAt: Date;
};

/** Replaces the user's link of that kind. */
export async function putLink(db: Db, { userId, kind, hash, createdBy, at, expiresAt }: NewLink): Promise<void> {
  await db.execute(sql`
    insert into user_link (workspace_id, user_id, kind, hash, created_by, created_at, expires_at)
    values (${workspace}, ${userId}, ${kind}, ${hash}, ${createdBy}, ${at}, ${expiresAt})
    on conflict (workspace_id, user_id, kind) do update
    set hash = excluded.hash, created_by = excluded.created_by, created_at = excluded.created_at, expires_at = excluded.expires_at`);
}

/** Uses a link up: whoever deletes it has it. */
export async function takeLink(db: Db, hash: Buffer): Promise<boolean> {
  return (await db.execute(sql`delete from user_link where workspace_id = ${workspace} and hash = ${hash}`)) === 1;
}

export async function deleteLinks(db: Db, userId: string, kind: "invitation" | "reset" | null): Promise<number> {
  return db.execute(sql`delete from user_link where workspace_id = ${workspace} and user_id = ${userId} and (${kind}::text is null or kind = ${kind}::text)`);
}

export type OidcRow = { readonly oidc: Record<string, unknown> | null };

export async function findOidc(db: Db): Promise<Record<string, unknown> | null> {
  const rows = await db.query<OidcRow>(sql`select oidc from workspace where workspace_id = ${workspace}`);
  return rows[0]?.oidc ?? null;
}

export async function updateOidc(db: Db, oidc: Readonly<Record<string, unknown>> | null): Promise<void> {
  await db.execute(sql`update workspace set oidc = ${oidc === null ? null : JSON.stringify(oidc)}::jsonb where workspace_id = ${workspace}`);
}

export type NewAttempt = {
  readonly stateHash: Buffer;
  readonly browserHash: Buffer;
  readonly nonce: string;
  readonly verifier: string;
  readonly next: string;
  readonly expiresAt: Date;
};

export async function insertOidcAttempt(db: Db, { stateHash, browserHash, nonce, verifier, next, expiresAt }: NewAttempt): Promise<void> {
  await db.execute(sql`
    insert into oidc_attempt (workspace_id, state_hash, browser_hash, nonce, verifier, next, expires_at)
    values (${workspace}, ${stateHash}, ${browserHash}, ${nonce}, ${verifier}, ${next}, ${expiresAt})`);
}

export type AttemptRow = { readonly browser_hash: Buffer; readonly nonce: string; readonly verifier: string; readonly next: string; readonly expires_at: Date };

/** Each attempt comes back once. */
export async function takeOidcAttempt(db: Db, stateHash: Buffer): Promise<AttemptRow | null> {
  const rows = await db.query<AttemptRow>(sql`
    delete from oidc_attempt where workspace_id = ${workspace} and state_hash = ${stateHash} returning browser_hash, nonce, verifier, next, expires_at`);
  return rows[0] ?? null;
}

export type OidcUserRow = { readonly id: string; readonly active: boolean; readonly oidc_subject: string | null };

export async function findUserBySubject(db: Db, issuer: string, subject: string): Promise<OidcUserRow | null> {
  const rows = await db.query<OidcUserRow>(sql`
    select id, active, oidc_subject from app_user where workspace_id = ${workspace} and oidc_issuer = ${issuer} and oidc_subject = ${subject}`);
  return rows[0] ?? null;
}

/** The user of this address, with the subject he is known by at this issuer. */
export async function findUserForOidc(db: Db, issuer: string, email: string): Promise<OidcUserRow | null> {
  const rows = await db.query<OidcUserRow>(sql`
    select id, active, case when oidc_issuer = ${issuer} then oidc_subject end as oidc_subject from app_user
    where workspace_id = ${workspace} and email = ${email}`);
  return rows[0] ?? null;
}

export async function linkSubject(db: Db, userId: string, issuer: string, subject: string): Promise<void> {
  await db.execute(sql`update app_user set oidc_issuer = ${issuer}, oidc_subject = ${subject} where workspace_id = ${workspace} and id = ${userId}`);
}
