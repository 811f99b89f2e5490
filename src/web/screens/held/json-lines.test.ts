import { expect, test } from "vitest";
import { lineOf, parseJson } from "./json-lines.ts";

const TEXT = JSON.stringify({ email: "a", touches: [{ kind: "call" }, { kind: "nothing" }], fields: { size: 3 } }, null, 2);
const lines = TEXT.split("\n");

test("the line of a mistake is the line where the path's last name stands", () => {
  expect(lines[(lineOf(TEXT, "email") ?? 0) - 1]).toContain("email");
  expect(lines[(lineOf(TEXT, "touches[1].kind") ?? 0) - 1]).toContain("nothing");
  expect(lines[(lineOf(TEXT, "fields.size") ?? 0) - 1]).toContain("size");
  expect(lineOf(TEXT, "phone")).toBeNull();
  expect(lineOf(TEXT, "")).toBeNull();
});

test("what is no object in JSON is said in words, with its line where it is known", () => {
  expect(parseJson(TEXT).problem).toBeNull();
  expect(parseJson("[1]").problem).toBe("This must be one object in braces.");
  expect(parseJson('{\n  "a": 1\n  "b": 2\n}')).toMatchObject({ line: 3 });
  expect(parseJson("{").problem).toMatch(/no JSON yet/);
});
