/** Companies: the organisations behind leads, found by name or domain. */
import { Button, TextInput } from "@mantine/core";
import { useDebouncedCallback, useMediaQuery } from "@mantine/hooks";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { query, queryClient } from "../../api/query.ts";
import { counted, formatMoney, formatNumber } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { type Column, DataTable } from "../../parts/data-table.tsx";
import { useNow, When } from "../../parts/lead-parts.tsx";
import { useRowWindow } from "../../parts/row-window.ts";
import { Screen } from "../../parts/screen.tsx";
import { EmptyState } from "../../parts/states.tsx";
import type { CompanySort } from "./companies-search.ts";
import css from "./companies.module.css";

const route = getRouteApi("/shell/companies");

export type Company = Out<"listCompanies">["items"][number];

const PAGE = 100;

export function CompaniesScreen() {
  const { q, sort = "name" } = route.useSearch();
  const navigate = useNavigate({ from: "/companies" });
  const now = useNow();
  const cards = useMediaQuery("(max-width: 700px)") === true;
  const [widths, setWidths] = useState<Readonly<Record<string, number>>>({});
  const [typed, setTyped] = useState(q ?? "");
  const find = useRef<HTMLInputElement>(null);
  const seek = useDebouncedCallback((words: string) => {
    // Whoever has opened a company meanwhile stays there.
    if (window.location.pathname === "/companies")
      void navigate({ replace: true, search: (old) => ({ ...old, q: words.trim() === "" ? undefined : words.trim() }) });
  }, 160);
  const list = useRowWindow<Company>(JSON.stringify([q, sort]), async ({ cursor }, signal) => {
    const { items, nextCursor } = await call("listCompanies", {
      query: { sort, limit: PAGE, ...(q === undefined ? {} : { q }), ...(cursor === undefined ? {} : { cursor }) },
      signal,
    });
    return { items, nextCursor, previousCursor: null, count: null, from: cursor === undefined ? 0 : null };
  });
  useKeys([{ keys: "f", label: "Find a company", scope: "This screen", command: true, run: () => find.current?.focus() }]);
  return (
    <Screen title="Companies">
      <div className={css.bar}>
        <TextInput
          ref={find}
          className={css.find}
          type="search"
          aria-label="Find by name or domain"
          placeholder="Find by name or domain"
          maxLength={200}
          value={typed}
          rightSection={typed === "" ? <kbd>{keyLabel("f")}</kbd> : undefined}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            seek(event.currentTarget.value);
          }}
          onKeyDown={(event) => {
            if (event.key !== "Escape") return;
            event.preventDefault();
            find.current?.blur();
          }}
        />
        <span className={css.meta} aria-live="polite">
          {list.loading ? "" : list.next === null ? counted(list.count, "company", "companies") : `more than ${formatNumber(list.rows.length - 1)} companies`}
        </span>
      </div>
      <div className={css.list}>
        <DataTable
          label="Companies"
          window={list}
          columns={COLUMNS}
          now={now}
          sort={sort}
          onSort={(next) => void navigate({ replace: true, search: (old) => ({ ...old, sort: next === "name" ? undefined : (next as CompanySort) }) })}
          onOpen={({ id }) => void navigate({ to: "/companies/$companyId", params: { companyId: id } })}
          onPoint={({ id }) => void queryClient.prefetchQuery(query("getCompany", { params: { id } }))}
          card={(company) => <CompanyCard company={company} />}
          cards={cards}
          widths={widths}
          onWidth={(id, width) => setWidths((old) => ({ ...old, [id]: width }))}
          rowName={({ name }) => name}
          empty={
            q === undefined ? (
              <EmptyState
                title="No companies yet"
                actions={
                  <Button component={Link} to="/leads" variant="filled">
                    Go to Leads
                  </Button>
                }
              >
                A company comes by itself with the first lead that is converted there.
              </EmptyState>
            ) : (
              <EmptyState
                title="No company of that name or domain"
                actions={
                  <Button
                    onClick={() => {
                      setTyped("");
                      void navigate({ search: {} });
                    }}
                  >
                    Show all companies
                  </Button>
                }
              />
            )
          }
        />
      </div>
    </Screen>
  );
}

function sums(of: Company["open"]): string {
  return of.map(formatMoney).join(" + ");
}

const COLUMNS: readonly Column<Company>[] = [
  {
    id: "name",
    label: "Company",
    width: 240,
    sort: "name",
    cell: ({ name, parent }) => (
      <>
        <span className={css.name}>{name}</span> {parent !== null && <span className="mut">of {parent.name}</span>}
      </>
    ),
  },
  { id: "domain", label: "Domain", width: 190, cell: ({ domain }) => domain ?? <span className="mut">—</span> },
  { id: "leads", label: "Leads", width: 84, align: "right", cell: ({ leads }) => formatNumber(leads) },
  {
    id: "open",
    label: "Open",
    width: 70,
    align: "right",
    cell: ({ openOpportunities }) => (openOpportunities === 0 ? <span className="mut">—</span> : formatNumber(openOpportunities)),
  },
  { id: "openWorth", label: "Open worth", width: 120, align: "right", cell: ({ open }) => sums(open) || <span className="mut">—</span> },
  { id: "won", label: "Won", width: 120, align: "right", cell: ({ won }) => sums(won) || <span className="mut">—</span> },
  { id: "createdAt", label: "Since", width: 120, sort: "createdAt", cell: ({ createdAt }) => <When at={createdAt} dateOnly /> },
];

function CompanyCard({ company }: { readonly company: Company }) {
  const { name, domain, leads, openOpportunities, open, won } = company;
  return (
    <span className={css.card}>
      <b className="cut">{name}</b>
      <span className="mut cut">{[domain, counted(leads, "lead")].filter((word) => word !== null).join(" · ")}</span>
      <span className="cut">
        {openOpportunities > 0 ? `${formatNumber(openOpportunities)} open ${sums(open)}` : won.length > 0 ? `won ${sums(won)}` : "\u00a0"}
      </span>
    </span>
  );
}
