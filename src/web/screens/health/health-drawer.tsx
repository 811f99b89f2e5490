/** The leads behind a number of the health check. */
import { Button, Drawer } from "@mantine/core";
import { type InfiniteData, useInfiniteQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { call, type In, type Out } from "../../api/call.ts";
import { counted } from "../../format/format.ts";
import { Owner } from "../../parts/avatar.tsx";
import { StageTag, When } from "../../parts/lead-parts.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import { leaveTrail } from "../lead/trail.ts";
import css from "./health.module.css";

type Page = Out<"listHealthLeads">;
export type Measure = NonNullable<In<"listHealthLeads">["query"]>["measure"];

export function HealthDrawer({ measure, title, onClose }: { readonly measure: Measure; readonly title: string; readonly onClose: () => void }) {
  const router = useRouter();
  const from = useInfiniteQuery<Page, Error, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ["listHealthLeads", { query: { measure } }],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      call("listHealthLeads", { query: { measure, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
  const items = from.data?.pages.flatMap((page) => page.items) ?? [];
  const trail = (): void =>
    leaveTrail({
      label: title,
      from: router.state.location.href,
      ids: items.map(({ id }) => id),
      first: 0,
      count: items.length,
      next: null,
      previous: null,
      query: null,
    });
  return (
    <Drawer opened onClose={onClose} size={560} title={title}>
      {from.data === undefined && from.error !== null ? (
        <Refused error={from.error} retry={() => void from.refetch()} />
      ) : from.data === undefined ? (
        <Bones rows={8} />
      ) : (
        <ol className={css.behind}>
          {items.map(({ id, name, company, stage, stageAt, owner, source }) => (
            <li key={id} data-line>
              <span className={css.who}>
                <Link to="/leads/$leadId" params={{ leadId: id }} search={{}} onClick={trail} className="cut">
                  {name}
                </Link>
                <span className="mut cut">{[company, source].filter((word) => word !== null && word !== "").join(" · ")}</span>
              </span>
              <StageTag stage={stage} />
              <span className={css.since}>
                since <When at={stageAt} dateOnly />
              </span>
              <Owner owner={owner} />
            </li>
          ))}
          <li className={css.end}>
            {from.hasNextPage ? (
              <Button variant="subtle" loading={from.isFetching} onClick={() => void from.fetchNextPage()}>
                Show more
              </Button>
            ) : (
              <span className="mut">{items.length === 0 ? "Nothing is behind this number any more." : `All ${counted(items.length, "lead")}`}</span>
            )}
          </li>
        </ol>
      )}
    </Drawer>
  );
}
