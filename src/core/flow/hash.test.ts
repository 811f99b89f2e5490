import fc from "fast-check";
import { expect, test } from "vitest";
import { newStory, PROMISING, taken, take, taskId } from "../testing/story.ts";
import { hashState, stableText } from "./hash.ts";
import type { LeadState } from "./state.ts";

function rich(): LeadState {
  const story = newStory();
  taken(story, PROMISING);
  taken(story, {
    kind: "edit",
    patch: { fields: { interests: "trains" }, bant: { need: "yes" }, consent: { mail: true }, tags: ["a", "b"], phone: "+4930901820" },
  });
  const state = taken(story, { kind: "completeTask", taskId: taskId(taken(story, { kind: "look" }), "call") });
  take(story, { kind: "convert", form: { nextMeeting: "2026-05-01T10:00:00Z", potentialValue: { amount: 5, currency: "EUR" } } });
  return story.state ?? state;
}

test("the order of keys does not matter, the order of lists does", () => {
  fc.assert(
    fc.property(fc.object(), (value) => {
      expect(stableText(turned(value))).toBe(stableText(value));
    }),
  );
  expect(stableText([1, 2])).not.toBe(stableText([2, 1]));
  const state = rich();
  expect(hashState(turned(state) as LeadState)).toBe(hashState(state));
});

test("a key without a value is a key that is not there; null is a value", () => {
  expect(stableText({ a: undefined, b: 1 })).toBe(stableText({ b: 1 }));
  expect(stableText({ a: null, b: 1 })).not.toBe(stableText({ b: 1 }));
});

test("text that looks like structure is not taken for it", () => {
  fc.assert(
    fc.property(fc.object(), fc.object(), (a, b) => {
      expect(stableText(a) === stableText(b)).toBe(JSON.stringify(sorted(a)) === JSON.stringify(sorted(b)));
    }),
  );
});

test("a change of any field, however deep, changes the fingerprint", () => {
  const state = rich();
  const hash = hashState(state);
  let changed = 0;
  for (const [key, value] of Object.entries(state)) {
    for (const other of neighbours(value)) {
      changed++;
      expect(hashState({ ...state, [key]: other }), `${key}: ${JSON.stringify(other)}`).not.toBe(hash);
    }
  }
  expect(changed).toBeGreaterThan(200);
});

test("the fingerprint is a whole number that JSON and a bigint column carry exactly", () => {
  fc.assert(
    fc.property(fc.string(), (email) => {
      expect(Number.isSafeInteger(hashState({ ...rich(), email }))).toBe(true);
    }),
    { numRuns: 20 },
  );
});

/** The same value with the keys of every object in the other direction. */
function turned(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(turned);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .toReversed()
      .map(([key, inner]) => [key, turned(inner)]),
  );
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value ?? null;
  return Object.entries(value)
    .filter(([, inner]) => inner !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, inner]) => [key, sorted(inner)]);
}

/** Every value that differs from the given one in exactly one leaf. */
function* neighbours(value: unknown): Generator<unknown> {
  if (Array.isArray(value)) {
    yield [...value, "more"];
    for (let i = 0; i < value.length; i++) for (const other of neighbours(value[i])) yield value.with(i, other);
  } else if (typeof value === "object" && value !== null) {
    yield { ...value, more: 1 };
    for (const [key, inner] of Object.entries(value)) for (const other of neighbours(inner)) yield { ...value, [key]: other };
  } else if (typeof value === "number") yield value + 1;
  else if (typeof value === "boolean") yield !value;
  else yield `${String(value)}x`;
}
