/** The head of a column: click sorts, the edge resizes, its menu does both by key and hides or moves the column. */
import { Menu } from "@mantine/core";
import { ArrowDown, ArrowUp, ChevronDown } from "lucide-react";
import { type PointerEvent, useRef } from "react";
import type { Column } from "./data-table.tsx";
import css from "./data-table.module.css";

export type ColumnHeadProps<T> = {
  readonly column: Column<T>;
  readonly columns: readonly Column<T>[];
  readonly sort: string;
  readonly width: number;
  readonly onSort: (sort: string) => void;
  readonly onWidth: (column: string, width: number) => void;
  readonly onColumns?: (ids: readonly string[]) => void;
};

const NARROWEST = 56;

export function ColumnHead<T>({ column, columns, sort, width, onSort, onWidth, onColumns }: ColumnHeadProps<T>) {
  const { id, label, align, sort: field } = column;
  const first = sort.split(",")[0] ?? "";
  const direction = field === undefined ? null : first === field ? "ascending" : first === `-${field}` ? "descending" : null;
  const Arrow = direction === "ascending" ? ArrowUp : ArrowDown;
  const ids = columns.map((one) => one.id);
  const at = ids.indexOf(id);
  const resize = (to: number): void => onWidth(id, Math.max(NARROWEST, Math.round(to)));
  const swap = (by: number): void => {
    const next = [...ids];
    const other = next[at + by];
    if (other === undefined) return;
    next[at + by] = id;
    next[at] = other;
    onColumns?.(next);
  };
  return (
    <div role="columnheader" aria-label={label} className={css.th} data-align={align} aria-sort={direction ?? (field === undefined ? undefined : "none")}>
      {field === undefined ? (
        <span className="cut">{label}</span>
      ) : (
        <button type="button" tabIndex={-1} className={css.sort} onClick={() => onSort(direction === "descending" ? field : `-${field}`)}>
          <span className="cut">{label}</span>
          {direction !== null && <Arrow size={12} aria-hidden />}
        </button>
      )}
      <Menu position="bottom-start" width={180}>
        <Menu.Target>
          <button type="button" tabIndex={-1} className={css.more} aria-label={`Column ${label}`}>
            <ChevronDown size={12} />
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {field !== undefined && <Menu.Item onClick={() => onSort(field)}>Sort ascending</Menu.Item>}
          {field !== undefined && <Menu.Item onClick={() => onSort(`-${field}`)}>Sort descending</Menu.Item>}
          <Menu.Item closeMenuOnClick={false} onClick={() => resize(width + 24)}>
            Wider
          </Menu.Item>
          <Menu.Item closeMenuOnClick={false} onClick={() => resize(width - 24)}>
            Narrower
          </Menu.Item>
          {onColumns !== undefined && at > 1 && <Menu.Item onClick={() => swap(-1)}>Move left</Menu.Item>}
          {onColumns !== undefined && at > 0 && at < ids.length - 1 && <Menu.Item onClick={() => swap(1)}>Move right</Menu.Item>}
          {onColumns !== undefined && at > 0 && <Menu.Item onClick={() => onColumns(ids.filter((one) => one !== id))}>Hide</Menu.Item>}
        </Menu.Dropdown>
      </Menu>
      <Edge width={width} onResize={resize} />
    </div>
  );
}

function Edge({ width, onResize }: { readonly width: number; readonly onResize: (to: number) => void }) {
  const start = useRef<{ readonly x: number; readonly width: number } | null>(null);
  const end = (): void => void (start.current = null);
  return (
    <span
      className={css.edge}
      aria-hidden
      onPointerDown={(event: PointerEvent<HTMLSpanElement>) => {
        event.preventDefault();
        event.currentTarget.setPointerCapture(event.pointerId);
        start.current = { x: event.clientX, width };
      }}
      onPointerMove={(event) => {
        if (start.current !== null) onResize(start.current.width + event.clientX - start.current.x);
      }}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}
