/** Dice that fall the same way again for the same seed. */
export type Dice = {
  /** From 0 up to, not including, 1. */
  readonly roll: () => number;
  /** A whole number from 0 up to, not including, `below`. */
  readonly pick: (below: number) => number;
  /** Whether something happens that happens so often. */
  readonly chance: (often: number) => boolean;
};

/** The seed of this run: BATON_SEED, else by lot. Print it. */
export function seedOfRun(): number {
  const given = Number(process.env["BATON_SEED"]);
  return Number.isInteger(given) && given > 0 ? given : 1 + Math.floor(Math.random() * 1_000_000);
}

/** Mulberry32. */
export function createDice(seed: number): Dice {
  let state = seed >>> 0;
  const roll = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
  return { roll, pick: (below) => Math.floor(roll() * below), chance: (often) => roll() < often };
}
