/**
 * Dates as people write them. Whether 03/04/2025 is the third of April or the fourth of March is decided by the whole
 * column: one day above 12 settles it. Where nothing does, the day comes first, as in most of the world.
 *
 * A time without a zone is local to the workspace. A time that clocks skip is moved behind the gap, one that they show
 * twice is the first of the two.
 */

export type DateOrder = "dayFirst" | "monthFirst";

export type DateVotes = { dayFirst: number; monthFirst: number };

/** `minute` is minutes east of UTC as written; null when nothing was. */
type Parts = {
  readonly year: number;
  readonly month: number;
  readonly day: number;
  readonly ms: number;
  readonly timed: boolean;
  readonly zone: number | null;
};

/** Counts what a value says about the order of its column. */
export function voteDate(text: string, votes: DateVotes): void {
  const match = SHORT.exec(text);
  if (match === null) return;
  if (Number(match[1]) > 12) votes.dayFirst++;
  else if (Number(match[3]) > 12) votes.monthFirst++;
}

/** The order the votes come to; null when there are none. Of contradicting votes the majority wins, and the others' rows are rejected. */
export function orderFrom({ dayFirst, monthFirst }: DateVotes): DateOrder | null {
  if (dayFirst === 0 && monthFirst === 0) return null;
  return dayFirst >= monthFirst ? "dayFirst" : "monthFirst";
}

/** @returns milliseconds since 1970, or null when this is no date */
export function parseMoment(text: string, order: DateOrder, zone: string): number | null {
  const parts = partsOf(text, order);
  if (parts === null) return null;
  const local = Date.UTC(parts.year, parts.month - 1, parts.day) + parts.ms;
  return parts.zone === null ? fromLocal(local, zone) : local - parts.zone * 60_000;
}

/** @returns "YYYY-MM-DD", or null when this is no date, or one with a time */
export function parseDay(text: string, order: DateOrder): string | null {
  const parts = partsOf(text, order);
  if (parts === null || (parts.timed && parts.ms !== 0)) return null;
  return `${String(parts.year).padStart(4, "0")}-${String(parts.month).padStart(2, "0")}-${String(parts.day).padStart(2, "0")}`;
}

const CLOCK = String.raw`(?:[T ,]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2})(?:[.,](\d{1,9}))?)?\s*([ap]\.?m\.?)?\s*(z|utc|gmt|[+-]\d{2}(?::?\d{2})?)?)?`;
const LONG = new RegExp(String.raw`^(\d{4})([-/.])(\d{1,2})\2(\d{1,2})${CLOCK}$`, "i");
const COMPACT = /^(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(?:(\d{2}))?(z|[+-]\d{2}(?::?\d{2})?)?)?$/i;
const SHORT = new RegExp(String.raw`^(\d{1,2})([-/.] ?)(\d{1,2})\2(\d{4}|\d{2})${CLOCK}$`, "i");
const NAMED = new RegExp(String.raw`^(?:(\d{1,2})[-. ]+([a-z]{3,9})\.?|([a-z]{3,9})\.? (\d{1,2}))[-, ]+(\d{4}|\d{2})${CLOCK}$`, "i");
const MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

function partsOf(text: string, order: DateOrder): Parts | null {
  const long = LONG.exec(text);
  if (long !== null) return valid(Number(long[1]), Number(long[3]), Number(long[4]), long, 5);
  const short = SHORT.exec(text);
  if (short !== null) {
    const [first, second] = [Number(short[1]), Number(short[3])];
    const [day, month] = order === "dayFirst" ? [first, second] : [second, first];
    return valid(fullYear(short[4] as string), month, day, short, 5);
  }
  const compact = COMPACT.exec(text);
  if (compact !== null) {
    const clock = [compact[4], compact[5], compact[6], undefined, undefined, compact[7]];
    return valid(Number(compact[1]), Number(compact[2]), Number(compact[3]), clock, 0);
  }
  const named = NAMED.exec(text);
  if (named === null) return null;
  const name = ((named[2] ?? named[3]) as string).toLowerCase();
  const month = MONTHS.indexOf(name.slice(0, 3));
  return month === -1 ? null : valid(fullYear(named[5] as string), month + 1, Number(named[1] ?? named[4]), named, 6);
}

/** Two digits are the years 1970 to 2069. */
function fullYear(text: string): number {
  const year = Number(text);
  return text.length === 4 ? year : year < 70 ? 2000 + year : 1900 + year;
}

function valid(year: number, month: number, day: number, clock: readonly (string | undefined)[], from: number): Parts | null {
  const [hourText, minuteText, secondText, fraction, half, zone] = clock.slice(from, from + 6);
  if (year < 1800 || year > 2200 || month < 1 || month > 12 || day < 1 || day > new Date(Date.UTC(year, month, 0)).getUTCDate()) return null;
  let hour = Number(hourText ?? 0);
  const [minute, second] = [Number(minuteText ?? 0), Number(secondText ?? 0)];
  if (half !== undefined) {
    if (hour < 1 || hour > 12) return null;
    hour = (hour % 12) + (half.toLowerCase().startsWith("p") ? 12 : 0);
  }
  if (hour > 24 || minute > 59 || second > 60 || (hour === 24 && (minute > 0 || second > 0))) return null;
  const thousandths = fraction === undefined ? 0 : Math.floor(Number(`0.${fraction}`) * 1000);
  const ms = ((hour * 60 + minute) * 60 + Math.min(second, 59)) * 1000 + thousandths;
  return { year, month, day, ms, timed: hourText !== undefined, zone: zone === undefined ? null : zoneMinutes(zone) };
}

function zoneMinutes(text: string): number {
  const match = /^([+-])(\d{2}):?(\d{2})?$/.exec(text);
  if (match === null) return 0;
  return (match[1] === "-" ? -1 : 1) * (Number(match[2]) * 60 + Number(match[3] ?? 0));
}

function fromLocal(local: number, zone: string): number {
  if (zone === "UTC") return local;
  const before = offsetAt(local - 86_400_000, zone);
  const after = offsetAt(local + 86_400_000, zone);
  for (const offset of [Math.max(before, after), Math.min(before, after)]) if (offsetAt(local - offset, zone) === offset) return local - offset;
  return local - before;
}

const formats = new Map<string, Intl.DateTimeFormat>();
const offsets = new Map<string, number>();

/** Milliseconds east of UTC. Clocks change on quarters of an hour, so one answer serves a quarter. */
function offsetAt(at: number, zone: string): number {
  const quarter = Math.floor(at / 900_000);
  const key = `${zone} ${quarter}`;
  const known = offsets.get(key);
  if (known !== undefined) return known;
  if (offsets.size > 50_000) offsets.clear();
  let format = formats.get(zone);
  if (format === undefined) {
    format = new Intl.DateTimeFormat("en-US", {
      timeZone: zone,
      hourCycle: "h23",
      year: "numeric",
      month: "numeric",
      day: "numeric",
      hour: "numeric",
      minute: "numeric",
      second: "numeric",
      era: "short",
    });
    formats.set(zone, format);
  }
  const start = quarter * 900_000;
  const part = Object.fromEntries(format.formatToParts(start).map(({ type, value }) => [type, Number(value)])) as Record<string, number>;
  const shown = Date.UTC(part["year"] as number, (part["month"] as number) - 1, part["day"], part["hour"], part["minute"], part["second"]);
  const offset = shown - start;
  offsets.set(key, offset);
  return offset;
}
