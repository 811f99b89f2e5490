/**
 * Patterns in what became of leads: values with which more were rejected than chance would do. The test is Fisher's exact
 * one (R. A. Fisher, 1935), one-sided: how often would drawing as many leads at random find at least as many rejected?
 */

/** So many decisions a value needs before anything is said of it. */
const LEAST = 5;
/** The chance of saying something of any value though nothing is there, spread over all values looked at (Bonferroni). */
const CHANCE = 0.01;

export type Decided = { readonly of: string; readonly value: string; readonly rejected: number; readonly decided: number };
export type Pattern = Decided & { readonly othersRejected: number; readonly othersDecided: number; readonly chance: number };

/** Values that stand out, the least likely first. `rejected` and `decided` are of all leads, whatever their values. */
export function patternsIn(rows: readonly Decided[], all: { readonly rejected: number; readonly decided: number }): readonly Pattern[] {
  const looked = rows.filter(({ decided }) => decided >= LEAST && decided < all.decided);
  return looked
    .map((row) => ({
      ...row,
      othersRejected: all.rejected - row.rejected,
      othersDecided: all.decided - row.decided,
      chance: chanceOf(row.rejected, row.decided, all.rejected, all.decided),
    }))
    .filter(({ rejected, decided, chance }) => rejected * 2 >= decided && chance < CHANCE / looked.length)
    .sort((a, b) => a.chance - b.chance);
}

/** The chance that of `n` drawn from `total`, of which `marked` are marked, at least `k` are. */
export function chanceOf(k: number, n: number, marked: number, total: number): number {
  const most = Math.min(n, marked);
  const all = logChoose(total, n);
  let sum = 0;
  for (let i = k; i <= most; i++) {
    const term = Math.exp(logChoose(marked, i) + logChoose(total - marked, n - i) - all);
    sum += term;
    // Beyond the peak terms only fall.
    if (term < sum * 1e-12 && i > (n * marked) / total) break;
  }
  return Math.min(1, sum);
}

function logChoose(n: number, k: number): number {
  return k < 0 || k > n ? Number.NEGATIVE_INFINITY : logFactorial(n) - logFactorial(k) - logFactorial(n - k);
}

/** Stirling's series; its error is below 1e-10 from 10 on, and below that the factorial itself is taken. */
function logFactorial(n: number): number {
  if (n < 10) {
    let product = 1;
    for (let i = 2; i <= n; i++) product *= i;
    return Math.log(product);
  }
  const inverse = 1 / n;
  const series = inverse / 12 - inverse ** 3 / 360 + inverse ** 5 / 1260 - inverse ** 7 / 1680;
  return n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + series;
}
