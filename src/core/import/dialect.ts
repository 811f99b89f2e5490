/**
 * What kind of file this is: refuses what is no text in words, finds encoding, delimiter and quote, and the header row.
 *
 * Whether text is UTF-8 cannot be told from the first bytes alone: `Utf8Census` counts over the whole file. A file that is
 * almost all good UTF-8 stays UTF-8, and the few rows with broken bytes are rejected one by one.
 */
import { readCell, type CsvDialect, createCsvReader, type CsvRecord } from "./csv.ts";

/** Why a file cannot be a CSV, in words; null when it may be one. */
export function refuseBinary(sample: Uint8Array): string | null {
  if (sample.length === 0) return "The file is empty. Expected a CSV with a row of column names and rows below it.";
  const found = MAGIC.find(([bytes]) => bytes.every((byte, i) => sample[i] === byte));
  if (found !== undefined) return refusal(found[1] === "zip" ? zipKind(sample) : found[1]);
  const head = latin(sample.subarray(0, 400))
    .replace(/^\u00ef\u00bb\u00bf/, "")
    .trimStart();
  if (/^(?:<!doctype html|<html|<head|<table)/i.test(head)) return refusal("a web page (HTML)");
  if (/^<\?xml/i.test(head)) return refusal("an XML file");
  if (/^\{\\rtf/.test(head)) return refusal("an RTF document");
  if (/^(?:\{\s*"|\[\s*\{\s*")/.test(head)) return refusal("a JSON file");
  if (utf16Of(sample) === null && looksBinary(sample)) return refusal("a binary file, not text");
  return null;
}

function refusal(kind: string): string {
  return `This is ${kind}, whatever its name says. Expected a CSV: save or export the table as "CSV (comma delimited)" or "CSV UTF-8" and import that file.`;
}

const ascii = (text: string): readonly number[] => Array.from(text, (letter) => letter.charCodeAt(0));

const MAGIC: readonly (readonly [readonly number[], string])[] = [
  [[0x50, 0x4b, 3, 4], "zip"],
  [[0x50, 0x4b, 5, 6], "an empty ZIP archive"],
  [ascii("%PDF"), "a PDF document"],
  [[0xd0, 0xcf, 0x11, 0xe0], "an old Office document, such as an Excel workbook (XLS)"],
  [[0x1f, 0x8b], "a gzip archive"],
  [ascii("7z\u00bc\u00af"), "a 7-Zip archive"],
  [ascii("Rar!"), "a RAR archive"],
  [ascii("BZh"), "a bzip2 archive"],
  [[0xfd, 0x37, 0x7a, 0x58, 0x5a], "an xz archive"],
  [[0x89, 0x50, 0x4e, 0x47], "a picture (PNG)"],
  [[0xff, 0xd8, 0xff], "a picture (JPEG)"],
  [ascii("GIF8"), "a picture (GIF)"],
  [ascii("SQLite format 3"), "an SQLite database"],
  [ascii("PAR1"), "a Parquet file"],
  [[0x7f, 0x45, 0x4c, 0x46], "a program"],
  [[0xff, 0xfe, 0, 0], "text in UTF-32, which is not read"],
  [[0, 0, 0xfe, 0xff], "text in UTF-32, which is not read"],
];

function zipKind(sample: Uint8Array): string {
  const text = latin(sample);
  if (text.includes("vnd.oasis.opendocument.spreadsheet")) return "an OpenDocument spreadsheet (ODS)";
  if (text.includes("xl/") || text.includes("[Content_Types].xml")) return "an Excel workbook (XLSX)";
  return "a ZIP archive";
}

function latin(bytes: Uint8Array): string {
  let text = "";
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
}

/** More than every tenth byte is a control character that no text has. A stray NUL does not make a file binary: its row is rejected. */
function looksBinary(sample: Uint8Array): boolean {
  let controls = 0;
  for (const byte of sample) if (byte < 9 || (byte > 13 && byte < 32 && byte !== 27) || byte === 127) controls++;
  return controls > 8 && controls > sample.length / 10;
}

/** The encoding the first bytes tell; null when it is a matter of counting (UTF-8 or a legacy code page). */
export function encodingOf(sample: Uint8Array): "utf-8" | "utf-16le" | "utf-16be" | null {
  if (sample[0] === 0xef && sample[1] === 0xbb && sample[2] === 0xbf) return "utf-8";
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le";
  if (sample[0] === 0xfe && sample[1] === 0xff) return "utf-16be";
  return utf16Of(sample);
}

/** UTF-16 without a mark: nearly every second byte of a table is zero, and always the same half. */
function utf16Of(sample: Uint8Array): "utf-16le" | "utf-16be" | null {
  if (sample[0] === 0xff && sample[1] === 0xfe) return "utf-16le";
  if (sample[0] === 0xfe && sample[1] === 0xff) return "utf-16be";
  const pairs = Math.floor(sample.length / 2);
  if (pairs < 2) return null;
  let even = 0;
  let odd = 0;
  for (let i = 0; i < pairs * 2; i += 2) {
    if (sample[i] === 0) even++;
    if (sample[i + 1] === 0) odd++;
  }
  if (odd > pairs * 0.4 && even < pairs * 0.05) return "utf-16le";
  if (even > pairs * 0.4 && odd < pairs * 0.05) return "utf-16be";
  return null;
}

/** What the bytes above 127 of a whole file are. */
export type Utf8Census = { readonly letters: number; readonly broken: number };

/** Counts well-formed and broken sequences; one that is cut at the end of the bytes is broken. */
export function countUtf8(bytes: Uint8Array): Utf8Census {
  let letters = 0;
  let broken = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (byte < 128) continue;
    const more = byte >= 0xc2 && byte < 0xe0 ? 1 : byte >= 0xe0 && byte < 0xf0 ? 2 : byte >= 0xf0 && byte < 0xf5 ? 3 : 0;
    let good = more > 0;
    for (let k = 1; good && k <= more; k++) {
      const next = bytes[i + k];
      good = next !== undefined && (next & 0xc0) === 0x80;
    }
    if (good) {
      letters++;
      i += more;
    } else broken++;
  }
  return { letters, broken };
}

/** UTF-8 with up to one broken sequence for ten good ones, otherwise the code page of Western Windows, of which Latin-1 is a part. */
export function encodingFrom(census: Utf8Census): "utf-8" | "windows-1252" {
  return census.broken * 10 <= census.letters ? "utf-8" : "windows-1252";
}

const DELIMITERS = [",", ";", "\t", "|"] as const;

/** Finds delimiter and quote from the beginning of the file; `wanted` are column names that must be found, if any are known. */
export function detectDialect(sample: string, wanted: readonly string[] = []): CsvDialect {
  const quote = sample.includes('"') || !/(?:^|[,;\t|\n])'[^'\n]*'(?=[,;\t|\r\n])/.test(sample) ? '"' : "'";
  const backslash = new RegExp(`[^\\\\,;\\t|\\r\\n${quote}]\\\\${quote}[^,;\\t|\\r\\n]`).test(sample);
  const hint = /^sep=([,;\t|])\r?\n/i.exec(sample)?.[1];
  const dialects = (hint === undefined ? DELIMITERS : [hint]).map((delimiter): CsvDialect => ({ delimiter, quote, backslash }));
  let best = dialects[0] as CsvDialect;
  let most = -1;
  for (const dialect of dialects) {
    const points = fitness(sampleRecords(sample, dialect), wanted);
    if (points > most) [best, most] = [dialect, points];
  }
  return best;
}

function fitness(records: readonly CsvRecord[], wanted: readonly string[]): number {
  if (records.length === 0) return 0;
  const widths = new Map<number, number>();
  for (const { cells, problem } of records) if (problem === null) widths.set(cells.length, (widths.get(cells.length) ?? 0) + 1);
  const [width, rows] = [...widths].toSorted((a, b) => b[1] - a[1] || b[0] - a[0])[0] ?? [1, 0];
  const named = Math.max(0, ...records.slice(0, HEADER_WITHIN).map(({ cells }) => countNamed(cells, wanted)));
  return named * 1000 + (width > 1 ? (rows / records.length) * 100 + Math.min(width, 50) / 10 : 0);
}

function countNamed(cells: readonly string[], wanted: readonly string[]): number {
  if (wanted.length === 0) return 0;
  const names = new Set(cells.map(columnKey));
  return wanted.filter((name) => names.has(columnKey(name))).length;
}

/** Column names meet trimmed and without case. */
export function columnKey(name: string): string {
  return readCell(name).toLowerCase();
}

function sampleRecords(sample: string, dialect: CsvDialect): readonly CsvRecord[] {
  const reader = createCsvReader(dialect);
  const records = [...reader.push(sample)];
  if (records.length < 2) records.push(...reader.end());
  return records.filter((record) => !isBlank(record)).slice(0, 100);
}

export function isBlank(record: CsvRecord): boolean {
  if (record.problem !== null) return false;
  const { cells } = record;
  for (let i = 0; i < cells.length; i++) if ((cells[i] as string).trim() !== "") return false;
  return true;
}

/** Reports often begin with title lines: the header may be anywhere in so many rows. */
export const HEADER_WITHIN = 20;

/** Which of the first rows holds the column names: the first one that has all that are wanted, otherwise the first. */
export function findHeader(records: readonly CsvRecord[], wanted: readonly string[]): number {
  const at = records.findIndex(({ cells, problem }) => problem === null && countNamed(cells, wanted) === wanted.length);
  return Math.max(0, at);
}
