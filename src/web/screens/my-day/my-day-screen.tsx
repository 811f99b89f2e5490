/** My day: worked from top to bottom with four keys a lead. What is finished goes at once, and the next comes by itself. */
import { Button } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { getRouteApi, useNavigate } from "@tanstack/react-router";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState } from "react";
import { query, queryClient, refresh } from "../../api/query.ts";
import { toast, wordsOf } from "../../app/toasts.tsx";
import { useCan, useSession } from "../../app/session.tsx";
import { useKeys } from "../../keys/keys.ts";
import { useNow } from "../../parts/lead-parts.tsx";
import { Screen } from "../../parts/screen.tsx";
import { Bones, Refused } from "../../parts/states.tsx";
import { prefetchLead } from "../lead/lead-writes.ts";
import type { Finished } from "../lead/step-form.tsx";
import { leaveTrail } from "../lead/trail.ts";
import { useReturnReasons } from "../lead/reason-choices.tsx";
import { mayReturn } from "../lead/words.ts";
import { finishStep, snoozeStep } from "../lead/use-steps.ts";
import { DayHead, NothingDue } from "./day-head.tsx";
import { DayList } from "./day-list.tsx";
import { DayPane } from "./day-pane.tsx";
import { type Day, type DayRow, rowsOf, staysAfter } from "./day-rows.ts";
import { mayAskForEverybody, useEverybodyLate } from "./everybody.ts";
import css from "./my-day.module.css";

const OwnTaskDialog = lazy(async () => ({ default: (await import("../lead/lead-dialogs.tsx")).OwnTaskDialog }));
const LaterDialog = lazy(async () => ({ default: (await import("../lead/later-dialog.tsx")).LaterDialog }));
const AssignDialog = lazy(async () => ({ default: (await import("../lead/lead-dialogs.tsx")).AssignDialog }));
const ReturnDialog = lazy(async () => ({ default: (await import("../lead/return-dialog.tsx")).ReturnDialog }));
const MailComposer = lazy(async () => ({ default: (await import("../lead/mail-composer.tsx")).MailComposer }));

const route = getRouteApi("/shell/my-day");

export function MyDayScreen() {
  const { of } = route.useSearch();
  const everybody = of === "all";
  const own = useQuery({ ...query("myDay", { query: of === undefined || everybody ? {} : { user: of } }), enabled: !everybody });
  const late = useEverybodyLate(everybody);
  const from = everybody ? late : own;
  const [adding, setAdding] = useState(false);
  const can = useCan();
  const navigate = useNavigate({ from: "/my-day" });
  const toggle = (): unknown => navigate({ search: everybody ? {} : { of: "all" } });
  const { role } = useSession().user;
  useKeys(
    mayAskForEverybody(role)
      ? [{ keys: "o", label: everybody ? "My own day" : "Everybody's overdue steps", scope: "This screen", command: true, run: toggle }]
      : [],
  );
  useKeys(can("tasks.edit") ? [{ keys: "t", label: "New reminder", scope: "This screen", command: true, run: () => setAdding(true) }] : []);
  return (
    <Screen
      title="My day"
      actions={
        can("tasks.edit") ? (
          <Button onClick={() => setAdding(true)} aria-keyshortcuts="t" className={css.add}>
            New reminder <kbd>T</kbd>
          </Button>
        ) : undefined
      }
    >
      {from.data === undefined ? (
        from.error === null ? (
          <Bones rows={10} />
        ) : (
          <Refused error={from.error} retry={() => void from.refetch()} />
        )
      ) : (
        <DayBoard key={everybody ? "all" : "own"} day={from.data} everybody={everybody} onAdd={() => setAdding(true)} />
      )}
      <Suspense fallback={null}>{adding && <OwnTaskDialog leadId={null} task={null} onClose={() => setAdding(false)} />}</Suspense>
    </Screen>
  );
}

const NO_STEP = { id: "", title: "" };

type Open = { readonly kind: "step"; readonly result?: string } | { readonly kind: "mail" | "plan" | "assign" | "return" | "later" } | null;

function DayBoard({ day, everybody, onAdd }: { readonly day: Day; readonly everybody: boolean; readonly onAdd: () => void }) {
  const { at } = route.useSearch();
  const navigate = useNavigate({ from: "/my-day" });
  const can = useCan();
  const now = useNow();
  const narrow = useMediaQuery("(max-width: 960px)") === true;
  const [gone, setGone] = useState<ReadonlySet<string>>(new Set());
  const [open, setOpen] = useState<Open>(null);
  const [shown, setShown] = useState(at !== undefined);
  const rows = useMemo(() => rowsOf(day, gone), [day, gone]);
  const [chosen, setChosen] = useState(at);
  const index = Math.max(
    0,
    rows.findIndex(({ id }) => id === chosen),
  );
  const current = rows[index];
  const leadId = current?.leadId ?? null;
  const steps = useQuery({ ...query("listLeadTasks", { params: { id: leadId ?? "" } }), enabled: leadId !== null }).data?.items;
  const step = steps?.find(({ id }) => id === current?.task?.id) ?? null;
  const lead = useQuery({ ...query("getLead", { params: { id: leadId ?? "" } }), enabled: leadId !== null }).data;
  // What the next keys will show is loaded before they are pressed.
  const near = [rows[index + 1], rows[index + 2], rows[index - 1]].flatMap((row) => row?.leadId ?? []).join(" ");
  useEffect(() => {
    for (const id of near.split(" ").filter((one) => one !== "")) {
      prefetchLead(id);
      void queryClient.prefetchQuery(query("readTimeline", { params: { id }, query: { limit: 12, groups: "web,mail,calls,notes" } }));
    }
  }, [near]);
  // What came back, as after an undo, is shown again once the day says so.
  useEffect(() => setGone((old) => (old.size === 0 ? old : new Set([...old].filter((id) => recently.has(id))))), [day]);

  const go = (row: DayRow | undefined): void => {
    if (row === undefined) return;
    setChosen(row.id);
    setOpen(null);
    setShown(true);
    void navigate({ search: (old) => ({ ...old, at: row.id }), replace: true });
  };
  const drop = (row: DayRow): void => {
    setGone((old) => new Set([...old, row.id]));
    const next = rows[index + 1] ?? rows[index - 1];
    setOpen(null);
    if (next === undefined) return setShown(false);
    setChosen(next.id);
    void navigate({ search: (old) => ({ ...old, at: next.id }), replace: true });
  };
  /** The lead went back or to somebody else: what goes with it goes at once, what stays is passed over. */
  const leave = (row: DayRow, what: "return" | "assign"): void => {
    if (!staysAfter(what, row)) return drop(row);
    const next = rows[index + 1];
    return next === undefined ? setOpen(null) : go(next);
  };
  const bring = (row: DayRow): void => {
    recently.delete(row.id);
    setGone((old) => new Set([...old].filter((id) => id !== row.id)));
  };
  /** At once for the eye; when the server refuses, it comes back with what was typed. */
  const send = (row: DayRow, write: () => Promise<unknown>, form: boolean): void => {
    recently.add(row.id);
    drop(row);
    write()
      .catch((error: unknown) => {
        bring(row);
        toast({
          text: `${row.task?.title ?? "This"}, ${row.lead?.name ?? ""}: ${wordsOf(error)}`,
          tone: "problem",
          stays: 15_000,
          action: {
            label: "Open again",
            run: () => {
              go(row);
              if (form) setOpen({ kind: "step" });
            },
          },
        });
      })
      .finally(() => {
        recently.delete(row.id);
        refresh("myDay", "listTasks");
      });
  };
  const finish = async (row: DayRow, finished: Finished): Promise<void> => {
    const { task, leadId } = row;
    if (task === null) return;
    // A form that may be refused for what stands in it is waited for; the rest is done at once.
    if (task.form) {
      await finishStep(task, leadId, finished);
      drop(row);
      return;
    }
    const kept = new Promise<void>((resolve, reject) =>
      send(
        row,
        () =>
          finishStep(task, leadId, finished).then(resolve, (error: unknown) => {
            reject(error);
            throw error;
          }),
        true,
      ),
    );
    return kept;
  };
  const openStep = (row: DayRow, result?: string): unknown => {
    if (row.task === null) return setOpen({ kind: "plan" });
    if (row.task.kind === "mail" && row.leadId !== null && can("mail.send")) return setOpen({ kind: "mail" });
    setShown(true);
    return setOpen({ kind: "step", ...(result === undefined ? {} : { result }) });
  };
  useReturnReasons(can("leads.move"));
  const give = (row: DayRow): void => {
    const end = row.task?.results.find(({ needsReason }) => needsReason);
    if (end === undefined) return setOpen({ kind: "return" });
    openStep(row, end.id);
  };
  useKeys([
    { keys: "j", label: "Down", scope: "This screen", run: () => go(rows[Math.min(index + (chosen === undefined ? 0 : 1), rows.length - 1)]) },
    { keys: "k", label: "Up", scope: "This screen", run: () => go(rows[Math.max(0, index - 1)]) },
    { keys: "ArrowDown", label: "Down", scope: "This screen", hidden: true, run: () => go(rows[Math.min(index + 1, rows.length - 1)]) },
    { keys: "ArrowUp", label: "Up", scope: "This screen", hidden: true, run: () => go(rows[Math.max(0, index - 1)]) },
    ...(current === undefined
      ? []
      : ([
          ...(can("tasks.complete") ? [{ keys: "e", label: "Do the step", scope: "This screen", command: true, run: () => openStep(current) } as const] : []),
          ...(current.task !== null && can("tasks.edit")
            ? [{ keys: "z", label: "Put off", scope: "This screen", command: true, run: () => setOpen({ kind: "later" }) } as const]
            : []),
          ...(current.lead !== null && mayReturn(current.lead.stage) && can("leads.move")
            ? [{ keys: "r", label: "Return to marketing", scope: "This screen", command: true, run: () => give(current) } as const]
            : []),
          ...(leadId !== null && can("leads.assign")
            ? [{ keys: "a", label: "Assign", scope: "This screen", command: true, run: () => setOpen({ kind: "assign" }) } as const]
            : []),
          {
            keys: "Enter",
            label: "Open the lead",
            scope: "This screen",
            run: () => {
              if (leadId === null) return false;
              const ids = [...new Set(rows.flatMap((row) => row.leadId ?? []))];
              leaveTrail({ label: "My day", from: `/my-day?at=${current.id}`, ids, first: 0, count: ids.length, next: null, previous: null, query: null });
              return navigate({ to: "/leads/$leadId", params: { leadId }, search: {} });
            },
          },
        ] as const)),
  ]);
  const paneShown = current !== undefined && (!narrow || shown);
  return (
    <div className={css.wrap} data-pane={narrow && paneShown ? "" : undefined}>
      <div className={css.list} role="region" aria-label="My day">
        <DayHead day={day} rows={rows} now={now} everybody={everybody} />
        {rows.length === 0 ? (
          <NothingDue day={day} everybody={everybody} onAdd={onAdd} />
        ) : (
          <DayList owners={everybody} day={day} rows={rows} current={current} now={now} onChoose={go} />
        )}
      </div>
      {paneShown && current !== undefined && (
        <DayPane
          key={current.id}
          row={current}
          step={step}
          opened={open?.kind === "step" ? open : null}
          onOpen={() => openStep(current)}
          onClose={() => setOpen(null)}
          onFinish={(finished) => finish(current, finished)}
          onSnooze={() => setOpen({ kind: "later" })}
          onReturn={() => give(current)}
          onAssign={() => setOpen({ kind: "assign" })}
          onBack={() => setShown(false)}
        />
      )}
      <Suspense fallback={null}>
        {current !== undefined && lead !== undefined && open?.kind === "mail" && (
          <MailComposer lead={lead} step={current.task} onClose={() => setOpen(null)} onSent={() => drop(current)} />
        )}
        {current?.task !== null && current !== undefined && open?.kind === "later" && (
          <LaterDialog
            title={`Put off: ${current.task.title}`}
            onClose={() => setOpen(null)}
            onChoose={(until) => send(current, () => refusedThrows(snoozeStep(current.task ?? NO_STEP, until)), false)}
          />
        )}
        {current !== undefined && open?.kind === "plan" && <OwnTaskDialog leadId={leadId} task={null} onClose={() => setOpen(null)} />}
        {lead !== undefined && open?.kind === "assign" && (
          <AssignDialog lead={lead} onClose={() => setOpen(null)} onDone={() => current !== undefined && !everybody && leave(current, "assign")} />
        )}
        {lead !== undefined && open?.kind === "return" && (
          <ReturnDialog lead={lead} onClose={() => setOpen(null)} onDone={() => current !== undefined && leave(current, "return")} />
        )}
      </Suspense>
    </div>
  );
}

/** Done, but not yet answered: the day may still name them. */
const recently = new Set<string>();

/** `snoozeStep` says itself what went wrong. */
async function refusedThrows(done: Promise<boolean>): Promise<void> {
  if (!(await done)) throw new Error("It was not put off.");
}
