import fc from "fast-check";
import { expect, test } from "vitest";
import { ADA, BEN, FAINT, LEAD_ID, newStory, PROMISING, refused, type Story, take, taken } from "../testing/story.ts";
import { hashState } from "./hash.ts";
import type { Input } from "./input.ts";
import type { LeadState } from "./state.ts";

const MINUTE = 60_000;

/** What undoing restores: all but what counts the inputs, tells the time of the last change, and follows from the clock. */
function restored(state: LeadState): unknown {
  const { number: _number, version: _version, updatedAt: _updated, scores, timers: _timers, heat: _heat, ...rest } = state;
  return { ...rest, score: scores.total };
}

const acts: readonly ((state: LeadState) => Input)[] = [
  () => ({
    kind: "edit",
    patch: { jobTitle: "Director", company: "Other", bant: { budget: "50" }, fields: { interests: "cranes" }, tags: ["a"], consent: { news: true } },
  }),
  () => ({ kind: "tag", add: ["fair"], remove: ["a"] }),
  () => ({ kind: "stage", stage: "recycled", reason: "later" }),
  () => ({ kind: "stage", stage: "mql" }),
  () => ({ kind: "reject", reason: "too small" }),
  () => ({ kind: "assign", owner: BEN, reason: "knows them" }),
  () => ({ kind: "assign", owner: "route" }),
  (state) => ({ kind: "completeTask", taskId: open(state) }),
  (state) => ({ kind: "snoozeTask", taskId: open(state), until: state.createdAt + 90 * MINUTE }),
  (state) => ({ kind: "delegateTask", taskId: open(state), owner: ADA }),
  (state) => ({
    kind: "addTask",
    title: "Ring",
    taskKind: "call",
    dueAt: state.createdAt + MINUTE,
    owner: ADA,
    repeat: { every: "weekday", interval: 1, zone: "UTC" },
  }),
  (state) => ({ kind: "cancelTask", taskId: state.tasks.findLast((task) => task.own === true && task.state === "open")?.id ?? "" }),
  () => ({ kind: "convert", form: { potentialValue: { amount: 100, currency: "EUR" } } }),
  (state) => ({ kind: "opportunityStage", opportunityId: state.opportunities[0]?.id ?? "", stage: "won" }),
  (state) => ({ kind: "editOpportunity", opportunityId: state.opportunities[0]?.id ?? "", name: "Bigger", closeDate: "2026-08-01" }),
  () => ({ kind: "delete", reason: "spam" }),
  () => ({ kind: "restore" }),
];

function open(state: LeadState): string {
  return state.tasks.find((task) => task.state === "open")?.id ?? "00000000-0000-8000-8000-000000000000";
}

test("doing something and taking it back leaves the lead as it was, whatever happened before", () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.nat(acts.length - 1), { maxLength: 8 }), fc.nat(acts.length - 1), (promising, before, last) => {
      const story = newStory();
      taken(story, promising ? PROMISING : FAINT);
      for (const act of before) take(story, (acts[act] as (state: LeadState) => Input)(story.state as LeadState));
      const was = story.state as LeadState;
      const did = take(story, (acts[last] as (state: LeadState) => Input)(was));
      if (did.kind === "refused") return;
      const back = taken(story, { kind: "undo", number: did.state.number });
      expect(restored(back)).toEqual(restored(was));
      expect(back.number).toBe(was.number + 2);
    }),
    { numRuns: 300 },
  );
});

function changed(): { readonly story: Story; readonly number: number } {
  const story = newStory();
  taken(story, PROMISING);
  return { story, number: taken(story, { kind: "edit", patch: { jobTitle: "Director" } }).number };
}

test("touches in between do not stand against it, and are kept", () => {
  const { story, number } = changed();
  taken(story, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] });
  const back = taken(story, { kind: "undo", number });
  expect(back.jobTitle).toBe("CEO");
  expect(back.signals["pageView"]?.total).toBe(1);
});

test("what somebody changed since is not overwritten", () => {
  const { story, number } = changed();
  taken(story, { kind: "edit", patch: { city: "Gdańsk" } });
  expect(refused(story, { kind: "undo", number }).type).toBe("changed-since");
});

test("it is taken back once, within the hour, by whoever did it", () => {
  const late = changed();
  late.story.now += 61 * MINUTE;
  expect(refused(late.story, { kind: "undo", number: late.number }).type).toBe("too-late");
  const others = changed();
  others.story.formers[others.number] = { ...(others.story.formers[others.number] as NonNullable<Story["formers"][number]>), actor: "user:else" };
  expect(refused(others.story, { kind: "undo", number: others.number }).type).toBe("not-yours");
  const { story, number } = changed();
  taken(story, { kind: "undo", number });
  expect(refused(story, { kind: "undo", number }).status).toBe(409);
  expect(refused(story, { kind: "undo", number: 1 }).type).toBe("nothing-to-undo");
});

test("a lead that was never in the bin hashes as it always did", () => {
  const story = newStory();
  const state = taken(story, PROMISING);
  expect(state.id).toBe(LEAD_ID);
  expect(hashState({ ...state, deletedAt: null })).toBe(hashState(state));
  expect(hashState({ ...state, deletedAt: 5 })).not.toBe(hashState(state));
});
