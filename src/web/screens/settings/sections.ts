/** What there is to set, in the order of the list. No components here: the palette looks in it too. */
import type { LucideIcon } from "lucide-react";
import {
  Bell,
  Building,
  FileCog,
  FileSignature,
  Gauge,
  History,
  Info,
  KeyRound,
  ListChecks,
  LogIn,
  Mail,
  MailCheck,
  MailPlus,
  Milestone,
  PenLine,
  Route,
  ShieldCheck,
  UserRound,
  Users,
  UsersRound,
} from "lucide-react";
import type { Action } from "../../../core/access/access.ts";

export type SettingsSection = {
  readonly id: string;
  readonly label: string;
  readonly icon: LucideIcon;
  readonly group: "You" | "Workspace" | "Process" | "Mail" | "House";
  readonly access: Action;
  /** Single settings in it, as people would look for them. */
  readonly holds: readonly string[];
};

export const SECTIONS: readonly SettingsSection[] = [
  { id: "profile", label: "Profile", icon: UserRound, group: "You", access: "self", holds: ["Your name", "Theme: light, dark", "Your role and teams"] },
  {
    id: "security",
    label: "Sign-in and security",
    icon: ShieldCheck,
    group: "You",
    access: "self",
    holds: ["Your password", "Second factor (authenticator app)", "Recovery codes", "Sessions: where you are signed in"],
  },
  {
    id: "notifications",
    label: "Notifications",
    icon: Bell,
    group: "You",
    access: "self",
    holds: ["Bell", "Mail at once or in a digest", "Hour of the daily digest"],
  },
  { id: "signature", label: "Signature", icon: PenLine, group: "You", access: "mail.send", holds: ["Signature of your mail"] },
  {
    id: "workspace",
    label: "Workspace",
    icon: Building,
    group: "Workspace",
    access: "workspace.manage",
    holds: [
      "Name of the workspace",
      "Time zone",
      "Currency",
      "First day of the week",
      "Language of numbers and dates",
      "What sales reps see",
      "Second factor required",
    ],
  },
  {
    id: "users",
    label: "Users",
    icon: Users,
    group: "Workspace",
    access: "users.manage",
    holds: ["Invite a user", "Roles", "Signer for marketing and sales", "Reset link for a password", "Deactivate a user"],
  },
  { id: "teams", label: "Teams", icon: UsersRound, group: "Workspace", access: "users.manage", holds: ["Members and their turn", "New team"] },
  { id: "api-keys", label: "API keys", icon: KeyRound, group: "Workspace", access: "keys.manage", holds: ["New key", "Scopes", "Revoke a key"] },
  {
    id: "sso",
    label: "Single sign-on",
    icon: LogIn,
    group: "Workspace",
    access: "workspace.manage",
    holds: ["OIDC", "Issuer and client", "Make users at sign-in"],
  },
  {
    id: "stages",
    label: "Stages",
    icon: Milestone,
    group: "Process",
    access: "config.publish",
    holds: ["Labels of stages", "Stages of opportunities"],
  },
  {
    id: "scoring",
    label: "Scoring",
    icon: Gauge,
    group: "Process",
    access: "config.publish",
    holds: ["Scoring rules", "Points, caps and half-life", "Threshold: definition of an MQL", "Heat: hot and warm", "Floor and ceiling"],
  },
  {
    id: "definitions",
    label: "Definitions",
    icon: FileSignature,
    group: "Process",
    access: "config.read",
    holds: ["What a stage asks", "Draft and sign a definition", "Versions of a definition", "Met but rejected, accepted without meeting"],
  },
  {
    id: "routing",
    label: "Routing",
    icon: Route,
    group: "Process",
    access: "config.publish",
    holds: ["Routing rules", "Fallback queue and who answers for it"],
  },
  {
    id: "process",
    label: "Process",
    icon: ListChecks,
    group: "Process",
    access: "config.publish",
    holds: ["Acceptance of MQLs by sales", "Next steps and when they are due", "Required fields of forms"],
  },
  { id: "fields", label: "Custom fields", icon: FileCog, group: "Process", access: "config.publish", holds: ["New field", "Options of a select"] },
  {
    id: "mail",
    label: "Mail",
    icon: Mail,
    group: "Mail",
    access: "workspace.manage",
    holds: ["From name and address", "SMTP", "Count opens and clicks", "Consent topic", "Pause and resume sending"],
  },
  {
    id: "templates",
    label: "Mail templates",
    icon: MailPlus,
    group: "Mail",
    access: "mail.templates",
    holds: ["New template", "Welcome letter", "Merge fields"],
  },
  { id: "outbox", label: "Outbox", icon: MailCheck, group: "Mail", access: "mail.outbox", holds: ["Uncertain and failed mail", "Kept mail"] },
  { id: "audit", label: "Audit", icon: History, group: "House", access: "audit.read", holds: ["Who did what, when and why"] },
  { id: "about", label: "About", icon: Info, group: "House", access: "self", holds: ["Version", "Backup and restore", "API reference"] },
];

export const GROUPS = ["You", "Workspace", "Process", "Mail", "House"] as const;

/** Whether the words typed stand in the section's name or in one of its settings; answers which. */
export function foundIn({ label, holds }: SettingsSection, typed: string): readonly string[] | null {
  const wanted = typed.trim().toLowerCase().split(/\s+/);
  const fits = (text: string): boolean => wanted.every((word) => text.toLowerCase().includes(word));
  const inside = holds.filter(fits);
  return inside.length > 0 || fits(label) ? inside : null;
}
