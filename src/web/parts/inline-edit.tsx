/**
 * A value that is edited where it stands, of whatever record: Enter or leaving it saves, Esc gives up, and what was typed stays
 * in the field when it could not be saved.
 */
import { type ReactNode, useRef, useState } from "react";
import { TextInput } from "@mantine/core";
import { ApiProblem } from "../api/call.ts";
import { wordsOf } from "../app/toasts.tsx";
import { DateField, DateTimeField, MoneyField, PersonPicker } from "./fields.tsx";
import css from "./inline-edit.module.css";

type Money = { readonly amount: number; readonly currency: string };

type Kinds = { readonly text: string; readonly date: string; readonly moment: string; readonly money: Money | null; readonly person: string | null };

export type InlineEditProps<K extends keyof Kinds> = {
  readonly label: string;
  readonly kind: K;
  readonly value: Kinds[K];
  /** How it reads; none: what stands in for nothing. */
  readonly show: ReactNode | null;
  readonly placeholder?: string;
  readonly readOnly?: boolean;
  /** Rejects when it was not saved. */
  readonly onSave: (value: Kinds[K]) => Promise<unknown>;
};

export function InlineEdit<K extends keyof Kinds>({ label, kind, value, show, placeholder = "add", readOnly = false, onSave }: InlineEditProps<K>) {
  const [draft, setDraft] = useState<{ readonly value: Kinds[K] } | null>(null);
  const [error, setError] = useState<string | null>(null);
  const button = useRef<HTMLButtonElement>(null);
  const saving = useRef(false);
  const end = (focus: boolean): void => {
    setDraft(null);
    setError(null);
    if (focus) setTimeout(() => button.current?.focus());
  };
  const save = async (next: Kinds[K], focus: boolean): Promise<void> => {
    if (saving.current) return;
    if (JSON.stringify(next) === JSON.stringify(value)) return end(focus);
    saving.current = true;
    try {
      await onSave(next);
      end(focus);
    } catch (problem) {
      setError(problem instanceof ApiProblem && problem.problem.errors[0] !== undefined ? problem.problem.errors[0].message : wordsOf(problem));
    } finally {
      saving.current = false;
    }
  };
  if (readOnly) return <span className={css.value}>{show ?? <span className="mut">—</span>}</span>;
  if (draft === null)
    return (
      <button ref={button} type="button" className={css.edit} onClick={() => setDraft({ value })}>
        <span className="out">{label}: </span>
        {show ?? <span className="mut">{placeholder}</span>}
        <span className="out">, edit</span>
      </button>
    );
  const set = (next: Kinds[K]): void => {
    setError(null);
    setDraft({ value: next });
  };
  const common = { "aria-label": label, autoFocus: true, error } as const;
  const field = ((): ReactNode => {
    switch (kind) {
      case "date":
        return <DateField {...common} value={draft.value as string} onChange={(next) => set(next as Kinds[K])} />;
      case "moment":
        return <DateTimeField {...common} value={draft.value as string} onChange={(next) => set(next as Kinds[K])} />;
      case "money":
        return <MoneyField {...common} value={draft.value as Money | null} onChange={(next) => set(next as Kinds[K])} />;
      case "person":
        return (
          <PersonPicker
            {...common}
            clearable
            defaultDropdownOpened
            value={draft.value as string | null}
            onChange={(next) => {
              set(next as Kinds[K]);
              void save(next as Kinds[K], true);
            }}
          />
        );
      default:
        return <TextInput {...common} value={draft.value as string} maxLength={300} onChange={(event) => set(event.currentTarget.value as Kinds[K])} />;
    }
  })();
  return (
    <span
      className={css.field}
      onBlur={(event) => {
        if (kind === "person") return void (error === null && end(false));
        if (error === null && !event.currentTarget.contains(event.relatedTarget)) void save(draft.value, false);
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") {
          event.stopPropagation();
          end(true);
        }
        if (event.key === "Enter" && kind !== "person" && !event.nativeEvent.isComposing) {
          event.preventDefault();
          void save(draft.value, true);
        }
      }}
    >
      {field}
    </span>
  );
}
