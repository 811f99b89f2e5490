/** Whether mail leaves the house: paused, no SMTP, mail that waits for a decision. Stands above everything about mail. */
import { Button } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { call } from "../../api/call.ts";
import { queryClient, query, refresh, useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { counted } from "../../format/format.ts";
import { When } from "../../parts/lead-parts.tsx";
import css from "./settings.module.css";

const BECAUSE: Readonly<Record<string, string>> = { restored: "a backup was restored: look through what is queued, so that nothing is sent once more" };

async function setSending(state: "running" | "paused"): Promise<void> {
  queryClient.setQueryData(query("getSending").queryKey, await call("setSending", { body: { state } }));
  refresh("listOutbox", "getSending", "listAudit");
}

export function changeSending(state: "running" | "paused"): void {
  const other = state === "running" ? "paused" : "running";
  setSending(state).then(
    () => toast({ text: state === "running" ? "Mail is leaving again" : "Sending is paused; mail waits", undo: () => setSending(other) }),
    toastProblem,
  );
}

export function SendingNotes({ outbox = true }: { readonly outbox?: boolean }) {
  const can = useCan();
  const sending = useRead("getSending").data;
  if (sending === undefined) return null;
  const { state, because, since, smtp, counts } = sending;
  const stuck = counts.uncertain + counts.failed;
  return (
    <>
      {state === "paused" && (
        <div className={css.note} data-tone="late" role="status">
          <span>
            Sending is paused
            {since !== null && (
              <>
                {" "}
                since <When at={since} />
              </>
            )}
            {because !== null && BECAUSE[because] !== undefined && <>: {BECAUSE[because]}</>}. {counted(counts.queued, "mail")} waiting.
          </span>
          {can("workspace.manage") && <Button onClick={() => changeSending("running")}>Resume</Button>}
        </div>
      )}
      {smtp === "none" && (
        <div className={css.note} role="status">
          <span>
            No mail leaves the house: start Baton with <code>SMTP_URL</code>, as <code>SMTP_URL=smtp://user:password@mail.example.com:587</code>. Until then
            every mail is kept in the outbox ({counts.kept} so far), and can be sent later.
          </span>
        </div>
      )}
      {outbox && stuck > 0 && (
        <div className={css.note} role="status">
          <span>
            {counted(stuck, "mail")} {stuck === 1 ? "waits" : "wait"} for somebody to decide: {counts.uncertain} uncertain, {counts.failed} failed.
          </span>
          <Link to="/settings/$section" params={{ section: "outbox" }} search={{ state: counts.uncertain > 0 ? "uncertain" : "failed" }}>
            Open the outbox
          </Link>
        </div>
      )}
    </>
  );
}
