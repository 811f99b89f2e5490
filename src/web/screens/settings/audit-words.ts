/** The audit in words. */
import type { Role } from "../../../core/access/role.ts";
import type { Out } from "../../api/call.ts";
import { ROLE_WORDS } from "./roles.ts";

export type Entry = Out<"listAudit">["items"][number];

export const ACTION_WORDS: Readonly<Record<string, string>> = {
  "config.definitionDrafted": "drafted a definition",
  "config.definitionLive": "brought a definition into force",
  "config.definitionSigned": "signed a definition",
  "config.definitionWithdrawn": "withdrew the draft of a definition",
  "config.published": "published a configuration",
  "key.made": "made an API key",
  "key.revoked": "revoked an API key",
  "export.ended": "exported leads",
  "export.started": "began to export leads",
  "mail.sendingPaused": "paused sending",
  "mail.sendingResumed": "let mail leave again",
  "mail.settingsChanged": "changed how mail leaves",
  "session.ended": "ended a session",
  "session.recoveryCodeUsed": "signed in with a recovery code",
  "session.refused": "was refused at sign-in",
  "session.signedIn": "signed in",
  "session.signedOut": "signed out",
  "user.changed": "changed a user",
  "user.invitationRevoked": "revoked an invitation",
  "user.invited": "invited a user",
  "user.joined": "joined",
  "user.oidcLinked": "linked a user to single sign-on",
  "user.passwordChanged": "changed the password",
  "user.passwordReset": "set a new password by a link",
  "user.recoveryCodesRenewed": "made new recovery codes",
  "user.resetLinkAsked": "asked for a reset link",
  "user.resetLinkMade": "made a reset link",
  "user.secondFactorOff": "switched a second factor off",
  "user.secondFactorOn": "switched the second factor on",
  "workspace.changed": "changed the workspace",
  "workspace.oidcChanged": "set single sign-on",
  "workspace.oidcRemoved": "switched single sign-on off",
  "workspace.setUp": "set the house up",
};

export const KINDS = [
  { value: "", label: "Everything" },
  { value: "config", label: "Configuration" },
  { value: "user", label: "Users" },
  { value: "team", label: "Teams" },
  { value: "workspace", label: "Workspace" },
  { value: "key", label: "API keys" },
  { value: "session", label: "Sign-in" },
  { value: "mail", label: "Mail" },
  { value: "lead", label: "Leads" },
  { value: "import", label: "Imports" },
  { value: "export", label: "Exports" },
  { value: "backup", label: "Backup" },
];

/** "team.deleted" is "deleted (team)" where no better words are known. */
export function actionWords(action: string): string {
  const [kind = "", what = action] = action.split(".");
  const spaced = what.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
  return ACTION_WORDS[action] ?? `${spaced} (${kind})`;
}

export function whoWords({ actor, by }: Entry): string {
  if (by !== null) return actor.startsWith("key:") ? `Key “${by}”` : by;
  if (actor === "cli") return "the operator (command line)";
  return actor === "nobody" ? "Somebody unknown" : actor;
}

/** What changed, or what else there is to know. */
export function detailWords(detail: Entry["detail"]): string {
  return Object.entries(detail)
    .flatMap(([field, value]) => {
      const say = field === "role" ? roleWords : show;
      const name = field.replaceAll(/([A-Z])/g, (letter) => ` ${letter.toLowerCase()}`);
      if (typeof value === "object" && value !== null && "from" in value && "to" in value) return [`${name}: ${say(value.from)} → ${say(value.to)}`];
      return show(value) === NOTHING ? [] : [`${name}: ${say(value)}`];
    })
    .join(" · ");
}

const NOTHING = "nothing";

function show(value: unknown): string {
  if (value === null || value === undefined || value === "") return NOTHING;
  if (typeof value === "boolean") return value ? "yes" : "no";
  if (Array.isArray(value)) return value.length === 0 ? NOTHING : value.map(show).join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as string | number);
}

function roleWords(value: unknown): string {
  return typeof value === "string" && value in ROLE_WORDS ? ROLE_WORDS[value as Role].label : show(value);
}
