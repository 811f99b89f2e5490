/** JSON as people type it: what is wrong with it, and on which line something stands. */

export type Read = { readonly value: unknown; readonly problem: string | null; readonly line: number | null };

export function parseJson(text: string): Read {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return { value, problem: null, line: null };
    return { value: null, problem: "This must be one object in braces.", line: null };
  } catch (error) {
    const words = error instanceof Error ? error.message : "";
    const position = /position (\d+)/.exec(words)?.[1];
    const at = position === undefined ? (/Unexpected end/i.test(words) ? text.length : null) : Number(position);
    return { value: null, problem: "This is no JSON yet: a comma, quote or brace is missing or too much.", line: at === null ? null : lineAt(text, at) };
  }
}

function lineAt(text: string, position: number): number {
  return text.slice(0, position).split("\n").length;
}

/** The line on which the last part of a path as "touches[0].kind" or "fields.size" is named; null when it is not there. */
export function lineOf(text: string, path: string): number | null {
  let from = 0;
  for (const part of path.split(/[.[\]]+/).filter((name) => name !== "")) {
    if (/^\d+$/.test(part)) {
      for (let i = -1; i < Number(part) && from >= 0; i++) from = text.indexOf("{", from + 1);
      if (from < 0) return null;
      continue;
    }
    const found = text.indexOf(`${JSON.stringify(part)}:`, from);
    if (found < 0) return from === 0 ? null : lineAt(text, from);
    from = found;
  }
  return path === "" ? null : lineAt(text, from);
}
