/** The file of an import: copied into the data folder, looked at, and read row by row in bounded memory. */
import { createReadStream } from "node:fs";
import { mkdir, open, rm, type FileHandle } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import path from "node:path";
import { createCsvReader, CSV_LIMITS, type CsvDialect, type CsvProblem } from "../../../core/import/csv.ts";
import { countUtf8, detectDialect, encodingFrom, encodingOf, findHeader, HEADER_WITHIN, isBlank, refuseBinary } from "../../../core/import/dialect.ts";
import { type ImportMap, type Placed, placeColumns } from "../../../core/import/import-map.ts";
import { invalid, Problem } from "../../problems.ts";

/** How the file is to be read. */
export type Reading = {
  readonly encoding: string;
  readonly dialect: CsvDialect;
  /** Physical line on which the column names stand. */
  readonly headerLine: number;
  readonly header: readonly string[];
  readonly placed: readonly Placed[];
};

/** A data row: `row` counts them from 0, `line` is its first physical line. */
export type FileRow = { readonly row: number; readonly line: number; readonly cells: readonly string[]; readonly problem: CsvProblem | null };

export const SOURCE = "source.csv";

export function importFolder(dataDir: string, importId: string): string {
  return path.join(dataDir, "imports", importId);
}

/** Copies the file, readable by nobody else, and finds out how to read it. On a refusal nothing stays behind. */
export async function takeFile(from: string, folder: string, map: ImportMap): Promise<Reading> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    const { sample, letters, broken, size } = await copyFile(from, path.join(folder, SOURCE));
    return await inspect(path.join(folder, SOURCE), sample, { letters, broken }, size, map);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw new Problem(503, "out-of-space", `There is no room for a copy of ${from} in ${folder}. Make room there and import the file again.`);
  }
}

const SAMPLE = 256 * 1024;

type Copied = { readonly sample: Uint8Array; readonly letters: number; readonly broken: number; readonly size: number };

async function copyFile(from: string, to: string): Promise<Copied> {
  const source = await openSource(from);
  const target = await open(to, "w", 0o600);
  try {
    let sample = Buffer.alloc(0);
    let size = 0;
    let letters = 0;
    let broken = 0;
    for await (const piece of source.createReadStream({ highWaterMark: 1 << 20, autoClose: false }) as AsyncIterable<Buffer>) {
      if (sample.length < SAMPLE) {
        sample = Buffer.concat([sample, piece.subarray(0, SAMPLE - sample.length)]);
        if (size === 0) refuse(refuseBinary(piece));
      }
      size += piece.length;
      // A sequence cut at the border of two pieces counts as broken; `inspect` looks again before it believes that.
      if (!isUtf8(piece)) {
        const counted = countUtf8(piece);
        letters += counted.letters;
        broken += counted.broken;
      } else letters += 1;
      await target.write(piece);
    }
    if (size === 0) refuse(refuseBinary(sample));
    await target.sync();
    return { sample, letters, broken, size };
  } finally {
    await target.close();
    await source.close();
  }
}

async function openSource(file: string): Promise<FileHandle> {
  try {
    const handle = await open(file, "r");
    if ((await handle.stat()).isFile()) return handle;
    await handle.close();
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    throw new Problem(404, "not-found", code === "ENOENT" ? `There is no file ${file}.` : `The file ${file} cannot be read: ${message}.`);
  }
  throw invalid(`${file} is not a file. Expected a CSV file.`);
}

function refuse(reason: string | null): void {
  if (reason !== null) throw invalid(reason);
}

async function inspect(
  file: string,
  sample: Uint8Array,
  census: { readonly letters: number; readonly broken: number },
  size: number,
  map: ImportMap,
): Promise<Reading> {
  const whole = census.broken === 0 || (await isWholeUtf8(file));
  const encoding = map.encoding ?? encodingOf(sample) ?? (whole ? "utf-8" : encodingFrom(census));
  const text = decoderFor(encoding).decode(sample, { stream: size > sample.length });
  const wanted = map.columns.map(({ column }) => column).filter((column) => !/^#\d+$/.test(column));
  const found = detectDialect(text, wanted);
  const dialect: CsvDialect = {
    ...found,
    ...(map.delimiter === null ? {} : { delimiter: map.delimiter }),
    ...(encoding === "utf-8" && !whole ? { replaced: true } : {}),
  };
  const reader = createCsvReader(dialect);
  const first = [...reader.push(text), ...(size <= sample.length ? reader.end() : [])]
    .filter((record) => !isBlank(record) && !isHint(record.cells))
    .slice(0, HEADER_WITHIN);
  if (first.length === 0) throw invalid("The file has no row of column names. Expected a CSV whose first row names the columns.");
  const header = first[findHeader(first, wanted)];
  if (header === undefined || header.problem !== null)
    throw invalid(`The row of column names (line ${header?.line ?? 1}) cannot be read: ${header?.problem?.reason ?? "it is missing"}.`);
  const { placed, mistakes } = placeColumns(header.cells, map);
  if (mistakes.length > 0) throw invalid(mistakes.join("\n"));
  return { encoding, dialect, headerLine: header.line, header: header.cells.map((cell) => cell.trim()), placed };
}

/** What looked broken may only have been cut at the border of two pieces: a strict reading of the whole file settles it. */
async function isWholeUtf8(file: string): Promise<boolean> {
  const decoder = new TextDecoder("utf-8", { fatal: true });
  try {
    for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) decoder.decode(piece, { stream: true });
    decoder.decode();
    return true;
  } catch (error) {
    if (error instanceof TypeError) return false;
    throw error;
  }
}

function decoderFor(encoding: string): TextDecoder {
  try {
    return new TextDecoder(encoding);
  } catch {
    throw invalid(`"encoding" is "${encoding}", which is not known. Expected a label such as utf-8, windows-1252, iso-8859-15, shift_jis or gb18030.`);
  }
}

/** The line "sep=;" by which Excel is told the delimiter. */
function isHint(cells: readonly string[]): boolean {
  return cells.length <= 2 && /^sep=.?$/i.test(cells.join("").trim());
}

/** The data rows, a piece of the file at a time. Rows above the header and blank rows are no data rows. */
export async function* readRows(file: string, reading: Pick<Reading, "encoding" | "dialect" | "headerLine" | "header">): AsyncGenerator<readonly FileRow[]> {
  const decoder = decoderFor(reading.encoding);
  const reader = createCsvReader(reading.dialect, CSV_LIMITS);
  let row = 0;
  const rowsOf = (records: ReturnType<typeof reader.push>): readonly FileRow[] => {
    const rows: FileRow[] = [];
    for (const record of records) {
      if (record.line <= reading.headerLine || isBlank(record)) continue;
      rows.push({ row: row++, line: record.line, cells: record.cells, problem: record.problem ?? tooWide(record.cells, reading.header.length) });
    }
    return rows;
  };
  for await (const piece of createReadStream(file, { highWaterMark: 128 * 1024 }) as AsyncIterable<Buffer>) {
    const rows = rowsOf(reader.push(decoder.decode(piece, { stream: true })));
    if (rows.length > 0) yield rows;
  }
  const last = [...reader.push(decoder.decode()), ...reader.end()];
  const rows = rowsOf(last);
  if (rows.length > 0) yield rows;
}

/** Missing cells are empty; surplus ones must be. */
function tooWide(cells: readonly string[], columns: number): CsvProblem | null {
  if (cells.length <= columns) return null;
  for (let i = columns; i < cells.length; i++) {
    if ((cells[i] as string).trim() !== "") return { column: null, reason: `the row has ${cells.length} cells, the file has ${columns} columns` };
  }
  return null;
}
