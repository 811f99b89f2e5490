/** Notifications: what waits to be told, whom it concerns, and what a person has of them. */
import type pg from "pg";
import type { Notice } from "../../../core/mail/effects.ts";
import type { NoticeChoice } from "../../../core/mail/notices.ts";
import { composedSql, type Db, sql, workspace } from "../../db/db.ts";

/** Workspaces where somebody is to be told of something; not bound to a workspace. */
export async function listWorkspacesToTell(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ workspace_id: string }>({
    name: "notices-due",
    text: "select workspace_id from workspace w where exists (select from effect e where e.workspace_id = w.workspace_id and e.state = 'queued' and e.kind = 'notify')",
  });
  return rows.map((row) => row.workspace_id);
}

export type Waiting = { readonly id: string; readonly content: Notice; readonly created_at: Date };

/** Takes notices out of the queue. They come back by themselves when the transaction does not commit. */
export async function takeNotices(db: Db, limit: number): Promise<readonly Waiting[]> {
  return db.query<Waiting>(sql`
    delete from effect e using (
      select id from effect where workspace_id = ${workspace} and state = 'queued' and kind = 'notify' order by not_before limit ${limit} for update skip locked
    ) due
    where e.workspace_id = ${workspace} and e.id = due.id returning e.id, e.content, e.created_at`);
}

export type PersonRow = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: string;
  readonly choices: Readonly<Record<string, NoticeChoice>> | null;
};

/** Active users among these, or with one of these roles. */
export async function listPeople(db: Db, ids: readonly string[], roles: readonly string[]): Promise<readonly PersonRow[]> {
  return db.query<PersonRow>(sql`
    select u.id, u.name, u.email, u.role, m.choices
    from app_user u left join user_mail m on m.workspace_id = u.workspace_id and m.user_id = u.id
    where u.workspace_id = ${workspace} and u.active and (u.id::text = any(${ids}::text[]) or u.role = any(${roles}::text[]))`);
}

export type NewNotification = {
  readonly user_id: string;
  readonly id: string;
  readonly key: string;
  readonly event: string;
  readonly title: string;
  readonly detail: string | null;
  readonly lead_id: string | null;
  readonly task_id: string | null;
  readonly import_id: string | null;
  readonly mail_id: string | null;
  readonly bell: boolean;
  readonly digest: boolean;
  readonly at: Date;
};

/** Adds those that their person does not have yet; answers which these were. */
export async function insertNotifications(db: Db, rows: readonly NewNotification[]): Promise<ReadonlySet<string>> {
  if (rows.length === 0) return new Set();
  const added = await db.query<{ id: string }>(sql`
    insert into notification as n (workspace_id, user_id, id, key, event, title, detail, lead_id, task_id, import_id, mail_id, bell, digest, at)
    select ${workspace}, user_id, id, key, event, title, detail, lead_id, task_id, import_id, mail_id, bell, digest, at
    from json_to_recordset(${JSON.stringify(rows)}::json)
      r (user_id uuid, id uuid, key text, event text, title text, detail text, lead_id uuid, task_id uuid, import_id uuid, mail_id uuid, bell boolean, digest boolean, at timestamptz)
    on conflict (workspace_id, user_id, key) do nothing returning n.id`);
  return new Set(added.map((row) => row.id));
}

/** Up to when was looked, if nobody else is looking; the first look begins now. */
export async function holdClock(db: Db, now: Date): Promise<Date | null> {
  await db.execute(sql`insert into notice_clock (workspace_id, until) values (${workspace}, ${now}) on conflict do nothing`);
  const [row] = await db.query<{ until: Date }>(sql`select until from notice_clock where workspace_id = ${workspace} for update skip locked`);
  return row?.until ?? null;
}

export async function setClock(db: Db, until: Date): Promise<void> {
  await db.execute(sql`update notice_clock set until = ${until} where workspace_id = ${workspace} and until < ${until}`);
}

export type DueRow = {
  readonly id: string;
  readonly lead_id: string | null;
  readonly owner_id: string;
  readonly title: string;
  readonly due_at: Date;
  readonly who: string | null;
};

/** Open next steps and reminders of active users that became due in this time; by user, so that the index of due tasks serves. */
export async function listTasksDue(db: Db, from: Date, to: Date): Promise<readonly DueRow[]> {
  return db.query<DueRow>(sql`
    select t.id, t.lead_id, t.owner_id, t.title, t.due_at,
      coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.company, l.email, l.phone) as who
    from app_user u join task t on t.workspace_id = u.workspace_id and t.owner_id = u.id and t.state = 'open' and t.due_at > ${from} and t.due_at <= ${to}
    left join lead l on l.workspace_id = t.workspace_id and l.id = t.lead_id
    where u.workspace_id = ${workspace} and u.active
    union all
    select r.id, null, r.owner_id, r.title, r.due_at, null
    from app_user u join reminder r on r.workspace_id = u.workspace_id and r.owner_id = u.id and r.state = 'open' and r.due_at > ${from} and r.due_at <= ${to}
    where u.workspace_id = ${workspace} and u.active
    order by due_at limit 5000`);
}

export type FinishedRow = { readonly id: string; readonly file_name: string; readonly state: string; readonly created_by: string; readonly finished_at: Date };

export async function listImportsFinished(db: Db, from: Date, to: Date): Promise<readonly FinishedRow[]> {
  return db.query<FinishedRow>(sql`
    select id, file_name, state, created_by, finished_at from import
    where workspace_id = ${workspace} and finished_at > ${from} and finished_at <= ${to} and state in ('done', 'failed')`);
}

export type HeldRow = { readonly kind: string; readonly count: number; readonly reason: string | null };

export async function listHeld(db: Db, from: Date, to: Date): Promise<readonly HeldRow[]> {
  return db.query<HeldRow>(sql`
    select kind, count(*) as count, min(reason) as reason from intake
    where workspace_id = ${workspace} and state = 'held' and received_at > ${from} and received_at <= ${to} group by kind`);
}

export type DigestRow = PersonRow & { readonly digest_hour: number; readonly digest_on: string | null };

/** Active users whose digest of this day has not been written and is due. */
export async function listDigestsDue(db: Db, date: string, hour: number): Promise<readonly DigestRow[]> {
  return db.query<DigestRow>(sql`
    select u.id, u.name, u.email, u.role, m.choices, coalesce(m.digest_hour, 8) as digest_hour, m.digest_on
    from app_user u left join user_mail m on m.workspace_id = u.workspace_id and m.user_id = u.id
    where u.workspace_id = ${workspace} and u.active and coalesce(m.digest_hour, 8) <= ${hour}::int and (m.digest_on is null or m.digest_on < ${date}::date)`);
}

/** Takes the digest of a day: of two who want it exactly one gets it. */
export async function takeDigest(db: Db, userId: string, date: string): Promise<boolean> {
  const changed = await db.execute(sql`
    insert into user_mail as m (workspace_id, user_id, digest_on) values (${workspace}, ${userId}, ${date}::date)
    on conflict (workspace_id, user_id) do update set digest_on = excluded.digest_on where m.digest_on is null or m.digest_on < excluded.digest_on`);
  return changed === 1;
}

export type DigestItem = { readonly title: string; readonly detail: string | null };

/** What the digest has to say to a person; it is not said again. */
export async function takeDigestItems(db: Db, userId: string): Promise<readonly DigestItem[]> {
  return db.query<DigestItem>(sql`
    with taken as (
      update notification set digest = false where workspace_id = ${workspace} and user_id = ${userId} and digest returning title, detail, at, read_at
    )
    select title, detail from taken where read_at is null order by at`);
}

export async function countTasksDue(db: Db, userId: string, until: Date): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select (select count(*) from task where workspace_id = ${workspace} and owner_id = ${userId} and state = 'open' and due_at <= ${until})
      + (select count(*) from reminder where workspace_id = ${workspace} and owner_id = ${userId} and state = 'open' and due_at <= ${until}) as count`);
  return Number(row?.count ?? 0);
}

// What a person has.

export type NotificationRow = {
  readonly id: string;
  readonly event: string;
  readonly title: string;
  readonly detail: string | null;
  readonly lead_id: string | null;
  readonly who: string | null;
  readonly task_id: string | null;
  readonly import_id: string | null;
  readonly mail_id: string | null;
  readonly at: Date;
  readonly read_at: Date | null;
};

export type NotificationRequest = {
  readonly userId: string;
  readonly unread: boolean;
  readonly after: { readonly at: Date; readonly id: string } | null;
  readonly limit: number;
};

export async function listNotifications(db: Db, { userId, unread, after, limit }: NotificationRequest): Promise<readonly NotificationRow[]> {
  const values: unknown[] = [userId, limit, ...(after === null ? [] : [after.at, after.id])];
  return db.query<NotificationRow>(
    composedSql(
      `select n.id, n.event, n.title, n.detail, n.lead_id, n.task_id, n.import_id, n.mail_id, n.at, n.read_at,
        coalesce(nullif(concat_ws(' ', l.first_name, l.last_name), ''), l.company, l.email, l.phone) as who
      from notification n left join lead l on l.workspace_id = n.workspace_id and l.id = n.lead_id
      where n.workspace_id = $1 and n.user_id = $2::uuid and n.bell${unread ? " and n.read_at is null" : ""}${after === null ? "" : " and (n.at, n.id) < ($4::timestamptz, $5::uuid)"}
      order by n.at desc, n.id desc limit $3::int`,
      values,
      true,
    ),
  );
}

export async function countUnread(db: Db, userId: string, most: number): Promise<number> {
  const [row] = await db.query<{ count: number }>(sql`
    select count(*) as count from (select from notification where workspace_id = ${workspace} and user_id = ${userId} and read_at is null and bell limit ${most}) n`);
  return Number(row?.count ?? 0);
}

export async function markRead(db: Db, userId: string, ids: readonly string[], upTo: Date | null, at: Date): Promise<number> {
  return db.execute(sql`
    update notification set read_at = ${at}
    where workspace_id = ${workspace} and user_id = ${userId} and read_at is null and bell
      and (id::text = any(${ids}::text[]) or (${upTo}::timestamptz is not null and at <= ${upTo}))`);
}

export type ChoiceRow = { readonly choices: Readonly<Record<string, NoticeChoice>>; readonly digest_hour: number };

export async function findChoices(db: Db, userId: string): Promise<ChoiceRow | null> {
  const [row] = await db.query<ChoiceRow>(sql`select choices, digest_hour from user_mail where workspace_id = ${workspace} and user_id = ${userId}`);
  return row ?? null;
}

/** Adds to what was chosen; what is null stays. */
export async function saveChoices(db: Db, userId: string, choices: Readonly<Record<string, NoticeChoice>>, digestHour: number | null): Promise<void> {
  await db.execute(sql`
    insert into user_mail as m (workspace_id, user_id, choices, digest_hour) values (${workspace}, ${userId}, ${JSON.stringify(choices)}::jsonb, coalesce(${digestHour}::int, 8))
    on conflict (workspace_id, user_id) do update set choices = m.choices || excluded.choices, digest_hour = coalesce(${digestHour}::int, m.digest_hour)`);
}
