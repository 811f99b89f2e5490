/** The scoring model while it is worked on: kept while the app is open, whatever screen one looks at meanwhile. */
import { useSyncExternalStore } from "react";
import type { Config } from "./publish.ts";

export type Draft = { readonly base: Config; readonly next: Config };

let draft: Draft | null = null;
const listeners = new Set<() => void>();

export function setDraft(next: Draft | null): void {
  draft = next;
  for (const listener of listeners) listener();
}

export function useDraft(): Draft | null {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => draft,
  );
}
