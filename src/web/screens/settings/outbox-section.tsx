/** The outbox: every mail that goes out and what became of it. The uncertain ones wait here for somebody who knows. */
import { Button, Drawer, SegmentedControl } from "@mantine/core";
import { useInfiniteQuery } from "@tanstack/react-query";
import { getRouteApi, Link, useNavigate } from "@tanstack/react-router";
import { useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { refresh } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { When } from "../../parts/lead-parts.tsx";
import { Bones, EmptyState, Refused } from "../../parts/states.tsx";
import { Section } from "./section.tsx";
import { SendingNotes } from "./sending.tsx";
import css from "./settings.module.css";

const route = getRouteApi("/shell/settings/$section");
type Mail = Out<"getMail">;
type State = Mail["state"];

const STATES: Readonly<Record<State, { readonly label: string; readonly says: string }>> = {
  queued: { label: "Queued", says: "Waits its ten seconds, or for the mail server." },
  sending: { label: "Sending", says: "Is being handed over." },
  sent: { label: "Sent", says: "The mail server took it." },
  failed: { label: "Failed", says: "The mail server refused it for good." },
  uncertain: {
    label: "Uncertain",
    says: "The connection broke before the answer: nobody knows whether it left. It is not repeated by itself. Ask the person, or look into your mail server’s log, and say here what became of it.",
  },
  withdrawn: { label: "Withdrawn", says: "Was taken back in time." },
  kept: { label: "Kept", says: "Nothing leaves the house until SMTP_URL is set." },
};

const CHOICES = [
  { value: "", label: "All" },
  ...(["uncertain", "failed", "queued", "sent", "kept"] as const).map((value) => ({ value, label: STATES[value].label })),
];

export function OutboxSection() {
  const { state = "" } = route.useSearch();
  const navigate = useNavigate();
  const [open, setOpen] = useState<Mail | null>(null);
  const chosen = state in STATES ? (state as State) : undefined;
  const mail = useInfiniteQuery({
    queryKey: ["listOutbox", { state: chosen }],
    initialPageParam: undefined as string | undefined,
    queryFn: ({ pageParam, signal }) =>
      call("listOutbox", {
        query: { limit: 50, ...(chosen === undefined ? {} : { state: chosen }), ...(pageParam === undefined ? {} : { cursor: pageParam }) },
        signal,
      }),
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
  const items = mail.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Section wide title="Outbox" about="Newest first, of the whole workspace. A mail is never sent twice by itself.">
      <SendingNotes outbox={false} />
      <div className={`${css.filters} ${css.scroll}`}>
        <SegmentedControl
          aria-label="Which mail"
          value={chosen ?? ""}
          data={CHOICES}
          onChange={(next) => void navigate({ to: "/settings/$section", params: { section: "outbox" }, search: next === "" ? {} : { state: next } })}
        />
      </div>
      {mail.data === undefined ? (
        mail.error === null ? (
          <Bones />
        ) : (
          <Refused error={mail.error} retry={() => void mail.refetch()} />
        )
      ) : items.length === 0 ? (
        <EmptyState title={chosen === undefined ? "No mail yet" : `Nothing ${STATES[chosen].label.toLowerCase()}`}>
          {chosen === undefined ? "Write to a lead from its page; the mail shows here." : STATES[chosen].says}
        </EmptyState>
      ) : (
        <ul className={css.rows}>
          {items.map((one) => (
            <li className={css.row} key={one.id}>
              <div className={css.rowText}>
                <button type="button" className={css.open} onClick={() => setOpen(one)}>
                  {one.subject === "" ? "(no subject)" : one.subject}
                </button>
                <span className={css.sub}>
                  to {one.to.name ?? one.to.address}
                  {one.by !== null && ` · by ${one.by.name}`} · <When at={one.sentAt ?? one.createdAt} />
                  {one.answer !== null && one.state !== "sent" && ` · ${one.answer}`}
                </span>
              </div>
              <div className={css.rowActions}>
                <StatePill state={one.state} />
              </div>
            </li>
          ))}
        </ul>
      )}
      {mail.hasNextPage && (
        <Button variant="subtle" loading={mail.isFetchingNextPage} onClick={() => void mail.fetchNextPage()}>
          Older mail
        </Button>
      )}
      {open !== null && <MailDrawer mail={open} onClose={() => setOpen(null)} />}
    </Section>
  );
}

function StatePill({ state }: { readonly state: State }) {
  const tone = state === "uncertain" || state === "failed" ? "late" : state === "sent" ? "good" : undefined;
  return (
    <span className={css.pill} data-tone={tone}>
      {STATES[state].label}
    </span>
  );
}

function MailDrawer({ mail, onClose }: { readonly mail: Mail; readonly onClose: () => void }) {
  const { state, subject, from, to, text, lead, answer, attempts, createdAt, sentAt, opens, clicks, attachments, withdrawable } = mail;
  const act = async (run: () => Promise<unknown>, done: string): Promise<void> => {
    try {
      await run();
      refresh("listOutbox", "getSending", "listLeadMail");
      toast({ text: done });
      onClose();
    } catch (error) {
      toastProblem(error);
    }
  };
  const resolve = (as: "sendAgain" | "arrived" | "notArrived", done: string): void =>
    void act(() => call("resolveMail", { params: { id: mail.id }, body: { as } }), done);
  const bad = state === "uncertain" || state === "failed";
  return (
    <Drawer opened onClose={onClose} title={subject === "" ? "(no subject)" : subject} size={560}>
      <div className={`${css.note} ${css.whole}`} data-tone={bad ? "late" : undefined}>
        <span>
          <b>{STATES[state].label}.</b> {STATES[state].says}
          {answer !== null && (state === "uncertain" ? <> {answer}</> : <> The mail server said: {answer}</>)}
        </span>
        {state === "uncertain" && (
          <>
            <Button onClick={() => resolve("arrived", "Noted: it arrived")}>It arrived</Button>
            <Button onClick={() => resolve("notArrived", "Noted: it did not arrive")}>It did not arrive</Button>
          </>
        )}
        {(bad || state === "kept") && <Button onClick={() => resolve("sendAgain", "Queued once more")}>Send again</Button>}
        {withdrawable && <Button onClick={() => void act(() => call("withdrawMail", { params: { id: mail.id } }), "Taken back")}>Take back</Button>}
      </div>
      <dl className={css.facts}>
        <dt>From</dt>
        <dd>{[from.name, from.address].filter((part) => part !== null).join(" · ")}</dd>
        <dt>To</dt>
        <dd>{[to.name, to.address].filter((part) => part !== null).join(" · ")}</dd>
        {lead !== null && (
          <>
            <dt>Lead</dt>
            <dd>
              <Link to={`/leads/${lead.id}` as string}>{lead.name}</Link>
            </dd>
          </>
        )}
        <dt>Written</dt>
        <dd>
          <When at={createdAt} />
        </dd>
        {sentAt !== null && (
          <>
            <dt>Sent</dt>
            <dd>
              <When at={sentAt} />
            </dd>
          </>
        )}
        <dt>Attempts</dt>
        <dd>{attempts}</dd>
        <dt>Opened, clicked</dt>
        <dd>
          {opens}, {clicks}
        </dd>
        {attachments.length > 0 && (
          <>
            <dt>Attached</dt>
            <dd>{attachments.join(", ")}</dd>
          </>
        )}
      </dl>
      <p className={css.pre} style={{ marginTop: 14 }}>
        {text}
      </p>
    </Drawer>
  );
}
