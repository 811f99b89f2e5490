import { expect, test } from "vitest";
import { matches, scopeOf } from "./scope.ts";

test("what is typed asks for everything, for actions, or for one kind", () => {
  expect(scopeOf("anna")).toEqual({ scope: null, text: "anna" });
  expect(scopeOf("> assi")).toEqual({ scope: "actions", text: "assi" });
  expect(scopeOf("lead: anna")).toEqual({ scope: "lead", text: "anna" });
  expect(scopeOf("deal:nord")).toEqual({ scope: "opportunity", text: "nord" });
  expect(scopeOf("https://nord")).toEqual({ scope: null, text: "https://nord" });
});

test("an action is found by the beginnings of its words", () => {
  expect(matches("Go to My day", "my d")).toBe(true);
  expect(matches("Go to My day", "ay")).toBe(false);
});
