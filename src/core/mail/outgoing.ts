/**
 * One-to-one mail as the lead sees it: queued, and later what became of it. Sending it is a worker's; here stands what the
 * lead's history and next steps make of it.
 */
import { newId, note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { MailOutcomeInput, SendMailInput, TouchInput } from "../flow/input.ts";
import { definitionOf, openTask } from "../process/tasks.ts";
import { leadTitle } from "./notices-of.ts";
import { tell } from "./tell.ts";

/** Refuses what may not be sent, else asks for the mail to be sent. Answers the id of the mail. */
export function queueMail(work: Work, input: SendMailInput): string {
  const { lead, meta } = work;
  const { mail } = input;
  const refusal = mailRefusal(lead, input.consentTopic);
  if (refusal !== null) throw new Refused(refuse(422, "mail-refused", refusal));
  if (lead.email !== mail.to.address)
    throw new Refused(
      refuse(
        409,
        "conflict",
        `The lead's e-mail address is "${lead.email}" meanwhile, and the mail was written to "${mail.to.address}". Look at it again and send it anew.`,
      ),
    );
  const id = newId(work);
  work.effects.push({
    id,
    at: meta.now,
    kind: "mail",
    mail,
    by: input.by,
    notBefore: meta.now + input.waitMs,
    messageId: `<${id}@${input.messageDomain}>`,
  });
  work.changed = true;
  note(work, "mail.queued", { mail: id, subject: mail.subject, to: mail.to.address, ...(mail.template === null ? {} : { template: mail.template }) });
  return id;
}

/** How a task of kind mail ends when its mail is sent: as "sent" where it can, else in its only result. */
export function mailResult(work: Work, taskId: string): string | undefined {
  const task = openTask(work, taskId);
  if (task.kind !== "mail")
    throw new Refused(refuse(422, "invalid", `"${task.title}" is not done by sending a mail.`, [{ path: "taskId", message: "must be a task of kind mail" }]));
  return definitionOf(work, task)?.results.some(({ id }) => id === "sent") === true ? "sent" : undefined;
}

/** Why nobody may write to this lead, or null. */
export function mailRefusal(lead: Pick<Work["lead"], "email" | "consent" | "deletedAt">, consentTopic: string): string | null {
  if (lead.deletedAt !== null) return "This lead is in the bin. Restore it first.";
  if (lead.email === null) return "This lead has no e-mail address. Add one first.";
  const consent = Object.hasOwn(lead.consent, consentTopic) ? lead.consent[consentTopic] : undefined;
  if (consent?.given === false) return `This lead has withdrawn consent for "${consentTopic}", so no mail is sent. Call, or ask for consent again.`;
  return null;
}

/** Writes down what became of a mail. Answers the touch that a sent one is. */
export function hearOfMail(work: Work, input: MailOutcomeInput): TouchInput | null {
  const { mail, subject, state, answer } = input;
  note(work, `mail.${state}`, { mail, subject, ...(answer === null ? {} : { answer }) });
  work.changed = true;
  if (state === "withdrawn" || state === "failed") reopenTask(work, input);
  if ((state === "failed" || state === "uncertain") && input.by !== null) {
    const title = state === "failed" ? `Your mail to ${leadTitle(work.lead)} was refused` : `Nobody knows whether your mail to ${leadTitle(work.lead)} arrived`;
    tell(work, { event: "mailFailed", key: `mail:${mail}:${state}`, to: { user: input.by }, title, detail: answer, mailId: mail });
  }
  return state === "sent" ? { kind: "mailSent", at: input.at, props: { oneToOne: true, mail, subject } } : null;
}

/**
 * A task that was completed by a mail which never left is open again, and what followed from it is cancelled while nobody
 * has worked on it. Not when the lead has gone on to another stage: then the task says nothing any more.
 */
function reopenTask(work: Work, { taskId, sentBy }: MailOutcomeInput): void {
  const { lead } = work;
  const task = lead.tasks.find((candidate) => candidate.id === taskId);
  if (task === undefined || task.state !== "done" || task.stage !== lead.stage || task.pass !== lead.passes[task.stage]) return;
  const followers = new Set(lead.tasks.filter((candidate) => candidate.state === "open" && madeBy(candidate.id, sentBy)).map(({ id }) => id));
  lead.tasks = lead.tasks.map((candidate) => {
    if (candidate.id === task.id) return { ...task, state: "open" as const, doneAt: null, doneBy: null, result: null, form: null };
    return followers.has(candidate.id) ? { ...candidate, state: "cancelled" as const, doneAt: work.meta.now } : candidate;
  });
  note(work, "task.reopened", { task: task.id, key: task.key, title: task.title, because: "the mail did not leave" });
}

/** Whether a thing was made by the input that also made the other: their ids differ in the ordinal only. */
function madeBy(id: string, sibling: string): boolean {
  return id.slice(0, 14) === sibling.slice(0, 14) && id.slice(18) === sibling.slice(18);
}
