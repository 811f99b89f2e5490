/** Figures: what a bench answers, the statistics behind it, and how a person reads it. More is always better. */

export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  /** The same measure of the reference. */
  readonly reference: number;
  readonly ratio: number;
  /** The least ratio that is accepted. */
  readonly floor: number;
  readonly ok: boolean;
  readonly extra: Readonly<Record<string, unknown>>;
};

export type Measured = {
  readonly name: string;
  readonly unit: string;
  readonly floor: number;
  readonly product: readonly number[];
  readonly reference: readonly number[];
};

/** The figure of a bench from what its rounds gave. `also` is what else must hold for it to be ok. */
export function figureOf({ name, unit, floor, product, reference }: Measured, extra: Readonly<Record<string, unknown>> = {}, also = true): Figure {
  const [value, against] = [median(product), median(reference)];
  const ratio = value / against;
  return {
    name,
    value: rounded(value),
    unit,
    reference: rounded(against),
    ratio: rounded(ratio),
    floor,
    ok: also && ratio >= floor,
    extra: { ...extra, rounds: product.length, spread: { product: product.map(rounded), reference: reference.map(rounded) } },
  };
}

/** @throws Error when there is nothing to take the middle of */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const [low, high] = [sorted[sorted.length % 2 === 0 ? middle - 1 : middle], sorted[middle]];
  if (low === undefined || high === undefined) throw new Error("There is no median of no values.");
  return (low + high) / 2;
}

/** The smallest value that at least this share of the values does not exceed; 0 of none. `sorted` ascends. */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}

/** Three significant digits, whole numbers kept whole. */
export function rounded(value: number): number {
  return Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
}

export function table(figures: readonly Figure[]): string {
  const rows = [
    ["bench", "value", "unit", "reference", "ratio", "floor", ""],
    ...figures.map(({ name, value, unit, reference, ratio, floor, ok }) => [
      name,
      grouped(value),
      unit,
      grouped(reference),
      `${ratio}×`,
      `${floor}×`,
      ok ? "ok" : "MISSED",
    ]),
  ];
  const widths = (rows[0] as readonly string[]).map((_, i) => Math.max(...rows.map((row) => row[i]?.length ?? 0)));
  const numeric = new Set([1, 3, 4, 5]);
  const line = (row: readonly string[]): string =>
    row
      .map((cell, i) => (numeric.has(i) ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join("  ")
      .trimEnd();
  const details = figures.map(({ name, extra }) => `${name}: ${JSON.stringify(extra)}`);
  return [...rows.map(line), "", ...details].join("\n");
}

function grouped(value: number): string {
  return value.toLocaleString("en-US", { maximumFractionDigits: 3 });
}
