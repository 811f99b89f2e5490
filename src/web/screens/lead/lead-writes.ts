/** What every write on a lead does after its answer: the lead as it is now at once, everything else asked again, a toast with Undo. */
import { call, type In, type Out } from "../../api/call.ts";
import { query, queryClient, refresh } from "../../api/query.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { LEAD_READS, undoLeadWrite } from "../leads/undo.ts";
import { timelineOf } from "./use-timeline.ts";

export type Lead = Out<"getLead">;
export type Task = Out<"listLeadTasks">["items"][number];
export type TaskItem = Out<"myDay">["now"][number];
export type Reasons = Out<"explainLead">;
export type TimelineItem = Out<"readTimeline">["items"][number];
export type Opportunity = Out<"listOpportunities">["items"][number];
export type EditBody = NonNullable<In<"editLead">["body"]>;

type Answer = Out<"editLead"> | Out<"completeTask"> | Out<"createTask">;
type Action = { readonly label: string; readonly run: () => void };

/** Everything that shows something of this lead is asked again. */
export function refreshLead(): void {
  refresh(...LEAD_READS, "listLeadContacts", "listLeadMail");
}

/** A step that was finished is gone from the list at once: the next key must not open it again while the list is asked anew. */
export function takeStepOff(leadId: string, stepId: string): void {
  queryClient.setQueryData(
    query("listLeadTasks", { params: { id: leadId } }).queryKey,
    (old: Out<"listLeadTasks"> | undefined) => old && { ...old, items: old.items.filter(({ id }) => id !== stepId) },
  );
}

/** Says what was done. `held` is rare: it was stored, but waits for somebody to mend it. */
export function settle(answer: Answer, text: string, action?: Action): void {
  if (answer.outcome === "held") {
    toast({ text: "Kept, but it could not be processed: it waits under Held inputs." });
    return;
  }
  const { lead, undo } = answer;
  if (lead !== null) queryClient.setQueryData(query("getLead", { params: { id: lead.id } }).queryKey, lead);
  refreshLead();
  if (answer.outcome === "unchanged") return void toast({ text: "It was so already" });
  toast({
    text,
    ...(undo === null || lead === null ? {} : { undo: undoLeadWrite(lead.id, undo) }),
    ...(action === undefined ? {} : { action }),
  });
}

/** A write with nothing to type: it is done, or the toast says why not. */
export async function attempt(write: () => Promise<Answer>, text: string, action?: Action): Promise<boolean> {
  try {
    settle(await write(), text, action);
    return true;
  } catch (error) {
    toastProblem(error);
    return false;
  }
}

export async function binLead(id: string, name: string): Promise<void> {
  await attempt(() => call("deleteLead", { params: { id } }), `${name} is in the bin`);
}

export async function restoreLead(id: string, name: string): Promise<void> {
  await attempt(() => call("restoreLead", { params: { id } }), `${name} is back`);
}

export async function changeTags(id: string, before: readonly string[], after: readonly string[]): Promise<void> {
  const add = after.filter((tag) => !before.includes(tag));
  const remove = before.filter((tag) => !after.includes(tag));
  if (add.length + remove.length === 0) return;
  const words = [add.length > 0 ? `Tagged ${add.join(", ")}` : "", remove.length > 0 ? `${add.length > 0 ? "without" : "Without"} ${remove.join(", ")}` : ""];
  await attempt(() => call("tagLead", { params: { id }, body: { add, remove } }), words.filter((word) => word !== "").join(", "));
}

/** What opening a lead needs, loaded before it is opened. */
export function prefetchLead(id: string): void {
  const params = { params: { id } };
  void queryClient.prefetchQuery(query("getLead", params));
  void queryClient.prefetchQuery(query("listLeadTasks", params));
  void queryClient.prefetchQuery(query("explainLead", params));
  void queryClient.prefetchQuery(query("readStages", params));
}

/** And all that its page shows. */
export function prefetchLeadPage(id: string): void {
  prefetchLead(id);
  void queryClient.prefetchQuery(query("explainLeadScore", { params: { id } }));
  void queryClient.prefetchInfiniteQuery(timelineOf(id, "all"));
}
