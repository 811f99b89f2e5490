/** Leads that an import changed, or found as they were: what is behind the two numbers. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { useInfiniteQuery } from "@tanstack/react-query";
import { call } from "../../api/call.ts";
import { Bones, Refused } from "../../parts/states.tsx";
import css from "./import.module.css";

const WORDS = { updated: "Updated leads", skipped: "Unchanged leads" } as const;

export function ImportLeads({ id, show }: { readonly id: string; readonly show: "updated" | "skipped" }) {
  const { data, error, refetch, hasNextPage, fetchNextPage, isFetchingNextPage } = useInfiniteQuery({
    queryKey: ["listImportLeads", id, show],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call("listImportLeads", { params: { id }, query: { outcome: show, limit: 50, ...(pageParam === undefined ? {} : { cursor: pageParam }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor ?? undefined,
  });
  if (data === undefined) return error === null ? <Bones rows={6} /> : <Refused error={error} retry={() => void refetch()} />;
  const leads = [...new Map(data.pages.flatMap(({ items }) => items).map((lead) => [lead.id, lead])).values()];
  return (
    <section aria-labelledby="import-leads" className={css.behind}>
      <h2 id="import-leads">{WORDS[show]}</h2>
      {data.pages[0]?.kept === false && <p className="mut">This import ran before Baton kept which leads these were.</p>}
      {leads.length === 0 && data.pages[0]?.kept === true && <p className="mut">None that is not in the bin.</p>}
      <ul>
        {leads.map(({ id: lead, name, company, stage }) => (
          <li key={lead}>
            <Link to="/leads/$leadId" params={{ leadId: lead }} search={{}}>
              {name}
            </Link>
            <span className="mut cut">{company}</span>
            <span className="mut">{stage}</span>
          </li>
        ))}
      </ul>
      {hasNextPage && (
        <Button variant="subtle" loading={isFetchingNextPage} onClick={() => void fetchNextPage()}>
          Show more
        </Button>
      )}
    </section>
  );
}
