/** How wide one has made columns. Kept in the browser: nothing personal is in it. */
import { useState } from "react";

const KEY = "baton-lead-columns";

export function useColumnWidths(): { readonly widths: Readonly<Record<string, number>>; readonly setWidth: (column: string, width: number) => void } {
  const [widths, setWidths] = useState(read);
  return {
    widths,
    setWidth: (column, width) =>
      setWidths((old) => {
        const next = { ...old, [column]: width };
        try {
          localStorage.setItem(KEY, JSON.stringify(next));
        } catch {
          // Where storage is forbidden the widths last as long as the page.
        }
        return next;
      }),
  };
}

function read(): Readonly<Record<string, number>> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return Object.fromEntries(Object.entries(kept ?? {}).filter(([, width]) => typeof width === "number" && width >= 40 && width <= 1200));
  } catch {
    return {};
  }
}
