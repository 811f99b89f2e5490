/** Why the score is what it is: one sentence, a waterfall that opens rule by rule, when it falls, what would raise it. */
import { useNavigate } from "@tanstack/react-router";
import { useId, useState } from "react";
import { useRead } from "../../api/query.ts";
import { formatDate, formatMoment, formatNumber } from "../../format/format.ts";
import { type Explained, exactly, ScoreSum } from "../../parts/score-sum.tsx";
import type { Lead } from "./lead-writes.ts";
import css from "./score-panel.module.css";
import { ScoreWaterfall } from "./score-waterfall.tsx";
import { showField } from "./show-field.ts";
import type { Line } from "./waterfall.ts";

export function ScorePanel({ lead }: { readonly lead: Lead }) {
  const explained = useRead("explainLeadScore", { params: { id: lead.id } }).data;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const navigate = useNavigate({ from: "/leads/$leadId" });
  const panel = useId();
  const names = explained?.sections.map(({ section }) => section) ?? [];
  const all = names.length > 0 && names.every((name) => open.has(name));
  const toggle = (section: string): void =>
    setOpen((old) => (old.has(section) ? new Set([...old].filter((one) => one !== section)) : new Set([...old, section])));
  const show = (line: Line): void => {
    const field = line.behind.fields.find(({ value }) => line.kind === "filled" && value === null) ?? line.behind.fields[0];
    const facet = line.behind.facet ?? (field?.field.startsWith("touches.") === true ? field.field.slice("touches.".length) : undefined);
    if (facet === undefined && field !== undefined && field.field !== "lastTouch") return showField(field.field);
    void navigate({ search: (old) => ({ ...old, item: undefined, show: undefined, facet }), replace: true }).then(() =>
      document.getElementById("timeline-head")?.scrollIntoView({ block: "nearest" }),
    );
  };
  return (
    <section aria-labelledby="score-why" className={css.panel}>
      <h2 className={css.head} id="score-why">
        Score
        {explained !== undefined && explained.lines.length > 0 && (
          <button type="button" className={css.toggle} aria-expanded={all} aria-controls={panel} onClick={() => setOpen(all ? new Set() : new Set(names))}>
            {all ? "Sections only" : "Every rule"}
          </button>
        )}
      </h2>
      {explained !== undefined && (
        <>
          <div className={css.sentence}>
            <ScoreSum explained={explained} />
          </div>
          <div id={panel}>{explained.lines.length > 0 && <ScoreWaterfall explained={explained} open={open} onToggle={toggle} onShow={show} />}</div>
          <Falls explained={explained} />
          <Raise explained={explained} />
        </>
      )}
    </section>
  );
}

/** What becomes of it if nothing happens, in the order in which it comes. */
function Falls({ explained: { below, cools } }: { readonly explained: Explained }) {
  const falls = [
    ...below.map(({ threshold, at, stages }) => ({ at, words: `falls below ${formatNumber(threshold)}`, more: stages.join(", ") })),
    ...cools.map(({ to, at }) => ({ at, words: `turns ${to}`, more: "" })),
  ].toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (falls.length === 0) return null;
  return (
    <>
      <h3 className={css.sub}>If nothing happens</h3>
      <ul className={css.falls}>
        {falls.map(({ at, words, more }) => (
          <li key={words}>
            <time dateTime={at} title={formatMoment(at)}>
              {formatDate(at)}
            </time>
            <span>
              {words}
              {more !== "" && <span className="mut"> · {more}</span>}
            </span>
          </li>
        ))}
      </ul>
    </>
  );
}

/** At first the best of what one can ask for, and of what they could do. */
const ASKED = 3;
const DONE = 2;

function Raise({ explained: { raise } }: { readonly explained: Explained }) {
  const [all, setAll] = useState(false);
  if (raise.length === 0) return null;
  const asks = raise.filter(({ steps }) => steps.every(({ facet }) => facet === null));
  const first = [...asks.slice(0, ASKED), ...raise.filter((one) => !asks.includes(one)).slice(0, DONE)];
  const shown = all ? raise : raise.filter((one) => first.includes(one));
  return (
    <>
      <h3 className={css.sub}>What would raise it</h3>
      <ul className={css.raise}>
        {shown.map(({ what, points, steps }) => {
          const field = steps.find((step) => step.field !== null)?.field ?? null;
          return (
            <li key={what}>
              <b>{exactly(points)}</b>
              {field === null || field.startsWith("consent.") ? (
                <span>{what}</span>
              ) : (
                <button type="button" className={css.open} onClick={() => showField(field)}>
                  {what}
                </button>
              )}
            </li>
          );
        })}
      </ul>
      {raise.length > first.length && (
        <button type="button" className={css.toggle} aria-expanded={all} onClick={() => setAll(!all)}>
          {all ? "Fewer" : `${formatNumber(raise.length - first.length)} more`}
        </button>
      )}
    </>
  );
}
