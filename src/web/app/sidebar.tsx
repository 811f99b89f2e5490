/** Where am I, and my counts: a sidebar, icons only below 1100 px, five tabs at the bottom of a phone. */
import { Menu, Tooltip } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { Link, useRouter } from "@tanstack/react-router";
import { Ellipsis } from "lucide-react";
import { formatCompact, formatNumber } from "../format/format.ts";
import { ariaKeys, keyLabel } from "../keys/keys.ts";
import { NAV, type NavItem } from "./nav.ts";
import { type Counts, useNavCounts } from "./nav-counts.ts";
import { useCan, useSession } from "./session.tsx";
import css from "./shell.module.css";

const GROUPS = [
  { id: "work", label: null },
  { id: "grow", label: "Grow" },
  { id: "run", label: "Run" },
] as const;

/** What one may see, of what there is. */
export function useNav(): readonly NavItem[] {
  const can = useCan();
  const { routesByPath } = useRouter();
  return NAV.filter(({ access, to }) => can(access) && to in routesByPath);
}

export function Sidebar() {
  const items = useNav();
  const counts = useNavCounts();
  const { workspace } = useSession();
  const narrow = useMediaQuery("(max-width: 1100px)") === true;
  return (
    <nav className={css.side} aria-label="Main">
      <Link to="/" className={css.workspace} aria-label={`Baton, ${workspace.name}`} style={{ color: "inherit", textDecoration: "none" }}>
        <span className={css.mark} aria-hidden>
          <svg width="14" height="14" viewBox="0 0 14 14">
            <rect x="0.5" y="5.25" width="13" height="3.5" rx="1.75" transform="rotate(-35 7 7)" fill="currentColor" />
          </svg>
        </span>
        <span className="cut">{workspace.name}</span>
      </Link>
      {workspace.demo && (
        <p className={css.demo} title="This company, its people and its leads are made up. Change what you like: nothing here is anybody's.">
          <span className={css.label}>A demo: everything here is made up</span>
        </p>
      )}
      {GROUPS.map(({ id, label }) => {
        const mine = items.filter(({ group }) => group === id);
        if (mine.length === 0) return null;
        return (
          <div key={id} role="group" aria-label={label ?? "Work"}>
            {label !== null && <div className={css.group}>{label}</div>}
            {mine.map((item) => (
              <SideLink key={item.to} item={item} counts={counts} narrow={narrow} />
            ))}
          </div>
        );
      })}
    </nav>
  );
}

function SideLink({ item, counts, narrow }: { readonly item: NavItem; readonly counts: Counts; readonly narrow: boolean }) {
  const { to, label, icon: Icon, key, count } = item;
  const number = count === undefined ? null : counts[count];
  const hint = key === undefined ? label : `${label} · ${keyLabel(`g ${key}`)}`;
  return (
    <Tooltip label={hint} position="right" disabled={!narrow}>
      <Link to={to} className={css.link} preload="intent" {...(key === undefined ? {} : { "aria-keyshortcuts": ariaKeys(`g ${key}`) })}>
        <Icon size={16} strokeWidth={1.75} aria-hidden />
        <span className={css.label}>{label}</span>
        {number !== null && number.count > 0 && (
          <span
            className={css.count}
            {...(number.alarm ? { "data-alarm": "" } : {})}
            title={number.more ? `more than ${formatNumber(number.count)}` : undefined}
          >
            {formatCompact(number.count)}
            {number.more ? "+" : ""}
          </span>
        )}
      </Link>
    </Tooltip>
  );
}

export function BottomBar() {
  const items = useNav();
  const tabs = items.filter(({ phone }) => phone === true).slice(0, 4);
  const rest = items.filter((item) => !tabs.includes(item));
  return (
    <nav className={css.bottom} aria-label="Main">
      {tabs.map(({ to, label, icon: Icon }) => (
        <Link key={to} to={to} className={css.tab}>
          <Icon size={20} strokeWidth={1.75} aria-hidden />
          {label}
        </Link>
      ))}
      <Menu position="top-end" width={200}>
        <Menu.Target>
          <button type="button" className={css.tab}>
            <Ellipsis size={20} strokeWidth={1.75} aria-hidden />
            More
          </button>
        </Menu.Target>
        <Menu.Dropdown>
          {rest.map(({ to, label, icon: Icon }) => (
            <Menu.Item key={to} component={Link} to={to} leftSection={<Icon size={16} strokeWidth={1.75} />}>
              {label}
            </Menu.Item>
          ))}
        </Menu.Dropdown>
      </Menu>
    </nav>
  );
}
