/** Reports: each a picture that answers the question in its title. Which leads, since when, split by what: once for all of them. */
import { Button, Select } from "@mantine/core";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, type ReactNode, Suspense } from "react";
import { query, useRead } from "../../api/query.ts";
import { dayOf, formatDate, formatWhen } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { DateField } from "../../parts/fields.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import type { FilterField } from "../../parts/filter-words.ts";
import { Screen } from "../../parts/screen.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import { FunnelFigure, SplitFigure, type Wording } from "./funnel.tsx";
import css from "./reports.module.css";
import { meantBy, type Period, type ReportsSearch } from "./reports-search.ts";
import { RevenueFigure } from "./revenue.tsx";
import { VelocityFigure } from "./velocity.tsx";

const BehindDrawer = lazy(async () => ({ default: (await import("./behind-drawer.tsx")).BehindDrawer }));

const route = getRouteApi("/shell/reports");
const NO_FIELDS: readonly FilterField[] = [];

const QUESTIONS = [
  { id: "funnel", label: "Funnel" },
  { id: "split", label: "By source" },
  { id: "revenue", label: "Revenue" },
  { id: "velocity", label: "Velocity" },
] as const;

export function ReportsScreen() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/reports" });
  const change = (next: Partial<ReportsSearch>): void => void navigate({ replace: true, resetScroll: false, search: (old) => ({ ...old, ...next }) });
  const fields = useRead("listLeadFields").data?.items ?? NO_FIELDS;
  const { by = "source", table = false, behind } = search;
  const meant = meantBy(search, dayOf(Date.now()));
  const funnel = useQuery({ ...query("reportFunnel", { query: { ...meant, by } }), placeholderData: keepPreviousData });
  const revenue = useQuery({ ...query("reportRevenue", { query: { ...meant, by } }), placeholderData: keepPreviousData });
  const velocity = useQuery({ ...query("reportVelocity", { query: meant }), placeholderData: keepPreviousData });
  const words = useWording(by, fields, search.asOf, funnel.dataUpdatedAt);
  useKeys([
    { keys: "t", label: table ? "Show pictures" : "Show tables", scope: "This screen", command: true, run: () => change({ table: table ? undefined : true }) },
    ...QUESTIONS.map(
      ({ id, label }, i) => ({ keys: String(i + 1), label: `Report: ${label}`, scope: "This screen", command: true, run: () => goTo(id) }) as const,
    ),
  ]);
  const nothing = funnel.data !== undefined && funnel.data.rows.length === 0;
  const narrowed = Object.keys(meant).length > 0;
  return (
    <Screen title="Reports">
      <div className={css.top}>
        <div className={css.questions} role="group" aria-label="Questions">
          {QUESTIONS.map(({ id, label }, i) => (
            <button key={id} type="button" onClick={() => goTo(id)} aria-keyshortcuts={String(i + 1)}>
              {id === "split" ? `By ${words.by}` : label} <kbd>{i + 1}</kbd>
            </button>
          ))}
        </div>
        <Picks search={search} change={change} fields={fields} />
      </div>
      <FilterBar filter={search.filter} onChange={(filter) => change({ filter })} fields={fields}>
        <Button variant="subtle" onClick={() => change({ table: table ? undefined : true })} aria-pressed={table} aria-keyshortcuts="t">
          {table ? "Pictures" : "Tables"}&nbsp;<kbd>{keyLabel("t")}</kbd>
        </Button>
        <Button variant="subtle" onClick={() => window.print()}>
          Print
        </Button>
      </FilterBar>
      <div className={css.page}>
        {nothing ? (
          <EmptyState
            title={narrowed ? "No leads in this time and filter" : "No leads yet"}
            actions={
              narrowed ? (
                <Button onClick={() => void navigate({ search: {} })}>Show all leads</Button>
              ) : (
                <Button component={Link} to="/leads" variant="filled">
                  Go to Leads
                </Button>
              )
            }
          >
            {narrowed ? "Choose a longer time, or take a filter away." : "Reports begin with the first lead: add one, or import a list."}
          </EmptyState>
        ) : (
          <>
            <Read from={funnel}>
              {(data) => (
                <>
                  <FunnelFigure funnel={data} asTable={table} asOf={words.asOf} />
                  <SplitFigure funnel={data} words={words} />
                </>
              )}
            </Read>
            <Read from={revenue}>{(data) => <RevenueFigure revenue={data} words={words} asTable={table} />}</Read>
            <Read from={velocity}>{(data) => <VelocityFigure velocity={data} asTable={table} asOf={words.asOf} />}</Read>
          </>
        )}
      </div>
      <Suspense fallback={null}>
        {behind !== undefined && <BehindDrawer behind={behind} by={by} meant={meant} words={words} onClose={() => change({ behind: undefined })} />}
      </Suspense>
    </Screen>
  );
}

function goTo(id: string): void {
  const title = document.getElementById(id);
  title?.scrollIntoView({ block: "start" });
  title?.focus({ preventScroll: true });
}

function Read<T>({
  from,
  children,
}: {
  readonly from: { readonly data: T | undefined; readonly error: Error | null; readonly refetch: () => unknown };
  readonly children: (data: T) => ReactNode;
}) {
  if (from.data !== undefined) return children(from.data);
  return from.error === null ? <Bones rows={6} /> : <Refused error={from.error} retry={() => void from.refetch()} />;
}

/** How rows are called, and as of when the numbers are. */
function useWording(by: string, fields: readonly FilterField[], asOf: string | undefined, readAt: number): Wording {
  const config = useRead("getConfig").data?.config;
  const field = fields.find((one) => one.field === by);
  const label = field?.label ?? by.replace(/^fields\./, "");
  return {
    by: /^[A-Z][a-z ]+$/.test(label) || label === by ? label.toLowerCase() : label,
    keyWord: (key) => {
      if (key === null || key === "") return by === "owner" ? "no owner" : by === "team" ? "no team" : "not known";
      if (by === "owner") return config?.users.find(({ id }) => id === key)?.name ?? key;
      if (by === "team") return config?.teams.find(({ id }) => id === key)?.name ?? key;
      return field?.options?.find(({ value }) => value === key)?.label ?? key;
    },
    asOf: asOf !== undefined ? `As of the end of ${formatDate(asOf)}.` : readAt === 0 ? "" : `As of ${formatWhen(new Date(readAt).toISOString())}.`,
  };
}

const PERIOD_WORDS: readonly { readonly value: Period; readonly label: string }[] = [
  { value: "30", label: "Last 30 days" },
  { value: "90", label: "Last 90 days" },
  { value: "quarter", label: "This quarter" },
  { value: "year", label: "This year" },
  { value: "custom", label: "From … to …" },
];

/** What leads can be split by: texts and lists, of their own and of the workspace's making. */
const SPLITS = ["source", "campaign", "team", "owner", "country", "city", "company", "jobTitle", "status", "heat"];

function Picks({
  search,
  change,
  fields,
}: {
  readonly search: ReportsSearch;
  readonly change: (next: Partial<ReportsSearch>) => void;
  readonly fields: readonly FilterField[];
}) {
  const { period, from = "", to = "", asOf = "", by = "source" } = search;
  const splits = fields
    .filter(({ field, type }) => SPLITS.includes(field) || (field.startsWith("fields.") && ["text", "select", "boolean"].includes(type)))
    .toSorted((a, b) => place(a.field) - place(b.field))
    .map(({ field, label }) => ({ value: field, label: `By ${label.charAt(0).toLowerCase()}${label.slice(1)}` }));
  return (
    <div className={css.picks} role="group" aria-label="Which leads">
      <Select
        aria-label="Captured"
        placeholder="Any time"
        className={css.pick}
        clearable
        value={period ?? null}
        onChange={(next) => change({ period: (next as Period | null) ?? undefined, ...(next === "custom" ? {} : { from: undefined, to: undefined }) })}
        data={[...PERIOD_WORDS]}
      />
      {period === "custom" && (
        <>
          <DateField aria-label="Captured from" value={from} onChange={(next) => change({ from: next === "" ? undefined : next })} />
          <DateField aria-label="Captured until" value={to} onChange={(next) => change({ to: next === "" ? undefined : next })} />
        </>
      )}
      <Select
        aria-label="Split by"
        className={css.pick}
        searchable
        allowDeselect={false}
        value={by}
        onChange={(next) => change({ by: next === null || next === "source" ? undefined : next, behind: undefined })}
        data={splits}
      />
      <label className={css.asOfPick}>
        As of
        <DateField aria-label="As of the end of" value={asOf} max={dayOf(Date.now())} onChange={(next) => change({ asOf: next === "" ? undefined : next })} />
      </label>
    </div>
  );
}

function place(field: string): number {
  const at = SPLITS.indexOf(field);
  return at === -1 ? SPLITS.length : at;
}
