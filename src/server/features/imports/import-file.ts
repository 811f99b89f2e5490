/** The file of an import: copied into the data folder, looked at, and read row by row in bounded memory. */
import { createReadStream } from "node:fs";
import { mkdir, open, rm, statfs, type FileHandle } from "node:fs/promises";
import { isUtf8 } from "node:buffer";
import path from "node:path";
import { createCsvReader, CSV_LIMITS, type CsvDialect, type CsvProblem, type CsvRecord } from "../../../core/import/csv.ts";
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
  const source = await openSource(from);
  try {
    const measured = await storeFile(source.createReadStream({ highWaterMark: 1 << 20, autoClose: false }) as AsyncIterable<Buffer>, folder, from);
    return place(await look(path.join(folder, SOURCE), measured, hintsOf(map)), map);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  } finally {
    await source.close();
  }
}

const SAMPLE = 256 * 1024;
/** Left free for the database beside it. */
const RESERVE = 64 * 1024 * 1024;

/** What was seen of the bytes while they went by. */
export type Measured = { readonly sample: Uint8Array; readonly letters: number; readonly broken: number; readonly size: number };

/** Stores bytes as the file of an import. On a refusal or when they stop coming nothing stays behind. `called` names them in words. */
export async function storeFile(bytes: AsyncIterable<Buffer>, folder: string, called: string): Promise<Measured> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  try {
    return await copy(bytes, path.join(folder, SOURCE), folder, called);
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    const { code } = error as NodeJS.ErrnoException;
    if (code !== "ENOSPC" && code !== "EDQUOT") throw error;
    throw noRoom(called, folder);
  }
}

function noRoom(called: string, folder: string): Problem {
  return new Problem(503, "out-of-space", `There is no room for a copy of ${called} in ${folder}. Make room there and import the file again.`);
}

async function copy(bytes: AsyncIterable<Buffer>, to: string, folder: string, called: string): Promise<Measured> {
  const target = await open(to, "w", 0o600);
  const look = beginMeasure();
  let checkAt = 0;
  try {
    for await (const piece of bytes) {
      look.add(piece);
      if (look.size() >= checkAt) {
        if (!(await hasRoom(folder))) throw noRoom(called, folder);
        checkAt = look.size() + 32 * 1024 * 1024;
      }
      await target.write(piece);
    }
    const measured = look.end();
    await target.sync();
    return measured;
  } finally {
    await target.close();
  }
}

async function hasRoom(folder: string): Promise<boolean> {
  const { bsize, bavail } = await statfs(folder);
  return bsize * bavail > RESERVE;
}

/** The same of a file that is stored already. */
export async function measureFile(file: string): Promise<Measured> {
  const look = beginMeasure();
  for await (const piece of createReadStream(file, { highWaterMark: 1 << 20 }) as AsyncIterable<Buffer>) look.add(piece);
  return look.end();
}

function beginMeasure(): { readonly add: (piece: Buffer) => void; readonly size: () => number; readonly end: () => Measured } {
  let sample = Buffer.alloc(0);
  let [size, letters, broken] = [0, 0, 0];
  return {
    size: () => size,
    add(piece) {
      if (sample.length < SAMPLE) {
        const had = sample.length;
        sample = Buffer.concat([sample, piece.subarray(0, SAMPLE - sample.length)]);
        // A first piece may be of a few bytes; what the file is shows in its first kilobytes.
        if (had < 4096) refuse(refuseBinary(sample));
      }
      size += piece.length;
      // A sequence cut at the border of two pieces counts as broken; `look` looks again before it believes that.
      if (!isUtf8(piece)) {
        const counted = countUtf8(piece);
        letters += counted.letters;
        broken += counted.broken;
      } else letters += 1;
    },
    end() {
      if (size === 0) refuse(refuseBinary(sample));
      return { sample, letters, broken, size };
    },
  };
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

/** What a person or a mapping says about how to read the file, where detection errs. */
export type Hints = {
  readonly encoding: string | null;
  readonly delimiter: string | null;
  readonly headerLine: number | null;
  /** Column names that must be found; null: the header is where a table begins. */
  readonly wanted: readonly string[] | null;
};

export type Looked = Omit<Reading, "placed">;

function hintsOf({ encoding, delimiter, columns }: ImportMap): Hints {
  return { encoding, delimiter, headerLine: null, wanted: columns.map(({ column }) => column).filter((column) => !/^#\d+$/.test(column)) };
}

/** Finds encoding, dialect and header. @throws Problem when there is no table */
export async function look(file: string, { sample, letters, broken, size }: Measured, hints: Hints): Promise<Looked> {
  const whole = broken === 0 || (await isWholeUtf8(file));
  const encoding = hints.encoding ?? encodingOf(sample) ?? (whole ? "utf-8" : encodingFrom({ letters, broken }));
  const text = decoderFor(encoding).decode(sample, { stream: size > sample.length });
  const found = detectDialect(text, hints.wanted ?? []);
  const dialect: CsvDialect = {
    ...found,
    ...(hints.delimiter === null ? {} : { delimiter: hints.delimiter }),
    ...(encoding === "utf-8" && !whole ? { replaced: true } : {}),
  };
  const reader = createCsvReader(dialect);
  const first = [...reader.push(text), ...(size <= sample.length ? reader.end() : [])].filter((record) => !isBlank(record) && !isHint(record.cells));
  if (first.length === 0) throw invalid("The file has no row of column names. Expected a CSV whose first row names the columns.");
  const header = headerIn(first, hints);
  if (header === undefined || header.problem !== null)
    throw invalid(`The row of column names (line ${header?.line ?? hints.headerLine ?? 1}) cannot be read: ${header?.problem?.reason ?? "it is missing"}.`);
  return { encoding, dialect, headerLine: header.line, header: header.cells.map((cell) => cell.trim()) };
}

function headerIn(records: readonly CsvRecord[], { headerLine, wanted }: Hints): CsvRecord | undefined {
  if (headerLine !== null) return records.find(({ line }) => line === headerLine);
  const first = records.slice(0, HEADER_WITHIN);
  if (wanted !== null) return first[findHeader(first, wanted)];
  // Title lines stand above a table: its header is the first row about as wide as the rows below.
  const widths = records.slice(0, 200).map(({ cells, problem }) => (problem === null ? cells.filter((cell) => cell.trim() !== "").length : 0));
  const usual = widths.toSorted((a, b) => a - b)[Math.floor(widths.length / 2)] ?? 0;
  return first.find(({ problem }, i) => problem === null && (widths[i] ?? 0) >= usual * 0.7) ?? first[0];
}

function place(looked: Looked, map: ImportMap): Reading {
  const { placed, mistakes } = placeColumns(looked.header, map);
  if (mistakes.length > 0) throw invalid(mistakes.join("\n"));
  return { ...looked, placed };
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
