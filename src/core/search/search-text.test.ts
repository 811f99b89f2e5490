import fc from "fast-check";
import { expect, test } from "vitest";
import { searchText } from "./search-text.ts";

test.each([
  ["Müller", "muller"],
  ["  Anna   Maria ", "anna maria"],
  ["Weiß GmbH", "weiss gmbh"],
  ["Łukasz Wójcik", "lukasz wojcik"],
  ["Søren Kjærgård", "soren kjaergard"],
  ["Đorđe", "dorde"],
  ["İstanbul", "istanbul"],
  ["Nguyễn Thị Hạnh", "nguyen thi hanh"],
  ["ΟΔΥΣΣΕΥΣ", "οδυσσευσ"],
  ["ａｂｃ", "abc"],
  ["", ""],
])("%s is found as %s", (text, form) => {
  expect(searchText(text)).toBe(form);
});

test("folding what is folded changes nothing", () => {
  fc.assert(fc.property(fc.string({ unit: "grapheme" }), (text) => searchText(searchText(text)) === searchText(text)));
});

test("a part of a text stays a part of it", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), fc.string({ unit: "grapheme" }), (before, part, after) =>
      searchText(before + part + after).includes(searchText(part)),
    ),
  );
});

test("joined parts fold like the whole", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }),
      fc.string({ unit: "grapheme" }),
      (a, b) => searchText(`${a} ${b}`) === `${searchText(a)} ${searchText(b)}`.trim(),
    ),
  );
});
