/** What happened to an opportunity, from its lead's timeline; and a line to write on it. */
import { Button, Textarea } from "@mantine/core";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useRef, useState } from "react";
import { call } from "../../api/call.ts";
import { refresh, useRead } from "../../api/query.ts";
import { useCan } from "../../app/session.tsx";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { When } from "../../parts/lead-parts.tsx";
import type { Deal } from "../pipeline/deals.ts";
import css from "./opportunity.module.css";

export function DealHistory({ deal }: { readonly deal: Deal }) {
  const can = useCan();
  const page = useRead("readTimeline", { params: { id: deal.lead }, query: { groups: "changes,notes,calls", limit: 200 } }).data;
  const items = (page?.items ?? []).filter(({ refs }) => refs.opportunity === deal.id);
  return (
    <section aria-labelledby="deal-history">
      <h2 className={css.h2} id="deal-history">
        History
      </h2>
      {can("opportunities.edit") && <WriteNote deal={deal} />}
      <ol className={css.history}>
        {items.map(({ id, at, what, by, why, detail, changes, undone }) => (
          <li key={id} data-undone={undone ? "" : undefined}>
            <span className={css.at}>
              <When at={at} />
            </span>
            <div>
              {what}
              {by !== null && <span className="mut"> · {by.name}</span>}
              {why !== null && <span className="mut"> · {why}</span>}
              {undone && <span className="mut"> · taken back</span>}
              {changes.map(({ field, label, from, to }) => (
                <div key={field} className={css.change}>
                  {label}: {from ?? "nothing"} → <b>{to ?? "nothing"}</b>
                </div>
              ))}
              {detail !== null && <p className={css.note}>{detail}</p>}
            </div>
          </li>
        ))}
      </ol>
      {page !== undefined && items.length === 0 && <p className="mut">Nothing has happened to it yet.</p>}
      <p className={css.all}>
        <Link to="/leads/$leadId" params={{ leadId: deal.lead }} search={{}}>
          The whole story of {deal.person.name}
        </Link>
      </p>
    </section>
  );
}

function WriteNote({ deal }: { readonly deal: Deal }) {
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useKeys([{ keys: "n", label: "Write a note", scope: "This screen", command: true, run: () => box.current?.focus() }]);
  const save = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      const answer = await call("addOpportunityNote", { params: { id: deal.id }, body: { text: text.trim() } });
      setText("");
      refresh("readTimeline", "listLeadNotes");
      const id = "id" in answer ? answer.id : null;
      toast({
        text: "Note written",
        ...(id === null
          ? {}
          : {
              undo: async () => {
                await call("deleteLeadNote", { params: { id: deal.lead, note: id } });
                refresh("readTimeline", "listLeadNotes");
              },
            }),
      });
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <form className={css.write} onSubmit={(event) => void save(event)}>
      <Textarea
        ref={box}
        aria-label="Note"
        placeholder={`Write a note  ${keyLabel("n")}`}
        autosize
        minRows={1}
        maxRows={8}
        maxLength={20_000}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === "Escape") event.currentTarget.blur();
          if (event.key === "Enter" && (event.metaKey || event.ctrlKey)) void save();
        }}
      />
      {text.trim() !== "" && (
        <Button type="submit" loading={busy}>
          Save note
        </Button>
      )}
    </form>
  );
}
