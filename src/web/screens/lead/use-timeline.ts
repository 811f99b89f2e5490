/** The timeline of a lead, loaded page by page towards what is older; what changes is asked again by the same keys as other reads. */
import { type InfiniteData, infiniteQueryOptions, useInfiniteQuery } from "@tanstack/react-query";
import { call, type Out } from "../../api/call.ts";
import type { TimelineItem } from "./lead-writes.ts";

export const SHOWS = ["all", "web", "mail", "calls", "changes", "notes"] as const;
export type Show = (typeof SHOWS)[number];

/** What a filter shows: tasks stand with the changes. */
const GROUPS: Readonly<Record<Show, string | undefined>> = {
  all: undefined,
  web: "web",
  mail: "mail",
  calls: "calls",
  changes: "changes,tasks",
  notes: "notes",
};

type Page = Out<"readTimeline">;

/** How the timeline is asked for; whoever loads it ahead asks the same. With a `facet`: only touches that count for it, whatever else is shown. */
export function timelineOf(leadId: string, show: Show, facet?: string) {
  const groups = GROUPS[show];
  const only = facet !== undefined ? { facet } : groups === undefined ? {} : { groups };
  return infiniteQueryOptions<Page, Error, InfiniteData<Page>, readonly unknown[], string | null>({
    queryKey: ["readTimeline", { params: { id: leadId } }, "pages", groups ?? "", facet ?? ""],
    initialPageParam: null,
    queryFn: ({ pageParam, signal }) =>
      call("readTimeline", {
        params: { id: leadId },
        query: { ...only, ...(pageParam === null ? { limit: 50 } : { cursor: pageParam, limit: 200 }) },
        signal,
      }),
    getNextPageParam: ({ nextCursor }) => nextCursor,
  });
}

export function useTimeline(leadId: string, show: Show, facet?: string) {
  const from = useInfiniteQuery(timelineOf(leadId, show, facet));
  const items: readonly TimelineItem[] = from.data?.pages.flatMap(({ items }) => items) ?? [];
  return { ...from, items };
}

/** Which lines contain these words. */
export function linesWith(items: readonly TimelineItem[], words: string): readonly TimelineItem[] {
  const parts = fold(words)
    .split(/\s+/)
    .filter((part) => part !== "");
  if (parts.length === 0) return items;
  return items.filter((item) => {
    const text = fold(
      [
        item.what,
        item.by?.name,
        item.why,
        item.detail,
        ...item.changes.flatMap(({ label, from, to }) => [label, from, to]),
        ...Object.values(item.data).filter((value) => typeof value === "string"),
      ].join(" "),
    );
    return parts.every((part) => text.includes(part));
  });
}

function fold(text: string): string {
  return text.normalize("NFD").replaceAll(/\p{M}/gu, "").toLowerCase();
}
