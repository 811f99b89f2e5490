import fc from "fast-check";
import { expect, test } from "vitest";
import { deriveId, isUuid } from "./ids.ts";
import { dayOf, dayOfDate, startOfDay } from "./time.ts";

const inputIds = fc.uuid({ version: 7 });

test("what an input creates has an id of its own, of version 8, in order of creation", () => {
  fc.assert(
    fc.property(inputIds, (inputId) => {
      const made = Array.from({ length: 4096 }, (_, ordinal) => deriveId(inputId, ordinal));
      expect(new Set(made).size).toBe(4096);
      expect(made.toSorted()).toEqual(made);
      expect(made.every((id) => isUuid(id) && id[14] === "8")).toBe(true);
    }),
    { numRuns: 5 },
  );
});

test("two inputs never create the same id unless their 62 random bits and their time are the same", () => {
  fc.assert(
    fc.property(inputIds, inputIds, fc.nat(4095), fc.nat(4095), (a, b, i, j) => {
      const same = a.slice(0, 13) === b.slice(0, 13) && a.slice(19) === b.slice(19) && i === j;
      expect(deriveId(a, i) === deriveId(b, j)).toBe(same);
    }),
  );
});

test("an input that would create more than 4,096 things is refused", () => {
  const inputId = "01919999-0000-7000-8000-000000000000";
  for (const ordinal of [-1, 4096, 0.5, Number.NaN]) expect(() => deriveId(inputId, ordinal)).toThrow(RangeError);
});

test("a date is a day only when there is such a day", () => {
  expect(dayOfDate("1970-01-02")).toBe(1);
  expect(dayOfDate("2024-02-29")).toBe(dayOf(Date.UTC(2024, 1, 29)));
  for (const text of ["2023-02-29", "2024-13-01", "2024-00-10", "2024-1-1", "24-01-01", "0099-01-01", ""]) expect(dayOfDate(text)).toBeNull();
  expect(startOfDay(dayOf(-1))).toBe(-86_400_000);
});
