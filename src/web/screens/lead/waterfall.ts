/** From a ledger to the bars of a waterfall: every bar begins where the one before ended, and the last stands at the score. */
import type { Explained } from "../../parts/score-sum.tsx";

export type Line = Explained["lines"][number];
export type Section = Explained["sections"][number];

/** In points. `from` to `to` is what it gives, `lost` what a half-life has taken, `cut` what a cap has cut off: both lie behind `to`. */
export type Bar = { readonly from: number; readonly to: number; readonly lost: number; readonly cut: number };

export type Group = {
  readonly section: Section;
  readonly bar: Bar;
  readonly lines: readonly { readonly line: Line; readonly bar: Bar }[];
};

export type Waterfall = {
  readonly groups: readonly Group[];
  /** Floor or ceiling at work. */
  readonly bound: { readonly line: Line; readonly bar: Bar } | null;
  readonly low: number;
  readonly high: number;
};

export function waterfallOf({ sections, lines }: Pick<Explained, "sections" | "lines">): Waterfall {
  let at = 0;
  const groups = sections
    .map((section) => {
      const from = at;
      at += section.points;
      let inner = from;
      const mine = lines.filter((line) => line.section === section.section);
      return {
        section,
        bar: { from, to: at, lost: section.idle, cut: section.cut },
        lines: mine.map((line) => {
          const start = inner;
          inner += line.points;
          const capped = line.cap !== null && line.kind === "signal" ? Math.abs(line.before) - Math.abs(line.points) : 0;
          return { line, bar: { from: start, to: inner, lost: Math.max(0, line.idle), cut: Math.max(0, capped) } };
        }),
      };
    })
    .filter(({ lines: some }) => some.length > 0);
  const last = lines.find(({ section }) => section === "total") ?? null;
  const bound = last === null ? null : { line: last, bar: { from: at, to: at + last.points, lost: 0, cut: 0 } };
  const bars = [...groups.flatMap(({ bar, lines: some }) => [bar, ...some.map((one) => one.bar)]), ...(bound === null ? [] : [bound.bar])];
  const edges = bars.flatMap(({ from, to, lost, cut }) => [from, to, Math.max(from, to) + lost, from < to ? to + lost + cut : to]);
  return { groups, bound, low: Math.min(0, ...edges), high: Math.max(1, ...edges) };
}
