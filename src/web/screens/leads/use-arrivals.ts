/**
 * Leads that change or arrive while one looks. Rows in sight change where they stand. A new lead is put in at once while one
 * is at the top and the pointer is elsewhere; otherwise it is announced, and nothing moves under the pointer.
 */
import { type RefObject, useCallback, useRef, useState } from "react";
import { call } from "../../api/call.ts";
import { useLive } from "../../api/live.ts";
import type { RowWindow } from "../../parts/row-window.ts";
import type { LeadRow } from "./leads-columns.tsx";

/** More changes at once than are looked at one by one. */
const MANY = 12;
const PAUSE_MS = 250;

export function useArrivals(list: RowWindow<LeadRow>, box: RefObject<HTMLElement | null>): { readonly news: number; readonly show: () => void } {
  const [news, setNews] = useState(0);
  const heard = useRef<{ ids: Set<string>; many: boolean }>({ ids: new Set(), many: false });
  const timer = useRef<ReturnType<typeof setTimeout> | null>(null);
  const latest = useRef(list);
  latest.current = list;

  const show = useCallback(() => {
    setNews(0);
    latest.current.reload();
  }, []);

  const settle = async (): Promise<void> => {
    timer.current = null;
    const { ids, many } = heard.current;
    heard.current = { ids: new Set(), many: false };
    const { rows, patch } = latest.current;
    const known = [...ids].filter((id) => rows.some((row) => row.id === id));
    const strangers = ids.size - known.length;
    for (const id of known.slice(0, MANY)) {
      const fresh = await call("getLead", { params: { id } }).catch(() => null);
      patch((row) => (row.id !== id ? row : fresh === null ? row : { ...row, ...fresh }));
    }
    if (strangers === 0 && !many && known.length <= MANY) return;
    if (isQuiet(box.current)) show();
    else setNews((old) => old + Math.max(1, strangers));
  };

  useLive((message) => {
    if (message.type === "resync") heard.current.many = true;
    else if (message.type !== "leads") return;
    else if ("ids" in message) for (const id of message.ids) heard.current.ids.add(id);
    else heard.current.many = true;
    timer.current ??= setTimeout(() => void settle(), PAUSE_MS);
  });
  return { news, show };
}

/** At the top of the list, with nothing of it pointed at or held by the keys. */
function isQuiet(box: HTMLElement | null): boolean {
  const grid = box?.querySelector('[role="grid"]');
  if (grid === null || grid === undefined) return true;
  return grid.scrollTop < 4 && !grid.matches(":hover") && !grid.contains(document.activeElement) && grid.querySelector("[data-current]") === null;
}
