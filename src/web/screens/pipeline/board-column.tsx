/** A stage of the board: how many, what they are worth, and the cards, of which only those in sight are in the page. */
import { useDroppable, useDraggable } from "@dnd-kit/core";
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { useEffect, useLayoutEffect, useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { formatMoney, formatNumber } from "../../format/format.ts";
import { CARD_HEIGHT, type CardActions, DealCard } from "./deal-card.tsx";
import type { Column, Deal } from "./deals.ts";
import css from "./pipeline.module.css";
import type { BoardQuery } from "./pipeline-search.ts";

type Page = Out<"listOpportunities">;

export type BoardColumnProps = CardActions & {
  readonly column: Column;
  readonly ask: BoardQuery;
  /** The card the keys are on. */
  readonly current: string | null;
  readonly onCurrent: (id: string | null) => void;
  readonly menu: string | null;
  readonly onMenu: (id: string | null) => void;
  /** The cards as they stand here, so that keys know their neighbours. */
  readonly onCards: (stage: string, cards: readonly Deal[]) => void;
  readonly tone: string;
};

export function BoardColumn({ column, ask, current, onCurrent, menu, onMenu, onCards, tone, ...actions }: BoardColumnProps) {
  const { stage, label, open, count, stalled, sums } = column;
  const { setNodeRef, isOver } = useDroppable({ id: stage });
  const box = useRef<HTMLOListElement | null>(null);
  const cards = useCards(column, ask);
  const list = useVirtualizer({
    count: cards.items.length,
    getScrollElement: () => box.current,
    estimateSize: () => CARD_HEIGHT + 8,
    overscan: 5,
    getItemKey: (index) => cards.items[index]?.id ?? index,
  });
  const shown = list.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const near = last >= cards.items.length - 6;
  const { more } = cards;
  useEffect(() => {
    if (near && cards.items.length > 0) more();
  }, [near, more, cards.items.length]);
  // Before anything else happens: the next key already asks who stands where.
  useLayoutEffect(() => onCards(stage, cards.items), [stage, cards.items, onCards]);
  const at = cards.items.findIndex(({ id }) => id === current);
  useEffect(() => {
    if (at === -1) return;
    list.scrollToIndex(at);
    const focus = (): void => box.current?.querySelector<HTMLElement>(`[data-deal="${current}"]`)?.focus({ preventScroll: true });
    requestAnimationFrame(focus);
    // The list is a new object with every scroll; only another card is a reason to move.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [at === -1 ? null : current]);
  const table = { as: "table" as const, stage };
  return (
    <section className={css.column} ref={setNodeRef} data-over={isOver ? "" : undefined} aria-label={label} data-stage={stage}>
      <header className={css.columnHead}>
        <i className={css.tone} style={{ background: tone }} aria-hidden />
        <h2>{label}</h2>
        <Link
          from="/pipeline"
          to="/pipeline"
          search={(old) => ({ ...old, ...table })}
          className={css.count}
          aria-label={`${formatNumber(count)} in ${label}${open ? "" : " in 90 days"}, show as a table`}
        >
          {formatNumber(count)}
        </Link>
        {stalled > 0 && (
          <Link from="/pipeline" to="/pipeline" search={(old) => ({ ...old, ...table, stalled: true as const })} className={css.stalled}>
            {formatNumber(stalled)} stalled
          </Link>
        )}
        <span className={css.sums}>
          {sums.length === 0 ? <span className="mut">—</span> : sums.map((sum) => <span key={sum.currency}>{formatMoney(sum)}</span>)}
          {!open && <span className="mut">90 days</span>}
        </span>
      </header>
      <ol className={css.cards} ref={box} aria-label={`${label}, ${formatNumber(count)}`} tabIndex={-1}>
        {cards.items.length === 0 && <li className={css.none}>{open ? "Nothing here" : `Drop here what is ${label.toLowerCase()}`}</li>}
        <li className={css.tall} style={{ height: list.getTotalSize() }} aria-hidden role="presentation" />
        {shown.map(({ index, start }) => {
          const deal = cards.items[index];
          return deal === undefined ? null : (
            <DraggableCard
              key={deal.id}
              deal={deal}
              y={start}
              current={deal.id === current}
              onCurrent={onCurrent}
              menu={menu === deal.id}
              onMenu={(on) => onMenu(on ? deal.id : null)}
              {...actions}
            />
          );
        })}
        {!open && column.nextCursor !== null && (
          <li className={css.older} style={{ top: list.getTotalSize() }}>
            <Link from="/pipeline" to="/pipeline" search={(old) => ({ ...old, ...table })}>
              Older ones
            </Link>
          </li>
        )}
      </ol>
    </section>
  );
}

type DraggableProps = CardActions & {
  readonly deal: Deal;
  readonly y: number;
  readonly current: boolean;
  readonly onCurrent: (id: string) => void;
  readonly menu: boolean;
  readonly onMenu: (open: boolean) => void;
};

function DraggableCard({ deal, y, current, onCurrent, menu, onMenu, ...actions }: DraggableProps) {
  const { setNodeRef, listeners, isDragging } = useDraggable({ id: deal.id, data: { deal }, disabled: !actions.mayMove });
  return (
    <li
      ref={setNodeRef}
      className={css.card}
      style={{ transform: `translateY(${y}px)`, height: CARD_HEIGHT }}
      data-dragging={isDragging ? "" : undefined}
      data-stalled={deal.stalled ? "" : undefined}
      data-current={current ? "" : undefined}
      onFocus={() => onCurrent(deal.id)}
      {...listeners}
    >
      <DealCard deal={deal} menu={menu} onMenu={onMenu} {...actions} />
    </li>
  );
}

/** The first cards come with the board; further ones as one scrolls. */
function useCards(column: Column, ask: BoardQuery): { readonly items: readonly Deal[]; readonly more: () => void } {
  const [wanted, setWanted] = useState(false);
  const { stage, nextCursor, open, items } = column;
  const pages = useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ["listOpportunities", { query: { ...ask, stage } }, "column", nextCursor],
    enabled: wanted && open && nextCursor !== null,
    initialPageParam: nextCursor,
    queryFn: ({ pageParam, signal }) => {
      const { limit: _limit, ...narrowed } = ask;
      return call("listOpportunities", {
        query: { ...narrowed, stage, sort: "stageAt", ...(pageParam === null ? {} : { cursor: pageParam }), limit: 100 },
        signal,
      });
    },
    getNextPageParam: (page) => page.nextCursor,
    placeholderData: keepPreviousData,
  });
  const known = new Set(items.map(({ id }) => id));
  const further = pages.data?.pages.flatMap((page) => page.items.filter((deal) => !known.has(deal.id) && deal.stage === stage)) ?? [];
  const all = useStable([...items, ...further]);
  const { hasNextPage, isFetching, fetchNextPage } = pages;
  const more = useRef(() => {});
  more.current = () => {
    if (nextCursor === null) return;
    if (!wanted) setWanted(true);
    else if (hasNextPage && !isFetching) void fetchNextPage();
  };
  const [ask_] = useState(() => () => more.current());
  return { items: all, more: ask_ };
}

/** The same array as long as it holds the same things. */
function useStable<T>(items: readonly T[]): readonly T[] {
  const kept = useRef(items);
  if (kept.current.length !== items.length || kept.current.some((one, i) => one !== items[i])) kept.current = items;
  return kept.current;
}
