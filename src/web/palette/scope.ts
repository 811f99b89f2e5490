/** How what is typed into the palette is read. */

export type Scope = "actions" | "lead" | "company" | "opportunity" | null;

const SCOPES: Readonly<Record<string, Scope>> = {
  lead: "lead",
  leads: "lead",
  company: "company",
  companies: "company",
  deal: "opportunity",
  opportunity: "opportunity",
};

/** "> assi" asks for actions, "lead: anna" for leads, anything else for everything. */
export function scopeOf(typed: string): { readonly scope: Scope; readonly text: string } {
  if (typed.trimStart().startsWith(">")) return { scope: "actions", text: typed.trimStart().slice(1).trim() };
  const [, word = "", rest = ""] = /^\s*(\w+):(.*)$/s.exec(typed) ?? [];
  const scope = SCOPES[word.toLowerCase()];
  return scope === undefined ? { scope: null, text: typed.trim() } : { scope, text: rest.trim() };
}

/** Whether every typed word begins a word of the label. */
export function matches(label: string, text: string): boolean {
  const words = label.toLowerCase().split(/\s+/);
  return text
    .toLowerCase()
    .split(/\s+/)
    .filter((part) => part !== "")
    .every((part) => words.some((word) => word.startsWith(part)));
}
