import { describe, expect, test } from "vitest";
import { defaultConfig } from "../config/default-config.ts";
import type { FieldType } from "../config/config.ts";
import { placeColumns, readMap, type ImportMap } from "./import-map.ts";
import { createSurvey, withFindings } from "./survey.ts";

function mapOf(json: unknown): ImportMap {
  const { map, mistakes } = readMap(json);
  expect(mistakes).toEqual([]);
  return map as ImportMap;
}

function survey(map: ImportMap, header: readonly string[], rows: readonly (readonly string[])[], config = defaultConfig([])) {
  const learner = createSurvey(placeColumns(header, map).placed, map, config);
  for (const row of rows) learner.add(row);
  return learner.finish();
}

const typeOf = (...values: readonly string[]): FieldType | undefined =>
  survey(
    mapOf({ columns: { v: "fields.v" } }),
    ["v"],
    values.map((value) => [value]),
  ).findings.newFields[0]?.type;

describe("the type of a new field", () => {
  test.each([
    [["1", "20", "-3.5"], "number"],
    [["1,5", "2,25"], "number"],
    [["1,234.50", "99"], "number"],
    [["007", "8"], "text"],
    [["+4930901820", "+4930"], "text"],
    [["12345678901234567890"], "text"],
    [["dac32acd4db4c29c", "1"], "text"],
    [["1e5"], "text"],
    [["yes", "No", ""], "boolean"],
    [["true", "1"], "text"],
    [["1", "0"], "number"],
    [["2018-02-26", "2018-03-01"], "date"],
    [["26.02.2018", "01.03.2018"], "date"],
    [["02/26/2018", "03/01/2018"], "date"],
    [["26/02/2018", "02/26/2018"], "text"],
    [["2018-02-26 19:58:54"], "text"],
    [["online_medium", "online_big"], "text"],
    [["", " "], "text"],
  ] as const)("%j are %s", (values, type) => {
    expect(typeOf(...values)).toBe(type);
  });

  test("one value that does not fit, however late, decides", () => {
    expect(typeOf(...Array.from({ length: 5000 }, (_, i) => String(i)), "n/a")).toBe("text");
  });
});

test("a column that leaves open which of day and month comes first follows the others of the file", () => {
  const map = mapOf({ columns: { a: "capturedAt", b: "stageAt" } });
  const { findings } = survey(
    map,
    ["a", "b"],
    [
      ["01/02/2018", "03/25/2018"],
      ["02/03/2018", "04/30/2018"],
    ],
  );
  expect(findings.orders).toEqual({ capturedAt: "monthFirst", stageAt: "monthFirst" });
  expect(survey({ ...map, dateOrder: "dayFirst" }, ["a", "b"], [["01/02/2018", "03/25/2018"]]).findings.orders).toEqual({
    capturedAt: "dayFirst",
    stageAt: "dayFirst",
  });
});

test("rows are counted whether they can be read or not", () => {
  const learner = createSurvey([], mapOf({ columns: { a: "email" } }), defaultConfig([]));
  learner.add(["x"]);
  learner.skip();
  expect(learner.finish().findings.rows).toBe(2);
});

test("what is found is added to the configuration once, and existing fields keep their type", () => {
  const config = { ...defaultConfig([]), fields: [{ key: "segment", label: "Segment", type: "select", options: ["Pets"] } as const] };
  const map = mapOf({ columns: { s: "fields.segment", z: "fields.zipCode" } });
  const { findings } = survey(
    map,
    ["s", "z"],
    [
      ["PETS", "01067"],
      ["Cars", "1"],
    ],
    config,
  );
  const next = withFindings(config, findings);
  expect(next.fields).toEqual([
    { key: "segment", label: "Segment", type: "select", options: ["Pets", "Cars"] },
    { key: "zipCode", label: "Zip code", type: "text" },
  ]);
  expect(withFindings(next, findings)).toBe(next);
});

test("a select is not flooded with options", () => {
  const config = { ...defaultConfig([]), fields: [{ key: "segment", label: "Segment", type: "select", options: [] } as const] };
  const { mistakes } = survey(
    mapOf({ columns: { s: "fields.segment" } }),
    ["s"],
    Array.from({ length: 1500 }, (_, i) => [`option ${i}`]),
    config,
  );
  expect(mistakes.join()).toContain("more than 1000 options");
});
