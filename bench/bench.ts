/** What every bench shares: rounds in which product and reference take turns, and the words on the way. */
import type { BenchHouse } from "./house.ts";
import type { Loaded } from "./load.ts";
import type { Scale } from "./options.ts";

export type Bench = {
  readonly house: BenchHouse;
  readonly scale: Scale;
  /** Says on stderr what is going on. */
  readonly tell: (line: string) => void;
};

export type Rounds<P, R = P> = { readonly product: readonly P[]; readonly reference: readonly R[] };

/** Takes turns, and who begins changes too, so that nobody always has the warmer machine. Rounds are numbered from 0. */
export async function alternate<P, R>(
  { scale }: Bench,
  product: (round: number) => Promise<P>,
  reference: (round: number) => Promise<R>,
): Promise<Rounds<P, R>> {
  const [ours, theirs]: [P[], R[]] = [[], []];
  for (let round = 0; round < scale.rounds; round++) {
    if (round % 2 === 0) ours.push(await product(round));
    theirs.push(await reference(round));
    if (round % 2 === 1) ours.push(await product(round));
  }
  return { product: ours, reference: theirs };
}

/** The middle of the rounds' latencies, in milliseconds. */
export function latencies(rounds: readonly Loaded[]): { readonly p50: number; readonly p95: number; readonly p99: number } {
  const middle = (read: (round: Loaded) => number): number => {
    const sorted = rounds.map(read).toSorted((a, b) => a - b);
    return Math.round((sorted[sorted.length >> 1] ?? 0) * 10) / 10;
  };
  return { p50: middle(({ p50 }) => p50), p95: middle(({ p95 }) => p95), p99: middle(({ p99 }) => p99) };
}

/** How many requests a round of so many seconds takes, at the rate of a warm-up. */
export function requestsFor({ scale }: Bench, warmUp: Loaded): number {
  return Math.max(200, Math.min(150_000, Math.round(warmUp.perSecond * scale.seconds)));
}
