/** Mail to this lead whose answer from the mail server never came: stands above the timeline until somebody says what became of it. */
import { Button } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useState } from "react";
import { query } from "../../api/query.ts";
import css from "./lead.module.css";
import type { TimelineItem } from "./lead-writes.ts";

const MailDialog = lazy(async () => ({ default: (await import("./mail-dialog.tsx")).MailDialog }));

export function MailAttention({ leadId, items }: { readonly leadId: string; readonly items: readonly TimelineItem[] }) {
  const [open, setOpen] = useState<string | null>(null);
  // Nothing is asked for the many leads without such a line.
  const told = items.some(({ type }) => type === "mail.uncertain");
  const mail = useQuery({ ...query("listLeadMail", { params: { id: leadId } }), enabled: told });
  const uncertain = told ? (mail.data?.items ?? []).filter(({ state }) => state === "uncertain") : [];
  return (
    <>
      {uncertain.map(({ id, subject }) => (
        <div className={css.attention} role="status" key={id}>
          <span>Nobody knows whether “{subject}” arrived: the connection broke before the answer. It is not sent again by itself.</span>
          <Button onClick={() => setOpen(id)}>Decide…</Button>
        </div>
      ))}
      <Suspense fallback={null}>{open !== null && <MailDialog id={open} onClose={() => setOpen(null)} />}</Suspense>
    </>
  );
}
