/**
 * The working week of the demo company. Hours are kept between 07:00 and 15:00 UTC, which are office hours in every one of
 * its countries, in summer and in winter.
 */
import { DAY_MS, dayOf, startOfDay } from "../time.ts";

export const HOUR_MS = 3_600_000;
export const MINUTE_MS = 60_000;
const OPENS = 7 * HOUR_MS;
const CLOSES = 15 * HOUR_MS;
const OPEN_MS = CLOSES - OPENS;

/** 0 is Monday. Day number 0, 1970-01-01, was a Thursday. */
export function weekdayOf(day: number): number {
  return (((day + 3) % 7) + 7) % 7;
}

export function isWorkday(day: number): boolean {
  return weekdayOf(day) < 5;
}

/** The moment itself when the office is open, else the next time it opens. */
export function nextOpen(at: number): number {
  let day = dayOf(at);
  if (isWorkday(day)) {
    const time = at - startOfDay(day);
    if (time < OPENS) return startOfDay(day) + OPENS;
    if (time < CLOSES) return at;
  }
  do day++;
  while (!isWorkday(day));
  return startOfDay(day) + OPENS;
}

/** So many open hours later. */
export function afterOpenHours(at: number, hours: number): number {
  let left = Math.floor(hours * HOUR_MS);
  let moment = nextOpen(at);
  for (;;) {
    const closes = startOfDay(dayOf(moment)) + CLOSES;
    if (moment + left < closes) return moment + left;
    left -= closes - moment;
    moment = nextOpen(closes);
  }
}

/** So many working days of eight hours later. */
export function afterOpenDays(at: number, days: number): number {
  return afterOpenHours(at, days * (OPEN_MS / HOUR_MS));
}

/** A moment on a day when people sit at a screen: mostly office hours, sometimes the evening. `share` from 0 to 1 chooses it. */
export function browsingTime(day: number, share: number): number {
  const hours = share < 0.8 ? 6.5 + (share / 0.8) * 9.5 : 16 + ((share - 0.8) / 0.2) * 5;
  return startOfDay(day) + Math.floor(hours * HOUR_MS);
}

export { DAY_MS, dayOf, startOfDay };
