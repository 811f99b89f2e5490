/** Pipeline: what is being sold, as a board or a table. What is shown stands in the address. */
import { Button, Select, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { lazy, Suspense, useRef, useState } from "react";
import { useRead } from "../../api/query.ts";
import { dayOf, formatMoney, formatNumber } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { PersonPicker } from "../../parts/fields.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import { WhyPopover } from "../../parts/why.tsx";
import { addSums, type Column, type Deal } from "./deals.ts";
import css from "./pipeline.module.css";
import { type Closes, type PipelineSearch, queryOf } from "./pipeline-search.ts";
import { useBoard } from "./use-board.ts";

const Board = lazy(async () => ({ default: (await import("./board.tsx")).Board }));
const DealTable = lazy(async () => ({ default: (await import("./deal-table.tsx")).DealTable }));
const DealPeek = lazy(async () => ({ default: (await import("../opportunity/deal-peek.tsx")).DealPeek }));

const route = getRouteApi("/shell/pipeline");

export function PipelineScreen() {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/pipeline" });
  const change = (next: Partial<PipelineSearch>): void => void navigate({ replace: true, search: (old) => ({ ...old, ...next }) });
  const ask = queryOf(search, dayOf(Date.now()));
  const board = useBoard(ask);
  const table = search.as === "table";
  const narrowed = Object.keys(ask).length > 0;
  const peek = (deal: Deal): void => change({ peek: deal.id });
  useKeys([
    {
      keys: "v",
      label: table ? "As a board" : "As a table",
      scope: "This screen",
      command: true,
      run: () => change(table ? { as: undefined, stage: undefined } : { as: "table" }),
    },
  ]);
  const { columns } = board;
  const nothing = board.from.data !== undefined && columns.every(({ count }) => count === 0);
  return (
    <Screen title="Pipeline">
      <div className={css.bar}>
        <div className={css.views} role="group" aria-label="Layout">
          <button type="button" aria-pressed={!table} onClick={() => change({ as: undefined, stage: undefined })}>
            Board
          </button>
          <button type="button" aria-pressed={table} onClick={() => change({ as: "table" })}>
            Table
          </button>
          <kbd>{keyLabel("v")}</kbd>
        </div>
        <Filters search={search} change={change} stages={table ? columns : null} />
        {narrowed && (
          <Button
            size="compact-xs"
            variant="subtle"
            onClick={() => change({ owner: undefined, team: undefined, closes: undefined, q: undefined, stalled: undefined })}
          >
            Clear
          </Button>
        )}
        <Totals columns={columns} search={search} />
      </div>
      {board.from.data === undefined && board.from.error !== null ? (
        <Refused error={board.from.error} retry={() => void board.from.refetch()} />
      ) : board.from.data === undefined ? (
        <Bones rows={10} />
      ) : nothing && !table ? (
        <Nothing narrowed={narrowed} onClear={() => void navigate({ search: {} })} />
      ) : (
        <Suspense fallback={<Bones rows={10} />}>
          {table ? (
            <DealTable
              ask={ask}
              stages={columns}
              stage={search.stage ?? "open"}
              sort={search.sort ?? (search.stage === "won" || search.stage === "lost" ? "-stageAt" : "closeDate")}
              onSort={(sort) => change({ sort })}
              onPeek={peek}
            />
          ) : (
            <Board columns={columns} ask={ask} onMove={board.move} onPeek={peek} />
          )}
        </Suspense>
      )}
      <Suspense fallback={null}>{search.peek !== undefined && <DealPeek id={search.peek} onClose={() => change({ peek: undefined })} />}</Suspense>
    </Screen>
  );
}

const CLOSE_WORDS: readonly { readonly value: Closes; readonly label: string }[] = [
  { value: "late", label: "Close date past" },
  { value: "month", label: "Closes this month" },
  { value: "quarter", label: "Closes this quarter" },
];

type FilterProps = { readonly search: PipelineSearch; readonly change: (next: Partial<PipelineSearch>) => void; readonly stages: readonly Column[] | null };

function Filters({ search, change, stages }: FilterProps) {
  const teams = useRead("getConfig").data?.config.teams ?? [];
  const [typed, setTyped] = useState(search.q ?? "");
  const find = useRef<HTMLInputElement>(null);
  const seek = useDebouncedCallback((words: string) => {
    // Whoever has opened an opportunity meanwhile stays there.
    if (window.location.pathname === "/pipeline") change({ q: words.trim() === "" ? undefined : words.trim() });
  }, 200);
  const value = search.q === undefined && typed !== "" && document.activeElement !== find.current ? "" : typed;
  useKeys([{ keys: "f", label: "Filter by name", scope: "This screen", command: true, run: () => find.current?.focus() }]);
  return (
    <div className={css.filters} role="group" aria-label="Filter">
      <TextInput
        ref={find}
        className={css.find}
        aria-label="Filter by name"
        placeholder="Filter by name"
        type="search"
        maxLength={200}
        value={value}
        rightSection={value === "" ? <kbd>{keyLabel("f")}</kbd> : undefined}
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
      {stages !== null && (
        <Select
          aria-label="Stage"
          className={css.pick}
          allowDeselect={false}
          value={search.stage ?? "open"}
          onChange={(stage) => change({ stage: stage === "open" || stage === null ? undefined : stage })}
          data={[
            { value: "open", label: "All open" },
            ...stages.map(({ stage, label }) => ({ value: stage, label })),
            { value: "any", label: "Open and closed" },
          ]}
        />
      )}
      <PersonPicker
        aria-label="Owner"
        placeholder="Any owner"
        className={css.pick}
        clearable
        only="all"
        extra={[{ value: "me", label: "Mine" }]}
        value={search.owner ?? null}
        onChange={(owner) => change({ owner: owner ?? undefined })}
      />
      {teams.length > 0 && (
        <Select
          aria-label="Team"
          placeholder="Any team"
          className={css.pick}
          clearable
          value={search.team ?? null}
          onChange={(team) => change({ team: team ?? undefined })}
          data={teams.map(({ id, name }) => ({ value: id, label: name }))}
        />
      )}
      <Select
        aria-label="Close date"
        placeholder="Any close date"
        className={css.pick}
        clearable
        value={search.closes ?? null}
        onChange={(closes) => change({ closes: (closes as Closes | null) ?? undefined })}
        data={[...CLOSE_WORDS]}
      />
      <button
        type="button"
        className={css.toggle}
        aria-pressed={search.stalled === true}
        onClick={() => change({ stalled: search.stalled === true ? undefined : true })}
      >
        Stalled
      </button>
      <WhyPopover of="mark" label="why" title="Stalled">
        An open opportunity without a meeting to come that is in its stage for more than 30 days, or whose close date is past.
      </WhyPopover>
    </div>
  );
}

/** What is open, in all. Each number opens what it counts. */
function Totals({ columns, search }: { readonly columns: readonly Column[]; readonly search: PipelineSearch }) {
  const open = columns.filter((column) => column.open);
  const count = open.reduce((sum, column) => sum + column.count, 0);
  if (columns.length === 0) return null;
  return (
    <span role="status" className={css.totals}>
      <Link to="/pipeline" search={{ ...search, as: "table", stage: undefined }}>
        {formatNumber(count)} open
        {addSums(open).map((sum) => (
          <b key={sum.currency} className="num">
            {" "}
            {formatMoney(sum)}
          </b>
        ))}
      </Link>
    </span>
  );
}

function Nothing({ narrowed, onClear }: { readonly narrowed: boolean; readonly onClear: () => void }) {
  return narrowed ? (
    <EmptyState title="No opportunity matches" actions={<Button onClick={onClear}>Clear the filter</Button>}>
      Nothing of what you see is like this.
    </EmptyState>
  ) : (
    <EmptyState
      title="No opportunities yet"
      actions={
        <Button component={Link} to="/leads" variant="filled">
          Go to Leads
        </Button>
      }
    >
      Convert a lead that is ready to buy: its opportunity stands here, from the first meeting to won or lost.
    </EmptyState>
  );
}
