/** The bin: leads that were deleted, by whom, why and when, and the way back for one or many. */
import { Button, Checkbox } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import { toast, toastProblem, wordsOf } from "../../app/toasts.tsx";
import { counted, leadName } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { StageTag, When } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import table from "../../parts/table.module.css";
import { LEAD_READS } from "../leads/undo.ts";
import css from "./bin.module.css";

type Binned = Out<"listBin">["items"][number];

/** Requests under way at once. */
const AT_ONCE = 4;

export function BinScreen() {
  const list = useInfiniteQuery({
    queryKey: ["listBin", { pages: true }],
    queryFn: ({ pageParam, signal }) => call("listBin", { query: { limit: 100, ...(pageParam === null ? {} : { cursor: pageParam }) }, signal }),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.nextCursor,
  });
  const items = useMemo(() => list.data?.pages.flatMap((page) => page.items) ?? [], [list.data]);
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const [at, setAt] = useState(-1);
  const [busy, setBusy] = useState(false);
  const chosen = items.filter(({ lead }) => marked.has(lead.id));
  const toggle = (id: string): void => setMarked((old) => new Set(old.has(id) ? [...old].filter((one) => one !== id) : [...old, id]));

  const restore = async (which: readonly Binned[]): Promise<void> => {
    if (which.length === 0 || busy) return;
    setBusy(true);
    const done: { readonly id: string; readonly undo: number | null }[] = [];
    const failed: unknown[] = [];
    await inTurns(which, async ({ lead }) => {
      try {
        const answer = await call("restoreLead", { params: { id: lead.id } });
        done.push({ id: lead.id, undo: "undo" in answer ? answer.undo : null });
      } catch (error) {
        failed.push(error);
      }
    });
    setBusy(false);
    setMarked((old) => new Set([...old].filter((id) => !done.some((one) => one.id === id))));
    refresh("listBin", ...LEAD_READS);
    if (failed.length > 0) toast({ text: `${counted(failed.length, "lead")} could not be restored. ${wordsOf(failed[0])}`, tone: "problem", stays: 9000 });
    const [first] = which;
    if (done.length > 0)
      toast({
        text: done.length === 1 && first !== undefined && which.length === 1 ? `${leadName(first.lead)} is back` : `${counted(done.length, "lead")} are back`,
        undo: async () => {
          await inTurns(done, async ({ id, undo }) => {
            if (undo !== null) await call("undoLead", { params: { id }, body: { number: undo } });
          });
          refresh("listBin", ...LEAD_READS);
        },
      });
  };
  const row = items[at];
  useKeys([
    { keys: "j", label: "Down", scope: "Lists", run: () => setAt(Math.min(items.length - 1, at + 1)) },
    { keys: "k", label: "Up", scope: "Lists", run: () => setAt(Math.max(0, at - 1)) },
    { keys: "x", label: "Select", scope: "Lists", run: () => (row === undefined ? false : toggle(row.lead.id)) },
    {
      keys: "r",
      label: "Restore",
      scope: "This screen",
      command: true,
      run: () => void restore(chosen.length > 0 ? chosen : row === undefined ? [] : [row]).catch(toastProblem),
    },
  ]);
  const all = items.length > 0 && chosen.length === items.length;
  return (
    <Screen
      title="Bin"
      padded
      actions={
        chosen.length > 0 ? (
          <Button variant="filled" loading={busy} onClick={() => void restore(chosen)} aria-keyshortcuts="r">
            Restore {counted(chosen.length, "lead")} <kbd className={css.key}>{keyLabel("r")}</kbd>
          </Button>
        ) : undefined
      }
    >
      {list.data === undefined && (list.error === null ? <Bones /> : <Refused error={list.error} retry={() => void list.refetch()} />)}
      {list.data !== undefined && items.length === 0 && (
        <EmptyState
          title="The bin is empty"
          actions={
            <Button component={Link} to="/leads">
              Go to Leads
            </Button>
          }
        >
          Leads that are deleted wait here with everything they have, until they are restored or come in again.
        </EmptyState>
      )}
      {items.length > 0 && (
        <>
          <table className={`${table.plain} ${css.bin}`}>
            <thead>
              <tr>
                <th>
                  <Checkbox
                    aria-label="Select all that are shown"
                    checked={all}
                    indeterminate={chosen.length > 0 && !all}
                    onChange={() => setMarked(all ? new Set() : new Set(items.map(({ lead }) => lead.id)))}
                  />
                </th>
                <th>Lead</th>
                <th>Company</th>
                <th>Stage</th>
                <th>Deleted</th>
                <th>By</th>
                <th>Why</th>
                <th>
                  <span className="out">Restore</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {items.map((one, i) => (
                <Row key={one.lead.id} one={one} at={i === at} marked={marked.has(one.lead.id)} onMark={toggle} onRestore={() => void restore([one])} />
              ))}
            </tbody>
          </table>
          {list.hasNextPage && (
            <Button variant="subtle" loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
              Show more
            </Button>
          )}
        </>
      )}
    </Screen>
  );
}

type RowProps = { readonly one: Binned; readonly at: boolean; readonly marked: boolean; readonly onMark: (id: string) => void; readonly onRestore: () => void };

function Row({ one: { lead, deletedAt, by, reason }, at, marked, onMark, onRestore }: RowProps) {
  const name = leadName(lead);
  return (
    <tr data-at={at || undefined} aria-current={at || undefined}>
      <td>
        <Checkbox aria-label={`Select ${name}`} checked={marked} onChange={() => onMark(lead.id)} />
      </td>
      <td>
        <Link to="/leads/$leadId" params={{ leadId: lead.id }} className={css.name}>
          {name}
        </Link>
        <span className={css.phone}>
          {by.name}, <When at={deletedAt} />
          {reason !== null && <>: {reason}</>}
        </span>
      </td>
      <td className={css.wide}>{companyOf(lead)}</td>
      <td className={css.wide}>
        <StageTag stage={lead.stage} />
      </td>
      <td className={css.wide}>
        <When at={deletedAt} />
      </td>
      <td className={css.wide}>{by.name}</td>
      <td className={`${css.wide} ${css.why}`}>{reason ?? <span className="mut">no reason given</span>}</td>
      <td className={table.right}>
        <Button onClick={onRestore} aria-label={`Restore ${name}`}>
          Restore
        </Button>
      </td>
    </tr>
  );
}

function companyOf(lead: Binned["lead"]): string {
  const { company } = lead as { readonly company?: unknown };
  return typeof company === "string" ? company : typeof company === "object" && company !== null && "name" in company ? String(company.name) : "";
}

/** One after another, a few at a time. */
async function inTurns<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const worker = async (): Promise<void> => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) await run(next);
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
}
