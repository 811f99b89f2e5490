/** The stages of an opportunity as a path; a press moves it there. The ends ask only what is missing. */
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toastProblem } from "../../app/toasts.tsx";
import { formatNumber } from "../../format/format.ts";
import { useKeys } from "../../keys/keys.ts";
import { CloseDialog } from "../pipeline/close-dialog.tsx";
import { type Deal, moveDeal, refreshDeals } from "../pipeline/deals.ts";
import css from "./opportunity.module.css";

const NO_STAGES: readonly string[] = [];

export function useDealMoves(deal: Deal) {
  const [closing, setClosing] = useState<"won" | "lost" | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const go = async (stage: string, reason?: string): Promise<void> => {
    setBusy(stage);
    try {
      await moveDeal(deal, { stage, label: labelOf(stage), ...(reason === undefined ? {} : { reason }) });
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(null);
      refreshDeals();
    }
  };
  const move = (stage: string): void => {
    if (stage === deal.stage) return;
    if (stage === "lost" || (stage === "won" && deal.value === null)) setClosing(stage);
    else void go(stage);
  };
  const dialog =
    closing === null ? null : (
      <CloseDialog
        deal={deal}
        stage={closing}
        onClose={() => setClosing(null)}
        onMove={(reason) => {
          setClosing(null);
          void go(closing, reason);
        }}
      />
    );
  return { move, dialog, at: busy ?? deal.stage };
}

export function StagePath({ deal, keys = false }: { readonly deal: Deal; readonly keys?: boolean }) {
  const can = useCan();
  const stages = useRead("getConfig").data?.config.opportunityStages ?? NO_STAGES;
  const { move, dialog, at } = useDealMoves(deal);
  const may = can("opportunities.edit");
  const all = [...stages, "won", "lost"];
  const here = all.indexOf(at);
  const closed = at === "won" || at === "lost";
  useKeys(
    keys && may
      ? [
          { keys: "shift+l", label: "Next stage", scope: "This screen", run: () => (here < stages.length ? move(all[here + 1] as string) : false) },
          { keys: "shift+h", label: "Stage before", scope: "This screen", run: () => (here > 0 && !closed ? move(all[here - 1] as string) : false) },
          { keys: "w", label: "Mark as won", scope: "This screen", command: true, run: () => move("won") },
          { keys: "x", label: "Mark as lost…", scope: "This screen", command: true, run: () => move("lost") },
        ]
      : [],
  );
  return (
    <>
      <ol className={css.path} aria-label="Stages">
        {all.map((stage, i) => (
          <li
            key={stage}
            data-state={stage === at ? (closed ? stage : "now") : !closed && i < here ? "done" : at === "won" && i < stages.length ? "done" : "open"}
            data-end={i >= stages.length ? "" : undefined}
          >
            <button type="button" disabled={!may || stage === at} aria-current={stage === at ? "step" : undefined} onClick={() => move(stage)}>
              <span className="cut">{labelOf(stage)}</span>
              {stage === deal.stage && <small>{deal.days < 1 ? "today" : `${formatNumber(Math.floor(deal.days))} d`}</small>}
            </button>
          </li>
        ))}
      </ol>
      {dialog}
    </>
  );
}

export function labelOf(stage: string): string {
  return stage.charAt(0).toUpperCase() + stage.slice(1);
}
