/** The columns of the board with the moves under way in them. */
import type { Column, Deal } from "./deals.ts";

/** A card that was moved here: `from` where, and whether the server has yet to say yes. */
export type Placed = { readonly deal: Deal; readonly from: string; readonly pending: boolean };

export function columnsWith(columns: readonly Column[], placed: readonly Placed[]): readonly Column[] {
  const now = new Map(columns.flatMap(({ items }) => items.map((deal) => [deal.id, deal] as const)));
  const holds = placed.filter(({ deal, pending }) => pending || (now.get(deal.id)?.stage ?? deal.stage) === deal.stage);
  if (holds.length === 0) return columns;
  return columns.map((column) => {
    const here = holds.filter(({ deal }) => deal.stage === column.stage);
    const arriving = here.filter(({ pending }) => pending);
    const leaving = holds.filter(({ pending, from, deal }) => pending && from === column.stage && deal.stage !== column.stage);
    const fresh = here.map(({ deal, pending }) => (pending ? deal : (now.get(deal.id) ?? deal)));
    return {
      ...column,
      count: column.count + arriving.length - leaving.length,
      sums: moved(column.sums, arriving, leaving),
      items: [...fresh, ...column.items.filter(({ id }) => !holds.some(({ deal }) => deal.id === id))],
    };
  });
}

function moved(sums: Column["sums"], arriving: readonly Placed[], leaving: readonly Placed[]): Column["sums"] {
  const by = new Map(sums.map(({ currency, amount }) => [currency, amount]));
  const add = (placed: readonly Placed[], sign: 1 | -1): void => {
    for (const { deal } of placed) if (deal.value !== null) by.set(deal.value.currency, (by.get(deal.value.currency) ?? 0) + sign * deal.value.amount);
  };
  add(arriving, 1);
  add(leaving, -1);
  return [...by].map(([currency, amount]) => ({ currency, amount }));
}
