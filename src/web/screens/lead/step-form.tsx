/**
 * Completing a next step in place: how the call went, what the form asks, how it ended. Enter finishes from every field;
 * in a note Shift+Enter begins a new line. What was typed is kept until it is saved.
 */
import { Button, Textarea } from "@mantine/core";
import { type KeyboardEvent, useEffect, useRef, useState } from "react";
import type { In } from "../../api/call.ts";
import { wordsOf } from "../../app/toasts.tsx";
import { ApiProblem } from "../../api/call.ts";
import { useSession } from "../../app/session.tsx";
import { Choice } from "./choice.tsx";
import { useDraft } from "./drafts.ts";
import { laterChoices } from "./later.ts";
import css from "./lead.module.css";
import type { Task } from "./lead-writes.ts";
import { chooseByDigit, ReasonChoices, useReturnReasons } from "./reason-choices.tsx";
import { type Answers, givenAnswers, StepFields } from "./step-fields.tsx";

export type Completion = NonNullable<In<"completeTask">["body"]>;
export type Contact = NonNullable<In<"logContact">["body"]>;

/** What the form came to. `followUp`: make a call for then. `again`: it was tried in vain, so it is put off until then. */
export type Finished = { readonly body: Completion; readonly followUp: string | null } | { readonly again: string; readonly log: Contact };

export type StepFormProps = {
  readonly task: Pick<Task, "id" | "key" | "kind" | "title" | "fields" | "known" | "results">;
  /** Throws when it was refused: the form then says why and keeps everything. */
  readonly onFinish: (finished: Finished) => Promise<unknown>;
  readonly onCancel: () => void;
  /** Opened with another end than the first, as Return. */
  readonly result?: string;
};

const CALL = [
  { value: "reached", label: "Reached" },
  { value: "noAnswer", label: "No answer" },
  { value: "leftMessage", label: "Left a message" },
  { value: "busy", label: "Busy" },
  { value: "wrongNumber", label: "Wrong number" },
];
const MEETING = [
  { value: "held", label: "Held" },
  { value: "noShow", label: "Did not come" },
  { value: "rescheduled", label: "Moved" },
];
const LOGGED: Readonly<
  Record<string, { readonly kind: Contact["kind"]; readonly outcomes: readonly { readonly value: string; readonly label: string }[]; readonly first: string }>
> = {
  call: { kind: "call", outcomes: CALL, first: "reached" },
  meeting: { kind: "meeting", outcomes: MEETING, first: "held" },
  social: { kind: "message", outcomes: [], first: "sent" },
};
const IN_VAIN: ReadonlySet<string> = new Set(["noAnswer", "busy", "leftMessage", "noShow", "rescheduled"]);

type Values = { readonly outcome: string; readonly note: string; readonly reason: string; readonly answers: Answers; readonly followUp: string };

export function draftOf(taskId: string): string {
  return `step ${taskId}`;
}

export function StepForm({ task, onFinish, onCancel, result }: StepFormProps) {
  const { timezone } = useSession().workspace;
  const logged = LOGGED[task.kind];
  const initial: Values = { outcome: logged?.first ?? "", note: "", reason: "", answers: task.known, followUp: "none" };
  const [values, set, forget] = useDraft<Values>(draftOf(task.id), initial);
  const [ends, setEnds] = useState(result ?? task.results[0]?.id ?? null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const form = useRef<HTMLFormElement>(null);
  useEffect(() => {
    form.current?.querySelector<HTMLElement>("[data-step-focus]")?.focus({ preventScroll: true });
    form.current?.scrollIntoView({ block: "nearest" });
  }, [ends]);
  const later = laterChoices(timezone);
  const end = task.results.find(({ id }) => id === ends);
  const needsReason = end?.needsReason === true;
  const reasons = useReturnReasons(task.results.some(({ needsReason }) => needsReason));

  const finish = async (finished: Finished): Promise<void> => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await onFinish(finished);
      forget();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const log = (): Contact | undefined =>
    logged === undefined
      ? undefined
      : { kind: logged.kind, outcome: values.outcome as NonNullable<Contact["outcome"]>, ...(values.note.trim() === "" ? {} : { note: values.note.trim() }) };
  const submit = (reason: string = values.reason): void => {
    if (needsReason && reason.trim() === "") return setError(new Error("Say why, so that the next one knows."));
    const contact = log();
    const given = givenAnswers(values.answers);
    void finish({
      body: {
        ...(ends === null ? {} : { result: ends }),
        ...(needsReason ? { reason: reason.trim() } : {}),
        ...(task.fields.length > 0 ? { form: given } : {}),
        ...(contact === undefined ? (values.note.trim() === "" ? {} : { note: values.note.trim() }) : { log: contact }),
      },
      followUp: later.find(({ id }) => id === values.followUp)?.at ?? null,
    });
  };
  const enter = (event: KeyboardEvent): void => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      onCancel();
    } else if (event.key === "Enter" && !event.shiftKey && event.target instanceof HTMLTextAreaElement && !event.nativeEvent.isComposing) {
      event.preventDefault();
      submit();
    }
  };
  const errorOf = (key: string): string | undefined =>
    error instanceof ApiProblem
      ? error.problem.errors.find(({ path }) => path.endsWith(`.${key}`) || path === key || path.includes(`.${key}.`))?.message
      : undefined;
  const atFields = task.fields.some(({ key }) => errorOf(key) !== undefined);
  return (
    <form
      ref={form}
      className={css.step}
      aria-label={task.title}
      noValidate
      onKeyDown={enter}
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      {task.results.length > 1 && (
        <Choice
          label="How it ends"
          hideLabel
          options={task.results.map(({ id, label }) => ({ value: id, label }))}
          value={ends ?? ""}
          onChange={setEnds}
          focus={!needsReason}
        />
      )}
      {needsReason && (
        <>
          <ReasonChoices reasons={reasons} onChoose={submit} />
          <Textarea
            label="Reason"
            required
            rows={2}
            data-step-focus
            value={values.reason}
            onChange={(event) => set({ reason: event.currentTarget.value })}
            onKeyDown={chooseByDigit(reasons, submit)}
            placeholder={reasons.length === 0 ? "What speaks against it?" : `1 to ${reasons.length}, or what else speaks against it`}
          />
        </>
      )}
      {logged !== undefined && logged.outcomes.length > 0 && (
        <Choice label="Outcome" hideLabel options={logged.outcomes} value={values.outcome} onChange={(outcome) => set({ outcome })} focus />
      )}
      {task.fields.length > 0 && (
        <StepFields
          fields={task.fields}
          known={task.known}
          answers={values.answers}
          errorOf={errorOf}
          onChange={(key, value) => set({ answers: { ...values.answers, [key]: value } })}
        />
      )}
      {task.fields.length === 0 && !needsReason && (
        <Textarea
          label="Note"
          rows={2}
          value={values.note}
          onChange={(event) => set({ note: event.currentTarget.value })}
          placeholder="What is worth keeping?"
          {...(logged === undefined || logged.outcomes.length === 0 ? (task.results.length > 1 ? {} : { "data-step-focus": "" }) : {})}
        />
      )}
      {logged !== undefined && (
        <Choice
          label="Then"
          options={[
            { value: "none", label: "Nothing more" },
            ...later.slice(1, 4).map(({ id, label }) => ({ value: id, label: `Call ${label.toLowerCase()}` })),
          ]}
          value={values.followUp}
          onChange={(followUp) => set({ followUp })}
        />
      )}
      {error !== null && !atFields && (
        <p className={css.refused} role="alert">
          {wordsOf(error)}
        </p>
      )}
      <div className={css.stepActs}>
        <Button type="submit" variant="filled" loading={busy}>
          {verbOf(task, end?.label)} <kbd className={css.onAccent}>Enter</kbd>
        </Button>
        {logged !== undefined && IN_VAIN.has(values.outcome) && (
          <Button onClick={() => void finish({ again: later[1]?.at ?? "", log: log() as Contact })} disabled={busy}>
            Log, try again tomorrow
          </Button>
        )}
        <Button variant="subtle" onClick={onCancel}>
          Cancel
        </Button>
      </div>
    </form>
  );
}

/** The button says what will happen. */
function verbOf({ kind, key, results }: StepFormProps["task"], end: string | undefined): string {
  if (results.length > 1 && end !== undefined) return end;
  if (kind === "call" || kind === "meeting") return "Log and finish";
  if (key === "qualify") return "Qualify";
  if (key === "convert") return "Convert";
  return "Finish";
}
