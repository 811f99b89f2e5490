/** The leads behind a number: exactly what was counted, one by one. */
import { Button, Drawer } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useEffect, useRef } from "react";
import { call, type In, type Out } from "../../api/call.ts";
import { counted, formatMoney, formatNumber } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import { StageTag, When } from "../../parts/lead-parts.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import { leaveTrail } from "../lead/trail.ts";
import { type Wording, useLabels } from "./funnel.tsx";
import css from "./reports.module.css";
import type { Behind, Meant } from "./reports-search.ts";
import { days } from "./velocity.tsx";

type Page = Out<"listReportLeads">;

export type BehindProps = {
  readonly behind: Behind;
  readonly by: string;
  readonly meant: Meant;
  readonly words: Wording;
  readonly onClose: () => void;
};

export function BehindDrawer({ behind, by, meant, words, onClose }: BehindProps) {
  const router = useRouter();
  const label = useLabels();
  const { of, stage, start, end, key } = behind;
  const ask: NonNullable<In<"listReportLeads">["query"]> = {
    of,
    ...meant,
    ...(stage === undefined ? {} : { stage }),
    ...(start === undefined ? {} : { start }),
    ...(end === undefined ? {} : { end }),
    ...(key === undefined ? {} : { by, ...(key === null ? { none: "true" as const } : { value: key }) }),
    limit: 50,
  };
  const from = useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ["listReportLeads", { query: ask }],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) => call("listReportLeads", { query: { ...ask, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = from.data?.pages.flatMap((page) => page.items) ?? [];
  const count = from.data?.pages[0]?.count ?? null;
  const unit =
    of === "stays" ? (count === 1 ? "stay" : "stays") : of === "won" ? (count === 1 ? "won opportunity" : "won opportunities") : count === 1 ? "lead" : "leads";
  const what = `${of === "reached" ? `reached ${label(stage ?? "")}` : of === "stays" ? `in ${label(stage ?? "")}, the longest first` : of === "way" ? `from ${label(start ?? "")} to ${label(end ?? "")}, the slowest first` : ""}${key === undefined ? "" : `${of === "won" ? "" : ", "}${words.by} ${words.keyWord(key)}`}`;
  const title = `${count === null ? "" : `${formatNumber(count)} ${unit} `}${what}`;
  const { hasNextPage, isFetching, fetchNextPage } = from;
  const end_ = useRef<HTMLLIElement>(null);
  useEffect(() => {
    const element = end_.current;
    if (element === null || !hasNextPage || isFetching) return;
    const watch = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && void fetchNextPage());
    watch.observe(element);
    return () => watch.disconnect();
  }, [hasNextPage, isFetching, fetchNextPage, items.length]);
  const trail = (): void =>
    leaveTrail({
      label: title,
      from: router.state.location.href,
      ids: [...new Set(items.map(({ lead }) => lead.id))],
      first: 0,
      count: items.length,
      next: null,
      previous: null,
      query: null,
    });
  return (
    <Drawer opened onClose={onClose} size={560} title={<span data-behind={count ?? undefined}>{title}</span>}>
      {from.data === undefined && from.error !== null ? (
        <Refused error={from.error} retry={() => void from.refetch()} />
      ) : from.data === undefined ? (
        <Bones rows={8} />
      ) : (
        <ol className={css.behind}>
          {items.map(({ id, lead, at, days: took, opportunity }) => (
            <li key={id} data-line>
              <span className={css.who}>
                <Link to="/leads/$leadId" params={{ leadId: lead.id }} search={{}} onClick={trail} className="cut">
                  {lead.name}
                </Link>
                <span className="mut cut">{[lead.company, lead.source].filter((word) => word !== null && word !== "").join(" · ")}</span>
              </span>
              <span className={css.state}>
                {opportunity === null ? (
                  <StageTag stage={lead.stage} />
                ) : (
                  <Link to="/pipeline/$opportunityId" params={{ opportunityId: opportunity.id }} className="cut">
                    {opportunity.name}
                  </Link>
                )}
              </span>
              <span className={css.much}>{took !== null ? days(took) : opportunity?.value != null ? formatMoney(opportunity.value) : <When at={at} />}</span>
              <Owner owner={lead.owner} />
            </li>
          ))}
          <li ref={end_} className={css.end}>
            {hasNextPage ? (
              <Button variant="subtle" loading={isFetching} onClick={() => void fetchNextPage()}>
                {formatNumber(items.length)} of {formatNumber(count ?? 0)} shown, more
              </Button>
            ) : (
              <span className="mut">{items.length === 0 ? "Nothing is behind this number any more." : `All ${counted(items.length, "line")}`}</span>
            )}
          </li>
        </ol>
      )}
    </Drawer>
  );
}
