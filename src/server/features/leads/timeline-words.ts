/** Facts and touches in words: what happened, without who and when. */
import type { CompiledConfig } from "../../../core/config/compile.ts";
import { userRef } from "../../../core/config/people.ts";

type Data = Readonly<Record<string, unknown>>;

export type Change = { readonly field: string; readonly label: string; readonly from: string | null; readonly to: string | null };

export function sentenceOf(type: string, data: Data, config: CompiledConfig): string {
  const text = (key: string): string => (typeof data[key] === "string" ? (data[key] as string) : "");
  const stage = (key: string): string => config.stages.get(text(key))?.label ?? text(key);
  const user = (key: string): string => userRef(config, typeof data[key] === "string" ? (data[key] as string) : null)?.name ?? "nobody";
  const title = `"${text("title")}"`;
  const name = `"${text("name")}"`;
  switch (type) {
    case "lead.created":
      return `Came in at ${stage("to")}`;
    case "stage.entered":
      return `Entered ${stage("to")}${Number(data["pass"]) > 1 ? ` for the ${ordinalWord(Number(data["pass"]))} time` : ""}`;
    case "lead.statusChanged":
      return `Status became ${text("to")}`;
    case "lead.updated":
      return "Data changed";
    case "lead.assigned":
      return data["owner"] === null ? `Went to the queue ${text("queue") || "of nobody"}` : `Was given to ${user("owner")}`;
    case "lead.scored":
      return `Score went from ${String(data["from"])} to ${String(data["to"])}`;
    case "lead.converted":
      return `Was converted to the opportunity ${name}`;
    case "lead.duplicateSuspected":
      return `Shares ${text("kind")} ${text("value")} with another lead`;
    case "lead.deleted":
      return "Was put into the bin";
    case "lead.restored":
      return "Came back out of the bin";
    case "lead.undone":
      return "A change was taken back";
    case "task.completed":
      return `Completed ${title}${data["result"] === "done" ? "" : `: ${text("result")}`}`;
    case "task.added":
      return `Added the task ${title}`;
    case "task.edited":
      return `Changed the task ${title}`;
    case "task.snoozed":
      return `Put off ${title}`;
    case "task.delegated":
      return `Gave ${title} to ${user("to")}`;
    case "task.cancelled":
      return `Cancelled ${title}`;
    case "task.reopened":
      return `${title} is open again`;
    case "opportunity.stageChanged":
      return `Opportunity ${name} went from ${text("from")} to ${text("to")}`;
    case "opportunity.updated":
      return `Opportunity ${name} changed`;
    case "contact.linked":
      return `Became ${text("role")} of ${name}`;
    case "contact.unlinked":
      return `Is no longer ${text("role")}`;
    case "note.added":
      return "Wrote a note";
    case "note.edited":
      return "Changed a note";
    case "note.deleted":
      return "Deleted a note";
    default:
      return type.startsWith("mail.") ? `Mail "${text("subject")}": ${type.slice(5)}` : type;
  }
}

const TOUCHED: Readonly<Record<string, string>> = {
  pageView: "Visited a page",
  formSubmit: "Submitted a form",
  download: "Downloaded a file",
  videoView: "Watched a video",
  webinarRegistered: "Registered for a webinar",
  webinarAttended: "Attended a webinar",
  eventVisit: "Came to an event",
  contactRequest: "Asked to be contacted",
  mailSent: "Was sent a mail",
  mailOpen: "Opened a mail",
  mailClick: "Clicked in a mail",
  mailReply: "Replied to a mail",
  call: "Call",
  meeting: "Meeting",
  message: "Message",
  custom: "Did something else",
};

const ENDED: Readonly<Record<string, string>> = {
  reached: "reached",
  noAnswer: "no answer",
  leftMessage: "left a message",
  busy: "busy",
  wrongNumber: "wrong number",
  held: "held",
  noShow: "did not come",
  rescheduled: "moved to another time",
  sent: "sent",
  other: "other",
};

export function touchSentence(kind: string, data: Data): string {
  const what = TOUCHED[kind] ?? kind;
  const outcome = typeof data["outcome"] === "string" ? (ENDED[data["outcome"]] ?? data["outcome"]) : null;
  return outcome === null ? what : `${what}: ${outcome}`;
}

/** The text that belongs to it: a note, an address, a subject. */
export function detailOf(data: Data): string | null {
  for (const key of ["note", "text", "was", "url", "page", "subject", "title", "name", "file", "form"]) {
    const value = data[key];
    if (typeof value === "string" && value !== "") return value.slice(0, 20_000);
  }
  return null;
}

export function whyOf(data: Data): string | null {
  const why = [data["because"], data["rule"], data["reason"]].filter((word) => typeof word === "string" && word !== "");
  return why.length === 0 ? null : why.join(": ");
}

/** What changed, from what to what, as text. */
export function changesOf(data: Data, config: CompiledConfig, label: (field: string) => string): readonly Change[] {
  const { changes } = data;
  if (typeof changes !== "object" || changes === null) return [];
  return Object.entries(changes as Record<string, unknown>).flatMap(([field, pair]) => {
    if (!Array.isArray(pair)) return [];
    return [{ field, label: label(field), from: shown(field, pair[0], config), to: shown(field, pair[1], config) }];
  });
}

const MOMENTS: ReadonlySet<string> = new Set(["due", "nextMeeting"]);

function shown(field: string, value: unknown, config: CompiledConfig): string | null {
  if (value === null || value === undefined) return null;
  if (typeof value === "number" && MOMENTS.has(field)) return new Date(value).toISOString();
  if (field === "ownerId" && typeof value === "string") return userRef(config, value)?.name ?? value;
  if (Array.isArray(value)) return value.join(", ");
  return typeof value === "string" ? value : JSON.stringify(value);
}

function ordinalWord(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}
