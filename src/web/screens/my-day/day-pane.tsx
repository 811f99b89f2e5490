/** Beside the list: who it is, why it came to me and why now, what happened, what is known; and its step, done right here. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import { query, useRead } from "../../api/query.ts";
import { useCan, useSession } from "../../app/session.tsx";
import { formatNumber, formatWhen, leadName } from "../../format/format.ts";
import { Heat, StageTag } from "../../parts/lead-parts.tsx";
import { Bones } from "../../parts/states.tsx";
import type { Lead, Reasons, Task } from "../lead/lead-writes.ts";
import { knownWords } from "../lead/step-fields.tsx";
import { type Finished, StepForm } from "../lead/step-form.tsx";
import { because, mayReturn, wayWords } from "../lead/words.ts";
import type { DayRow } from "./day-rows.ts";
import css from "./my-day.module.css";

export type PaneProps = {
  readonly row: DayRow;
  /** The step as the lead has it, with its form. */
  readonly step: Task | null;
  readonly opened: { readonly result?: string } | null;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onFinish: (finished: Finished) => Promise<unknown>;
  readonly onSnooze: () => void;
  readonly onReturn: () => void;
  readonly onAssign: () => void;
  readonly onBack: () => void;
};

export function DayPane(props: PaneProps) {
  const { row, step, opened, onOpen, onClose, onFinish, onBack } = props;
  const lead = useQuery({ ...query("getLead", { params: { id: row.leadId ?? "" } }), enabled: row.leadId !== null }).data;
  const reasons = useQuery({ ...query("explainLead", { params: { id: row.leadId ?? "" } }), enabled: row.leadId !== null }).data;
  const can = useCan();
  const form = step ?? (row.task !== null && row.leadId === null ? ownStep(row.task) : null);
  return (
    <aside className={css.pane} aria-label={row.lead?.name ?? row.task?.title ?? "Reminder"}>
      <button type="button" className={css.back} onClick={onBack}>
        <ArrowLeft size={16} aria-hidden /> My day
      </button>
      <h2 className={css.paneName}>
        {row.leadId === null ? (
          row.task?.title
        ) : (
          <Link to="/leads/$leadId" params={{ leadId: row.leadId }} search={{}} title="Open the lead · Shift Enter">
            {lead === undefined ? row.lead?.name : leadName(lead)}
          </Link>
        )}
      </h2>
      {row.lead !== null && (
        <p className={css.paneWhat}>
          {[row.lead.jobTitle, row.lead.company, lead?.city].filter((part) => part !== null && part !== undefined && part !== "").join(", ")}
        </p>
      )}
      {lead !== undefined && <ScoreSentence lead={lead} />}
      {row.lead !== null && (
        <p className={css.paneLine}>
          <StageTag stage={row.lead.stage} /> <Heat heat={row.lead.heat} />
          {row.lead.phone !== null && <a href={`tel:${row.lead.phone.replaceAll(/\s/g, "")}`}>{row.lead.phone}</a>}
        </p>
      )}
      <div className={css.doing}>
        <p className={css.doingTitle}>
          {row.task?.title ?? row.why}
          {form !== null && form.fields.length > 0 && <span className="mut"> {knownWords(form)}</span>}
        </p>
        {row.task?.note !== null && row.task?.note !== undefined && <p className={css.taskNote}>{row.task.note}</p>}
        {opened !== null && form !== null ? (
          <StepForm
            key={`${form.id} ${opened.result ?? ""}`}
            task={form}
            {...(opened.result === undefined ? {} : { result: opened.result })}
            onFinish={onFinish}
            onCancel={onClose}
          />
        ) : (
          <div className={css.acts}>
            {can("tasks.complete") && (
              <Button variant="filled" onClick={onOpen} aria-keyshortcuts="e" disabled={row.task !== null && form === null && row.task.kind !== "mail"}>
                {openWords(row)} <kbd className={css.onAccent}>E</kbd>
              </Button>
            )}
            {row.task !== null && can("tasks.edit") && (
              <Button onClick={props.onSnooze} aria-keyshortcuts="z">
                Put off… <kbd>Z</kbd>
              </Button>
            )}
            {row.lead !== null && mayReturn(row.lead.stage) && can("leads.move") && (
              <Button onClick={props.onReturn} aria-keyshortcuts="r">
                Return… <kbd>R</kbd>
              </Button>
            )}
            {row.leadId !== null && can("leads.assign") && (
              <Button onClick={props.onAssign} aria-keyshortcuts="a">
                Assign… <kbd>A</kbd>
              </Button>
            )}
          </div>
        )}
      </div>
      {row.leadId !== null && <Reasoning leadId={row.leadId} row={row} lead={lead} reasons={reasons} />}
    </aside>
  );
}

/** A reminder without a lead has no form to ask for. */
function ownStep({ id, key, kind, title }: NonNullable<DayRow["task"]>): Pick<Task, "id" | "key" | "kind" | "title" | "fields" | "known" | "results"> {
  return { id, key, kind: kind === "call" || kind === "meeting" ? "todo" : kind, title, fields: [], known: {}, results: [] };
}

function openWords({ task }: DayRow): string {
  if (task === null) return "Plan a step…";
  if (task.kind === "mail") return "Write…";
  if (task.kind === "call") return "Log call…";
  if (task.kind === "meeting") return "Log meeting…";
  if (task.results.length > 1) return `${task.results[0]?.label ?? "Decide"}…`;
  return task.form ? "Fill in…" : "Done…";
}

const PARTS = [
  ["fit", "fit"],
  ["engagement", "engagement"],
  ["bant", "BANT"],
  ["quality", "quality"],
  ["freshness", "freshness"],
] as const;

/** "79 = 38 fit + 27 engagement + 8 BANT + 6 quality" */
function ScoreSentence({ lead }: { readonly lead: Lead }) {
  const parts = PARTS.map(([key, label]) => [Math.round(lead.scores[key]), label] as const).filter(([points]) => points !== 0);
  return (
    <p className={css.paneLine}>
      <b>{formatNumber(Math.round(lead.score))}</b>
      <span className="mut">
        {parts.length > 0 && "= "}
        {parts
          .map(([points, label], i) => `${i === 0 ? (points < 0 ? "−" : "") : points < 0 ? " − " : " + "}${formatNumber(Math.abs(points))} ${label}`)
          .join("")}
      </span>
    </p>
  );
}

function Reasoning({
  leadId,
  row,
  lead,
  reasons,
}: {
  readonly leadId: string;
  readonly row: DayRow;
  readonly lead: Lead | undefined;
  readonly reasons: Reasons | undefined;
}) {
  const happened = useRead("readTimeline", { params: { id: leadId }, query: { limit: 12, groups: "web,mail,calls,notes" } }).data?.items ?? [];
  const way = reasons?.ways.find(({ met }) => !met);
  const { user } = useSession();
  if (lead === undefined || reasons === undefined) return <Bones rows={4} />;
  const others = lead.owner !== null && lead.owner.id !== user.id;
  const known = reasons.provenance.length;
  const consent = reasons.consent.filter(({ given }) => given).map(({ topic }) => topic);
  return (
    <dl className={css.facts}>
      <div>
        <dt>Why {others ? lead.owner?.name : "you"}:</dt> <dd>{reasons.owner.sentence}</dd>
      </div>
      <div>
        <dt>Why now:</dt>{" "}
        <dd>
          {row.why === null ? because(reasons.stage.sentence) : `${row.why}.`} {way === undefined ? "" : wayWords(way)}
        </dd>
      </div>
      <div>
        <dt>Known:</dt>{" "}
        <dd>
          {formatNumber(known)} values{consent.length > 0 ? `, consent to ${consent.join(" and ")}` : ""}
          {PARTS_OF_BANT.some((key) => lead.bant[key] !== null) &&
            `; ${PARTS_OF_BANT.flatMap((key) => (lead.bant[key] === null ? [] : [`${key}: ${lead.bant[key]}`])).join(", ")}`}
        </dd>
      </div>
      <div>
        <dt>What happened:</dt>
        <dd>
          <ul className={css.happened}>
            {happened.slice(0, 6).map(({ id, at, what, detail, data }) => (
              <li key={id}>
                <time dateTime={at}>{formatWhen(at)}</time>
                <span>
                  {what} <span className="mut">{detail ?? (typeof data["webinar"] === "string" ? data["webinar"] : "")}</span>
                </span>
              </li>
            ))}
            {happened.length === 0 && <li>Nothing yet.</li>}
          </ul>
        </dd>
      </div>
    </dl>
  );
}

const PARTS_OF_BANT = ["budget", "authority", "need", "timeline"] as const;
