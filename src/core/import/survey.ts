/**
 * The first pass over a file: what its columns hold. It settles what no single row can: which comes first, day or month;
 * which mark stands before decimals; the types of fields that do not exist yet; options that selects lack.
 */
import type { Config, FieldDef, FieldType } from "../config/config.ts";
import { readCell } from "./csv.ts";
import { type DateOrder, type DateVotes, orderFrom, parseDay, voteDate } from "./dates.ts";
import { columnKey } from "./dialect.ts";
import type { ImportMap, Placed } from "./import-map.ts";
import { targetOf } from "./import-map.ts";
import { type NumberStyle, type NumberVotes, parseNumber, PLAIN_BOOLEANS, styleFrom, voteNumber } from "./values.ts";

/** How the values of each target are to be read, and what the workspace lacks before the rows run. */
export type Findings = {
  readonly rows: number;
  readonly orders: Readonly<Record<string, DateOrder>>;
  readonly styles: Readonly<Record<string, NumberStyle>>;
  readonly newFields: readonly FieldDef[];
  /** By field key. */
  readonly newOptions: Readonly<Record<string, readonly string[]>>;
};

export type Survey = {
  add(cells: readonly string[]): void;
  /** A row that cannot be read counts, and says nothing. */
  skip(): void;
  /** `mistakes` say why the file cannot be imported like this. */
  finish(): { readonly findings: Findings; readonly mistakes: readonly string[] };
};

const MAX_NEW_OPTIONS = 1000;

type Column = {
  readonly target: string;
  readonly index: number | null;
  readonly list: Readonly<Record<string, string>> | null;
  readonly fallback: string;
  readonly see: (text: string) => void;
};
type Votes = { readonly dates: DateVotes; readonly numbers: NumberVotes };

export function createSurvey(placed: readonly Placed[], map: ImportMap, config: Config): Survey {
  const votes = new Map<string, Votes>();
  const guesses = new Map<string, Guess>();
  const options = new Map<string, Map<string, string>>();
  const fields = new Map(config.fields.map((field) => [field.key, field]));
  const places = new Map(placed.map(({ target, index }) => [target, index]));
  const targets = [...new Set([...placed.map(({ target }) => target), ...Object.keys(map.defaults)])];
  const columns: readonly Column[] = targets.flatMap((target) => {
    const see = watch(target, fields, votes, guesses, options);
    return see === null ? [] : [{ target, index: places.get(target) ?? null, list: map.lists[target] ?? null, fallback: map.defaults[target] ?? "", see }];
  });
  let rows = 0;
  return {
    skip: () => void rows++,
    add(cells) {
      rows++;
      for (const { index, list, fallback, see } of columns) {
        let text = index === null ? fallback : readCell(cells[index] ?? "");
        if (list !== null) text = list[columnKey(text)] ?? text;
        if (text === "") text = fallback;
        if (text !== "") see(text);
      }
    },
    finish: () => conclude(rows, map, votes, guesses, options),
  };
}

/** What is to be learnt from the values of a target; null: nothing. */
function watch(
  target: string,
  fields: ReadonlyMap<string, FieldDef>,
  votes: Map<string, Votes>,
  guesses: Map<string, Guess>,
  options: Map<string, Map<string, string>>,
): ((text: string) => void) | null {
  const to = targetOf(target);
  const mine: Votes = { dates: { dayFirst: 0, monthFirst: 0 }, numbers: { point: 0, comma: 0 } };
  const [asDate, asNumber] = [(text: string) => voteDate(text, mine.dates), (text: string) => voteNumber(text, mine.numbers)];
  const field = to?.kind === "field" ? fields.get(to.key) : undefined;
  if (to?.kind === "field" && field === undefined) {
    const guess = newGuess();
    guesses.set(to.key, guess);
    votes.set(target, mine);
    return (text) => {
      if (!narrow(guess, text)) return;
      if (guess.number) asNumber(text);
      if (guess.date) asDate(text);
    };
  }
  if (to?.kind === "field" && field?.type === "select") {
    const known = new Map((field.options ?? []).map((option) => [option.toLowerCase(), option]));
    const added = new Map<string, string>();
    options.set(to.key, added);
    return (text) => {
      const key = text.toLowerCase();
      if (!known.has(key) && !added.has(key) && added.size <= MAX_NEW_OPTIONS) added.set(key, text);
    };
  }
  const dated =
    (to?.kind === "lead" && (to.key === "capturedAt" || to.key === "stageAt")) ||
    (to?.kind === "opportunity" && (to.key === "wonAt" || to.key === "lostAt")) ||
    field?.type === "date";
  const counted = (to?.kind === "opportunity" && to.key === "amount") || field?.type === "number";
  if (!dated && !counted) return null;
  votes.set(target, mine);
  return dated ? asDate : asNumber;
}

/** What a new field's values may all still be. */
type Guess = { seen: boolean; number: boolean; pointed: boolean; commaed: boolean; boolean: boolean; date: boolean; dayFirst: boolean; monthFirst: boolean };

function newGuess(): Guess {
  return { seen: false, number: true, pointed: true, commaed: true, boolean: true, date: true, dayFirst: true, monthFirst: true };
}

/** Digits that are an amount, not a name: no leading zero, no plus, no more than a double keeps. */
const AMOUNT = /^-?(?:0|[1-9][\d.,]*)(?:[.,]\d+)?$/;

/** False when nothing but text is left. */
function narrow(guess: Guess, text: string): boolean {
  if (guess.seen && !guess.number && !guess.boolean && !guess.date) return false;
  guess.seen = true;
  if (guess.boolean) guess.boolean = PLAIN_BOOLEANS.has(text.toLowerCase());
  if (guess.number) {
    const may = AMOUNT.test(text) && text.length <= 16;
    guess.pointed &&= may && parseNumber(text, "point") !== null;
    guess.commaed &&= may && parseNumber(text, "comma") !== null;
    guess.number = guess.pointed || guess.commaed;
  }
  if (guess.date) {
    guess.dayFirst &&= parseDay(text, "dayFirst") !== null;
    guess.monthFirst &&= parseDay(text, "monthFirst") !== null;
    guess.date = guess.dayFirst || guess.monthFirst;
  }
  return true;
}

function conclude(
  rows: number,
  map: ImportMap,
  votes: ReadonlyMap<string, Votes>,
  guesses: ReadonlyMap<string, Guess>,
  options: ReadonlyMap<string, ReadonlyMap<string, string>>,
): ReturnType<Survey["finish"]> {
  const mistakes: string[] = [];
  const all: DateVotes = { dayFirst: 0, monthFirst: 0 };
  for (const [target, { dates }] of votes) {
    const order = guesses.get(keyOf(target))?.date === false ? null : orderFrom(dates);
    if (order !== null) all[order]++;
  }
  const orders: Record<string, DateOrder> = {};
  const styles: Record<string, NumberStyle> = {};
  for (const [target, { dates, numbers }] of votes) {
    const guess = guesses.get(keyOf(target));
    const order = map.dateOrder ?? orderFrom(dates) ?? orderFrom(all) ?? "dayFirst";
    orders[target] = guess === undefined || map.dateOrder !== null || guess[order] ? order : order === "dayFirst" ? "monthFirst" : "dayFirst";
    const style = styleFrom(numbers);
    styles[target] = guess === undefined || !guess.number ? style : style === "point" ? (guess.pointed ? "point" : "comma") : guess.commaed ? "comma" : "point";
  }
  for (const [key, added] of options)
    if (added.size > MAX_NEW_OPTIONS)
      mistakes.push(
        `fields.${key} is a select, and the file would add more than ${MAX_NEW_OPTIONS} options to it. Check that the right column is mapped, or make it a text field.`,
      );
  const newFields = [...guesses].map(([key, guess]): FieldDef => ({ key, label: labelOf(key), type: typeOf(guess) }));
  const newOptions = Object.fromEntries([...options].filter(([, added]) => added.size > 0).map(([key, added]) => [key, [...added.values()]]));
  return { findings: { rows, orders, styles, newFields, newOptions }, mistakes };
}

function keyOf(target: string): string {
  return target.replace(/^fields\./, "");
}

function typeOf(guess: Guess): FieldType {
  if (!guess.seen) return "text";
  return guess.boolean ? "boolean" : guess.number ? "number" : guess.date ? "date" : "text";
}

/** "landingPage" → "Landing page" */
function labelOf(key: string): string {
  const words = key
    .replaceAll("_", " ")
    .replaceAll(/([a-z\d])([A-Z])/g, "$1 $2")
    .trim()
    .toLowerCase();
  return words.charAt(0).toUpperCase() + words.slice(1);
}

/** The configuration with what an import adds to it: new fields, and new options of selects. The same object when nothing is new. */
export function withFindings(config: Config, { newFields, newOptions }: Pick<Findings, "newFields" | "newOptions">): Config {
  const known = new Set(config.fields.map((field) => field.key));
  const added = newFields.filter((field) => !known.has(field.key));
  const fields = config.fields.map((field): FieldDef => {
    const has = new Set((field.options ?? []).map((option) => option.toLowerCase()));
    const more = field.type === "select" ? (newOptions[field.key] ?? []).filter((option) => !has.has(option.toLowerCase())) : [];
    return more.length === 0 ? field : { ...field, options: [...(field.options ?? []), ...more] };
  });
  return added.length === 0 && fields.every((field, i) => field === config.fields[i]) ? config : { ...config, fields: [...fields, ...added] };
}
