/**
 * The pipeline as a board. A card is dragged, or moved by keys: arrows (or h j k l) go from card to card, with Shift they take
 * the card along, `s` opens its menu, Space looks into it, Enter opens it.
 */
import {
  DndContext,
  DragOverlay,
  KeyboardSensor,
  MouseSensor,
  pointerWithin,
  rectIntersection,
  TouchSensor,
  useDroppable,
  useSensor,
  useSensors,
  type CollisionDetection,
} from "@dnd-kit/core";
import { useCallback, useEffect, useRef, useState } from "react";
import { useCan } from "../../app/session.tsx";
import { type KeyAction, useKeys } from "../../keys/keys.ts";
import { BoardColumn } from "./board-column.tsx";
import { FurtherStages, PhoneTabs, useSight } from "./board-sight.tsx";
import { CloseDialog } from "./close-dialog.tsx";
import { CARD_HEIGHT, CardFace } from "./deal-card.tsx";
import type { Column, Deal } from "./deals.ts";
import css from "./pipeline.module.css";
import type { BoardQuery } from "./pipeline-search.ts";
import type { Target } from "./use-board.ts";

export type BoardProps = {
  readonly columns: readonly Column[];
  readonly ask: BoardQuery;
  readonly onMove: (deal: Deal, to: Target) => Promise<void>;
  readonly onPeek: (deal: Deal) => void;
};

export function Board({ columns, ask, onMove, onPeek }: BoardProps) {
  const can = useCan();
  const mayMove = can("opportunities.edit");
  const [current, setCurrent] = useState<string | null>(null);
  const [menu, setMenu] = useState<string | null>(null);
  const [dragged, setDragged] = useState<Deal | null>(null);
  const [closing, setClosing] = useState<{ readonly deal: Deal; readonly stage: "won" | "lost" } | null>(null);
  const [said, setSaid] = useState("");
  const cards = useRef(new Map<string, readonly Deal[]>());
  const onCards = useCallback((stage: string, items: readonly Deal[]) => void cards.current.set(stage, items), []);
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 6 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 220, tolerance: 8 } }),
    useSensor(KeyboardSensor, { keyboardCodes: { start: [], cancel: ["Escape"], end: [] } }),
  );
  const dropped = useNoClickAfterDrag();
  const box = useRef<HTMLDivElement>(null);
  const sight = useSight(box, columns.length);
  const labelOf = (stage: string): string => columns.find((column) => column.stage === stage)?.label ?? stage;
  const move = (deal: Deal, stage: string): void => {
    if (stage === deal.stage || !mayMove) return;
    setCurrent(deal.id);
    if (stage === "lost" || (stage === "won" && deal.value === null)) return setClosing({ deal, stage });
    setSaid(`${deal.name} moved to ${labelOf(stage)}`);
    void onMove(deal, { stage, label: labelOf(stage) });
  };
  useBoardKeys({ columns, cards: cards.current, current, onCurrent: setCurrent, onMove: move, onPeek, mayMove });
  const columnAt = (column: Column, i: number) => (
    <BoardColumn
      key={column.stage}
      column={column}
      ask={ask}
      current={current}
      onCurrent={setCurrent}
      menu={menu}
      onMenu={setMenu}
      onCards={onCards}
      tone={toneOf(column, i, columns.length)}
      columns={columns}
      mayMove={mayMove}
      onMove={move}
      onPeek={onPeek}
    />
  );
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={underPointer}
      onDragStart={({ active }) => setDragged((active.data.current as { readonly deal: Deal } | undefined)?.deal ?? null)}
      onDragCancel={() => setDragged(null)}
      onDragEnd={({ over }) => {
        dropped();
        setDragged(null);
        if (dragged !== null && over !== null) move(dragged, String(over.id).replace(/^end:/, ""));
      }}
      accessibility={{ screenReaderInstructions: { draggable: "" } }}
    >
      <PhoneTabs columns={columns} sight={sight} />
      <div className={css.stages}>
        <div ref={box} className={css.board} role="group" aria-label="Pipeline by stage" data-dragging={dragged === null ? undefined : ""}>
          {columns.map((column, i) => column.open && columnAt(column, i))}
          <div className={css.closed}>{columns.map((column, i) => !column.open && columnAt(column, i))}</div>
        </div>
        <FurtherStages columns={columns} sight={sight} box={box} />
      </div>
      {dragged !== null && (
        <div className={css.ends} aria-hidden>
          <DropEnd stage="won" label="Won" tone="var(--won)" />
          <DropEnd stage="lost" label="Lost…" tone="var(--lost)" />
        </div>
      )}
      <p className="out" role="status">
        {said}
      </p>
      <DragOverlay dropAnimation={null}>
        {dragged !== null && (
          <div className={`${css.card} ${css.flying}`} style={{ height: CARD_HEIGHT }}>
            <span className={css.top}>
              <span className={`${css.name} cut`}>{dragged.name}</span>
            </span>
            <CardFace deal={dragged} />
          </div>
        )}
      </DragOverlay>
      {closing !== null && (
        <CloseDialog
          deal={closing.deal}
          stage={closing.stage}
          onClose={() => setClosing(null)}
          onMove={(reason) => {
            setClosing(null);
            void onMove(closing.deal, { stage: closing.stage, label: labelOf(closing.stage), ...(reason === undefined ? {} : { reason }) });
          }}
        />
      )}
    </DndContext>
  );
}

/** The ends are in reach from every column while a card is dragged. */
function DropEnd({ stage, label, tone }: { readonly stage: string; readonly label: string; readonly tone: string }) {
  const { setNodeRef, isOver } = useDroppable({ id: `end:${stage}` });
  return (
    <div ref={setNodeRef} className={css.end} data-over={isOver ? "" : undefined} style={{ "--tone": tone } as React.CSSProperties}>
      {label}
    </div>
  );
}

/** A column is meant when the pointer is in it. */
const underPointer: CollisionDetection = (args) => {
  const within = pointerWithin(args);
  const end = within.filter(({ id }) => String(id).startsWith("end:"));
  return end.length > 0 ? end : within.length > 0 ? within : rectIntersection(args);
};

export function toneOf({ stage, open }: Pick<Column, "stage" | "open">, at: number, of: number): string {
  if (!open) return stage === "won" ? "var(--won)" : "var(--lost)";
  return `var(--s${Math.min(6, 2 + Math.round((at / Math.max(1, of - 3)) * 3))})`;
}

/** The click that ends a drag opens nothing. */
function useNoClickAfterDrag(): () => void {
  const until = useRef(0);
  useEffect(() => {
    const stop = (event: MouseEvent): void => {
      if (performance.now() > until.current) return;
      event.preventDefault();
      event.stopPropagation();
    };
    window.addEventListener("click", stop, true);
    return () => window.removeEventListener("click", stop, true);
  }, []);
  return () => (until.current = performance.now() + 60);
}

/** The menu's own button opens it, so that the focus goes in and comes back as with a press. */
function pressMenu(id: string): void {
  const button = document.querySelector(`[data-deal="${id}"]`)?.closest("li")?.querySelector<HTMLElement>("button");
  // After the key: a menu that opens while one is pressed takes it for its own and closes.
  setTimeout(() => {
    button?.focus();
    button?.click();
  });
}

type BoardKeys = {
  readonly columns: readonly Column[];
  readonly cards: ReadonlyMap<string, readonly Deal[]>;
  readonly current: string | null;
  readonly mayMove: boolean;
  readonly onCurrent: (id: string) => void;
  readonly onMove: (deal: Deal, stage: string) => void;
  readonly onPeek: (deal: Deal) => void;
};

function useBoardKeys({ columns, cards, current, mayMove, onCurrent, onMove, onPeek }: BoardKeys): void {
  const cardsOf = (at: number): readonly Deal[] => cards.get(columns[at]?.stage ?? "") ?? [];
  const place = (): readonly [column: number, index: number] => {
    for (let at = 0; at < columns.length; at++) {
      const index = cardsOf(at).findIndex(({ id }) => id === current);
      if (index !== -1) return [at, index];
    }
    return [-1, -1];
  };
  const here = (): Deal | undefined => {
    const [column, index] = place();
    return cardsOf(column)[index];
  };
  const to = (column: number, index: number): unknown => {
    const next = cardsOf(column)[Math.max(0, Math.min(index, cardsOf(column).length - 1))];
    return next === undefined ? false : onCurrent(next.id);
  };
  const first = (): unknown => {
    const column = columns.findIndex((_, at) => cardsOf(at).length > 0);
    return column === -1 ? false : to(column, 0);
  };
  const up = (by: number): unknown => {
    const [column, index] = place();
    return column === -1 ? first() : to(column, index + by);
  };
  const aside = (by: number): unknown => {
    const [column, index] = place();
    if (column === -1) return first();
    for (let at = column + by; at >= 0 && at < columns.length; at += by) if (cardsOf(at).length > 0) return to(at, index);
    return undefined;
  };
  const take = (by: number): unknown => {
    const deal = here();
    const target = columns[place()[0] + by];
    return deal === undefined || target === undefined ? false : onMove(deal, target.stage);
  };
  const withHere = (run: (deal: Deal) => void) => (): unknown => {
    const deal = here();
    return deal === undefined ? false : run(deal);
  };
  const screen = "This screen" as const;
  const twin = (keys: string, label: string, run: () => unknown): KeyAction => ({ keys, label, scope: screen, hidden: true, run });
  useKeys([
    { keys: "j", label: "Card below", scope: screen, run: () => up(1) },
    { keys: "k", label: "Card above", scope: screen, run: () => up(-1) },
    { keys: "h", label: "Stage before", scope: screen, run: () => aside(-1) },
    { keys: "l", label: "Stage after", scope: screen, run: () => aside(1) },
    twin("ArrowDown", "Card below", () => up(1)),
    twin("ArrowUp", "Card above", () => up(-1)),
    twin("ArrowLeft", "Stage before", () => aside(-1)),
    twin("ArrowRight", "Stage after", () => aside(1)),
    { keys: " ", label: "Quick look", scope: screen, run: withHere(onPeek), whileTyping: false },
    ...(mayMove
      ? ([
          { keys: "shift+l", label: "Move the card to the next stage", scope: screen, run: () => take(1) },
          { keys: "shift+h", label: "Move the card to the stage before", scope: screen, run: () => take(-1) },
          twin("shift+ArrowRight", "Move the card to the next stage", () => take(1)),
          twin("shift+ArrowLeft", "Move the card to the stage before", () => take(-1)),
          { keys: "s", label: "Move the card to…", scope: screen, run: withHere(({ id }) => pressMenu(id)) },
          { keys: "w", label: "Won", scope: screen, run: withHere((deal) => onMove(deal, "won")) },
          { keys: "x", label: "Lost…", scope: screen, run: withHere((deal) => onMove(deal, "lost")) },
        ] as const)
      : []),
  ]);
}
