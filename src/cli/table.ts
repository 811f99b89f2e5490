/** Columns of text. */

/** Words to the left, numbers to the right; unless told otherwise only the first column is words. */
export function table(head: readonly string[], rows: readonly (readonly string[])[], words: readonly number[] = [0]): string {
  const widths = head.map((name, i) => Math.max(name.length, ...rows.map((row) => (row[i] ?? "").length)));
  return [head, ...rows]
    .map((row) =>
      row
        .map((cell, i) => (words.includes(i) ? cell.padEnd(widths[i] as number) : cell.padStart(widths[i] as number)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
