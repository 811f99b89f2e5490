/** The pipeline as a table: all opportunities, sorted by what matters. */
import { useMediaQuery } from "@mantine/hooks";
import { useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call } from "../../api/call.ts";
import { dayOf, formatDate, formatMoney, formatNumber } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { Heat, useNow, When } from "../../parts/lead-parts.tsx";
import { useRowWindow } from "../../parts/row-window.ts";
import { EmptyState } from "../../parts/states.tsx";
import type { Column as Stage, Deal } from "./deals.ts";
import css from "./pipeline.module.css";
import type { BoardQuery, Sort } from "./pipeline-search.ts";

export type DealTableProps = {
  readonly ask: BoardQuery;
  readonly stages: readonly Stage[];
  /** A stage's id, `open`, or `any`. */
  readonly stage: string;
  readonly sort: Sort;
  readonly onSort: (sort: Sort) => void;
  readonly onPeek: (deal: Deal) => void;
};

export function DealTable({ ask, stages, stage, sort, onSort, onPeek }: DealTableProps) {
  const navigate = useNavigate();
  const now = useNow();
  const cards = useMediaQuery("(max-width: 700px)") === true;
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const narrowed = { ...ask, ...(stage === "any" ? {} : stage === "open" ? { state: "open" as const } : { stage }) };
  const list = useRowWindow<Deal>(JSON.stringify([narrowed, sort]), async ({ cursor }, signal) => {
    const { items, nextCursor } = await call("listOpportunities", {
      query: { ...narrowed, sort, limit: 100, ...(cursor === undefined ? {} : { cursor }) },
      signal,
    });
    return { items, nextCursor, previousCursor: null, count: null, from: cursor === undefined ? 0 : null };
  });
  const labelOf = (id: string): string => stages.find((one) => one.stage === id)?.label ?? id;
  const columns = columnsOf(labelOf);
  return (
    <div className={css.list}>
      <DataTable
        label="Opportunities"
        window={list}
        columns={columns}
        now={now}
        sort={sort}
        onSort={(next) => onSort(next as Sort)}
        onOpen={(deal) => void navigate({ to: "/pipeline/$opportunityId", params: { opportunityId: deal.id } })}
        card={(deal) => <RowCard deal={deal} label={labelOf(deal.stage)} />}
        cards={cards}
        widths={widths}
        onWidth={(id, width) => setWidths((old) => ({ ...old, [id]: width }))}
        rowName={({ name }) => name}
        rowKeys={(deal) => [{ keys: " ", label: "Quick look", run: () => onPeek(deal) }]}
        empty={<EmptyState title="No opportunity matches">Take a filter away, or look at another stage.</EmptyState>}
      />
    </div>
  );
}

/** On a phone: what and how much, who and where, by when and whether it has stalled. */
function RowCard({ deal, label }: { readonly deal: Deal; readonly label: string }) {
  const { name, value, person, closeDate, wonAt, lostAt, stalled } = deal;
  const late = wonAt === null && lostAt === null && closeDate !== null && closeDate < dayOf(Date.now());
  return (
    <span className={css.rowCard}>
      <span className={css.line}>
        <b className="cut">{name}</b>
        <b className="num">{value === null ? "" : formatMoney(value)}</b>
      </span>
      <span className={css.line}>
        <span className="mut cut">{person.name}</span>
        <span>{label}</span>
      </span>
      <span className={css.line}>
        <span className={late ? "late" : "mut"}>{closeDate === null ? "no close date" : `${late ? "due" : "closes"} ${formatDate(closeDate)}`}</span>
        {stalled && <span className={css.stalled}>stalled</span>}
      </span>
    </span>
  );
}

function columnsOf(labelOf: (stage: string) => string): readonly Column<Deal>[] {
  return [
    {
      id: "name",
      label: "Opportunity",
      width: 230,
      sort: "name",
      cell: ({ name, company }) => (
        <>
          <span className={css.rowName}>{name}</span> {company !== null && company.name !== name && <span className="mut">{company.name}</span>}
        </>
      ),
    },
    { id: "person", label: "Lead", width: 150, cell: ({ person }) => person.name },
    { id: "heat", label: "Heat", width: 62, cell: ({ person }) => <Heat heat={person.heat} /> },
    { id: "stage", label: "Stage", width: 120, cell: ({ stage }) => labelOf(stage) },
    {
      id: "amount",
      label: "Amount",
      width: 112,
      align: "right",
      sort: "amount",
      cell: ({ value }) => (value === null ? <span className="mut">—</span> : formatMoney(value)),
    },
    {
      id: "closeDate",
      label: "Close date",
      width: 112,
      sort: "closeDate",
      cell: ({ closeDate, wonAt, lostAt }) =>
        closeDate === null ? (
          <span className="mut">—</span>
        ) : (
          <span className={wonAt === null && lostAt === null && closeDate < dayOf(Date.now()) ? "late" : undefined}>{formatDate(closeDate)}</span>
        ),
    },
    { id: "owner", label: "Owner", width: 70, cell: ({ owner }) => <Owner owner={owner} /> },
    {
      id: "meeting",
      label: "Next meeting",
      width: 120,
      cell: ({ nextMeeting }) => (nextMeeting === null ? <span className="mut">none</span> : <When at={nextMeeting} />),
    },
    {
      id: "stageAt",
      label: "In stage",
      width: 120,
      sort: "stageAt",
      cell: ({ days, stalled }) => (
        <span>
          {formatNumber(Math.floor(days))} d {stalled && <span className={css.stalled}>stalled</span>}
        </span>
      ),
    },
    { id: "createdAt", label: "Opened", width: 116, sort: "createdAt", cell: ({ createdAt }) => <When at={createdAt} dateOnly /> },
  ];
}
