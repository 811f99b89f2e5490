/** The error file: rejected rows as they stood in the file, with line, column and reason, ready to be mended and imported again. */
import { open, rename, type FileHandle } from "node:fs/promises";
import { csvLine, neutralise } from "../../../core/import/csv.ts";
import type { FileRow } from "./import-file.ts";

export const ERRORS = "errors.csv";

export type RejectedRow = { readonly line: number; readonly column: string; readonly reason: string; readonly cells: readonly string[] };

export type ErrorFile = { add(rows: readonly RejectedRow[]): Promise<void>; finish(): Promise<void>; abandon(): Promise<void> };

/** Writes beside `file` and takes its place when finished. */
export async function beginErrorFile(file: string, header: readonly string[]): Promise<ErrorFile> {
  const handle: FileHandle = await open(`${file}.tmp`, "w", 0o600);
  await handle.write(csvLine([...header.map(neutralise), "line", "column", "reason"]));
  return {
    async add(rows) {
      const text = rows.map((row) => errorLine(row, header.length)).join("");
      if (text !== "") await handle.write(text);
    },
    async finish() {
      await handle.sync();
      await handle.close();
      await rename(`${file}.tmp`, file);
    },
    abandon: () => handle.close(),
  };
}

export function errorLine({ line, column, reason, cells }: RejectedRow, columns: number): string {
  return csvLine([...fit(cells, columns).map(neutralise), String(line), neutralise(column), neutralise(reason)]);
}

/** As many cells as there are columns; what is too much goes into the last. */
function fit(cells: readonly string[], columns: number): readonly string[] {
  if (cells.length <= columns) return [...cells, ...Array.from({ length: columns - cells.length }, () => "")];
  return [...cells.slice(0, columns - 1), cells.slice(columns - 1).join(" | ")];
}

const CELL = 10_000;
const ROW = 100_000;

/** A row for the error file; what is very long is cut, and what no database can hold is shown as a sign. */
export function rejectedRow({ line, cells }: Pick<FileRow, "line" | "cells">, column: string, reason: string): RejectedRow {
  let room = ROW;
  const shown = cells.map((cell) => {
    const kept = cell.slice(0, Math.min(CELL, room));
    room -= kept.length;
    return (kept.length < cell.length ? `${kept}…` : kept).replaceAll("\0", "\u2400").toWellFormed();
  });
  return { line, column, reason, cells: shown };
}
