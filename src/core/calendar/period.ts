/** The moments that calendar dates of a workspace mean. A day begins when it begins in the workspace's time zone. */
import { Temporal } from "temporal-polyfill";
import { dayOfDate } from "../time.ts";

/** Half-open: `from` is the first moment that counts, `before` the first that does not any more. Null: no bound. */
export type Period = { readonly from: number | null; readonly before: number | null };

/** The time from the start of one date to the end of another, both "YYYY-MM-DD" and both included; or in words which is no date. */
export function periodOf(from: string | undefined, to: string | undefined, zone: string): Period | string {
  for (const date of [from, to]) if (date !== undefined && dayOfDate(date) === null) return `"${date}" is not a date; write it as "YYYY-MM-DD"`;
  if (from !== undefined && to !== undefined && to < from) return `the period ends on ${to}, before it begins on ${from}`;
  return { from: from === undefined ? null : startOfDate(from, zone), before: to === undefined ? null : startOfDate(nextDate(to), zone) };
}

function startOfDate(date: string, zone: string): number {
  return Temporal.PlainDate.from(date).toZonedDateTime({ timeZone: zone }).epochMilliseconds;
}

function nextDate(date: string): string {
  return Temporal.PlainDate.from(date).add({ days: 1 }).toString();
}
