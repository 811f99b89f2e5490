/** One held input: why it waits, what came, and the three ways on: as it came, mended, or away with a reason. */
import { Button, Popover, TextInput } from "@mantine/core";
import { Link, useRouter } from "@tanstack/react-router";
import { ArrowLeft } from "lucide-react";
import { type FormEvent, useState } from "react";
import { type ApiProblem, call } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { formatMoment } from "../../format/format.ts";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { When } from "../../parts/lead-parts.tsx";
import css from "./held.module.css";
import { fromWords, type Held } from "./held-words.ts";
import { PayloadEditor, PayloadView } from "./payload.tsx";

const OUTCOMES: Readonly<Record<"created" | "updated" | "unchanged", string>> = {
  created: "A new lead.",
  updated: "The lead was known; it was updated.",
  unchanged: "The lead was known; nothing new.",
};

export function HeldInput({ held, onBack }: { readonly held: Held; readonly onBack?: (() => void) | undefined }) {
  const { id, about, reason, cause, receivedAt, state, editable, payload, outcome } = held;
  const router = useRouter();
  const [mending, setMending] = useState(false);
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState<ApiProblem | Error | null>(null);
  const [dismissing, setDismissing] = useState(false);
  const waits = state === "held";

  const replay = async (mended?: unknown): Promise<void> => {
    if (!waits || busy) return;
    setBusy(true);
    setProblem(null);
    try {
      const done = await call("replayHeld", { params: { id }, body: mended === undefined ? {} : { payload: mended as never } });
      refresh("listHeld", "countHeld", "listLeads");
      toast({
        text: OUTCOMES[done.outcome],
        action: { label: "Open", run: () => void router.navigate({ to: "/leads/$leadId", params: { leadId: done.leadId } }) },
      });
    } catch (error) {
      setProblem(error as Error);
      if (mended === undefined) toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const takeBack = async (): Promise<void> => {
    await call("takeBackHeld", { params: { id } });
    refresh("listHeld", "countHeld");
  };
  const dismiss = async (why: string): Promise<void> => {
    try {
      await call("dismissHeld", { params: { id }, body: { reason: why } });
      setDismissing(false);
      refresh("listHeld", "countHeld");
      toast({
        text: `Dismissed: ${why}`,
        undo: takeBack,
        action: { label: "Show", run: () => void router.navigate({ to: "/held", search: { is: "dismissed", at: id } }) },
      });
    } catch (error) {
      toastProblem(error);
    }
  };
  useKeys([
    { keys: "r", label: "Send through as it came", scope: "This screen", command: true, run: () => (waits && !mending ? void replay() : false) },
    { keys: "e", label: "Mend", scope: "This screen", command: true, run: () => (waits && editable ? setMending(true) : false) },
    { keys: "d", label: "Dismiss", scope: "This screen", command: true, run: () => (waits ? setDismissing(true) : false) },
  ]);
  return (
    <article className={css.one} aria-label={about}>
      <header className={css.oneHead}>
        {onBack !== undefined && (
          <Button variant="subtle" onClick={onBack} leftSection={<ArrowLeft size={14} />} className={css.backTo}>
            All held inputs
          </Button>
        )}
        <h2>{about}</h2>
        <p className="mut">
          {fromWords(held)}, <time dateTime={receivedAt}>{formatMoment(receivedAt)}</time>
        </p>
      </header>
      <p className={css.reason} data-cause={cause}>
        {reason}
      </p>
      {outcome !== null && (
        <p className={css.done}>
          {state === "dismissed" ? "Dismissed" : outcome.mended ? "Mended and sent through" : "Sent through as it came"} by {outcome.byName ?? outcome.by},{" "}
          <When at={outcome.at} relative />
          {outcome.reason !== null && <>: {outcome.reason}</>}
          {outcome.leadId !== null && (
            <>
              {" "}
              ·{" "}
              <Link to="/leads/$leadId" params={{ leadId: outcome.leadId }}>
                Open the lead
              </Link>
            </>
          )}
        </p>
      )}
      {state === "dismissed" && (
        <div className={css.ways}>
          <Button
            onClick={() =>
              void takeBack().then(
                () =>
                  toast({
                    text: "It waits in the list again",
                    action: { label: "Show", run: () => void router.navigate({ to: "/held", search: { at: id } }) },
                  }),
                toastProblem,
              )
            }
          >
            Take the dismissal back
          </Button>
        </div>
      )}
      {waits && !mending && (
        <div className={css.ways}>
          <Button variant="filled" loading={busy} onClick={() => void replay()} aria-keyshortcuts="r">
            {cause === "quarantine" ? "It is no spam" : "Try again"} <kbd>{keyLabel("r")}</kbd>
          </Button>
          {editable && (
            <Button onClick={() => setMending(true)} aria-keyshortcuts="e">
              Mend… <kbd>{keyLabel("e")}</kbd>
            </Button>
          )}
          <Dismiss opened={dismissing} onChange={setDismissing} onDismiss={dismiss} />
        </div>
      )}
      {mending ? (
        <PayloadEditor payload={payload} problem={problem} busy={busy} onSend={(mended) => void replay(mended)} onCancel={() => setMending(false)} />
      ) : (
        <PayloadView payload={payload} />
      )}
    </article>
  );
}

const REASONS = ["Spam", "A test", "A duplicate"];

type DismissProps = { readonly opened: boolean; readonly onChange: (opened: boolean) => void; readonly onDismiss: (reason: string) => Promise<void> };

/** The usual reasons are one click; it is kept either way. */
function Dismiss({ opened, onChange, onDismiss }: DismissProps) {
  const [typed, setTyped] = useState("");
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (typed.trim() !== "") void onDismiss(typed.trim());
  };
  return (
    <Popover opened={opened} onChange={onChange} width={280} position="bottom-start" trapFocus returnFocus withRoles>
      <Popover.Target>
        <Button onClick={() => onChange(!opened)} aria-expanded={opened} aria-keyshortcuts="d">
          Dismiss… <kbd>{keyLabel("d")}</kbd>
        </Button>
      </Popover.Target>
      <Popover.Dropdown aria-label="Dismiss">
        {opened && (
          <form className={css.dismiss} onSubmit={submit}>
            <p>It leaves the list and is kept under Dismissed. Why?</p>
            <div className={css.reasons}>
              {REASONS.map((why, i) => (
                <Button key={why} onClick={() => void onDismiss(why)} {...(i === 0 ? { "data-autofocus": true } : {})}>
                  {why}
                </Button>
              ))}
            </div>
            <TextInput
              aria-label="Another reason"
              placeholder="Another reason"
              maxLength={500}
              value={typed}
              onChange={(event) => setTyped(event.currentTarget.value)}
            />
            {typed.trim() !== "" && (
              <Button type="submit" variant="filled">
                Dismiss
              </Button>
            )}
          </form>
        )}
      </Popover.Dropdown>
    </Popover>
  );
}
