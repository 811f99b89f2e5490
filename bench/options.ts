/** What `npm run bench` was asked for. */

/** In the order in which they run: benches that want a small house first, those that want a full one last. */
export const NAMES = [
  "capture",
  "touches",
  "touches-batch",
  "import",
  "flat",
  "list",
  "search",
  "interaction",
  "jumps",
  "rescore",
  "start",
  "web-bundle",
] as const;
export type Name = (typeof NAMES)[number];

export type Scale = {
  /** Leads of the benches that want many. */
  readonly leads: number;
  /** Seconds of load in a round. */
  readonly seconds: number;
  readonly rounds: number;
};

export type Options = { readonly names: readonly Name[]; readonly scale: Scale; readonly json: boolean };

export const USAGE = `npm run bench -- [NAME …] [--quick] [--json] [--leads N] [--seconds S] [--rounds R]
  NAME       ${NAMES.join(", ")}; every one when none is named
  --quick    at 200,000 leads instead of 1,000,000, in shorter rounds
  --json     one JSON object on stdout`;

const FULL: Scale = { leads: 1_000_000, seconds: 6, rounds: 5 };
const QUICK: Scale = { leads: 200_000, seconds: 3, rounds: 3 };

/** @returns the options, or in words what is wrong with them */
export function readOptions(words: readonly string[]): Options | string {
  const names: Name[] = [];
  const numbers = new Map<string, number>();
  const flags = new Set<string>();
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === "--quick" || word === "--json") flags.add(word);
    else if (word === "--leads" || word === "--seconds" || word === "--rounds") {
      const value = Number(words[++i]);
      if (!(value > 0) || (word !== "--seconds" && !Number.isInteger(value))) return `${word} takes a number above zero.\n${USAGE}`;
      numbers.set(word.slice(2), value);
    } else if (isName(word)) names.push(word);
    else return `There is no bench "${word}".\n${USAGE}`;
  }
  const scale = { ...(flags.has("--quick") ? QUICK : FULL), ...Object.fromEntries(numbers) };
  return { names: NAMES.filter((name) => names.length === 0 || names.includes(name)), scale, json: flags.has("--json") };
}

function isName(word: string): word is Name {
  return (NAMES as readonly string[]).includes(word);
}
