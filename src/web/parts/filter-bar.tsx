/** The filter of a list as chips: a click opens a chip, × takes it away, F adds one, and "Nested" shows the whole tree. */
import { Button, Popover } from "@mantine/core";
import { Plus, X } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import type { Condition, Filter } from "../../core/filter/filter.ts";
import { useKeys } from "../keys/keys.ts";
import css from "./filter.module.css";
import { conditionWords, filterOf, filterWords, type FilterField, isComplete, isCondition, partsOf } from "./filter-words.ts";

const ConditionEditor = lazy(async () => ({ default: (await import("./filter-editor.tsx")).ConditionEditor }));
const FieldPicker = lazy(async () => ({ default: (await import("./filter-editor.tsx")).FieldPicker }));
const FilterBuilder = lazy(async () => ({ default: (await import("./filter-builder.tsx")).FilterBuilder }));

export type FilterBarProps = {
  readonly filter: Filter | undefined;
  readonly onChange: (filter: Filter | undefined) => void;
  readonly fields: readonly FilterField[];
  /** At the right of the chips. */
  readonly children?: ReactNode;
};

export function FilterBar({ filter, onChange, fields, children }: FilterBarProps) {
  const parts = partsOf(filter);
  const [open, setOpen] = useState<number | "add" | "nested" | null>(null);
  const [fresh, setFresh] = useState<Condition | null>(null);
  const set = (at: number, part: Filter | null): void => onChange(filterOf(part === null ? parts.filter((_, i) => i !== at) : parts.with(at, part)));
  const close = (): void => {
    setOpen(null);
    setFresh(null);
  };
  useKeys([{ keys: "f", label: "Filter", scope: "This screen", command: true, run: () => setOpen("add") }]);
  return (
    <div className={css.bar} role="group" aria-label="Filter">
      {parts.map((part, i) => (
        <Popover key={i} opened={open === i} onChange={(opened) => (opened ? setOpen(i) : close())} position="bottom-start" width={300} trapFocus returnFocus>
          <span className={css.chip}>
            <Popover.Target>
              <button type="button" className={css.words} onClick={() => (isCondition(part) ? setOpen(open === i ? null : i) : setOpen("nested"))}>
                <Chip part={part} fields={fields} />
              </button>
            </Popover.Target>
            <button type="button" className={css.remove} aria-label={`Remove ${filterWords(part, fields)}`} onClick={() => set(i, null)}>
              <X size={12} />
            </button>
          </span>
          <Popover.Dropdown>
            <Suspense fallback={null}>
              {open === i && isCondition(part) && (
                <ConditionEditor
                  condition={part}
                  fields={fields}
                  onDone={(next) => {
                    set(i, next);
                    close();
                  }}
                />
              )}
            </Suspense>
          </Popover.Dropdown>
        </Popover>
      ))}
      <Popover opened={open === "add"} onChange={(opened) => (opened ? setOpen("add") : close())} position="bottom-start" width={300} trapFocus returnFocus>
        <Popover.Target>
          <button
            type="button"
            className={css.add}
            aria-expanded={open === "add"}
            aria-keyshortcuts="f"
            onClick={() => (open === "add" ? close() : setOpen("add"))}
          >
            <Plus size={12} aria-hidden /> Filter <kbd>F</kbd>
          </button>
        </Popover.Target>
        <Popover.Dropdown p={fresh === null ? 0 : undefined}>
          <Suspense fallback={null}>
            {open === "add" &&
              (fresh === null ? (
                <FieldPicker fields={fields} onPick={setFresh} onNested={() => setOpen("nested")} />
              ) : (
                <ConditionEditor
                  condition={fresh}
                  fields={fields}
                  onDone={(next) => {
                    if (isComplete(next)) onChange(filterOf([...parts, next]));
                    close();
                  }}
                />
              ))}
          </Suspense>
        </Popover.Dropdown>
      </Popover>
      {parts.length > 0 && (
        <Button size="compact-xs" variant="subtle" onClick={() => onChange(undefined)}>
          Clear
        </Button>
      )}
      <div className={css.right}>{children}</div>
      {open === "nested" && (
        <Suspense fallback={null}>
          <FilterBuilder filter={filter} fields={fields} onClose={close} onApply={onChange} />
        </Suspense>
      )}
    </div>
  );
}

function Chip({ part, fields }: { readonly part: Filter; readonly fields: readonly FilterField[] }) {
  if (!isCondition(part)) return <>{filterWords(part, fields)}</>;
  const { label, op, value } = conditionWords(part, fields);
  return (
    <>
      {label} {op} <b>{value}</b>
    </>
  );
}
