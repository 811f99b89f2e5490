/** Forms and how many submissions they had. */
import type { FormBody } from "../../../core/forms/form.ts";
import { type Db, sql, workspace } from "../../db/db.ts";

export type FormRow = {
  readonly id: string;
  readonly key: string;
  readonly is_default: boolean;
  readonly version: number;
  readonly consent_version: number;
  readonly body: FormBody;
  readonly created_at: Date;
  readonly updated_at: Date;
};

export async function listFormRows(db: Db): Promise<readonly FormRow[]> {
  return db.query<FormRow>(sql`
    select id, key, is_default, version, consent_version, body, created_at, updated_at from form where workspace_id = ${workspace} order by is_default desc, created_at, id`);
}

export async function findFormRow(db: Db, id: string): Promise<FormRow | null> {
  const rows = await db.query<FormRow>(
    sql`select id, key, is_default, version, consent_version, body, created_at, updated_at from form where workspace_id = ${workspace} and id = ${id}`,
  );
  return rows[0] ?? null;
}

/** Waits for whoever changes the form. */
export async function lockFormRow(db: Db, id: string): Promise<FormRow | null> {
  const rows = await db.query<FormRow>(
    sql`select id, key, is_default, version, consent_version, body, created_at, updated_at from form where workspace_id = ${workspace} and id = ${id} for update`,
  );
  return rows[0] ?? null;
}

export type NewFormRow = { readonly id: string; readonly key: string; readonly isDefault: boolean; readonly body: FormBody };

/** Of two that make the default form at once, one makes it. */
export async function insertForm(db: Db, { id, key, isDefault, body }: NewFormRow, now: Date): Promise<void> {
  await db.execute(sql`
    insert into form (workspace_id, id, key, is_default, version, consent_version, body, created_at, updated_at)
    values (${workspace}, ${id}, ${key}, ${isDefault}, 1, 1, ${JSON.stringify(body)}::jsonb, ${now}, ${now})
    on conflict (workspace_id) where is_default do nothing`);
}

export async function updateForm(db: Db, id: string, body: FormBody, consentVersion: number, now: Date): Promise<void> {
  await db.execute(sql`
    update form set body = ${JSON.stringify(body)}::jsonb, version = version + 1, consent_version = ${consentVersion}, updated_at = ${now}
    where workspace_id = ${workspace} and id = ${id}`);
}

export async function setFormKey(db: Db, id: string, key: string, now: Date): Promise<void> {
  await db.execute(sql`update form set key = ${key}, version = version + 1, updated_at = ${now} where workspace_id = ${workspace} and id = ${id}`);
}

export async function countSubmission(db: Db, formId: string, quarantined: boolean, now: Date): Promise<void> {
  await db.execute(sql`
    insert into form_day as d (workspace_id, form_id, day, submissions, quarantined, last_at)
    values (${workspace}, ${formId}, (${now}::timestamptz at time zone 'UTC')::date, ${quarantined ? 0 : 1}, ${quarantined ? 1 : 0}, ${now})
    on conflict (workspace_id, form_id, day) do update set
      submissions = d.submissions + excluded.submissions, quarantined = d.quarantined + excluded.quarantined, last_at = greatest(d.last_at, excluded.last_at)`);
}

export type FormCount = { readonly form_id: string; readonly submissions: number; readonly quarantined: number; readonly last_at: Date | null };

export async function listFormCounts(db: Db, since: Date): Promise<readonly FormCount[]> {
  return db.query<FormCount>(sql`
    select form_id, coalesce(sum(submissions), 0)::int as submissions, coalesce(sum(quarantined), 0)::int as quarantined, max(last_at) as last_at
    from form_day where workspace_id = ${workspace} and day >= (${since}::timestamptz at time zone 'UTC')::date group by form_id`);
}
