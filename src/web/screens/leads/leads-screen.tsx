/** Leads: saved views as tabs, the filter as chips, a table of as many as there are. What is shown stands in the address. */
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useRouter } from "@tanstack/react-router";
import { lazy, Suspense, useMemo, useRef, useState } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { showOverlay } from "../../app/commands.ts";
import { useCan } from "../../app/session.tsx";
import { counted, formatNumber, leadName } from "../../format/format.ts";
import { DataTable } from "../../parts/data-table.tsx";
import { FilterBar } from "../../parts/filter-bar.tsx";
import { useNow } from "../../parts/lead-parts.tsx";
import { type Ask, type Page, useRowWindow } from "../../parts/row-window.ts";
import { Screen } from "../../parts/screen.tsx";
import { prefetchLeadPage } from "../lead/lead-writes.ts";
import { leaveTrail } from "../lead/trail.ts";
import { BulkBar } from "./bulk-bar.tsx";
import { type Exported, ExportMenu, exportLeads } from "./export-menu.tsx";
import { LeadsEmpty } from "./leads-empty.tsx";
import css from "./leads.module.css";
import { allColumns, LeadCard, type LeadRow } from "./leads-columns.tsx";
import { useArrivals } from "./use-arrivals.ts";
import { useColumnWidths } from "./use-column-widths.ts";
import { type LeadsView, useLeadsView } from "./use-leads-view.ts";
import { useSelection } from "./use-selection.ts";
import { ViewTabs } from "./view-tabs.tsx";

const ColumnMenu = lazy(async () => ({ default: (await import("./column-menu.tsx")).ColumnMenu }));

const PAGE = 60;
const NO_FIELDS: readonly never[] = [];

export function LeadsScreen() {
  const view = useLeadsView();
  const can = useCan();
  return (
    <Screen
      title="Leads"
      actions={
        can("leads.create") ? (
          <Button variant="filled" onClick={() => showOverlay("quickAdd")} aria-keyshortcuts="c" className={css.newLead}>
            New lead <kbd className={css.onAccent}>C</kbd>
          </Button>
        ) : undefined
      }
    >
      <ViewTabs view={view} />
      <LeadList key={view.tab.id} view={view} />
    </Screen>
  );
}

function LeadList({ view }: { readonly view: LeadsView }) {
  const { filter, sort, columns: ids, change } = view;
  const fields = useRead("listLeadFields").data?.items ?? NO_FIELDS;
  const every = useMemo(() => allColumns(fields), [fields]);
  const columns = useMemo(() => ids.flatMap((id) => every.find((column) => column.id === id) ?? []), [ids, every]);
  const cards = useMediaQuery("(max-width: 700px)") === true;
  const now = useNow();
  const router = useRouter();
  const { widths, setWidth } = useColumnWidths();
  const box = useRef<HTMLDivElement>(null);
  const list = useRowWindow<LeadRow>(JSON.stringify([filter, sort]), (ask, signal) => loadLeads(filter, sort, ask, signal));
  const { selection, selected, size, clear, selectAll } = useSelection(list.count);
  const { news, show } = useArrivals(list, box);
  const [choosing, setChoosing] = useState(false);
  const exported: Exported = { filter, sort, columns: ids, selected, size, count: list.count };

  return (
    <>
      <FilterBar filter={filter} onChange={(next) => change({ filter: next })} fields={fields}>
        {news > 0 && (
          <button type="button" className={css.news} onClick={show}>
            {formatNumber(news)} new · show
          </button>
        )}
        <span className={css.meta} aria-live="polite">
          {list.loading || !list.counted ? "" : counted(list.count, "lead")}
          {!cards && list.rows.length > 0 && <> · by {sortWords(sort, every)}</>}
        </span>
        {!cards && <ExportMenu {...exported} />}
        {!cards && (
          <Suspense fallback={<Button variant="subtle">Columns</Button>}>
            {choosing ? (
              <ColumnMenu every={every} chosen={ids} onChange={(next) => change({ columns: next })} onClose={() => setChoosing(false)} />
            ) : (
              <Button variant="subtle" onClick={() => setChoosing(true)}>
                Columns
              </Button>
            )}
          </Suspense>
        )}
      </FilterBar>
      <div className={css.list} ref={box}>
        <DataTable
          label="Leads"
          window={list}
          columns={columns.length > 0 ? columns : every.slice(0, 9)}
          now={now}
          sort={sort}
          onSort={(next) => change({ sort: next })}
          onColumns={(next) => change({ columns: next })}
          onOpen={(lead) => {
            leaveTrail({
              label: view.tab.name,
              from: router.state.location.href,
              ids: list.rows.map(({ id }) => id),
              first: list.first,
              count: list.count,
              next: list.next,
              previous: list.previous,
              query: listQuery(filter, sort),
            });
            void router.navigate({ to: `/leads/${lead.id}` as string });
          }}
          onPoint={prefetchLead}
          selection={selection}
          card={(lead, at) => <LeadCard lead={lead} now={at} />}
          cards={cards}
          widths={widths}
          onWidth={setWidth}
          rowName={leadName}
          empty={<LeadsEmpty filtered={filter !== undefined} onClear={() => change({ filter: undefined })} />}
        />
      </div>
      <BulkBar
        selected={selected}
        size={size}
        count={list.count}
        filter={filter}
        onSelectAll={selectAll}
        onExport={() => void exportLeads(exported, "shown")}
        onClear={clear}
        onDone={() => {
          clear();
          list.reload();
        }}
      />
    </>
  );
}

function listQuery(filter: LeadsView["filter"], sort: string) {
  return { ...(filter === undefined ? {} : { filter: JSON.stringify(filter) }), sort, limit: PAGE };
}

/** A page in the list is counted together with what it needs to know its place; the first one does not wait until all are counted. */
async function loadLeads(filter: LeadsView["filter"], sort: string, ask: Ask, signal: AbortSignal): Promise<Page<LeadRow>> {
  const asked = listQuery(filter, sort);
  const begins = ask.cursor === undefined && ask.around === undefined;
  const count = (limit: number, more: Ask) => call("listLeads", { query: { ...asked, ...more, limit, total: "true" }, signal });
  const counting = begins ? count(1, {}).then(({ total, estimate }) => total ?? estimate ?? null) : undefined;
  counting?.catch(() => {}); // whoever gave up on the page did not want it either
  const page = ask.around === undefined ? await call("listLeads", { query: { ...asked, ...ask }, signal }) : await count(PAGE, ask);
  const { items, nextCursor, previousCursor, total, estimate, position } = page;
  return {
    items,
    nextCursor,
    previousCursor,
    count: total ?? estimate ?? null,
    from: position?.from ?? (begins ? 0 : null),
    ...(counting === undefined ? {} : { counting }),
  };
}

let resting: ReturnType<typeof setTimeout> | undefined;

/** What opening a lead needs is loaded when the pointer rests on it. */
function prefetchLead(lead: LeadRow): void {
  clearTimeout(resting);
  resting = setTimeout(() => prefetchLeadPage(lead.id), 80);
}

function sortWords(sort: string, every: readonly { readonly sort?: string; readonly label: string }[]): string {
  return sort
    .split(",")
    .map((part) => {
      const field = part.replace(/^-/, "");
      const label = (every.find((column) => column.sort === field)?.label ?? field).toLowerCase();
      return part.startsWith("-") ? label : `${label} ascending`;
    })
    .join(", ");
}
