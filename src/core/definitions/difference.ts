/** What a new text says otherwise than the one before, line by line, as people read it. */
import type { Condition, Filter } from "../filter/filter.ts";
import type { DefinitionText } from "./definition.ts";

/** How to say what only the caller knows the names of. */
export type Words = {
  readonly condition: (condition: Condition) => string;
  readonly field: (field: string) => string;
  readonly stage: (stage: string) => string;
};

export type Line = { readonly part: "label" | "meaning" | "owner" | "criteria" | "answers" | "exits"; readonly text: string };
export type DifferentLine = Line & { readonly change: "same" | "added" | "removed" };

/** The text as lines: a condition a line, groups indented by two spaces. */
export function linesOf(text: DefinitionText, words: Words): readonly Line[] {
  const part = (name: Line["part"], lines: readonly string[]): readonly Line[] => lines.map((line) => ({ part: name, text: line }));
  return [
    ...part("label", [text.label]),
    ...part("meaning", paragraphs(text.meaning)),
    ...part("owner", paragraphs(text.owner)),
    ...part("criteria", filterLines(text.criteria, words)),
    ...part("answers", text.answers.map(words.field)),
    ...part(
      "exits",
      text.exits.map(({ stage, when }) => `${words.stage(stage)}: ${when}`),
    ),
  ];
}

function paragraphs(text: string): readonly string[] {
  return text.split("\n").filter((line) => line.trim() !== "");
}

function filterLines(filter: Filter, words: Words, indent = ""): readonly string[] {
  if ("not" in filter) return [`${indent}Not:`, ...filterLines(filter.not, words, `${indent}  `)];
  if (!("and" in filter) && !("or" in filter)) return [`${indent}${words.condition(filter)}`];
  const parts = "and" in filter ? filter.and : filter.or;
  const head = "and" in filter ? "All of:" : "Any of:";
  if (parts.length === 0) return [`${indent}${"and" in filter ? "Everybody" : "Nobody"}`];
  const [only] = parts;
  if (parts.length === 1 && only !== undefined) return filterLines(only, words, indent);
  return [`${indent}${head}`, ...parts.flatMap((part) => filterLines(part, words, `${indent}  `))];
}

/** Both texts in one, with what was taken away before what came in its place. */
export function differenceOf(from: readonly Line[], to: readonly Line[]): readonly DifferentLine[] {
  const parts = ["label", "meaning", "owner", "criteria", "answers", "exits"] as const;
  return parts.flatMap((part) =>
    align(
      from.filter((line) => line.part === part),
      to.filter((line) => line.part === part),
    ),
  );
}

/** The longest common run of lines stays; a definition has some ten lines, at most some hundreds. */
function align(from: readonly Line[], to: readonly Line[]): readonly DifferentLine[] {
  const longest = Array.from({ length: from.length + 1 }, () => new Array<number>(to.length + 1).fill(0));
  const at = (i: number, j: number): number => longest[i]?.[j] ?? 0;
  for (let i = from.length - 1; i >= 0; i--)
    for (let j = to.length - 1; j >= 0; j--)
      (longest[i] as number[])[j] = from[i]?.text === to[j]?.text ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
  const lines: DifferentLine[] = [];
  let i = 0;
  let j = 0;
  while (i < from.length || j < to.length) {
    const [old, fresh] = [from[i], to[j]];
    if (old !== undefined && fresh !== undefined && old.text === fresh.text) {
      lines.push({ ...fresh, change: "same" });
      i++;
      j++;
    } else if (old !== undefined && (fresh === undefined || at(i + 1, j) >= at(i, j + 1))) {
      lines.push({ ...old, change: "removed" });
      i++;
    } else if (fresh !== undefined) {
      lines.push({ ...fresh, change: "added" });
      j++;
    }
  }
  return lines;
}
