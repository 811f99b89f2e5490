/** How a section of Settings is built: a title and what it decides, rows of single settings, who changed each and when. */
import { Button, Switch, TextInput } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type ReactNode, useId, useState } from "react";
import { query } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast } from "../../app/toasts.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { whoWords } from "./audit-words.ts";
import css from "./settings.module.css";

export function Section({
  title,
  children,
  about,
  actions,
  wide = false,
}: {
  readonly title: string;
  /** What is decided here, in a sentence or two. */
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  readonly wide?: boolean;
}) {
  return (
    <section className={css.section} data-wide={wide ? "" : undefined} aria-label={title}>
      <div className={css.sectionHead}>
        <h2>{title}</h2>
        {actions !== undefined && <div className={css.sectionActions}>{actions}</div>}
      </div>
      {about !== undefined && <p className={css.about}>{about}</p>}
      {children}
    </section>
  );
}

/** A part of a section under a smaller title. */
export function Part({
  title,
  about,
  actions,
  children,
}: {
  readonly title: string;
  readonly about?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <div className={css.part}>
      <div className={css.sectionHead}>
        <h3>{title}</h3>
        {actions !== undefined && <div className={css.sectionActions}>{actions}</div>}
      </div>
      {about !== undefined && <p className={css.about}>{about}</p>}
      {children}
    </div>
  );
}

/** One setting: its name, what it does, what it is when nobody decided, who decided last; the control at the right. */
export function Setting({
  label,
  effect,
  standard,
  changed,
  children,
}: {
  readonly label: string;
  readonly effect: ReactNode;
  /** What holds when nobody decided. */
  readonly standard?: string;
  readonly changed?: ReactNode;
  /** The control; gets the ids to name it by. */
  readonly children: (ids: { readonly "aria-labelledby": string; readonly "aria-describedby": string }) => ReactNode;
}) {
  const id = useId();
  return (
    <div className={css.setting}>
      <div className={css.words}>
        <div className={css.label} id={id}>
          {label}
        </div>
        <div className={css.effect} id={`${id}-effect`}>
          {effect}
          {standard !== undefined && <> Default: {standard}.</>}
        </div>
        {changed}
      </div>
      <div className={css.control}>{children({ "aria-labelledby": id, "aria-describedby": `${id}-effect` })}</div>
    </div>
  );
}

/** Who changed it last, and when; opens the audit. Says nothing to who may not read the audit. */
export function ChangedBy({ action, field, part }: { readonly action: string; readonly field?: string; readonly part?: string }) {
  const can = useCan();
  const changed = field ?? part;
  const asked = { action, limit: 1, ...(changed === undefined ? {} : { changed }) };
  const last = useQuery({ ...query("listAudit", { query: asked }), enabled: can("audit.read"), staleTime: 5000 }).data?.items[0];
  if (last === undefined) return null;
  return (
    <div className={css.changed}>
      <Link to="/settings/$section" params={{ section: "audit" }} search={{ action }}>
        Changed by {whoWords(last)} <When at={last.at} relative />
      </Link>
      {last.why !== null && <> · {last.why}</>}
    </div>
  );
}

type Ids = { readonly "aria-labelledby": string; readonly "aria-describedby": string };

/** A text that is saved on Enter or on leaving it; Escape takes back what was typed. What could not be saved stays typed. */
export function TextSetting({
  value,
  onSave,
  ids,
  placeholder,
  required = false,
}: {
  readonly value: string;
  /** Throws when it was refused. */
  readonly onSave: (next: string) => Promise<unknown>;
  readonly ids: Ids;
  readonly placeholder?: string;
  readonly required?: boolean;
}) {
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const shown = typed ?? value;
  const save = async (): Promise<void> => {
    const next = shown.trim();
    if (typed === null || next === value) return setTyped(null);
    if (required && next === "") return setError("Enter something.");
    try {
      await onSave(next);
      setTyped(null);
      setError(null);
    } catch (problem) {
      setError(problem instanceof Error ? problem.message : String(problem));
    }
  };
  return (
    <TextInput
      {...ids}
      value={shown}
      placeholder={placeholder}
      error={error}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        setError(null);
      }}
      onBlur={() => void save()}
      onKeyDown={(event) => {
        if (event.key === "Enter") void save();
        if (event.key === "Escape") {
          setTyped(null);
          setError(null);
        }
      }}
    />
  );
}

export function SwitchSetting({
  checked,
  onChange,
  ids,
  disabled,
}: {
  readonly checked: boolean;
  readonly onChange: (next: boolean) => void;
  readonly ids: Ids;
  readonly disabled?: boolean;
}) {
  return <Switch {...ids} checked={checked} disabled={disabled} onChange={(event) => onChange(event.currentTarget.checked)} />;
}

/** Something to hand over, shown once: a link or a secret. */
export function HandOver({ label, value, children }: { readonly label: string; readonly value: string; readonly children?: ReactNode }) {
  const id = useId();
  const copy = async (): Promise<void> => {
    const field = document.getElementById(id);
    if (field instanceof HTMLInputElement) field.select();
    try {
      await navigator.clipboard.writeText(value);
      toast({ text: `${label} copied` });
    } catch {
      // Browsers allow it on https and on this machine only; it is selected then.
      toast({ text: "It is selected: copy it with Ctrl C or ⌘C" });
    }
  };
  return (
    <div className={css.handOver}>
      {children}
      <div className={css.copy}>
        <TextInput id={id} aria-label={label} readOnly value={value} onFocus={(event) => event.currentTarget.select()} data-autofocus className={css.mono} />
        <Button variant="filled" onClick={() => void copy()}>
          Copy
        </Button>
      </div>
    </div>
  );
}
