import { readFileSync } from "node:fs";
import path from "node:path";
import { expect, test } from "vitest";
import { completeLock } from "./complete-lock.mjs";
import { project } from "./node24.mjs";

const lock = JSON.parse(readFileSync(path.join(project, "package-lock.json"), "utf8"));

test("the lock names the packages of every machine, so that npm ci accepts it (otherwise: npm run lock)", () => {
  expect(completeLock(lock).added).toEqual([]);
});

test("the lock names no host packages come from", () => {
  expect(Object.values(lock.packages).filter((entry) => entry.resolved !== undefined)).toEqual([]);
});

test("a package for another machine is added with the machine it is for", () => {
  const incomplete = { packages: { "": {}, "node_modules/a": { version: "1.0.0", dev: true, optionalDependencies: { "@a/linux-x64-musl": "1.0.0" } } } };
  const { added, lock: complete } = completeLock(incomplete);
  expect(added).toEqual(["@a/linux-x64-musl@1.0.0"]);
  expect(complete.packages["node_modules/@a/linux-x64-musl"]).toEqual({
    version: "1.0.0",
    cpu: ["x64"],
    os: ["linux"],
    libc: ["musl"],
    dev: true,
    optional: true,
  });
  expect(completeLock(complete).added).toEqual([]);
});

test("an optional package that is missing for no visible reason is an error", () => {
  expect(() => completeLock({ packages: { "": { optionalDependencies: { sharp: "1.0.0" } } } })).toThrow(/sharp@1\.0\.0, wanted by package\.json, is missing/);
});
