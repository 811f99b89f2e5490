/** What can be done with the selected leads. Each opens a preview of its effect; done, it can be taken back. */
import { lazy, Suspense, useState } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import { useCan } from "../../app/session.tsx";
import { counted, formatNumber } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import css from "./leads.module.css";
import type { Selected } from "./use-selection.ts";

const BulkDialog = lazy(async () => ({ default: (await import("./bulk-dialog.tsx")).BulkDialog }));

export type BulkAction = "assign" | "stage" | "tag" | "delete";

const ACTIONS = [
  { action: "assign", label: "Assign", keys: "a", access: "leads.assign" },
  { action: "stage", label: "Stage", keys: "s", access: "leads.move" },
  { action: "tag", label: "Tag", keys: "t", access: "leads.edit" },
  { action: "delete", label: "Delete", keys: "Delete", access: "leads.delete" },
] as const;

export type BulkBarProps = {
  readonly selected: Selected;
  readonly size: number;
  readonly count: number;
  readonly filter: Filter | undefined;
  readonly onSelectAll: () => void;
  readonly onExport: () => void;
  readonly onClear: () => void;
  readonly onDone: () => void;
};

export function BulkBar({ selected, size, count, filter, onSelectAll, onExport, onClear, onDone }: BulkBarProps) {
  const can = useCan();
  const [open, setOpen] = useState<BulkAction | null>(null);
  const actions = can("leads.bulk") ? ACTIONS.filter(({ access }) => can(access)) : [];
  useKeys([
    ...(size > 0
      ? actions.map(({ action, label, keys }) => ({ keys, label: `${label} the selected`, scope: "Lists", command: true, run: () => setOpen(action) }) as const)
      : []),
    { keys: "Escape", label: "Select nothing", scope: "Lists", run: () => (size > 0 ? onClear() : false) },
  ]);
  if (size === 0) return null;
  return (
    <>
      <div className={css.bulk} role="toolbar" aria-label={`${counted(size, "lead")} selected`}>
        <span aria-live="polite">{formatNumber(size)} selected</span>
        {selected.mode === "some" && size < count && (
          <button type="button" onClick={onSelectAll}>
            All {formatNumber(count)}
          </button>
        )}
        {actions.map(({ action, label, keys }) => (
          <button key={action} type="button" onClick={() => setOpen(action)} aria-keyshortcuts={keys}>
            {label} {keys.length === 1 && <kbd>{keyLabel(keys)}</kbd>}
          </button>
        ))}
        {can("leads.export") && (
          <button type="button" onClick={onExport} aria-keyshortcuts="Shift+E">
            Export
          </button>
        )}
        <button type="button" onClick={onClear} aria-keyshortcuts="Escape">
          Clear <kbd>Esc</kbd>
        </button>
      </div>
      <Suspense fallback={null}>
        {open !== null && <BulkDialog action={open} selected={selected} size={size} filter={filter} onClose={() => setOpen(null)} onDone={onDone} />}
      </Suspense>
    </>
  );
}
