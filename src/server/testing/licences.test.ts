import { expect, test } from "vitest";
import { isAllowed } from "./licences.ts";

test("a licence is allowed when every part that is demanded is on the list", () => {
  expect(["MIT", "(MIT OR GPL-3.0-only)", "MIT AND ISC", "(BSD-3-Clause OR GPL-2.0)", "Apache-2.0"].filter((licence) => !isAllowed(licence))).toEqual([]);
  expect(["GPL-3.0-only", "MIT AND GPL-2.0", "SEE LICENSE IN LICENSE", "UNLICENSED", "none", "AGPL-3.0", "BUSL-1.1"].filter(isAllowed)).toEqual([]);
});
