/** Files in words: how large they are, and why one that is no table of text cannot be read. */
import { counted, formatNumber, formatSpan } from "../../format/format.ts";

const SHEETS = /\.(?:xlsx|xls|xlsm|xlsb|ods|numbers)$/i;
const OTHERS = /\.(?:zip|gz|7z|rar|pdf|docx?|json|xml|png|jpe?g|vcf|html?)$/i;

/** Why the file will not do; null when it may. The server looks at what is in it in any case. */
export function notCsv(name: string): string | null {
  if (SHEETS.test(name))
    return `“${name}” is a spreadsheet. Open it there, choose File › Save as (or Download) and the kind CSV, one sheet at a time, and import that file.`;
  if (OTHERS.test(name)) return `“${name}” is no table of text. Baton reads CSV: one lead a row, the columns separated by commas, semicolons or tabs.`;
  return null;
}

export function sizeWords(bytes: number): string {
  const units = ["bytes", "kB", "MB", "GB"] as const;
  const at = bytes < 1000 ? 0 : bytes < 1e6 ? 1 : bytes < 1e9 ? 2 : 3;
  const value = bytes / 1000 ** at;
  return `${formatNumber(value < 10 && at > 0 ? Math.round(value * 10) / 10 : Math.round(value))} ${units[at]}`;
}

/** How many rows a file has, rounded where it is only an estimate. */
export function rowWords({ rows, exact }: { readonly rows: number; readonly exact: boolean }): string {
  const step = 10 ** Math.max(0, Math.floor(Math.log10(Math.max(1, rows))) - 1);
  return exact ? counted(rows, "row") : `about ${counted(Math.round(rows / step) * step, "row")}`;
}

/** "27 s", "4 m": as exact as anybody asks. */
export function tookWords(ms: number): string {
  return ms < 60_000 ? `${formatNumber(Math.max(1, Math.round(ms / 1000)))} s` : formatSpan(ms);
}

const DELIMITERS: Readonly<Record<string, string>> = { ",": "Comma", ";": "Semicolon", "\t": "Tab", "|": "Vertical bar" };

export function delimiterWord(delimiter: string): string {
  return DELIMITERS[delimiter] ?? `“${delimiter}”`;
}
