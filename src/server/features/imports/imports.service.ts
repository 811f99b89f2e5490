/**
 * Imports: a file becomes leads, row by row through the door.
 *
 * Two passes. The first settles what only the whole file can tell and creates missing fields; the second hands rows to the
 * door in chunks. What was done of a chunk is written in the transaction that did it, so an import that was killed goes on
 * with the first row that is not done, and no row is lost or done twice.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { EVERYONE } from "../../../core/access/access.ts";
import { compileConfig, type CompiledConfig } from "../../../core/config/compile.ts";
import type { FieldDef } from "../../../core/config/config.ts";
import { type ImportMap, readMap } from "../../../core/import/import-map.ts";
import { createRowReader } from "../../../core/import/row.ts";
import { createSurvey, type Findings, withFindings } from "../../../core/import/survey.ts";
import { type Db, bindDb, transact } from "../../db/db.ts";
import { isUnavailable } from "../../db/errors.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import type { Deps, House } from "../../deps.ts";
import { lockConfigExclusive } from "../../flow/flow.queries.ts";
import { invalid, Problem } from "../../problems.ts";
import { beginErrorFile, ERRORS } from "./error-file.ts";
import { type Chunks, chunksOf, rehearse, runChunks } from "./import-rows.service.ts";
import { importFolder, type Reading, readRows, SOURCE, takeFile } from "./import-file.ts";
import {
  type Counts,
  countChunks,
  findImport,
  getWorkspaceTime,
  holdImport,
  type ImportRow,
  insertConfigVersion,
  insertImport,
  markRunning,
  listDone,
  listRejections,
  listUnfinishedImports,
  listUserMails,
  saveDone,
  saveFailed,
  savePlan,
} from "./imports.queries.ts";

export type ImportRequest = {
  /** Where the file lies, readable for this process. */
  readonly file: string;
  /** What a mapping file says, as parsed JSON. */
  readonly map: unknown;
  readonly history: boolean;
  readonly dryRun: boolean;
};

export type ImportResult = Counts & { readonly seconds: number; readonly importId: string; readonly errorFile: string | null };

export type Progress = { readonly phase: "reading" | "importing"; readonly rows: number; readonly total: number | null };

export type Watch = {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
  /** Stops the import between two chunks; it goes on when the house is opened again. */
  readonly signal?: AbortSignal | undefined;
};

/** @throws Problem when the mapping or the file is not such that rows can be read; then nothing is left behind */
export async function importFile(deps: Deps, request: ImportRequest, watch: Watch = {}): Promise<ImportResult> {
  const { map, mistakes } = readMap(request.map);
  if (map === null) throw invalid(mistakes.join("\n"));
  const id = deps.newId();
  const folder = importFolder(deps.dataDir, id);
  const reading = await takeFile(request.file, folder, map);
  const { history, dryRun } = request;
  await insertImport(
    deps.db,
    { id, fileName: path.basename(request.file), filePath: path.join(folder, SOURCE), map: { map, reading }, options: { history, dryRun }, by: deps.actor },
    new Date(deps.now()),
  );
  return runImport(deps, id, watch);
}

/** Takes up every import that was not finished, one after another. What fails is marked so, and the others go on. */
export async function resumeImports(house: House, signal?: AbortSignal): Promise<void> {
  for (const { workspace_id: workspaceId } of await listWorkspaces(house.database.pool)) {
    const deps: Deps = { ...house, db: bindDb(house.database.pool, workspaceId), actor: "system", viewer: EVERYONE };
    for (const id of await listUnfinishedImports(deps.db)) {
      try {
        await takeUp(deps, id, signal);
      } catch (error) {
        if (signal?.aborted === true) return;
        // Another server on this database is at it.
        if (error instanceof Problem && error.type === "import-running") continue;
        house.log.error({ err: error, import: id }, "import not finished");
      }
    }
  }
}

async function takeUp(deps: Deps, id: string, signal: AbortSignal | undefined): Promise<void> {
  const row = await findImport(deps.db, id);
  if (row === null) return;
  // Nothing of a dry run was kept, and nobody waits for its answer any more.
  if (row.options.dryRun) return endDryRun(deps, id);
  deps.log.info({ import: id }, "import taken up again");
  await runImport(deps, id, { signal });
}

/** Unless another server on this database is rehearsing it right now. */
async function endDryRun(deps: Deps, id: string): Promise<void> {
  const release = await holdImport(deps.database, deps.db, id);
  if (release === null) return;
  try {
    await saveFailed(deps.db, id, "The dry run was interrupted.", new Date(deps.now()));
  } finally {
    await release();
  }
}

/**
 * Runs an import from where it stands to its end, and waits out a database that is away for a while. A second call while it
 * runs is refused; after the end it only tells the result.
 */
export async function runImport(deps: Deps, id: string, watch: Watch = {}): Promise<ImportResult> {
  const began = performance.now();
  for (let attempt = 1; ; attempt++) {
    try {
      const { counts, errorFile } = await runAlone(deps, id, watch);
      return { ...counts, seconds: Math.round(performance.now() - began) / 1000, importId: id, errorFile };
    } catch (error) {
      if (!isUnavailable(error) || isStopping(error) || watch.signal?.aborted === true || attempt > ATTEMPTS) throw error;
      deps.log.warn({ import: id, reason: error instanceof Error ? error.message : String(error) }, "import waits for the database");
      await sleep(Math.min(attempt * 200, 5000));
    }
  }
}

/** About two minutes; then the import waits for the next start. */
const ATTEMPTS = 30;

function isStopping(error: unknown): boolean {
  return error instanceof Error && error.message.startsWith("Baton is stopping");
}

type Done = { readonly counts: Counts; readonly errorFile: string | null };

/** While nobody else runs it. */
async function runAlone(deps: Deps, id: string, watch: Watch): Promise<Done> {
  const release = await holdImport(deps.database, deps.db, id);
  if (release === null) throw new Problem(409, "import-running", `Import ${id} is being run by another process.`);
  try {
    const row = await findImport(deps.db, id);
    if (row === null) throw new Problem(404, "not-found", `There is no import ${id}.`);
    if (STOPPED.has(row.state)) throw new Problem(409, "conflict", `The import is ${row.state}; it does not run.`);
    if (row.state === "failed") throw invalid(row.reason ?? "The import failed.");
    return row.state === "done" && row.counts !== null ? { counts: row.counts, errorFile: row.error_file } : await runToEnd(deps, row, watch);
  } catch (error) {
    if (error instanceof Problem && error.status === 422) await saveFailed(deps.db, id, error.message, new Date(deps.now()));
    throw error;
  } finally {
    await release();
  }
}

const STOPPED: ReadonlySet<string> = new Set(["draft", "paused", "cancelled"]);

/** How the file is read and where its columns go; `newFields` are those a person described, others are inferred. */
export type Given = { readonly map: ImportMap; readonly reading: Reading; readonly newFields?: readonly FieldDef[] };

async function runToEnd(deps: Deps, row: ImportRow, watch: Watch): Promise<Done> {
  const { map, reading, newFields = [] } = row.map as Given;
  await markRunning(deps.db, row.id, new Date(deps.now()));
  const { dryRun, history } = row.options;
  const findings = (row.plan as Findings | null) ?? (await survey(deps, row, { map, reading, newFields }, watch));
  const config = dryRun ? await rehearsedConfig(deps, findings) : await publishFields(deps, findings, row.file_name);
  const { timezone } = await getWorkspaceTime(deps.db);
  const read = createRowReader({ importId: row.id, history, map, placed: reading.placed, findings, config, timezone, owners: await ownersOf(deps.db, config) });
  const done = dryRun ? [] : await listDone(deps.db, row.id);
  const chunks = chunksOf(readRows(row.file_path, reading), {
    read,
    newId: deps.newId,
    importId: row.id,
    columnOf: columnNames(reading),
    header: reading.header,
    done,
  });
  const report = (rows: number): void => {
    watch.onProgress?.({ phase: "importing", rows, total: findings.rows });
    stopIf(watch.signal, row.id);
  };
  const errors = path.join(path.dirname(row.file_path), ERRORS);
  const counts = dryRun
    ? await dryRunTo(deps, chunks, errors, reading, config, report)
    : await runAndCount(deps, row.id, chunks, errors, reading, done, report);
  if (counts.rows !== findings.rows)
    throw new Error(`Import ${row.id} counted ${findings.rows} rows and accounts for ${counts.rows}: this is a fault in Baton.`);
  const errorFile = counts.rejected > 0 ? errors : null;
  await saveDone(deps.db, row.id, counts, errorFile, new Date(deps.now()));
  await rm(row.file_path, { force: true });
  return { counts, errorFile };
}

/** @throws Problem 503 when the house is about to close */
function stopIf(signal: AbortSignal | undefined, id: string): void {
  if (signal?.aborted === true)
    throw new Problem(503, "unavailable", `Import ${id} was stopped. It goes on from here by itself when a server starts, or with the next baton import.`);
}

async function runAndCount(
  deps: Deps,
  id: string,
  chunks: Chunks,
  errors: string,
  reading: Reading,
  done: readonly (readonly [number, number])[],
  report: (rows: number) => void,
): Promise<Counts> {
  const before = done.reduce((sum, [first, end]) => sum + end - first, 0);
  await runChunks(deps, chunks, (rows) => report(before + rows));
  const counts = await countChunks(deps.db, id);
  if (counts.rejected === 0) return counts;
  const file = await beginErrorFile(errors, reading.header);
  for (let after = -1; ;) {
    const page = await listRejections(deps.db, id, after, 20);
    const last = page.at(-1);
    if (last === undefined) break;
    for (const { rejections } of page) await file.add(rejections);
    after = last.firstRow;
  }
  await file.finish();
  return counts;
}

async function dryRunTo(deps: Deps, chunks: Chunks, errors: string, reading: Reading, config: CompiledConfig, report: (rows: number) => void): Promise<Counts> {
  const file = await beginErrorFile(errors, reading.header);
  const counts = await rehearse(deps, chunks, config, (rows) => file.add(rows), report);
  await file.finish();
  if (counts.rejected === 0) await rm(errors, { force: true });
  return counts;
}

/** The first pass. What it finds is kept, so that an import that is taken up again reads its values the same way. */
async function survey(deps: Deps, row: ImportRow, { map, reading, newFields = [] }: Given, { onProgress, signal }: Watch): Promise<Findings> {
  const live = await deps.configs.get(deps.db);
  const config = withFindings(live.config, { newFields, newOptions: {} });
  const learner = createSurvey(reading.placed, map, config);
  let rows = 0;
  for await (const piece of readRows(row.file_path, reading)) {
    for (const { cells, problem } of piece) {
      if (problem === null) learner.add(cells);
      else learner.skip();
    }
    rows += piece.length;
    stopIf(signal, row.id);
    onProgress?.({ phase: "reading", rows, total: null });
  }
  const { findings: learnt, mistakes } = learner.finish();
  if (mistakes.length > 0) throw invalid(mistakes.join("\n"));
  const findings: Findings = { ...learnt, newFields: [...newFields.map((field) => withOptions(field, learnt)), ...learnt.newFields] };
  await savePlan(deps.db, row.id, findings, new Date(deps.now()));
  return findings;
}

function withOptions(field: FieldDef, { newOptions }: Findings): FieldDef {
  const more = newOptions[field.key] ?? [];
  return more.length === 0 ? field : { ...field, options: [...(field.options ?? []), ...more] };
}

/** Creates the fields and options that are missing, as a new configuration version, and answers the one to run under. Nothing is published when nothing is missing. */
export async function publishFields(deps: Deps, found: Pick<Findings, "newFields" | "newOptions">, fileName: string): Promise<CompiledConfig> {
  const live = await deps.configs.get(deps.db);
  if (withFindings(live.config, found) === live.config) return live;
  await transact(deps, async (deps) => {
    lockConfigExclusive(deps.db);
    const { configNumber } = await getWorkspaceTime(deps.db);
    const { config } = await deps.configs.version(deps.db, configNumber);
    const next = withFindings(config, found);
    if (next !== config) await insertConfigVersion(deps.db, configNumber + 1, next, `Fields and options for the import of ${fileName}`, new Date(deps.now()));
  });
  return deps.configs.get(deps.db);
}

async function rehearsedConfig(deps: Deps, found: Findings): Promise<CompiledConfig> {
  const live = await deps.configs.get(deps.db);
  return compileConfig(withFindings(live.config, found), live.number);
}

/** Whom a file may mean by an owner: an id, an e-mail address, or a name that only one active user has. */
export async function ownersOf(db: Db, { config }: CompiledConfig): Promise<ReadonlyMap<string, string>> {
  const active = config.users.filter((user) => user.active);
  const ids = new Set(active.map(({ id }) => id));
  const names = active.map(({ name }) => name.toLowerCase());
  const unique = active.filter(({ name }) => names.indexOf(name.toLowerCase()) === names.lastIndexOf(name.toLowerCase()));
  const mails = (await listUserMails(db)).filter(({ id }) => ids.has(id));
  return new Map([
    ...unique.map(({ name, id }) => [name.toLowerCase(), id] as const),
    ...mails.map(({ email, id }) => [email.toLowerCase(), id] as const),
    ...[...ids].map((id) => [id, id] as const),
  ]);
}

/** The column of the file that a path of a refusal speaks of. */
export function columnNames({ placed }: Reading): (target: string) => string {
  const names = new Map(placed.map(({ target, name }) => [target, name]));
  return (target) => names.get(target) ?? "";
}
