/**
 * The list one came from, so that `j` and `k` go through it without going back. Ids only, and in memory: it lasts as long as
 * the page. At its ends it goes on with the next page of the same list.
 */
import { useSyncExternalStore } from "react";
import { call, type In } from "../../api/call.ts";
import { toastProblem } from "../../app/toasts.tsx";

type ListQuery = NonNullable<In<"listLeads">["query"]>;

export type Trail = {
  /** What the list is called, and where it is. */
  readonly label: string;
  readonly from: string;
  readonly ids: readonly string[];
  /** The place of the first id in the whole list, and how many there are. */
  readonly first: number;
  readonly count: number;
  readonly next: string | null;
  readonly previous: string | null;
  /** How the list was asked for; null: it has no further pages. */
  readonly query: ListQuery | null;
};

let trail: Trail | null = null;
const listeners = new Set<() => void>();

export function leaveTrail(next: Trail | null): void {
  trail = next;
  for (const listener of listeners) listener();
}

export type Place = {
  readonly label: string;
  readonly from: string;
  /** From 1. */
  readonly at: number;
  readonly count: number;
  readonly before: string | null;
  readonly after: string | null;
};

export function useTrail(leadId: string): Place | null {
  const now = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => trail,
  );
  const index = now?.ids.indexOf(leadId) ?? -1;
  if (now === null || index === -1) return null;
  const { label, from, ids, first, count } = now;
  return { label, from, at: first + index + 1, count: Math.max(count, first + ids.length), before: ids[index - 1] ?? null, after: ids[index + 1] ?? null };
}

let loading = false;

/** The lead after this one, or before it; loads the next page of the list when it is needed. Null at its end. */
export async function stepFrom(leadId: string, by: 1 | -1): Promise<string | null> {
  const index = trail?.ids.indexOf(leadId) ?? -1;
  if (trail === null || index === -1) return null;
  const there = trail.ids[index + by];
  if (there !== undefined) return there;
  await extend(by);
  const again = trail.ids.indexOf(leadId);
  return trail.ids[again + by] ?? null;
}

async function extend(by: 1 | -1): Promise<void> {
  const cursor = by === 1 ? trail?.next : trail?.previous;
  if (trail === null || trail.query === null || cursor === null || cursor === undefined || loading) return;
  loading = true;
  try {
    const { items, nextCursor, previousCursor } = await call("listLeads", { query: { ...trail.query, cursor } });
    const ids = items.map(({ id }) => id);
    leaveTrail(
      by === 1
        ? { ...trail, ids: [...trail.ids, ...ids], next: nextCursor }
        : { ...trail, ids: [...ids, ...trail.ids], first: Math.max(0, trail.first - ids.length), previous: previousCursor },
    );
  } catch (error) {
    toastProblem(error);
  } finally {
    loading = false;
  }
}
