/** A next step: what, when, for whom; opened, its form stands in it. */
import { Button, Menu } from "@mantine/core";
import { Check, Ellipsis, Mail, MessageSquare, Phone, SquareCheck, UsersRound, ClipboardList } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { addressOf } from "../../api/call.ts";
import { useSession } from "../../app/session.tsx";
import { formatRelative } from "../../format/format.ts";
import { Due, When } from "../../parts/lead-parts.tsx";
import { useLeadCan } from "./lead-can.tsx";
import css from "./lead.module.css";
import type { Lead, Task } from "./lead-writes.ts";
import { knownWords } from "./step-fields.tsx";
import { StepForm } from "./step-form.tsx";
import { cancelStep, finishStep, snoozeStep } from "./use-steps.ts";

const LaterDialog = lazy(async () => ({ default: (await import("./later-dialog.tsx")).LaterDialog }));
const DelegateDialog = lazy(async () => ({ default: (await import("./lead-dialogs.tsx")).DelegateDialog }));

const ICONS = { call: Phone, mail: Mail, meeting: UsersRound, social: MessageSquare, form: ClipboardList, review: SquareCheck } as const;

export type StepCardProps = {
  readonly lead: Pick<Lead, "id" | "phone" | "email">;
  readonly task: Task;
  /** `result`: with which end it was opened. */
  readonly opened: { readonly result?: string | undefined } | null;
  /** The one that `e` opens. */
  readonly first: boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
  readonly onEdit: () => void;
};

export function StepCard({ lead, task, opened, first, onOpen, onClose, onEdit }: StepCardProps) {
  const can = useLeadCan();
  const { user } = useSession();
  const { kind, title, dueAt, owner, note, own, repeat } = task;
  const Icon = ICONS[kind as keyof typeof ICONS] ?? SquareCheck;
  const [asking, setAsking] = useState<"later" | "delegate" | null>(null);
  const others = owner !== null && owner.id !== user.id;
  return (
    <li className={css.task} data-first={first ? "" : undefined} data-opened={opened === null ? undefined : ""}>
      <div className={css.taskHead}>
        <Icon size={15} strokeWidth={1.75} aria-hidden />
        <span className={css.taskTitle}>{title}</span>
        {first && opened === null && <kbd>E</kbd>}
        {task.fields.length > 0 && <span className="mut">{knownWords(task)}</span>}
        {(can("tasks.edit") || can("tasks.complete")) && (
          <StepMenu task={task} onEdit={onEdit} onLater={() => setAsking("later")} onDelegate={() => setAsking("delegate")} />
        )}
      </div>
      <div className={css.taskMeta}>
        <span>
          <When at={dueAt} /> · <Due at={dueAt} />
        </span>
        {kind === "call" && lead.phone !== null && <a href={`tel:${lead.phone.replaceAll(/\s/g, "")}`}>{lead.phone}</a>}
        {kind === "mail" && lead.email === null && <span className="late">no address</span>}
        {others && <span>{owner.name}</span>}
        {owner === null && <span className="late">nobody's</span>}
        {own && <span>own task</span>}
        {repeat !== null && <span>every {repeat.interval > 1 ? `${repeat.interval} ${repeat.every}s` : repeat.every}</span>}
      </div>
      {note !== null && note !== "" && <p className={css.taskNote}>{note}</p>}
      {opened !== null ? (
        <StepForm
          key={opened.result ?? ""}
          task={task}
          {...(opened.result === undefined ? {} : { result: opened.result })}
          onCancel={onClose}
          onFinish={async (finished) => {
            await finishStep(task, lead.id, finished);
            onClose();
          }}
        />
      ) : (
        can("tasks.complete") && (
          <div className={css.taskActs}>
            <Button variant={first ? "filled" : "default"} onClick={onOpen}>
              {openWords(task)}
            </Button>
          </div>
        )
      )}
      <Suspense fallback={null}>
        {asking === "later" && <LaterDialog title={`Put off: ${title}`} onChoose={(until) => void snoozeStep(task, until)} onClose={() => setAsking(null)} />}
        {asking === "delegate" && <DelegateDialog task={task} onClose={() => setAsking(null)} />}
      </Suspense>
    </li>
  );
}

function openWords({ kind, fields, results }: Task): string {
  if (kind === "mail") return "Write…";
  if (kind === "call") return "Log call…";
  if (kind === "meeting") return "Log meeting…";
  if (results.length > 1)
    return `${results
      .map(({ label }) => label.split(" ")[0])
      .join(" or ")
      .replace(/ or (\w)/, (_, letter: string) => ` or ${letter.toLowerCase()}`)}…`;
  return fields.length > 0 ? "Fill in…" : "Done…";
}

type MenuProps = { readonly task: Task; readonly onEdit: () => void; readonly onLater: () => void; readonly onDelegate: () => void };

function StepMenu({ task, onEdit, onLater, onDelegate }: MenuProps) {
  return (
    <Menu width={200}>
      <Menu.Target>
        <button type="button" className={css.more} aria-label={`More for ${task.title}`}>
          <Ellipsis size={15} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item onClick={onLater}>Put off…</Menu.Item>
        <Menu.Item onClick={onDelegate}>Hand over…</Menu.Item>
        {task.kind === "meeting" && (
          <Menu.Item component="a" href={addressOf("getTaskMeeting", { params: { id: task.id } })}>
            Calendar file
          </Menu.Item>
        )}
        {task.own && <Menu.Item onClick={onEdit}>Change…</Menu.Item>}
        {task.own && <Menu.Item onClick={() => void cancelStep(task)}>Cancel the task</Menu.Item>}
      </Menu.Dropdown>
    </Menu>
  );
}

export function DoneSteps({ tasks }: { readonly tasks: readonly Task[] }) {
  if (tasks.length === 0) return null;
  return (
    <details className={css.doneSteps}>
      <summary>
        {tasks.length} before: {tasks.filter(({ state }) => state === "done").length} done
      </summary>
      <ul>
        {tasks.map(({ id, title, state, doneAt, createdAt, pass, results, result }) => (
          <li key={id}>
            <Check size={13} aria-hidden style={state === "done" ? {} : { opacity: 0 }} />
            <span className="cut" title={`Pass ${pass}`}>
              {title}
              {state === "done" ? "" : ` (${state})`}
              {results.length > 1 && result !== null ? `: ${results.find((one) => one.id === result)?.label ?? result}` : ""}
            </span>
            <time className="mut" dateTime={doneAt ?? createdAt}>
              {formatRelative(doneAt ?? createdAt)}
            </time>
          </li>
        ))}
      </ul>
    </details>
  );
}
