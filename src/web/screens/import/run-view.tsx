/** An import that was begun: how far it is, and at its end what came of it, each number with what is behind it. */
import { Button, Progress } from "@mantine/core";
import { getRouteApi, Link } from "@tanstack/react-router";
import { useState } from "react";
import { addressOf, type Op } from "../../api/call.ts";
import { query, queryClient, useWrite } from "../../api/query.ts";
import { useKeys } from "../../keys/keys.ts";
import { counted, formatNumber, formatPercent } from "../../format/format.ts";
import { Confirm } from "../../parts/confirm.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { sizeWords, tookWords } from "./file-words.ts";
import { ImportLeads } from "./import-leads.tsx";
import { leadsOfImport } from "./import-links.ts";
import css from "./import.module.css";
import { ImportState } from "./import-state.tsx";
import type { Import } from "./use-draft.ts";

const route = getRouteApi("/shell/import/$importId");

export function RunView({ one }: { readonly one: Import }) {
  const { show } = route.useSearch();
  const { id, state, by, createdAt, startedAt, finishedAt, size, reason, history, dryRun, counts } = one;
  const going = state === "queued" || state === "running" || state === "paused";
  return (
    <div className={css.run}>
      <p className={css.who}>
        <ImportState one={one} />
        <span className="mut">
          {size === null ? "" : `${sizeWords(size)}, `}
          {by.name ?? (by.actor === "cli" ? "by command" : "begun")} <When at={startedAt ?? createdAt} />
          {finishedAt !== null && startedAt !== null && <>, took {tookWords(Date.parse(finishedAt) - Date.parse(startedAt))}</>}
          {history && ", as history"}
          {dryRun && ", a dry run: nothing was kept"}
        </span>
      </p>
      {going && <Going one={one} />}
      {reason !== null && state !== "running" && state !== "queued" && state !== "done" && <p className={css.refused}>{reason}</p>}
      <dl className={`${css.counts} ${css.big}`} aria-live={going ? "off" : "polite"}>
        <Count label="New leads" outcome="created" value={counts.created}>
          {counts.created > 0 && !dryRun && (
            <Link to="/leads" search={leadsOfImport(id)}>
              Show them
            </Link>
          )}
        </Count>
        <Count label="Updated" outcome="updated" value={counts.updated}>
          <Behind one={one} outcome="updated" shown={show === "updated"} />
          <span className="mut">known already, now with what the file adds</span>
        </Count>
        <Count label="Unchanged" outcome="skipped" value={counts.skipped}>
          <Behind one={one} outcome="skipped" shown={show === "skipped"} />
          <span className="mut">the file says nothing new</span>
        </Count>
        <Count label="Rejected" outcome="rejected" value={counts.rejected}>
          {one.hasErrorFile ? (
            <a href={addressOf("getImportErrors", { params: { id } })} download>
              Download the error file
            </a>
          ) : (
            <span className="mut">{counts.rejected > 0 ? "the error file comes at the end" : "none"}</span>
          )}
        </Count>
      </dl>
      {!going && <After one={one} />}
      {show !== undefined && !dryRun && <ImportLeads id={id} show={show} />}
    </div>
  );
}

/** Opens the leads behind a number below; pressed again, it closes them. */
function Behind({ one: { id, counts, dryRun }, outcome, shown }: { readonly one: Import; readonly outcome: "updated" | "skipped"; readonly shown: boolean }) {
  if (counts[outcome] === 0 || dryRun) return null;
  return (
    <Link to="/import/$importId" params={{ importId: id }} search={shown ? {} : { show: outcome }} aria-expanded={shown} replace resetScroll={false}>
      {shown ? "Hide them" : "Show them"}
    </Link>
  );
}

type CountProps = { readonly label: string; readonly outcome: string; readonly value: number; readonly children: React.ReactNode };

function Count({ label, outcome, value, children }: CountProps) {
  return (
    <div data-outcome={outcome} data-none={value === 0 || undefined}>
      <dt>{label}</dt>
      <dd>
        <b className="num">{formatNumber(value)}</b>
        {children}
      </dd>
    </div>
  );
}

const STEPS: readonly Op[] = ["listImports"];

function Going({ one: { id, state, progress } }: { readonly one: Import }) {
  const [asking, setAsking] = useState(false);
  const after = { refreshes: STEPS, onDone: (answer: Import) => void queryClient.setQueryData(query("getImport", { params: { id } }).queryKey, answer) };
  const pause = useWrite("pauseImport", after);
  const resume = useWrite("resumeImport", after);
  const cancel = useWrite("cancelImport", after);
  const { done, total, perSecond, secondsLeft, phase } = progress;
  const share = total === null || total === 0 ? 0 : Math.min(1, done / total);
  const toggle = (): void => (state === "paused" ? resume : pause).mutate({ params: { id } });
  useKeys([{ keys: "p", label: state === "paused" ? "Go on importing" : "Pause the import", scope: "This screen", command: true, run: toggle }]);
  const left = secondsLeft === null || state === "paused" ? "" : secondsLeft < 5 ? ", nearly done" : `, ${tookWords(secondsLeft * 1000)} left`;
  const words =
    state === "queued"
      ? "Waiting for its turn"
      : phase === "reading"
        ? "Reading the whole file first, to know dates, numbers and lists"
        : `${formatNumber(done)} of ${total === null ? "?" : counted(total, "row")}${perSecond !== null && state === "running" ? ` · ${formatNumber(Math.round(perSecond))} a second` : ""}${left}`;
  return (
    <section className={css.going} aria-label="Progress">
      <Progress.Root size={8}>
        <Progress.Section value={share * 100} aria-label="Rows done" />
      </Progress.Root>
      <div className={css.goingLine}>
        <span role="status">
          <b className="num">{formatPercent(Math.floor(share * 1000) / 1000)}</b> {words}
        </span>
        <Button onClick={toggle} loading={pause.isPending || resume.isPending} aria-keyshortcuts="p">
          {state === "paused" ? "Go on" : "Pause"}
        </Button>
        <Button variant="subtle" color="red" onClick={() => setAsking(true)}>
          Stop
        </Button>
      </div>
      <p className="mut">You can leave this page; the import goes on, and it is in the list.</p>
      {asking && (
        <Confirm title="Stop this import?" verb="Stop the import" onClose={() => setAsking(false)} onConfirm={() => cancel.mutateAsync({ params: { id } })}>
          The {formatNumber(done)} rows that are done stay. The rest is not imported, and it cannot be taken up again. To go on later, pause it instead.
        </Confirm>
      )}
    </section>
  );
}

function After({ one: { id, hasErrorFile, counts, state, dryRun } }: { readonly one: Import }) {
  const links = (
    <>
      {counts.created > 0 && !dryRun && (
        <Button variant="filled" renderRoot={(props) => <Link to="/leads" search={leadsOfImport(id)} {...props} />}>
          Open the {counted(counts.created, "new lead")}
        </Button>
      )}
      <Button component={Link} to="/import">
        {state === "done" ? "Import another file" : "All imports"}
      </Button>
    </>
  );
  return (
    <>
      <div className={css.after}>{links}</div>
      {hasErrorFile && (
        <p className="mut">
          The error file holds the rejected rows as they came, with line, column and reason. Mend them there and import that file; its columns are mapped as
          here.
        </p>
      )}
    </>
  );
}
