/** A hand on a page: presses and clicks as a person does, and takes the time of those that count. */
import { setTimeout as sleep } from "node:timers/promises";
import type { Page } from "playwright-core";
import type { Probe, Sight, Start, Took } from "./interaction-probe.ts";

/** How long a person looks before the next key, and how long the pointer rests on something before it clicks. */
const PAUSE_MS = 250;
const REST_MS = 120;
const PATIENCE_MS = 15_000;

/** Keys come one after the other; the last one starts the clock. A click is one on the first element of a selector. */
export type Deed = { readonly keys: readonly string[] } | { readonly click: string };

export type Action = Took & { readonly kind: string };

export type Hand = {
  readonly page: Page;
  /** Does it, waits for what must be seen, and keeps the time under a kind. */
  readonly act: (kind: string, deed: Deed, sights: readonly Sight[]) => Promise<Action>;
  /** Takes the time of what a script does in place of a hand, as a pull at the scroll bar. */
  readonly let: (kind: string, work: () => Promise<unknown>, sights: readonly Sight[]) => Promise<Action>;
  /** Everything that was timed so far. */
  readonly actions: readonly Action[];
};

export function handOn(page: Page): Hand {
  const actions: Action[] = [];
  const timed = async (kind: string, start: Start, sights: readonly Sight[], work: () => Promise<unknown>): Promise<Action> => {
    await page.evaluate(([on, what]) => (globalThis as unknown as { readonly benchProbe: Probe }).benchProbe.arm(on, what), [start, sights] as const);
    await work();
    const took = await Promise.race([
      page.evaluate(() => (globalThis as unknown as { readonly benchProbe: Probe }).benchProbe.done()),
      sleep(PATIENCE_MS, null, { ref: false }),
    ]);
    if (took === null) throw new Error(`Nobody saw the answer to "${kind}" in ${PATIENCE_MS / 1000} s: ${JSON.stringify(sights)}`);
    const action = { kind, ...took };
    actions.push(action);
    return action;
  };
  return {
    page,
    actions,
    act: async (kind, deed, sights) => {
      await sleep(PAUSE_MS);
      if ("click" in deed) {
        const target = page.locator(deed.click).first();
        await target.hover();
        await sleep(REST_MS);
        return timed(kind, "pointer", sights, () => target.click());
      }
      const [last = "", ...before] = deed.keys.toReversed();
      for (const key of before.toReversed()) await page.keyboard.press(key);
      return timed(kind, { key: last.split("+").at(-1) ?? last }, sights, () => page.keyboard.press(last));
    },
    let: async (kind, work, sights) => {
      await sleep(PAUSE_MS);
      return timed(kind, "now", sights, work);
    },
  };
}
