/** The board as it looks while moves are under way: a moved card stands in its new column at once, on top, and goes back when it was refused. */
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useRef, useState } from "react";
import { useLive } from "../../api/live.ts";
import { query, queryClient, refresh } from "../../api/query.ts";
import { toastProblem } from "../../app/toasts.tsx";
import { columnsWith, type Placed } from "./columns-with.ts";
import { type Deal, moveDeal, refreshDeals } from "./deals.ts";
import type { BoardQuery } from "./pipeline-search.ts";

export type Target = { readonly stage: string; readonly label: string; readonly reason?: string };

export function useBoard(ask: BoardQuery) {
  const from = useQuery({ ...query("readBoard", { query: ask }), placeholderData: keepPreviousData });
  const [placed, setPlaced] = useState<readonly Placed[]>([]);
  useLiveBoard();
  const forget = (id: string): void => setPlaced((old) => old.filter(({ deal }) => deal.id !== id));
  const move = async (deal: Deal, to: Target): Promise<void> => {
    if (deal.stage === to.stage) return;
    const moved: Placed = { deal: { ...deal, stage: to.stage, days: 0, stalled: false }, from: deal.stage, pending: true };
    setPlaced((old) => [moved, ...old.filter((one) => one.deal.id !== deal.id)]);
    try {
      await moveDeal(deal, to, () => forget(deal.id));
      await queryClient.refetchQueries({ queryKey: ["readBoard"], type: "active" });
      refreshDeals();
      setPlaced((old) => old.map((one) => (one.deal.id === deal.id ? { ...one, pending: false } : one)));
    } catch (error) {
      forget(deal.id);
      toastProblem(error);
    }
  };
  return { from, columns: columnsWith(from.data?.columns ?? [], placed), move };
}

/** What others do shows within seconds, however many leads move. */
function useLiveBoard(): void {
  const waiting = useRef(false);
  useLive(({ type }) => {
    if (type !== "leads" || waiting.current) return;
    waiting.current = true;
    setTimeout(() => {
      waiting.current = false;
      refresh("readBoard", "listOpportunities", "getOpportunity");
    }, 1000);
  });
}
