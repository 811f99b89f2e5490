/** Whether the server answers. When it stops, the app says so, asks again by itself and takes up where it was. */
import { useSyncExternalStore } from "react";

export type Connection = "here" | "gone";

let connection: Connection = "here";
let asking = false;
const listeners = new Set<() => void>();
const returns = new Set<() => void>();

export function reportReached(): void {
  if (connection === "here") return;
  become("here");
  for (const listener of returns) listener();
}

export function reportGone(): void {
  become("gone");
  if (!asking) void askUntilThere();
}

/** Runs whenever the server is back. */
export function onReturn(listener: () => void): () => void {
  returns.add(listener);
  return () => returns.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => connection,
  );
}

/** Asks now instead of at the next turn. */
export async function askNow(): Promise<void> {
  try {
    const answer = await fetch("/healthz", { cache: "no-store" });
    if (answer.ok) reportReached();
  } catch {
    // Still gone; it is asked again.
  }
}

async function askUntilThere(): Promise<void> {
  asking = true;
  for (let wait = 500; connection === "gone"; wait = Math.min(wait * 1.6, 8000)) {
    await new Promise((resolve) => setTimeout(resolve, wait));
    await askNow();
  }
  asking = false;
}

function become(next: Connection): void {
  if (connection === next) return;
  connection = next;
  for (const listener of listeners) listener();
}

window.addEventListener("offline", reportGone);
window.addEventListener("online", () => void askNow());
