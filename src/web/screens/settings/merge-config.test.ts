import { expect, test } from "vitest";
import { mergeConfig } from "./merge-config.ts";

const base = {
  currency: "EUR",
  rules: [
    { id: "a", label: "A", points: 1, cap: null as number | null },
    { id: "b", label: "B", points: 2, cap: null as number | null },
    { id: "c", label: "C", points: 3, cap: null as number | null },
  ],
  members: ["x", "y"],
};
const [a, b, c] = base.rules as [(typeof base.rules)[0], (typeof base.rules)[0], (typeof base.rules)[0]];

test("what two people change in different places is both there, down to the fields of one rule", () => {
  const mine = { ...base, rules: [{ ...a, points: 10 }, b, c] };
  const theirs = { ...base, currency: "USD", rules: [{ ...a, cap: 5 }, b, c] };
  expect(mergeConfig(base, mine, theirs)).toEqual({ value: { ...base, currency: "USD", rules: [{ ...a, points: 10, cap: 5 }, b, c] }, conflicts: [] });
});

test("what each adds and removes is added and removed, at its place", () => {
  const fresh = { id: "n", label: "New", points: 4, cap: null };
  const mine = { ...base, rules: [a, fresh, b, c], members: ["x", "y", "z"] };
  const theirs = { ...base, rules: [a, b], members: ["y"] };
  expect(mergeConfig(base, mine, theirs)).toEqual({ value: { ...base, rules: [a, fresh, b], members: ["y", "z"] }, conflicts: [] });
});

test("an order one of them changed stands, with what the other added", () => {
  const fresh = { id: "n", label: "New", points: 4, cap: null };
  const merged = mergeConfig(base, { ...base, rules: [c, a, b] }, { ...base, rules: [a, b, c, fresh] });
  expect(merged.conflicts).toEqual([]);
  expect(merged.value.rules.map(({ id }) => id)).toEqual(["c", "n", "a", "b"]);
});

test("the same thing changed differently is a conflict that is named, and theirs stays", () => {
  const merged = mergeConfig(base, { ...base, rules: [{ ...a, points: 7 }, b, c] }, { ...base, rules: [{ ...a, points: 8 }, b, c] });
  expect(merged.conflicts).toEqual(["rules › “A” › points"]);
  expect(merged.value.rules[0]?.points).toBe(8);
});

test("removing what the other changed is a conflict; removing what nobody touched is none", () => {
  expect(mergeConfig(base, { ...base, rules: [b, c] }, { ...base, rules: [{ ...a, points: 8 }, b, c] }).conflicts).toHaveLength(1);
  expect(mergeConfig(base, { ...base, rules: [b, c] }, { ...base, rules: [a, { ...b, points: 8 }, c] }).conflicts).toEqual([]);
});

test("taking a change back leaves what others changed since", () => {
  const published = { ...base, rules: [{ ...a, points: 10 }, b, c] };
  const since = { ...published, rules: [{ ...a, points: 10 }, { ...b, points: 20 }, c] };
  expect(mergeConfig(published, base, since)).toEqual({ value: { ...base, rules: [a, { ...b, points: 20 }, c] }, conflicts: [] });
});

test("a condition is never mixed from two hands", () => {
  const rule = { rules: [{ id: "r", when: { and: [{ field: "x" }] } as object }] };
  const with_ = (when: object) => ({ rules: [{ id: "r", when }] });
  expect(mergeConfig(rule, with_({ and: [{ field: "y" }] }), with_({ and: [{ field: "x" }, { field: "z" }] })).conflicts).toHaveLength(1);
});
