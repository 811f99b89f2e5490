import { expect, test } from "vitest";
import { columnsWith } from "./columns-with.ts";
import type { Column, Deal } from "./deals.ts";

const deal = (id: string, stage: string, amount = 100) => ({ id, stage, value: { amount, currency: "EUR" } }) as Deal;
const column = (stage: string, items: readonly Deal[]) =>
  ({
    stage,
    label: stage,
    open: true,
    count: items.length,
    stalled: 0,
    sums: [{ amount: items.length * 100, currency: "EUR" }],
    items,
    nextCursor: null,
  }) as Column;

test("a card that is being moved stands on top of its new column, and counts and sums follow", () => {
  const columns = [column("offer", [deal("a", "offer"), deal("b", "offer")]), column("won", [deal("c", "won")])];
  const [offer, won] = columnsWith(columns, [{ deal: deal("a", "won"), from: "offer", pending: true }]);
  expect(offer).toMatchObject({ count: 1, sums: [{ amount: 100, currency: "EUR" }], items: [{ id: "b" }] });
  expect(won).toMatchObject({ count: 2, sums: [{ amount: 200, currency: "EUR" }], items: [{ id: "a" }, { id: "c" }] });
});

test("a card that somebody else moved on stands where the server says", () => {
  const columns = [column("offer", []), column("won", [deal("a", "won")])];
  const [offer, won] = columnsWith(columns, [{ deal: deal("a", "offer"), from: "won", pending: false }]);
  expect(offer?.items).toEqual([]);
  expect(won?.items).toHaveLength(1);
});
