/** Toasts: what was done, with Undo, and what went wrong, in words. At most three at a time; they wait while the pointer or the focus is on them. */
import { X } from "lucide-react";
import { useCallback, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { ApiProblem } from "../api/call.ts";
import css from "./toasts.module.css";

export type Toast = {
  readonly text: string;
  /** `done` unless something went wrong. */
  readonly tone?: "done" | "problem";
  /** Takes back what was done. May refuse, in words, by throwing. */
  readonly undo?: () => Promise<unknown>;
  /** A further button, as "Show". */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** Milliseconds; 6 s, or 10 s with Undo, as long as an effect waits before it leaves the house. */
  readonly stays?: number;
};

type Shown = Toast & { readonly id: number };

let shown: readonly Shown[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(toasts: readonly Shown[]): void {
  shown = toasts;
  for (const listener of listeners) listener();
}

export function toast(what: Toast): number {
  const id = next++;
  set([...shown.filter(({ text }) => text !== what.text).slice(-2), { ...what, id }]);
  return id;
}

export function dismissToast(id: number): void {
  set(shown.filter((one) => one.id !== id));
}

/** Takes back the newest thing that can be taken back: the key ⌘Z. */
export function undoNewest(): boolean {
  const newest = shown.findLast((one) => one.undo !== undefined);
  if (newest !== undefined) void takeBack(newest);
  return newest !== undefined;
}

/** Says in the server's words what went wrong. */
export function toastProblem(error: unknown): void {
  toast({ text: wordsOf(error), tone: "problem", stays: 9000 });
}

export function wordsOf(error: unknown): string {
  if (error instanceof ApiProblem) {
    const { detail, errors } = error.problem;
    const first = errors[0];
    return first === undefined ? detail : `${detail} ${first.path === "" ? "" : `${first.path} `}${first.message}.`;
  }
  return error instanceof Error ? error.message : "Something went wrong. Try again.";
}

async function takeBack(one: Shown): Promise<void> {
  dismissToast(one.id);
  try {
    await one.undo?.();
    toast({ text: "Taken back" });
  } catch (error) {
    toastProblem(error);
  }
}

export function Toasts() {
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
  );
  return (
    <section className={css.stack} aria-label="Notices" aria-live="polite">
      {toasts.map((one) => (
        <OneToast key={one.id} one={one} />
      ))}
    </section>
  );
}

function OneToast({ one }: { readonly one: Shown }) {
  const [held, setHeld] = useState(false);
  const left = useRef(one.stays ?? (one.undo === undefined ? 6000 : 10_000));
  const close = useCallback(() => dismissToast(one.id), [one.id]);
  useEffect(() => {
    if (held) return;
    const began = performance.now();
    const timer = setTimeout(close, left.current);
    return () => {
      clearTimeout(timer);
      left.current = Math.max(1500, left.current - (performance.now() - began));
    };
  }, [held, close]);
  const { text, tone = "done", undo, action } = one;
  return (
    <div
      className={css.toast}
      data-tone={tone}
      role={tone === "problem" ? "alert" : "status"}
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <span className={css.text}>{text}</span>
      {undo !== undefined && (
        <button type="button" className={css.act} onClick={() => void takeBack(one)} aria-keyshortcuts="Control+Z">
          Undo
        </button>
      )}
      {action !== undefined && (
        <button
          type="button"
          className={css.act}
          onClick={() => {
            close();
            action.run();
          }}
        >
          {action.label}
        </button>
      )}
      <button type="button" className={css.close} aria-label="Dismiss" onClick={close}>
        <X size={14} />
      </button>
    </div>
  );
}
