/** A screen: its header (title, search, actions, bell, who I am) and its body. Every screen inside of the shell is one. */
import { ActionIcon, Tooltip } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Bell, Search } from "lucide-react";
import { type ReactNode, useEffect } from "react";
import { query } from "../api/query.ts";
import { showOverlay } from "../app/commands.ts";
import { UserMenu } from "../app/user-menu.tsx";
import { formatCompact } from "../format/format.ts";
import { keyLabel } from "../keys/keys.ts";
import css from "./screen.module.css";

export type ScreenProps = {
  /** Also the name of the browser's tab. */
  readonly title: string;
  /** Instead of the title, as a trail "Leads / Maja Lindqvist". Contains the h1. */
  readonly heading?: ReactNode;
  /** Buttons at the right; the primary one last. */
  readonly actions?: ReactNode;
  readonly children: ReactNode;
  /** The body scrolls and has the usual margins. Screens with a table scroll themselves: leave it out. */
  readonly padded?: boolean;
};

export function Screen({ title, heading, actions, children, padded = false }: ScreenProps) {
  useEffect(() => {
    document.title = `${title} · Baton`;
  }, [title]);
  return (
    <>
      <header className={css.head}>
        <div className={css.title}>{heading ?? <h1 className="cut">{title}</h1>}</div>
        <div className={css.spring} />
        <button type="button" className={css.search} onClick={() => showOverlay("palette")} aria-keyshortcuts="Control+K /" aria-label="Search or jump to">
          <Search size={14} aria-hidden />
          <span>Search or jump to…</span>
          <kbd>{keyLabel("mod+k")}</kbd>
        </button>
        {actions !== undefined && <div className={css.actions}>{actions}</div>}
        <BellButton />
        <UserMenu />
      </header>
      <div className={padded ? css.padded : css.body}>{children}</div>
    </>
  );
}

function BellButton() {
  const unread = useQuery({ ...query("countNotifications"), staleTime: 60_000, retry: false }).data?.unread ?? 0;
  return (
    <Tooltip label={unread === 0 ? "Nothing new" : `${unread} unread`}>
      <ActionIcon aria-label={unread === 0 ? "Notifications" : `Notifications, ${unread} unread`} onClick={() => showOverlay("bell")} className={css.bell}>
        <Bell size={16} strokeWidth={1.75} />
        {unread > 0 && <span className={css.badge}>{formatCompact(Math.min(unread, 99))}</span>}
      </ActionIcon>
    </Tooltip>
  );
}
