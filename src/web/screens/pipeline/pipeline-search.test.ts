import { expect, test } from "vitest";
import { queryOf, readPipelineSearch } from "./pipeline-search.ts";

test("an address keeps what the screen understands and drops the rest", () => {
  expect(readPipelineSearch({ as: "table", owner: "me", sort: "-amount", stalled: true, closes: "never", junk: 1 })).toEqual({
    as: "table",
    owner: "me",
    sort: "-amount",
    stalled: true,
  });
});

test("months and quarters have their first and last days", () => {
  expect(queryOf({ closes: "month" }, "2028-02-10")).toEqual({ closeFrom: "2028-02-01", closeTo: "2028-02-29" });
  expect(queryOf({ closes: "quarter" }, "2026-11-22")).toEqual({ closeFrom: "2026-10-01", closeTo: "2026-12-31" });
  expect(queryOf({ closes: "late" }, "2026-03-01")).toEqual({ closeTo: "2026-02-28" });
});
