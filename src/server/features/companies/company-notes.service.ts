/** Notes on companies. A company is no lead, so its history stands in facts of its own, written with the note. */
import type { Deps } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { companyNotes, type NoteView, ofAnybody } from "../leads/notes.service.ts";
import { type Idempotency, idOf } from "../leads/write.service.ts";
import { once } from "../workspaces/once.service.ts";
import { insertCompanyFact, insertCompanyNote, lockCompanyNote, type StoredNote, updateCompanyNote } from "./companies.queries.ts";
import { mustSeeCompany } from "./companies.service.ts";

export async function addCompanyNote(
  deps: Deps,
  text: string,
  said: { readonly text: string; readonly pinned?: boolean | undefined },
  idempotency: Idempotency,
): Promise<NoteView> {
  const company = idOf("company", text);
  await mustSeeCompany(deps, company, text);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const note = { id: deps.newId(), text: said.text, pinned: said.pinned === true, by: deps.actor };
    await insertCompanyNote(deps.db, company, note, new Date(deps.now()));
    await tell(deps, company, "note.added", { note: note.id, text: note.text });
    return { id: note.id };
  });
  return noteOf(deps, company, kept.id);
}

export async function editCompanyNote(
  deps: Deps,
  text: string,
  note: string,
  edit: { readonly text?: string | undefined; readonly pinned?: boolean | undefined },
  idempotency: Idempotency,
): Promise<NoteView> {
  const company = idOf("company", text);
  await mustSeeCompany(deps, company, text);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const was = await mine(deps, company, note);
    const next = { ...was, text: edit.text ?? was.text, pinned: edit.pinned ?? was.pinned };
    const said = next.text !== was.text;
    if (!said && next.pinned === was.pinned) return { id: was.id };
    await updateCompanyNote(deps.db, next, said ? new Date(deps.now()) : null, null);
    await tell(deps, company, "note.edited", { note: was.id, pinned: next.pinned, ...(said ? { text: next.text, was: was.text } : {}) });
    return { id: was.id };
  });
  return noteOf(deps, company, kept.id);
}

export async function deleteCompanyNote(
  deps: Deps,
  text: string,
  note: string,
  idempotency: Idempotency,
): Promise<{ readonly outcome: "deleted"; readonly note: string }> {
  const company = idOf("company", text);
  await mustSeeCompany(deps, company, text);
  const { kept } = await once(deps, idempotency, async (deps) => {
    const was = await mine(deps, company, note);
    await updateCompanyNote(deps.db, was, null, new Date(deps.now()));
    await tell(deps, company, "note.deleted", { note: was.id, was: was.text });
    return { id: was.id };
  });
  return { outcome: "deleted", note: kept.id };
}

async function mine(deps: Deps, company: string, note: string): Promise<StoredNote> {
  const was = await lockCompanyNote(deps.db, company, idOf("note", note));
  if (was === null) throw notFound("note", note);
  if (was.by !== deps.actor && !ofAnybody(deps)) throw new Problem(403, "forbidden", "Only whoever wrote a note changes or deletes it. Write one of your own.");
  return was;
}

async function tell(deps: Deps, company: string, type: string, data: object): Promise<void> {
  await insertCompanyFact(deps.db, company, { id: deps.newId(), at: new Date(deps.now()), type, actor: deps.actor, data });
}

async function noteOf(deps: Deps, company: string, id: string): Promise<NoteView> {
  const found = (await companyNotes(deps, company)).find((note) => note.id === id);
  if (found === undefined) throw notFound("note", id);
  return found;
}
