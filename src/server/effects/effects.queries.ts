/**
 * Effects on their way out. Every change of state names the state it leads from, and what a worker writes names its token, so
 * that of two who want the same row exactly one gets it.
 */
import type pg from "pg";
import type { MailContent } from "../../core/mail/mail.ts";
import { type Db, sql, type Statement, workspace } from "../db/db.ts";

/** Workspaces with mail to hand over, a lease that ran out, or an outcome a lead has not heard of; not bound to a workspace. */
export async function listBusyWorkspaces(pool: pg.Pool, now: Date, untoldSince: Date): Promise<readonly string[]> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: "effects-due",
    text: `select workspace_id from workspace w
      where exists (select from effect e where e.workspace_id = w.workspace_id and e.state = 'queued' and e.kind = 'mail' and e.not_before <= $1)
         or exists (select from effect e where e.workspace_id = w.workspace_id and e.state = 'sending' and e.lease_until <= $1)
         or exists (select from effect e where e.workspace_id = w.workspace_id and not e.told and e.updated_at <= $2)`,
    values: [now, untoldSince],
  });
  return rows.map((row) => row.workspace_id);
}

/** Whether the house may send: the flag that a restore leaves behind, or that somebody has set. */
export async function isSendingPaused(pool: pg.Pool): Promise<boolean> {
  const { rows } = await pool.query<{ state: string | null }>({
    name: "sending",
    text: "select value->>'state' as state from house_flag where key = 'sending'",
  });
  return rows[0]?.state === "paused";
}

export type ClaimedMail = {
  readonly id: string;
  readonly lead_id: string | null;
  readonly by_user: string | null;
  readonly purpose: string;
  readonly content: MailContent;
  readonly message_id: string;
  readonly attempts: number;
  readonly token: number;
  readonly created_at: Date;
};

/** Takes mail that is due, the longest waiting first. What another worker is taking is left to it. */
export async function claimMail(db: Db, now: Date, leaseUntil: Date, limit: number): Promise<readonly ClaimedMail[]> {
  return db.query<ClaimedMail>(sql`
    update effect e set state = 'sending', token = e.token + 1, attempts = e.attempts + 1, lease_until = ${leaseUntil}, updated_at = ${now}
    from (
      select id from effect where workspace_id = ${workspace} and state = 'queued' and kind = 'mail' and not_before <= ${now}
      order by not_before limit ${limit} for update skip locked
    ) due
    where e.workspace_id = ${workspace} and e.id = due.id
    returning e.id, e.lead_id, e.by_user, e.purpose, e.content, e.message_id, e.attempts, e.token, e.created_at`);
}

/** Without a mail server due mail is kept. Answers how many. */
export async function keepDueMail(db: Db, now: Date): Promise<number> {
  return db.execute(sql`
    update effect set state = 'kept', told = lead_id is null, updated_at = ${now}
    where workspace_id = ${workspace} and state = 'queued' and kind = 'mail' and not_before <= ${now}`);
}

export type Settled = {
  readonly id: string;
  readonly token: number;
  readonly state: "sent" | "failed" | "uncertain" | "queued";
  readonly answer: string;
  /** When it is tried again, for `queued`. */
  readonly not_before: string | null;
};

/** Writes what became of mail this worker holds. One whose token is another's by now is left alone. */
export async function settleMail(db: Db, settled: readonly Settled[], now: Date): Promise<void> {
  await db.execute(sql`
    update effect e set state = r.state, answer = r.answer, not_before = coalesce(r.not_before, e.not_before), lease_until = null, updated_at = ${now},
      sent_at = case when r.state = 'sent' then ${now}::timestamptz else e.sent_at end, told = r.state = 'queued' or e.lead_id is null
    from json_to_recordset(${JSON.stringify(settled)}::json) r (id uuid, token int, state text, answer text, not_before timestamptz)
    where e.workspace_id = ${workspace} and e.id = r.id and e.token = r.token and (e.state = 'sending' or (e.state = 'uncertain' and r.state = 'sent'))`);
}

/** Mail whose worker was never heard of again may have left. */
export async function expireLeases(db: Db, now: Date, answer: string): Promise<number> {
  return db.execute(sql`
    update effect set state = 'uncertain', answer = ${answer}, lease_until = null, told = lead_id is null, updated_at = ${now}
    where workspace_id = ${workspace} and state = 'sending' and lease_until <= ${now}`);
}

export type Untold = {
  readonly id: string;
  readonly lead_id: string;
  readonly by_user: string | null;
  readonly state: string;
  readonly token: number;
  readonly answer: string | null;
  readonly subject: string;
  readonly task_id: string | null;
  readonly sent_at: Date | null;
  readonly updated_at: Date;
};

export async function listUntold(db: Db, until: Date, limit: number): Promise<readonly Untold[]> {
  return db.query<Untold>(sql`
    select id, lead_id, by_user, state, token, answer, content->>'subject' as subject, content->>'taskId' as task_id, sent_at, updated_at
    from effect where workspace_id = ${workspace} and not told and updated_at <= ${until} and lead_id is not null order by updated_at limit ${limit}`);
}

/** The lead has heard of this outcome. One that came meanwhile is still to be told. */
export function markTold(id: string, state: string): Statement {
  return sql`update effect set told = true where workspace_id = ${workspace} and id = ${id} and state = ${state} and not told`;
}

/** The key that signs the addresses in mail, made when first asked for; the same for all processes of the house. Not bound to a workspace. */
export async function linkKey(pool: pg.Pool, fresh: string, now: Date): Promise<string> {
  const read = async (): Promise<string | undefined> =>
    (await pool.query<{ key: string }>({ name: "link-key", text: "select value->>'key' as key from house_flag where key = 'mail.links'" })).rows[0]?.key;
  const known = await read();
  if (known !== undefined) return known;
  await pool.query({
    name: "make-link-key",
    text: "insert into house_flag (key, value, set_at) values ('mail.links', $1::jsonb, $2) on conflict do nothing",
    values: [JSON.stringify({ key: fresh }), now],
  });
  return (await read()) ?? fresh;
}

export type NewMail = {
  readonly id: string;
  readonly purpose: string;
  readonly byUser: string | null;
  readonly content: MailContent;
  readonly messageId: string;
  readonly at: Date;
};

/** Mail of the house to one of its people: no lead has to hear of it. Written in the transaction of what causes it. */
export function insertMail({ id, purpose, byUser, content, messageId, at }: NewMail): Statement {
  return sql`
    insert into effect (workspace_id, id, kind, purpose, state, by_user, content, message_id, not_before, created_at, updated_at)
    values (${workspace}, ${id}, 'mail', ${purpose}, 'queued', ${byUser}, ${JSON.stringify(content)}::jsonb, ${messageId}, ${at}, ${at}, ${at})`;
}
