/** The days around a moment, as a workspace's clock has them. */
import { Temporal } from "temporal-polyfill";

export type Days = {
  readonly today: number;
  readonly tomorrow: number;
  /** The end of the seventh day, today included. */
  readonly weekEnd: number;
  /** The beginning of the last working day before today: Friday, on a Monday. */
  readonly lastWorkday: number;
};

export function daysAround(now: number, zone: string): Days {
  const today = Temporal.Instant.fromEpochMilliseconds(now).toZonedDateTimeISO(zone).startOfDay();
  let workday = today.subtract({ days: 1 });
  while (workday.dayOfWeek > 5) workday = workday.subtract({ days: 1 });
  return {
    today: today.epochMilliseconds,
    tomorrow: today.add({ days: 1 }).epochMilliseconds,
    weekEnd: today.add({ days: 7 }).epochMilliseconds,
    lastWorkday: workday.startOfDay().epochMilliseconds,
  };
}
