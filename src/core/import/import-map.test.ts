import { expect, test } from "vitest";
import { type ImportMap, placeColumns, readMap } from "./import-map.ts";

const mistakesOf = (json: unknown) => readMap(json).mistakes.join("\n");

test("every mistake of a mapping file is told at once, with what was probably meant", () => {
  const words = mistakesOf({
    macth: "email",
    match: "mail",
    columns: { a: "emial", b: "phone", c: "phone", d: 7, e: "fields.", f: "opportunity.value" },
    defaults: { stagge: "mql" },
    lists: { status: 3 },
    delimiter: ";;",
  });
  expect(words).toContain('"macth" is no part of a mapping file; did you mean "match"?');
  expect(words).toContain('"match" is "mail"; expected "email", "externalId", "phone", "none"');
  expect(words).toContain('"a" goes to "emial", which is no target; did you mean "email"?');
  expect(words).toContain('"b" and "c" both go to phone');
  expect(words).toContain('"d" goes to 7');
  expect(words).toContain('"fields.", which is no target');
  expect(words).toContain('"opportunity.value"');
  expect(words).toContain('defaults names "stagge", which is no target; did you mean "stage"?');
  expect(words).toContain("lists.status is 3; expected an object");
  expect(words).toContain("expected one character");
});

test("what is no object, or names no column, is told", () => {
  expect(mistakesOf([])).toContain("The mapping file is a list; expected an object");
  expect(mistakesOf({})).toContain('"columns" names no column');
});

const map = readMap({
  match: "none",
  columns: { " E-Mail ": "email", "#3": "lastName", skipped: null },
  defaults: { tags: ["a", "b"], "opportunity.won": true },
  lists: { status: { Offen: "new", alt: null } },
}).map as ImportMap;

test("defaults and lists are kept as texts, and a column that goes nowhere is left out", () => {
  expect(map).toMatchObject({ match: "none", defaults: { tags: "a;b", "opportunity.won": "true" }, lists: { status: { offen: "new", alt: "" } } });
  expect(map.columns).toHaveLength(2);
});

test("columns are found trimmed and without case, or by their place", () => {
  expect(placeColumns(["id", "E-MAIL", ""], map)).toEqual({
    placed: [
      { index: 1, name: "E-MAIL", target: "email" },
      { index: 2, name: "#3", target: "lastName" },
    ],
    mistakes: [],
  });
});

test("a column that is missing or stands twice is told with the way out", () => {
  expect(placeColumns(["id", "mail"], map).mistakes.join("\n")).toMatch(/no column " E-Mail "; did you mean "mail"\?[^]*no column "#3"/);
  expect(placeColumns(["e-mail", "x", "y", "E-Mail"], map).mistakes).toEqual([
    'The file has 2 columns named " E-Mail " (number 1, number 4): name the one you mean by its place, "#1".',
  ]);
});
