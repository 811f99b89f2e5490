/** What is still to come, earliest first; what is due at one moment comes in the order in which it was put in. */

export type Timeline<T extends { readonly at: number }> = {
  put(thing: T): void;
  /** The earliest, which stays. */
  peek(): T | undefined;
  take(): T | undefined;
};

/** A binary heap. */
export function createTimeline<T extends { readonly at: number }>(): Timeline<T> {
  const heap: { readonly thing: T; readonly turn: number }[] = [];
  let turns = 0;
  const before = (a: number, b: number): boolean => {
    const [one, other] = [heap[a] as (typeof heap)[number], heap[b] as (typeof heap)[number]];
    return (one.thing.at - other.thing.at || one.turn - other.turn) < 0;
  };
  const swap = (a: number, b: number): void => {
    const kept = heap[a] as (typeof heap)[number];
    heap[a] = heap[b] as (typeof heap)[number];
    heap[b] = kept;
  };
  return {
    put(thing) {
      heap.push({ thing, turn: turns++ });
      for (let at = heap.length - 1, up = (at - 1) >> 1; at > 0 && before(at, up); at = up, up = (at - 1) >> 1) swap(at, up);
    },
    peek: () => heap[0]?.thing,
    take() {
      const first = heap[0];
      const last = heap.pop();
      if (first === undefined || last === undefined) return undefined;
      if (heap.length === 0) return first.thing;
      heap[0] = last;
      for (let at = 0; ;) {
        const [left, right] = [2 * at + 1, 2 * at + 2];
        let least = at;
        if (left < heap.length && before(left, least)) least = left;
        if (right < heap.length && before(right, least)) least = right;
        if (least === at) break;
        swap(at, least);
        at = least;
      }
      return first.thing;
    },
  };
}
