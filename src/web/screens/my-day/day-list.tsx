/** The list of the day: when, who, what, how late. One row is the one the keys are on. */
import { useEffect, useRef } from "react";
import { formatNumber, formatSpan, formatWhen } from "../../format/format.ts";
import { formatMoment } from "../../format/format.ts";
import { type Day, type DayRow, SECTIONS } from "./day-rows.ts";
import css from "./my-day.module.css";

export type DayListProps = {
  readonly day: Day;
  readonly rows: readonly DayRow[];
  readonly current: DayRow | undefined;
  readonly now: number;
  readonly onChoose: (row: DayRow) => void;
  /** The steps are several people's: each names whose it is. */
  readonly owners: boolean;
};

export function DayList({ day, rows, current, now, onChoose, owners }: DayListProps) {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no way to clean up.
    list.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current?.id]);
  return (
    <div ref={list}>
      {SECTIONS.map(({ id, label }) => {
        const mine = rows.filter(({ section }) => section === id);
        if (mine.length === 0) return null;
        const count = Math.max(day.counts[id], mine.length);
        return (
          <section key={id} aria-label={label}>
            <h2 className={css.section}>
              {label}{" "}
              <span>
                {formatNumber(count)}
                {count > mine.length ? `, the first ${formatNumber(mine.length)}` : ""}
              </span>
            </h2>
            <ul>
              {mine.map((row) => (
                <li key={row.id}>
                  <button type="button" className={css.row} aria-current={row.id === current?.id} onClick={() => onChoose(row)}>
                    <Row row={row} now={now} owners={owners} />
                  </button>
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </div>
  );
}

function Row({ row: { lead, task, at, why }, now, owners }: { readonly row: DayRow; readonly now: number; readonly owners: boolean }) {
  const away = Date.parse(at) - now;
  const late = task !== null && away < 0;
  return (
    <>
      <time className={css.when} dateTime={at} title={formatMoment(at)}>
        {formatWhen(at, now)}
      </time>
      <span className={css.whoLine}>
        {lead === null ? (
          <b>{task?.title}</b>
        ) : (
          <>
            <b>{lead.name}</b>
            {lead.company !== null && ` · ${lead.company}`}{" "}
            <span className="mut">
              {[lead.jobTitle, `${Math.round(lead.score)}`, lead.heat === "hot" ? "hot" : null].filter((word) => word !== null && word !== "").join(" · ")}
            </span>
          </>
        )}
      </span>
      <span className={css.stepLine}>
        {lead === null ? <span className="mut">reminder</span> : task === null ? <span className="mut">{why}</span> : task.title}
        {owners && <span className="mut"> · {task?.owner?.name ?? "nobody's"}</span>}
      </span>
      <span className={`${css.away} ${late ? "late" : ""}`}>{task === null ? "" : late ? `${formatSpan(away)} late` : formatSpan(away)}</span>
    </>
  );
}
