/** Where rows of a long list are believed to be while pages come in from any direction. */
import { expect, test } from "vitest";
import { NOTHING, type Page, reduceWindow, type State, type Step } from "./row-window.ts";

const page = (from: number, to: number, more: Partial<Page<number>> = {}): Page<number> => ({
  items: Array.from({ length: to - from }, (_, i) => from + i),
  nextCursor: `after ${to}`,
  previousCursor: `before ${from}`,
  count: null,
  from: null,
  ...more,
});
const after = (...steps: readonly Step<number>[]): State<number> => steps.reduce<State<number>>(reduceWindow, NOTHING as State<number>);

test("a first page stands at the beginning", () => {
  const state = after({ kind: "begin", page: page(0, 50, { previousCursor: null, count: 1000, from: 0 }), at: null });
  expect(state).toMatchObject({ first: 0, count: 1000, atStart: true, atEnd: false });
});

test("a jump stands where it was asked for, and growing backwards to the true beginning sets the places right", () => {
  const jumped = after({ kind: "begin", page: page(30, 80, { count: 1000, from: 0.1 }), at: 100 });
  expect(jumped).toMatchObject({ first: 100, atStart: false });
  const grown = reduceWindow(jumped, { kind: "before", page: page(0, 30, { previousCursor: null }) });
  expect(grown).toMatchObject({ first: 0, atStart: true, corrected: -70 });
  expect(grown.rows[30]).toBe(30);
});

test("before the true beginning was seen, no row claims its place", () => {
  const jumped = after({ kind: "begin", page: page(200, 250, { count: 1000, from: 0.02 }), at: 20 });
  const grown = reduceWindow(jumped, { kind: "before", page: page(150, 200) });
  expect(grown.first).toBe(1);
  expect(grown.corrected).toBe(31);
});

test("the last page stands at the end, and the end decides how many there are", () => {
  const last = after({ kind: "begin", page: page(940, 1000, { nextCursor: null, count: 1000, from: 0.94 }), at: null });
  expect(last).toMatchObject({ first: 940, atEnd: true });
  const short = after(
    { kind: "begin", page: page(0, 50, { previousCursor: null, count: 1000, from: 0 }), at: null },
    { kind: "after", page: page(50, 70, { nextCursor: null }) },
  );
  expect(short).toMatchObject({ count: 70, atEnd: true });
});

test("what is all on one page is counted, whatever was estimated", () => {
  expect(after({ kind: "begin", page: page(0, 3, { nextCursor: null, previousCursor: null, count: 10_001, from: 0 }), at: null }).count).toBe(3);
});

test("a first page does not wait until all are counted, and what was counted of another list does not stand beside it", () => {
  const counting = Promise.resolve(null);
  const first = { kind: "begin", page: page(0, 50, { previousCursor: null, from: 0, counting }), at: null } as const;
  const old = after({ ...first, fresh: true }, { kind: "counted", count: 1000 });
  expect(old).toMatchObject({ count: 1000, counted: true });
  expect(reduceWindow(old, { ...first, fresh: true })).toMatchObject({ count: 51, counted: false });
  // The same list again, as after Home.
  expect(reduceWindow(old, first)).toMatchObject({ count: 1000, counted: true });
  const whole = { kind: "begin", page: page(0, 3, { nextCursor: null, previousCursor: null, from: 0, counting }), at: null, fresh: true } as const;
  expect(after(whole)).toMatchObject({ count: 3, counted: true });
  expect(after(whole, { kind: "counted", count: 10_001 }).count).toBe(3);
});

test("a row changes where it stands, or leaves", () => {
  const state = after({ kind: "begin", page: page(0, 3, { nextCursor: null, previousCursor: null, count: 3, from: 0 }), at: null });
  expect(reduceWindow(state, { kind: "patch", change: (row) => (row === 1 ? null : row * 10) })).toMatchObject({ rows: [0, 20], count: 2 });
});

test("a refusal keeps what is there", () => {
  const state = after({ kind: "begin", page: page(0, 3, { count: 3, from: 0, previousCursor: null }), at: null }, { kind: "failed", error: new Error("gone") });
  expect(state.rows).toEqual([0, 1, 2]);
  expect(state.error?.message).toBe("gone");
});
