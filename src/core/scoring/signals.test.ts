import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Signal } from "../flow/state.ts";
import { DAY_MS, dayOf } from "../time.ts";
import { addTouch, countTouches, facetsOf, matchesPattern, SIGNAL_DAYS } from "./signals.ts";

const times = fc.array(fc.integer({ min: 0, max: 900 * DAY_MS }), { minLength: 1, maxLength: 40 });

function signalOf(touches: readonly number[]): Signal {
  return touches.reduce<Signal | undefined>((signal, at) => addTouch(signal, at), undefined) as Signal;
}

describe("signals", () => {
  test("are the same in whatever order the touches arrive", () => {
    fc.assert(
      fc.property(
        times.chain((touches) => fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length }))),
        ([touches, shuffled]) => {
          expect(signalOf(shuffled)).toEqual(signalOf(touches));
        },
      ),
    );
  });

  test("keep first, last and total of everything, and the days of the 400 before the newest touch", () => {
    fc.assert(
      fc.property(times, (touches) => {
        const signal = signalOf(touches);
        const newest = dayOf(Math.max(...touches));
        const kept = new Map<number, number>();
        for (const at of touches) if (dayOf(at) > newest - SIGNAL_DAYS) kept.set(dayOf(at), (kept.get(dayOf(at)) ?? 0) + 1);
        expect(signal).toEqual({
          first: Math.min(...touches),
          last: Math.max(...touches),
          total: touches.length,
          days: [...kept].sort(([a], [b]) => a - b).flat(),
        });
      }),
    );
  });

  test("n days are today and the n − 1 before", () => {
    const signal = signalOf([10, 12, 13].map((day) => day * DAY_MS + 5));
    expect([1, 2, 3, 4].map((window) => countTouches(signal, window, 13))).toEqual([1, 2, 2, 3]);
    expect(countTouches(signal, 1, 11)).toBe(0);
    expect(countTouches(signal, 400, 12)).toBe(2);
    expect(countTouches(signal, null, 10)).toBe(3);
    expect(countTouches(undefined, null, 10)).toBe(0);
  });

  test("any window counts as many touches as lie in it", () => {
    fc.assert(
      fc.property(times, fc.integer({ min: 1, max: 400 }), (touches, window) => {
        const today = dayOf(Math.max(...touches));
        const inside = touches.filter((at) => dayOf(at) <= today && dayOf(at) > today - window).length;
        expect(countTouches(signalOf(touches), window, today)).toBe(inside);
      }),
    );
  });

  test("a day that has fallen out does not come back with a late touch", () => {
    const signal = signalOf([0, SIGNAL_DAYS * DAY_MS]);
    expect(signal.days).toEqual([SIGNAL_DAYS, 1]);
    expect(addTouch(signal, 5)).toEqual({ first: 0, last: SIGNAL_DAYS * DAY_MS, total: 3, days: [SIGNAL_DAYS, 1] });
  });
});

describe("facets", () => {
  test("a touch counts for its kind and for every facet whose property matches", () => {
    const facets = [
      { id: "pricing", kind: "pageView", property: "url", pattern: "*/pricing*" },
      { id: "docs", kind: "pageView", property: "url", pattern: "*/docs/*" },
      { id: "form", kind: "formSubmit", property: "url", pattern: "*" },
    ];
    expect(facetsOf(facets, "pageView", { url: "https://example.com/Pricing?x" })).toEqual(["pageView", "pricing"]);
    expect(facetsOf(facets, "pageView", { url: 7 })).toEqual(["pageView"]);
    expect(facetsOf(facets, "pageView", null)).toEqual(["pageView"]);
    expect(facetsOf(facets, "pageView", { path: "/pricing" })).toEqual(["pageView"]);
  });

  test("a star stands for any text, also for none", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[ab*]{0,6}$/), fc.stringMatching(/^[ab]{0,8}$/), (pattern, text) => {
        const same = new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "u").test(text);
        expect(matchesPattern(pattern, text)).toBe(same);
      }),
      { numRuns: 2000 },
    );
  });
});
