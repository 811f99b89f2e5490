/** Between a moment and what the clock on the wall of a zone says. */

/** "2026-11-22T14:00" of a moment. */
export function wallClock(moment: string, zone: string): string {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(Date.parse(moment));
  const part = (type: string): string => parts.find((one) => one.type === type)?.value ?? "00";
  return `${part("year")}-${part("month")}-${part("day")}T${part("hour")}:${part("minute")}`;
}

/** The moment at which that clock says so. A time that the change to summer leaves out is the one an hour later. */
export function momentInZone(wall: string, zone: string): string {
  const asUtc = Date.parse(`${wall}Z`);
  const offsetAt = (ms: number): number => Date.parse(`${wallClock(new Date(ms).toISOString(), zone)}Z`) - Math.floor(ms / 60_000) * 60_000;
  const first = asUtc - offsetAt(asUtc);
  return new Date(asUtc - offsetAt(first)).toISOString();
}
