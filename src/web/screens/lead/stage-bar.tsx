/** The lead's way through the stages: where it was, how often and how long; each can be started, again too. */
import { Button, Popover } from "@mantine/core";
import { useState } from "react";
import { useRead } from "../../api/query.ts";
import { formatNumber } from "../../format/format.ts";
import { When } from "../../parts/lead-parts.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import type { Lead, Reasons } from "./lead-writes.ts";
import type { Out } from "../../api/call.ts";
import { because, gapsOf, listed } from "./words.ts";

type Step = Out<"readStages">["items"][number];

export function StageBar({
  lead,
  reasons,
  onStart,
}: {
  readonly lead: Lead;
  readonly reasons: Reasons | undefined;
  readonly onStart: (stage: string) => void;
}) {
  const steps = useRead("readStages", { params: { id: lead.id } }).data?.items ?? [];
  const [all, setAll] = useState(false);
  const main = steps.filter(({ line }) => line === "main");
  const here = steps.find(({ current }) => current);
  const customer = main.findIndex(({ stage }) => stage === "customer");
  const furthest = main.findLastIndex(({ reached }) => reached);
  const shown = customer === -1 || all || furthest > customer ? main : main.slice(0, customer + 1);
  const exits = steps.filter(({ line, passes, current }) => line === "exit" && (current || passes.length > 0));
  const way = wayOn(main, here, reasons);
  return (
    <>
      <ol className={css.path} aria-label="Stages">
        {shown.map((step) => (
          <li key={step.stage} data-state={step.current ? "now" : step.reached ? "done" : "open"}>
            <StageStep step={step} onStart={onStart} />
          </li>
        ))}
        {shown.length < main.length && (
          <li data-state="open" className={css.pathMore}>
            <button type="button" className={css.pathStep} aria-label={`${main.length - shown.length} further stages`} onClick={() => setAll(true)}>
              +{main.length - shown.length}
            </button>
          </li>
        )}
        {exits.map((step) => (
          <li key={step.stage} data-state={step.current ? "exit" : "left"} className={css.pathExit}>
            <StageStep step={step} onStart={onStart} />
          </li>
        ))}
      </ol>
      <div className={css.under}>
        <span>{way}</span>
        <span className="mut">
          {reasons === undefined ? "" : because(reasons.stage.sentence)}
          {reasons !== undefined && (
            <>
              {" "}
              <When at={reasons.stage.since} relative />
            </>
          )}
        </span>
      </div>
    </>
  );
}

/** What is missing for the next stage that has a definition. */
function wayOn(main: readonly Step[], here: Step | undefined, reasons: Reasons | undefined): React.ReactNode {
  const at = main.findIndex(({ stage }) => stage === here?.stage);
  const way = reasons?.ways.find(({ stage, met }) => !met && main.findIndex((one) => one.stage === stage) > at);
  if (way === undefined || here === undefined) return null;
  return (
    <>
      To {way.label}:{" "}
      {gapsOf(way).map(({ names, words }, i) => (
        <span key={names.join()}>
          {i > 0 && "; "}
          <b>{listed(names)}</b> {words}
        </span>
      ))}
    </>
  );
}

function StageStep({ step, onStart }: { readonly step: Step; readonly onStart: (stage: string) => void }) {
  const can = useLeadCan();
  const [opened, setOpened] = useState(false);
  const { label, passes, days, current, stage } = step;
  return (
    <Popover opened={opened} onChange={setOpened} width={300} position="bottom-start" trapFocus returnFocus withRoles>
      <Popover.Target>
        <button
          type="button"
          className={css.pathStep}
          aria-expanded={opened}
          aria-label={`${label}${current ? ", now" : ""}${passes.length > 0 ? `, ${daysWords(days)}, ${passWords(passes.length)}` : ""}`}
          onClick={() => setOpened(!opened)}
        >
          <span className="cut">{label}</span>
          {passes.length > 0 && (
            <small>
              {daysWords(days)}
              {passes.length > 1 && ` · ${passWords(passes.length)}`}
            </small>
          )}
        </button>
      </Popover.Target>
      <Popover.Dropdown aria-label={label}>
        <div className={css.passes}>
          <b>{label}</b>
          {passes.length === 0 && <p className="mut">Not reached yet.</p>}
          <ol>
            {passes.map(({ pass, enteredAt, days, by, because: because_, reason }) => (
              <li key={enteredAt}>
                <span>
                  {passes.length > 1 && `${pass}. `}
                  <When at={enteredAt} /> · {daysWords(days)}
                </span>
                <span className="mut">
                  {[because_ === null ? null : because(because_), by === null || by.kind !== "user" ? null : by.name, reason]
                    .filter((word) => word !== null)
                    .join(" · ")}
                </span>
              </li>
            ))}
          </ol>
          {can("leads.move") && (
            <Button
              data-autofocus
              onClick={() => {
                setOpened(false);
                onStart(stage);
              }}
            >
              {passes.length > 0 ? "Start it again…" : "Start it…"}
            </Button>
          )}
        </div>
      </Popover.Dropdown>
    </Popover>
  );
}

function daysWords(days: number): string {
  return days < 1 ? `${Math.max(1, Math.round(days * 24))} h` : `${formatNumber(Math.round(days))} d`;
}

function passWords(passes: number): string {
  return passes === 1 ? "once" : `${passes} times`;
}
