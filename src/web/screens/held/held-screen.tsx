/** Held inputs: what came in and waits for a person, the reason beside it, and what to do about it in two keys. */
import { SegmentedControl } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useEffect, useMemo, useRef } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { useKeys } from "../../keys/keys.ts";
import { When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import css from "./held.module.css";
import { HeldInput } from "./held-input.tsx";
import { fromWords, type Held } from "./held-words.ts";

type State = Held["state"];

const route = getRouteApi("/shell/held");

const EMPTY: Readonly<Record<State, readonly [title: string, words: string]>> = {
  held: ["Nothing is held", "Whatever comes in and cannot be processed, or looks like spam, waits here with the reason. Nothing is dropped."],
  replayed: ["Nothing was sent through again yet", "Held inputs that were mended or released are listed here, with the lead they became."],
  dismissed: ["Nothing was dismissed yet", "What was dismissed is kept here, with who did it and why."],
};

export function HeldScreen() {
  const { is: state = "held", at } = route.useSearch();
  const navigate = useNavigate({ from: "/held" });
  const phone = useMediaQuery("(max-width: 900px)") === true;
  const alarm = useRead("countHeld").data?.alarm ?? null;
  const list = useInfiniteQuery({
    queryKey: ["listHeld", { state }],
    queryFn: ({ pageParam, signal }) => call("listHeld", { query: { state, limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const place = items.findIndex(({ id }) => id === at);
  const shown = items[place] ?? (phone || at !== undefined ? undefined : items[0]);
  // What is mended or dismissed leaves the list; the one that came after it is shown next.
  const last = useRef(0);
  if (place >= 0) last.current = place;
  useEffect(() => {
    if (at === undefined || place >= 0 || list.isFetching || list.data === undefined) return;
    const next = phone ? undefined : items[Math.min(last.current, items.length - 1)]?.id;
    void navigate({ replace: true, search: (old) => ({ ...old, at: next }) });
  }, [at, place, list.isFetching, list.data, items, phone, navigate]);

  const show = (id: string | undefined): void => void navigate({ replace: at !== undefined, search: (old) => ({ ...old, at: id }) });
  const step = (by: number): void => {
    const from = shown === undefined ? -1 : items.indexOf(shown);
    const next = items[Math.max(0, Math.min(items.length - 1, from + by))];
    if (next !== undefined) show(next.id);
    requestAnimationFrame(() => document.querySelector(`[data-held="${next?.id ?? ""}"]`)?.scrollIntoView({ block: "nearest" }));
  };
  useKeys([
    { keys: "j", label: "Next input", scope: "Lists", run: () => step(1) },
    { keys: "k", label: "Previous input", scope: "Lists", run: () => step(-1) },
  ]);
  const [title, words] = EMPTY[state];
  return (
    <Screen title="Held inputs">
      <div className={css.bar}>
        <SegmentedControl
          aria-label="Which inputs"
          value={state}
          onChange={(next) => void navigate({ search: next === "held" ? {} : { is: next as "replayed" } })}
          data={[
            { value: "held", label: "Waiting" },
            { value: "replayed", label: "Sent through" },
            { value: "dismissed", label: "Dismissed" },
          ]}
        />
      </div>
      {alarm !== null && state === "held" && (
        <p className={css.alarm} role="status">
          {alarm}
        </p>
      )}
      {list.data === undefined && (list.error === null ? <Bones /> : <Refused error={list.error} retry={() => void list.refetch()} />)}
      {list.data !== undefined && items.length === 0 && <EmptyState title={title}>{words}</EmptyState>}
      {items.length > 0 && (
        <div className={css.panes} data-open={(phone && shown !== undefined) || undefined}>
          <nav className={css.list} aria-label="Held inputs">
            <ul>
              {items.map((one) => (
                <li key={one.id}>
                  <button type="button" data-held={one.id} className={css.item} aria-current={one.id === shown?.id || undefined} onClick={() => show(one.id)}>
                    <span className={css.about}>
                      <b className="cut">{one.about}</b>
                      <span className="mut">
                        <When at={one.receivedAt} relative />
                      </span>
                    </span>
                    <span className={css.why}>{one.reason}</span>
                    <span className={css.from}>
                      <i data-cause={one.cause} aria-hidden />
                      {one.cause === "quarantine" ? "Looks like spam" : "Could not be processed"} · {fromWords(one)}
                    </span>
                  </button>
                </li>
              ))}
            </ul>
            {list.hasNextPage && (
              <button type="button" className={css.more} onClick={() => void list.fetchNextPage()}>
                Show older ones
              </button>
            )}
          </nav>
          {shown !== undefined && <HeldInput key={shown.id} held={shown} onBack={phone ? () => show(undefined) : undefined} />}
        </div>
      )}
    </Screen>
  );
}
