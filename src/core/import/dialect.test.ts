import { describe, expect, test } from "vitest";
import { createCsvReader } from "./csv.ts";
import { countUtf8, detectDialect, encodingFrom, encodingOf, findHeader, refuseBinary } from "./dialect.ts";

const bytes = (text: string) => new Uint8Array(Buffer.from(text, "latin1"));

describe("files that are no CSV", () => {
  test.each([
    ["PK\u0003\u0004 … xl/workbook.xml", "an Excel workbook (XLSX)"],
    ["PK\u0003\u0004 … mimetypeapplication/vnd.oasis.opendocument.spreadsheet", "an OpenDocument spreadsheet (ODS)"],
    ["PK\u0003\u0004 … leads.csv", "a ZIP archive"],
    ["%PDF-1.7", "a PDF document"],
    ["\u00d0\u00cf\u0011\u00e0\u00a1\u00b1", "an old Office document"],
    ["\u001f\u008b\b", "a gzip archive"],
    ["<!DOCTYPE html><table>", "a web page (HTML)"],
    ['[{"id": 1}]', "a JSON file"],
    ["\u0001\u0002\u0003\u0004\u0005\u0006\u0007\u0008\u0010a\u0011", "a binary file"],
    ["", "The file is empty"],
  ])("%j is refused in words", (text, words) => {
    expect(refuseBinary(bytes(text))).toContain(words);
  });

  test("text passes, with a stray NUL as well, and so does UTF-16", () => {
    expect(refuseBinary(bytes("a,b\n1,\0\n"))).toBeNull();
    expect(refuseBinary(new Uint8Array(Buffer.from("id,name\n1,Zoë\n", "utf16le")))).toBeNull();
  });
});

describe("encodings", () => {
  test("marks and zeros tell UTF-16, a mark tells UTF-8, and otherwise counting does", () => {
    const wide = Buffer.from("id,name\n1,Zoë\n", "utf16le");
    expect(encodingOf(new Uint8Array(wide))).toBe("utf-16le");
    expect(encodingOf(new Uint8Array(wide.swap16()))).toBe("utf-16be");
    expect(encodingOf(bytes("\u00ef\u00bb\u00bfid"))).toBe("utf-8");
    expect(encodingOf(bytes("id,name\n"))).toBeNull();
  });

  test("sequences are counted as good, broken, or cut at the end", () => {
    expect(countUtf8(new Uint8Array(Buffer.from("aé€😀")))).toEqual({ letters: 3, broken: 0 });
    expect(countUtf8(bytes("M\u00fcller, Jos\u00e9"))).toEqual({ letters: 0, broken: 2 });
    expect(countUtf8(new Uint8Array(Buffer.from("a😀")).subarray(0, 3))).toEqual({ letters: 0, broken: 2 });
    expect([encodingFrom({ letters: 0, broken: 0 }), encodingFrom({ letters: 100, broken: 3 }), encodingFrom({ letters: 2, broken: 9 })]).toEqual([
      "utf-8",
      "utf-8",
      "windows-1252",
    ]);
  });
});

describe("delimiters and quotes", () => {
  test.each([
    ["a,b,c\n1,2,3\n", ","],
    ["a;b;c\n1,5;2,5;3\n2,5;1;1\n", ";"],
    ["a\tb\n1,x\t2\n", "\t"],
    ["a|b\n1;2|3\n", "|"],
    ["name\nAda\nGrace\n", ","],
    ['name;note\nAda;"a,b,c,d"\nGrace;"e,f,g,h"\n', ";"],
    ["sep=;\r\na;b\r\n1,2,3;4\r\n", ";"],
    ["a,b;c,d;e\n1,2;3,4;5\n", ","],
  ])("%j is delimited by %j", (text, delimiter) => {
    expect(detectDialect(text).delimiter).toBe(delimiter);
  });

  test("columns that are known to exist decide where the text alone does not", () => {
    expect(detectDialect("a,b;c,d;e\n1,2;3,4;5\n", ["c,d"]).delimiter).toBe(";");
  });

  test("single quotes and backslashes are found where the file uses them", () => {
    expect(detectDialect("a,b\n'x,1','y'\n'z','w'\n")).toMatchObject({ delimiter: ",", quote: "'" });
    expect(detectDialect("a,b\nO'Neil,it's\n")).toMatchObject({ quote: '"' });
    expect(detectDialect('a;b\n1;"Venture \\"Extended\\" x"\n').backslash).toBe(true);
    expect(detectDialect('a,b\n"C:\\","x"\n').backslash).toBe(false);
  });
});

test("the header is the first row with all the wanted names, whatever stands above it", () => {
  const records = createCsvReader({ delimiter: ",", quote: '"', backslash: false }).push("Report\n2026,,\n ID , E-Mail\n1,a@b.c\n");
  expect(findHeader(records, ["e-mail", "id"])).toBe(2);
  expect(findHeader(records, ["nowhere"])).toBe(0);
});
