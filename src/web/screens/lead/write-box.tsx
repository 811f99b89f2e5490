/** Where something is written onto the timeline: a note, a call, a meeting; a mail opens its own window. */
import { Button, NumberInput, Textarea } from "@mantine/core";
import { useEffect, useRef, useState } from "react";
import { call, type In } from "../../api/call.ts";
import { toast, wordsOf } from "../../app/toasts.tsx";
import { keyLabel } from "../../keys/keys.ts";
import { DateTimeField } from "../../parts/fields.tsx";
import { Choice } from "./choice.tsx";
import { useDraft } from "./drafts.ts";
import css from "./lead.module.css";
import { refreshLead, settle } from "./lead-writes.ts";

export type Writing = "note" | "call" | "meeting" | null;
type LogBody = NonNullable<In<"logContact">["body"]>;

const OUTCOMES = {
  call: [
    { value: "reached", label: "Reached" },
    { value: "noAnswer", label: "No answer" },
    { value: "leftMessage", label: "Left a message" },
    { value: "busy", label: "Busy" },
    { value: "wrongNumber", label: "Wrong number" },
  ],
  meeting: [
    { value: "held", label: "Held" },
    { value: "noShow", label: "Did not come" },
    { value: "rescheduled", label: "Moved" },
  ],
} as const;

export type WriteBoxProps = {
  readonly leadId: string;
  readonly writing: Writing;
  readonly onWriting: (writing: Writing) => void;
  /** Null: one may not send mail. */
  readonly onMail: (() => void) | null;
};

export function WriteBox({ leadId, writing, onWriting, onMail }: WriteBoxProps) {
  if (writing === null)
    return (
      <div className={css.writeBar} role="group" aria-label="Write">
        <button type="button" className={css.writeHint} onClick={() => onWriting("note")}>
          Write a note… <kbd>N</kbd>
        </button>
        <Button variant="subtle" onClick={() => onWriting("call")} aria-keyshortcuts="l">
          Call
        </Button>
        <Button variant="subtle" onClick={() => onWriting("meeting")}>
          Meeting
        </Button>
        {onMail !== null && (
          <Button variant="subtle" onClick={onMail} aria-keyshortcuts="m">
            Mail
          </Button>
        )}
      </div>
    );
  return <Write key={writing} leadId={leadId} kind={writing} onClose={() => onWriting(null)} />;
}

function Write({ leadId, kind, onClose }: { readonly leadId: string; readonly kind: "note" | "call" | "meeting"; readonly onClose: () => void }) {
  const [draft, set, forget] = useDraft(`write ${kind} ${leadId}`, {
    text: "",
    outcome: kind === "meeting" ? "held" : "reached",
    minutes: null,
    at: "",
    direction: "out",
  } as {
    readonly text: string;
    readonly outcome: string;
    readonly minutes: number | null;
    readonly at: string;
    readonly direction: string;
  });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const box = useRef<HTMLFormElement>(null);
  useEffect(() => box.current?.querySelector<HTMLElement>("textarea")?.focus(), []);
  const text = draft.text.trim();

  const send = async (): Promise<void> => {
    if (busy || (kind === "note" && text === "")) return;
    setBusy(true);
    setError(null);
    try {
      if (kind === "note") {
        const answer = await call("addLeadNote", { params: { id: leadId }, body: { text } });
        refreshLead();
        if ("id" in answer)
          toast({
            text: "Note written",
            undo: async () => {
              await call("deleteLeadNote", { params: { id: leadId, note: answer.id } });
              refreshLead();
            },
          });
      } else {
        const body = {
          kind,
          outcome: draft.outcome,
          ...(text === "" ? {} : { note: text }),
          ...(draft.minutes === null ? {} : { minutes: draft.minutes }),
          ...(draft.at === "" ? {} : { at: draft.at }),
          direction: draft.direction,
        } as LogBody;
        settle(
          await call("logContact", { params: { id: leadId }, body }),
          `${kind === "call" ? "Call" : "Meeting"} logged. It counts as a touch and stays in the history`,
        );
      }
      forget();
      onClose();
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form
      ref={box}
      className={css.write}
      aria-label={kind === "note" ? "Write a note" : `Log a ${kind}`}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key === "Escape") onClose();
        if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) {
          event.preventDefault();
          void send();
        }
      }}
    >
      {kind !== "note" && <Choice label="Outcome" hideLabel options={OUTCOMES[kind]} value={draft.outcome} onChange={(outcome) => set({ outcome })} />}
      <Textarea
        aria-label={kind === "note" ? "Note" : "What was said"}
        placeholder={kind === "note" ? "What is worth keeping?" : "What was said?"}
        rows={3}
        value={draft.text}
        onChange={(event) => set({ text: event.currentTarget.value })}
      />
      {kind !== "note" && (
        <div className={css.writeMore}>
          <DateTimeField label="When (now if empty)" value={draft.at} onChange={(at) => set({ at })} />
          <NumberInput
            label="Minutes"
            size="xs"
            min={0}
            max={1440}
            hideControls
            value={draft.minutes ?? ""}
            onChange={(minutes) => set({ minutes: typeof minutes === "number" ? minutes : null })}
          />
          {kind === "call" && (
            <Choice
              label="Who called"
              options={[
                { value: "out", label: "We did" },
                { value: "in", label: "They did" },
              ]}
              value={draft.direction}
              onChange={(direction) => set({ direction })}
            />
          )}
        </div>
      )}
      {error !== null && (
        <p className={css.refused} role="alert">
          {wordsOf(error)}
        </p>
      )}
      <div className={css.stepActs}>
        <Button type="submit" variant="filled" loading={busy} disabled={kind === "note" && text === ""}>
          {kind === "note" ? "Write" : "Log"} <kbd className={css.onAccent}>{keyLabel("mod+Enter")}</kbd>
        </Button>
        <Button variant="subtle" onClick={onClose}>
          Cancel
        </Button>
      </div>
    </form>
  );
}
