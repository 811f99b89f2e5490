/**
 * Notes on a lead and its opportunities. What a note says stands in the facts, each version of it; the notes themselves are
 * not part of the lead's state, so a reaction asks for the one it changes.
 */
import { newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Answer, Need, NoteInput } from "../flow/input.ts";

/** A note as it is kept. Times are milliseconds. */
export type Note = {
  readonly id: string;
  readonly opportunityId: string | null;
  readonly text: string;
  readonly pinned: boolean;
  readonly by: string;
  readonly at: number;
  readonly editedAt: number | null;
  readonly deletedAt: number | null;
};

export function* writeNote(work: Work, input: NoteInput): Generator<Need, void, Answer> {
  const { meta } = work;
  if (input.op === "add") {
    const { opportunityId = null, pinned = false, text } = input;
    const made: Note = { id: newId(work), opportunityId, text, pinned, by: meta.actor, at: meta.now, editedAt: null, deletedAt: null };
    return keep(work, made, "note.added", { text, ...(pinned ? { pinned } : {}), ...(input.mentions === undefined ? {} : { mentions: input.mentions }) });
  }
  const answer = yield { kind: "note", lead: meta.leadId, id: input.noteId };
  const was = answer.kind === "note" ? answer.note : null;
  if (was === null || was.deletedAt !== null) throw new Refused(refuse(404, "not-found", `There is no note ${input.noteId} on this lead.`));
  if (was.by !== meta.actor && input.anybodys !== true)
    throw new Refused(refuse(403, "forbidden", "Only whoever wrote a note changes or deletes it. Write one of your own."));
  if (input.op === "delete") return keep(work, { ...was, deletedAt: meta.now }, "note.deleted", { was: was.text });
  const text = input.text ?? was.text;
  const pinned = input.pinned ?? was.pinned;
  if (text === was.text && pinned === was.pinned) return;
  const editedAt = text === was.text ? was.editedAt : meta.now;
  keep(work, { ...was, text, pinned, editedAt }, "note.edited", {
    ...(text === was.text ? {} : { text, was: was.text }),
    ...(pinned === was.pinned ? {} : { pinned }),
  });
}

function keep(work: Work, kept: Note, fact: string, data: Readonly<Record<string, unknown>>): void {
  work.notes.push(kept);
  work.changed = true;
  note(work, fact, { note: kept.id, ...(kept.opportunityId === null ? {} : { opportunity: kept.opportunityId }), ...data });
}
