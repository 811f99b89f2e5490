/** What the times of many actions come to. */
import { percentile, rounded } from "./figures.ts";
import type { Action } from "./interaction-hand.ts";

export type Times = { readonly p50: number; readonly p95: number };
export type KindTimes = Times & { readonly n: number; readonly api?: Times };

export function timesOf(actions: readonly Pick<Action, "ms">[]): Times {
  return spreadOf(actions.map(({ ms }) => ms));
}

/** Of every kind, the slowest first; where the API was asked, the time of its longest answer, too. */
export function byKind(actions: readonly Pick<Action, "kind" | "ms" | "api">[]): Readonly<Record<string, KindTimes>> {
  const kinds = [...Map.groupBy(actions, ({ kind }) => kind)].map(([kind, some]): readonly [string, KindTimes] => {
    const answers = some.flatMap(({ api }) => (api.length === 0 ? [] : [Math.max(...api.map(({ ms }) => ms))]));
    return [kind, { n: some.length, ...timesOf(some), ...(answers.length === 0 ? {} : { api: spreadOf(answers) }) }];
  });
  return Object.fromEntries(kinds.toSorted(([, one], [, other]) => other.p95 - one.p95));
}

function spreadOf(values: readonly number[]): Times {
  const sorted = values.toSorted((a, b) => a - b);
  return { p50: rounded(percentile(sorted, 0.5)), p95: rounded(percentile(sorted, 0.95)) };
}
