import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { minorDigits, type NumberVotes, parseBoolean, parseCurrency, parseMoney, parseNumber, parseTags, styleFrom, voteNumber } from "./values.ts";

describe("numbers", () => {
  test.each([
    ["1,234.56", "point", 1234.56],
    ["1.234,56", "comma", 1234.56],
    ["-1 234,5", "comma", -1234.5],
    ["1'234.5", "point", 1234.5],
    [".5", "point", 0.5],
    ["+7", "point", 7],
    ["1,23", "point", null],
    ["12.34.56", "comma", null],
    ["1e5", "point", null],
    ["", "point", null],
    ["12a", "point", null],
  ] as const)("%s with the decimal %s is %s", (text, style, value) => {
    expect(parseNumber(text, style)).toBe(value);
  });

  test("the whole column tells which mark stands before decimals", () => {
    const style = (...column: readonly string[]) => {
      const votes: NumberVotes = { point: 0, comma: 0 };
      for (const text of column) voteNumber(text, votes);
      return styleFrom(votes);
    };
    expect(style("1.234", "2.500,75")).toBe("comma");
    expect(style("1,234", "2,500.75")).toBe("point");
    expect(style("1.234.567", "100")).toBe("comma");
    expect(style("1,5", "2,25")).toBe("comma");
    expect(style("1.234", "5.678")).toBe("point");
    expect(style("0.0", "110000.0")).toBe("point");
  });

  test("what is written with either mark is read again", () => {
    fc.assert(
      fc.property(fc.integer({ min: -10_000_000, max: 10_000_000 }), (hundredths) => {
        const value = hundredths / 100;
        expect(parseNumber(value.toLocaleString("en-US", { minimumFractionDigits: 2 }), "point")).toBe(value);
        expect(parseNumber(value.toLocaleString("de-DE", { minimumFractionDigits: 2 }), "comma")).toBe(value);
      }),
    );
  });
});

describe("money", () => {
  test.each([
    ["1,234.56", "point", "USD", 123_456],
    ["€ 1.234,5", "comma", "EUR", 123_450],
    ["1200 EUR", "point", "EUR", 120_000],
    ["R$ 99,90", "comma", "BRL", 9990],
    ["$1,200", "point", "USD", 120_000],
    ["(50.00)", "point", "USD", -5000],
    ["-0.01", "point", "USD", -1],
    ["0.0", "point", "BRL", 0],
    ["1200", "point", "JPY", 1200],
    ["1.5", "point", "KWD", 1500],
    ["1.005", "point", "EUR", 101],
    ["10.994", "point", "EUR", 1099],
    ["99999999999999999", "point", "EUR", null],
    ["many", "point", "EUR", null],
  ] as const)("%s with the decimal %s in %s is %s minor units", (text, style, currency, minor) => {
    expect(parseMoney(text, style, currency)).toBe(minor);
  });

  test("every amount in major units is its minor units, exactly", () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 12), max: 10 ** 12 }), fc.constantFrom("EUR", "JPY", "KWD"), (minor, currency) => {
        const digits = minorDigits(currency);
        const text = `${minor < 0 ? "-" : ""}${String(Math.abs(minor))
          .padStart(digits + 1, "0")
          .replace(new RegExp(`(\\d{${digits}})$`), digits === 0 ? "" : ".$1")}`;
        expect(parseMoney(text, "point", currency)).toBe(minor === 0 ? 0 : minor);
      }),
    );
  });

  test("currencies are codes of ISO 4217", () => {
    expect([parseCurrency("eur"), parseCurrency("BRL"), parseCurrency("€"), parseCurrency("XYZ")]).toEqual(["EUR", "BRL", null, null]);
  });
});

test("yes and no come in many words", () => {
  expect(["Yes", "1", "true", "x", "ja", "won"].map(parseBoolean)).toEqual([true, true, true, true, true, true]);
  expect(["No", "0", "FALSE", "nein", "lost"].map(parseBoolean)).toEqual([false, false, false, false, false]);
  expect(parseBoolean("maybe")).toBeNull();
});

test("tags are split at commas and semicolons, each once", () => {
  expect(parseTags(" big, vip;big ;; new ")).toEqual(["big", "vip", "new"]);
});
