import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ScoreRule } from "../config/config.ts";
import type { Input } from "../flow/input.ts";
import { models, OPEN, VIEWS } from "../testing/score-worlds.ts";
import { configWith, days, newStory, NOON, type Story, take, taken } from "../testing/story.ts";
import { dayOf, startOfDay } from "../time.ts";

const definition = (points: number) => ({ stage: "mql", version: 1, criteria: { field: "score", op: "gte", value: points } as const });
const entries = (story: Story): number => story.facts.filter(({ type, stage }) => type === "stage.entered" && stage === "mql").length;

/** Takes an input; whoever enters the stage was below the moment before, and only a return leaves it. */
function step(story: Story, input: Input): void {
  const before = story.state;
  const after = taken(story, input);
  const entered = (after.passes["mql"] ?? 0) > (before?.passes["mql"] ?? 0);
  if (entered && before !== null) expect([before.stage === "mql", before.met]).toEqual([false, []]);
  if (before?.stage === "mql") expect(after.stage).toBe(input.kind === "reject" ? "rejected" : "mql");
}

/** Lets time pass, with the timer firing whenever it is due. */
function wait(story: Story, until: number): void {
  for (let due = story.state?.timers["score"]; due !== undefined && due <= until; due = story.state?.timers["score"]) {
    story.now = Math.max(story.now, due);
    step(story, { kind: "timer", purposes: ["score"] });
  }
  story.now = Math.max(story.now, until);
}

const happening = fc.oneof(
  fc.record({ kind: fc.constant("touch" as const), facet: fc.constantFrom("pageView" as const, "download" as const), after: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ kind: fc.constant("return" as const), after: fc.integer({ min: 0, max: 40 }) }),
  fc.record({ kind: fc.constant("look" as const), after: fc.integer({ min: 0, max: 40 }) }),
);

describe("a score that falls below a threshold and rises again", () => {
  test("enters the stage once, and once more after each return by sales at most, only after it was below; nothing takes the stage away", () => {
    fc.assert(
      fc.property(models, fc.integer({ min: -5, max: 25 }), fc.array(happening, { maxLength: 14 }), (model, threshold, happenings) => {
        const story = newStory(configWith({ model, definitions: [definition(threshold)] }));
        taken(story, { kind: "capture", patch: { email: "ada@example.com" }, touches: [] });
        let returns = 0;
        for (const one of happenings) {
          wait(story, story.now + days(one.after));
          if (one.kind === "touch") step(story, { kind: "touches", touches: [{ kind: one.facet, at: null, props: null }] });
          if (one.kind === "look") step(story, { kind: "look" });
          if (one.kind !== "return" || story.state?.stage !== "mql") continue;
          step(story, { kind: "reject", reason: "not now" });
          returns++;
        }
        expect(entries(story)).toBeLessThanOrEqual(1 + returns);
      }),
      { numRuns: 150 },
    );
  });

  test("does not flap at the edge of a day, not even between two clocks that see it at different times", () => {
    const rule: ScoreRule = { ...VIEWS, windowDays: 1 };
    const story = newStory(configWith({ model: { ...OPEN, rules: [rule] }, definitions: [definition(10)] }), startOfDay(dayOf(NOON)) - 2000);
    const midnight = startOfDay(dayOf(NOON));
    taken(story, { kind: "capture", patch: { email: "ada@example.com" }, touches: [{ kind: "pageView", at: null, props: null }] });
    expect(story.state).toMatchObject({ stage: "mql", scores: { total: 1000 } });
    for (const now of [midnight + 1, midnight - 1000, midnight + 2, midnight - 500, midnight + 3]) {
      story.now = now;
      taken(story, { kind: "look" });
      expect(story.state).toMatchObject({ stage: "mql", scores: { total: 0 } });
    }
    taken(story, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] });
    expect(story.state).toMatchObject({ stage: "mql", scores: { total: 1000 } });
    expect(entries(story)).toBe(1);
    expect(story.facts.filter(({ type }) => type === "lead.scored")).toHaveLength(2);
  });

  test("comes back from a return when it has been below and rises, and not before", () => {
    const story = newStory(configWith({ model: { ...OPEN, rules: [{ ...VIEWS, windowDays: 10 }] }, definitions: [definition(10)] }));
    taken(story, { kind: "capture", patch: { email: "ada@example.com" }, touches: [{ kind: "pageView", at: null, props: null }] });
    taken(story, { kind: "reject", reason: "no budget" });
    taken(story, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] });
    expect([story.state?.stage, entries(story)]).toEqual(["rejected", 1]);
    wait(story, story.now + days(11));
    expect([story.state?.stage, story.state?.met]).toEqual(["rejected", []]);
    taken(story, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] });
    expect([story.state?.stage, entries(story)]).toEqual(["mql", 2]);
    expect(take(story, { kind: "look" })).toMatchObject({ facts: [] });
  });
});
