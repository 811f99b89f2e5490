/** Everything that happened to a lead, in one stream: filters, find, older on scroll, a link for every line. */
import { Button } from "@mantine/core";
import { useNavigate } from "@tanstack/react-router";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type RefObject, useEffect, useRef, useState } from "react";
import { useRead } from "../../api/query.ts";
import { useKeys } from "../../keys/keys.ts";
import { counted } from "../../format/format.ts";
import { usePrinting } from "../../parts/printing.ts";
import { Bones, Refused } from "../../parts/states.tsx";
import css from "./lead.module.css";
import score from "./score-panel.module.css";
import { MailAttention } from "./mail-attention.tsx";
import { TimelineLine } from "./timeline-line.tsx";
import { linesWith, type Show, SHOWS, useTimeline } from "./use-timeline.ts";
import { WriteBox, type WriteBoxProps } from "./write-box.tsx";

const LABELS: Readonly<Record<Show, string>> = { all: "All", web: "Web", mail: "Mail", calls: "Calls", changes: "Changes", notes: "Notes" };
/** So many lines are searched by themselves; further ones on a press. */
const SEARCHED = 2000;

export type TimelineProps = {
  readonly leadId: string;
  readonly show: Show;
  readonly item: string | undefined;
  /** Only touches that count for this. */
  readonly facet: string | undefined;
  /** What scrolls: the column, or on a phone the page. */
  readonly scroller: RefObject<HTMLElement | null>;
  /** Null: one may not write. */
  readonly write: Omit<WriteBoxProps, "leadId"> | null;
};

export function Timeline({ leadId, show, item, facet, scroller, write }: TimelineProps) {
  const navigate = useNavigate({ from: "/leads/$leadId" });
  const timeline = useTimeline(leadId, show, facet);
  const [finding, setFinding] = useState(false);
  const [words, setWords] = useState("");
  const find = useRef<HTMLInputElement>(null);
  const { items, hasNextPage, isFetchingNextPage, fetchNextPage } = timeline;
  const lines = linesWith(items, finding ? words : "");
  const top = useRef<HTMLDivElement>(null);
  const list = useVirtualizer({
    count: lines.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 34,
    overscan: 12,
    getItemKey: (index) => lines[index]?.id ?? index,
    scrollMargin: top.current?.offsetTop ?? 0,
  });
  const printing = usePrinting();
  const shown = printing ? lines.map(({ id }, index) => ({ index, key: id, start: 0 })) : list.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  const searching = finding && words.trim() !== "" && hasNextPage && items.length < SEARCHED;
  const wanted = item !== undefined && hasNextPage && items.length < SEARCHED && !items.some(({ id }) => id === item);
  useEffect(() => {
    if (!isFetchingNextPage && hasNextPage && (searching || wanted || last >= lines.length - 8)) void fetchNextPage();
  }, [last, lines.length, hasNextPage, isFetchingNextPage, searching, wanted, fetchNextPage]);
  const place = item === undefined ? -1 : lines.findIndex(({ id }) => id === item);
  const went = useRef<string | undefined>(undefined);
  useEffect(() => {
    if (place === -1 || went.current === item) return;
    went.current = item;
    list.scrollToIndex(place, { align: "center" });
  }, [place, item, list]);
  useKeys([
    {
      keys: "/",
      label: "Find in the timeline",
      scope: "Lead",
      run: () => {
        setFinding(true);
        setTimeout(() => find.current?.focus());
      },
    },
  ]);
  return (
    <section aria-label="Timeline" className={css.timeline}>
      <div className={css.timelineHead} id="timeline-head">
        <div className={css.shows} role="group" aria-label="What the timeline shows">
          {SHOWS.map((one) => (
            <button
              key={one}
              type="button"
              aria-pressed={one === show && facet === undefined}
              onClick={() => void navigate({ search: (old) => ({ ...old, show: one === "all" ? undefined : one, facet: undefined }), replace: true })}
            >
              {LABELS[one]}
            </button>
          ))}
        </div>
        {finding ? (
          <input
            ref={find}
            className={css.find}
            type="search"
            aria-label="Find in the timeline"
            placeholder="Find…"
            value={words}
            onChange={(event) => setWords(event.currentTarget.value)}
            onKeyDown={(event) => {
              if (event.key !== "Escape") return;
              setFinding(false);
              setWords("");
            }}
          />
        ) : (
          <button type="button" className={css.inlineButton} onClick={() => setFinding(true)}>
            Find <kbd>/</kbd>
          </button>
        )}
      </div>
      {facet !== undefined && (
        <OnlyFacet leadId={leadId} facet={facet} onClear={() => void navigate({ search: (old) => ({ ...old, facet: undefined }), replace: true })} />
      )}
      {write !== null && <WriteBox leadId={leadId} {...write} />}
      {facet === undefined && (show === "all" || show === "notes") && <Pinned leadId={leadId} />}
      <MailAttention leadId={leadId} items={items} />
      {finding && words.trim() !== "" && (
        <p className={css.found} aria-live="polite">
          {counted(lines.length, "line")} of {items.length}
          {searching ? ", looking further back…" : hasNextPage ? "" : ", all searched"}
        </p>
      )}
      <div ref={top} className={css.lines} style={{ height: list.getTotalSize() }}>
        {shown.map(({ index, key, start }) => {
          const line = lines[index];
          if (line === undefined) return null;
          return (
            <div key={key} ref={list.measureElement} data-index={index} style={{ transform: `translateY(${start - list.options.scrollMargin}px)` }}>
              <TimelineLine item={line} leadId={leadId} marked={line.id === item} />
            </div>
          );
        })}
      </div>
      {timeline.isPending && <Bones rows={8} />}
      {timeline.error !== null && items.length === 0 && <Refused error={timeline.error} retry={() => void timeline.refetch()} />}
      {!timeline.isPending && timeline.error === null && lines.length === 0 && !searching && (
        <p className={css.nothing}>
          {finding && words.trim() !== ""
            ? "Nothing says that. Fewer words find more."
            : show === "all"
              ? "Nothing has happened yet."
              : "Nothing of this kind has happened yet."}
        </p>
      )}
      {hasNextPage && !isFetchingNextPage && !searching && lines.length > 0 && last >= lines.length - 8 && (
        <Button variant="subtle" onClick={() => void fetchNextPage()}>
          Older
        </Button>
      )}
    </section>
  );
}

/** What a line of the score stands on, and the way back to everything. */
function OnlyFacet({ leadId, facet, onClear }: { readonly leadId: string; readonly facet: string; readonly onClear: () => void }) {
  const lines = useRead("explainLeadScore", { params: { id: leadId } }).data?.lines ?? [];
  const behind = lines.find((line) => line.behind.facet === facet)?.behind;
  return (
    <p className={score.only} role="status">
      Only <b>{behind?.label ?? facet}</b>
      <button type="button" className={css.inlineButton} onClick={onClear}>
        Show everything
      </button>
    </p>
  );
}

function Pinned({ leadId }: { readonly leadId: string }) {
  const pinned = (useRead("listLeadNotes", { params: { id: leadId } }).data?.items ?? []).filter((note) => note.pinned);
  if (pinned.length === 0) return null;
  return (
    <ul className={css.pinned} aria-label="Pinned notes">
      {pinned.map(({ id, text, by }) => (
        <li key={id}>
          {text} <span className="mut">{by.name}</span>
        </li>
      ))}
    </ul>
  );
}
