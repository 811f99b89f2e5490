/** The wizard's steps after the draft: start, pause, go on, cancel, and the error file. */
import { createReadStream } from "node:fs";
import { Readable } from "node:stream";
import { csvLine, neutralise } from "../../../core/import/csv.ts";
import type { Deps } from "../../deps.ts";
import { notFound } from "../../problems.ts";
import { once, type Repeatable } from "../workspaces/once.service.ts";
import { conflict, discardDraft, startDraft, uploadDraft } from "./draft.service.ts";
import { errorLine } from "./error-file.ts";
import { importRow } from "./import-view.service.ts";
import type { Given } from "./imports.service.ts";
import { listRejections, moveImport } from "./imports.queries.ts";
import { type Runner, settle } from "./runner.service.ts";

/** A repeat with the same key answers the first one's draft. */
export async function upload(deps: Deps, bytes: AsyncIterable<Buffer>, name: string, idempotency: Repeatable): Promise<string> {
  const id = await uploadDraft(deps, bytes, name);
  if (idempotency === null) return id;
  const { kept } = await once(deps, idempotency, async () => ({ id }));
  if (kept.id !== id) await discardDraft(deps, id);
  return kept.id;
}

export async function start(deps: Deps, runner: Runner, id: string): Promise<void> {
  const row = await importRow(deps, id);
  if (await startDraft(deps, row.id)) runner.begin(deps, row.id);
  deps.live.topic(deps.db.workspaceId, "imports");
}

export async function pause(deps: Deps, runner: Runner, id: string): Promise<void> {
  const row = await importRow(deps, id);
  if (row.state === "paused") return;
  if (row.options.dryRun || !(await moveImport(deps.db, row.id, ["queued", "running"], "paused", null, new Date(deps.now()))))
    throw conflict(row.state, "paused");
  await runner.halt(row.id);
  deps.live.topic(deps.db.workspaceId, "imports");
}

export async function resume(deps: Deps, runner: Runner, id: string): Promise<void> {
  const row = await importRow(deps, id);
  if (row.state === "queued" || row.state === "running") return;
  if (!(await moveImport(deps.db, row.id, ["paused"], "queued", null, new Date(deps.now())))) throw conflict(row.state, "resumed");
  await runner.halt(row.id);
  runner.begin(deps, row.id);
}

export async function cancel(deps: Deps, runner: Runner, id: string): Promise<void> {
  const row = await importRow(deps, id);
  if (row.state === "cancelled") return;
  if (!(await moveImport(deps.db, row.id, ["draft", "queued", "running", "paused"], "cancelled", "It was cancelled.", new Date(deps.now()))))
    throw conflict(row.state, "cancelled");
  await runner.halt(row.id);
  await settle(deps, row.id);
  deps.live.topic(deps.db.workspaceId, "imports");
}

/** The rejected rows as CSV, a page of them at a time. */
export async function errorFile(deps: Deps, id: string): Promise<{ readonly name: string; readonly content: Readable }> {
  const row = await importRow(deps, id);
  const name = `${
    row.file_name
      .replace(/\.[^.]*$/, "")
      .replaceAll(/[^\p{L}\p{N} ._-]/gu, "_")
      .slice(0, 100) || "import"
  }-errors.csv`;
  if (row.options.dryRun) {
    if (row.error_file === null) throw notFound("error file of import", id);
    return { name, content: createReadStream(row.error_file) };
  }
  if ((row.counts?.rejected ?? 0) === 0 && (await listRejections(deps.db, row.id, -1, 1)).length === 0) throw notFound("error file of import", id);
  return { name, content: Readable.from(lines(deps, row.id, (row.map as Given).reading.header)) };
}

async function* lines({ db }: Deps, id: string, header: readonly string[]): AsyncGenerator<string> {
  yield `\uFEFF${csvLine([...header.map(neutralise), "line", "column", "reason"])}`;
  for (let after = -1; ;) {
    const page = await listRejections(db, id, after, 20);
    const last = page.at(-1);
    if (last === undefined) return;
    yield page.flatMap(({ rejections }) => rejections.map((rejection) => errorLine(rejection, header.length))).join("");
    after = last.firstRow;
  }
}
