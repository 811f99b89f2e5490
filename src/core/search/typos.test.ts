import fc from "fast-check";
import { expect, test } from "vitest";
import { distanceOf, oneSlipFrom, searchWords } from "./typos.ts";

const word = fc.string({ unit: fc.constantFrom(...Array.from("abcdeno")), minLength: 5, maxLength: 12 });

test("every word is found among the words one slip away from its misspelling", () => {
  fc.assert(
    fc.property(word, fc.nat(), fc.constantFrom("drop", "swap", "double", "wrong"), fc.constantFrom(...Array.from("abcxyz")), (meant, at, kind, letter) => {
      const i = at % (meant.length - 1);
      const typed = misspell(meant, kind, i, letter);
      const patterns = [typed, ...oneSlipFrom(typed)].map((variant) => new RegExp(variant.replaceAll("_", ".")));
      expect(
        patterns.some((pattern) => pattern.test(meant)),
        typed,
      ).toBe(true);
      expect(distanceOf([typed], meant, meant)).toBeLessThan(2);
    }),
  );
});

function misspell(meant: string, kind: string, i: number, letter: string): string {
  const [a, b] = [meant.slice(0, i), meant.slice(i + 1)];
  if (kind === "drop") return a + b;
  if (kind === "swap") return a + (b[0] ?? "") + (meant[i] ?? "") + b.slice(1);
  if (kind === "double") return `${a}${meant[i]}${meant[i]}${b}`;
  return a + letter + b;
}

test("a whole word comes before a beginning, a beginning before a slip, a slip before anything else", () => {
  const texts = ["anna", "annabel", "anan", "bernd"];
  const distances = texts.map((text) => distanceOf(["anna"], text, text));
  expect(distances).toEqual([...distances].sort((a, b) => a - b));
  expect(new Set(distances).size).toBe(texts.length);
});

test.each([
  ["anna  müller", ["anna", "müller"]],
  ["+49 30 123-456", ["4930123456"]],
  ["(030) 123456", ["30123456"]],
  ["anna@example.com", ["anna@example.com"]],
  ["müller, anna", ["müller", "anna"]],
  ["24", ["24"]],
  ["%", []],
  ["", []],
])("%s is searched as %j", (typed, words) => {
  expect(searchWords(typed)).toEqual(words);
});
