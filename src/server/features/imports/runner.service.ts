/**
 * Imports that run in the background of this process, started by a wizard. Pausing and cancelling is a state in the
 * database, so that any process may ask for it; whoever runs the import looks twice a second.
 */
import { rm } from "node:fs/promises";
import path from "node:path";
import type { Deps } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { type Progress, runImport } from "./imports.service.ts";
import { countChunks, findImport, getImportState, saveCounts } from "./imports.queries.ts";

export type Pace = Progress & { readonly perSecond: number | null };

export type Runner = {
  /** Begins, unless it runs here already. */
  begin(deps: Deps, id: string): void;
  /** Stops it between two chunks, if it runs here; answers when it has. */
  halt(id: string): Promise<void>;
  paceOf(id: string): Pace | null;
  /** Stops all; they go on at the next start. */
  close(): Promise<void>;
};

const LOOK_MS = 500;
const TELL_MS = 1000;

type Running = { readonly stop: AbortController; readonly since: number; firstRows: number | null; progress: Progress | null; done: Promise<void> };

export function openRunner(): Runner {
  const running = new Map<string, Running>();
  let closed = false;
  return {
    begin(deps, id) {
      if (closed || running.has(id)) return;
      const mine: Running = { stop: new AbortController(), since: performance.now(), firstRows: null, progress: null, done: Promise.resolve() };
      running.set(id, mine);
      mine.done = run(deps, id, mine).finally(() => running.delete(id));
    },
    async halt(id) {
      const mine = running.get(id);
      mine?.stop.abort();
      await mine?.done;
    },
    paceOf(id) {
      const mine = running.get(id);
      if (mine === undefined || mine.progress === null) return null;
      const seconds = (performance.now() - mine.since) / 1000;
      const done = mine.progress.rows - (mine.firstRows ?? 0);
      return { ...mine.progress, perSecond: mine.progress.phase === "importing" && seconds > 0.5 ? Math.round(done / seconds) : null };
    },
    async close() {
      closed = true;
      for (const { stop } of running.values()) stop.abort();
      await Promise.allSettled([...running.values()].map(({ done }) => done));
    },
  };
}

/** Never fails: what went wrong stands in the import. */
async function run(deps: Deps, id: string, mine: Running): Promise<void> {
  const { live, db } = deps;
  let toldAt = 0;
  const look = setInterval(() => {
    void getImportState(db, id).then(
      (state) => {
        if (state === "paused" || state === "cancelled") mine.stop.abort();
      },
      () => {},
    );
  }, LOOK_MS);
  try {
    await runImport(deps, id, {
      signal: mine.stop.signal,
      onProgress: (progress) => {
        if (progress.phase === "importing") mine.firstRows ??= progress.rows;
        mine.progress = progress;
        if (performance.now() - toldAt < TELL_MS) return;
        toldAt = performance.now();
        live.topic(db.workspaceId, "imports");
      },
    });
  } catch (error) {
    if (!(error instanceof Problem)) deps.log.error({ err: error, import: id }, "import not finished; it goes on at the next start");
  } finally {
    clearInterval(look);
    await settle(deps, id).catch((error: unknown) => deps.log.warn({ err: error, import: id }, "the end of an import was not tidied up"));
    live.topic(db.workspaceId, "imports");
  }
}

/** A cancelled import keeps what was done, and its counts; its file goes. */
export async function settle({ db }: Deps, id: string): Promise<void> {
  const row = await findImport(db, id);
  if (row?.state !== "cancelled") return;
  await saveCounts(db, id, await countChunks(db, id));
  await rm(path.dirname(row.file_path), { recursive: true, force: true });
}
