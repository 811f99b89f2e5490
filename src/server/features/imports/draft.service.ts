/**
 * Drafts: a file that was uploaded, what was seen in it, and what a person decides about it. Whatever is decided is kept at
 * once, so a wizard that was left can be taken up again, and the settings of a file with the same column names come back.
 */
import { readdir, rm, stat } from "node:fs/promises";
import path from "node:path";
import { proposeColumns, type ProposedColumn } from "../../../core/import/propose.ts";
import { isUuid } from "../../../core/ids.ts";
import { bindDb, transact } from "../../db/db.ts";
import { listWorkspaces } from "../../db/house.queries.ts";
import type { Deps, House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { type FileRow, type Hints, importFolder, type Looked, look, type Measured, measureFile, readRows, SOURCE, storeFile } from "./import-file.ts";
import { ownersOf } from "./imports.service.ts";
import {
  deleteDraft,
  findImport,
  findRemembered,
  type ImportRow,
  insertDraft,
  listKnownImports,
  listOldDrafts,
  lockImport,
  moveImport,
  queueDraft,
  updateDraft,
} from "./imports.queries.ts";
import { headerKeyOf, mapOf, proposedSettings, type Settings, type SettingsEdit } from "./settings.ts";

export type Survey = {
  readonly encoding: string;
  readonly delimiter: string;
  readonly headerLine: number;
  readonly columns: readonly ProposedColumn[];
  readonly rows: number;
  readonly exact: boolean;
  readonly firstRows: readonly { readonly line: number; readonly cells: readonly string[]; readonly problem: string | null }[];
  readonly notes: readonly string[];
  readonly remembered: { readonly importId: string; readonly at: string } | null;
};

/** Stores what is uploaded and looks at it. @throws Problem when it is no table; then nothing is left behind */
export async function uploadDraft(deps: Deps, bytes: AsyncIterable<Buffer>, name: string): Promise<string> {
  const id = deps.newId();
  const folder = importFolder(deps.dataDir, id);
  const measured = await storeFile(bytes, folder, "the file");
  const file = path.join(folder, SOURCE);
  try {
    const seen = await survey(deps, file, measured, { encoding: null, delimiter: null, headerLine: null });
    await insertDraft(
      deps.db,
      {
        id,
        fileName: cleanName(name),
        filePath: file,
        size: measured.size,
        headerKey: seen.headerKey,
        map: { reading: seen.looked },
        settings: seen.settings,
        survey: seen.survey,
        by: deps.actor,
      },
      new Date(deps.now()),
    );
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
  deps.live.topic(deps.db.workspaceId, "imports");
  return id;
}

/** A name is only shown: no folders, no marks that turn text around, no control characters. */
export function cleanName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? "";
  const clean = last
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "")
    .trim()
    .slice(0, 200);
  return clean === "" || /^\.+$/.test(clean) ? "upload.csv" : clean;
}

type Seen = { readonly looked: Looked; readonly headerKey: string; readonly survey: Survey; readonly settings: Settings };
type Ways = Pick<Settings, "encoding" | "delimiter" | "headerLine">;

/** Rows that tell what a column holds, and those that are shown. */
const LOOKED_AT = 1000;
const SHOWN = 20;
/** Columns whose cells are shown. */
const SHOWN_COLUMNS = 200;

async function survey(deps: Deps, file: string, measured: Measured, ways: Ways): Promise<Seen> {
  const hints: Hints = { ...ways, wanted: null };
  const looked = await look(file, measured, hints);
  const { rows, exact, bytes } = await sampleRows(file, looked);
  const config = await deps.configs.get(deps.db);
  const owners = new Set((await ownersOf(deps.db, config)).keys());
  const columns = proposeColumns({
    header: looked.header,
    rows: rows.filter(({ problem }) => problem === null).map(({ cells }) => cells),
    config: config.config,
    owners,
  });
  const headerKey = headerKeyOf(looked.header);
  const remembered = await findRemembered(deps.db, headerKey);
  const settings = remembered === null ? proposedSettings(columns, ways) : { ...(remembered.settings as Settings), ...ways };
  return {
    looked,
    headerKey,
    settings,
    survey: {
      encoding: looked.encoding,
      delimiter: looked.dialect.delimiter,
      headerLine: looked.headerLine,
      columns,
      rows: exact ? rows.length : Math.round((rows.length * measured.size) / Math.max(1, bytes)),
      exact,
      firstRows: rows
        .slice(0, SHOWN)
        .map(({ line, cells, problem }) => ({ line, cells: cells.slice(0, SHOWN_COLUMNS).map(shown), problem: problem?.reason ?? null })),
      notes: notesOf(looked, rows, columns),
      remembered: remembered === null ? null : { importId: remembered.id, at: remembered.started_at.toISOString() },
    },
  };
}

function shown(cell: string): string {
  return (cell.length > 200 ? `${cell.slice(0, 200)}…` : cell).toWellFormed().replaceAll("\0", "\u2400");
}

/** The first rows, and about how many bytes of the file they are. */
async function sampleRows(file: string, looked: Looked): Promise<{ readonly rows: readonly FileRow[]; readonly exact: boolean; readonly bytes: number }> {
  const rows: FileRow[] = [];
  let letters = 0;
  const reading = { ...looked, placed: [] };
  for await (const piece of readRows(file, reading)) {
    for (const row of piece) {
      if (rows.length === LOOKED_AT) return { rows, exact: false, bytes: letters };
      rows.push(row);
      letters += Buffer.byteLength(row.cells.join(looked.dialect.delimiter)) + 1;
    }
  }
  return { rows, exact: true, bytes: letters };
}

function notesOf(looked: Looked, rows: readonly FileRow[], columns: readonly ProposedColumn[]): readonly string[] {
  const broken = rows.filter(({ problem }) => problem !== null).length;
  const names = looked.header.filter((name) => name !== "").map((name) => name.toLowerCase());
  const looksLikeData = looked.header.some((name) => /^[^\s@]+@[^\s@]+\.[a-z]{2,}$/i.test(name));
  return [
    ...(looked.headerLine > 1 ? [`The column names stand on line ${looked.headerLine}; what is above is left out.`] : []),
    ...(looksLikeData
      ? ["The first row looks like data, not like column names: it holds an e-mail address. Add a row of names above it, or choose the line that has them."]
      : []),
    ...(rows.length === 0 ? ["There are no rows below the column names."] : []),
    ...(broken > 0 ? [`${broken} of the first ${rows.length} rows cannot be read; they will be in the error file.`] : []),
    ...(new Set(names).size < names.length ? ["Some columns have the same name; they are told apart by their place."] : []),
    ...(looked.dialect.replaced === true
      ? ["Some bytes are no text in UTF-8; rows with them will be rejected. Try another encoding if names look wrong."]
      : []),
    ...(columns.length > 0 && !columns.some(({ proposal }) => ["email", "phone", "externalId"].includes(proposal.target ?? ""))
      ? ["No column seems to hold an e-mail address, phone number or id: rows would not find leads that are known already."]
      : []),
  ];
}

export async function discardDraft({ db, dataDir }: Deps, id: string): Promise<void> {
  await deleteDraft(db, id);
  await rm(importFolder(dataDir, id), { recursive: true, force: true });
}

/** While it is a draft. A new encoding, delimiter or header line reads the file again and proposes anew. */
export async function editDraft(deps: Deps, id: string, edit: SettingsEdit): Promise<void> {
  await transact(deps, async (deps) => {
    const row = await lockedDraft(deps, id);
    const before = row.settings as Settings;
    const next: Settings = { ...before, ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) };
    const { encoding, delimiter, headerLine } = next;
    const again = encoding !== before.encoding || delimiter !== before.delimiter || headerLine !== before.headerLine;
    const reread = again ? await survey(deps, row.file_path, await measureFile(row.file_path).catch(gone), { encoding, delimiter, headerLine }) : null;
    const map = reread === null ? row.map : { reading: reread.looked };
    const { reading } = map as { readonly reading: Looked };
    const settings = reread === null ? next : { ...reread.settings, ...Object.fromEntries(Object.entries(edit).filter(([, value]) => value !== undefined)) };
    if (edit.columns !== undefined || edit.defaults !== undefined || edit.lists !== undefined || edit.newFields !== undefined)
      mapOf(settings, reading.header, (await deps.configs.get(deps.db)).config);
    const seen = reread?.survey ?? row.survey;
    await updateDraft(
      deps.db,
      row.id,
      { headerKey: headerKeyOf(reading.header), map, settings, survey: seen, history: settings.history },
      new Date(deps.now()),
    );
  });
}

/** Makes it run; answers whether it was this call that did. */
export async function startDraft(deps: Deps, id: string): Promise<boolean> {
  return transact(deps, async (deps) => {
    await lockImport(deps.db, id);
    const row = (await findImport(deps.db, id)) as ImportRow;
    if (["queued", "running", "done"].includes(row.state)) return false;
    if (row.state !== "draft") throw conflict(row.state, "started");
    const { reading } = row.map as { readonly reading: Looked };
    const { config } = await deps.configs.get(deps.db);
    const { map, placed, newFields } = mapOf(row.settings as Settings, reading.header, config);
    await stat(row.file_path).catch(gone);
    await queueDraft(deps.db, id, { map, reading: { ...reading, placed }, newFields }, new Date(deps.now()));
    return true;
  });
}

async function lockedDraft({ db }: Deps, id: string): Promise<ImportRow> {
  await lockImport(db, id);
  const row = (await findImport(db, id)) as ImportRow;
  if (row.state !== "draft") throw conflict(row.state, "changed");
  return row;
}

export function conflict(state: string, what: string): Problem {
  return new Problem(409, "conflict", `The import is ${state} and cannot be ${what} any more.`);
}

export function gone(): never {
  throw new Problem(409, "conflict", "The uploaded file does not lie on this server: it was removed, or uploaded to another one. Upload it again.");
}

const DAY_MS = 86_400_000;

/** Throws away drafts that nobody touched for a week, and files of uploads that never became one. */
export async function sweepUploads(house: House): Promise<void> {
  const workspaces = (await listWorkspaces(house.database.pool)).map(({ workspace_id }) => bindDb(house.database.pool, workspace_id));
  const now = new Date(house.now());
  for (const db of workspaces)
    for (const { id, file_path } of await listOldDrafts(db, new Date(house.now() - 7 * DAY_MS)))
      if (await moveImport(db, id, ["draft"], "cancelled", "Nobody started it within seven days.", now))
        await rm(path.dirname(file_path), { recursive: true, force: true });
  const root = path.join(house.dataDir, "imports");
  const folders = (await readdir(root).catch(() => [])).filter(isUuid);
  const known = new Set((await Promise.all(workspaces.map((db) => listKnownImports(db, folders)))).flat());
  for (const folder of folders) {
    if (known.has(folder)) continue;
    const { mtimeMs } = await stat(path.join(root, folder)).catch(() => ({ mtimeMs: Date.now() }));
    // An upload under way writes to it all the time; its row comes at the end.
    const files = await readdir(path.join(root, folder)).catch(() => []);
    const times = await Promise.all(
      files.map((file) =>
        stat(path.join(root, folder, file)).then(
          (at) => at.mtimeMs,
          () => 0,
        ),
      ),
    );
    if (Date.now() - Math.max(mtimeMs, ...times) > 3_600_000) await rm(path.join(root, folder), { recursive: true, force: true });
  }
}
