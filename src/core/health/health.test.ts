import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { configWith } from "../testing/story.ts";
import { answerHealth, type Counted, levelOf, routedStages, separation, stagesWithTasks, workedStages } from "./health.ts";

const config = configWith();
const WELL: Counted = {
  ready: [{ label: "Marketing qualified", defined: true, signed: true }],
  entries: 20,
  unmet: 0,
  leads: 100,
  atWork: 40,
  standing: 0,
  inProcess: 30,
  withoutStep: 0,
  qualified: 20,
  unowned: 0,
  arrived: 20,
  waited: 0,
  medianMinutes: 0.2,
  stale: 0,
  rescoring: false,
  entered: new Set(workedStages(config)),
  outcomes: { won: 20, lost: 20, wonRanks: 590 },
};

const verdictsOf = (counted: Partial<Counted>, under = config): readonly string[] => answerHealth(under, { ...WELL, ...counted }).map(({ verdict }) => verdict);
const saysOf = (counted: Partial<Counted>, question: number): string => answerHealth(config, { ...WELL, ...counted })[question]?.says ?? "";

describe("the questions", () => {
  test("all are answered with yes where everything is as it should be", () => {
    const answered = configWith({ routing: { ...config.config.routing, fallback: { queue: "sales", responsible: "somebody" } } });
    expect(verdictsOf({}, answered)).toEqual(["yes", "yes", "yes", "yes", "yes"]);
    expect(levelOf(verdictsOf({}, answered) as ["yes"])).toBe(5);
  });

  test.each([
    ["a definition that was never signed", { ready: [{ label: "MQL", defined: true, signed: false }] }, 0, "no"],
    ["a stage without a definition", { ready: [{ label: "MQL", defined: false, signed: false }] }, 0, "no"],
    ["leads that entered without meeting it", { unmet: 1 }, 0, "partly"],
    ["stages nobody enters", { entered: new Set(["inquiry", "mql", "sql", "opportunity"]) }, 1, "partly"],
    ["hardly any stage entered", { entered: new Set(["inquiry"]) }, 1, "no"],
    ["leads that stand", { standing: 30 }, 1, "no"],
    ["a few leads without a next step", { withoutStep: 2 }, 2, "partly"],
    ["many leads without a next step", { withoutStep: 12 }, 2, "no"],
    ["qualified leads of nobody", { unowned: 9 }, 3, "no"],
    ["leads that waited for an owner", { waited: 1 }, 3, "partly"],
    ["scores of an older model", { stale: 60 }, 4, "no"],
    ["scores that say nothing", { outcomes: { won: 20, lost: 20, wonRanks: 410 } }, 4, "no"],
  ] as const)("%s flip the answer", (_, counted, question, verdict) => {
    expect(verdictsOf(counted)[question]).toBe(verdict);
  });

  test("what nothing can be said about is unknown, and does not count", () => {
    const empty = { entries: 0, leads: 0, atWork: 0, inProcess: 0, qualified: 0, arrived: 0, outcomes: { won: 0, lost: 0, wonRanks: 0 } };
    expect(verdictsOf(empty)).toEqual(["yes", "unknown", "unknown", "unknown", "unknown"]);
    expect(levelOf(["unknown", "unknown"])).toBeNull();
    expect(levelOf(["unknown", "yes"])).toBe(5);
    expect(verdictsOf({ outcomes: { won: 3, lost: 40, wonRanks: 100 } })[4]).toBe("unknown");
  });

  test("an answer says its numbers in words", () => {
    expect(saysOf({ withoutStep: 2 }, 2)).toBe("2 of 30 leads in the process have no next step.");
    expect(saysOf({ entered: new Set(["inquiry", "mql", "sql", "opportunity"]) }, 1)).toMatch(
      /^Nobody entered Customer in 90 days; no lead at work stands still\.$/,
    );
    expect(saysOf({}, 4)).toMatch(/in 95 % of pairs/);
  });

  test("a number that is zero opens nothing, every other opens what it counts", () => {
    for (const { measures } of answerHealth(config, { ...WELL, unmet: 2, withoutStep: 3, unowned: 1 }))
      for (const { id, value, opens } of measures) expect([id, opens]).toEqual([id, value > 0 && id !== "rules" && id !== "unusedStages" ? id : null]);
  });
});

describe("how well scores separate won from lost", () => {
  /** Counts pairs, one by one. */
  const byPairs = (won: readonly number[], lost: readonly number[]): number => {
    let sum = 0;
    for (const one of won) for (const other of lost) sum += one > other ? 1 : one === other ? 0.5 : 0;
    return sum / (won.length * lost.length);
  };
  const ranksOf = (won: readonly number[], lost: readonly number[]): number => {
    const all = [...won, ...lost];
    const rank = (score: number): number => all.filter((other) => other < score).length + (all.filter((other) => other === score).length + 1) / 2;
    return won.reduce((sum, score) => sum + rank(score), 0);
  };

  test("is the share of pairs in which the won lead had the higher score", () => {
    const some = fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 10, maxLength: 40 });
    fc.assert(
      fc.property(some, some, (won, lost) => {
        const found = separation({ won: won.length, lost: lost.length, wonRanks: ranksOf(won, lost) });
        expect(found?.auc).toBeCloseTo(byPairs(won, lost), 9);
        expect(found?.low).toBeLessThanOrEqual(found?.auc ?? 0);
        expect(found?.high).toBeGreaterThanOrEqual(found?.auc ?? 1);
      }),
    );
  });

  test("is not told from few outcomes", () => {
    expect(separation({ won: 9, lost: 100, wonRanks: 500 })).toBeNull();
  });
});

test("the level rises with every better answer and never falls", () => {
  const verdict = fc.constantFrom("yes", "partly", "no", "unknown");
  fc.assert(
    fc.property(fc.array(verdict, { minLength: 1, maxLength: 7 }), fc.nat(6), (verdicts, place) => {
      const at = place % verdicts.length;
      if (verdicts[at] === "unknown") return;
      const better = verdicts.with(at, "yes");
      expect(levelOf(better) ?? 0).toBeGreaterThanOrEqual(levelOf(verdicts) ?? 0);
    }),
  );
});

test("the default process is asked about its own stages", () => {
  expect(workedStages(config)).toEqual(["inquiry", "mql", "sql", "opportunity", "customer"]);
  expect(routedStages(config)[0]).toBe("mql");
  expect(stagesWithTasks(config)).toContain("mql");
});
