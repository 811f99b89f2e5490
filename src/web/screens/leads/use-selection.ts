/** Which leads are selected: some by name, or all that match but some. */
import { useMemo, useState } from "react";
import type { Selection } from "../../parts/data-table.tsx";

export type Selected = { readonly mode: "some"; readonly ids: ReadonlySet<string> } | { readonly mode: "all"; readonly except: ReadonlySet<string> };

const NONE: Selected = { mode: "some", ids: new Set() };

export function useSelection(count: number): {
  readonly selection: Selection;
  readonly selected: Selected;
  readonly size: number;
  readonly clear: () => void;
  readonly selectAll: () => void;
} {
  const [selected, setSelected] = useState<Selected>(NONE);
  const size = selected.mode === "some" ? selected.ids.size : Math.max(0, count - selected.except.size);
  return useMemo(() => {
    const clear = (): void => setSelected(NONE);
    const selectAll = (): void => setSelected({ mode: "all", except: new Set() });
    return {
      selected,
      size,
      clear,
      selectAll,
      selection: {
        has: (id) => (selected.mode === "some" ? selected.ids.has(id) : !selected.except.has(id)),
        toggle: (id, on) =>
          setSelected((old) => (old.mode === "some" ? { mode: "some", ids: put(old.ids, id, on) } : { mode: "all", except: put(old.except, id, !on) })),
        all: size === 0 ? "none" : size >= count ? "all" : "some",
        toggleAll: () => (size > 0 && size >= count ? clear() : selectAll()),
      },
    };
  }, [selected, size, count]);
}

function put(set: ReadonlySet<string>, id: string, inside: boolean): ReadonlySet<string> {
  const next = new Set(set);
  if (inside) next.add(id);
  else next.delete(id);
  return next;
}
