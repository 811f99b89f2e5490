/** Mail, templates and settings as people see and change them. Sending is the mailer's, see `effects/`. */
import type pg from "pg";
import type { MailContent } from "../../../core/mail/mail.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";

export type MailRow = {
  readonly id: string;
  readonly purpose: string;
  readonly state: string;
  readonly lead_id: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly phone: string | null;
  readonly by_user: string | null;
  readonly content: MailContent;
  readonly message_id: string;
  readonly not_before: Date;
  readonly attempts: number;
  readonly answer: string | null;
  readonly opens: number;
  readonly clicks: number;
  readonly created_at: Date;
  readonly sent_at: Date | null;
};

const COLUMNS = `e.id, e.purpose, e.state, e.lead_id, l.first_name, l.last_name, l.company, l.email, l.phone, e.by_user, e.content, e.message_id, e.not_before, e.attempts,
  e.answer, e.opens, e.clicks, e.created_at, e.sent_at`;
const FROM = "from effect e left join lead l on l.workspace_id = e.workspace_id and l.id = e.lead_id";

export type MailPosition = { readonly at: Date; readonly id: string };
export type MailRequest = { readonly leadId: string | null; readonly state: string | null; readonly after: MailPosition | null; readonly limit: number };

/** Newest first. */
export async function listMail(db: Db, { leadId, state, after, limit }: MailRequest): Promise<readonly MailRow[]> {
  const values: unknown[] = [];
  const bind = (value: unknown, type: string): string => `$${values.push(value) + 1}::${type}`;
  const conditions = [
    "e.workspace_id = $1",
    "e.kind = 'mail'",
    ...(leadId === null ? [] : [`e.lead_id = ${bind(leadId, "uuid")}`]),
    ...(state === null ? [] : [`e.state = ${bind(state, "text")}`]),
    ...(after === null ? [] : [`(e.created_at, e.id) < (${bind(after.at, "timestamptz")}, ${bind(after.id, "uuid")})`]),
  ];
  const text = `select ${COLUMNS} ${FROM} where ${conditions.join(" and ")} order by e.created_at desc, e.id desc limit ${bind(limit, "int")}`;
  return db.query<MailRow>(composedSql(text, values, true));
}

export async function findMail(db: Db, id: string): Promise<MailRow | null> {
  const [row] = await db.query<MailRow>(composedSql(`select ${COLUMNS} ${FROM} where e.workspace_id = $1 and e.kind = 'mail' and e.id = $2::uuid`, [id], true));
  return row ?? null;
}

/** The mail that a request with this idempotency key has queued. */
export async function findMailOfRequest(db: Db, leadId: string, request: string): Promise<MailRow | null> {
  const text = `select ${COLUMNS} ${FROM} where e.workspace_id = $1 and e.kind = 'mail' and e.lead_id = $2::uuid and e.content->>'request' = $3::text limit 1`;
  const [row] = await db.query<MailRow>(composedSql(text, [leadId, request], true));
  return row ?? null;
}

/** Takes a mail back unless somebody has taken it to send it. Of the two exactly one succeeds. */
export async function withdrawMail(db: Db, id: string, at: Date): Promise<boolean> {
  const changed = await db.execute(sql`
    update effect set state = 'withdrawn', told = lead_id is null, updated_at = ${at}
    where workspace_id = ${workspace} and id = ${id} and kind = 'mail' and state = 'queued'`);
  return changed === 1;
}

/** Queues a mail once more under its Message-ID; a late word of whoever held it before no longer counts. */
export async function queueMailAgain(db: Db, id: string, at: Date, from: readonly string[]): Promise<boolean> {
  const changed = await db.execute(sql`
    update effect set state = 'queued', token = token + 1, not_before = ${at}, answer = null, told = true, updated_at = ${at}
    where workspace_id = ${workspace} and id = ${id} and kind = 'mail' and state = any(${from}::text[])`);
  return changed === 1;
}

/** What a person says of a mail nobody knows about. */
export async function decideMail(db: Db, id: string, state: "sent" | "failed", answer: string, at: Date): Promise<boolean> {
  const changed = await db.execute(sql`
    update effect set state = ${state}, token = token + 1, answer = ${answer}, told = lead_id is null, updated_at = ${at},
      sent_at = case when ${state} = 'sent' then updated_at else sent_at end
    where workspace_id = ${workspace} and id = ${id} and kind = 'mail' and state = 'uncertain'`);
  return changed === 1;
}

export type CountRow = { readonly state: string; readonly count: number };

export async function countMail(db: Db): Promise<readonly CountRow[]> {
  return db.query<CountRow>(sql`
    select state, count(*) as count from effect
    where workspace_id = ${workspace} and kind = 'mail' and state in ('queued', 'sending', 'uncertain', 'failed', 'kept') group by state`);
}

export type SendingFlag = { readonly state?: string; readonly because?: string };

/** The flag of the whole house; not bound to a workspace. */
export async function findSendingFlag(pool: pg.Pool): Promise<{ readonly value: SendingFlag; readonly set_at: Date } | null> {
  const { rows } = await pool.query<{ value: SendingFlag; set_at: Date }>({
    name: "sending-flag",
    text: "select value, set_at from house_flag where key = 'sending'",
  });
  return rows[0] ?? null;
}

export async function setSendingFlag(pool: pg.Pool, value: SendingFlag, at: Date): Promise<void> {
  await pool.query({
    name: "set-sending",
    text: "insert into house_flag (key, value, set_at) values ('sending', $1::jsonb, $2) on conflict (key) do update set value = excluded.value, set_at = excluded.set_at",
    values: [JSON.stringify(value), at],
  });
}

export type SettingsRow = {
  readonly from_name: string | null;
  readonly from_address: string | null;
  readonly tracking: boolean;
  readonly consent_topic: string | null;
};

export async function findSettings(db: Db): Promise<SettingsRow | null> {
  const [row] = await db.query<SettingsRow>(sql`select from_name, from_address, tracking, consent_topic from mail_settings where workspace_id = ${workspace}`);
  return row ?? null;
}

export async function saveSettings(db: Db, { from_name, from_address, tracking, consent_topic }: SettingsRow, at: Date): Promise<void> {
  await db.execute(sql`
    insert into mail_settings (workspace_id, from_name, from_address, tracking, consent_topic, updated_at)
    values (${workspace}, ${from_name}, ${from_address}, ${tracking}, ${consent_topic}, ${at})
    on conflict (workspace_id) do update set from_name = excluded.from_name, from_address = excluded.from_address, tracking = excluded.tracking,
      consent_topic = excluded.consent_topic, updated_at = excluded.updated_at`);
}

export type SenderRow = { readonly id: string; readonly name: string; readonly email: string; readonly signature: string };

/** A user as a writer of mail. */
export async function findSender(db: Db, userId: string): Promise<SenderRow | null> {
  const [row] = await db.query<SenderRow>(sql`
    select u.id, u.name, u.email, coalesce(m.signature, '') as signature
    from app_user u left join user_mail m on m.workspace_id = u.workspace_id and m.user_id = u.id
    where u.workspace_id = ${workspace} and u.id = ${userId}`);
  return row ?? null;
}

export async function saveSignature(db: Db, userId: string, signature: string): Promise<void> {
  await db.execute(sql`
    insert into user_mail (workspace_id, user_id, signature) values (${workspace}, ${userId}, ${signature})
    on conflict (workspace_id, user_id) do update set signature = excluded.signature`);
}

export type PlaceRow = { readonly name: string; readonly timezone: string };

export async function getPlace(db: Db): Promise<PlaceRow> {
  const [row] = await db.query<PlaceRow>(sql`select name, timezone from workspace where workspace_id = ${workspace}`);
  if (row === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return row;
}

export type TemplateRow = { readonly id: string; readonly name: string; readonly subject: string; readonly body: string; readonly updated_at: Date };

export async function listTemplateRows(db: Db): Promise<readonly TemplateRow[]> {
  return db.query<TemplateRow>(sql`select id, name, subject, body, updated_at from mail_template where workspace_id = ${workspace} order by lower(name), id`);
}

export async function findTemplateRow(db: Db, id: string): Promise<TemplateRow | null> {
  const [row] = await db.query<TemplateRow>(
    sql`select id, name, subject, body, updated_at from mail_template where workspace_id = ${workspace} and id = ${id}`,
  );
  return row ?? null;
}

export async function saveTemplate(db: Db, { id, name, subject, body, updated_at }: TemplateRow): Promise<void> {
  await db.execute(sql`
    insert into mail_template (workspace_id, id, name, subject, body, updated_at) values (${workspace}, ${id}, ${name}, ${subject}, ${body}, ${updated_at})
    on conflict (workspace_id, id) do update set name = excluded.name, subject = excluded.subject, body = excluded.body, updated_at = excluded.updated_at`);
}

export async function removeTemplate(db: Db, id: string): Promise<boolean> {
  return (await db.execute(sql`delete from mail_template where workspace_id = ${workspace} and id = ${id}`)) === 1;
}

export type MeetingRow = {
  readonly lead_id: string;
  readonly title: string;
  readonly starts_at: Date | null;
  readonly created_at: Date;
  readonly changed_at: Date;
  readonly number: number;
  readonly host_id: string | null;
  readonly first_name: string | null;
  readonly last_name: string | null;
  readonly company: string | null;
  readonly email: string | null;
  readonly phone: string | null;
};

export async function findOpportunityMeeting(db: Db, id: string): Promise<MeetingRow | null> {
  const [row] = await db.query<MeetingRow>(sql`
    select o.lead_id, o.name as title, o.next_meeting as starts_at, o.created_at, o.updated_at as changed_at, l.number, o.owner_id as host_id,
      l.first_name, l.last_name, l.company, l.email, l.phone
    from opportunity o join lead l on l.workspace_id = o.workspace_id and l.id = o.lead_id
    where o.workspace_id = ${workspace} and o.id = ${id}`);
  return row ?? null;
}

export async function findTaskMeeting(db: Db, id: string): Promise<MeetingRow | null> {
  const [row] = await db.query<MeetingRow>(sql`
    select t.lead_id, t.title, t.due_at as starts_at, t.created_at, l.updated_at as changed_at, l.number, t.owner_id as host_id,
      l.first_name, l.last_name, l.company, l.email, l.phone
    from task t join lead l on l.workspace_id = t.workspace_id and l.id = t.lead_id
    where t.workspace_id = ${workspace} and t.id = ${id} and t.kind = 'meeting' and t.state = 'open'`);
  return row ?? null;
}

export type TrackedRow = {
  readonly lead_id: string | null;
  readonly state: string;
  readonly sent_at: Date | null;
  readonly url: string | null;
  readonly subject: string;
};

/** A tracked mail, and where one of its links leads. */
export async function findTracked(db: Db, id: string, link: number | null): Promise<TrackedRow | null> {
  const [row] = await db.query<TrackedRow>(sql`
    select lead_id, state, sent_at, content->'links'->>${link ?? -1}::int as url, content->>'subject' as subject
    from effect where workspace_id = ${workspace} and id = ${id} and kind = 'mail' and (content->>'track')::boolean`);
  return row ?? null;
}

export function countOpen(id: string) {
  return sql`update effect set opens = opens + 1 where workspace_id = ${workspace} and id = ${id}`;
}

export function countClick(id: string) {
  return sql`update effect set clicks = clicks + 1 where workspace_id = ${workspace} and id = ${id}`;
}
