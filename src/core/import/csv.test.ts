import { parse } from "csv-parse/sync";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type CsvDialect, type CsvLimits, createCsvReader, csvLine, neutralise, readCell } from "./csv.ts";

const COMMA: CsvDialect = { delimiter: ",", quote: '"', backslash: false };

/** Reads a text in pieces of a size. */
function read(text: string, size = 1 << 20, dialect = COMMA, limits?: CsvLimits) {
  const reader = createCsvReader(dialect, limits);
  const records = [];
  for (let at = 0; at < text.length; at += size) records.push(...reader.push(text.slice(at, at + size)));
  return [...records, ...reader.end()];
}

const cellsOf = (text: string, size?: number, dialect?: CsvDialect) => read(text, size, dialect).map(({ cells }) => cells);

const cell = fc.string({ unit: fc.constantFrom("a", "ü", "😀", '"', ",", ";", "\n", "\r\n", " ", "\t", "'", "1", "="), maxLength: 8 });
const rows = fc.array(fc.array(cell, { minLength: 2, maxLength: 5 }), { minLength: 1, maxLength: 12 });
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe("well-formed text", () => {
  test("whatever is written is read again, in pieces of any size", () => {
    fc.assert(
      fc.property(rows, fc.constantFrom("\n", "\r\n", "\r"), fc.boolean(), fc.integer({ min: 1, max: 9 }), (rows, end, last, size) => {
        const text = rows.map((row) => row.map(quoted).join(",")).join(end) + (last ? end : "");
        expect(cellsOf(text, size)).toEqual(rows);
      }),
    );
  });

  test("an independent reader reads the same", () => {
    const plain = fc.string({ unit: fc.constantFrom("a", "b", '"', ",", "\n", "é", "5"), maxLength: 6 });
    const mixed = fc.array(fc.array(fc.tuple(plain, fc.boolean()), { minLength: 2, maxLength: 4 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(mixed, fc.integer({ min: 1, max: 20 }), (rows, size) => {
        const text = rows.map((row) => row.map(([text, always]) => (always || /[",\n]/.test(text) ? quoted(text) : text)).join(",")).join("\n");
        expect(cellsOf(text, size)).toEqual(parse(text, { relax_column_count: true, skip_empty_lines: true }));
      }),
    );
  });

  test("a row is written so that it is read again", () => {
    fc.assert(
      fc.property(fc.array(cell, { minLength: 2, maxLength: 5 }), (cells) => {
        expect(cellsOf(csvLine(cells))).toEqual([cells]);
      }),
    );
  });

  test("line ends may be mixed, and every row knows its line", () => {
    const records = read('a,b\r\n1,"x\ny"\r\n\n2,z\r3,w', 2);
    expect(records.map(({ line, cells }) => [line, ...cells])).toEqual([
      [1, "a", "b"],
      [2, "1", "x\ny"],
      [5, "2", "z"],
      [6, "3", "w"],
    ]);
  });

  test("spaces around quotes, and quotes inside plain cells, are as people mean them", () => {
    expect(cellsOf('1, "a,b" ,5" disk\n2,"x"\t,O\'Neil\n')).toEqual([
      ["1", "a,b", '5" disk'],
      ["2", "x", "O'Neil"],
    ]);
  });

  test("a backslash before a quote keeps it, where the file writes so", () => {
    const dialect: CsvDialect = { delimiter: ";", quote: '"', backslash: true };
    expect(cellsOf('1;"Venture \\"Extended\\"";""\n2;"a ""b""";c', 3, dialect)).toEqual([
      ["1", 'Venture "Extended"', ""],
      ["2", 'a "b"', "c"],
    ]);
  });
});

describe("damaged text", () => {
  test("a quote that is not closed costs its line, not the rest of the file", () => {
    const records = read('a,b\n1,"open\n2,b\n3,"c"\n4,d', 5);
    expect(records.map(({ line, problem }) => [line, problem?.column ?? null])).toEqual([
      [1, null],
      [2, 1],
      [3, null],
      [4, null],
      [5, null],
    ]);
    expect(records[1]).toMatchObject({ cells: ['1,"open'], problem: { reason: expect.stringContaining("is not closed") } });
  });

  test("text behind a closing quote costs its line", () => {
    const records = read('a,b\n"Venture "Extended" Edition",x\n2,b\n');
    expect(records.map(({ line, problem }) => [line, problem !== null])).toEqual([
      [1, false],
      [2, true],
      [3, false],
    ]);
    expect(records[1]?.problem?.reason).toContain('after the closing quote stands "Extended');
  });

  test("a NUL or half a character is told with its column", () => {
    const records = read("a,b\n1,x\0y\n\ud800,2\n3,4\n", 3);
    expect(records.map(({ problem }) => problem?.column ?? null)).toEqual([null, 1, 0, null]);
  });

  test("rows, cells and columns beyond the limits are refused one by one, and nothing is kept of them", () => {
    const limits = { cell: 20, row: 50, columns: 4 };
    const text = `a,b\n${"x".repeat(30)},1\n${"y".repeat(200)}\n1,2,3,4,5\n"${"q".repeat(40)}",1\n2,"never closed ${"z".repeat(70)}\n3,4\n`;
    for (const size of [1, 7, 1000]) {
      const records = read(text, size, COMMA, limits);
      expect(records.map(({ line, problem }) => [line, problem !== null])).toEqual([
        [1, false],
        [2, true],
        [3, true],
        [4, true],
        [5, true],
        [6, true],
        [7, false],
      ]);
    }
  });

  test("no text whatsoever is lost without a word or read without an end", () => {
    const noise = fc.string({ unit: fc.constantFrom('"', ",", "\n", "\r", "a", "\\", " ", "\0"), maxLength: 60 });
    fc.assert(
      fc.property(noise, fc.integer({ min: 1, max: 10 }), (text, size) => {
        const records = read(text, size);
        expect(records).toEqual(read(text, text.length + 1));
        const letters = (what: string) => what.replaceAll(/[^a]/g, "").length;
        expect(records.reduce((sum, { cells }) => sum + letters(cells.join("")), 0)).toBe(letters(text));
        for (const { line } of records) expect(line).toBeLessThanOrEqual(text.split(/\r\n|\n|\r/).length);
      }),
      { numRuns: 500 },
    );
  });

  test("a row of ten megabytes that comes in small pieces takes no more time than it must", () => {
    const limits = { cell: 20_000_000, row: 30_000_000, columns: 10 };
    const began = performance.now();
    expect(read(`a,"${"x\n".repeat(5_000_000)}"\nb,c`, 65_536, COMMA, limits)).toHaveLength(2);
    expect(performance.now() - began).toBeLessThan(5000);
  });
});

test("a spreadsheet takes no cell of the error file for a formula, and an import takes the mark away again", () => {
  for (const text of ["=1+1", "+49 30 1", "-5", "@x"]) {
    expect(neutralise(text)).toBe(`'${text}`);
    expect(readCell(neutralise(text))).toBe(text);
  }
  for (const text of ["\tx", "\rx"]) {
    expect(neutralise(text)).toBe(`'${text}`);
    expect(readCell(neutralise(text)), "blanks at the ends of a cell say nothing").toBe("x");
  }
  expect([neutralise("plain"), readCell(" 'quoted' ")]).toEqual(["plain", "'quoted'"]);
});
