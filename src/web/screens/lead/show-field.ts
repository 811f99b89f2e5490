/** Another part of the lead's page asks for a field: it is brought into view and opened where it is edited. */
import { useEffect, useState } from "react";

const listeners = new Set<(field: string) => void>();

export function showField(field: string): void {
  for (const listener of listeners) listener(field);
  // After the listeners have drawn a field that was hidden.
  setTimeout(() => {
    const home = document.querySelector(`[data-field="${CSS.escape(field)}"], [data-bant="${CSS.escape(field.replace("bant.", ""))}"]`);
    home?.scrollIntoView({ block: "nearest" });
    const button = home?.querySelector<HTMLElement>("button, input");
    button?.focus();
    if (button instanceof HTMLButtonElement) button.click();
  }, 30);
}

/** The field that was asked for last. */
export function useAskedField(): string | null {
  const [asked, setAsked] = useState<string | null>(null);
  useEffect(() => {
    listeners.add(setAsked);
    return () => {
      listeners.delete(setAsked);
    };
  }, []);
  return asked;
}
