/** Above the list: which day it is, how much is due, whose; and what is said when nothing is. */
import { Button } from "@mantine/core";
import { Link, useNavigate } from "@tanstack/react-router";
import { useCan, useSession } from "../../app/session.tsx";
import { counted, formatNumber, formatSpan } from "../../format/format.ts";
import { EmptyState } from "../../parts/states.tsx";
import type { Day, DayRow } from "./day-rows.ts";
import { everybodyWords, mayAskForEverybody } from "./everybody.ts";
import css from "./my-day.module.css";

type HeadProps = { readonly day: Day; readonly rows: readonly DayRow[]; readonly now: number; readonly everybody: boolean };

export function DayHead({ day, rows, now, everybody }: HeadProps) {
  const { workspace, user } = useSession();
  const title = new Intl.DateTimeFormat(workspace.locale, { weekday: "long", day: "numeric", month: "long", timeZone: workspace.timezone }).format(now);
  const late = rows.filter(({ section }) => section === "now").length;
  const due = Math.max(day.counts.now, late);
  const next = rows.find(({ section }) => section === "today");
  return (
    <>
      <h2 className={css.day}>{everybody ? "Overdue, of everybody" : title}</h2>
      <p className={css.sub} aria-live="polite">
        {everybody ? (
          everybodyWords(rows)
        ) : (
          <>
            {late === 0 ? "Nothing is late" : <b className="late">{formatNumber(due)} due</b>}
            {day.counts.today > 0 && `, ${formatNumber(day.counts.today)} more today`}
            {day.done > 0 && `, ${counted(day.done, "step")} done`}.{next !== undefined && ` The next is due in ${formatSpan(Date.parse(next.at) - now)}.`}
          </>
        )}{" "}
        {mayAskForEverybody(user.role) && (
          <Link to="/my-day" search={everybody ? {} : { of: "all" }} className={css.whose}>
            {everybody ? "My own day" : "Everybody's overdue steps"} <kbd>O</kbd>
          </Link>
        )}
      </p>
    </>
  );
}

export function NothingDue({ day, everybody, onAdd }: { readonly day: Day; readonly everybody: boolean; readonly onAdd: () => void }) {
  const navigate = useNavigate();
  const can = useCan();
  const { user } = useSession();
  if (everybody) return <EmptyState title="Nobody is late.">Every next step of everybody you see is done in time so far.</EmptyState>;
  return (
    <EmptyState
      title="Nothing is due."
      actions={
        <>
          {can("leads.read") && (
            <Button variant="filled" onClick={() => void navigate({ to: "/leads", search: { view: "unassigned" } })}>
              Look for leads without an owner
            </Button>
          )}
          {can("tasks.edit") && <Button onClick={onAdd}>New reminder</Button>}
        </>
      }
    >
      {day.done > 0 ? `${user.name.split(" ")[0]}, that was ${counted(day.done, "step")} today.` : "New leads and next steps show up here by themselves."}
    </EmptyState>
  );
}
