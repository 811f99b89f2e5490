/** The known name that is most like a misspelt one, for "did you mean". */

/** @returns null when nothing is near: no name begins so, and more than a third of the letters would have to change */
export function nearest(name: string, known: Iterable<string>): string | null {
  const wanted = name.trim().toLowerCase();
  let best: string | null = null;
  let fewest = Infinity;
  for (const candidate of known) {
    const other = candidate.trim().toLowerCase();
    const changes = wanted.length > 2 && other.startsWith(wanted) ? 1 : distance(wanted, other);
    if (changes < fewest) [best, fewest] = [candidate, changes];
  }
  return best !== null && fewest <= Math.max(1, Math.floor(Math.max(wanted.length, best.length) / 3)) ? best : null;
}

/** How many letters must be added, dropped, replaced or swapped with their neighbour to turn one text into the other. */
function distance(a: string, b: string): number {
  let before: number[] = [];
  let row = Array.from({ length: b.length + 1 }, (_, i) => i);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const replaced = (row[j - 1] as number) + (a[i - 1] === b[j - 1] ? 0 : 1);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1] ? (before[j - 2] as number) + 1 : Infinity;
      next.push(Math.min(replaced, swapped, (row[j] as number) + 1, (next[j - 1] as number) + 1));
    }
    before = row;
    row = next;
  }
  return row[b.length] as number;
}
