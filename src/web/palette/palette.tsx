/**
 * The palette: go anywhere, do anything, find anybody. Recent records first while nothing is typed; `>` asks for actions
 * only, `lead:`, `company:` and `deal:` for one kind of record.
 */
import { Modal } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { Building2, CornerDownLeft, Handshake, type LucideIcon, UserRound, Zap } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { query } from "../api/query.ts";
import { recentlyVisited, type Visited } from "../app/commands.ts";
import { useNav } from "../app/sidebar.tsx";
import { keyLabel, keysNow } from "../keys/keys.ts";
import css from "./palette.module.css";
import { matches, scopeOf } from "./scope.ts";
import { useCan } from "../app/session.tsx";
import { foundIn, SECTIONS } from "../screens/settings/sections.ts";

type Entry = {
  readonly id: string;
  readonly group: string;
  readonly label: string;
  readonly detail?: string;
  readonly icon: LucideIcon;
  readonly keys?: string;
  readonly run: () => void;
};

const RECORD = {
  lead: { icon: UserRound, to: (id: string) => `/leads/${id}`, group: "Leads" },
  company: { icon: Building2, to: (id: string) => `/companies/${id}`, group: "Companies" },
  opportunity: { icon: Handshake, to: (id: string) => `/pipeline/${id}`, group: "Opportunities" },
} as const;

export function Palette({ onClose }: { readonly onClose: () => void }) {
  const [typed, setTyped] = useState("");
  const [at, setAt] = useState(0);
  const { entries, busy } = useEntries(typed, onClose);
  const list = useRef<HTMLDivElement>(null);
  const current = Math.min(at, entries.length - 1);
  useEffect(() => {
    // In braces: newer browsers answer with a promise, which is no way to clean up.
    list.current?.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  }, [current]);
  return (
    <Modal opened onClose={onClose} title="Search or jump to" withCloseButton={false} padding={0} size={620} classNames={{ header: "out" }}>
      <input
        className={css.input}
        data-autofocus
        role="combobox"
        aria-expanded
        aria-controls="palette-list"
        aria-activedescendant={current < 0 ? undefined : `palette-${current}`}
        aria-label="Search or jump to"
        placeholder="Name, company, action…   > actions   lead: company: deal:"
        value={typed}
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          setAt(0);
        }}
        onKeyDown={(event) => {
          if (event.nativeEvent.isComposing) return;
          const step =
            event.key === "ArrowDown" || (event.ctrlKey && event.key === "n") ? 1 : event.key === "ArrowUp" || (event.ctrlKey && event.key === "p") ? -1 : 0;
          if (step !== 0 && entries.length > 0) {
            event.preventDefault();
            setAt((current + step + entries.length) % entries.length);
          } else if (event.key === "Enter") {
            event.preventDefault();
            entries[current]?.run();
          }
        }}
      />
      <div className={css.list} id="palette-list" role="listbox" aria-label="Found" aria-busy={busy} ref={list}>
        {entries.map((entry, i) => (
          <Row
            key={entry.id}
            entry={entry}
            first={entries[i - 1]?.group !== entry.group}
            selected={i === current}
            id={`palette-${i}`}
            onPoint={() => setAt(i)}
          />
        ))}
        {entries.length === 0 && <div className={css.none}>Nothing found. Fewer letters find more.</div>}
      </div>
    </Modal>
  );
}

function Row({
  entry,
  first,
  selected,
  id,
  onPoint,
}: {
  readonly entry: Entry;
  readonly first: boolean;
  readonly selected: boolean;
  readonly id: string;
  readonly onPoint: () => void;
}) {
  const { group, icon: Icon, label, detail, keys, run } = entry;
  return (
    <>
      {first && (
        <div className={css.group} role="presentation">
          {group}
        </div>
      )}
      <div className={css.row} role="option" id={id} aria-selected={selected} onPointerMove={selected ? undefined : onPoint} onClick={run}>
        <Icon size={15} strokeWidth={1.75} aria-hidden />
        <span className="cut">
          {label}
          {detail !== undefined && detail !== "" && <span className={css.detail}>{detail}</span>}
        </span>
        {keys !== undefined ? <kbd>{keyLabel(keys)}</kbd> : selected && <CornerDownLeft size={13} aria-hidden />}
      </div>
    </>
  );
}

function useEntries(typed: string, onClose: () => void): { readonly entries: readonly Entry[]; readonly busy: boolean } {
  const router = useRouter();
  const nav = useNav();
  const can = useCan();
  // What could be done when the palette opened: its own keys are not actions.
  const [actions] = useState(() => keysNow().filter(({ command }) => command === true));
  const { scope, text } = scopeOf(typed);
  const { items: found, busy } = useFound(scope === "actions" ? "" : text);
  const go = (to: string): (() => void) => {
    return () => {
      onClose();
      void router.navigate({ to });
    };
  };
  const record =
    (group: string) =>
    (hit: Visited): Entry => {
      const { icon, to } = RECORD[hit.type];
      return { id: `${group}-${hit.id}`, group, label: hit.title, detail: hit.detail, icon, run: go(to(hit.id)) };
    };
  const doing: readonly Entry[] = actions
    .filter(({ label }) => matches(label, text))
    .map(({ keys, label, run }) => ({
      id: `do-${keys}`,
      group: "Actions",
      label,
      icon: Zap,
      keys,
      run: () => {
        onClose();
        // The dialog gives the focus back first.
        setTimeout(() => run(new KeyboardEvent("keydown", { key: keys })), 0);
      },
    }));
  const going: readonly Entry[] = nav
    .filter(({ label }) => matches(label, text))
    .map(({ to, label, icon, key }) => ({ id: to, group: "Go to", label, icon, ...(key === undefined ? {} : { keys: `g ${key}` }), run: go(to) }));
  const setting: readonly Entry[] =
    text.length < 2
      ? []
      : SECTIONS.filter(({ access }) => can(access)).flatMap((section) => {
          const inside = foundIn(section, text);
          if (inside === null) return [];
          const { id, label, icon } = section;
          return [{ id: `setting-${id}`, group: "Settings", label, detail: inside.join(" · "), icon, run: go(`/settings/${id}`) }];
        });
  if (scope === "actions") return { entries: [...doing, ...going, ...setting], busy };
  if (text === "") return { entries: [...recentlyVisited().map(record("Recent")), ...(scope === null ? [...doing, ...going] : [])], busy };
  const hits = found.filter(({ type }) => scope === null || type === scope);
  const records = hits.map((hit) => record(scope === null ? "Found" : RECORD[hit.type].group)(hit));
  return { entries: scope === null ? [...records, ...doing, ...going, ...setting] : records, busy };
}

const NOTHING: readonly never[] = [];

/** The first letter is asked for at once, and while an answer is under way only the newest text waits for its turn. */
function useFound(text: string): { readonly items: readonly Visited[]; readonly busy: boolean } {
  const [asked, setAsked] = useState(text);
  const { data, isFetching } = useQuery({
    ...query("search", { query: { q: asked, limit: 12 } }),
    enabled: asked !== "",
    placeholderData: (old) => old,
    staleTime: 10_000,
  });
  if (asked !== text && !isFetching) setAsked(text);
  return { items: asked === "" ? NOTHING : (data?.items ?? NOTHING), busy: isFetching || asked !== text };
}
