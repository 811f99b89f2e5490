/** What was noted about a company, and who changed it. */
import { Button, Textarea } from "@mantine/core";
import { type FormEvent, useRef, useState } from "react";
import { call, type Out } from "../../api/call.ts";
import { queryClient, refresh } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { keyLabel, useKeys } from "../../keys/keys.ts";
import { When } from "../../parts/lead-parts.tsx";
import css from "./companies.module.css";

type Page = Out<"getCompany">;

export function CompanyNotes({ page, may }: { readonly page: Page; readonly may: boolean }) {
  const { company, notes, history } = page;
  const [text, setText] = useState("");
  const [busy, setBusy] = useState(false);
  const box = useRef<HTMLTextAreaElement>(null);
  useKeys(may ? [{ keys: "n", label: "Write a note", scope: "This screen", command: true, run: () => box.current?.focus() }] : []);
  const save = async (event?: FormEvent): Promise<void> => {
    event?.preventDefault();
    if (text.trim() === "" || busy) return;
    setBusy(true);
    try {
      const note = await call("addCompanyNote", { params: { id: company.id }, body: { text: text.trim() } });
      setText("");
      void queryClient.invalidateQueries({ queryKey: ["getCompany"] });
      toast({
        text: "Note written",
        undo: async () => {
          await call("deleteCompanyNote", { params: { id: company.id, note: note.id } });
          refresh("getCompany");
        },
      });
    } catch (error) {
      toastProblem(error);
    } finally {
      setBusy(false);
    }
  };
  const changes = history.filter(({ data }) => typeof data["changes"] === "object");
  return (
    <section aria-labelledby="notes">
      <h2 className={css.h2} id="notes">
        Notes
      </h2>
      {may && (
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
      )}
      <ul className={css.notes}>
        {notes.map((note) => (
          <li key={note.id}>
            <p>{note.text}</p>
            <span className="mut">
              {note.by.name} · <When at={note.at} />
            </span>
          </li>
        ))}
        {changes.map(({ id, at, by, what }) => (
          <li key={id}>
            <span className="mut">
              {what} · {by.name} · <When at={at} />
            </span>
          </li>
        ))}
      </ul>
      {notes.length === 0 && changes.length === 0 && !may && <p className="mut">None.</p>}
    </section>
  );
}
