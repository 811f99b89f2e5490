/** A mail to the lead: what it said and what became of it, and what can still be done about it. */
import { Button, Modal } from "@mantine/core";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { refresh } from "../../api/query.ts";
import { counted } from "../../format/format.ts";
import { When } from "../../parts/lead-parts.tsx";
import { Loaded } from "../../parts/states.tsx";
import css from "./lead.module.css";
import { refreshLead } from "./lead-writes.ts";

const STATES: Readonly<Record<string, string>> = {
  queued: "Waits to leave",
  sending: "Is being handed over",
  sent: "Was taken by the mail server",
  failed: "Was refused for good",
  uncertain: "Nobody knows whether it arrived: the connection broke before the answer",
  withdrawn: "Was taken back in time",
  kept: "Kept here: no mail server is set up",
};

export function MailDialog({ id, onClose }: { readonly id: string; readonly onClose: () => void }) {
  const from = useRead("getMail", { params: { id } });
  const act = async (what: () => Promise<unknown>, words: string): Promise<void> => {
    try {
      await what();
      refresh("getMail");
      refreshLead();
      toast({ text: words });
    } catch (error) {
      toastProblem(error);
    }
  };
  const resolve = (as: "sendAgain" | "arrived" | "notArrived", words: string) => act(() => call("resolveMail", { params: { id }, body: { as } }), words);
  return (
    <Modal opened onClose={onClose} title={from.data?.subject ?? "Mail"} size={640}>
      <Loaded from={from}>
        {(mail) => (
          <>
            <p className={css.mailState} data-tone={mail.state}>
              {STATES[mail.state] ?? mail.state}
              {mail.sentAt !== null && (
                <>
                  {" "}
                  <When at={mail.sentAt} />
                </>
              )}
              {mail.state === "sent" && `. ${counted(mail.opens, "open")}, ${counted(mail.clicks, "click")}.`}
              {mail.answer !== null && mail.state !== "sent" && `. ${mail.answer}`}
            </p>
            <dl className={css.mailHead}>
              <dt>From</dt>
              <dd>{mail.from.name ?? mail.from.address}</dd>
              <dt>To</dt>
              <dd>{mail.to.address}</dd>
            </dl>
            <pre className={css.mailText} tabIndex={0} aria-label="Text of the mail">
              {mail.text}
            </pre>
            <div className={css.composerActs}>
              {mail.withdrawable && <Button onClick={() => void act(() => call("withdrawMail", { params: { id } }), "Taken back")}>Take it back</Button>}
              {["uncertain", "failed", "kept"].includes(mail.state) && (
                <Button onClick={() => void resolve("sendAgain", "It is sent once more")}>Send again</Button>
              )}
              {mail.state === "uncertain" && <Button onClick={() => void resolve("arrived", "Noted: it arrived")}>It arrived</Button>}
              {mail.state === "uncertain" && <Button onClick={() => void resolve("notArrived", "Noted: it did not arrive")}>It did not arrive</Button>}
            </div>
          </>
        )}
      </Loaded>
    </Modal>
  );
}
