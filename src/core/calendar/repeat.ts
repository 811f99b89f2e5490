/** When something that repeats is due next: at the same time of day by the wall clock of its zone, whatever the clocks do. */
import { Temporal } from "temporal-polyfill";

export type Repeat = {
  readonly every: "day" | "weekday" | "week" | "month" | "year";
  readonly interval: number;
  /** The last day, "YYYY-MM-DD", in the zone. */
  readonly until?: string | undefined;
  readonly zone: string;
};

/** Steps tried before a rule is given up: a daily one that was last due a decade ago. */
const MOST_STEPS = 4000;

/** The first moment of the rule after both `dueAt` and `now` (ms); null when its last day is past. Days a month does not have become its last. */
export function nextDue({ every, interval, until, zone }: Repeat, dueAt: number, now: number): number | null {
  const first = Temporal.Instant.fromEpochMilliseconds(dueAt).toZonedDateTimeISO(zone);
  let day = first;
  for (let step = 1; step <= MOST_STEPS; step++) {
    day = every === "weekday" ? nextWeekday(day, interval) : first.add({ [UNITS[every]]: interval * step });
    if (until !== undefined && Temporal.PlainDate.compare(day.toPlainDate(), Temporal.PlainDate.from(until)) > 0) return null;
    if (day.epochMilliseconds > now) return day.epochMilliseconds;
  }
  return null;
}

const UNITS = { day: "days", week: "weeks", month: "months", year: "years" } as const;

function nextWeekday(from: Temporal.ZonedDateTime, interval: number): Temporal.ZonedDateTime {
  let day = from;
  for (let left = interval; left > 0;) {
    day = day.add({ days: 1 });
    if (day.dayOfWeek <= 5) left--;
  }
  return day;
}
