import { expect, test } from "vitest";
import { meantBy, readReportsSearch } from "./reports-search.ts";

test("a pasted address shows the same report and the same open number", () => {
  const search = { period: "90", by: "source", table: true, behind: { of: "reached", stage: "mql", key: null } } as const;
  expect(readReportsSearch(JSON.parse(JSON.stringify(search)) as Record<string, unknown>)).toEqual(search);
  expect(readReportsSearch({ period: 90, behind: { of: "nothing" }, from: "soon" })).toEqual({ period: "90" });
});

test("periods begin where a person would say", () => {
  expect(meantBy({ period: "30" }, "2026-11-22")).toEqual({ from: "2026-10-24" });
  expect(meantBy({ period: "quarter" }, "2026-11-22")).toEqual({ from: "2026-10-01" });
  expect(meantBy({ period: "year" }, "2026-11-22")).toEqual({ from: "2026-01-01" });
  expect(meantBy({ from: "2026-01-01" }, "2026-11-22")).toEqual({});
});
