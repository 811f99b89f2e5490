import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoreModel, ScoreRule } from "../config/config.ts";
import { PROFILE_KEYS, type LeadState } from "../flow/state.ts";
import { leads, leadWith, models, OPEN, VIEWS } from "../testing/score-worlds.ts";
import { configWith, days, NOON } from "../testing/story.ts";
import { dayOf, startOfDay } from "../time.ts";
import { explainScore, type Explanation } from "./explain.ts";
import { raiseMost, withSteps } from "./raise.ts";
import { compileModel, heatOf, scoreLead } from "./scoring.ts";
import { addTouch } from "./signals.ts";

const bound = (score: number) => ({ stage: "mql", version: 1, criteria: { field: "score", op: "gte", value: score } as const });

function explained(model: Partial<ScoreModel>, lead: LeadState, thresholds: readonly number[] = [], now = NOON): Explanation {
  return explainScore(configWith({ model: { ...OPEN, ...model }, definitions: thresholds.map(bound) }), lead, now);
}

const sum = (values: readonly number[]): number => values.reduce((all, one) => all + one, 0);

/** Every law of a ledger at once. */
function adds({ score, lines, sections, parts, sentence }: Explanation): void {
  expect(sum(lines.map(({ points }) => points))).toBe(score);
  for (const { section, earned, idle, cut, points } of sections) {
    expect(earned - idle - cut).toBe(points);
    expect(Math.min(idle, cut)).toBeGreaterThanOrEqual(0);
    expect(sum(lines.filter((line) => line.section === section).map((line) => line.points))).toBe(points);
  }
  expect(sum(parts.map(({ points }) => points))).toBe(Math.round(score / 100) + 0);
  expect(sentence.startsWith(`${score < 0 && Math.round(score / 100) !== 0 ? "−" : ""}${Math.abs(Math.round(score / 100))}`)).toBe(true);
  for (const { kind, before, behind, points, cap } of lines) {
    if (kind !== "signal") continue;
    expect(sum(behind.days.map((day) => day.points))).toBe(before);
    expect(points).toBe(cap === null ? before : Math.sign(before) * Math.min(Math.abs(before), cap));
  }
}

describe("a ledger", () => {
  test("adds up to the score: lines, sections, days and whole points, for any model and lead", () => {
    fc.assert(
      fc.property(models, leads, (model, lead) => {
        const explanation = explained(model, lead);
        expect(explanation.score).toBe(scoreLead(compileModel(model), 1, lead, NOON).total);
        adds(explanation);
      }),
      { numRuns: 400 },
    );
  });

  test("is the same whatever the order in which touches came, and for two leads' touches put together", () => {
    const touch = fc.record({ facet: fc.constantFrom("pageView", "download"), ago: fc.integer({ min: 0, max: 200 }) });
    fc.assert(
      fc.property(
        models,
        fc.array(touch, { maxLength: 12 }).chain((list) => fc.tuple(fc.constant(list), fc.shuffledSubarray(list, { minLength: list.length }))),
        (model, [one, other]) => {
          const lead = (list: typeof one): LeadState =>
            list.reduce<LeadState>(
              (state, { facet, ago }) => ({ ...state, signals: { ...state.signals, [facet]: addTouch(state.signals[facet], NOON - days(ago)) } }),
              leadWith({}),
            );
          const explanation = explained(model, lead(one));
          adds(explanation);
          expect(explained(model, lead(other))).toEqual(explanation);
        },
      ),
    );
  });

  test("adds up after every change of the rules, too", () => {
    fc.assert(
      fc.property(models, models, leads, (before, after, lead) => {
        const scores = scoreLead(compileModel(before), 1, lead, NOON);
        adds(explained(after, { ...lead, scores }));
      }),
    );
  });

  test("foretells each line: until its next change it gives what it gives, then what was said, and after its end nothing", () => {
    fc.assert(
      fc.property(models, leads, (model, lead) => {
        const { lines } = explained(model, lead);
        const given = (rule: string, at: number): number => explained(model, lead, [], at).lines.find((line) => line.rule === rule)?.points ?? 0;
        for (const { kind, rule, points, next, expiresAt } of lines.filter((line) => line.kind !== "bound")) {
          if (kind === "filled") expect(next).toBeNull();
          if (next !== null) {
            expect(given(rule, next.at)).toBe(next.points);
            expect(given(rule, next.at - days(1))).toBe(next.at - days(1) < NOON ? given(rule, NOON) : points);
          }
          if (expiresAt !== null) for (const later of [0, 1, 30, 400]) expect(given(rule, expiresAt + days(later))).toBe(0);
          if (expiresAt !== null && expiresAt - days(1) > NOON) expect(given(rule, expiresAt - days(1))).not.toBe(0);
        }
      }),
      { numRuns: 60 },
    );
  });

  test("tells the touches behind a line, what a half-life has taken and what a cap has cut", () => {
    const rule = { ...VIEWS, halfLifeDays: 14, cap: 2000 };
    const { lines, sections, parts, sentence } = explained({ rules: [rule], caps: { engagement: 1200 } }, leadWith({ pageView: [0, 14, 14] }));
    expect(lines).toMatchObject([
      {
        rule: "views",
        kind: "signal",
        points: 2000,
        before: 2000,
        cap: 2000,
        idle: 0,
        behind: {
          facet: "pageView",
          days: [
            { at: startOfDay(dayOf(NOON)), touches: 1, points: 1000 },
            { at: startOfDay(dayOf(NOON) - 14), touches: 2, points: 1000 },
          ],
        },
      },
      { rule: "cap-engagement", label: "Cap of engagement", kind: "bound", points: -800, cap: 1200 },
    ]);
    expect(sections).toEqual([{ section: "engagement", earned: 2000, idle: 0, cut: 800, cap: 1200, points: 1200 }]);
    expect(parts).toEqual([
      { of: "engagement", points: 20 },
      { of: "caps", points: -8 },
    ]);
    expect(sentence).toBe("12 = 20 engagement − 8 over a cap");
  });

  test("says the score in one sentence whose whole numbers add up", () => {
    const title: ScoreRule = {
      id: "title",
      label: "Title",
      section: "fit",
      kind: "field",
      when: { field: "jobTitle", op: "contains", value: "chief" },
      points: 4040,
    };
    const lead = leadWith({ pageView: [10, 10, 10, 10, 10] }, { jobTitle: "Chief of staff" });
    expect(explained({ rules: [title, { ...VIEWS, points: 950, halfLifeDays: 19 }] }, lead).sentence).toBe("73 = 40 fit + 48 engagement − 15 idle");
    expect(explained({ rules: [title] }, leadWith({})).sentence).toBe("0: nothing counts yet");
    expect(explained({ rules: [{ ...VIEWS, points: -700 }] }, leadWith({ pageView: [0] })).sentence).toBe("−7 = −7 engagement");
  });

  test("shows what fields hold behind a line, also those that a profile lacks", () => {
    const rules: readonly ScoreRule[] = [
      { id: "q", label: "Filled", section: "quality", kind: "filled", fields: ["email", "phone"], points: 1000 },
      { id: "f", label: "Often here", section: "fit", kind: "field", when: { field: "touches.pageView", op: "gte", value: { count: 2 } }, points: 500 },
      { id: "a", label: "Fresh", section: "freshness", kind: "age", since: "touch", steps: [{ days: 7, points: 300 }] },
    ];
    const { lines } = explained({ rules }, leadWith({ pageView: [1, 2] }, { email: "a@b.de" }));
    expect(lines.map(({ behind }) => behind.fields)).toEqual([
      [
        { field: "email", value: "a@b.de" },
        { field: "phone", value: null },
      ],
      [{ field: "touches.pageView", value: 2 }],
      [{ field: "lastTouch", value: NOON - days(1) }],
    ]);
    expect(lines[2]).toMatchObject({ next: { at: startOfDay(dayOf(NOON) + 7), points: 0 }, expiresAt: startOfDay(dayOf(NOON) + 7) });
  });
});

describe("what becomes of a score", () => {
  test("is told by the day on which it falls below each threshold, and not a day earlier", () => {
    fc.assert(
      fc.property(models, leads, (model, lead) => {
        const compiled = compileModel(model);
        const { below, cools, heat } = explained(model, lead, [0, 10, 50]);
        for (const { threshold, at, stages } of below) {
          expect(scoreLead(compiled, 1, lead, at).total).toBeLessThan(threshold);
          expect(scoreLead(compiled, 1, lead, at - days(1)).total).toBeGreaterThanOrEqual(threshold);
          expect(stages.every((stage) => stage === "mql")).toBe(true);
        }
        const heatAt = (at: number) => heatOf(model, lead, scoreLead(compiled, 1, lead, at).engagement, dayOf(at));
        expect(heat).toBe(heatAt(NOON));
        for (const { to, at } of cools) {
          expect(heatAt(at)).toBe(to);
          expect(heatAt(at - days(1))).not.toBe(to);
        }
      }),
    );
  });

  test("names the stage whose definition it would not meet any more", () => {
    const rule = { ...VIEWS, windowDays: 10 };
    const { below } = explained({ rules: [rule] }, leadWith({ pageView: [0, 3] }), [15, 20, 99]);
    const at = startOfDay(dayOf(NOON) + 7);
    expect(below).toEqual([
      { threshold: 2000, at, stages: ["mql"] },
      { threshold: 1500, at, stages: ["mql"] },
    ]);
  });
});

describe("what would raise a score", () => {
  const rules: readonly ScoreRule[] = [
    {
      id: "title",
      label: "Decides",
      section: "fit",
      kind: "field",
      points: 800,
      when: {
        or: [
          { field: "jobTitle", op: "contains", value: "chief" },
          { field: "jobTitle", op: "contains", value: "vp" },
        ],
      },
    },
    { id: "q", label: "Filled", section: "quality", kind: "filled", fields: ["email", "jobTitle"], points: 1000 },
    { ...VIEWS, cap: 1000 },
    {
      id: "both",
      label: "Downloads and country",
      section: "fit",
      kind: "field",
      points: 600,
      when: {
        and: [
          { field: "touches.download", op: "gte", value: { count: 2, withinDays: 30 } },
          { field: "country", op: "eq", value: "DE" },
        ],
      },
    },
  ];
  const raise = (model: Partial<ScoreModel>, lead: LeadState) => raiseMost(compileModel({ ...OPEN, rules, ...model }), [], lead, NOON);

  test("is what scoring the changed lead gives, for any model and lead, and no more touch or unknown field would give more", () => {
    fc.assert(
      fc.property(models, leads, (model, lead) => {
        const compiled = compileModel(model);
        const now = scoreLead(compiled, 0, lead, NOON).total;
        const found = raiseMost(compiled, [], lead, NOON);
        for (const { steps, points } of found) {
          expect(points).toBeGreaterThan(0);
          expect(scoreLead(compiled, 0, withSteps(lead, steps, [], NOON), NOON).total).toBe(now + points);
        }
        for (const field of PROFILE_KEYS.filter((key) => lead[key] === null)) {
          const gain = scoreLead(compiled, 0, { ...lead, [field]: "anything" }, NOON).total - now;
          if (gain > (found[0]?.points ?? 0)) throw new Error(`${field} would give ${gain}`);
        }
      }),
      { numRuns: 300 },
    );
  });

  test("names the value that counts, or that anything would do; what is capped gives nothing", () => {
    expect(raise({}, leadWith({}, { email: "a@b.de" }))).toEqual([
      { steps: [{ kind: "field", field: "jobTitle", op: "contains", value: "chief" }], points: 1300 },
      { steps: [{ kind: "touch", facet: "pageView", count: 1 }], points: 1000 },
      {
        steps: [
          { kind: "touch", facet: "download", count: 2 },
          { kind: "field", field: "country", op: "eq", value: "DE" },
        ],
        points: 600,
      },
    ]);
    expect(raise({}, leadWith({ pageView: [0] }, { jobTitle: "Student", country: "FR" }))).toEqual([
      { steps: [{ kind: "field", field: "email", op: "known", value: null }], points: 500 },
    ]);
    expect(raise({ ceiling: 1700 }, leadWith({ pageView: [0] }, { email: "a@b.de" }))[0]).toMatchObject({ points: 200, steps: [{ field: "jobTitle" }] });
  });

  test("a touch of a facet counts as one of its kind", () => {
    const facets = [{ id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" }];
    const both = [VIEWS, { ...VIEWS, id: "pricing", facet: "pricing", points: 500 }];
    expect(raiseMost(compileModel({ ...OPEN, rules: both }), facets, leadWith({}), NOON)).toEqual([
      { steps: [{ kind: "touch", facet: "pricing", count: 1 }], points: 1500 },
      { steps: [{ kind: "touch", facet: "pageView", count: 1 }], points: 1000 },
    ]);
  });
});
