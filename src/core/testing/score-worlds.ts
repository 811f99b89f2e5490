/** Scoring models and leads at random, for laws that hold for all of them. */
import fc from "fast-check";
import { SECTIONS, type ScoreModel, type ScoreRule } from "../config/config.ts";
import { blankLead } from "../flow/draft.ts";
import type { LeadState } from "../flow/state.ts";
import { addTouch } from "../scoring/signals.ts";
import { days, LEAD_ID, NOON } from "./story.ts";

/** A model without rules, and with bounds too far away to matter. */
export const OPEN: ScoreModel = {
  name: "Open",
  rules: [],
  caps: {},
  floor: -100_000,
  ceiling: 100_000,
  heat: { hot: { engagement: 3000, withinDays: 7 }, warm: { engagement: 1000, withinDays: 30 } },
};

export type SignalRule = Extract<ScoreRule, { kind: "signal" }>;
export const VIEWS: SignalRule = {
  id: "views",
  label: "Views",
  section: "engagement",
  kind: "signal",
  facet: "pageView",
  points: 1000,
  each: true,
  cap: null,
  windowDays: null,
  halfLifeDays: null,
};

/** `touches`: by facet, how many days before noon they came. */
export function leadWith(touches: Readonly<Record<string, readonly number[]>>, change: Partial<LeadState> = {}): LeadState {
  const blank = blankLead({ leadId: LEAD_ID, inputId: LEAD_ID, now: NOON, actor: "test", contested: [] }, NOON);
  const signals = Object.fromEntries(
    Object.entries(touches)
      .filter(([, agos]) => agos.length > 0)
      .map(([facet, agos]) => [
        facet,
        agos.map((ago) => NOON - days(ago)).reduce<ReturnType<typeof addTouch> | undefined>(addTouch, undefined) as ReturnType<typeof addTouch>,
      ]),
  );
  return { ...blank, stage: "inquiry", signals, ...change };
}

const FACETS = ["pageView", "download", "mailReply"] as const;
const section = fc.constantFrom(...SECTIONS);
const points = fc.integer({ min: -3000, max: 3000 });
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: null });

const signalRule = fc.record({
  kind: fc.constant("signal" as const),
  section,
  facet: fc.constantFrom(...FACETS),
  points,
  each: fc.boolean(),
  cap: maybe(fc.integer({ min: 0, max: 5000 })),
  windowDays: maybe(fc.constantFrom(1, 7, 30, 90, 400)),
  halfLifeDays: maybe(fc.constantFrom(1, 3, 14, 60, 400)),
});
const fieldRule = fc.record({
  kind: fc.constant("field" as const),
  section,
  points,
  when: fc.constantFrom(
    { field: "jobTitle", op: "contains", value: "chief" } as const,
    { field: "company", op: "isEmpty", value: false } as const,
    { field: "touches.pageView", op: "gte", value: { count: 2, withinDays: 30 } } as const,
    { not: { field: "touches.download", op: "gt", value: { count: 0, withinDays: 3 } } } as const,
  ),
});
const filledRule = fc.record({ kind: fc.constant("filled" as const), section, points, fields: fc.constant(["email", "company", "jobTitle"]) });
const ageRule = fc.record({
  kind: fc.constant("age" as const),
  section,
  since: fc.constantFrom("capture" as const, "touch" as const),
  steps: fc
    .uniqueArray(fc.integer({ min: 0, max: 430 }), { maxLength: 4 })
    .chain((at) => fc.tuple(...at.toSorted((a, b) => a - b).map((age) => points.map((p) => ({ days: age, points: p }))))),
});

export const models: fc.Arbitrary<ScoreModel> = fc.record({
  name: fc.constant("Random"),
  rules: fc
    .array(fc.oneof(signalRule, signalRule, fieldRule, filledRule, ageRule), { maxLength: 8 })
    .map((rules) => rules.map((rule, i) => ({ id: `r${i}`, label: `Rule ${i}`, ...rule }) as ScoreRule)),
  caps: fc.record(Object.fromEntries(SECTIONS.map((name) => [name, fc.integer({ min: -1000, max: 4000 })])), { requiredKeys: [] }),
  floor: fc.integer({ min: -10_000, max: -1000 }),
  ceiling: fc.integer({ min: 1000, max: 10_000 }),
  heat: fc.record({
    hot: fc.record({ engagement: fc.integer({ min: 0, max: 5000 }), withinDays: fc.integer({ min: 1, max: 60 }) }),
    warm: fc.record({ engagement: fc.integer({ min: 0, max: 2000 }), withinDays: fc.integer({ min: 1, max: 120 }) }),
  }),
});

export const leads: fc.Arbitrary<LeadState> = fc
  .record({
    touches: fc.record(
      Object.fromEntries(
        FACETS.map((facet) => [facet, fc.array(fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 450 })), { maxLength: 5 })]),
      ),
    ),
    capturedAgo: fc.integer({ min: 0, max: 450 }),
    email: maybe(fc.constant("ada@example.com")),
    company: maybe(fc.constant("Example")),
    jobTitle: maybe(fc.constantFrom("Chief of staff", "Student")),
  })
  .map(({ touches, capturedAgo, ...profile }) => leadWith(touches, { ...profile, capturedAt: NOON - days(capturedAgo) }));
