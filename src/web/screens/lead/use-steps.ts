/** What can be done with a next step: finish it, put it off, hand it over, cancel it. */
import { addressOf, call } from "../../api/call.ts";
import { toast, toastProblem } from "../../app/toasts.tsx";
import { formatWhen } from "../../format/format.ts";
import { attempt, refreshLead, settle, takeStepOff } from "./lead-writes.ts";
import type { Finished } from "./step-form.tsx";

type Step = { readonly id: string; readonly title: string };

/** Throws when it was refused. */
export async function finishStep(step: Step, leadId: string | null, finished: Finished): Promise<void> {
  const params = { id: step.id };
  if ("again" in finished) {
    if (leadId !== null) await call("logContact", { params: { id: leadId }, body: finished.log });
    settle(await call("snoozeTask", { params, body: { until: finished.again } }), `Logged; ${step.title} comes again ${formatWhen(finished.again)}`);
    return;
  }
  const answer = await call("completeTask", { params, body: finished.body });
  if (answer.outcome !== "held" && leadId !== null) takeStepOff(leadId, step.id);
  const meeting =
    finished.body.form?.["nextMeeting"] === undefined || leadId === null ? undefined : { label: "Calendar file", run: () => void openMeeting(leadId) };
  settle(answer, `${step.title}: done`, meeting);
  if (finished.followUp === null || leadId === null) return;
  try {
    await call("createTask", { body: { title: "Call again", kind: "call", dueAt: finished.followUp, lead: leadId } });
    refreshLead();
  } catch (error) {
    toastProblem(error);
  }
}

/** The .ics of the newest opportunity with a meeting. */
async function openMeeting(leadId: string): Promise<void> {
  try {
    const { items } = await call("listOpportunities", { query: { lead: leadId } });
    const found = items.find(({ nextMeeting }) => nextMeeting !== null);
    if (found === undefined) return void toast({ text: "The opportunity has no next meeting." });
    window.location.assign(addressOf("getMeeting", { params: { id: found.id } }));
  } catch (error) {
    toastProblem(error);
  }
}

export async function snoozeStep(step: Step, until: string): Promise<boolean> {
  return attempt(() => call("snoozeTask", { params: { id: step.id }, body: { until } }), `${step.title} comes again ${formatWhen(until)}`);
}

export async function cancelStep(step: Step): Promise<boolean> {
  return attempt(() => call("cancelTask", { params: { id: step.id } }), `${step.title} is cancelled`);
}
