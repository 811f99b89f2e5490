/**
 * What the door asks before a lead reacts: may whoever hands this in do it to the lead as it stands now, under its lock?
 * Every kind of input names its right here, so an input without one does not compile.
 */
import type { Config } from "../config/config.ts";
import type { Input, Refusal } from "../flow/input.ts";
import type { LeadState } from "../flow/state.ts";
import { type Action, can, may, outOfReachWords, refusalWords, type Viewer } from "./access.ts";
import type { Role } from "./role.ts";
import { guardedOf, type Sight, teamsOf } from "./sight.ts";

/** Null: only the house itself hands it in. */
export const RIGHT_OF: { readonly [K in Input["kind"]]: Action | null } = {
  capture: "leads.edit",
  touches: "touches.record",
  edit: "leads.edit",
  import: null,
  stage: "leads.move",
  accept: "leads.move",
  reject: "leads.move",
  assign: "leads.assign",
  completeTask: "tasks.complete",
  convert: "leads.convert",
  opportunityStage: "opportunities.edit",
  sendMail: "mail.send",
  mailOutcome: null,
  timer: null,
  look: null,
  tag: "leads.edit",
  addTask: "tasks.edit",
  editTask: "tasks.edit",
  snoozeTask: "tasks.edit",
  delegateTask: "tasks.edit",
  cancelTask: "tasks.edit",
  editOpportunity: "opportunities.edit",
  link: "leads.edit",
  unlink: "leads.edit",
  note: "leads.edit",
  delete: "leads.delete",
  restore: "leads.delete",
  undo: "leads.edit",
};

/** Who hands an input in, as he was when he came. Null: somebody whose scopes have decided already, or the house itself. */
export type Bearer = { readonly userId: string; readonly role: Role; readonly sees: Sight } | null | undefined;

export function bearerOf({ userId, role, sees }: Viewer): Bearer {
  return userId === null || role === null ? null : { userId, role, sees };
}

/** What only whoever did the last thing may do, so that the change itself may have put the lead out of his reach: giving it away is taken back. */
const OF_ONES_OWN_DOING: ReadonlySet<Input["kind"]> = new Set(["undo"]);

/**
 * Why this may not be done, or null. Such a refusal leaves no trace.
 * @param lead the lead as it stands, or null when the input makes a new one
 * @param notThere how the house answers about a lead that is not there: one out of sight is answered for in the same words
 */
export function refusalAt(config: Config, bearer: Bearer, kind: Input["kind"], lead: LeadState | null, notThere: () => Refusal): Refusal | null {
  if (bearer === null || bearer === undefined) return null;
  const action = lead === null ? "leads.create" : RIGHT_OF[kind];
  if (action === null) return forbidden("Only the house itself does this. Nothing was written.");
  if (!may(bearer.role, action)) return forbidden(refusalWords(bearer.role, action));
  return lead === null || OF_ONES_OWN_DOING.has(kind) ? null : outOfReach(config, bearer, kind, lead, notThere);
}

/** A refusal that the lead itself gave, as the bearer may hear it: of a lead out of his reach it says nothing. */
export function refusalHeard(config: Config, bearer: Bearer, kind: Input["kind"], lead: LeadState | null, refusal: Refusal, notThere: () => Refusal): Refusal {
  if (bearer === null || bearer === undefined || lead === null) return refusal;
  return outOfReach(config, bearer, kind, lead, notThere) ?? refusal;
}

function outOfReach(config: Config, bearer: NonNullable<Bearer>, kind: Input["kind"], lead: LeadState, notThere: () => Refusal): Refusal | null {
  const viewer = viewerUnder(config, bearer);
  const record = guardedOf(config, lead);
  const action = RIGHT_OF[kind] ?? "leads.edit";
  if (can(viewer, action, record)) return null;
  if (can(viewer, "leads.read", record)) return forbidden(outOfReachWords(bearer.role, action, "lead"));
  return kind === "capture" ? forbidden(HIDDEN) : unrecorded(notThere());
}

/** Whether the bearer still sees a lead that he is to be told of. */
export function isSeen(config: Config, bearer: Bearer, lead: LeadState): boolean {
  return bearer === null || bearer === undefined || can(viewerUnder(config, bearer), "leads.read", guardedOf(config, lead));
}

/** The teams are those of the configuration under which the input is decided. */
function viewerUnder(config: Config, { userId, role, sees }: NonNullable<Bearer>): Viewer {
  return { userId, role, sees, teams: teamsOf(config, userId) };
}

/** Whoever sends an address knows it; that somebody has it is all he learns. */
const HIDDEN =
  "Somebody with this address, phone or id is here already, and is not among the leads you may see. Ask a colleague in revenue operations whose it is. Nothing was written.";

function forbidden(detail: string): Refusal {
  return { kind: "refused", status: 403, type: "forbidden", detail, errors: [], unrecorded: true };
}

export function unrecorded(refusal: Refusal): Refusal {
  return { ...refusal, unrecorded: true };
}
