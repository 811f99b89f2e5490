/** What day and hour it is somewhere. */
import { Temporal } from "temporal-polyfill";

/** The date ("YYYY-MM-DD") and hour (0 to 23) that a moment is in a zone. */
export function dayAndHour(ms: number, zone: string): { readonly date: string; readonly hour: number } {
  const there = Temporal.Instant.fromEpochMilliseconds(ms).toZonedDateTimeISO(zone);
  return { date: there.toPlainDate().toString(), hour: there.hour };
}
