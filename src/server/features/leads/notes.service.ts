/** Notes on leads and opportunities. */
import type { NoteInput } from "../../../core/flow/input.ts";
import type { Deps } from "../../deps.ts";
import type { Target } from "../../flow/item.ts";
import { notFound } from "../../problems.ts";
import { mustSeeLead } from "../access/access.service.ts";
import { findNoteOf, listNotes, type NoteRow } from "./timeline.queries.ts";
import { type Who, whoReader } from "./who.service.ts";
import { type Idempotency, idOf, named, problemOf, submit } from "./write.service.ts";

const MOST = 500;

export type NoteView = {
  readonly id: string;
  readonly text: string;
  readonly by: Who;
  readonly at: string;
  readonly editedAt: string | null;
  readonly pinned: boolean;
  readonly lead: string | null;
  readonly company: string | null;
  readonly opportunity: string | null;
};

export function noteView(row: NoteRow, who: (actor: string) => Who): NoteView {
  return {
    id: row.id,
    text: row.text,
    by: who(row.by),
    at: row.at.toISOString(),
    editedAt: row.edited_at?.toISOString() ?? null,
    pinned: row.pinned,
    lead: row.lead_id,
    company: row.company_id,
    opportunity: row.opportunity_id,
  };
}

export async function listLeadNotes(deps: Deps, text: string): Promise<readonly NoteView[]> {
  const id = idOf("lead", text);
  await mustSeeLead(deps, id, "lead", text);
  const [rows, who] = await Promise.all([listNotes(deps.db, "lead", id, MOST), whoReader(deps)]);
  return rows.map((row) => noteView(row, who));
}

type Said = { readonly text: string; readonly pinned?: boolean | undefined; readonly mentions?: readonly string[] | undefined };
type NoteWrite = { readonly outcome: "done"; readonly note: NoteView } | { readonly outcome: "held"; readonly intakeId: string };

export async function addLeadNote(deps: Deps, id: string, said: Said, idempotency: Idempotency): Promise<NoteWrite> {
  return writeNote(deps, { kind: "note", op: "add", ...said }, named("lead", id), idempotency, { by: deps.actor, text: said.text });
}

export async function addOpportunityNote(deps: Deps, id: string, said: Said, idempotency: Idempotency): Promise<NoteWrite> {
  const target = named("opportunity", id);
  return writeNote(deps, { kind: "note", op: "add", opportunityId: id.toLowerCase(), ...said }, target, idempotency, { by: deps.actor, text: said.text });
}

export async function editLeadNote(
  deps: Deps,
  id: string,
  note: string,
  edit: { readonly text?: string | undefined; readonly pinned?: boolean | undefined },
  idempotency: Idempotency,
): Promise<NoteWrite> {
  const noteId = idOf("note", note);
  return writeNote(deps, { kind: "note", op: "edit", noteId, ...edit, ...(ofAnybody(deps) ? { anybodys: true } : {}) }, named("lead", id), idempotency, {
    id: noteId,
  });
}

export async function deleteLeadNote(deps: Deps, id: string, note: string, idempotency: Idempotency) {
  const noteId = idOf("note", note);
  const outcome = await submit(deps, { kind: "note", op: "delete", noteId, ...(ofAnybody(deps) ? { anybodys: true } : {}) }, named("lead", id), idempotency);
  if (outcome.kind === "refused") throw problemOf(outcome);
  return outcome.kind === "held" ? ({ outcome: "held", intakeId: outcome.id } as const) : ({ outcome: "deleted", note: noteId } as const);
}

/** Administrators, and whoever stands for the whole house, may tidy up after others. */
export function ofAnybody({ viewer }: Pick<Deps, "viewer">): boolean {
  return viewer.role === null || viewer.role === "admin";
}

async function writeNote(deps: Deps, input: NoteInput, target: Target, idempotency: Idempotency, wanted: Parameters<typeof findNoteOf>[2]): Promise<NoteWrite> {
  const outcome = await submit(deps, input, target, idempotency);
  if (outcome.kind === "refused") throw problemOf(outcome);
  if (outcome.kind === "held") return { outcome: "held", intakeId: outcome.id };
  const [row, who] = await Promise.all([findNoteOf(deps.db, outcome.lead.id, wanted), whoReader(deps)]);
  if (row === null) throw notFound("note", "id" in wanted ? wanted.id : "with this text");
  return { outcome: "done", note: noteView(row, who) };
}

/** Of a company that the caller has found already. */
export async function companyNotes(deps: Deps, companyId: string): Promise<readonly NoteView[]> {
  const [rows, who] = await Promise.all([listNotes(deps.db, "company", companyId, MOST), whoReader(deps)]);
  return rows.map((row) => noteView(row, who));
}
