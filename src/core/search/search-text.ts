/**
 * The form in which everything that can be found by name is stored and asked for: lower case, no diacritics, single spaces.
 * Folding a text joined by spaces is the same as joining its folded parts, and a part of a text stays a part of it; filters
 * rely on both when they let the search index choose candidates.
 */

const PLAIN = /^\p{ASCII}*$/u;
const MARKS = /\p{M}+/gu;
const SPACES = /\s+/g;

/** Letters whose bar or ligature Unicode does not take apart. */
const LETTERS: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  ð: "d",
  þ: "th",
  ħ: "h",
  ı: "i",
  ŋ: "n",
  ŧ: "t",
  ƒ: "f",
  ɓ: "b",
  ɗ: "d",
  ƙ: "k",
  ς: "σ",
  ĳ: "ij",
};
const SPECIAL = new RegExp(`[${Object.keys(LETTERS).join("")}]`, "g");

export function searchText(text: string): string {
  const folded = PLAIN.test(text) ? text.toLowerCase() : fold(text);
  return folded.replace(SPACES, " ").trim();
}

function fold(text: string): string {
  const lower = text.normalize("NFKD").toLowerCase().normalize("NFKD");
  return lower.replace(MARKS, "").replace(SPECIAL, (letter) => LETTERS[letter] as string);
}
