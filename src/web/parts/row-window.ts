/**
 * A part of a long list: the rows around where one looks, loaded page by page in both directions, by keyset only. A jump far
 * away drops what was loaded and begins there; where exactly that is the server estimates, and the ends set it right.
 */
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";

export type Page<T> = {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
  readonly previousCursor: string | null;
  /** How many there are in all, as well as is known. */
  readonly count: number | null;
  /** Of a page at the beginning: when they were not counted together with it, what they come to. Nobody waits for it to see the page. */
  readonly counting?: Promise<number | null>;
  /** Which part of the list lies before this page. */
  readonly from: number | null;
};

export type Ask = { readonly cursor?: string; readonly around?: number };

export type RowWindow<T> = {
  readonly rows: readonly T[];
  /** The place of the first loaded row in the whole list, as well as is known. */
  readonly first: number;
  readonly count: number;
  /** Whether `count` means them all: until they are counted it says only that there are more than are loaded. */
  readonly counted: boolean;
  readonly atStart: boolean;
  readonly atEnd: boolean;
  readonly busy: boolean;
  /** Nothing was ever loaded. */
  readonly loading: boolean;
  readonly error: Error | null;
  /** How far places were corrected in all; whoever paints them moves along. */
  readonly corrected: number;
  /** Changes with every new beginning. */
  readonly generation: number;
  /** Where the page after the last loaded one begins, and the page before the first: for whoever goes on in the list elsewhere. */
  readonly next: string | null;
  readonly previous: string | null;
  readonly need: (from: number, to: number) => void;
  readonly jump: (part: number) => void;
  /** Begins again at the top; what is there stays until the answer. */
  readonly reload: () => void;
  /** Changes rows in place. */
  readonly patch: (change: (row: T) => T | null) => void;
};

export type State<T> = Omit<RowWindow<T>, "need" | "jump" | "reload" | "patch" | "loading"> & {
  readonly loaded: boolean;
};

export type Step<T> =
  | { readonly kind: "busy" }
  | { readonly kind: "failed"; readonly error: Error }
  /** `fresh`: it is another list than before, so what was counted says nothing about it. */
  | { readonly kind: "begin"; readonly page: Page<T>; readonly at: number | null; readonly fresh?: boolean }
  | { readonly kind: "before" | "after"; readonly page: Page<T> }
  | { readonly kind: "counted"; readonly count: number }
  | { readonly kind: "patch"; readonly change: (row: T) => T | null };

export const NOTHING = {
  rows: [],
  first: 0,
  count: 0,
  counted: false,
  atStart: true,
  atEnd: true,
  busy: true,
  error: null,
  corrected: 0,
  generation: 0,
  next: null,
  previous: null,
  loaded: false,
};

/** How many rows beyond the loaded ones are still worth a page and no jump. */
const REACH = 150;

export function useRowWindow<T>(key: string, load: (ask: Ask, signal: AbortSignal) => Promise<Page<T>>): RowWindow<T> {
  const [state, step] = useReducer(reduceWindow<T>, NOTHING as State<T>);
  const latest = useRef({ state, load, beginnings: 0 });
  latest.current = { state, load, beginnings: latest.current.beginnings };
  const flight = useRef<AbortController | null>(null);

  const ask = useCallback((kind: "begin" | "before" | "after", what: Ask, at: number | null = null, fresh = false): void => {
    flight.current?.abort();
    const mine = new AbortController();
    flight.current = mine;
    step({ kind: "busy" });
    if (kind === "begin") latest.current.beginnings++;
    const mineIs = latest.current.beginnings;
    latest.current.load(what, mine.signal).then(
      (page) => {
        if (mine.signal.aborted) return;
        flight.current = null;
        step(kind === "begin" ? { kind, page, at, fresh } : { kind, page });
        // A count that fails is not worth a refusal: the list then says what is loaded.
        page.counting?.then(
          (count) => latest.current.beginnings === mineIs && count !== null && step({ kind: "counted", count }),
          () => {},
        );
      },
      (error: unknown) => {
        if (mine.signal.aborted) return;
        flight.current = null;
        step({ kind: "failed", error: error instanceof Error ? error : new Error(String(error)) });
      },
    );
  }, []);

  useEffect(() => {
    ask("begin", {}, null, true);
    return () => flight.current?.abort();
  }, [key, ask]);

  const need = useCallback(
    (from: number, to: number): void => {
      const { first, rows, count, next, previous, loaded, error } = latest.current.state;
      if (!loaded || flight.current !== null || error !== null) return;
      const last = first + rows.length;
      if (to > last + REACH || from < first - REACH) return ask("begin", { around: Math.min(1, from / Math.max(1, count)) }, from);
      if (to > last - 20 && next !== null) return ask("after", { cursor: next });
      if (from < first + 20 && previous !== null) return ask("before", { cursor: previous });
    },
    [ask],
  );
  const jump = useCallback((part: number) => ask("begin", part === 0 ? {} : { around: part }), [ask]);
  const reload = useCallback(() => ask("begin", {}), [ask]);
  const patch = useCallback((change: (row: T) => T | null) => step({ kind: "patch", change }), []);
  return useMemo(() => ({ ...state, loading: !state.loaded && state.error === null, need, jump, reload, patch }), [state, need, jump, reload, patch]);
}

export function reduceWindow<T>(state: State<T>, step: Step<T>): State<T> {
  switch (step.kind) {
    case "busy":
      return { ...state, busy: true, error: null };
    case "failed":
      return { ...state, busy: false, error: step.error };
    case "patch": {
      const rows = state.rows.flatMap((row) => step.change(row) ?? []);
      const gone = state.rows.length - rows.length;
      return { ...state, rows, count: Math.max(rows.length, state.count - gone) };
    }
    case "begin":
      return begun(state, step.page, step.at, step.fresh === true);
    case "counted":
      return withCount(state, step.count);
    case "before":
      return grownBefore(state, step.page);
    default:
      return grownAfter(state, step.page);
  }
}

/** What is loaded from the first to the last row is known better than any count. */
function withCount<T>(state: State<T>, count: number): State<T> {
  const { atStart, atEnd, first, rows } = state;
  return { ...state, count: atStart && atEnd ? state.count : Math.max(count, first + rows.length + (atEnd ? 0 : 1)), counted: true };
}

function begun<T>(state: State<T>, page: Page<T>, at: number | null, fresh: boolean): State<T> {
  const { items, nextCursor, previousCursor } = page;
  const uncounted = page.counting !== undefined && (fresh || !state.counted);
  const count = uncounted ? items.length + (nextCursor === null ? 0 : 1) : Math.max(page.count ?? state.count, items.length);
  const atStart = previousCursor === null && (page.from === null || page.from === 0);
  const atEnd = nextCursor === null;
  const guess = at ?? Math.round((page.from ?? 0) * count);
  const first = atStart ? 0 : atEnd ? Math.max(0, count - items.length) : Math.max(1, Math.min(guess, count - items.length));
  return {
    ...state,
    rows: items,
    first,
    count: atStart && atEnd ? items.length : count,
    counted: !uncounted || (atStart && atEnd),
    atStart,
    atEnd,
    next: nextCursor,
    previous: previousCursor,
    busy: false,
    error: null,
    loaded: true,
    generation: state.generation + 1,
  };
}

function grownAfter<T>(state: State<T>, { items, nextCursor }: Page<T>): State<T> {
  const rows = [...state.rows, ...items];
  const end = state.first + rows.length;
  return {
    ...state,
    rows,
    next: nextCursor,
    atEnd: nextCursor === null,
    count: nextCursor === null ? end : Math.max(state.count, end + 1),
    busy: false,
    error: null,
  };
}

function grownBefore<T>(state: State<T>, { items, previousCursor }: Page<T>): State<T> {
  const rows = [...items, ...state.rows];
  const place = state.first - items.length;
  const atStart = previousCursor === null;
  const first = atStart ? 0 : Math.max(1, place);
  return {
    ...state,
    rows,
    first,
    previous: previousCursor,
    atStart,
    corrected: state.corrected + first - place,
    count: Math.max(state.count + first - place, rows.length),
    busy: false,
    error: null,
  };
}
