/**
 * The stopwatch inside of the page. It is armed with what is to be seen, starts with the input event's own time stamp (taken by
 * the browser when the key went down or the pointer was let go, before any script ran) and ends with the frame after the one
 * in which everything was there: the sights are looked for as a frame begins, that frame paints them, and the beginning of the
 * next one is the first moment at which it is known to be painted. So up to one frame (16.7 ms) is counted too much, never too
 * little, for the product and for the empty page alike.
 *
 * What is still fading in is not there yet. What was there before the input proves nothing: such an action is refused.
 */

/** What must be seen before an action counts as answered. */
export type Sight =
  /** An element, fully opaque; with these words in it, and for a field with this value. */
  | { readonly there: string; readonly with?: string; readonly value?: string }
  | { readonly gone: string }
  /** Something else stands there than before. */
  | { readonly other: string }
  /** Every place in sight of the list holds a row, and the rows are those of this part of the list. */
  | { readonly rows: "first" | "middle" | "last" };

/** Which event starts the clock: a key by what it types, the pointer let go, or the moment of arming where a script stands in for a hand. */
export type Start = { readonly key: string } | "pointer" | "now";

export type Took = {
  readonly ms: number;
  /** What the browser itself says: from the input to the next frame, in steps of 8 ms; 0 where it was too short to be listed (below 16). */
  readonly firstFrame: number;
  /** What the API was asked after the input, until everything was there. */
  readonly api: readonly { readonly path: string; readonly ms: number }[];
};

export type Probe = {
  readonly arm: (start: Start, sights: readonly Sight[]) => void;
  readonly done: () => Promise<Took>;
};

/** Runs in the page before anything else of it, so it may use nothing from outside of itself. */
export function installProbe(): void {
  type Armed = {
    readonly start: Start;
    readonly sights: readonly Sight[];
    readonly before: readonly string[];
    at: number | null;
    readonly resolve: (took: Took) => void;
    readonly reject: (error: Error) => void;
  };
  let armed: Armed | null = null;
  let answer: Promise<Took> | null = null;
  const frames = new Map<number, number>();
  new PerformanceObserver((list) => {
    for (const { startTime, duration } of list.getEntries()) frames.set(startTime, Math.max(duration, frames.get(startTime) ?? 0));
  }).observe({ type: "event", durationThreshold: 16, buffered: true } as PerformanceObserverInit);

  const opaque = (element: Element): boolean => {
    for (let one: Element | null = element; one !== null; one = one.parentElement) if (Number(getComputedStyle(one).opacity) < 0.99) return false;
    return true;
  };
  /** Of rows their ids: the same people in another order are something else. */
  const wordsOf = (selector: string): string =>
    [...document.querySelectorAll(selector)]
      .slice(0, 12)
      .map((one) => one.id || one.textContent)
      .join("|");
  const rowsAt = (part: "first" | "middle" | "last"): boolean => {
    const grid = document.querySelector('[role="grid"]');
    const space = grid?.querySelector('[role="presentation"]');
    if (grid === null || space === null || space === undefined) return false;
    const box = grid.getBoundingClientRect();
    const inSight = [...space.children].filter((one) => {
      const { top, bottom } = one.getBoundingClientRect();
      return bottom > box.top + 40 && top < box.bottom - 4;
    });
    const places = inSight.map((one) => Number(one.getAttribute("aria-rowindex")));
    const all = Number(grid.getAttribute("aria-rowcount")); // -1 until they are counted
    // A row that is not loaded stands in its place without an index.
    if (places.length < (all < 0 ? 10 : Math.min(10, all - 1)) || places.includes(0)) return false;
    const [first, last] = [Math.min(...places), Math.max(...places)];
    return part === "first" ? first === 2 : part === "last" ? last === all : first > all * 0.4 && last < all * 0.6;
  };
  const sees = (sight: Sight, before: string): boolean => {
    if ("rows" in sight) return rowsAt(sight.rows);
    if ("gone" in sight) return document.querySelector(sight.gone) === null;
    if ("other" in sight) return wordsOf(sight.other) !== before;
    return [...document.querySelectorAll(sight.there)].some(
      (one) =>
        (sight.with === undefined || one.textContent.includes(sight.with)) &&
        (sight.value === undefined || (one as HTMLInputElement).value === sight.value) &&
        opaque(one),
    );
  };
  const seesAll = (one: Armed): boolean => one.sights.every((sight, i) => sees(sight, one.before[i] ?? ""));
  const asked = (since: number): Took["api"] =>
    performance
      .getEntriesByType("resource")
      .filter(({ name, startTime }) => name.includes("/api/") && startTime >= since)
      .map(({ name, duration }) => ({ path: new URL(name).pathname, ms: duration }));
  const finish = (one: Armed, at: number): void => {
    armed = null;
    const ms = performance.now() - at;
    const api = asked(at);
    // The browser lists an event some time after its frame.
    setTimeout(() => one.resolve({ ms, firstFrame: frames.get(at) ?? 0, api }), 60);
  };
  const look = (one: Armed, at: number): void => {
    if (armed !== one) return;
    requestAnimationFrame(() => (seesAll(one) ? requestAnimationFrame(() => finish(one, at)) : look(one, at)));
  };
  const begin = (at: number): void => {
    const one = armed;
    if (one === null || one.at !== null) return;
    one.at = at;
    if (!seesAll(one)) return look(one, at);
    armed = null;
    one.reject(new Error(`It was all there before: ${JSON.stringify(one.sights)}`));
  };
  const startsIt = (event: Event): boolean => {
    const start = armed?.start;
    if (!event.isTrusted || start === undefined || start === "now") return false;
    return start === "pointer" ? event.type === "pointerup" : event instanceof KeyboardEvent && event.type === "keydown" && event.key === start.key;
  };
  for (const type of ["keydown", "pointerup"]) addEventListener(type, (event) => startsIt(event) && begin(event.timeStamp), { capture: true });

  const probe: Probe = {
    arm: (start, sights) => {
      performance.clearResourceTimings();
      answer = new Promise((resolve, reject) => {
        armed = { start, sights, before: sights.map((sight) => ("other" in sight ? wordsOf(sight.other) : "")), at: null, resolve, reject };
      });
      answer.catch(() => {});
      if (start === "now") begin(performance.now());
    },
    done: () => answer ?? Promise.reject(new Error("Nothing was armed.")),
  };
  Object.assign(globalThis, { benchProbe: probe });
}
