/** What the times of a hand on a page come to, and that the bench asks for as much as it promises. */
import { expect, test } from "vitest";
import { byKind, timesOf } from "./interaction-times.ts";
import type { Hand } from "./interaction-hand.ts";
import { PASSES, workOnce } from "./interaction-person.ts";
import type { Sight } from "./interaction-probe.ts";

const took = (kind: string, ms: number, api: readonly number[] = []) => ({ kind, ms, api: api.map((one) => ({ path: "/api/v1/leads", ms: one })) });

test("the times of many actions are values that were measured", () => {
  const times = Array.from({ length: 200 }, (_, i) => took("key", i + 1));
  expect(timesOf(times)).toEqual({ p50: 100, p95: 190 });
});

test("kinds stand slowest first, and where the API was asked, its longest answer beside them", () => {
  const kinds = byKind([took("sort", 90, [40, 60]), took("down the list", 20), took("sort", 70, [30]), took("down the list", 22)]);
  expect(Object.keys(kinds)).toEqual(["sort", "down the list"]);
  expect(kinds["sort"]).toEqual({ n: 2, p50: 70, p95: 90, api: { p50: 30, p95: 60 } });
  expect(kinds["down the list"]).toEqual({ n: 2, p50: 20, p95: 22 });
});

type Done = { readonly kind: string; readonly sights: readonly Sight[] };

/** A hand that only writes down what it is asked to do. */
async function askedFor(pass: number): Promise<readonly Done[]> {
  const done: Done[] = [];
  const anything: object = new Proxy(() => anything, { get: (_, name) => (name === "then" ? undefined : anything) });
  const act: Hand["act"] = async (kind, _, sights) => {
    done.push({ kind, sights });
    return { kind, ms: 1, firstFrame: 0, api: [] };
  };
  await workOnce({ act, let: () => Promise.reject(new Error("Only jumps pull.")), page: anything as Hand["page"], actions: [] }, pass);
  return done;
}

test("the passes of a person are more than 200 actions of some thirty kinds, and each says what must be seen", async () => {
  const done = (await Promise.all(Array.from({ length: PASSES }, (_, pass) => askedFor(pass + 1)))).flat();
  expect(done.length).toBeGreaterThanOrEqual(200);
  const kinds = new Set(done.map(({ kind }) => kind));
  for (const kind of [
    "down the list",
    "open a lead",
    "back to the list",
    "next lead",
    "add a filter",
    "sort",
    "jump to the end",
    "assign",
    "finish a next step",
    "go to Pipeline",
  ])
    expect(kinds).toContain(kind);
  for (const { sights } of done) expect(sights.length).toBeGreaterThan(0);
});
