/**
 * Rows on their way through the door: gathered into chunks, handed in, and accounted for in the same transaction.
 *
 * Two chunks are under way at once, so that reading and reacting overlap with the database; but never two that speak of the
 * same person, because what a file says of somebody counts in its order.
 */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import type { Row } from "../../../core/import/row.ts";
import { type Db, transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import type { Item, Outcome } from "../../flow/item.ts";
import { rejectedRow, type RejectedRow } from "./error-file.ts";
import type { FileRow } from "./import-file.ts";
import { type Chunk as DoneChunk, type Counts, writeChunk } from "./imports.queries.ts";

/** Rows `first` up to, not including, `end`; each is either an item or rejected already. */
export type Chunk = {
  readonly first: number;
  readonly end: number;
  readonly entries: readonly Entry[];
  /** Identities the rows speak of. */
  readonly keys: ReadonlySet<string>;
};

type Entry = { readonly row: FileRow; readonly item: Item | null; readonly rejection: RejectedRow | null };

export type ChunkSettings = {
  readonly read: (cells: readonly string[], row: number) => Row;
  readonly newId: () => string;
  readonly importId: string;
  /** The column of the file that a path of a refusal speaks of; "" when none does. */
  readonly columnOf: (path: string) => string;
  readonly header: readonly string[];
  /** Rows that are done already, in order. */
  readonly done: readonly (readonly [number, number])[];
};

export type Chunks = { readonly settings: ChunkSettings; readonly all: AsyncGenerator<Chunk> };

/** The flow's batches are of this size; larger transactions would make live capture wait. */
const CHUNK = 500;

export function chunksOf(rows: AsyncGenerator<readonly FileRow[]>, settings: ChunkSettings): Chunks {
  return { settings, all: gather(rows, settings) };
}

async function* gather(rows: AsyncGenerator<readonly FileRow[]>, settings: ChunkSettings): AsyncGenerator<Chunk> {
  let entries: Entry[] = [];
  let keys = new Set<string>();
  let nextDone = 0;
  const flush = (): Chunk => {
    const chunk = { first: (entries[0] as Entry).row.row, end: (entries.at(-1) as Entry).row.row + 1, entries, keys };
    entries = [];
    keys = new Set();
    return chunk;
  };
  for await (const piece of rows) {
    for (const row of piece) {
      while (nextDone < settings.done.length && (settings.done[nextDone] as readonly [number, number])[1] <= row.row) nextDone++;
      const isDone = nextDone < settings.done.length && (settings.done[nextDone] as readonly [number, number])[0] <= row.row;
      if (entries.length > 0 && (isDone || entries.length === CHUNK)) yield flush();
      if (!isDone) entries.push(entryOf(row, settings, keys));
    }
  }
  if (entries.length > 0) yield flush();
}

function entryOf(row: FileRow, { read, newId, importId }: ChunkSettings, keys: Set<string>): Entry {
  const result = row.problem === null ? read(row.cells, row.row) : null;
  if (result === null) return { row, item: null, rejection: null };
  if (!result.ok) return { row, item: null, rejection: rejectedRow(row, result.column, result.reason) };
  for (const { kind, value } of result.keys) keys.add(`${kind} ${value}`);
  const item: Item = {
    inputId: newId(),
    actor: `import:${importId}`,
    bearer: null,
    input: result.input,
    target: { by: "keys", keys: result.keys, only: result.only },
    idempotency: null,
  };
  return { row, item, rejection: null };
}

/** Hands all chunks to the door. Whatever was handed in has been answered when this ends, well or badly. */
export async function runChunks(deps: Deps, chunks: Chunks, report: (rows: number) => void): Promise<void> {
  const underWay = new Map<Chunk, Promise<void>>();
  let rows = 0;
  try {
    for await (const chunk of chunks.all) {
      while (underWay.size >= 2 || [...underWay.keys()].some((other) => meet(other.keys, chunk.keys))) await Promise.race(underWay.values());
      const work = runChunk(deps, chunks.settings, chunk).then(() => {
        underWay.delete(chunk);
        rows += chunk.entries.length;
        report(rows);
      });
      work.catch(() => {});
      underWay.set(chunk, work);
    }
    await Promise.all(underWay.values());
  } finally {
    await Promise.allSettled(underWay.values());
  }
}

function meet(a: ReadonlySet<string>, b: ReadonlySet<string>): boolean {
  for (const key of a) if (b.has(key)) return true;
  return false;
}

async function runChunk(deps: Deps, settings: ChunkSettings, chunk: Chunk): Promise<void> {
  const items = itemsOf(chunk);
  if (items.length === 0) {
    await transact(deps, async ({ db }) => writeChunk(db, settings.importId, accountFor(settings, chunk, [], [])));
    return;
  }
  const alongside = (db: Db, outcomes: readonly Outcome[], items: readonly Item[]): void =>
    writeChunk(db, settings.importId, accountFor(settings, chunk, items, outcomes));
  await deps.door.submitMany(deps.db.workspaceId, items, { alongside });
}

function itemsOf({ entries }: Chunk): readonly Item[] {
  return entries.flatMap(({ item }) => (item === null ? [] : [item]));
}

/**
 * What became of a part of a chunk. The door may take a chunk apart; a part answers for its own rows and for the rejected
 * ones right before them, the last part also for those at the end, so that together they answer for every row once.
 */
function accountFor(settings: ChunkSettings, chunk: Chunk, items: readonly Item[], outcomes: readonly Outcome[]): DoneChunk {
  const all = chunk.entries;
  const placeOf = (item: Item | undefined): number => all.findIndex((entry) => entry.item === item && item !== undefined);
  const from = items.length === 0 ? 0 : all.slice(0, placeOf(items[0])).findLastIndex(({ item }) => item !== null) + 1;
  const last = items.length === 0 ? all.length - 1 : placeOf(items.at(-1));
  const to = all.slice(last + 1).some(({ item }) => item !== null) ? last + 1 : all.length;
  const counts = { created: 0, updated: 0, skipped: 0 };
  const leads = { updated: new Set<string>(), skipped: new Set<string>() };
  const rejections: RejectedRow[] = [];
  let next = 0;
  for (const entry of all.slice(from, to)) {
    const outcome = entry.item === null ? null : (outcomes[next++] as Outcome);
    const rejection = outcome === null ? rejectionOf(settings, entry) : count(counts, settings, entry, outcome);
    if (rejection !== null) rejections.push(rejection);
    if (outcome?.kind === "done" && outcome.outcome !== "created") leads[outcome.outcome === "updated" ? "updated" : "skipped"].add(outcome.lead.id);
  }
  const known = { updatedLeads: [...leads.updated], skippedLeads: [...leads.skipped] };
  return { firstRow: (all[from] as Entry).row.row, endRow: (all[to - 1] as Entry).row.row + 1, ...counts, rejections, ...known };
}

function rejectionOf({ header }: ChunkSettings, { row, rejection }: Entry): RejectedRow {
  if (rejection !== null) return rejection;
  const at = row.problem?.column ?? null;
  return rejectedRow(row, at === null ? "" : header[at] || `#${at + 1}`, row.problem?.reason ?? "the row cannot be read");
}

function count(
  counts: { created: number; updated: number; skipped: number },
  { columnOf }: ChunkSettings,
  { row }: Entry,
  outcome: Outcome,
): RejectedRow | null {
  if (outcome.kind === "held") return rejectedRow(row, "", `held: ${outcome.reason}`);
  if (outcome.kind === "refused") {
    const [error] = outcome.errors;
    const columns = outcome.errors.map(({ path }) => columnOf(path)).filter((name) => name !== "");
    return rejectedRow(
      row,
      columns[0] ?? "",
      error === undefined || columns.length > 0 ? outcome.detail : `${outcome.detail} (${error.path} ${error.message})`,
    );
  }
  if (outcome.outcome === "created") counts.created++;
  else if (outcome.outcome === "updated") counts.updated++;
  else counts.skipped++;
  return null;
}

/** What became of one row. */
export type RowFate = { readonly row: FileRow; readonly outcome: Outcome | null; readonly rejection: RejectedRow | null };

function tellFates({ entries }: Chunk, settings: ChunkSettings, outcomes: readonly Outcome[], tell: (fate: RowFate) => void): void {
  let next = 0;
  const nowhere = { created: 0, updated: 0, skipped: 0 };
  for (const entry of entries) {
    const outcome = entry.item === null ? null : (outcomes[next++] as Outcome);
    tell({ row: entry.row, outcome, rejection: outcome === null ? rejectionOf(settings, entry) : count(nowhere, settings, entry, outcome) });
  }
}

/** The run itself in one transaction that is rolled back: what it would do, exactly. */
export async function rehearse(
  deps: Deps,
  chunks: Chunks,
  config: CompiledConfig,
  reject: (rows: readonly RejectedRow[]) => Promise<void>,
  report: (rows: number) => void,
  tell: ((fate: RowFate) => void) | null = null,
): Promise<Counts> {
  const run = await deps.door.dryRun(deps.db.workspaceId, config);
  const counts = { rows: 0, created: 0, updated: 0, skipped: 0, rejected: 0 };
  try {
    for await (const chunk of chunks.all) {
      const items = itemsOf(chunk);
      const outcomes = items.length === 0 ? [] : await run.submitMany(items);
      const part = accountFor(chunks.settings, chunk, items, outcomes);
      if (tell !== null) tellFates(chunk, chunks.settings, outcomes, tell);
      await reject(part.rejections);
      counts.rows += chunk.entries.length;
      counts.created += part.created;
      counts.updated += part.updated;
      counts.skipped += part.skipped;
      counts.rejected += part.rejections.length;
      report(counts.rows);
    }
  } finally {
    await run.end();
  }
  return counts;
}
