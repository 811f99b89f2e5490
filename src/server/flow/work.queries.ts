/** What the flow reads and writes for people at work: notes, and changes that are taken back. */
import type { Former, Reverse } from "../../core/flow/undo.ts";
import type { Note } from "../../core/notes/notes.ts";
import { type Db, sql, workspace } from "../db/db.ts";

type Worked = { readonly number: number; readonly notes: readonly Note[]; readonly undoes: number | null };

export function writeWork(db: Db, leadId: string, { number, notes, undoes }: Worked): void {
  for (const note of notes) postNote(db, leadId, note);
  if (undoes !== null) postUndone(db, leadId, undoes, number);
}

function postNote(db: Db, leadId: string, note: Note): void {
  const [at, editedAt, deletedAt] = [note.at, note.editedAt, note.deletedAt].map((ms) => (ms === null ? null : new Date(ms)));
  db.post(sql`
    insert into note as n (workspace_id, id, lead_id, opportunity_id, text, pinned, by, at, edited_at, deleted_at)
    values (${workspace}, ${note.id}, ${leadId}, ${note.opportunityId}, ${note.text}, ${note.pinned}, ${note.by}, ${at}, ${editedAt}, ${deletedAt})
    on conflict (workspace_id, id) do update set text = excluded.text, pinned = excluded.pinned, edited_at = excluded.edited_at, deleted_at = excluded.deleted_at`);
}

/** Facts that were taken back stay, but enter no stage any more. Mail that waits is withdrawn; mail that is on its way is not. */
function postUndone(db: Db, leadId: string, undone: number, by: number): void {
  db.post(sql`update fact set undone_by = ${by}, stage = null where workspace_id = ${workspace} and lead_id = ${leadId} and number = ${undone}`);
  db.post(sql`
    update effect e set state = 'withdrawn', told = true from intake i
    where e.workspace_id = ${workspace} and e.lead_id = ${leadId} and e.state = 'queued' and i.workspace_id = ${workspace} and i.lead_id = ${leadId} and i.number = ${undone}
      and substr(e.id::text, 1, 14) = substr(i.id::text, 1, 14) and substr(e.id::text, 19) = substr(i.id::text, 19)`);
}

/** Whether a mail that this input asked for is no longer waiting. Holds the mail, so that it does not leave until the lead is written. */
async function hasLeft(db: Db, leadId: string, inputId: string): Promise<boolean> {
  const rows = await db.query<{ state: string }>(sql`
    select state from effect where workspace_id = ${workspace} and lead_id = ${leadId} and kind = 'mail'
      and substr(id::text, 1, 14) = substr(${inputId}, 1, 14) and substr(id::text, 19) = substr(${inputId}, 19) for update`);
  return rows.some(({ state }) => state !== "queued");
}

type FormerRow = {
  readonly id: string;
  readonly kind: string;
  readonly actor: string;
  readonly received_at: Date;
  readonly reverse: Reverse | null;
  readonly since: string | null;
  readonly undone: boolean;
};

/** An earlier input of a lead, with the first thing that happened since; null when there is none with this number, or it was taken back. */
export async function findFormer(db: Db, leadId: string, number: number): Promise<Former | null> {
  const [row] = await db.query<FormerRow>(sql`
    select i.id, i.kind, i.actor, i.received_at, i.context->'reverse' as reverse,
      (select f.type from fact f where f.workspace_id = ${workspace} and f.lead_id = ${leadId} and f.number > ${number} and f.type <> 'lead.scored' order by f.number, f.ordinal limit 1) as since,
      exists (select 1 from fact f where f.workspace_id = ${workspace} and f.lead_id = ${leadId} and f.number = ${number} and f.undone_by is not null) as undone
    from intake i where i.workspace_id = ${workspace} and i.lead_id = ${leadId} and i.number = ${number} and i.state = 'done'`);
  if (row === undefined || row.undone) return null;
  const { id, kind, actor, received_at, reverse } = row;
  const since = row.since ?? (kind === "sendMail" && (await hasLeft(db, leadId, id)) ? "the mail has left" : null);
  const made = reverse?.lists["opportunities"]?.added ?? [];
  const linked = made.length > 0 && since === null && (await isLinkedElsewhere(db, leadId, made));
  return { kind, actor, at: received_at.getTime(), reverse, since, linked };
}

/** Holds the opportunities, so that nobody links himself to them until the lead is written. */
async function isLinkedElsewhere(db: Db, leadId: string, opportunities: readonly string[]): Promise<boolean> {
  await db.query(sql`select 1 from opportunity where workspace_id = ${workspace} and id = any(${opportunities}::uuid[]) order by id for update`);
  const rows = await db.query(sql`
    select 1 from contact where workspace_id = ${workspace} and opportunity_id = any(${opportunities}::uuid[]) and lead_id <> ${leadId}
    union all select 1 from note where workspace_id = ${workspace} and opportunity_id = any(${opportunities}::uuid[]) limit 1`);
  return rows.length > 0;
}

/** The fields of a lead's profile that were written after it had this version. */
export async function listFieldsSince(db: Db, leadId: string, version: number): Promise<readonly string[]> {
  const rows = await db.query<{ field: string }>(sql`
    select distinct jsonb_object_keys(f.data->'changes') as field from fact f
    where f.workspace_id = ${workspace} and f.lead_id = ${leadId} and f.type = 'lead.updated' and f.version > ${version} and f.undone_by is null`);
  return rows.map(({ field }) => field);
}

type NoteRow = {
  readonly id: string;
  readonly opportunity_id: string | null;
  readonly text: string;
  readonly pinned: boolean;
  readonly by: string;
  readonly at: Date;
  readonly edited_at: Date | null;
  readonly deleted_at: Date | null;
};

export async function findNote(db: Db, leadId: string, id: string): Promise<Note | null> {
  const [row] = await db.query<NoteRow>(sql`
    select id, opportunity_id, text, pinned, by, at, edited_at, deleted_at from note where workspace_id = ${workspace} and id = ${id} and lead_id = ${leadId}`);
  if (row === undefined) return null;
  return {
    id: row.id,
    opportunityId: row.opportunity_id,
    text: row.text,
    pinned: row.pinned,
    by: row.by,
    at: row.at.getTime(),
    editedAt: row.edited_at?.getTime() ?? null,
    deletedAt: row.deleted_at?.getTime() ?? null,
  };
}

/** The name of a company or an opportunity, which stays where it is until the transaction ends; null when there is none. */
export async function holdNamed(db: Db, what: "company" | "opportunity", id: string): Promise<string | null> {
  const rows =
    what === "company"
      ? await db.query<{ name: string }>(sql`select name from company where workspace_id = ${workspace} and id = ${id} for key share`)
      : await db.query<{ name: string }>(sql`select name from opportunity where workspace_id = ${workspace} and id = ${id} for key share`);
  return rows[0]?.name ?? null;
}
