/** Writing to a lead: a template or one's own words, and beside them the mail as this person would get it. Sending completes the step it is for. */
import { Button, Modal, Select, Textarea, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { query, queryClient, useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast, wordsOf } from "../../app/toasts.tsx";
import { leadName } from "../../format/format.ts";
import { keyLabel } from "../../keys/keys.ts";
import { useDraft } from "./drafts.ts";
import css from "./lead.module.css";
import { type Lead, refreshLead, takeStepOff } from "./lead-writes.ts";

export type ComposerProps = {
  readonly lead: Pick<Lead, "id" | "firstName" | "lastName" | "email">;
  /** The open step that sending completes. */
  readonly step: { readonly id: string; readonly key: string; readonly title: string } | null;
  readonly onClose: () => void;
  readonly onSent?: () => void;
};

type Template = Out<"listTemplates">["items"][number];

export function MailComposer(props: ComposerProps) {
  const { lead, step, onClose } = props;
  const templates = useRead("listTemplates");
  const offered = (templates.data?.items ?? []).filter(({ use }) => use === "lead");
  const title = step === null ? `Mail to ${leadName(lead)}` : `${step.title}: ${leadName(lead)}`;
  return (
    <Modal opened onClose={onClose} title={title} size={900} closeOnClickOutside={false} yOffset="6vh">
      {templates.error !== null ? (
        <p className={css.refused} role="alert">
          {wordsOf(templates.error)}
        </p>
      ) : (
        templates.data !== undefined && <Composer key={lead.id} {...props} templates={offered} />
      )}
    </Modal>
  );
}

function Composer({ lead, step, onClose, onSent, templates }: ComposerProps & { readonly templates: readonly Template[] }) {
  const fitting = step === null ? undefined : templates.find(({ id, name }) => id === step.key || name.toLowerCase().includes(step.key));
  const first = fitting ?? (step === null ? undefined : templates[0]);
  const [draft, set, forget] = useDraft(`mail ${lead.id} ${step?.id ?? ""}`, {
    template: first?.id ?? null,
    subject: first?.subject ?? "",
    body: first?.body ?? "",
  } as {
    readonly template: string | null;
    readonly subject: string;
    readonly body: string;
  });
  const [busy, setBusy] = useState(false);
  // The dialog stands before the templates are there, so it cannot give the focus itself.
  const form = useRef<HTMLFormElement>(null);
  const begins = draft.subject === "" ? "subject" : "body";
  const at = useRef(begins);
  useEffect(() => {
    const timer = setTimeout(() => form.current?.querySelector<HTMLElement>(`[name="${at.current}"]`)?.focus(), 30);
    return () => clearTimeout(timer);
  }, []);
  const [error, setError] = useState<unknown>(null);
  const body = {
    ...(draft.template === null ? {} : { templateId: draft.template }),
    subject: draft.subject,
    body: draft.body,
    ...(step === null ? {} : { taskId: step.id }),
  };
  const [shown] = useDebouncedValue(JSON.stringify(body), 250);
  const asked = JSON.parse(shown) as typeof body;
  const preview = useQuery({
    ...query("previewMail", { params: { id: lead.id }, body: asked }),
    enabled: asked.subject.trim() !== "" || asked.body.trim() !== "",
    retry: false,
    placeholderData: (old) => old,
  });
  const refused = preview.data?.refused ?? null;
  const can = useCan();
  const paused = useQuery({ ...query("getSending"), enabled: can("mail.outbox") }).data?.state === "paused";

  const send = async (): Promise<void> => {
    if (busy || refused !== null) return;
    setBusy(true);
    setError(null);
    try {
      const answer = await call("sendMail", { params: { id: lead.id }, body, idempotencyKey: crypto.randomUUID() });
      forget();
      if (answer.outcome !== "held" && step !== null) takeStepOff(lead.id, step.id);
      onClose();
      if (answer.outcome === "held") return void toast({ text: "Kept, but it could not be processed: it waits under Held inputs." });
      queryClient.setQueryData(query("getLead", { params: { id: lead.id } }).queryKey, answer.lead);
      refreshLead();
      onSent?.();
      const { mail } = answer;
      toast({
        text: leaving(leadName(lead), mail.state, paused),
        undo: async () => {
          await call("withdrawMail", { params: { id: mail.id } });
          refreshLead();
        },
      });
    } catch (problem) {
      setError(problem);
    } finally {
      setBusy(false);
    }
  };
  const choose = (id: string | null): void => {
    const template = templates.find((one) => one.id === id);
    set({ template: id, ...(template === undefined ? {} : { subject: template.subject, body: template.body }) });
  };
  return (
    <form
      ref={form}
      className={css.composer}
      onSubmit={(event) => {
        event.preventDefault();
        void send();
      }}
      onKeyDown={(event) => {
        if (event.key !== "Enter" || !(event.metaKey || event.ctrlKey)) return;
        event.preventDefault();
        void send();
      }}
    >
      <div className={css.compose}>
        <Select
          label="Template"
          clearable
          placeholder="None: write freely"
          data={templates.map(({ id, name }) => ({ value: id, label: name }))}
          value={draft.template}
          onChange={choose}
        />
        <TextInput label="Subject" name="subject" value={draft.subject} onChange={(event) => set({ subject: event.currentTarget.value })} />
        <Textarea
          label="Text"
          rows={13}
          name="body"
          value={draft.body}
          onChange={(event) => set({ body: event.currentTarget.value })}
          description="**bold**, [words](https://…), - lists; {{ lead.firstName }} and the like are filled in."
        />
      </div>
      <section className={css.preview} aria-label="As it arrives" aria-live="polite">
        <h3>As it arrives</h3>
        {preview.error !== null ? (
          <p className="late">{wordsOf(preview.error)}</p>
        ) : preview.data === undefined ? (
          <p className="mut">It appears here as soon as there is a subject or a text.</p>
        ) : (
          <>
            <dl className={css.mailHead}>
              <dt>From</dt>
              <dd>{preview.data.from.name ?? preview.data.from.address}</dd>
              <dt>To</dt>
              <dd>{preview.data.to?.address ?? <span className="late">no address</span>}</dd>
              <dt>Subject</dt>
              <dd>
                <b>{preview.data.subject}</b>
              </dd>
            </dl>
            <pre className={css.mailText} tabIndex={0} aria-label="Text of the mail">
              {preview.data.text}
            </pre>
          </>
        )}
      </section>
      {(refused !== null || error !== null) && (
        <p className={css.refused} role="alert">
          {refused ?? wordsOf(error)}
        </p>
      )}
      <div className={css.composerActs}>
        <span className="mut">
          {step === null ? "" : "Sending completes the step. "}
          {paused ? "It waits: sending is paused." : "It can be taken back for ten seconds."}
        </span>
        <Button variant="subtle" onClick={onClose}>
          Cancel
        </Button>
        <Button type="submit" variant="filled" loading={busy} disabled={refused !== null}>
          Send <kbd className={css.onAccent}>{keyLabel("mod+Enter")}</kbd>
        </Button>
      </div>
    </form>
  );
}

function leaving(name: string, state: string, paused: boolean): string {
  if (state === "kept") return "Kept in the outbox: no mail server is set up";
  return paused ? `Mail to ${name} waits: sending is paused` : `Mail to ${name} leaves in ten seconds`;
}
