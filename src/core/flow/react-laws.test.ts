/** What holds for a lead after any inputs whatever, found by random stories. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { CompiledConfig } from "../config/compile.ts";
import { STATUSES, TOUCH_KINDS } from "../config/config.ts";
import { acceptanceOn, ADA, BEN, CEM, configWith, days, newStory, NOON, type Story, take } from "../testing/story.ts";
import type { Input, Reaction, TouchInput } from "./input.ts";
import { stableText } from "./hash.ts";
import type { LeadState } from "./state.ts";

const CONFIGS: readonly CompiledConfig[] = [
  configWith({}, 1),
  acceptanceOn(),
  configWith(
    {
      definitions: [
        {
          stage: "mql",
          version: 2,
          criteria: {
            or: [
              { field: "score", op: "gte", value: 30 },
              { field: "touches.pageView", op: "gte", value: { count: 2, withinDays: 30 } },
            ],
          },
        },
        { stage: "sql", version: 1, criteria: { field: "bant.need", op: "isEmpty", value: false } },
      ],
      currency: "USD",
    },
    3,
  ),
];

/* --- Random inputs. Tasks and opportunities are named by their place, because their ids are not known beforehand. ---------- */

const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { nil: undefined });
const reason = maybe(fc.constantFrom("because", "", " "));
const stage = fc.constantFrom(...configWith().config.stages.map((def) => def.id), "heaven");
const owner = fc.constantFrom(ADA, BEN, CEM, "nobody");
const ago = fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 500 })).map((count) => NOON - days(count));

const touch: fc.Arbitrary<TouchInput> = fc.record({
  kind: fc.oneof(fc.constantFrom("pageView", "contactRequest", "formSubmit"), fc.constantFrom(...TOUCH_KINDS)),
  at: fc.option(fc.oneof(ago, fc.constant(NOON + days(9000))), { nil: null }),
  props: fc.constantFrom(null, { url: "https://example.com/pricing" }, { oneToOne: true }),
});

const patch = fc.record(
  {
    email: fc.constantFrom("ada@example.com", "ada@gmail.com", null),
    company: fc.constantFrom("Example", "Other", null),
    jobTitle: fc.constantFrom("CEO", "Student", null),
    source: fc.constantFrom("web", "fair", null),
    fields: fc.record({ interests: fc.constantFrom("trains", null, "x") }, { requiredKeys: [] }),
    bant: fc.record({ need: fc.constantFrom("much", null), budget: fc.constantFrom("10", null) }, { requiredKeys: [] }),
    consent: fc.record({ mail: fc.boolean() }, { requiredKeys: [] }),
    tags: fc.subarray(["a", "b", "c"]),
    addTags: fc.subarray(["b", "d"]),
  },
  { requiredKeys: [] },
);

const form = fc.record(
  {
    businessCase: fc.constantFrom("much", ""),
    potentialValue: fc.constantFrom({ amount: 100, currency: "EUR" }, { amount: 0.5, currency: "EUR" }),
    expectedCloseDate: fc.constantFrom("2026-06-01", "2026-06-31"),
    nextMeeting: fc.constantFrom("2026-05-01T08:00:00Z", ""),
    owner,
    opportunityOwner: owner,
    assigneesGroup: fc.constantFrom("sales", "nobody"),
  },
  { requiredKeys: [] },
);

type Move = (state: LeadState | null) => Input;
const plain = (input: fc.Arbitrary<Input>): fc.Arbitrary<Move> => input.map((value) => () => value);

const capture = plain(fc.record({ kind: fc.constant("capture" as const), patch, touches: fc.array(touch, { maxLength: 3 }), capturedAt: maybe(ago) }));
const imported = plain(
  fc.record({
    kind: fc.constant("import" as const),
    importId: fc.constant(BEN),
    row: fc.nat(9),
    patch,
    history: fc.boolean(),
    capturedAt: maybe(ago),
    stage: maybe(stage),
    stageAt: maybe(ago),
    status: maybe(fc.constantFrom(...STATUSES)),
    owner: maybe(owner),
    opportunity: maybe(
      fc.record({ name: fc.constantFrom("One", "Two"), amount: maybe(fc.constant(5)), won: maybe(fc.boolean()), wonAt: maybe(ago), lostAt: maybe(ago) }),
    ),
  }),
);

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: capture },
  { weight: 2, arbitrary: imported },
  { weight: 4, arbitrary: plain(fc.record({ kind: fc.constant("touches" as const), touches: fc.array(touch, { maxLength: 4 }) })) },
  { weight: 2, arbitrary: plain(fc.record({ kind: fc.constant("edit" as const), patch, ifVersion: maybe(fc.nat(6)) })) },
  { weight: 3, arbitrary: plain(fc.record({ kind: fc.constant("stage" as const), stage, status: maybe(fc.constantFrom(...STATUSES)), reason })) },
  {
    weight: 1,
    arbitrary: plain(fc.constantFrom<Input>({ kind: "accept" }, { kind: "look" }, { kind: "timer", purposes: ["score"] }, { kind: "assign", owner: "route" })),
  },
  {
    weight: 1,
    arbitrary: plain(fc.record({ kind: fc.constant("reject" as const), reason: fc.constantFrom("because", ""), status: maybe(fc.constantFrom(...STATUSES)) })),
  },
  { weight: 1, arbitrary: plain(fc.record({ kind: fc.constant("assign" as const), owner, reason })) },
  { weight: 1, arbitrary: plain(fc.record({ kind: fc.constant("convert" as const), form, name: maybe(fc.constant("Deal")) })) },
  {
    weight: 6,
    arbitrary: fc
      .record({ nth: fc.nat(20), result: maybe(fc.constantFrom("done", "accept", "return")), reason, form: maybe(form) })
      .map(({ nth, ...rest }): Move => (state) => {
        const tasks = state?.tasks ?? [];
        return { kind: "completeTask", taskId: tasks[nth % Math.max(1, tasks.length)]?.id ?? ADA, ...rest };
      }),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({ nth: fc.nat(5), to: fc.constantFrom("discovery", "presentation", "won", "lost", "nowhere"), reason })
      .map(({ nth, to, reason: why }): Move => (state) => {
        const opportunities = state?.opportunities ?? [];
        return { kind: "opportunityStage", opportunityId: opportunities[nth % Math.max(1, opportunities.length)]?.id ?? ADA, stage: to, reason: why };
      }),
  },
);

const stories = fc.record({
  config: fc.constantFrom(...CONFIGS),
  first: fc.oneof(capture, imported, plain(fc.record({ kind: fc.constant("touches" as const), touches: fc.array(touch, { minLength: 1, maxLength: 3 }) }))),
  moves: fc.array(
    fc.record({ move, wait: fc.constantFrom(0, 0, 1, days(1), days(45)), config: fc.option(fc.constantFrom(...CONFIGS), { nil: null, freq: 8 }) }),
    { maxLength: 25 },
  ),
});

/* --- The laws ------------------------------------------------------------------------------------------------------------ */

describe("after any inputs", () => {
  test("every law of a lead holds, and what is refused has changed nothing", () => {
    const seen = { done: 0, refused: 0 };
    fc.assert(
      fc.property(stories, ({ config, first, moves }) => {
        const story = { ...newStory(config), step: 0 };
        for (const { move: next, wait, config: other } of [{ move: first, wait: 0, config: null }, ...moves]) {
          story.now += wait;
          story.config = other ?? story.config;
          const before = story.state;
          if (before === null && !["capture", "import", "touches"].includes(next(null).kind)) continue;
          const reaction = take(story, next(before));
          seen[reaction.kind]++;
          checkStep(before, reaction);
          if (story.state !== null) checkState(story, story.state);
        }
      }),
      { numRuns: 1500 },
    );
    expect(seen.done).toBeGreaterThan(1000);
    expect(seen.refused).toBeGreaterThan(1000);
  });

  test("the same inputs tell the same story again", () => {
    fc.assert(
      fc.property(stories, ({ config, first, moves }) => {
        const tell = () => {
          const story = { ...newStory(config), step: 0 };
          const reactions = [first, ...moves.map((entry) => entry.move)].map((next) =>
            story.state === null && next !== first ? null : take(story, next(story.state)),
          );
          return stableText([story.state, story.facts, reactions]);
        };
        expect(tell()).toBe(tell());
      }),
      { numRuns: 300 },
    );
  });
});

function checkStep(before: LeadState | null, reaction: Reaction): void {
  if (reaction.kind === "refused") {
    expect([404, 409, 412, 422]).toContain(reaction.status);
    expect(reaction.detail).toMatch(/\.$/);
    return;
  }
  const { state, facts, outcome } = reaction;
  expect(state.number).toBe((before?.number ?? 0) + 1);
  const versioned =
    facts.some(({ type }) => ["lead.created", "lead.updated", "stage.entered", "lead.assigned", "lead.statusChanged"].includes(type)) ||
    state.team !== (before?.team ?? null) ||
    state.companyId !== (before?.companyId ?? null);
  expect(state.version).toBe((before?.version ?? 0) + (versioned ? 1 : 0));
  if (before !== null && versionedPart(before) !== versionedPart(state)) expect(state.version).toBe(before.version + 1);
  expect(outcome === "created").toBe(before === null);
  if (outcome === "unchanged") expect([facts.filter((fact) => fact.type !== "lead.scored"), before?.updatedAt]).toEqual([[], state.updatedAt]);
  expect(facts.filter((fact) => fact.type === "lead.created").length).toBe(before === null ? 1 : 0);
}

function versionedPart(state: LeadState): string {
  const {
    email,
    phone,
    externalId,
    firstName,
    lastName,
    company,
    jobTitle,
    country,
    city,
    website,
    source,
    campaign,
    fields,
    bant,
    consent,
    tags,
    stage: at,
    status,
    passes,
    ownerId,
    team,
  } = state;
  return stableText([
    email,
    phone,
    externalId,
    firstName,
    lastName,
    company,
    jobTitle,
    country,
    city,
    website,
    source,
    campaign,
    fields,
    bant,
    consent,
    tags,
    at,
    status,
    passes,
    ownerId,
    team,
  ]);
}

function checkState(story: Story, state: LeadState): void {
  const { config } = story;
  // The stage, and the status that is legal in it.
  const def = config.stages.get(state.stage);
  expect(def?.statuses).toContain(state.status);
  // The chain of stages: every entry is a fact that says where the lead came from, and passes count them.
  const entries = story.facts.filter((fact) => fact.stage !== null);
  entries.forEach((fact, i) => expect(fact.data["from"]).toBe(entries[i - 1]?.stage ?? null));
  expect(entries.at(-1)).toMatchObject({ stage: state.stage, at: state.stageAt });
  const counted: Record<string, number> = {};
  for (const { stage: entered } of entries) counted[entered as string] = (counted[entered as string] ?? 0) + 1;
  expect(state.passes).toEqual(counted);
  // The owner is the one of the latest assignment.
  const assigned = story.facts.findLast((fact) => fact.type === "lead.assigned");
  expect(state.ownerId).toBe(assigned?.data["owner"] ?? null);
  // Tasks: open ones belong to the present pass of their stage, once each; closed ones say when.
  const open = state.tasks.filter((task) => task.state === "open");
  for (const task of open) expect(task.pass).toBe(state.passes[task.stage]);
  expect(new Set(open.map((task) => `${task.stage} ${task.key}`)).size).toBe(open.length);
  for (const task of state.tasks) expect(task.doneAt === null).toBe(task.state === "open");
  expect(
    state.tasks
      .filter((task) => task.key === "qualify")
      .every((task, _, all) => all.filter((other) => other.stage === task.stage && other.pass === task.pass).length === 1),
  ).toBe(true);
  // Names are unique, and things stand in the order in which a database gives them back.
  const made = [...state.tasks, ...state.opportunities, ...state.contacts].map((thing) => thing.id);
  expect(new Set([...made, state.id]).size).toBe(made.length + 1);
  for (const things of [state.tasks, state.opportunities, state.contacts]) {
    expect(things).toEqual(things.toSorted((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1)));
  }
  // The score is its ledger; a timer lies ahead; rest is rest.
  expect(state.scores.ledger.reduce((sum, value, i) => (i % 2 === 1 ? sum + value : sum), 0)).toBe(state.scores.total);
  for (const due of Object.values(state.timers)) expect(due).toBeGreaterThan(state.scores.at);
  if (state.resting) expect([state.timers, state.met, state.tasks]).toEqual([{}, [], []]);
  // Nothing of JavaScript that a database would lose.
  expect(JSON.parse(JSON.stringify(state))).toEqual(state);
}

describe("touches", () => {
  const known = fc.array(touch, { minLength: 1, maxLength: 12 });

  test("leave the same profile, signals and score in whatever order and portions they arrive", () => {
    fc.assert(
      fc.property(
        known.chain((touches) =>
          fc.tuple(fc.constant(touches), fc.shuffledSubarray(touches, { minLength: touches.length }), fc.array(fc.integer({ min: 1, max: 4 }))),
        ),
        fc.constantFrom(...CONFIGS),
        ([touches, shuffled, portions], config) => {
          const together = after(config, [touches]);
          const rest = [...shuffled];
          const apart = after(
            config,
            [...portions.map((count) => rest.splice(0, count)), rest].filter((portion) => portion.length > 0),
          );
          expect(essence(apart)).toEqual(essence(together));
        },
      ),
      { numRuns: 500 },
    );
  });

  function after(config: CompiledConfig, inputs: readonly (readonly TouchInput[])[]): LeadState {
    const story = { ...newStory(config), step: 0 };
    take(story, { kind: "capture", patch: { email: "ada@example.com", company: "Example" }, touches: [] });
    for (const touches of inputs) take(story, { kind: "touches", touches });
    return story.state as LeadState;
  }

  function essence({ email, company, source, campaign, signals, scores, heat, timers }: LeadState): unknown {
    return { email, company, source, campaign, signals, scores, heat, timers };
  }
});

test("a lead that rests stays at rest until a touch or a person's deed", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom<Input>({ kind: "look" }, { kind: "timer", purposes: ["score"] }, { kind: "edit", patch: { jobTitle: "CEO" } }), {
        maxLength: 4,
      }),
      (inputs) => {
        const story = newStory();
        take(story, { kind: "import", importId: BEN, row: 1, patch: { email: "a@b.de", jobTitle: "CEO", company: "B" }, history: true, stage: "inquiry" });
        for (const input of inputs) take(story, input);
        expect(story.state?.resting).toBe(true);
        take(story, { kind: "touches", touches: [{ kind: "contactRequest", at: null, props: null }] });
        expect(story.state).toMatchObject({ resting: false, stage: "mql" });
      },
    ),
  );
});
