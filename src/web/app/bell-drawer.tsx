/** What one should hear of: notifications, newest first. Opening one reads it and goes where it happened. */
import { Button, Drawer, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Settings2 } from "lucide-react";
import { useState } from "react";
import { call, type Out } from "../api/call.ts";
import { useWrite } from "../api/query.ts";
import { When } from "../parts/lead-parts.tsx";
import { Bones, EmptyState, Refused } from "../parts/states.tsx";
import css from "./bell-drawer.module.css";

type Notice = Out<"listNotifications">["items"][number];

export function BellDrawer({ onClose }: { readonly onClose: () => void }) {
  const router = useRouter();
  const [show, setShow] = useState<"all" | "unread">("all");
  const pages = useInfiniteQuery({
    queryKey: ["listNotifications", { show }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call("listNotifications", {
        query: { limit: 50, ...(show === "unread" ? { unread: "true" as const } : {}), ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const read = useWrite("readNotifications", { refreshes: ["listNotifications", "countNotifications"] });
  const items = pages.data?.pages.flatMap((page) => page.items) ?? [];
  const unread = pages.data?.pages[0]?.unread ?? 0;
  const open = (notice: Notice): void => {
    if (notice.readAt === null) read.mutate({ body: { ids: [notice.id] } });
    onClose();
    const to = addressOf(notice);
    if (to !== null) void router.navigate(to);
  };
  return (
    <Drawer opened onClose={onClose} title="Notifications" size={420}>
      <div className={css.tools}>
        <SegmentedControl
          aria-label="Which notifications"
          value={show}
          onChange={(next) => setShow(next as typeof show)}
          data={[
            { value: "all", label: "All" },
            { value: "unread", label: unread === 0 ? "Unread" : `Unread ${unread}` },
          ]}
        />
        <Button variant="subtle" disabled={unread === 0} onClick={() => read.mutate({ body: { upTo: items[0]?.at ?? new Date().toISOString() } })}>
          Mark all as read
        </Button>
        <Button
          variant="subtle"
          aria-label="Choose what you are told of"
          onClick={() => {
            onClose();
            void router.navigate({ to: "/settings/$section", params: { section: "notifications" } });
          }}
        >
          <Settings2 size={15} strokeWidth={1.75} />
        </Button>
      </div>
      {pages.data === undefined ? (
        pages.error === null ? (
          <Bones rows={6} />
        ) : (
          <Refused error={pages.error} retry={() => void pages.refetch()} />
        )
      ) : items.length === 0 ? (
        <EmptyState title={show === "unread" ? "All read" : "Nothing new"}>
          Here you hear of leads that became yours or got hot, next steps that are due, mentions and imports that ended.
        </EmptyState>
      ) : (
        <ul>
          {items.map((notice) => (
            <Row key={notice.id} notice={notice} onOpen={() => open(notice)} />
          ))}
        </ul>
      )}
      {pages.hasNextPage && (
        <Button variant="subtle" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>
          Older
        </Button>
      )}
    </Drawer>
  );
}

/** Where it happened. */
function addressOf({ lead, import: run, mail, event }: Notice) {
  if (lead !== null) return { to: `/leads/${lead.id}` as string };
  if (run !== null) return { to: `/import/${run}` as string };
  if (event === "definition") return { to: "/settings/$section", params: { section: "definitions" } } as const;
  if (event === "inputHeld") return { to: "/held" as string };
  return mail === null ? null : ({ to: "/settings/$section", params: { section: "outbox" } } as const);
}

function Row({ notice: { title, detail, at, readAt }, onOpen }: { readonly notice: Notice; readonly onOpen: () => void }) {
  return (
    <li>
      <button type="button" className={css.row} data-unread={readAt === null ? "" : undefined} onClick={onOpen}>
        <span className={css.title}>
          {readAt === null && <span className="out">Unread: </span>}
          {title}
        </span>
        <span className="mut">
          <When at={at} relative />
        </span>
        {detail !== null && <span className={css.detail}>{detail}</span>}
      </button>
    </li>
  );
}
