/** What stands on My day, as one list that the keys go through. */
import type { Out } from "../../api/call.ts";

export type Day = Out<"myDay">;
export type DayTask = Day["now"][number];
export type DayLead = Day["fresh"][number];
export type SectionId = "now" | "today" | "later" | "fresh" | "hot" | "waiting";

export type DayRow = {
  readonly id: string;
  readonly section: SectionId;
  readonly leadId: string | null;
  readonly task: DayTask | null;
  readonly lead: DayTask["lead"];
  /** Why it stands here, for those without a step. */
  readonly why: string | null;
  readonly at: string;
};

export const SECTIONS: readonly { readonly id: SectionId; readonly label: string; readonly none?: string }[] = [
  { id: "now", label: "Now" },
  { id: "today", label: "Today" },
  { id: "fresh", label: "New for you" },
  { id: "hot", label: "Got hot" },
  { id: "waiting", label: "Without a next step" },
  { id: "later", label: "Later" },
];

/** In the order of the screen, without what was just done. */
export function rowsOf(day: Day, gone: ReadonlySet<string>): readonly DayRow[] {
  const task =
    (section: SectionId) =>
    (one: DayTask): DayRow => ({ id: one.id, section, leadId: one.lead?.id ?? null, task: one, lead: one.lead, why: null, at: one.dueAt });
  const lead =
    (section: SectionId) =>
    ({ lead: one, at, why }: DayLead): DayRow => ({ id: `${section}-${one.id}`, section, leadId: one.id, task: null, lead: one, why, at });
  return [
    ...day.now.map(task("now")),
    ...day.today.map(task("today")),
    ...day.fresh.map(lead("fresh")),
    ...day.hot.map(lead("hot")),
    ...day.waiting.map(lead("waiting")),
    ...day.later.map(task("later")),
  ].filter(({ id }) => !gone.has(id));
}

/**
 * Whether the row is still on the day when its lead was returned or given away: what a person made himself stays open and
 * his, a step that was delegated no longer follows the lead's owner, and a lead that went back is no less hot.
 */
export function staysAfter(what: "return" | "assign", { task, section }: DayRow): boolean {
  if (what === "return") return task === null ? section === "hot" : task.own;
  return task !== null && (task.own || task.delegated);
}
