/**
 * A value that is edited where it stands: Enter or leaving it saves, Esc gives up. When somebody else changed the same value
 * meanwhile, theirs is shown beside what was typed, and nothing is lost.
 */
import { Select, TextInput } from "@mantine/core";
import { type ReactNode, useRef, useState } from "react";
import { ApiProblem, call } from "../../api/call.ts";
import { query, queryClient } from "../../api/query.ts";
import { wordsOf } from "../../app/toasts.tsx";
import css from "./lead.module.css";
import { type EditBody, type Lead, settle } from "./lead-writes.ts";

export type InlineKind = "text" | "email" | "tel" | "url" | "number" | "date" | "select" | "boolean";

export type InlineFieldProps = {
  readonly lead: Lead;
  readonly label: string;
  /** Reads the value as one types it: "" for none. */
  readonly read: (lead: Lead) => string;
  readonly write: (value: string) => EditBody;
  readonly kind?: InlineKind;
  readonly options?: readonly { readonly value: string; readonly label: string }[];
  readonly show?: ReactNode;
  readonly placeholder?: string;
  readonly hint?: string | undefined;
  /** Somebody else has just changed it. */
  readonly marked?: string | undefined;
  readonly disabled?: boolean;
};

type Editing = { readonly typed: string; readonly version: number; readonly began: string; readonly theirs: string | null };

export function InlineField({
  lead,
  label,
  read,
  write,
  kind = "text",
  options = [],
  show,
  placeholder = "add",
  hint,
  marked,
  disabled = false,
}: InlineFieldProps) {
  const value = read(lead);
  const [editing, setEditing] = useState<Editing | null>(null);
  const [error, setError] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  const begin = (): void => setEditing({ typed: value, version: lead.version, began: value, theirs: null });
  const end = (focus: boolean): void => {
    setEditing(null);
    setError(null);
    if (focus) setTimeout(() => button.current?.focus());
  };
  const save = async (typed: string, version: number, focus: boolean): Promise<void> => {
    if (editing === null || busy) return;
    if (typed.trim() === editing.began && editing.theirs === null) return end(focus);
    setBusy(true);
    try {
      const answer = await call("editLead", { params: { id: lead.id }, body: write(typed.trim()), ifMatch: version });
      end(focus);
      settle(answer, typed.trim() === "" ? `${label} cleared` : `${label} changed`);
    } catch (problem) {
      if (problem instanceof ApiProblem && problem.status === 412) return await meet(typed);
      setError(problem instanceof ApiProblem && problem.problem.errors[0] !== undefined ? sentence(problem.problem.errors[0].message) : wordsOf(problem));
    } finally {
      setBusy(false);
    }
  };
  /** Somebody else was first: what do they say, and who is right? */
  const meet = async (typed: string): Promise<void> => {
    const now = await queryClient.fetchQuery({ ...query("getLead", { params: { id: lead.id } }), staleTime: 0 }).catch(() => lead);
    setEditing({ typed, version: now.version, began: read(now), theirs: read(now) });
    setError(null);
  };
  if (editing === null || disabled)
    return (
      <span className={css.value} data-marked={marked === undefined ? undefined : ""}>
        {disabled ? (
          <span title={hint}>{show ?? (value === "" ? <span className="mut">—</span> : value)}</span>
        ) : (
          <button ref={button} type="button" className={css.edit} title={hint} aria-label={`${label}: ${value === "" ? "empty" : value}. Edit`} onClick={begin}>
            {value === "" ? <span className="mut">{placeholder}</span> : (show ?? value)}
          </button>
        )}
        {marked !== undefined && (
          <span className={css.marked} role="status">
            {marked}
          </span>
        )}
      </span>
    );
  const { typed, version, theirs } = editing;
  const type = (next: string): void => setEditing({ ...editing, typed: next });
  const choose = (next: string | null): void => {
    type(next ?? "");
    void save(next ?? "", version, true);
  };
  const choices = kind === "boolean" ? YES_NO : options;
  return (
    <span className={css.value}>
      {kind === "select" || kind === "boolean" ? (
        <Select
          aria-label={label}
          autoFocus
          defaultDropdownOpened
          searchable={choices.length > 8}
          clearable
          data={[...choices]}
          value={typed === "" ? null : typed}
          onChange={choose}
          onDropdownClose={() => theirs === null && typed === editing.began && end(true)}
          error={error}
        />
      ) : (
        <TextInput
          aria-label={label}
          autoFocus
          type={kind === "number" ? "text" : kind}
          inputMode={kind === "number" ? "decimal" : undefined}
          value={typed}
          error={error}
          disabled={busy}
          autoComplete="off"
          onChange={(event) => type(event.currentTarget.value)}
          onFocus={(event) => kind !== "date" && event.currentTarget.select()}
          onBlur={() => theirs === null && error === null && void save(typed, version, false)}
          onKeyDown={(event) => {
            if (event.key === "Escape") end(true);
            if (event.key === "Enter" && !event.nativeEvent.isComposing) void save(typed, version, true);
          }}
        />
      )}
      {theirs !== null && (
        <span className={css.conflict} role="alert">
          Somebody changed this to <b>{theirs === "" ? "empty" : theirs}</b> meanwhile.
          <button type="button" className={css.chip} onClick={() => void save(typed, version, true)}>
            Keep mine
          </button>
          <button type="button" className={css.chip} onClick={() => end(true)}>
            Take theirs
          </button>
        </span>
      )}
    </span>
  );
}

const YES_NO = [
  { value: "true", label: "Yes" },
  { value: "false", label: "No" },
];

function sentence(words: string): string {
  return words.charAt(0).toUpperCase() + words.slice(1);
}
