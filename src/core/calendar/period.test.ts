import { expect, test } from "vitest";
import { periodOf } from "../calendar/period.ts";

test("both dates count as whole days", () => {
  expect(periodOf("2026-03-01", "2026-03-31", "UTC")).toEqual({ from: Date.UTC(2026, 2, 1), before: Date.UTC(2026, 3, 1) });
});

test("a day begins in the workspace's zone, also when clocks change", () => {
  expect(periodOf("2026-03-29", "2026-03-29", "Europe/Berlin")).toEqual({ from: Date.UTC(2026, 2, 28, 23), before: Date.UTC(2026, 2, 29, 22) });
  expect(periodOf("2018-11-04", undefined, "America/Sao_Paulo")).toEqual({ from: Date.UTC(2018, 10, 4, 3), before: null }); // midnight was skipped there
});

test("without dates there is no bound", () => {
  expect(periodOf(undefined, undefined, "UTC")).toEqual({ from: null, before: null });
});

test.each([
  ["2026-02-30", undefined],
  [undefined, "tomorrow"],
  ["2026-02-02", "2026-02-01"],
])("from %s to %s is refused in words", (from, to) => {
  expect(periodOf(from, to, "UTC")).toBeTypeOf("string");
});
