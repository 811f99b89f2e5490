/** What was typed and is not saved yet, by what it is for. In memory: going away and coming back, or a failing server, loses nothing. */
import { useCallback, useState } from "react";

const drafts = new Map<string, unknown>();

/** State that outlives the component until `forget` is called. */
export function useDraft<T>(key: string, initial: T): readonly [value: T, set: (change: Partial<T>) => void, forget: () => void] {
  const [value, setValue] = useState<T>(() => ({ ...initial, ...(drafts.get(key) as Partial<T> | undefined) }));
  const set = useCallback(
    (change: Partial<T>) => {
      drafts.set(key, { ...(drafts.get(key) as Partial<T> | undefined), ...change });
      setValue((old) => ({ ...old, ...change }));
    },
    [key],
  );
  const forget = useCallback(() => {
    drafts.delete(key);
    setValue(initial);
    // `initial` is what the form begins with; a new one is a new key.
    // oxlint-disable-next-line exhaustive-deps
  }, [key]);
  return [value, set, forget];
}

export function hasDraft(key: string): boolean {
  return drafts.has(key);
}

export function dropDraft(key: string): void {
  drafts.delete(key);
}
