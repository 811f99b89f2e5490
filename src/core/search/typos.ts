/**
 * Typing errors: the words that are one slip away from a typed word, and how well a found text answers what was typed.
 * One slip is a letter too much, missing, wrong, or two neighbours swapped.
 */

/** What was typed, as words to find; digits typed as a telephone number are one word. At most six words of at most 40 letters count. */
export function searchWords(folded: string): readonly string[] {
  if (TELEPHONE.test(folded)) {
    const digits = folded.replace(/\D/g, "").replace(/^0+/, "");
    if (digits.length >= 3) return [digits];
  }
  return [...new Set(folded.split(" ").map((word) => word.replace(EDGES, "").slice(0, 40)))].filter((word) => word !== "").slice(0, 6);
}

const TELEPHONE = /^[\d\s+()/.-]+$/;
const EDGES = /^[^\p{L}\p{N}]+|[^\p{L}\p{N}]+$/gu;

/** `_` stands for one unknown letter. The word itself is not among them. Words of fewer than three letters have none, nor have those too long for a name. */
export function oneSlipFrom(word: string): readonly string[] {
  const letters = Array.from(word);
  const n = letters.length;
  if (n < 3 || n > 24) return [];
  const found = new Set<string>();
  const put = (from: number, to: number, ...between: readonly string[]): unknown =>
    found.add([...letters.slice(0, from), ...between, ...letters.slice(to)].join(""));
  for (let i = 0; i < n - 1; i++) put(i, i + 2, letters[i + 1] as string, letters[i] as string);
  for (let i = 1; i < n; i++) put(i, i, ANY);
  if (n > 3) for (let i = 0; i < n; i++) put(i, i + 1);
  if (n > 3) for (let i = 1; i < n - 1; i++) put(i, i + 1, ANY);
  found.delete(word);
  return [...found];
}

export const ANY = "_";

/** How far a text is from the words typed: 0 is every word whole and in the title; each word adds what its best counterpart lacks. */
export function distanceOf(words: readonly string[], title: string, text: string): number {
  const inTitle = new Set(title.split(BETWEEN));
  const parts = text.split(BETWEEN);
  let sum = 0;
  for (const word of words) {
    let best = text.includes(word) ? INSIDE : NOT_FOUND;
    for (const part of parts) {
      const distance = wordDistance(word, part) + (inTitle.has(part) ? 0 : BESIDE);
      if (distance < best) best = distance;
    }
    sum += best;
  }
  return sum;
}

const BETWEEN = /[^\p{L}\p{N}]+/u;
const BESIDE = 0.05;
const INSIDE = 0.6;
const NOT_FOUND = 4;

function wordDistance(word: string, part: string): number {
  if (part === word) return 0;
  if (part.startsWith(word)) return 0.2 + (part.length - word.length) / 100;
  const slip = slipBetween(word, part);
  if (slip !== null) return slip;
  for (const length of [word.length, word.length + 1, word.length - 1]) {
    const begin = length >= 3 && length < part.length ? slipBetween(word, part.slice(0, length)) : null;
    if (begin !== null) return begin + 0.4 + (part.length - length) / 100;
  }
  return NOT_FOUND;
}

/** What a single slip costs, likely ones less; null when more than one lies between the words. */
function slipBetween(typed: string, meant: string): number | null {
  const more = typed.length - meant.length;
  if (more < -1 || more > 1 || meant === "") return null;
  let i = 0;
  while (i < typed.length && typed[i] === meant[i]) i++;
  const first = i === 0 ? 0.3 : 0;
  if (more === 1) return typed.slice(i + 1) === meant.slice(i) ? (typed[i] === typed[i - 1] ? 1 : 1.1) + first : null;
  if (more === -1) return typed.slice(i) === meant.slice(i + 1) ? 1.1 + first : null;
  if (typed[i] === meant[i + 1] && typed[i + 1] === meant[i] && typed.slice(i + 2) === meant.slice(i + 2)) return 1 + first;
  return typed.slice(i + 1) === meant.slice(i + 1) ? 1.3 + first : null;
}
