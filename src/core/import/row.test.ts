import { describe, expect, test } from "vitest";
import { compileConfig } from "../config/compile.ts";
import { defaultConfig } from "../config/default-config.ts";
import { type ImportMap, placeColumns, readMap } from "./import-map.ts";
import { createRowReader, type Row } from "./row.ts";
import { createSurvey, withFindings } from "./survey.ts";

/** Reads one row the way an import does: surveyed first. */
function rowOf(json: unknown, cells: Readonly<Record<string, string>>, others: readonly Readonly<Record<string, string>>[] = []): Row {
  const { map, mistakes } = readMap(json);
  expect(mistakes).toEqual([]);
  const header = Object.keys(cells);
  const { placed } = placeColumns(header, map as ImportMap);
  const config = defaultConfig([{ id: "u1", name: "Anna", active: true }]);
  const survey = createSurvey(placed, map as ImportMap, config);
  for (const row of [cells, ...others]) survey.add(Object.values(row));
  const { findings } = survey.finish();
  const owners = new Map([
    ["anna", "u1"],
    ["anna@example.com", "u1"],
  ]);
  const read = createRowReader({
    importId: "i1",
    history: false,
    map: map as ImportMap,
    placed,
    findings,
    config: compileConfig(withFindings(config, findings), 1),
    timezone: "UTC",
    owners,
  });
  return read(Object.values(cells), 7);
}

describe("identities", () => {
  const columns = { id: "externalId", mail: "email", tel: "phone", name: "lastName" };

  test("an empty cell says nothing", () => {
    expect(rowOf({ columns }, { id: " ", mail: "a@b.co", tel: "", name: "" })).toMatchObject({
      ok: true,
      input: { row: 7, patch: { email: "a@b.co" } },
      keys: [{ kind: "email", value: "a@b.co" }],
      only: null,
    });
  });

  test("match names the one kind that may find a lead", () => {
    expect(rowOf({ match: "phone", columns }, { id: "1", mail: "A@B.co", tel: "+49 30 901820", name: "" })).toMatchObject({
      only: "phone",
      keys: [{ kind: "external" }, { kind: "email" }, { kind: "phone", value: "+4930901820" }],
    });
    expect(rowOf({ match: "none", columns }, { id: "", mail: "", tel: "", name: "X" })).toMatchObject({ only: "row", keys: [{ kind: "row", value: "i1:7" }] });
  });

  test("a name is enough, and nobody is not", () => {
    expect(rowOf({ columns }, { id: "", mail: "", tel: "", name: "Curie" })).toMatchObject({ ok: true, keys: [] });
    expect(rowOf({ columns, defaults: { source: "fair" } }, { id: "", mail: "", tel: "", name: "" })).toMatchObject({
      ok: false,
      reason: expect.stringContaining("names nobody"),
    });
  });

  test("a phone is read with the country of its row", () => {
    expect(rowOf({ columns: { tel: "phone", land: "country" } }, { tel: "030 901820", land: "de" })).toMatchObject({
      input: { patch: { phone: "+4930901820" } },
    });
  });
});

describe("values", () => {
  const who = { id: "externalId" };

  test("lists translate, defaults fill in, and people's own words for a status are known", () => {
    const json = { columns: { ...who, s: "status", st: "stage" }, defaults: { stage: "mql", owner: "Anna" }, lists: { stage: { Interessent: "inquiry" } } };
    expect(rowOf(json, { id: "1", s: "Contacted", st: "interessent" })).toMatchObject({ input: { status: "working", stage: "inquiry", owner: "u1" } });
    expect(rowOf(json, { id: "1", s: "Open", st: "" })).toMatchObject({ input: { status: "new", stage: "mql" } });
  });

  test("a stage is known by its label as well", () => {
    expect(rowOf({ columns: { ...who, st: "stage" } }, { id: "1", st: "Marketing Qualified" })).toMatchObject({ input: { stage: "mql" } });
  });

  test.each([
    ["email", "nobody at home", "is not an e-mail address"],
    ["stage", "mqll", 'did you mean "mql"?'],
    ["owner", "Ana", 'did you mean "anna"?'],
    ["capturedAt", "31.02.2024", "is not a date"],
    ["capturedAt", "1969-12-31", "before 1970"],
    ["consent.news", "perhaps", "is not yes or no"],
    ["opportunity.amount", "much", "is not an amount of money"],
    ["opportunity.stage", "demmo", 'did you mean "demo"?'],
    ["opportunity.currency", "EURO", "is not a currency code"],
    ["firstName", "x".repeat(501), "at most 500"],
  ])("%s %j is rejected with its column and reason", (target, text, words) => {
    expect(rowOf({ columns: { ...who, v: target } }, { id: "1", v: text })).toEqual({ ok: false, column: "v", reason: expect.stringContaining(words) });
  });

  test("a currency alone makes no opportunity, an outcome does", () => {
    const json = { columns: { ...who, won: "opportunity.won", sum: "opportunity.amount" }, defaults: { "opportunity.currency": "JPY" } };
    expect(rowOf(json, { id: "1", won: "", sum: "" })).not.toHaveProperty("input.opportunity");
    expect(rowOf(json, { id: "1", won: "0", sum: "1200" })).toMatchObject({ input: { opportunity: { won: false, amount: 1200, currency: "JPY" } } });
  });

  test("tags of several columns come together", () => {
    expect(rowOf({ columns: { ...who, a: "tags", b: "tags" } }, { id: "1", a: "x; y", b: "y, z" })).toMatchObject({
      input: { patch: { addTags: ["x", "y", "z"] } },
    });
  });
});
