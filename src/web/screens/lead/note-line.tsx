/** A note where it was written: as it reads now, to be edited, pinned and deleted by whoever wrote it. */
import { Button, Textarea } from "@mantine/core";
import { useState } from "react";
import { call } from "../../api/call.ts";
import { useRead } from "../../api/query.ts";
import { toast, toastProblem, wordsOf } from "../../app/toasts.tsx";
import { useSession } from "../../app/session.tsx";
import css from "./lead.module.css";
import { refreshLead } from "./lead-writes.ts";

export function NoteLine({ leadId, noteId, first }: { readonly leadId: string; readonly noteId: string; readonly first: string | null }) {
  const { user } = useSession();
  const notes = useRead("listLeadNotes", { params: { id: leadId } }).data?.items;
  const note = notes?.find(({ id }) => id === noteId);
  const [typed, setTyped] = useState<string | null>(null);
  const [error, setError] = useState<unknown>(null);
  if (notes !== undefined && note === undefined) return <p className={`${css.lineDetail} mut`}>This note was deleted.</p>;
  const text = note?.text ?? first ?? "";
  const params = { id: leadId, note: noteId };
  /** The opposite change is the way back. */
  const change = async (body: { readonly text?: string; readonly pinned?: boolean }): Promise<void> => {
    await call("editLeadNote", { params, body });
    refreshLead();
  };
  const save = async (): Promise<void> => {
    try {
      await change({ text: typed ?? "" });
      setTyped(null);
      setError(null);
      if (typed !== text) toast({ text: "Note changed", undo: () => change({ text }) });
    } catch (problem) {
      setError(problem);
    }
  };
  const remove = async (): Promise<void> => {
    try {
      await call("deleteLeadNote", { params });
      refreshLead();
      toast({
        text: "Note deleted",
        undo: async () => {
          await call("addLeadNote", { params: { id: leadId }, body: { text, ...(note?.pinned === true ? { pinned: true } : {}) } });
          refreshLead();
        },
      });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  const pin = async (): Promise<void> => {
    try {
      const pinned = note?.pinned === true;
      await change({ pinned: !pinned });
      toast({ text: pinned ? "Note unpinned" : "Note pinned", undo: () => change({ pinned }) });
    } catch (problem) {
      toastProblem(problem);
    }
  };
  if (typed !== null)
    return (
      <div className={css.noteEdit}>
        <Textarea
          aria-label="Note"
          autoFocus
          rows={3}
          value={typed}
          onChange={(event) => setTyped(event.currentTarget.value)}
          onKeyDown={(event) => event.key === "Enter" && (event.metaKey || event.ctrlKey) && void save()}
          error={error === null ? undefined : wordsOf(error)}
        />
        <div className={css.stepActs}>
          <Button variant="filled" onClick={() => void save()}>
            Save
          </Button>
          <Button variant="subtle" onClick={() => setTyped(null)}>
            Cancel
          </Button>
        </div>
      </div>
    );
  return (
    <div className={css.note}>
      <p>{text}</p>
      {note !== undefined && note.by.id === user.id && (
        <span className={css.noteActs}>
          <button type="button" onClick={() => setTyped(text)}>
            Edit
          </button>
          <button type="button" onClick={() => void pin()}>
            {note.pinned ? "Unpin" : "Pin"}
          </button>
          <button type="button" onClick={() => void remove()}>
            Delete
          </button>
        </span>
      )}
      {note?.editedAt !== null && note !== undefined && <span className="mut"> edited</span>}
    </div>
  );
}
