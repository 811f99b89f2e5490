/** Imports as people see them: where they stand, how fast they go, who began them. */
import type { Deps } from "../../deps.ts";
import { invalid, notFound } from "../../problems.ts";
import { leadName } from "../../../core/profile/lead-name.ts";
import { sightOf } from "../access/access.service.ts";
import { idOf } from "../leads/write.service.ts";
import { actorNames } from "../held/actor-names.service.ts";
import type { Survey } from "./draft.service.ts";
import { type ImportOutcome, keptLeads, listImportLeads, type Place } from "./import-leads.queries.ts";
import { countChunks, type Counts, findImport, type ImportRow, listImportRows } from "./imports.queries.ts";
import type { Pace, Runner } from "./runner.service.ts";
import type { Settings } from "./settings.ts";

export async function importRow({ db }: Pick<Deps, "db">, id: string): Promise<ImportRow> {
  const row = await findImport(db, idOf("import", id));
  if (row === null) throw notFound("import", id);
  return row;
}

export async function showImport(deps: Deps, runner: Runner, id: string) {
  const row = await importRow(deps, id);
  const { settings, survey } = row as { readonly settings: Settings | null; readonly survey: Survey | null };
  const names = await actorNames(deps, [row.created_by]);
  const summary = await summaryOf(deps, runner, row, names);
  return { ...summary, settings: settings ?? null, survey: row.state === "draft" ? (survey ?? null) : null };
}

const PAGE = 50;

export async function listImports(
  deps: Deps,
  runner: Runner,
  { limit = PAGE, cursor }: { readonly limit?: number | undefined; readonly cursor?: string | undefined },
) {
  const rows = await listImportRows(deps.db, afterOf(cursor), limit + 1);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  const names = await actorNames(
    deps,
    page.map(({ created_by }) => created_by),
  );
  const items = await Promise.all(page.map((row) => summaryOf(deps, runner, row, names)));
  const nextCursor = rows.length > limit && last !== undefined ? Buffer.from(`${last.created_at.toISOString()} ${last.id}`).toString("base64url") : null;
  return { items, nextCursor };
}

/** Leads behind the numbers "updated" and "unchanged"; those behind "created" are found by the filter `import`. */
export async function importLeads(
  deps: Deps,
  text: string,
  { outcome, limit, cursor }: { readonly outcome: ImportOutcome; readonly limit: number; readonly cursor?: string | undefined },
) {
  const { id } = await importRow(deps, text);
  const asked = { outcome, after: placeOf(cursor), limit: limit + 1, sight: await sightOf(deps) };
  const [rows, kept, config] = await Promise.all([listImportLeads(deps.db, id, asked), keptLeads(deps.db, id), deps.configs.get(deps.db)]);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return {
    items: page.map((lead) => ({ id: lead.id, name: leadName(lead), company: lead.company, stage: config.stages.get(lead.stage)?.label ?? lead.stage })),
    nextCursor: rows.length > limit && last !== undefined ? `${last.row}.${last.place}` : null,
    kept,
  };
}

function placeOf(cursor: string | undefined): Place {
  if (cursor === undefined) return { row: -1, place: 0 };
  const [, row, place] = /^(\d{1,9})\.(\d{1,6})$/.exec(cursor) ?? [];
  if (row === undefined || place === undefined)
    throw invalid("The cursor is not one this list gave out.", [{ path: "cursor", message: "start again without a cursor" }]);
  return { row: Number(row), place: Number(place) };
}

/** Of the latest imports, for whoever filters leads by the import they came with. */
export async function importNames({ db }: Pick<Deps, "db">): Promise<readonly { readonly id: string; readonly name: string }[]> {
  const rows = await listImportRows(db, null, 100);
  return rows
    .filter(({ state }) => state !== "draft")
    .map(({ id, file_name, created_at }) => ({ id, name: `${file_name}, ${created_at.toISOString().slice(0, 10)}` }));
}

function afterOf(cursor: string | undefined): { readonly at: Date; readonly id: string } | null {
  if (cursor === undefined) return null;
  const [at = "", id = ""] = Buffer.from(cursor, "base64url").toString().split(" ");
  if (!/^[0-9a-f-]{36}$/.test(id) || Number.isNaN(Date.parse(at)))
    throw invalid("The cursor is not one this list gave out.", [{ path: "cursor", message: "start again without a cursor" }]);
  return { at: new Date(at), id };
}

const NOTHING: Counts = { rows: 0, created: 0, updated: 0, skipped: 0, rejected: 0 };

async function summaryOf({ db }: Deps, runner: Runner, row: ImportRow, names: ReadonlyMap<string, string>) {
  const isUnderWay = ["queued", "running", "paused"].includes(row.state);
  const counts = row.counts ?? (isUnderWay && !row.options.dryRun ? await countChunks(db, row.id) : NOTHING);
  return {
    id: row.id,
    state: row.state,
    name: row.file_name,
    size: row.size,
    history: row.options.history,
    dryRun: row.options.dryRun,
    by: { actor: row.created_by, name: names.get(row.created_by) ?? null },
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    progress: progressOf(row, counts, runner.paceOf(row.id)),
    counts,
    reason: row.reason,
    hasErrorFile: counts.rejected > 0 && !isUnderWay,
  };
}

function progressOf(row: ImportRow, counts: Counts, pace: Pace | null) {
  const total = (row.plan as { readonly rows?: number } | null)?.rows ?? (row.survey as { readonly rows?: number } | null)?.rows ?? null;
  const done = pace?.phase === "reading" ? 0 : Math.max(counts.rows, pace?.rows ?? 0);
  const perSecond = pace?.perSecond ?? null;
  const secondsLeft = perSecond === null || perSecond === 0 || total === null ? null : Math.max(0, Math.round((total - done) / perSecond));
  return { phase: pace?.phase ?? null, done, total, perSecond, secondsLeft };
}
