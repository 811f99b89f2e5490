/** What the Leads screen shows: a saved view and what the address changes about it. */
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useMemo } from "react";
import type { Filter } from "../../../core/filter/filter.ts";
import type { Out } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { useSession } from "../../app/session.tsx";
import { DEFAULT_COLUMNS } from "./leads-columns.tsx";
import type { LeadsSearch } from "./leads-search.ts";

const route = getRouteApi("/shell/leads");

export type SavedView = Out<"listViews">["items"][number];

/** Views that everybody has without saving them. */
export type Tab = {
  readonly id: string;
  readonly name: string;
  readonly filter: Filter | undefined;
  readonly sort: string;
  readonly columns: readonly string[];
  readonly saved: SavedView | null;
};

/** As the API has it when it is not told; an index gives this order, however many there are. */
const NEWEST = "-capturedAt";

export type LeadsView = {
  readonly tabs: readonly Tab[];
  readonly tab: Tab;
  readonly filter: Filter | undefined;
  readonly sort: string;
  readonly columns: readonly string[];
  /** Whether the address says something else than the view. */
  readonly modified: boolean;
  readonly change: (change: { readonly filter?: Filter | undefined; readonly sort?: string; readonly columns?: readonly string[] }) => void;
  readonly open: (tab: Pick<Tab, "id">) => void;
};

export function useLeadsView(): LeadsView {
  const search = route.useSearch();
  const navigate = useNavigate({ from: "/leads" });
  const { user } = useSession();
  const saved = useRead("listViews", { query: { kind: "leads" } }).data?.items;
  const tabs = useMemo(() => tabsOf(saved ?? [], user.id), [saved, user.id]);
  const tab = tabs.find(({ id }) => id === (search.view ?? "all")) ?? (tabs[0] as Tab);
  const filter = "filter" in search ? filterIn(search) : tab.filter;
  const sort = search.sort ?? tab.sort;
  const columns = search.columns ?? tab.columns;
  return {
    tabs,
    tab,
    filter,
    sort,
    columns,
    modified: "filter" in search || search.sort !== undefined || search.columns !== undefined,
    open: ({ id }) => void navigate({ search: id === "all" ? {} : { view: id } }),
    change: (change) =>
      void navigate({
        replace: true,
        search: (old) => {
          const next: LeadsSearch = {
            ...old,
            ...("filter" in change ? { filter: change.filter ?? EVERYTHING } : {}),
            ...(change.sort === undefined ? {} : { sort: change.sort }),
            ...(change.columns === undefined ? {} : { columns: change.columns }),
          };
          return without(next, tab);
        },
      }),
  };
}

const EVERYTHING: Filter = { and: [] };

function filterIn({ filter }: LeadsSearch): Filter | undefined {
  return filter !== undefined && "and" in filter && filter.and.length === 0 ? undefined : filter;
}

/** The address names only what differs from the view. */
function without(search: LeadsSearch, tab: Tab): LeadsSearch {
  const { filter, sort, columns, view } = search;
  return {
    ...(view === undefined ? {} : { view }),
    ...(filter === undefined || JSON.stringify(filter) === JSON.stringify(tab.filter ?? EVERYTHING) ? {} : { filter }),
    ...(sort === undefined || sort === tab.sort ? {} : { sort }),
    ...(columns === undefined || columns.join() === tab.columns.join() ? {} : { columns }),
  };
}

function tabsOf(saved: readonly SavedView[], userId: string): readonly Tab[] {
  const ready = (id: string, name: string, filter: Filter | undefined, sort = NEWEST): Tab => ({
    id,
    name,
    filter,
    sort,
    columns: [...DEFAULT_COLUMNS],
    saved: null,
  });
  return [
    ready("all", "All", undefined),
    ready("mine", "Mine", { field: "owner", op: "eq", value: userId }),
    ready("hot", "Hot", { field: "heat", op: "eq", value: "hot" }, "-score"),
    ready("unassigned", "Without owner", { field: "owner", op: "isEmpty", value: true }),
    ...saved.map((view): Tab => ({
      id: view.id,
      name: view.name,
      filter: (view.filter as Filter | null) ?? undefined,
      sort: view.sort ?? NEWEST,
      columns: view.columns.length > 0 ? view.columns : [...DEFAULT_COLUMNS],
      saved: view,
    })),
  ];
}
