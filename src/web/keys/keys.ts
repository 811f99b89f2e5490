/**
 * Every key of the app stands in one registry: what is pressed, what it does, where it holds. The sheet behind `?` is drawn
 * from it, so no key can be missing there.
 *
 * A combination is written "mod+k", "shift+x", "g l" (one after the other), "Enter", "?". Letters go by what they type and,
 * on layouts without them (Cyrillic, Greek), by where they are.
 */
import { useLayoutEffect, useRef } from "react";

export type KeyScope = "Everywhere" | "Lists" | "This screen" | "Lead";

export type KeyAction = {
  readonly keys: string;
  readonly label: string;
  readonly scope: KeyScope;
  /** Answer false to let the key go on to the browser. */
  readonly run: (event: KeyboardEvent) => unknown;
  /** Holds while one types in a field, too. */
  readonly whileTyping?: boolean;
  /** Stands in the palette as an action, too. */
  readonly command?: boolean;
  /** Leave out of the sheet: a twin of another. */
  readonly hidden?: boolean;
};

type Entry = { current: KeyAction };

/** Later ones are asked first: an open dialog goes before the screen beneath it. */
const entries: Entry[] = [];
const PAUSE_MS = 1200;
let before: { readonly key: string; readonly at: number } | null = null;

/** Holds keys while the component is there. */
export function useKeys(actions: readonly KeyAction[]): void {
  const mine = useRef<Entry[]>([]);
  actions.forEach((action, i) => {
    const entry = mine.current[i];
    if (entry !== undefined) entry.current = action;
  });
  const shape = actions.map(({ keys, scope }) => `${scope}:${keys}`).join("|");
  const latest = useRef(actions);
  latest.current = actions;
  // As soon as it is drawn: on a busy machine a key may come before effects that wait.
  useLayoutEffect(() => {
    mine.current = latest.current.map((current) => ({ current }));
    const held = mine.current;
    entries.push(...held);
    return () => {
      for (const entry of held) entries.splice(entries.indexOf(entry), 1);
    };
  }, [shape]);
}

/** In the order in which they are asked: the latest first, and what holds everywhere after what a screen says. */
function inOrder(): readonly KeyAction[] {
  const actions = entries.map(({ current }) => current).reverse();
  return [...actions.filter(({ scope }) => scope !== "Everywhere"), ...actions.filter(({ scope }) => scope === "Everywhere")];
}

/** All keys that hold now, for the sheet; of twins the one that would run. */
export function keysNow(): readonly KeyAction[] {
  const seen = new Set<string>();
  return inOrder()
    .filter(({ keys }) => !seen.has(keys) && seen.add(keys) !== undefined)
    .toReversed();
}

/** While a dialog is open only its own keys hold, and those that say so. */
function inDialog(): boolean {
  return document.querySelector('[role="dialog"][aria-modal="true"], [role="alertdialog"]') !== null;
}

export function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "submit", "range"].includes(target.type);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.key === "Shift" || event.key === "Control" || event.key === "Meta" || event.key === "Alt") return;
  const typing = isTyping(event.target);
  const dialog = inDialog();
  const pressed = namesOf(event);
  const first = before !== null && event.timeStamp - before.at < PAUSE_MS ? before.key : null;
  before = null;
  const candidates = inOrder();
  const may = (action: KeyAction): boolean => action.whileTyping === true || (!typing && !dialog);
  if (first !== null) {
    const sequence = candidates.find((action) => may(action) && pressed.some((name) => action.keys === `${first} ${name}`));
    if (sequence !== undefined) return void runAction(sequence, event);
  }
  for (const action of candidates) {
    if (!may(action) || !pressed.includes(action.keys)) continue;
    // A control that has the focus keeps Enter and Space for itself; Space does nothing to a link.
    if ((event.key === "Enter" || event.key === " ") && action.whileTyping !== true && isControl(event.target, event.key)) continue;
    if (runAction(action, event)) return;
  }
  if (typing || dialog) return;
  const start = pressed.find((name) => candidates.some(({ keys }) => keys.startsWith(`${name} `)));
  if (start !== undefined) before = { key: start, at: event.timeStamp };
}

function runAction(action: KeyAction, event: KeyboardEvent): boolean {
  if (action.run(event) === false) return false;
  event.preventDefault();
  return true;
}

function isControl(target: EventTarget | null, key: "Enter" | " "): boolean {
  if (key === "Enter" && target instanceof HTMLElement && target.closest("a") !== null) return true;
  return target instanceof HTMLElement && target.closest("button, input, select, textarea, summary, [role=menuitem], [role=option]") !== null;
}

/** What a press is called: by the character, and where that is no Latin letter, by the key's place. */
function namesOf(event: KeyboardEvent): readonly string[] {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const place = /^Key([A-Z])$/.exec(event.code)?.[1]?.toLowerCase();
  const letters = [key, ...(place !== undefined && !/^[a-z]$/.test(key) && (key.length > 1 || key.charCodeAt(0) > 127) ? [place] : [])];
  const mod = event.metaKey || event.ctrlKey ? "mod+" : "";
  const alt = event.altKey ? "alt+" : "";
  return letters.map((letter) => {
    // A character that needs Shift names itself ("?"); a letter or a named key says that Shift was held.
    const shift = event.shiftKey && (/^[a-z]$/.test(letter) || letter.length > 1) ? "shift+" : "";
    return `${mod}${alt}${shift}${letter}`;
  });
}

const MAC = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** A combination as a person reads it: "⌘K" on a Mac, "Ctrl K" elsewhere. */
export function keyLabel(keys: string): string {
  const word = (one: string): string =>
    one
      .split("+")
      .map((part) =>
        part === "mod"
          ? MAC
            ? "⌘"
            : "Ctrl"
          : part === "shift"
            ? MAC
              ? "⇧"
              : "Shift"
            : part === "alt"
              ? MAC
                ? "⌥"
                : "Alt"
              : (NAMES[part] ?? part.toUpperCase()),
      )
      .join(MAC ? "" : " ");
  return keys === " " ? "Space" : keys.split(" ").map(word).join(" then ");
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  ArrowLeft: "←",
  ArrowRight: "→",
  Enter: "Enter",
  Escape: "Esc",
  " ": "Space",
  Home: "Home",
  End: "End",
};

/** The same for assistive technology, as in `aria-keyshortcuts`. */
export function ariaKeys(keys: string): string {
  return keys.replaceAll("mod+", MAC ? "Meta+" : "Control+").replaceAll("shift+", "Shift+");
}

document.addEventListener("keydown", onKeyDown);
