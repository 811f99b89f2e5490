/**
 * Who may do what: one row for each action, one column for each role, and how far it reaches. Everything else that decides
 * about a right asks this table, so what stands here is what is true.
 *
 * `own`, `team` and `customers` are records within that reach (see `isWithin`). Where an action is about no record, a cell
 * is `none` or `all`. A person never reaches further than he sees, whatever an action's own cell says.
 */
import type { Role } from "./role.ts";
import type { Config } from "../config/config.ts";
import { type Guarded, isWithin, type Reach, type RepsSee, type Seer, type Sight, teamsOf } from "./sight.ts";

type Row = { readonly does: string } & { readonly [R in Role]: Reach };

type Cells = readonly [admin: Reach, revenueOperations: Reach, marketing: Reach, salesManager: Reach, salesRep: Reach, customerSuccess: Reach, readOnly: Reach];

const row = (does: string, ...[admin, revenueOperations, marketing, salesManager, salesRep, customerSuccess, readOnly]: Cells): Row => ({
  does,
  admin,
  revenueOperations,
  marketing,
  salesManager,
  salesRep,
  customerSuccess,
  readOnly,
});

// oxfmt-ignore
export const ACCESS = {
  //                                                          admin  rev.ops marketing manager salesRep success      readOnly
  "self":               row("use your own account",           "all", "all",  "all",    "all",  "all",   "all",       "all"),

  "leads.read":         row("read leads",                     "all", "all",  "all",    "team", "team",  "customers", "all"),
  "leads.create":       row("add leads",                      "all", "all",  "all",    "all",  "all",   "all",       "none"),
  "leads.edit":         row("edit leads",                     "all", "all",  "all",    "team", "own",   "customers", "none"),
  "leads.move":         row("move leads between stages",      "all", "all",  "all",    "team", "own",   "customers", "none"),
  "leads.assign":       row("give leads an owner",            "all", "all",  "all",    "team", "own",   "none",      "none"),
  "leads.convert":      row("convert leads",                  "all", "all",  "none",   "team", "own",   "none",      "none"),
  "leads.delete":       row("delete and restore leads",       "all", "all",  "none",   "team", "none",  "none",      "none"),
  "leads.bulk":         row("change many leads at once",      "all", "all",  "all",    "team", "own",   "none",      "none"),
  "leads.export":       row("export leads",                   "all", "all",  "all",    "team", "none",  "none",      "none"),
  "touches.record":     row("record touches",                 "all", "all",  "all",    "team", "own",   "customers", "none"),

  "tasks.read":         row("read next steps",                "all", "all",  "all",    "team", "team",  "customers", "all"),
  "tasks.edit":         row("make and change next steps",     "all", "all",  "all",    "team", "own",   "customers", "none"),
  "tasks.complete":     row("complete next steps",            "all", "all",  "all",    "team", "own",   "customers", "none"),

  "opportunities.read": row("read opportunities",             "all", "all",  "all",    "team", "team",  "customers", "all"),
  "opportunities.edit": row("change opportunities",           "all", "all",  "none",   "team", "own",   "customers", "none"),
  "companies.read":     row("read companies",                 "all", "all",  "all",    "team", "team",  "customers", "all"),
  "companies.edit":     row("change companies",               "all", "all",  "all",    "team", "none",  "none",      "none"),

  "reports.read":       row("read reports",                   "all", "all",  "all",    "team", "team",  "customers", "all"),
  "imports.run":        row("import leads",                   "all", "all",  "all",    "none", "none",  "none",      "none"),
  "inputs.mend":        row("mend and replay held inputs",    "all", "all",  "none",   "none", "none",  "none",      "none"),
  "forms.edit":         row("make and change forms",          "all", "all",  "all",    "none", "none",  "none",      "none"),
  "views.share":        row("share views",                    "all", "all",  "all",    "all",  "none",  "none",      "none"),
  "mail.send":          row("send mail to leads",             "all", "all",  "all",    "team", "own",   "customers", "none"),
  "mail.templates":     row("change mail templates",          "all", "all",  "all",    "all",  "none",  "none",      "none"),
  "mail.outbox":        row("see all mail that goes out",     "all", "all",  "none",   "none", "none",  "none",      "none"),

  "config.read":        row("read the configuration",         "all", "all",  "all",    "all",  "all",   "all",       "all"),
  "config.publish":     row("publish a configuration",        "all", "all",  "none",   "none", "none",  "none",      "none"),
  "definitions.edit":   row("draft definitions",              "all", "all",  "all",    "all",  "none",  "none",      "none"),
  "definitions.sign":   row("sign definitions",               "all", "all",  "all",    "all",  "all",   "all",       "none"),
  "users.read":         row("see who works here",             "all", "all",  "all",    "all",  "all",   "all",       "all"),
  "users.manage":       row("invite and change users",        "all", "none", "none",   "none", "none",  "none",      "none"),
  "keys.manage":        row("make and revoke API keys",       "all", "none", "none",   "none", "none",  "none",      "none"),
  "workspace.manage":   row("change the workspace",           "all", "none", "none",   "none", "none",  "none",      "none"),
  "audit.read":         row("read the audit",                 "all", "all",  "none",   "none", "none",  "none",      "none"),
} satisfies Readonly<Record<string, Row>>;

export type Action = keyof typeof ACCESS;
export const ACTIONS = Object.keys(ACCESS) as readonly Action[];

/** Who is asking, as far as rights go. Role null: a key of nobody or the operator, whose scopes alone decide. */
export type Viewer = Seer & { readonly role: Role | null };

/** What a key of nobody, an import or the operator of the machine is. */
export const EVERYONE: Viewer = { userId: null, role: null, sees: "all", teams: [] };

/** Whether the role has this right at all. */
export function may(role: Role | null, action: Action): boolean {
  return reachOf(role, action) !== "none";
}

/** How far the right goes by the table alone. */
export function reachOf(role: Role | null, action: Action): Reach {
  return role === null ? "all" : ACCESS[action][role];
}

/** Whether the viewer may do this to this record. */
export function can(viewer: Viewer, action: Action, record: Guarded): boolean {
  return isWithin(viewer.sees, viewer, record) && isWithin(reachWithin(viewer, action), viewer, record);
}

/** How far a viewer reaches with an action: reading goes as far as he sees, for which a workspace may have decided otherwise than the table. */
export function reachWithin(viewer: Viewer, action: Action): Reach {
  const reach = reachOf(viewer.role, action);
  return reach !== "none" && action.endsWith(".read") ? viewer.sees : reach;
}

/** A user as a viewer, under a configuration. */
export function viewerOf(config: Config, user: { readonly id: string; readonly role: Role }): Viewer {
  return { userId: user.id, role: user.role, sees: sightOf(user.role, config.repsSee), teams: teamsOf(config, user.id) };
}

/** How far somebody of this role sees. */
export function sightOf(role: Role, repsSee: RepsSee = "team"): Sight {
  if (role === "salesRep") return repsSee;
  const reach = reachOf(role, "leads.read");
  return reach === "none" ? "own" : reach;
}

/** Everything the role may do at all, for screens. */
export function actionsOf(role: Role | null): readonly Action[] {
  return ACTIONS.filter((action) => may(role, action));
}

/** The roles that have the right, in the order in which they are named. */
export function rolesThatMay(action: Action): readonly Role[] {
  const { does: _, ...cells } = ACCESS[action];
  return (Object.keys(cells) as Role[]).filter((role) => may(role, action));
}

const ROLE_WORDS: Readonly<Record<Role, readonly [one: string, many: string]>> = {
  admin: ["an administrator", "administrators"],
  revenueOperations: ["in revenue operations", "revenue operations"],
  marketing: ["in marketing", "marketing"],
  salesManager: ["a sales manager", "sales managers"],
  salesRep: ["a sales rep", "sales reps"],
  customerSuccess: ["in customer success", "customer success"],
  readOnly: ["a reader", "readers"],
};

/** What to say to somebody who lacks the right: what is missing, and who has it. */
export function refusalWords(role: Role | null, action: Action): string {
  const who = role === null ? "You" : `You are ${ROLE_WORDS[role][0]}, and`;
  const others = rolesThatMay(action).map((other) => ROLE_WORDS[other][1]);
  return `${who} may not ${ACCESS[action].does} (${action}). This is for ${listed(others)}. Nothing was written.`;
}

/** What to say to somebody who has the right, but not for this record. */
export function outOfReachWords(role: Role | null, action: Action, what: string): string {
  const others = rolesThatMay(action).filter((other) => reachOf(other, action) === "all");
  const reach = reachOf(role, action);
  const yours = reach === "own" ? "only your own" : reach === "team" ? "only your team's" : "only customers";
  return `You may ${ACCESS[action].does}, but ${yours} (${action}); this ${what} is not. Ask its owner, or ${listed(others.map((other) => ROLE_WORDS[other][1]))}. Nothing was written.`;
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}
