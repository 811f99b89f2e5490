import { expect, test } from "vitest";
import { formatSort, parseSort } from "./sort.ts";

const customField = (key: string) => (key === "size" ? "number" : null);

test("a sort is read and written as lists name it", () => {
  const sort = parseSort("-score, createdAt,-fields.size", customField);
  expect(sort).toEqual([
    { field: "score", descending: true },
    { field: "createdAt", descending: false },
    { field: "fields.size", descending: true },
  ]);
  expect(typeof sort === "string" ? sort : formatSort(sort)).toBe("-score,createdAt,-fields.size");
});

test.each([
  ["", 'cannot sort by ""'],
  ["shoeSize", 'cannot sort by "shoeSize"'],
  ["fields.unknown", 'cannot sort by "fields.unknown"'],
  ["score,-score", "twice"],
  ["score,company,email,stage,lastName", "at most 4"],
])('"%s" is refused in words', (text, words) => {
  expect(parseSort(text, customField)).toContain(words);
});
