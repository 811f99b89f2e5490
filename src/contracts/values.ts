/** Values that many contracts share. Limits stand here once; times go over the wire in ISO 8601. */
import { z } from "zod";

/** An id in an answer or a path. Paths take any text: an id that is none simply finds nothing. */
export const Id = z.string().meta({ format: "uuid", examples: ["0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a"] });

export const text = (max = 500) => z.string().max(max, `must not be longer than ${max} characters`);

/** A moment in an answer. */
export const Moment = z.string().meta({ format: "date-time", examples: ["2026-03-01T09:30:00.000Z"] });

const MOMENT = /^\d{4}-\d{2}-\d{2}(?:[Tt ]\d{2}:\d{2}(?::\d{2}(?:\.\d{1,9})?)?(?:[Zz]|[+-]\d{2}:?\d{2}))?$/;
const EARLIEST = Date.UTC(1970, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/** Milliseconds of a date ("2026-03-01", midnight UTC) or a time with its zone; null when it is neither, or outside of 1970 to 2199. */
export function momentOf(value: string): number | null {
  if (!MOMENT.test(value)) return null;
  const ms = Date.parse(value);
  if (!(ms >= EARLIEST && ms < LATEST) || !isCalendarDay(value)) return null;
  return ms;
}

/** `Date.parse` turns 31 February into 3 March. */
function isCalendarDay(value: string): boolean {
  const day = value.slice(0, 10);
  return new Date(`${day}T00:00:00Z`).toISOString().startsWith(day);
}

/** A moment in a request. */
export const When = z
  .string()
  .max(40, "is too long for a date or time")
  .refine((value) => momentOf(value) !== null, "must be a date as 2026-03-01 or a time with its zone as 2026-03-01T09:30:00Z, from 1970 to 2199")
  .meta({ description: "A date (midnight UTC) or a time with its zone, in ISO 8601.", examples: ["2026-03-01T09:30:00Z"] });

export const Money = z
  .strictObject({
    amount: z.int("must be a whole number of minor units"),
    currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency code of three capital letters"),
  })
  .meta({ id: "Money", description: "An amount in minor units (cents) with its currency." });

export const UserRef = z.strictObject({ id: Id, name: z.string() }).meta({ id: "UserRef", description: "A user, by id and name." });

/** Answers to the fields of a task's form. */
export const FormAnswers = z
  .record(text(100), z.union([text(10_000), Money], { error: "must be text, or {amount, currency} with the amount in minor units" }))
  .refine((answers) => Object.keys(answers).length <= 100, "must not have more than 100 answers")
  .meta({ id: "FormAnswers", description: "Answers by field key: text, dates in ISO 8601, ids of users and teams, or money." });

/** How many things a page holds. */
export const Limit = z.coerce.number("must be a number").int("must be a whole number").min(1, "must be at least 1").max(200, "must be at most 200");

export const Cursor = text(2000).meta({ description: "Where the last page ended: its `nextCursor`, unchanged." });

export const NextCursor = z.string().nullable().meta({ description: "Hand it back as `cursor` to get the next page; null on the last one." });

/** Room for what a request may carry in `props`. */
export const PROPS_BYTES = 16_384;

/** Whether an object is at most 16 kB as JSON. Small flat ones are weighed without being written out. */
export function isLight(props: Readonly<Record<string, unknown>>): boolean {
  let weight = 2;
  for (const key of Object.keys(props)) {
    const value = props[key];
    if (typeof value === "object" && value !== null) return JSON.stringify(props).length <= PROPS_BYTES;
    weight += key.length + (typeof value === "string" ? value.length : 24) + 6;
  }
  return weight <= PROPS_BYTES / 2 || JSON.stringify(props).length <= PROPS_BYTES;
}

export const Props = z
  .record(z.string(), z.unknown())
  .refine(isLight, "must not be larger than 16 kB as JSON")
  .meta({ description: "Properties of the touch, at most 16 kB as JSON. Facets match them by name, as `url` for pages." });
