/** A condition in words, with the builder of filters behind a button. */
import { Button } from "@mantine/core";
import { lazy, Suspense, useState } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import { useRead } from "../../api/query.ts";
import type { FilterField } from "../../parts/filter-words.ts";
import { briefWords } from "./scoring-words.ts";
import css from "./settings.module.css";

const FilterBuilder = lazy(async () => ({ default: (await import("../../parts/filter-builder.tsx")).FilterBuilder }));

/** What scores decide cannot be what scores depend on. */
const DECIDED: readonly string[] = ["score", "heat", "stage", "status", "stageAt", "owner", "team", "updatedAt"];

export function useFilterFields(of: "leads" | "scoring" = "leads"): readonly FilterField[] {
  const fields = useRead("listLeadFields").data?.items ?? [];
  return of === "leads" ? fields : fields.filter(({ field }) => !DECIDED.includes(field) && !field.startsWith("scores."));
}

export function ConditionField({
  label,
  value,
  onChange,
  of = "leads",
  everything,
}: {
  readonly label: string;
  readonly value: Filter | null;
  readonly onChange: (next: Filter | null) => void;
  readonly of?: "leads" | "scoring";
  /** What it says when there is no condition. */
  readonly everything: string;
}) {
  const fields = useFilterFields(of);
  const [open, setOpen] = useState(false);
  const words = value === null ? everything : briefWords(value, fields);
  return (
    <div>
      <div className="mantine-InputWrapper-label">{label}</div>
      <div className={css.condition}>
        <span>{words}</span>
        <Button variant="subtle" onClick={() => setOpen(true)} aria-label={`Edit: ${label}`}>
          Edit
        </Button>
      </div>
      {open && (
        <Suspense fallback={null}>
          <FilterBuilder filter={value ?? undefined} fields={fields} onClose={() => setOpen(false)} onApply={(next) => onChange(next ?? null)} />
        </Suspense>
      )}
    </div>
  );
}

/** An id from a label that nothing else has: "Looked at pricing" is "looked-at-pricing". */
export function freshId(label: string, taken: readonly string[]): string {
  const plain = label
    .normalize("NFD")
    .replaceAll(/\p{M}/gu, "")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "-")
    .replaceAll(/^-+|-+$/g, "")
    .slice(0, 60);
  const base = plain === "" ? "new" : plain;
  let id = base;
  for (let i = 2; taken.includes(id); i++) id = `${base}-${i}`;
  return id;
}
