/** What /healthz says Baton was built from. */
import { expect, test } from "vitest";
import { readBuild } from "./build.ts";

test("the commit is the one named at building; an empty name is none, and the checkout is asked", () => {
  const asked = readBuild({}).commit;
  expect(readBuild({ BATON_COMMIT: "abc123" }).commit).toBe("abc123");
  expect([readBuild({ BATON_COMMIT: "" }).commit, readBuild({ BATON_COMMIT: " " }).commit]).toEqual([asked, asked]);
});
