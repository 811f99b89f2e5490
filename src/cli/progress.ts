/** Progress on stderr: one line that is written over on a terminal, a line now and then elsewhere. */
import type { Progress } from "../server/features/operator/operator.service.ts";

type Screen = { readonly isTTY?: boolean; write(text: string): unknown };

const TERMINAL_MS = 200;
const LOG_MS = 10_000;

export function tellProgress(
  screen: Screen,
  clock: () => number = () => performance.now(),
): { readonly show: (progress: Progress) => void; readonly end: () => void } {
  const terminal = screen.isTTY === true;
  let last = clock();
  let shown = false;
  return {
    show(progress) {
      const now = clock();
      if (now - last < (terminal ? TERMINAL_MS : LOG_MS)) return;
      last = now;
      screen.write(terminal ? `\r\u001b[K${lineOf(progress)}` : `${lineOf(progress)}\n`);
      shown = terminal;
    },
    end() {
      if (shown) screen.write("\r\u001b[K");
    },
  };
}

function lineOf({ phase, rows, total }: Progress): string {
  const done = rows.toLocaleString("en");
  if (phase === "demo") return `Loading the demo: day ${done} of ${total}`;
  if (phase === "reading") return `Reading the file: ${done} rows`;
  return total === null
    ? `Importing: ${done} rows`
    : `Importing: ${done} of ${total.toLocaleString("en")} rows (${Math.floor((rows / Math.max(total, 1)) * 100)} %)`;
}
