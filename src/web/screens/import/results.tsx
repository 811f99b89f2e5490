/** What will become of the rows: counts, the problems with what could be done about each, and row by row. */
import { SegmentedControl } from "@mantine/core";
import { useState } from "react";
import type { Out } from "../../api/call.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { counted, formatNumber } from "../../format/format.ts";
import { Bones } from "../../parts/states.tsx";
import css from "./import.module.css";
import { ProblemCard } from "./problem-card.tsx";
import type { Draft, Preview } from "./use-draft.ts";

type FieldDef = Out<"getConfig">["config"]["fields"][number];
type Outcome = Preview["results"][number]["outcome"];
type Show = Outcome | "all";

const WORDS: Readonly<Record<Outcome, string>> = { created: "New", updated: "Updated", skipped: "Unchanged", rejected: "Rejected" };
const OUTCOMES: readonly Outcome[] = ["created", "updated", "skipped", "rejected"];

export function Results({ draft, fields }: { readonly draft: Draft; readonly fields: readonly FieldDef[] }) {
  const { preview, previewProblem, stale, survey } = draft;
  const all = preview !== undefined && preview.counts.rows >= survey.rows;
  return (
    <section className={css.results} aria-labelledby="results" aria-busy={stale}>
      <header className={css.partHead}>
        <h2 id="results">What will happen</h2>
        <span className="mut" aria-live="polite">
          {stale
            ? "Trying…"
            : preview === undefined
              ? ""
              : all
                ? `all ${counted(preview.counts.rows, "row")} tried`
                : `first ${formatNumber(preview.counts.rows)} rows tried`}
        </span>
      </header>
      {previewProblem !== null && !stale && (
        <p className={css.refused} role="alert">
          {wordsOf(previewProblem)}{" "}
          <button type="button" onClick={draft.tryAgain}>
            Try again
          </button>
        </p>
      )}
      {preview === undefined ? previewProblem === null && <Bones rows={6} /> : <Tried draft={draft} preview={preview} fields={fields} />}
    </section>
  );
}

function Tried({ draft, preview, fields }: { readonly draft: Draft; readonly preview: Preview; readonly fields: readonly FieldDef[] }) {
  const { counts, problems, newFields, newOptions } = preview;
  const [show, setShow] = useState<Show>("all");
  const options = Object.entries(newOptions).filter(([, list]) => list.length > 0);
  return (
    <div className={css.tried} data-stale={draft.stale || undefined}>
      <dl className={css.counts}>
        {OUTCOMES.map((outcome) => (
          <div key={outcome} data-outcome={outcome} data-none={counts[outcome] === 0 || undefined}>
            <dt>{WORDS[outcome]}</dt>
            <dd>
              <button
                type="button"
                onClick={() => setShow(outcome)}
                aria-label={`${formatNumber(counts[outcome])} ${WORDS[outcome].toLowerCase()}: show these rows`}
              >
                {formatNumber(counts[outcome])}
              </button>
            </dd>
          </div>
        ))}
      </dl>
      {newFields.length > 0 && (
        <p className={css.note}>
          Creates {counted(newFields.length, "field")}: {newFields.map(({ label }) => label).join(", ")}.
        </p>
      )}
      {options.map(([key, list]) => (
        <p key={key} className={css.note}>
          {fields.find((field) => field.key === key)?.label ?? key} gets {counted(list.length, "option")}: {list.slice(0, 8).join(", ")}
          {list.length > 8 ? ` and ${formatNumber(list.length - 8)} more` : ""}.
        </p>
      ))}
      {problems.length > 0 && (
        <section className={css.problems} aria-label="Problems">
          <h3>
            {counted(problems.length, "problem")} <span className="mut">rejected rows go into an error file; mend them here or there</span>
          </h3>
          {problems.map((problem) => (
            <ProblemCard key={`${problem.column} ${problem.reason}`} problem={problem} draft={draft} fields={fields} />
          ))}
        </section>
      )}
      <Rows preview={preview} show={show} onShow={setShow} draft={draft} />
    </div>
  );
}

/** Rows that are in the page at once. */
const PAGE = 50;

type RowsProps = { readonly preview: Preview; readonly show: Show; readonly onShow: (show: Show) => void; readonly draft: Draft };

function Rows({ preview: { results }, show, onShow, draft }: RowsProps) {
  const [most, setMost] = useState(PAGE);
  const rows = show === "all" ? results : results.filter(({ outcome }) => outcome === show);
  const columns = draft.survey.columns;
  if (results.length === 0) return null;
  return (
    <section aria-label="Row by row">
      <SegmentedControl
        fullWidth
        aria-label="Which rows"
        value={show}
        onChange={(next) => onShow(next as Show)}
        data={[{ value: "all", label: "All" }, ...OUTCOMES.map((value) => ({ value, label: WORDS[value] }))]}
      />
      <ol className={css.rows}>
        {rows.slice(0, most).map(({ row, line, outcome, reason, column, cells, lead }) => (
          <li key={row}>
            <span className={`${css.line} num`} title={`Line ${line} of the file`}>
              {formatNumber(line)}
            </span>
            <span className="cut">
              {lead?.name ??
                (cells
                  .filter((cell) => cell.trim() !== "")
                  .slice(0, 3)
                  .join(", ") ||
                  "empty row")}
              {reason !== null && (
                <span className={css.because}>
                  {column === null ? "" : `${columns[column]?.name ?? ""}: `}
                  {reason}
                </span>
              )}
            </span>
            <span className={css.outcome} data-outcome={outcome}>
              {lead?.id != null && outcome !== "created" ? (
                <a href={`/leads/${lead.id}`} target="_blank" rel="noreferrer">
                  {WORDS[outcome]}
                </a>
              ) : (
                WORDS[outcome]
              )}
            </span>
          </li>
        ))}
      </ol>
      {rows.length === 0 && <p className={css.note}>No row among those tried.</p>}
      {rows.length > most && (
        <button type="button" className={css.more} onClick={() => setMost(most + 200)}>
          Show more rows
        </button>
      )}
    </section>
  );
}
