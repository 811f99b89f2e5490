/**
 * Where rows stand in a scrolling box. Browsers cannot make a box of a million rows, so beyond some height the box is as high
 * as it may be: small moves go row by row, a big one (dragging the bar, End) goes to the same part of the list.
 */
import { type RefCallback, type UIEvent, useCallback, useEffect, useLayoutEffect, useRef, useState } from "react";
import type { RowWindow } from "./row-window.ts";

/** Below what the browsers can do. */
const HIGHEST = 8_000_000;
const OVERSCAN = 8;

export type ScrollSpace = {
  readonly ref: RefCallback<HTMLDivElement>;
  readonly onScroll: (event: UIEvent) => void;
  readonly height: number;
  /** Places in the list of the rows in sight, with some around them. */
  readonly visible: readonly number[];
  readonly place: (index: number) => number;
  /** The first row in sight. */
  readonly top: number;
  /** How many rows are in sight. */
  readonly page: number;
  readonly reveal: (index: number) => void;
  readonly toEdge: (part: 0 | 1) => void;
  /** Takes the focus, unless something in the box has it. */
  readonly focus: () => void;
};

export function useScrollSpace(list: Pick<RowWindow<unknown>, "count" | "rows" | "corrected" | "generation" | "need">, row: number, head: number): ScrollSpace {
  const { count, corrected, need } = list;
  const box = useRef<HTMLDivElement | null>(null);
  const [view, setView] = useState({ y: 0, tall: 600 });
  /** How far rows stand above where they would without a limit. */
  const shift = useRef(0);
  const last = useRef(0);
  const height = Math.min(count * row, HIGHEST);
  const squeezed = count * row > HIGHEST;
  if (!squeezed) shift.current = 0;

  const measure = useCallback((): void => {
    const element = box.current;
    if (element !== null)
      setView((old) => (old.y === element.scrollTop && old.tall === element.clientHeight ? old : { y: element.scrollTop, tall: element.clientHeight }));
  }, []);
  const ref = useCallback<RefCallback<HTMLDivElement>>(
    (element) => {
      box.current = element;
      if (element === null) return;
      const watch = new ResizeObserver(measure);
      watch.observe(element);
      measure();
      return () => watch.disconnect();
    },
    [measure],
  );

  const room = Math.max(1, view.tall - head);
  const onScroll = (): void => {
    const element = box.current;
    if (element === null) return;
    const y = element.scrollTop;
    if (squeezed) {
      const part = y / Math.max(1, height - room);
      const far = Math.abs(y - last.current) > 4 * room;
      const top = (y + shift.current) / row;
      const lost = top < 0 || top > count || (y < room && top > y / row + 1) || (y > height - 2 * room && top < count - (3 * room) / row);
      if (far || lost) shift.current = part * Math.max(0, count * row - room) - y;
    }
    last.current = y;
    measure();
  };

  // The server knew better where the rows are: what is in sight stays where it is.
  const seen = useRef(corrected);
  useLayoutEffect(() => {
    const by = (corrected - seen.current) * row;
    seen.current = corrected;
    const element = box.current;
    if (by === 0 || element === null) return;
    if (squeezed) shift.current += by;
    else {
      element.scrollTop += by;
      last.current = element.scrollTop;
    }
    measure();
  }, [corrected, row, squeezed, measure]);

  const top = Math.max(0, Math.floor((view.y + shift.current) / row));
  const page = Math.max(1, Math.floor(room / row));
  const from = Math.max(0, top - OVERSCAN);
  const to = Math.min(count, top + page + OVERSCAN + 1);
  useEffect(() => {
    if (count > 0) need(from, to);
  }, [need, from, to, count, list.rows, list.generation]);

  const place = (index: number): number => index * row - shift.current;
  return {
    ref,
    onScroll,
    height,
    visible: Array.from({ length: Math.max(0, to - from) }, (_, i) => from + i),
    place,
    top,
    page,
    reveal: (index) => {
      const element = box.current;
      if (element === null) return;
      const y = place(index);
      if (y < element.scrollTop) element.scrollTop = y;
      else if (y + row > element.scrollTop + room) element.scrollTop = y + row - room;
    },
    toEdge: (part) => {
      const element = box.current;
      if (element !== null) element.scrollTop = part === 0 ? 0 : element.scrollHeight;
    },
    focus: () => {
      const element = box.current;
      if (element !== null && !element.contains(document.activeElement)) element.focus({ preventScroll: true });
    },
  };
}
