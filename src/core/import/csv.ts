/**
 * Reads CSV from pieces of text, whatever their size, and says for every row on which physical line it began.
 *
 * A row that cannot be read is never allowed to swallow its neighbours: a quote that is not closed, or closed in the wrong
 * place, costs its first physical line, which is handed out with the reason, and reading goes on with the next line.
 * Nothing is kept but the row in hand, and that is bounded.
 */

export type CsvDialect = {
  readonly delimiter: string;
  readonly quote: '"' | "'";
  /** A quote inside a quoted cell is written `\"` as well as doubled. */
  readonly backslash: boolean;
  /** The decoder met bytes that are no text in the file's encoding and put U+FFFD in their place: rows that show it are rejected. */
  readonly replaced?: boolean | undefined;
};

export type CsvRecord = {
  /** Physical line of the row's first character, from 1. */
  readonly line: number;
  /** As they stand in the file, not trimmed. Of a row that cannot be read: its text as one cell. */
  readonly cells: readonly string[];
  /** Why the row cannot be read; null when it can. */
  readonly problem: CsvProblem | null;
};

export type CsvProblem = { readonly column: number | null; readonly reason: string };

export type CsvReader = {
  push(text: string): readonly CsvRecord[];
  /** The rest, when no more text comes. */
  end(): readonly CsvRecord[];
};

export type CsvLimits = { readonly cell: number; readonly row: number; readonly columns: number };

/** In UTF-16 units; far above what people mean by a cell, a row, a table. */
export const CSV_LIMITS: CsvLimits = { cell: 1_000_000, row: 10_000_000, columns: 10_000 };

/** How much of a row that cannot be read is shown. */
const SHOWN = 10_000;

/** Rows without any character are passed over, and so are blank cells' rows by whoever reads on; a row of delimiters is handed out. */
export function createCsvReader(dialect: CsvDialect, limits: CsvLimits = CSV_LIMITS): CsvReader {
  const { delimiter, quote, backslash } = dialect;
  let text = "";
  let pos = 0;
  let line = 1;
  /** A row longer than the limit is being passed over up to its line end. */
  let passing = false;
  /** Do not look again at an unfinished row before there is so much text: keeps a row that comes in many pieces linear. */
  let lookAgainAt = 0;
  let waiting: string[] = [];
  let waitingLength = 0;
  let nextLf = -1;
  let nextCr = -1;
  let nextQuote = -1;
  let out: CsvRecord[] = [];
  /** The text in hand has characters that a database cannot hold; looked for once a piece, because it is rare. */
  let suspicious = false;

  const find = (what: string, from: number): number => {
    const at = text.indexOf(what, from);
    return at === -1 ? Infinity : at;
  };

  /** First line end at or after `from`, which never goes back behind `pos`. */
  const lineEnd = (from: number): number => {
    if (nextLf < from) nextLf = find("\n", from);
    if (nextCr < from) nextCr = find("\r", from);
    return Math.min(nextLf, nextCr);
  };

  const afterLineEnd = (end: number): number => (text[end] === "\r" && text[end + 1] === "\n" ? end + 2 : end + 1);

  const forgetPlaces = (): void => {
    nextLf = nextCr = nextQuote = -1;
  };

  const emit = (cells: readonly string[], problem: CsvProblem | null): void => {
    out.push({ line, cells, problem });
  };

  const tooLong = (raw: string): void =>
    emit([raw.slice(0, SHOWN)], { column: null, reason: `the row is longer than ${limits.row.toLocaleString("en")} characters; nothing of it was imported` });

  const check = (cells: readonly string[], length: number): void => {
    if (cells.length > limits.columns)
      return emit([cells.slice(0, 100).join(delimiter)], {
        column: null,
        reason: `the row has ${cells.length} cells, more than the ${limits.columns} allowed`,
      });
    if (length > limits.cell) {
      const large = cells.findIndex((cell) => cell.length > limits.cell);
      if (large !== -1)
        return emit(
          cells.map((cell) => cell.slice(0, SHOWN)),
          { column: large, reason: `the cell is longer than ${limits.cell.toLocaleString("en")} characters` },
        );
    }
    emit(cells, suspicious ? unstorable(cells, dialect.replaced === true) : null);
  };

  /** Gives up the first physical line of the row at `pos` and reads on behind it. False: its end has not come yet. */
  const giveUpLine = (reason: string, column: number, final: boolean): boolean => {
    forgetPlaces();
    const end = lineEnd(pos);
    if (end === Infinity && !final) {
      if (text.length - pos <= limits.row) return false;
      tooLong(text.slice(pos, pos + SHOWN));
      text = "";
      pos = 0;
      passing = true;
      return true;
    }
    emit([text.slice(pos, Math.min(end, pos + SHOWN))], { column, reason });
    pos = end === Infinity ? text.length : afterLineEnd(end);
    line++;
    return true;
  };

  /** A row with a quote somewhere in its first line. False: more text is needed. */
  const readQuotedRow = (final: boolean): boolean => {
    const cells: string[] = [];
    let at = pos;
    for (;;) {
      let start = at;
      while (text[start] === " " || (text[start] === "\t" && delimiter !== "\t")) start++;
      if (text[start] !== quote) {
        const end = Math.min(find(delimiter, at), lineEnd(at));
        if (end === Infinity) {
          if (!final) return false;
          cells.push(text.slice(at));
          return finishRow(cells, text.length);
        }
        cells.push(text.slice(at, end));
        if (text[end] !== delimiter) return end === text.length - 1 && text[end] === "\r" && !final ? false : finishRow(cells, end);
        at = end + 1;
      } else {
        const cell = readQuotedCell(start, final);
        if (cell === null) return text.length - pos > limits.row ? giveUpLine(UNCLOSED, cells.length, final) : false;
        if (typeof cell === "string") return giveUpLine(cell, cells.length, final);
        cells.push(cell.text);
        const after = text[cell.end];
        if (after === undefined) return final ? finishRow(cells, text.length) : false;
        if (after !== delimiter) return cell.end === text.length - 1 && after === "\r" && !final ? false : finishRow(cells, cell.end);
        at = cell.end + 1;
      }
      if (cells.length > limits.columns * 2) return giveUpLine(`the row has more than ${limits.columns} cells`, limits.columns, final);
    }
  };

  /** The cell and the place of what follows it; null: more text is needed; text: why it cannot be read. */
  const readQuotedCell = (open: number, final: boolean): { readonly text: string; readonly end: number } | string | null => {
    let from = open + 1;
    let doubled = false;
    for (;;) {
      const close = text.indexOf(quote, from);
      if (close === -1 || close - open > limits.cell) return final || text.length - open > limits.cell ? UNCLOSED : null;
      if (backslash && isEscaped(close, open)) {
        doubled = true;
        from = close + 1;
        continue;
      }
      if (close + 1 === text.length && !final) return null;
      if (text[close + 1] === quote) {
        doubled = true;
        from = close + 2;
        continue;
      }
      let end = close + 1;
      while (text[end] === " " || (text[end] === "\t" && delimiter !== "\t")) end++;
      if (end === text.length && !final) return null;
      if (end < text.length && text[end] !== delimiter && text[end] !== "\n" && text[end] !== "\r") {
        if (/[\r\n]/.test(text.slice(open, close))) return UNCLOSED;
        return `after the closing quote stands ${JSON.stringify(/^[^\r\n]{0,12}/.exec(text.slice(end, end + 12))?.[0])}; a quote inside a quoted cell must be doubled`;
      }
      const raw = text.slice(open + 1, close);
      return { text: doubled ? unescape(raw) : raw, end };
    }
  };

  const isEscaped = (at: number, open: number): boolean => {
    let slashes = 0;
    while (at - 1 - slashes > open && text[at - 1 - slashes] === "\\") slashes++;
    return slashes % 2 === 1;
  };

  const unescape = (raw: string): string => {
    const plain = raw.replaceAll(quote + quote, quote);
    return backslash ? plain.replaceAll(/\\([\\"'])/g, "$1") : plain;
  };

  const finishRow = (cells: readonly string[], end: number): boolean => {
    const raw = text.slice(pos, end);
    check(cells, raw.length);
    line += 1 + countLineEnds(raw);
    pos = end === text.length ? end : afterLineEnd(end);
    return true;
  };

  const readRows = (final: boolean): void => {
    while (pos < text.length) {
      const end = lineEnd(pos);
      const cut = end === Infinity || (end === text.length - 1 && text[end] === "\r");
      if (nextQuote < pos) nextQuote = find(quote, pos);
      if (nextQuote < end) {
        if (!readQuotedRow(final)) return;
        continue;
      }
      if (cut && !final) {
        if (end === Infinity && text.length - pos > limits.row) {
          tooLong(text.slice(pos, pos + SHOWN));
          text = "";
          pos = 0;
          passing = true;
        }
        return;
      }
      const stop = end === Infinity ? text.length : end;
      if (stop > pos) {
        const row = text.slice(pos, stop);
        if (row.length > limits.row) tooLong(row);
        else check(row.split(delimiter), row.length);
      }
      line++;
      pos = end === Infinity ? text.length : afterLineEnd(end);
    }
  };

  const take = (piece: string, final: boolean): readonly CsvRecord[] => {
    out = [];
    waiting.push(piece);
    waitingLength += piece.length;
    const left = text.length - pos;
    if (!final && left + waitingLength < lookAgainAt) return out;
    const fresh = waiting.length === 1 ? piece : waiting.join("");
    waiting = [];
    waitingLength = 0;
    suspicious = isSuspicious(fresh, dialect.replaced === true) || (suspicious && left > 0);
    text = left === 0 ? fresh : text.slice(pos) + fresh;
    pos = 0;
    forgetPlaces();
    if (passing) {
      const end = lineEnd(0);
      if (end === Infinity || (end === text.length - 1 && text[end] === "\r" && !final)) {
        text = end === Infinity ? "" : text.slice(end);
        return out;
      }
      pos = afterLineEnd(end);
      line++;
      passing = false;
    }
    readRows(final);
    lookAgainAt = text.length - pos > 100_000 ? (text.length - pos) * 2 : 0;
    return out;
  };

  return { push: (piece) => (piece === "" ? [] : take(piece, false)), end: () => take("", true) };
}

const UNCLOSED = "a quote opens here and is not closed, or not within a million characters";

function unstorable(cells: readonly string[], replaced: boolean): CsvProblem | null {
  for (let column = 0; column < cells.length; column++) {
    const cell = cells[column] as string;
    if (cell.includes("\0")) return { column, reason: "the cell holds a NUL character, which no text may hold" };
    if (!cell.isWellFormed()) return { column, reason: "the cell holds half a character (a lone surrogate)" };
    if (replaced && cell.includes("\ufffd")) return { column, reason: "the cell holds bytes that are not UTF-8, unlike the rest of the file" };
  }
  return null;
}

function isSuspicious(text: string, replaced: boolean): boolean {
  return text.includes("\0") || !text.isWellFormed() || (replaced && text.includes("\ufffd"));
}

function countLineEnds(text: string): number {
  let count = 0;
  for (let at = text.indexOf("\n"); at !== -1; at = text.indexOf("\n", at + 1)) count++;
  for (let at = text.indexOf("\r"); at !== -1; at = text.indexOf("\r", at + 1)) if (text[at + 1] !== "\n") count++;
  return count;
}

/** One row as CSV text, cells quoted where they must be. */
export function csvLine(cells: readonly string[]): string {
  return `${cells.map((cell) => (/[",\r\n]/.test(cell) || cell !== cell.trim() ? `"${cell.replaceAll('"', '""')}"` : cell)).join(",")}\r\n`;
}

/** Keeps a spreadsheet from taking a cell for a formula. `readCell` takes the mark away again. */
export function neutralise(cell: string): string {
  return /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
}

export function readCell(cell: string): string {
  const trimmed = cell.trim();
  return trimmed.startsWith("'") && /^'[=+\-@\t\r]/.test(trimmed) ? trimmed.slice(1).trim() : trimmed;
}
