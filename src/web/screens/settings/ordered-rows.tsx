/** Rows whose order means something: dragged by their handle, or moved by the arrow buttons and by Alt with the arrow keys. */
import {
  type Announcements,
  closestCenter,
  DndContext,
  KeyboardSensor,
  MouseSensor,
  TouchSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from "@dnd-kit/core";
import { GripVertical } from "lucide-react";
import { type ReactNode, useEffect, useRef, useState } from "react";
import css from "./ordered-rows.module.css";
import { MoveButtons } from "./move.tsx";

export type OrderedRowsProps<T> = {
  readonly label: string;
  readonly items: readonly T[];
  readonly idOf: (item: T) => string;
  readonly nameOf: (item: T) => string;
  /** What a row shows between its handle and its arrow buttons. */
  readonly row: (item: T, index: number) => ReactNode;
  /** What stands behind the arrow buttons. */
  readonly acts?: (item: T) => ReactNode;
  readonly onMove: (from: number, by: number) => Promise<unknown> | void;
};

export function OrderedRows<T>({ label, items, idOf, nameOf, row, acts, onMove }: OrderedRowsProps<T>) {
  const sensors = useSensors(
    useSensor(MouseSensor, { activationConstraint: { distance: 4 } }),
    useSensor(TouchSensor, { activationConstraint: { delay: 180, tolerance: 6 } }),
    useSensor(KeyboardSensor, { keyboardCodes: { start: [], cancel: ["Escape"], end: [] } }),
  );
  const [dragged, setDragged] = useState<string | null>(null);
  const list = useRef<HTMLOListElement>(null);
  const move = useMovesInTurn(items.map(idOf), onMove, list);
  const at = (id: unknown): number => items.findIndex((item) => idOf(item) === id);
  const nameAt = (id: unknown): string => {
    const item = items[at(id)];
    return item === undefined ? "" : nameOf(item);
  };
  const announcements: Announcements = {
    onDragStart: ({ active }) => `${nameAt(active.id)} is held`,
    onDragOver: ({ over }) => (over === null ? undefined : `over place ${at(over.id) + 1} of ${items.length}`),
    onDragEnd: ({ over }) => (over === null ? "not moved" : `put to place ${at(over.id) + 1} of ${items.length}`),
    onDragCancel: () => "not moved",
  };
  return (
    <DndContext
      sensors={sensors}
      collisionDetection={closestCenter}
      accessibility={{ announcements, screenReaderInstructions: { draggable: "" } }}
      onDragStart={({ active }) => setDragged(String(active.id))}
      onDragCancel={() => setDragged(null)}
      onDragEnd={({ active, over }) => {
        setDragged(null);
        if (over !== null && over.id !== active.id) move(String(active.id), at(over.id) - at(active.id));
      }}
    >
      <ol className={css.rows} aria-label={label} ref={list}>
        {items.map((item, i) => (
          <OrderedRow
            key={idOf(item)}
            id={idOf(item)}
            name={nameOf(item)}
            at={i}
            count={items.length}
            heldAt={dragged === null ? -1 : at(dragged)}
            onMove={(by) => move(idOf(item), by)}
            acts={acts?.(item)}
          >
            {row(item, i)}
          </OrderedRow>
        ))}
      </ol>
    </DndContext>
  );
}

/**
 * One move after the other, each on what the one before it left: whoever presses twice moves by two. The focus stays on what
 * was pressed, though its row went elsewhere.
 */
function useMovesInTurn(
  ids: readonly string[],
  onMove: (from: number, by: number) => Promise<unknown> | void,
  list: { readonly current: HTMLElement | null },
): (id: string, by: number) => void {
  const latest = useRef({ ids, onMove });
  const turn = useRef<Promise<unknown>>(Promise.resolve());
  const follow = useRef<{ readonly id: string; readonly by: number } | null>(null);
  const order = ids.join(" ");
  useEffect(() => {
    latest.current = { ids, onMove };
  });
  useEffect(() => {
    const wanted = follow.current;
    if (wanted === null) return;
    const buttons = list.current?.querySelector(`[data-row="${CSS.escape(wanted.id)}"]`)?.querySelectorAll<HTMLButtonElement>("[data-move]");
    const [up, down] = [...(buttons ?? [])];
    const [first, second] = wanted.by < 0 ? [up, down] : [down, up];
    (first?.disabled === true ? second : first)?.focus();
  }, [order, list]);
  return (id, by) => {
    const pressed = document.activeElement?.hasAttribute("data-move") === true;
    follow.current = pressed ? { id, by } : null;
    turn.current = turn.current.then(async () => {
      const from = latest.current.ids.indexOf(id);
      const to = from + by;
      if (from === -1 || to < 0 || to >= latest.current.ids.length) return;
      await latest.current.onMove(from, by);
      // What was published is drawn by then.
      await new Promise((resolve) => setTimeout(resolve, 16));
    });
  };
}

type OrderedRowProps = {
  readonly id: string;
  readonly name: string;
  readonly at: number;
  readonly count: number;
  /** Where the row is that is being dragged; -1: none is. */
  readonly heldAt: number;
  readonly onMove: (by: -1 | 1) => void;
  readonly acts: ReactNode;
  readonly children: ReactNode;
};

function OrderedRow({ id, name, at, count, heldAt, onMove, acts, children }: OrderedRowProps) {
  const drop = useDroppable({ id });
  const drag = useDraggable({ id });
  const { transform, isDragging } = drag;
  const over = drop.isOver && heldAt !== -1 && heldAt !== at ? (heldAt < at ? "below" : "above") : undefined;
  return (
    <li
      ref={(element) => {
        drop.setNodeRef(element);
        drag.setNodeRef(element);
      }}
      className={css.row}
      data-row={id}
      data-over={over}
      data-held={isDragging ? "" : undefined}
      style={transform === null ? undefined : { transform: `translateY(${transform.y}px)` }}
    >
      <span className={css.handle} {...drag.listeners} title="Drag to move" aria-hidden>
        <GripVertical size={14} />
      </span>
      <div className={css.text}>{children}</div>
      <div className={css.acts}>
        <MoveButtons name={name} at={at} count={count} onMove={onMove} />
        {acts}
      </div>
    </li>
  );
}
