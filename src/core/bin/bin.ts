/**
 * The bin: a lead in it leaves lists, search and reports, and nothing acts on it. Everything it has stays as it is, its
 * addresses too: when the person is captured or imported again the lead comes back, because a second lead would lose the
 * history of the first, and the input would be lost otherwise.
 */
import { note, Refused, refuse, type Work } from "../flow/draft.ts";

export function putIntoBin(work: Work, reason: string | null): void {
  const { lead, meta } = work;
  if (lead.deletedAt !== null) return;
  lead.deletedAt = meta.now;
  work.versioned = true;
  work.changed = true;
  note(work, "lead.deleted", reason === null ? {} : { reason });
}

export function takeOutOfBin(work: Work, because: string): void {
  const { lead } = work;
  if (lead.deletedAt === null) return;
  note(work, "lead.restored", { deletedAt: lead.deletedAt, because });
  lead.deletedAt = null;
  work.versioned = true;
  work.changed = true;
}

/** What may happen to a lead in the bin: it may come back, its touches are counted, and its timers run out. */
const HAPPENS_IN_BIN: ReadonlySet<string> = new Set(["capture", "import", "touches", "timer", "look", "mailOutcome", "delete", "restore", "undo"]);

/** @throws Refused when this is not done to a lead in the bin */
export function checkBin({ lead, input }: Work): void {
  if (lead.deletedAt === null || HAPPENS_IN_BIN.has(input.kind)) return;
  throw new Refused(refuse(409, "in-bin", "This lead is in the bin. Restore it first; nothing was written."));
}
