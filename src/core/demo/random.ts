/** Chance with a seed: the same seed gives the same draws, so the demo workspace is the same every time. */

export type Random = {
  /** From 0 to just below 1. */
  next(): number;
  /** A whole number from `low` to `high`, both included. */
  int(low: number, high: number): number;
  /** Whether something of this probability happens. */
  chance(probability: number): boolean;
  pick<T>(things: readonly T[]): T;
  /** One of the keys, as often as its weight says. */
  weighted<K extends string>(weights: Readonly<Record<K, number>>): K;
  /** Around `median`, seldom far below, sometimes far above; `spread` 0.5 keeps two thirds between 0.6 and 1.65 times. */
  around(median: number, spread?: number): number;
  /** A stream of its own that does not depend on what else is drawn. */
  fork(name: string): Random;
};

export function seeded(seed: string): Random {
  const roll = mulberry(hashOf(seed));
  const next = (): number => roll() / 4_294_967_296;
  const random: Random = {
    next,
    int: (low, high) => low + Math.floor(next() * (high - low + 1)),
    chance: (probability) => next() < probability,
    pick: (things) => things[Math.floor(next() * things.length)] as (typeof things)[number],
    weighted: (weights) => {
      const entries = Object.entries<number>(weights);
      let at = next() * entries.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [key, weight] of entries) if ((at -= weight) < 0) return key as keyof typeof weights;
      return (entries.at(-1) as [string, number])[0] as keyof typeof weights;
    },
    around: (median, spread = 0.5) => median * Math.exp(spread * normal(next)),
    fork: (name) => seeded(`${seed}/${name}`),
  };
  return random;
}

/** FNV-1a, 32 bits. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return hash >>> 0;
}

/** Mulberry32: small, fast, and even enough for made-up people. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return (mixed ^ (mixed >>> 14)) >>> 0;
  };
}

/** Box and Muller. */
function normal(next: () => number): number {
  return Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next());
}

/** A UUIDv7 of a moment whose random bits come from the seed. */
export function seededId(random: Random, now: number): string {
  const time = Math.floor(now).toString(16).padStart(12, "0");
  const part = (bits: number): number => Math.floor(random.next() * 2 ** bits);
  const hex = (value: number, length: number): string => value.toString(16).padStart(length, "0");
  return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(part(12), 3)}-${hex(0x8000 | part(14), 4)}-${hex(part(24), 6)}${hex(part(24), 6)}`;
}
