/**
 * Taking the last change back. What an input replaced is kept beside it, as the way back: `reverseOf` compares the states
 * before and after. Undoing is an input of its own: it is handed the way back as the answer to a need, so that replay finds
 * it recorded. Scores, signals and timers are not part of it; they follow from the rest, and a call that was logged did happen.
 */
import { handOverTasks } from "../process/tasks.ts";
import { note, Refused, refuse, type Draft, type Work } from "./draft.ts";
import type { Answer, Input, Need } from "./input.ts";
import { type Contact, type LeadState, type Opportunity, PROFILE_KEYS, type Task } from "./state.ts";

const HOUR_MS = 3_600_000;
/** How long a change can be taken back. */
export const UNDO_WITHIN_MS = HOUR_MS;

const UNDOABLE_KINDS: ReadonlySet<Input["kind"]> = new Set<Input["kind"]>([
  "edit",
  "tag",
  "stage",
  "accept",
  "reject",
  "assign",
  "completeTask",
  "addTask",
  "editTask",
  "snoozeTask",
  "delegateTask",
  "cancelTask",
  "convert",
  "opportunityStage",
  "editOpportunity",
  "link",
  "unlink",
  "sendMail",
  "delete",
  "restore",
]);

export function isUndoable(kind: Input["kind"]): boolean {
  return UNDOABLE_KINDS.has(kind);
}

const VALUES = [
  ...PROFILE_KEYS,
  "companyId",
  "bant",
  "tags",
  "stage",
  "status",
  "stageAt",
  "met",
  "resting",
  "ownerId",
  "team",
  "deletedAt",
] as const satisfies readonly (keyof LeadState)[];
const MAPS = ["fields", "consent", "provenance", "passes"] as const satisfies readonly (keyof LeadState)[];
const LISTS = ["tasks", "opportunities", "contacts"] as const satisfies readonly (keyof LeadState)[];

type Part = Task | Opportunity | Contact;
/** Ids that were added, and things as they were that changed or went. */
type ListBack = { readonly added: readonly string[]; readonly were: readonly Part[] };

/** The way back, smallest form: only what is to be put back. In maps null stands for "was not there". */
export type Reverse = {
  readonly values: Readonly<Record<string, unknown>>;
  readonly maps: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  readonly lists: Readonly<Record<string, ListBack>>;
};

export function reverseOf(before: LeadState, after: LeadState): Reverse {
  const values = Object.fromEntries(VALUES.flatMap((key) => (before[key] === after[key] ? [] : [[key, before[key]]])));
  const maps = Object.fromEntries(MAPS.flatMap((key) => (before[key] === after[key] ? [] : [[key, mapBack(before[key], after[key])]])));
  const lists = Object.fromEntries(LISTS.flatMap((key) => (before[key] === after[key] ? [] : [[key, listBack(before[key], after[key])]])));
  return { values, maps, lists };
}

function mapBack(before: Readonly<Record<string, unknown>>, after: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const back: Record<string, unknown> = {};
  for (const key in after) if (!Object.hasOwn(before, key)) back[key] = null;
  for (const key in before) if (before[key] !== after[key]) back[key] = before[key];
  return back;
}

function listBack(before: readonly Part[], after: readonly Part[]): ListBack {
  const known = new Set(before.map(({ id }) => id));
  return { added: after.filter(({ id }) => !known.has(id)).map(({ id }) => id), were: before.filter((part) => !after.includes(part)) };
}

/** What the flow found about an input that is to be taken back. `since` names what happened after it; `linked` that others refer to what it made. */
export type Former = {
  readonly kind: string;
  readonly actor: string;
  readonly at: number;
  readonly reverse: Reverse | null;
  readonly since: string | null;
  readonly linked: boolean;
};

export function* undo(work: Work, number: number): Generator<Need, void, Answer> {
  const { meta, lead } = work;
  const answer = yield { kind: "former", lead: meta.leadId, number };
  const former = answer.kind === "former" ? answer.former : null;
  if (former === null || former.reverse === null) throw refused("nothing-to-undo", `There is no change ${number} of this lead that could be taken back.`);
  if (former.actor !== meta.actor) throw refused("not-yours", "Somebody else made this change; only he can take it back.");
  if (meta.now - former.at > UNDO_WITHIN_MS) throw refused("too-late", "This change is more than an hour old. Make the opposite change by hand.");
  if (former.since !== null) throw refused("changed-since", `Something happened to the lead since: ${former.since}. Make the opposite change by hand.`);
  if (former.linked) throw refused("changed-since", "Other people were linked to the opportunity since. Take these links away first.");
  const owner = lead.ownerId;
  putBack(lead, former.reverse);
  if (lead.ownerId !== owner) note(work, "lead.assigned", { from: owner, owner: lead.ownerId, rule: "undo" });
  if (lead.ownerId !== owner) handOverTasks(work);
  note(work, "lead.undone", { number, kind: former.kind });
  work.undoes = number;
  work.versioned = true;
  work.changed = true;
}

function refused(type: string, detail: string): Refused {
  return new Refused(refuse(409, type, `${detail} Nothing was written.`));
}

function putBack(lead: Draft, { values, maps, lists }: Reverse): void {
  const open = lead as unknown as Record<string, unknown>;
  for (const key in values) open[key] = values[key];
  for (const key in maps) open[key] = putMapBack(open[key] as Readonly<Record<string, unknown>>, maps[key] as Readonly<Record<string, unknown>>);
  for (const key in lists) open[key] = putListBack(open[key] as readonly Part[], lists[key] as ListBack);
}

function putMapBack(now: Readonly<Record<string, unknown>>, back: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const next = { ...now };
  for (const key in back) {
    if (back[key] === null) delete next[key];
    else next[key] = back[key];
  }
  return next;
}

function putListBack(now: readonly Part[], { added, were }: ListBack): readonly Part[] {
  const back = new Map(were.map((part) => [part.id, part]));
  const kept = now.filter(({ id }) => !added.includes(id)).map((part) => back.get(part.id) ?? part);
  const gone = were.filter(({ id }) => !now.some((part) => part.id === id));
  return gone.length === 0 ? kept : [...kept, ...gone];
}
