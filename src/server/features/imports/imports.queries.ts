/** Imports and what is done of them. */
import { z } from "zod";
import { type Database, type Db, sql, workspace } from "../../db/db.ts";

const Counts = z.object({ rows: z.number(), created: z.number(), updated: z.number(), skipped: z.number(), rejected: z.number() });
export type Counts = Readonly<z.infer<typeof Counts>>;

const Options = z.object({ history: z.boolean(), dryRun: z.boolean() });
export type ImportOptions = Readonly<z.infer<typeof Options>>;

const Row = z.object({
  id: z.string(),
  state: z.enum(["draft", "queued", "running", "paused", "done", "failed", "cancelled"]),
  file_name: z.string(),
  file_path: z.string(),
  map: z.unknown(),
  options: Options,
  plan: z.unknown(),
  counts: Counts.nullable(),
  reason: z.string().nullable(),
  error_file: z.string().nullable(),
  created_by: z.string(),
  size: z.number().nullable(),
  settings: z.unknown(),
  survey: z.unknown(),
  created_at: z.date(),
  started_at: z.date().nullable(),
  finished_at: z.date().nullable(),
});

export type ImportRow = Readonly<z.infer<typeof Row>>;

const Rejection = z.object({ line: z.number(), column: z.string(), reason: z.string(), cells: z.array(z.string()).readonly() });
/** A row that goes into the error file. */
export type Rejection = Readonly<z.infer<typeof Rejection>>;

export type NewImport = {
  readonly id: string;
  readonly fileName: string;
  readonly filePath: string;
  readonly map: unknown;
  readonly options: ImportOptions;
  readonly by: string;
};

export async function insertImport(db: Db, { id, fileName, filePath, map, options, by }: NewImport, now: Date): Promise<void> {
  await db.execute(sql`
    insert into import (workspace_id, id, state, file_name, file_path, map, options, created_by, created_at, started_at, updated_at)
    values (${workspace}, ${id}, 'queued', ${fileName}, ${filePath}, ${JSON.stringify(map)}::jsonb, ${JSON.stringify(options)}::jsonb, ${by}, ${now}, ${now}, ${now})`);
}

export async function findImport(db: Db, id: string): Promise<ImportRow | null> {
  const rows = await db.query(
    sql`select id, state, file_name, file_path, map, options, plan, counts, reason, error_file, created_by, size, settings, survey, created_at, started_at, finished_at
      from import where workspace_id = ${workspace} and id = ${id}`,
  );
  return rows[0] === undefined ? null : Row.parse(rows[0]);
}

export async function listUnfinishedImports(db: Db): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(
    sql`select id from import where workspace_id = ${workspace} and state in ('queued', 'running') order by created_at`,
  );
  return rows.map(({ id }) => id);
}

export async function savePlan(db: Db, id: string, plan: unknown, now: Date): Promise<void> {
  await db.execute(sql`update import set plan = ${JSON.stringify(plan)}::jsonb, updated_at = ${now} where workspace_id = ${workspace} and id = ${id}`);
}

export async function markRunning(db: Db, id: string, now: Date): Promise<void> {
  await db.execute(sql`update import set state = 'running', updated_at = ${now} where workspace_id = ${workspace} and id = ${id} and state = 'queued'`);
}

export async function saveDone(db: Db, id: string, counts: Counts, errorFile: string | null, now: Date): Promise<void> {
  await db.execute(sql`
    update import set state = 'done', counts = ${JSON.stringify(counts)}::jsonb, error_file = ${errorFile}, reason = null, updated_at = ${now}, finished_at = ${now}
    where workspace_id = ${workspace} and id = ${id} and state <> 'cancelled'`);
}

export async function saveFailed(db: Db, id: string, reason: string, now: Date): Promise<void> {
  await db.execute(
    sql`update import set state = 'failed', reason = ${reason}, updated_at = ${now}, finished_at = ${now} where workspace_id = ${workspace} and id = ${id}`,
  );
}

export type Chunk = {
  readonly firstRow: number;
  readonly endRow: number;
  readonly created: number;
  readonly updated: number;
  readonly skipped: number;
  readonly rejections: readonly Rejection[];
  /** Leads of the rows counted as updated and as skipped, each once. */
  readonly updatedLeads: readonly string[];
  readonly skippedLeads: readonly string[];
};

/** Posted, so that it holds exactly when the rows do. */
export function writeChunk(db: Db, importId: string, chunk: Chunk): void {
  const { firstRow, endRow, created, updated, skipped, rejections, updatedLeads, skippedLeads } = chunk;
  db.post(sql`
    insert into import_chunk (workspace_id, import_id, first_row, end_row, created, updated, skipped, rejected, rejections, updated_leads, skipped_leads)
    values (${workspace}, ${importId}, ${firstRow}, ${endRow}, ${created}, ${updated}, ${skipped}, ${rejections.length}, ${rejections.length === 0 ? null : JSON.stringify(rejections)}::jsonb,
      ${updatedLeads}::uuid[], ${skippedLeads}::uuid[])`);
}

/** Which rows are done: from the first, up to and not including the second, in order. */
export async function listDone(db: Db, importId: string): Promise<readonly (readonly [number, number])[]> {
  const rows = await db.query<{ first_row: number; end_row: number }>(
    sql`select first_row, end_row from import_chunk where workspace_id = ${workspace} and import_id = ${importId} order by first_row`,
  );
  return rows.map(({ first_row, end_row }) => [first_row, end_row]);
}

export async function countChunks(db: Db, importId: string): Promise<Counts> {
  const rows = await db.query(sql`
    select coalesce(sum(end_row - first_row), 0)::int as rows, coalesce(sum(created), 0)::int as created, coalesce(sum(updated), 0)::int as updated,
      coalesce(sum(skipped), 0)::int as skipped, coalesce(sum(rejected), 0)::int as rejected
    from import_chunk where workspace_id = ${workspace} and import_id = ${importId}`);
  return Counts.parse(rows[0]);
}

/** Chunks with rejections behind a row, in order; `limit` keeps a page of them small. */
export async function listRejections(
  db: Db,
  importId: string,
  after: number,
  limit: number,
): Promise<readonly { readonly firstRow: number; readonly rejections: readonly Rejection[] }[]> {
  const rows = await db.query<{ first_row: number; rejections: unknown }>(sql`
    select first_row, rejections from import_chunk
    where workspace_id = ${workspace} and import_id = ${importId} and first_row > ${after} and rejections is not null order by first_row limit ${limit}`);
  return rows.map(({ first_row, rejections }) => ({ firstRow: first_row, rejections: z.array(Rejection).parse(rejections) }));
}

/** Keeps an import to one process until released; a process that dies lets go at once. Null: another one has it. */
export async function holdImport(database: Database, db: Db, importId: string): Promise<(() => Promise<void>) | null> {
  const client = await database.pool.connect();
  try {
    const { rows } = await client.query<{ held: boolean }>("select pg_try_advisory_lock(hashtextextended($1, 5)) as held", [
      `${db.workspaceId} import ${importId}`,
    ]);
    if (rows[0]?.held !== true) {
      client.release();
      return null;
    }
  } catch (error) {
    client.release(true);
    throw error;
  }
  // Given back before the connection ends: the database notices an ended one only a moment later, and who asks meanwhile finds it held.
  return async () => {
    await client.query("select pg_advisory_unlock_all()").catch(() => {});
    client.release(true);
  };
}

export async function getWorkspaceTime(db: Db): Promise<{ readonly timezone: string; readonly configNumber: number }> {
  const rows = await db.query<{ timezone: string; config_number: number }>(
    sql`select timezone, config_number from workspace where workspace_id = ${workspace}`,
  );
  const row = rows[0];
  if (row === undefined) throw new Error(`There is no workspace ${db.workspaceId}.`);
  return { timezone: row.timezone, configNumber: row.config_number };
}

export async function listUserMails(db: Db): Promise<readonly { readonly id: string; readonly email: string }[]> {
  return db.query(sql`select id, email from app_user where workspace_id = ${workspace} and active`);
}

export async function insertConfigVersion(db: Db, number: number, body: unknown, note: string, now: Date): Promise<void> {
  await db.execute(sql`
    insert into config_version (workspace_id, number, body, note, published_at) values (${workspace}, ${number}, ${JSON.stringify(body)}::jsonb, ${note}, ${now})`);
  await db.execute(sql`update workspace set config_number = ${number} where workspace_id = ${workspace}`);
}

export type NewDraft = {
  readonly id: string;
  readonly fileName: string;
  readonly filePath: string;
  readonly size: number;
  readonly headerKey: string;
  readonly map: unknown;
  readonly settings: unknown;
  readonly survey: unknown;
  readonly by: string;
};

export async function insertDraft(db: Db, { id, fileName, filePath, size, headerKey, map, settings, survey, by }: NewDraft, now: Date): Promise<void> {
  await db.execute(sql`
    insert into import (workspace_id, id, state, file_name, file_path, size, header_key, map, options, settings, survey, created_by, created_at, updated_at)
    values (${workspace}, ${id}, 'draft', ${fileName}, ${filePath}, ${size}, ${headerKey}, ${JSON.stringify(map)}::jsonb, '{"history":false,"dryRun":false}'::jsonb,
      ${JSON.stringify(settings)}::jsonb, ${JSON.stringify(survey)}::jsonb, ${by}, ${now}, ${now})`);
}

/** Only one changes a draft or its state at a time. */
export async function lockImport(db: Db, id: string): Promise<void> {
  await db.query(sql`select id from import where workspace_id = ${workspace} and id = ${id} for update`);
}

export type DraftEdit = { readonly headerKey: string; readonly map: unknown; readonly settings: unknown; readonly survey: unknown; readonly history: boolean };

export async function updateDraft(db: Db, id: string, { headerKey, map, settings, survey, history }: DraftEdit, now: Date): Promise<void> {
  await db.execute(sql`
    update import set header_key = ${headerKey}, map = ${JSON.stringify(map)}::jsonb, settings = ${JSON.stringify(settings)}::jsonb, survey = ${JSON.stringify(survey)}::jsonb,
      options = jsonb_set(options, '{history}', to_jsonb(${history}::boolean)), updated_at = ${now}
    where workspace_id = ${workspace} and id = ${id}`);
}

export async function queueDraft(db: Db, id: string, map: unknown, now: Date): Promise<void> {
  await db.execute(sql`
    update import set state = 'queued', map = ${JSON.stringify(map)}::jsonb, started_at = ${now}, updated_at = ${now} where workspace_id = ${workspace} and id = ${id} and state = 'draft'`);
}

export async function deleteDraft(db: Db, id: string): Promise<void> {
  await db.execute(sql`delete from import where workspace_id = ${workspace} and id = ${id} and state = 'draft'`);
}

/** Answers whether it stood at one of these states. */
export async function moveImport(db: Db, id: string, from: readonly string[], to: string, reason: string | null, now: Date): Promise<boolean> {
  const ended = to === "cancelled" ? now : null;
  const moved = await db.execute(sql`
    update import set state = ${to}, reason = ${reason}, updated_at = ${now}, finished_at = coalesce(${ended}::timestamptz, finished_at)
    where workspace_id = ${workspace} and id = ${id} and state = any(${from}::text[])`);
  return moved > 0;
}

export async function saveCounts(db: Db, id: string, counts: Counts): Promise<void> {
  await db.execute(sql`update import set counts = ${JSON.stringify(counts)}::jsonb where workspace_id = ${workspace} and id = ${id}`);
}

export async function getImportState(db: Db, id: string): Promise<string | null> {
  const rows = await db.query<{ state: string }>(sql`select state from import where workspace_id = ${workspace} and id = ${id}`);
  return rows[0]?.state ?? null;
}

/** The settings with which a file of the same column names was last run. */
export async function findRemembered(
  db: Db,
  headerKey: string,
): Promise<{ readonly id: string; readonly started_at: Date; readonly settings: unknown } | null> {
  const rows = await db.query<{ id: string; started_at: Date; settings: unknown }>(sql`
    select id, started_at, settings from import where workspace_id = ${workspace} and header_key = ${headerKey} and started_at is not null and settings is not null
    order by started_at desc limit 1`);
  return rows[0] ?? null;
}

/** The newest first. */
export async function listImportRows(db: Db, after: { readonly at: Date; readonly id: string } | null, limit: number): Promise<readonly ImportRow[]> {
  const rows = await db.query(sql`
    select id, state, file_name, file_path, '{}'::jsonb as map, options, case when plan is null then null else jsonb_build_object('rows', plan->'rows') end as plan, counts, reason, error_file,
      created_by, size, null as settings, case when state = 'draft' then jsonb_build_object('rows', survey->'rows') end as survey, created_at, started_at, finished_at
    from import where workspace_id = ${workspace} and (created_at, id) < (${after?.at ?? "infinity"}::timestamptz, ${after?.id ?? "ffffffff-ffff-ffff-ffff-ffffffffffff"}::uuid)
    order by created_at desc, id desc limit ${limit}`);
  return rows.map((row) => Row.parse(row));
}

/** Drafts that nobody touched since. */
export async function listOldDrafts(db: Db, before: Date): Promise<readonly { readonly id: string; readonly file_path: string }[]> {
  return db.query(sql`select id, file_path from import where workspace_id = ${workspace} and state = 'draft' and updated_at < ${before}`);
}

export async function listKnownImports(db: Db, ids: readonly string[]): Promise<readonly string[]> {
  const rows = await db.query<{ id: string }>(sql`select id from import where workspace_id = ${workspace} and id = any(${ids}::uuid[])`);
  return rows.map(({ id }) => id);
}
