/** What became of leads that entered under a definition: met but rejected, accepted without meeting it. Every number opens its leads. */
import { Button, Drawer } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useState } from "react";
import { call, type In, type Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { formatNumber, formatPercent } from "../../format/format.ts";
import { StageTag, When } from "../../parts/lead-parts.tsx";
import { Bones, EmptyState, Loaded, Refused } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import css from "./definitions.module.css";
import type { Definition } from "./definitions-section.tsx";
import { Part } from "./section.tsx";
import own from "./settings.module.css";

type Report = Out<"reportDefinition">;
type Row = Report["rows"][number];
type Ask = NonNullable<In<"listDefinitionLeads">["query"]>;
type Open = { readonly title: string; readonly ask: Ask };

const BY = [
  { by: "version", label: "By version" },
  { by: "source", label: "By source" },
  { by: "rep", label: "By who decided" },
  { by: "reason", label: "By reason" },
] as const;

const FIGURES = [
  { of: "metRejected", label: "Met it, rejected" },
  { of: "unmetAccepted", label: "Accepted without meeting it" },
  { of: "metAccepted", label: "Met it, accepted" },
  { of: "unmetRejected", label: "Rejected without meeting it" },
  { of: "metOpen", label: "Met it, still there" },
  { of: "unmetOpen", label: "Still there without meeting it" },
] as const;

/** What was decided. */
const COLUMNS = FIGURES.slice(0, 4);

export function DefinitionReport({ definition }: { readonly definition: Definition }) {
  const from = useRead("reportDefinition", { params: { stage: definition.stage } });
  const [open, setOpen] = useState<Open | null>(null);
  return (
    <>
      <Loaded from={from}>{(report) => <Body report={report} onOpen={setOpen} />}</Loaded>
      {open !== null && <Behind stage={definition.stage} open={open} onClose={() => setOpen(null)} />}
    </>
  );
}

function Body({ report: { all, rows, patterns }, onOpen }: { readonly report: Report; readonly onOpen: (open: Open) => void }) {
  if (FIGURES.every(({ of }) => all[of] === 0))
    return <EmptyState title="Nothing to tell yet">From the first lead that enters under this definition, its acceptance or return stands here.</EmptyState>;
  const decided = all.metAccepted + all.metRejected;
  return (
    <>
      {patterns.map(({ by, value, sentence }) => (
        <p key={`${by} ${value}`} className={own.note}>
          <span>
            {sentence} <span className="mut">More than chance would do: does the definition ask too little of them?</span>
          </span>
          <Button onClick={() => onOpen({ title: `Met it, rejected: ${value}`, ask: { of: "metRejected", by: by as NonNullable<Ask["by"]>, value } })}>
            Look at them
          </Button>
        </p>
      ))}
      <div className={css.figures}>
        {FIGURES.map(({ of, label }) => (
          <button key={of} type="button" className={css.figure} disabled={all[of] === 0} onClick={() => onOpen({ title: label, ask: { of } })}>
            <strong>{formatNumber(all[of])}</strong>
            <span>{label}</span>
            {of === "metRejected" && decided > 0 && <small>{formatPercent(all.metRejected / decided)} of those who met it and were decided</small>}
          </button>
        ))}
      </div>
      {BY.map(({ by, label }) => {
        const mine = rows.filter((row) => row.by === by && COLUMNS.some(({ of }) => row[of] > 0));
        return mine.length === 0 ? null : (
          <Part key={by} title={label}>
            <Table rows={mine} onOpen={onOpen} what={label} />
          </Part>
        );
      })}
    </>
  );
}

function Table({ rows, onOpen, what }: { readonly rows: readonly Row[]; readonly onOpen: (open: Open) => void; readonly what: string }) {
  return (
    <div className={own.scroll} tabIndex={0} role="region" aria-label={what}>
      <table className={`${table.plain} ${css.report}`}>
        <thead>
          <tr>
            <th scope="col">{what.replace("By ", "").replace(/^./, (letter) => letter.toUpperCase())}</th>
            {COLUMNS.map(({ of, label }) => (
              <th scope="col" key={of} className={table.right}>
                {label}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row) => (
            <tr key={row.value ?? ""}>
              <th scope="row">{row.label}</th>
              {COLUMNS.map(({ of, label }) => (
                <td key={of} className={table.right}>
                  {row[of] === 0 ? (
                    <span className="mut">0</span>
                  ) : (
                    <button
                      type="button"
                      className={css.number}
                      aria-label={`${label}, ${row.label}: ${row[of]}`}
                      onClick={() =>
                        onOpen({
                          title: `${label}: ${row.label}`,
                          ask: { of, by: row.by, ...(row.value === null ? { none: "true" as const } : { value: row.value }) },
                        })
                      }
                    >
                      {formatNumber(row[of])}
                    </button>
                  )}
                </td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

type Page = Out<"listDefinitionLeads">;

function Behind({ stage, open: { title, ask }, onClose }: { readonly stage: string; readonly open: Open; readonly onClose: () => void }) {
  const from = useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ["listDefinitionLeads", { stage, ask }],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      call("listDefinitionLeads", { params: { stage }, query: { ...ask, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const count = from.data?.pages[0]?.count ?? null;
  const items = from.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Drawer opened onClose={onClose} size={560} title={count === null ? title : `${formatNumber(count)} · ${title}`}>
      {from.data === undefined ? (
        from.error === null ? (
          <Bones />
        ) : (
          <Refused error={from.error} retry={() => void from.refetch()} />
        )
      ) : (
        <ul className={css.behind}>
          {items.map(({ id, lead, version, reason, by, to, enteredAt, decidedAt }) => (
            <li key={id}>
              <Link to="/leads/$leadId" params={{ leadId: lead.id }} search={{}} className="cut">
                {lead.name}
              </Link>
              <span>{to === null ? <span className="mut">still there</span> : <StageTag stage={to} />}</span>
              <span className="mut">
                {lead.company === null ? "" : `${lead.company} · `}version {version} · <When at={decidedAt ?? enteredAt} />
                {by === null ? "" : ` · ${by}`}
                {reason === null ? "" : ` · “${reason}”`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {from.hasNextPage && (
        <Button variant="subtle" loading={from.isFetchingNextPage} onClick={() => void from.fetchNextPage()}>
          More
        </Button>
      )}
    </Drawer>
  );
}
