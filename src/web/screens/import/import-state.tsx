/** Where an import stands, in a word and a dot. */
import type { Out } from "../../api/call.ts";
import { formatPercent } from "../../format/format.ts";
import css from "./import.module.css";

type One = Pick<Out<"listImports">["items"][number], "state" | "progress" | "reason">;

const WORDS: Readonly<Record<One["state"], string>> = {
  draft: "Draft",
  queued: "Waiting",
  running: "Running",
  paused: "Paused",
  done: "Done",
  failed: "Failed",
  cancelled: "Stopped",
};

export function ImportState({ one: { state, progress, reason } }: { readonly one: One }) {
  const share = state === "running" && progress.total ? Math.min(1, progress.done / progress.total) : null;
  return (
    <span className={css.state} data-state={state} title={reason ?? undefined}>
      <i aria-hidden />
      {state === "running" && progress.phase === "reading" ? "Reading" : WORDS[state]}
      {share !== null && <span className="num mut">{formatPercent(Math.floor(share * 100) / 100)}</span>}
    </span>
  );
}
