import { expect, test } from "vitest";
import {
  compileFilter,
  type Filter,
  type FilterField,
  filterProblems,
  foldCase,
  type Scalar,
  scoreBoundsOf,
  type Subject,
  windowsOf,
  foldContent,
} from "./filter.ts";

const NOW = Date.UTC(2026, 10, 22, 12);
const FIELDS: Readonly<Record<string, FilterField>> = { size: "number", need: "text", trial: "boolean" };
const customField = (key: string): FilterField | null => FIELDS[key] ?? null;

const subject = (values: Readonly<Record<string, Scalar | readonly string[]>>): Subject => ({
  read: (field) => values[field] ?? null,
  folded: (field) => foldContent(values[field] ?? null),
  touches: (facet, withinDays) => (facet === "pageView" ? (withinDays === null ? 5 : 2) : 0),
});

const anna = subject({
  firstName: "Anna",
  company: "Müller AG",
  score: 57.5,
  tags: ["VIP", "partner"],
  capturedAt: NOW,
  city: "",
  "fields.size": 12,
  "consent.news": false,
});
const meets = (filter: Filter): boolean => compileFilter(filter)(anna, NOW);

test.each<[Filter, boolean]>([
  [{ field: "firstName", op: "eq", value: "ANNA" }, true],
  [{ field: "company", op: "contains", value: "MÜLL" }, true],
  [{ field: "company", op: "startsWith", value: "ag" }, false],
  [{ field: "firstName", op: "in", value: ["bo", "anna"] }, true],
  [{ field: "score", op: "gte", value: 57.5 }, true],
  [{ field: "score", op: "between", value: [57.51, 90] }, false],
  [{ field: "tags", op: "eq", value: "vip" }, true],
  [{ field: "tags", op: "ne", value: "vip" }, false],
  [{ field: "capturedAt", op: "gte", value: "2026-11-22" }, true],
  [{ field: "capturedAt", op: "lt", value: "2026-11-22T12:00:00Z" }, false],
  [{ field: "fields.size", op: "gt", value: 11 }, true],
  [{ field: "consent.news", op: "eq", value: false }, true],
  [{ field: "touches.pageView", op: "gte", value: { count: 5 } }, true],
  [{ field: "touches.pageView", op: "gte", value: { count: 5, withinDays: 7 } }, false],
  [{ and: [] }, true],
  [{ or: [] }, false],
  [
    {
      not: {
        and: [
          { field: "firstName", op: "eq", value: "anna" },
          { field: "score", op: "gt", value: 90 },
        ],
      },
    },
    true,
  ],
])("%j: %s", (filter, answer) => {
  expect(filterProblems(filter, customField)).toEqual([]);
  expect(meets(filter)).toBe(answer);
});

test("a missing value answers no to everything but ne and isEmpty", () => {
  for (const op of ["eq", "in", "lt", "lte", "gt", "gte", "contains", "startsWith", "between"] as const) {
    expect(meets({ field: "lastName", op, value: op === "in" || op === "between" ? ["a", "z"] : "a" }), op).toBe(false);
  }
  expect(meets({ field: "lastName", op: "ne", value: "a" })).toBe(true);
  expect(meets({ field: "lastName", op: "isEmpty" })).toBe(true);
  expect(meets({ field: "lastName", op: "isEmpty", value: false })).toBe(false);
  expect(meets({ field: "city", op: "isEmpty" })).toBe(true);
});

test.each<[unknown, string, string]>([
  [null, "filter", "must be a condition"],
  [{ field: "shoeSize", op: "eq", value: 1 }, "filter", 'no field "shoeSize"'],
  [{ field: "fields.unknown", op: "eq", value: 1 }, "filter", 'no field "fields.unknown"'],
  [{ field: "score", op: "contains", value: 1 }, "filter", "takes eq, ne"],
  [{ and: [{ field: "score", op: "gte", value: "many" }] }, "filter.and[0]", "value is a number"],
  [{ not: { field: "capturedAt", op: "gte", value: "tomorrow" } }, "filter.not", "ISO 8601"],
  [{ field: "touches.pageView", op: "gte", value: { count: 1, withinDays: 401 } }, "filter", "from 1 to 400"],
  [{ field: "email", op: "in", value: Array.from({ length: 1001 }, () => "a") }, "filter", "at most 1,000"],
  [{ field: "email", op: "eq", value: "a\u0000b" }, "filter", "value is a text"],
  [{ and: [], or: [] }, "filter", "and nothing else"],
])("%j is refused, and says where and why", (filter, path, words) => {
  expect(filterProblems(filter, customField)).toEqual([{ path, message: expect.stringContaining(words) }]);
});

test("a tree too deep or too wide is refused", () => {
  let deep: Filter = { field: "score", op: "gt", value: 1 };
  for (let i = 0; i < 13; i++) deep = { not: deep };
  expect(filterProblems(deep, customField)[0]?.message).toContain("12 levels");
  const wide = { or: Array.from({ length: 501 }, (): Filter => ({ field: "score", op: "gt", value: 1 })) };
  expect(filterProblems(wide, customField)[0]?.message).toContain("500 conditions");
});

test("lower case goes letter by letter", () => {
  expect([foldCase("İZMİR"), foldCase("ΟΔΟΣ"), foldCase("MÜLLER")]).toEqual(["izmir", "οδοσ", "müller"]);
});

test("windows and score bounds are read out of any depth", () => {
  const filter: Filter = {
    and: [
      { not: { field: "touches.call", op: "gte", value: { count: 1, withinDays: 7 } } },
      {
        or: [
          { field: "score", op: "between", value: [20, 50] },
          { field: "score", op: "gte", value: 80 },
        ],
      },
    ],
  };
  expect(windowsOf(filter).map(({ withinDays }) => withinDays)).toEqual([7]);
  expect(scoreBoundsOf(filter)).toEqual([20, 50, 80]);
});
