/**
 * A table of as many rows as there are: only those in sight are in the page, the rest is loaded where one scrolls or jumps.
 * Rows are one height. j and k move, x selects, Enter opens; a phone shows cards instead of columns.
 */
import { Checkbox } from "@mantine/core";
import { type KeyboardEvent as ReactKeyboardEvent, type ReactNode, useCallback, useId, useRef, useState } from "react";
import { type KeyAction, useKeys } from "../keys/keys.ts";
import css from "./data-table.module.css";
import { ColumnHead } from "./column-head.tsx";
import type { RowWindow } from "./row-window.ts";
import { Bones, Refused } from "./states.tsx";
import { useScrollSpace } from "./scroll-space.ts";

export type Column<T> = {
  readonly id: string;
  readonly label: string;
  readonly width: number;
  readonly align?: "right";
  /** The field by which it sorts; none: it does not. */
  readonly sort?: string;
  readonly cell: (row: T, now: number) => ReactNode;
};

export type Selection = {
  readonly has: (id: string) => boolean;
  readonly toggle: (id: string, on: boolean) => void;
  /** Every row of the list, loaded or not. */
  readonly all: "none" | "some" | "all";
  readonly toggleAll: () => void;
};

export type DataTableProps<T extends { readonly id: string }> = {
  readonly label: string;
  readonly window: RowWindow<T>;
  readonly columns: readonly Column<T>[];
  readonly now: number;
  /** "-score,createdAt". */
  readonly sort: string;
  readonly onSort: (sort: string) => void;
  readonly onOpen: (row: T) => void;
  /** The pointer rests on a row or the keys came to it: a chance to load what opening it will need. */
  readonly onPoint?: (row: T) => void;
  readonly selection?: Selection;
  /** What a phone shows instead of columns, and how high it is. */
  readonly card: (row: T, now: number) => ReactNode;
  readonly cards: boolean;
  readonly widths: Readonly<Record<string, number>>;
  readonly onWidth: (column: string, width: number) => void;
  /** Hides or moves a column; none: columns are fixed. */
  readonly onColumns?: (ids: readonly string[]) => void;
  readonly empty: ReactNode;
  readonly rowName: (row: T) => string;
  /** Further keys that act on the row the keys are on. */
  readonly rowKeys?: (row: T) => readonly Pick<KeyAction, "keys" | "label" | "run">[];
};

const ROW = 36;
const CARD = 78;
const HEAD = 33;

export function DataTable<T extends { readonly id: string }>(props: DataTableProps<T>) {
  const { window: list, columns, now, onOpen, onPoint, selection, cards, card, widths, empty, rowName, label } = props;
  const height = cards ? CARD : ROW;
  const grid = useId();
  const space = useScrollSpace(list, height, cards ? 0 : HEAD);
  const [cursor, setCursor] = useState<number | null>(null);
  const anchor = useRef<number | null>(null);
  const rowAt = useCallback((index: number): T | undefined => list.rows[index - list.first], [list]);

  const go = (index: number, extend = false): void => {
    const to = Math.max(0, Math.min(index, list.count - 1));
    setCursor(to);
    // A tab or a column head that was clicked would keep Enter for itself.
    space.focus();
    space.reveal(to);
    const row = rowAt(to);
    if (row === undefined) return;
    onPoint?.(row);
    if (extend && selection !== undefined) selection.toggle(row.id, true);
  };
  const present = cursor === null ? undefined : rowAt(cursor);
  const move = (by: number, extend = false): void => go(cursor === null ? (by > 0 ? space.top : space.top) : cursor + by, extend);
  const select = (row: T, index: number, range: boolean): void => {
    if (selection === undefined) return;
    const on = !selection.has(row.id);
    const from = range && anchor.current !== null ? anchor.current : index;
    for (let i = Math.min(from, index); i <= Math.max(from, index); i++) {
      const one = rowAt(i);
      if (one !== undefined) selection.toggle(one.id, range ? true : on);
    }
    anchor.current = index;
  };
  const edge = (part: 0 | 1): void => {
    list.jump(part);
    setCursor(part === 0 ? 0 : list.count - 1);
    space.focus();
    space.toEdge(part);
  };

  useKeys([
    { keys: "j", label: "Down", scope: "Lists", run: () => move(1) },
    { keys: "k", label: "Up", scope: "Lists", run: () => move(-1) },
    { keys: "ArrowDown", label: "Down", scope: "Lists", hidden: true, run: () => move(1) },
    { keys: "ArrowUp", label: "Up", scope: "Lists", hidden: true, run: () => move(-1) },
    { keys: "PageDown", label: "A page down", scope: "Lists", hidden: true, run: () => move(space.page) },
    { keys: "PageUp", label: "A page up", scope: "Lists", hidden: true, run: () => move(-space.page) },
    { keys: "Home", label: "To the first", scope: "Lists", run: () => edge(0) },
    { keys: "End", label: "To the last", scope: "Lists", run: () => edge(1) },
    { keys: "Enter", label: "Open", scope: "Lists", run: () => (present === undefined ? false : onOpen(present)) },
    ...(selection === undefined
      ? []
      : ([
          { keys: "x", label: "Select", scope: "Lists", run: () => (present === undefined || cursor === null ? false : select(present, cursor, false)) },
          { keys: "shift+j", label: "Select downwards", scope: "Lists", run: () => move(1, true) },
          { keys: "shift+k", label: "Select upwards", scope: "Lists", run: () => move(-1, true) },
          { keys: "mod+a", label: "Select all", scope: "Lists", run: () => selection.toggleAll() },
        ] as const)),
    ...(props.rowKeys === undefined || present === undefined ? [] : props.rowKeys(present).map((key) => ({ ...key, scope: "Lists" }) as const)),
  ]);

  if (list.error !== null && list.rows.length === 0) return <Refused error={list.error} retry={list.reload} />;
  if (list.loading) return <Bones rows={10} />;
  if (list.rows.length === 0) return <>{empty}</>;

  const template = columnsTemplate(columns, widths, selection !== undefined);
  const minWidth = cards ? 0 : columns.reduce((sum, { id, width }) => sum + (widths[id] ?? width), selection === undefined ? 0 : 44);
  return (
    <div
      className={css.table}
      role="grid"
      aria-label={label}
      aria-rowcount={list.counted ? list.count + 1 : -1}
      aria-colcount={columns.length + (selection === undefined ? 0 : 1)}
      aria-multiselectable={selection !== undefined}
      aria-busy={list.busy}
      tabIndex={0}
      aria-activedescendant={present === undefined ? undefined : `${grid}-${present.id}`}
      ref={space.ref}
      onScroll={space.onScroll}
      data-cards={cards ? "" : undefined}
      onFocus={(event) => event.target === event.currentTarget && setCursor((old) => old ?? space.top)}
    >
      <div className={css.head} role="row" aria-rowindex={1} style={{ gridTemplateColumns: template, minWidth }}>
        {selection !== undefined && (
          <div role="columnheader" className={css.check} aria-label="Selection">
            <Checkbox
              tabIndex={-1}
              aria-label="Select all"
              checked={selection.all === "all"}
              indeterminate={selection.all === "some"}
              onChange={selection.toggleAll}
            />
          </div>
        )}
        {columns.map((column) => (
          <ColumnHead key={column.id} {...props} column={column} width={widths[column.id] ?? column.width} />
        ))}
      </div>
      <div className={css.space} role="presentation" style={{ height: space.height, minWidth }}>
        {space.visible.map((index) => {
          const row = rowAt(index);
          const y = space.place(index);
          if (row === undefined) return <div key={`gap-${index}`} className={css.gap} style={{ transform: `translateY(${y}px)`, height }} aria-hidden />;
          return (
            <Row
              key={row.id}
              id={`${grid}-${row.id}`}
              row={row}
              index={index}
              y={y}
              height={height}
              template={template}
              columns={columns}
              now={now}
              current={index === cursor}
              selected={selection?.has(row.id) ?? false}
              name={rowName(row)}
              card={cards ? card : null}
              onOpen={() => {
                setCursor(index);
                onOpen(row);
              }}
              onPoint={() => onPoint?.(row)}
              onSelect={selection === undefined ? null : (range) => select(row, index, range)}
            />
          );
        })}
      </div>
    </div>
  );
}

/** Columns keep their widths; the first takes what is left. */
function columnsTemplate<T>(columns: readonly Column<T>[], widths: Readonly<Record<string, number>>, selects: boolean): string {
  const tracks = columns.map(({ id, width }, i) => (i === 0 ? `minmax(${widths[id] ?? width}px, 1fr)` : `${widths[id] ?? width}px`));
  return [...(selects ? ["44px"] : []), ...tracks].join(" ");
}

type RowProps<T> = {
  readonly id: string;
  readonly row: T;
  readonly index: number;
  readonly y: number;
  readonly height: number;
  readonly template: string;
  readonly columns: readonly Column<T>[];
  readonly now: number;
  readonly current: boolean;
  readonly selected: boolean;
  readonly name: string;
  readonly card: ((row: T, now: number) => ReactNode) | null;
  readonly onOpen: () => void;
  readonly onPoint: () => void;
  readonly onSelect: ((range: boolean) => void) | null;
};

function Row<T>({ id, row, index, y, height, template, columns, now, current, selected, name, card, onOpen, onPoint, onSelect }: RowProps<T>) {
  const check = onSelect !== null && (
    <div
      role="gridcell"
      className={css.check}
      onClick={(event) => {
        event.stopPropagation();
        onSelect(event.shiftKey);
      }}
    >
      <Checkbox tabIndex={-1} aria-label={`Select ${name}`} checked={selected} readOnly onKeyDown={ignoreSpace} />
    </div>
  );
  return (
    <div
      id={id}
      role="row"
      aria-rowindex={index + 2}
      aria-selected={onSelect === null ? undefined : selected}
      className={css.row}
      data-current={current ? "" : undefined}
      style={{ transform: `translateY(${y}px)`, height, gridTemplateColumns: card === null ? template : onSelect === null ? "1fr" : "40px minmax(0, 1fr)" }}
      onClick={onOpen}
      onPointerEnter={onPoint}
    >
      {check}
      {card !== null ? (
        <div role="gridcell" className={css.card}>
          {card(row, now)}
        </div>
      ) : (
        columns.map((column) => (
          <div key={column.id} role="gridcell" className={css.cell} data-align={column.align}>
            {column.cell(row, now)}
          </div>
        ))
      )}
    </div>
  );
}

function ignoreSpace(event: ReactKeyboardEvent): void {
  if (event.key === " ") event.preventDefault();
}
