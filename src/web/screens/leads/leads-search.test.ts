import { expect, test } from "vitest";
import { readLeadsSearch } from "./leads-search.ts";

test("an address that makes sense is read, one that does not shows all leads instead of an error", () => {
  const filter = { and: [{ field: "stage", op: "eq", value: "mql" }, { not: { or: [] } }] };
  expect(readLeadsSearch({ view: "hot", filter, sort: "-score,createdAt", columns: ["name"] })).toEqual({
    view: "hot",
    filter,
    sort: "-score,createdAt",
    columns: ["name"],
  });
  expect(readLeadsSearch({ view: 7, filter: { and: "x" }, sort: "; drop", columns: [1] })).toEqual({});
  expect(readLeadsSearch({ filter: "text" })).toEqual({});
});
