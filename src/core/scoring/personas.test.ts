import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Facet, ScoreModel, ScoreRule } from "../config/config.ts";
import type { LeadState } from "../flow/state.ts";
import { leads, leadWith, models, OPEN, VIEWS } from "../testing/score-worlds.ts";
import { NOON } from "../testing/story.ts";
import { REACH_LIMITS, reachOf, type TouchSet } from "./personas.ts";
import { compileModel, scoreLead } from "./scoring.ts";
import { addTouch } from "./signals.ts";

const FACETS: readonly Facet[] = [{ id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" }];
const ACTIONS = ["pageView", "pricing", "download"] as const;

/** Touches, as they would come in. */
function after(lead: LeadState, touches: Readonly<Record<string, number>>): LeadState {
  const signals: Record<string, ReturnType<typeof addTouch>> = {};
  for (const [facet, count] of Object.entries(touches))
    for (const name of facet === "pricing" ? ["pricing", "pageView"] : [facet]) for (let i = 0; i < count; i++) signals[name] = addTouch(signals[name], NOON);
  return { ...lead, signals };
}

/** Every set of up to `most` touches, one size after the other, until some reach. */
function bruteForce(model: ScoreModel, lead: LeadState, threshold: number, most: number): { size: number | null; sets: readonly string[] } {
  const compiled = compileModel(model);
  for (let size = 0; size <= most; size++) {
    const sets: string[] = [];
    for (let a = 0; a <= size; a++)
      for (let b = 0; a + b <= size; b++) {
        const counts = [a, b, size - a - b];
        const touches = Object.fromEntries(ACTIONS.map((name, i) => [name, counts[i] as number]));
        if (scoreLead(compiled, 0, after(lead, touches), NOON).total >= threshold) sets.push(written({ touches, score: 0 }));
      }
    if (sets.length > 0) return { size, sets: sets.sort() };
  }
  return { size: null, sets: [] };
}

function written({ touches }: TouchSet): string {
  return ACTIONS.map((name) => touches[name] ?? 0).join(" ");
}

const signal = (id: string, facet: string, points: number, change: Partial<typeof VIEWS> = {}): ScoreRule => ({ ...VIEWS, id, facet, points, ...change });

describe("what it takes", () => {
  test("is what trying every set finds: the smallest size, and every set of it", () => {
    const priced = models.map((model): ScoreModel => {
      const rules = model.rules.map((rule): ScoreRule => (rule.kind === "signal" && rule.facet === "mailReply" ? { ...rule, facet: "pricing" } : rule));
      // A touch of every facet gives something, so that both sides look at the same ones.
      return { ...model, rules: [...rules, ...ACTIONS.map((facet) => signal(`x-${facet}`, facet, 100))] };
    });
    fc.assert(
      fc.property(priced, leads, fc.integer({ min: -10, max: 120 }), (model, lead, points) => {
        const now = { ...lead, capturedAt: NOON, signals: {} };
        const found = reachOf(compileModel(model), FACETS, now, points * 100, NOON, { ...REACH_LIMITS, touches: 6 });
        const all = bruteForce(model, now, points * 100, 6);
        expect([found.exact, found.touches]).toEqual([true, all.size]);
        expect(found.sets.map(written).sort()).toEqual(all.sets);
        for (const { touches, score } of found.sets) expect(score).toBe(scoreLead(compileModel(model), 0, after(now, touches), NOON).total);
      }),
      { numRuns: 400 },
    );
  });

  test("counts a facet for its kind, and rules that ask for several facets at once", () => {
    const rules: readonly ScoreRule[] = [
      signal("views", "pageView", 300, { cap: 600 }),
      signal("pricing", "pricing", 500),
      {
        id: "both",
        label: "Both",
        section: "fit",
        kind: "field",
        points: 2000,
        when: {
          and: [
            { field: "touches.download", op: "gte", value: { count: 1 } },
            { field: "touches.pricing", op: "gte", value: { count: 1 } },
          ],
        },
      },
    ];
    const reach = (points: number) => reachOf(compileModel({ ...OPEN, rules }), FACETS, leadWith({}), points * 100, NOON);
    expect(reach(8)).toMatchObject({ touches: 1, sets: [{ touches: { pricing: 1 }, score: 800 }] });
    expect(reach(28)).toMatchObject({ touches: 2, sets: [{ touches: { pricing: 1, download: 1 }, score: 2800 }] });
    expect(reach(0)).toEqual({ touches: 0, sets: [{ touches: {}, score: 0 }], more: false, score: 0, exact: true });
  });

  test("says when caps keep a persona from ever getting there", () => {
    const model = { ...OPEN, rules: [signal("views", "pageView", 300), signal("downloads", "download", 900)], caps: { engagement: 2500 } };
    expect(reachOf(compileModel(model), [], leadWith({}), 2600, NOON)).toMatchObject({ touches: null, sets: [], exact: true });
    expect(reachOf(compileModel(model), [], leadWith({}), 2500, NOON)).toMatchObject({ touches: 3, sets: [{ touches: { download: 3 } }] });
  });

  test("takes 50 ms at most for a model of forty rules", () => {
    const kinds = ["pageView", "formSubmit", "download", "videoView", "webinarAttended", "eventVisit", "mailClick", "mailReply", "call", "meeting"];
    const facets = kinds.flatMap((kind) => [1, 2, 3].map((i) => ({ id: `${kind}${i}`, kind, property: "url", pattern: `*/${i}/*` })));
    const rules = [
      ...kinds.map((kind, i) => signal(kind, kind, 100 + 50 * i, { cap: 600 + 100 * i })),
      ...facets.map(({ id }, i) => signal(id, id, 300 + 37 * i, { each: i % 3 > 0, cap: i % 3 === 1 ? 1500 : null })),
    ];
    const compiled = compileModel({ ...OPEN, rules, caps: { engagement: 7000 } });
    expect(rules).toHaveLength(40);
    for (const threshold of [2000, 5000, 6900, 7000, 7001]) {
      const times = Array.from({ length: 5 }, () => {
        const began = performance.now();
        const found = reachOf(compiled, facets, leadWith({}), threshold, NOON);
        expect([found.exact, found.touches === null]).toEqual([true, threshold === 7001]);
        return performance.now() - began;
      });
      expect(Math.min(...times), `${threshold} hundredths`).toBeLessThan(50);
    }
  });
});
