/** What the shell can be asked to show from anywhere: palette, keys, quick add. */
import { useSyncExternalStore } from "react";

export type Overlay = "palette" | "keys" | "quickAdd" | "bell" | null;

let overlay: Overlay = null;
const listeners = new Set<() => void>();

export function showOverlay(next: Overlay): void {
  overlay = next;
  for (const listener of listeners) listener();
}

export function useOverlay(): Overlay {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => overlay,
  );
}

export type Visited = { readonly type: "lead" | "company" | "opportunity"; readonly id: string; readonly title: string; readonly detail: string };

/** In memory only: personal data does not belong into the browser's storage. */
let visited: readonly Visited[] = [];

/** A record's page says that it was looked at, for the palette's "Recent". */
export function noteVisit(record: Visited): void {
  visited = [record, ...visited.filter(({ id }) => id !== record.id)].slice(0, 8);
}

export function recentlyVisited(): readonly Visited[] {
  return visited;
}
