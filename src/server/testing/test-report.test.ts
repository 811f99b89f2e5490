import { expect, test } from "vitest";
import { countTests, type VitestReport } from "./test-report.ts";

const file = (status: string, ...tests: readonly (readonly [string, string])[]): VitestReport["testResults"][number] => ({
  name: "/p/src/a.test.ts",
  status,
  assertionResults: tests.map(([fullName, state]) => ({ fullName, status: state })),
});
const root = { root: true, linux: true };
const count = (code: number, ...testResults: VitestReport["testResults"]) =>
  countTests({ testResults }, code, "/p", [{ file: "src/a.test.ts", when: "root", test: "as a user", reason: "x" }], root);

test("passed tests are counted, failed ones named", () => {
  expect(count(1, file("failed", ["one", "passed"], ["two", "failed"]))).toEqual({ passed: 1, failures: ["src/a.test.ts: two"] });
});

test("a skipped test has failed unless somebody answered for it", () => {
  expect(count(0, file("passed", ["one", "skipped"], ["as a user it works", "skipped"], ["three", "todo"])).failures).toHaveLength(2);
});

test("a file that does not load, an error outside of tests and an empty run have failed", () => {
  expect(count(1, file("failed")).failures).toEqual(["src/a.test.ts did not load or failed outside of its tests"]);
  expect(count(1, file("passed", ["one", "passed"])).failures).toHaveLength(1);
  expect(count(0).failures).toEqual(["no test file was found"]);
});
