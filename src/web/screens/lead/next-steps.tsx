/** What is to be done for this lead, by the process and by one's own plan. */
import { Button } from "@mantine/core";
import { Plus } from "lucide-react";
import { lazy, Suspense } from "react";
import { useRead } from "../../api/query.ts";
import { Loaded } from "../../parts/states.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import type { Lead, Task } from "./lead-writes.ts";
import { DoneSteps, StepCard } from "./step-card.tsx";

const OwnTaskDialog = lazy(async () => ({ default: (await import("./lead-dialogs.tsx")).OwnTaskDialog }));
const MailComposer = lazy(async () => ({ default: (await import("./mail-composer.tsx")).MailComposer }));

/** Which step stands open, and how; held by the screen, so that keys can set it. */
export type OpenStep =
  | { readonly task: string; readonly result?: string | undefined }
  | { readonly own: Task | "new" }
  | { readonly mail: string | null }
  | null;

export function openSteps(tasks: readonly Task[]): readonly Task[] {
  return tasks.filter(({ state }) => state === "open").toSorted((a, b) => a.dueAt.localeCompare(b.dueAt));
}

export function NextSteps({ lead, open, onOpen }: { readonly lead: Lead; readonly open: OpenStep; readonly onOpen: (open: OpenStep) => void }) {
  const can = useLeadCan();
  const from = useRead("listLeadTasks", { params: { id: lead.id } });
  const tasks = from.data?.items ?? [];
  const todo = openSteps(tasks);
  const before = tasks.filter(({ state }) => state !== "open").toReversed();
  const close = (): void => onOpen(null);
  const mailStep = open !== null && "mail" in open ? (todo.find(({ id }) => id === open.mail) ?? null) : null;
  return (
    <section aria-labelledby="next-steps" className={css.steps}>
      <h2 className={css.h2} id="next-steps">
        Next steps{" "}
        <span>
          {todo.length > 0 && `${todo.length} open`}
          {can("tasks.edit") && (
            <button
              type="button"
              className={css.more}
              aria-label="Add a task"
              aria-keyshortcuts="t"
              title="Add a task · T"
              onClick={() => onOpen({ own: "new" })}
            >
              <Plus size={15} aria-hidden />
            </button>
          )}
        </span>
      </h2>
      <Loaded from={from}>
        {() => (
          <>
            <ul className={css.tasks}>
              {todo.map((task, i) => (
                <StepCard
                  key={task.id}
                  lead={lead}
                  task={task}
                  first={i === 0}
                  opened={open !== null && "task" in open && open.task === task.id ? open : null}
                  onOpen={() => onOpen(task.kind === "mail" && can("mail.send") ? { mail: task.id } : { task: task.id })}
                  onClose={close}
                  onEdit={() => onOpen({ own: task })}
                />
              ))}
            </ul>
            {todo.length === 0 && (
              <div className={css.nothing}>
                <p>
                  Nothing is planned for {lead.firstName ?? "this lead"}. {lead.deletedAt === null ? "A lead without a next step is forgotten." : ""}
                </p>
                {can("tasks.edit") && lead.deletedAt === null && (
                  <Button onClick={() => onOpen({ own: "new" })}>
                    Add a task <kbd>T</kbd>
                  </Button>
                )}
              </div>
            )}
            <DoneSteps tasks={before} />
          </>
        )}
      </Loaded>
      <Suspense fallback={null}>
        {open !== null && "own" in open && <OwnTaskDialog leadId={lead.id} task={open.own === "new" ? null : open.own} onClose={close} />}
        {open !== null && "mail" in open && <MailComposer lead={lead} step={mailStep} onClose={close} />}
      </Suspense>
    </section>
  );
}
