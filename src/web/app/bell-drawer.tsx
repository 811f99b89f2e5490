/** What one should hear of: notifications, newest first. Opening one reads it. */
import { Button, Drawer } from "@mantine/core";
import { useRouter } from "@tanstack/react-router";
import { useRead, useWrite } from "../api/query.ts";
import type { Out } from "../api/call.ts";
import { When } from "../parts/lead-parts.tsx";
import { EmptyState, Loaded } from "../parts/states.tsx";
import css from "./bell-drawer.module.css";

type Notice = Out<"listNotifications">["items"][number];

export function BellDrawer({ onClose }: { readonly onClose: () => void }) {
  const page = useRead("listNotifications", { query: { limit: 50 } });
  const read = useWrite("readNotifications", { refreshes: ["listNotifications", "countNotifications"] });
  const unread = page.data?.unread ?? 0;
  return (
    <Drawer opened onClose={onClose} title="Notifications" size={400}>
      {unread > 0 && (
        <Button variant="subtle" onClick={() => read.mutate({ body: { upTo: page.data?.items[0]?.at ?? new Date().toISOString() } })}>
          Mark all as read
        </Button>
      )}
      <Loaded from={page}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState title="Nothing new">Here you hear of leads that became yours, replies, mentions and imports that ended.</EmptyState>
          ) : (
            <ul>
              {items.map((notice) => (
                <Row
                  key={notice.id}
                  notice={notice}
                  onOpen={() => {
                    if (notice.readAt === null) read.mutate({ body: { ids: [notice.id] } });
                    onClose();
                  }}
                />
              ))}
            </ul>
          )
        }
      </Loaded>
    </Drawer>
  );
}

function Row({ notice, onOpen }: { readonly notice: Notice; readonly onOpen: () => void }) {
  const router = useRouter();
  const { title, detail, lead, at, readAt } = notice;
  const to = lead !== null ? `/leads/${lead.id}` : notice.import !== null ? `/import/${notice.import}` : null;
  return (
    <li>
      <button
        type="button"
        className={css.row}
        data-unread={readAt === null ? "" : undefined}
        onClick={() => {
          onOpen();
          if (to !== null) void router.navigate({ to });
        }}
      >
        <span className={css.title}>{title}</span>
        <span className="mut">
          <When at={at} relative />
        </span>
        {detail !== null && <span className={css.detail}>{detail}</span>}
      </button>
    </li>
  );
}
