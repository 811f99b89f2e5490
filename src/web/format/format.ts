/** Numbers, money, dates and names as the workspace writes them. Set once when the session is known. */

type Settings = { readonly locale: string; readonly timezone: string; readonly currency: string };

let settings: Settings = { locale: "en-GB", timezone: "UTC", currency: "EUR" };
let formats = makeFormats(settings);

export function useWorkspaceFormats(next: Settings): void {
  if (next.locale === settings.locale && next.timezone === settings.timezone && next.currency === settings.currency) return;
  settings = next;
  formats = makeFormats(next);
}

function makeFormats({ locale, timezone }: Settings) {
  const in_ = { timeZone: timezone } as const;
  return {
    whole: new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }),
    decimal: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
    percent: new Intl.NumberFormat(locale, { style: "percent", maximumFractionDigits: 1 }),
    compact: new Intl.NumberFormat(locale, { notation: "compact", maximumFractionDigits: 1 }),
    time: new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit", ...in_ }),
    weekday: new Intl.DateTimeFormat(locale, { weekday: "short", ...in_ }),
    day: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...in_ }),
    date: new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", year: "numeric", ...in_ }),
    full: new Intl.DateTimeFormat(locale, { dateStyle: "full", timeStyle: "short", ...in_ }),
    zone: new Intl.DateTimeFormat("en", { timeZoneName: "short", ...in_ }),
    ymd: new Intl.DateTimeFormat("en-CA", { year: "numeric", month: "2-digit", day: "2-digit", ...in_ }),
  };
}

export function formatNumber(value: number): string {
  return Number.isInteger(value) ? formats.whole.format(value) : formats.decimal.format(value);
}

/** "8.4k": where there is no room for the number itself. */
export function formatCompact(value: number): string {
  return value < 10_000 ? formats.whole.format(value) : formats.compact.format(value);
}

/** A share of 1. */
export function formatPercent(share: number): string {
  return formats.percent.format(share);
}

/** An amount in minor units, as the API gives it. */
export function formatMoney({ amount, currency }: { readonly amount: number; readonly currency: string }): string {
  const format = new Intl.NumberFormat(settings.locale, { style: "currency", currency });
  const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
  const major = amount / 10 ** digits;
  return new Intl.NumberFormat(settings.locale, { style: "currency", currency, minimumFractionDigits: Number.isInteger(major) ? 0 : digits }).format(major);
}

/** Minor units of what was typed in major ones; null when it is no number. Takes "1,250.50", "1 250,50" and "1250". */
export function minorUnits(text: string, currency = settings.currency): number | null {
  const digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
  const plain = text.replaceAll(/[\s\u00a0']/g, "").replace(/[^\d.,-]/g, "");
  const mark = Math.max(plain.lastIndexOf("."), plain.lastIndexOf(","));
  const decimals = mark === -1 ? "" : plain.slice(mark + 1);
  const isFraction = mark !== -1 && decimals.length !== 3;
  const number = Number(isFraction ? `${plain.slice(0, mark).replaceAll(/[.,]/g, "")}.${decimals}` : plain.replaceAll(/[.,]/g, ""));
  return plain === "" || !Number.isFinite(number) ? null : Math.round(number * 10 ** digits);
}

export function workspaceCurrency(): string {
  return settings.currency;
}

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** "2026-11-22" of a moment in the workspace's zone. */
export function dayOf(at: number | string): string {
  return formats.ymd.format(typeof at === "string" ? Date.parse(at) : at);
}

/** When something happened or is due, briefly: "14:02", "yesterday 09:15", "Tue 10:00", "3 Nov", "3 Nov 2024". */
export function formatWhen(at: string, now = Date.now()): string {
  const ms = Date.parse(at);
  const days = daysBetween(dayOf(now), dayOf(ms));
  const time = formats.time.format(ms);
  if (days === 0) return time;
  if (days === -1) return `yesterday ${time}`;
  if (days === 1) return `tomorrow ${time}`;
  if (days > 1 && days < 7) return `${formats.weekday.format(ms)} ${time}`;
  return dayOf(ms).slice(0, 4) === dayOf(now).slice(0, 4) ? formats.day.format(ms) : formats.date.format(ms);
}

/** A date without time: "3 Nov 2026". */
export function formatDate(at: string): string {
  return /^\d{4}-\d{2}-\d{2}$/.test(at)
    ? new Intl.DateTimeFormat(settings.locale, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" }).format(Date.parse(at))
    : formats.date.format(Date.parse(at));
}

/** The whole moment with its zone, for hovering. */
export function formatMoment(at: string): string {
  const ms = Date.parse(at);
  const zone = formats.zone.formatToParts(ms).find(({ type }) => type === "timeZoneName")?.value ?? settings.timezone;
  return `${formats.full.format(ms)} ${zone}`;
}

/** "40 m", "1 h 12 m", "6 h", "3 d", always positive. */
export function formatSpan(ms: number): string {
  const span = Math.abs(ms);
  if (span < MINUTE) return "< 1 m";
  if (span < HOUR) return `${Math.floor(span / MINUTE)} m`;
  if (span < 6 * HOUR) {
    const minutes = Math.floor((span % HOUR) / MINUTE);
    return minutes === 0 ? `${Math.floor(span / HOUR)} h` : `${Math.floor(span / HOUR)} h ${minutes} m`;
  }
  if (span < 2 * DAY) return `${Math.round(span / HOUR)} h`;
  return `${formatNumber(Math.round(span / DAY))} d`;
}

/** "40 m ago", "in 3 h". */
export function formatRelative(at: string, now = Date.now()): string {
  const away = Date.parse(at) - now;
  return away < 0 ? (away > -MINUTE ? "just now" : `${formatSpan(away)} ago`) : `in ${formatSpan(away)}`;
}

function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / DAY);
}

/** Two letters of a name, of any script. */
export function initialsOf(name: string): string {
  const words = name
    .trim()
    .split(/\s+/)
    .filter((word) => /\p{L}/u.test(word));
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined].map((word) => /\p{L}/u.exec(word ?? "")?.[0] ?? "");
  return letters.join("").toLocaleUpperCase() || "?";
}

/** What a lead is called: name, else company, else address. */
export function leadName(lead: {
  readonly firstName: string | null;
  readonly lastName: string | null;
  readonly email: string | null;
  readonly phone?: string | null;
  readonly company?: { readonly name: string } | null;
}): string {
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null && part !== "").join(" ");
  return name || lead.email || lead.company?.name || lead.phone || "Unnamed lead";
}

/** "3 leads", "1 lead". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${formatNumber(count)} ${count === 1 ? one : many}`;
}
