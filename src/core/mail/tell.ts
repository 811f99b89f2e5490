/** Asking, from inside a reaction, that somebody be told. */
import { newId, type Work } from "../flow/draft.ts";
import type { Notice } from "./effects.ts";

export type Telling = Pick<Notice, "event" | "key" | "to" | "title"> & Partial<Notice>;

export function tell(work: Work, telling: Telling): void {
  const notice: Notice = { detail: null, leadId: work.lead.id, taskId: null, importId: null, mailId: null, ...telling };
  work.effects.push({ id: newId(work), at: work.meta.now, kind: "notify", notice });
}
