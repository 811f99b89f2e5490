/** What the values of a column look like, whatever it is called. */
import { isEmail } from "../identity/identity.ts";
import { readCell } from "./csv.ts";
import { parseDay, parseMoment } from "./dates.ts";
import { parseBoolean, parseCurrency, parseMoney, parseNumber, PLAIN_BOOLEANS } from "./values.ts";

export type Content = {
  /** Rows looked at, and those with a value. */
  readonly rows: number;
  readonly filled: number;
  /** Different values in small letters, with how often each stands there; at most so many are told apart. */
  readonly values: ReadonlyMap<string, { readonly text: string; readonly count: number }>;
  readonly longest: number;
  /** Shares of the values that are of a kind, 0 to 1. */
  readonly share: { readonly [K in Kind]: number };
};

const KINDS = {
  email: (text: string) => isEmail(text.replace(/^mailto:/i, "").toLowerCase()),
  phone: (text: string) =>
    /^[+(]?[\d\s()./-]{6,24}(?:\s*(?:ext|x|#)\.?\s*\d{1,6})?$/i.test(text) && /\d{6,15}/.test(text.replaceAll(/\D/g, "")) && !isDate(text),
  dialled: (text: string) => /^(?:\+|00)\s?\d/.test(text) || /^\(?0\d[\d\s()/-]{5,}$/.test(text),
  url: (text: string) =>
    /^(?:https?:\/\/|www\.)\S+$/i.test(text) || (/^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?:\/\S*)?$/i.test(text) && !text.includes("@")),
  date: (text: string) => isDate(text),
  number: (text: string) => parseNumber(text, "point") !== null || parseNumber(text, "comma") !== null,
  money: (text: string) => parseMoney(text, "point", "EUR") !== null || parseMoney(text, "comma", "EUR") !== null,
  whole: (text: string) => /^\d{1,15}$/.test(text),
  padded: (text: string) => /^0\d+$/.test(text),
  boolean: (text: string) => parseBoolean(text) !== null,
  plainBoolean: (text: string) => PLAIN_BOOLEANS.has(text.toLowerCase()),
  currency: (text: string) => /^[A-Za-z]{3}$/.test(text) && parseCurrency(text) !== null,
  title: (text: string) => /^(?:mr|mrs|ms|miss|dr|prof|herr|frau|m|mme|mlle|sr|sra|srta|pan|pani|пан|пані)\.?$/i.test(text),
  letters: (text: string) => /\p{L}/u.test(text),
} as const;
export type Kind = keyof typeof KINDS;

function isDate(text: string): boolean {
  if (!/[-/.\s:T]/.test(text)) return false;
  return ["dayFirst", "monthFirst"].some((order) => parseDay(text, order as "dayFirst") !== null || parseMoment(text, order as "dayFirst", "UTC") !== null);
}

const MOST_VALUES = 2000;

export function contentOf(cells: readonly string[]): Content {
  const values = new Map<string, { text: string; count: number }>();
  const counts = Object.fromEntries(Object.keys(KINDS).map((kind) => [kind, 0])) as Record<Kind, number>;
  const seen = new Map<string, readonly Kind[]>();
  let filled = 0;
  let longest = 0;
  for (const cell of cells) {
    const text = readCell(cell);
    if (text === "") continue;
    filled++;
    longest = Math.max(longest, text.length);
    const known = values.get(text.toLowerCase());
    if (known !== undefined) known.count++;
    else if (values.size < MOST_VALUES) values.set(text.toLowerCase(), { text, count: 1 });
    let kinds = seen.get(text);
    if (kinds === undefined) {
      kinds = kindsOf(text);
      if (seen.size < MOST_VALUES) seen.set(text, kinds);
    }
    for (const kind of kinds) counts[kind]++;
  }
  const share = Object.fromEntries(Object.entries(counts).map(([kind, count]) => [kind, filled === 0 ? 0 : count / filled])) as Record<Kind, number>;
  return { rows: cells.length, filled, values, longest, share };
}

const ALL_KINDS = Object.keys(KINDS) as readonly Kind[];

/** A long text is a text and nothing else. */
function kindsOf(text: string): readonly Kind[] {
  return text.length > 300 ? ["letters"] : ALL_KINDS.filter((kind) => KINDS[kind](text));
}

/** How many of the values are among the known ones, 0 to 1. */
export function knownShare({ values }: Content, known: ReadonlySet<string>): number {
  let [all, hits] = [0, 0];
  for (const [value, { count }] of values) {
    all += count;
    if (known.has(value)) hits += count;
  }
  return all === 0 ? 0 : hits / all;
}
