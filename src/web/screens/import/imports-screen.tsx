/** Imports: a place to drop a file, and every import there was, with who, when and what came of it. */
import { Button } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useRouter } from "@tanstack/react-router";
import { useMemo } from "react";
import { call, type Out } from "../../api/call.ts";
import { useKeys } from "../../keys/keys.ts";
import { formatNumber } from "../../format/format.ts";
import { When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import { leadsOfImport } from "./import-links.ts";
import { ImportState } from "./import-state.tsx";
import css from "./import.module.css";
import { DropZone, useUpload } from "./upload.tsx";

type Summary = Out<"listImports">["items"][number];

export function ImportsScreen() {
  const router = useRouter();
  const open = (id: string): void => void router.navigate({ to: "/import/$importId", params: { importId: id } });
  const upload = useUpload(open);
  const list = useInfiniteQuery({
    queryKey: ["listImports", { pages: true }],
    queryFn: ({ pageParam, signal }) => call("listImports", { query: { limit: 50, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  useKeys([{ keys: "n", label: "Import a file", scope: "This screen", command: true, run: upload.choose }]);
  return (
    <Screen
      title="Import"
      padded
      actions={
        items.length > 0 ? (
          <Button variant="filled" onClick={upload.choose} aria-keyshortcuts="n">
            Import a file
          </Button>
        ) : undefined
      }
    >
      <DropZone upload={upload} large={items.length === 0} />
      {list.data === undefined && list.error === null && <Bones />}
      {list.error !== null && list.data === undefined && <Refused error={list.error} retry={() => void list.refetch()} />}
      {items.length > 0 && (
        <section aria-label="Imports" className={css.list}>
          <table className={`${table.plain} ${css.imports}`}>
            <thead>
              <tr>
                <th>File</th>
                <th>State</th>
                <th>By</th>
                <th>When</th>
                <th className={table.right}>Rows</th>
                <th className={table.right}>Created</th>
                <th className={table.right}>Updated</th>
                <th className={table.right}>Unchanged</th>
                <th className={table.right}>Rejected</th>
              </tr>
            </thead>
            <tbody>
              {items.map((one) => (
                <ImportRow key={one.id} one={one} />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show older imports
            </Button>
          )}
        </section>
      )}
    </Screen>
  );
}

function Behind({ one: { id, counts, dryRun }, outcome, words }: { readonly one: Summary; readonly outcome: "updated" | "skipped"; readonly words: string }) {
  const number = formatNumber(counts[outcome]);
  if (counts[outcome] === 0 || dryRun) return number;
  return (
    <Link to="/import/$importId" params={{ importId: id }} search={{ show: outcome }} aria-label={`${number} ${words}: show them`}>
      {number}
    </Link>
  );
}

function ImportRow({ one }: { readonly one: Summary }) {
  const { id, name, by, createdAt, startedAt, counts, state, progress } = one;
  const counted = state !== "draft";
  const rows = state === "draft" ? progress.total : ["running", "paused", "queued"].includes(state) ? progress.done : counts.rows;
  return (
    <tr>
      <td>
        <Link to="/import/$importId" params={{ importId: id }} className={css.file} title={name}>
          {name}
        </Link>
        <span className={css.tags}>
          {one.history ? " history" : ""}
          {one.dryRun ? " dry run" : ""}
        </span>
      </td>
      <td>
        <ImportState one={one} />
      </td>
      <td className={css.wide}>{by.name ?? (by.actor === "cli" ? "Command line" : "—")}</td>
      <td>
        <When at={startedAt ?? createdAt} />
      </td>
      <td className={`${table.right} num`}>{rows === null ? "—" : formatNumber(rows)}</td>
      <td className={`${table.right} num`}>
        {!counted ? (
          "—"
        ) : counts.created > 0 && !one.dryRun ? (
          <Link to="/leads" search={leadsOfImport(id)} aria-label={`${formatNumber(counts.created)} created: show them`}>
            {formatNumber(counts.created)}
          </Link>
        ) : (
          formatNumber(counts.created)
        )}
      </td>
      <td className={`${table.right} num ${css.wide}`}>{counted ? <Behind one={one} outcome="updated" words="updated" /> : "—"}</td>
      <td className={`${table.right} num ${css.wide}`}>{counted ? <Behind one={one} outcome="skipped" words="unchanged" /> : "—"}</td>
      <td className={`${table.right} num ${css.wide}`}>
        {!counted ? (
          "—"
        ) : one.hasErrorFile ? (
          <Link to="/import/$importId" params={{ importId: id }} className="late" aria-label={`${formatNumber(counts.rejected)} rejected: see why`}>
            {formatNumber(counts.rejected)}
          </Link>
        ) : (
          formatNumber(counts.rejected)
        )}
      </td>
    </tr>
  );
}
