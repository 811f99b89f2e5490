import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { SECTIONS, type ScoreModel, type ScoreRule } from "../config/config.ts";
import { subjectOf } from "../flow/subject.ts";
import type { LeadState } from "../flow/state.ts";
import { leads, leadWith, models, OPEN, VIEWS } from "../testing/score-worlds.ts";
import { NOON } from "../testing/story.ts";
import { dayOf, startOfDay } from "../time.ts";
import { compileModel, compileWatch, decayTable, heatOf, nextScoreChange, scoreLead, type Watch } from "./scoring.ts";

function scored(rules: readonly ScoreRule[], lead: LeadState, now = NOON, model: Partial<ScoreModel> = {}) {
  return scoreLead(compileModel({ ...OPEN, rules, ...model }), 1, lead, now);
}

function sumOfLedger(ledger: readonly number[]): number {
  return ledger.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0);
}

describe("a score", () => {
  test("is the sum of its ledger, and of its sections up to floor and ceiling, for any model and lead", () => {
    fc.assert(
      fc.property(models, leads, (model, lead) => {
        const scores = scoreLead(compileModel(model), 7, lead, NOON);
        expect(sumOfLedger(scores.ledger)).toBe(scores.total);
        const sections = scores.fit + scores.engagement + scores.bant + scores.quality + scores.freshness;
        expect(scores.total).toBe(Math.min(model.ceiling, Math.max(model.floor, sections)));
        expect(scores.ledger.every(Number.isSafeInteger)).toBe(true);
        expect(scores.model).toBe(7);
        for (const name of SECTIONS) expect(scores[name]).toBeLessThanOrEqual(model.caps[name] ?? Number.POSITIVE_INFINITY);
      }),
      { numRuns: 500 },
    );
  });

  test("counts a touch in its window and not a day longer", () => {
    const rule = { ...VIEWS, windowDays: 30 };
    expect([28, 29, 30].map((ago) => scored([rule], leadWith({ pageView: [ago] })).total)).toEqual([1000, 1000, 0]);
  });

  test("halves after the half-life and again after the next", () => {
    const rule = { ...VIEWS, halfLifeDays: 14 };
    expect([0, 14, 28].map((ago) => scored([rule], leadWith({ pageView: [ago] })).total)).toEqual([1000, 500, 250]);
    expect(decayTable(14)[14]).toBe(500_000);
    expect(decayTable(400)[400]).toBe(500_000);
  });

  test("counts every touch, or only the latest one", () => {
    const lead = leadWith({ pageView: [0, 0, 5] });
    expect(scored([VIEWS], lead).total).toBe(3000);
    expect(scored([{ ...VIEWS, each: false }], lead).total).toBe(1000);
  });

  test("is held down by the cap of a rule, of a section and of the whole, each said in the ledger", () => {
    const lead = leadWith({ pageView: [0, 0, 0] });
    expect(scored([{ ...VIEWS, cap: 2500 }], lead).ledger).toEqual([0, 2500]);
    expect(scored([{ ...VIEWS, cap: 2500, points: -1000 }], lead).ledger).toEqual([0, -2500]);
    expect(scored([VIEWS], lead, NOON, { caps: { engagement: 2000 } }).ledger).toEqual([0, 3000, -2, -1000]);
    expect(scored([VIEWS], lead, NOON, { ceiling: 1500 }).ledger).toEqual([0, 3000, -9, -1500]);
    expect(scored([{ ...VIEWS, points: -1000 }], lead, NOON, { floor: -500 }).ledger).toEqual([0, -3000, -9, 2500]);
  });

  test("gives the filled share of a profile and the step of an age", () => {
    const filled: ScoreRule = { id: "q", label: "Filled", section: "quality", kind: "filled", fields: ["email", "phone", "company"], points: 1000 };
    expect(scored([filled], leadWith({}, { email: "a@b.de", company: "B" })).quality).toBe(667);
    const age: ScoreRule = {
      id: "a",
      label: "Fresh",
      section: "freshness",
      kind: "age",
      since: "touch",
      steps: [
        { days: 7, points: 500 },
        { days: 30, points: 200 },
      ],
    };
    expect([0, 7, 8, 30, 31].map((ago) => scored([age], leadWith({ pageView: [ago] })).freshness)).toEqual([500, 500, 200, 200, 0]);
  });
});

describe("the score's timer", () => {
  const watchable: readonly Watch[] = [
    compileWatch({ field: "touches.pageView", op: "gte", value: { count: 2, withinDays: 90 } }),
    compileWatch({
      and: [
        { field: "score", op: "lt", value: 5 },
        { field: "touches.download", op: "eq", value: { count: 0, withinDays: 30 } },
      ],
    }),
  ];

  test("is the first day on which scoring anew every day would find a whole point, a bound, the heat or a watched answer moved", () => {
    fc.assert(
      fc.property(
        models,
        leads,
        fc.array(
          fc.integer({ min: -50, max: 100 }).map((value) => value * 50),
          { maxLength: 2 },
        ),
        fc.subarray([...watchable]),
        (model, blank, bounds, watched) => {
          const compiled = compileModel(model);
          const scores = scoreLead(compiled, 1, blank, NOON);
          const lead = { ...blank, scores, heat: heatOf(model, blank, scores.engagement, dayOf(NOON)) };
          expect(nextScoreChange(compiled, lead, NOON, bounds, watched)).toBe(bruteForce(model, lead, bounds, watched));
        },
      ),
      { numRuns: 1000 },
    );
  });

  test("is not set where time changes nothing", () => {
    const compiled = compileModel({ ...OPEN, rules: [VIEWS] });
    expect(nextScoreChange(compiled, leadWith({}), NOON, [5000], [])).toBeNull();
  });

  function bruteForce(model: ScoreModel, lead: LeadState, bounds: readonly number[], watched: readonly Watch[]): number | null {
    const compiled = compileModel(model);
    for (let day = dayOf(NOON) + 1; day <= dayOf(NOON) + 400; day++) {
      const at = startOfDay(day);
      const then = scoreLead(compiled, 1, lead, at);
      const moved =
        Math.abs(then.total - lead.scores.total) >= 100 ||
        bounds.some((bound) => lead.scores.total >= bound !== then.total >= bound) ||
        heatOf(model, lead, then.engagement, day) !== lead.heat ||
        watched.some(({ when }) => when(subjectOf(lead), NOON) !== when(subjectOf({ ...lead, scores: then }), at));
      if (moved) return at;
    }
    return null;
  }
});

test("heat is strength and recency together", () => {
  const lead = (ago: number) => leadWith({ pageView: [ago] });
  const heat = (ago: number, engagement: number) => heatOf(OPEN, lead(ago), engagement, dayOf(NOON));
  expect([heat(6, 3000), heat(7, 3000), heat(6, 2999), heat(29, 1000), heat(30, 9000), heat(0, 999)]).toEqual(["hot", "warm", "warm", "warm", "cold", "cold"]);
  expect(heatOf(OPEN, leadWith({}), 9000, dayOf(NOON))).toBe("cold");
});
