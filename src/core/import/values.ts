/**
 * Numbers, money, yes and no, and tags as people write them. Whether 1.234 is a thousand or little more than one is
 * decided by the whole column; where nothing decides, the point is the decimal mark.
 */

/** Which mark stands before the decimals. */
export type NumberStyle = "point" | "comma";

export type NumberVotes = { point: number; comma: number };

/** Counts what a value says about the decimal mark of its column. */
export function voteNumber(text: string, votes: NumberVotes): void {
  const point = text.lastIndexOf(".");
  const comma = text.lastIndexOf(",");
  if (point === -1 && comma === -1) return;
  if (point !== -1 && comma !== -1) {
    if (point > comma) votes.point++;
    else votes.comma++;
    return;
  }
  const mark = point === -1 ? "," : ".";
  const parts = text.split(mark);
  const grouped = parts.length > 2;
  if (!grouped && /^\d{3}\D*$/.test(parts[1] as string) && /[1-9]\d{0,2}$/.test(parts[0] as string) && !/\d{4}$/.test(parts[0] as string)) return;
  if ((mark === ".") !== grouped) votes.point++;
  else votes.comma++;
}

export function styleFrom({ point, comma }: NumberVotes): NumberStyle {
  return comma > point ? "comma" : "point";
}

const POINT = /^[+-]?(?:\d+|\d{1,3}(?:[, '\u00a0\u202f\u2019]\d{3})+)(?:\.\d+)?$|^[+-]?\.\d+$/;
const COMMA = /^[+-]?(?:\d+|\d{1,3}(?:[. '\u00a0\u202f\u2019]\d{3})+)(?:,\d+)?$|^[+-]?,\d+$/;

/** A decimal number as plain digits ("-1234.5"), or null when this is none. */
export function readDecimal(text: string, style: NumberStyle): string | null {
  if (!(style === "point" ? POINT : COMMA).test(text)) return null;
  const plain = style === "point" ? text.replaceAll(/[, '\u00a0\u202f\u2019+]/g, "") : text.replaceAll(/[. '\u00a0\u202f\u2019+]/g, "").replace(",", ".");
  return plain.replace(/^(-?)\./, "$10.");
}

export function parseNumber(text: string, style: NumberStyle): number | null {
  const plain = readDecimal(text, style);
  return plain === null ? null : Number(plain);
}

/** Money in major units, with or without a currency sign or code beside it, in minor units, rounded half away from zero. Null when it is none or more than can be kept. */
export function parseMoney(text: string, style: NumberStyle, currency: string): number | null {
  const negative = /^\(.*\)$/.test(text);
  const bare = (negative ? text.slice(1, -1) : text)
    .replaceAll(/\p{Sc}/gu, "")
    .replace(/^(-?)\s*(?:[A-Za-z]{1,3}\s+|(?:R|US|CA|A|HK|NZ|S|kr)(?=\s*[-\d]))/, "$1")
    .replace(/\s*[A-Za-z]{1,3}$/, "")
    .trim();
  const plain = readDecimal(bare, style);
  if (plain === null) return null;
  const [whole = "0", decimals = ""] = plain.replace("-", "").split(".");
  const digits = minorDigits(currency);
  const scaled = Number(whole + decimals.slice(0, digits).padEnd(digits, "0")) + ((decimals[digits] ?? "0") >= "5" ? 1 : 0);
  if (!Number.isSafeInteger(scaled)) return null;
  return scaled !== 0 && negative !== plain.startsWith("-") ? -scaled : scaled;
}

const digitsOf = new Map<string, number>();

/** Decimals of a currency's minor unit: 2 for EUR, 0 for JPY, 3 for KWD. */
export function minorDigits(currency: string): number {
  let digits = digitsOf.get(currency);
  if (digits === undefined) {
    digits = new Intl.NumberFormat("en", { style: "currency", currency }).resolvedOptions().maximumFractionDigits ?? 2;
    digitsOf.set(currency, digits);
  }
  return digits;
}

const currencies = new Set(Intl.supportedValuesOf("currency"));

/** An ISO 4217 code, or null. */
export function parseCurrency(text: string): string | null {
  const code = text.toUpperCase();
  return currencies.has(code) ? code : null;
}

const YES = new Set(["true", "t", "yes", "y", "1", "on", "x", "ja", "j", "oui", "o", "sí", "si", "sim", "s", "won", "✓"]);
const NO = new Set(["false", "f", "no", "n", "0", "off", "nein", "non", "não", "nao", "lost"]);

export function parseBoolean(text: string): boolean | null {
  const word = text.toLowerCase();
  return YES.has(word) ? true : NO.has(word) ? false : null;
}

/** Words that make a column one of yes and no when nothing else stands in it. */
export const PLAIN_BOOLEANS: ReadonlySet<string> = new Set(["true", "false", "yes", "no", "ja", "nein", "oui", "non", "sim", "não", "nao"]);

/** Split at commas and semicolons, each once, in the order of the file. */
export function parseTags(text: string): readonly string[] {
  return [...new Set(text.split(/[,;]/).map((tag) => tag.trim()))].filter((tag) => tag !== "");
}
