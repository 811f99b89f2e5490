/** Moments as a zone's clock on the wall shows them, for tables that people read and files that come back. */
import { Temporal } from "temporal-polyfill";

/** Offsets change on a quarter of an hour, never within one. */
const QUARTER_MS = 900_000;
const MOST_KNOWN = 20_000;

/** @returns "2026-03-05 09:00:00" of a moment; what a quarter of an hour's offset is, is asked once */
export function wallClock(zone: string): (ms: number) => string {
  const offsets = new Map<number, number>();
  const offsetOf = (ms: number): number => {
    const quarter = Math.floor(ms / QUARTER_MS);
    const known = offsets.get(quarter);
    if (known !== undefined) return known;
    if (offsets.size >= MOST_KNOWN) offsets.clear();
    const offset = Temporal.Instant.fromEpochMilliseconds(quarter * QUARTER_MS).toZonedDateTimeISO(zone).offsetNanoseconds / 1e6;
    offsets.set(quarter, offset);
    return offset;
  };
  return (ms) => new Date(ms + offsetOf(ms)).toISOString().slice(0, 19).replace("T", " ");
}
