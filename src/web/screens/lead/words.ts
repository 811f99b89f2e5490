/** Reasons in words. */
import type { Reasons } from "./lead-writes.ts";

/** The stage stands in the sentence already, so a definition needs only its version. */
export function because(text: string): string {
  return text.replace(/definition of [\w-]+, version/, "definition, version").replaceAll("_", " ");
}

type Way = Reasons["ways"][number];

/** What is missing, gathered: "need and timeline are missing", then what should be otherwise. */
export function gapsOf({ missing }: Pick<Way, "missing">): readonly { readonly names: readonly string[]; readonly words: string }[] {
  const absent = missing.filter(({ wants }) => wants === "is missing").map(({ label }) => lower(label));
  const others = missing.filter(({ wants }) => wants !== "is missing");
  return [
    ...(absent.length === 0 ? [] : [{ names: absent, words: absent.length === 1 ? "is missing" : "are missing" }]),
    ...others.map(({ label, wants, has }) => ({ names: [lower(label)], words: `${wants}${has === null ? "" : ` (it is ${has})`}` })),
  ];
}

/** "To Sales qualified: need and timeline are missing." */
export function wayWords(way: Way): string {
  return `To ${way.label}: ${gapsOf(way)
    .map(({ names, words }) => `${listed(names)} ${words}`)
    .join("; ")}.`;
}

export function listed(names: readonly string[]): string {
  return names.length < 2 ? (names[0] ?? "") : `${names.slice(0, -1).join(", ")} and ${names.at(-1)}`;
}

/** Not of an abbreviation. */
export function lower(label: string): string {
  return /^[A-Z][a-z]/.test(label) ? label.charAt(0).toLowerCase() + label.slice(1) : label;
}

/** From where a lead can go back to marketing. */
export function mayReturn(stage: string): boolean {
  return ["mql", "sal", "sql"].includes(stage);
}
