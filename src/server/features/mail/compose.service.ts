/** Writing out a mail to a lead: preview and sending come through here alike, so that what is shown is what is sent. */
import type { LeadState } from "../../../core/flow/state.ts";
import { mailRefusal } from "../../../core/mail/outgoing.ts";
import type { MailAddress, MailContent, MailFile } from "../../../core/mail/mail.ts";
import type { Deps } from "../../deps.ts";
import { listLeadRows } from "../../flow/flow.queries.ts";
import { leadOf, NO_PARTS } from "../../flow/rows.ts";
import { invalid, notFound } from "../../problems.ts";
import { mustReachLead } from "../access/access.service.ts";
import { idOf } from "../leads/write.service.ts";
import { findSender, findSettings, getPlace, type PlaceRow, type SenderRow, type SettingsRow } from "./mail.queries.ts";
import { meetingInvitation } from "./meetings.service.ts";
import { mergeFields } from "./merge-fields.service.ts";
import { writeOut } from "./render.ts";
import { findTemplate } from "./templates.service.ts";

export type Draft = {
  readonly templateId?: string | undefined;
  readonly subject?: string | undefined;
  readonly body?: string | undefined;
  readonly taskId?: string | undefined;
  readonly invite?: string | undefined;
};

export type Composed = {
  readonly leadId: string;
  readonly content: Omit<MailContent, "to" | "taskId" | "request"> & { readonly to: MailAddress | null };
  readonly consentTopic: string;
  readonly refused: string | null;
};

export const NO_SETTINGS: SettingsRow = { from_name: null, from_address: null, tracking: true, consent_topic: null };
export const CONSENT_TOPIC = "email";

/** @throws Problem 404 for a lead out of sight, 403 for one out of reach, 422 when it cannot be written out */
export async function compose(deps: Deps, leadText: string, draft: Draft): Promise<Composed> {
  const id = idOf("lead", leadText);
  await mustReachLead(deps, "mail.send", id, "lead", leadText);
  const [[row], { config }, settings, place, sender] = await Promise.all([
    listLeadRows(deps.db, [id]),
    deps.configs.get(deps.db),
    findSettings(deps.db),
    getPlace(deps.db),
    deps.viewer.userId === null ? null : findSender(deps.db, deps.viewer.userId),
  ]);
  if (row === undefined) throw notFound("lead", leadText);
  const lead = leadOf(row, NO_PARTS);
  const template = draft.templateId === undefined ? null : await findTemplate(deps, draft.templateId);
  const subject = draft.subject ?? template?.subject ?? "";
  const body = draft.body ?? template?.body ?? "";
  const missing = [
    ...(subject.trim() === "" ? [{ path: "subject", message: "is required, or a template that has one" }] : []),
    ...(body.trim() === "" ? [{ path: "body", message: "is required, or a template that has one" }] : []),
  ];
  if (missing.length > 0) throw invalid("The mail is not complete.", missing);
  const fields = await mergeFields(deps, lead, config, place, sender);
  const written = writeOut({ subject, body, signature: sender?.signature ?? "" }, fields, place.timezone);
  const files: readonly MailFile[] = draft.invite === undefined ? [] : [await meetingInvitation(deps, draft.invite, lead.id, sender)];
  const consentTopic = settings?.consent_topic ?? CONSENT_TOPIC;
  return {
    leadId: lead.id,
    content: {
      from: fromOf(deps, settings ?? NO_SETTINGS, place, sender),
      replyTo: sender === null ? null : { name: sender.name, address: sender.email },
      to: lead.email === null ? null : { name: nameOf(lead), address: lead.email },
      ...written,
      files,
      track: settings?.tracking ?? true,
      template: template?.id ?? null,
    },
    consentTopic,
    refused: mailRefusal(lead, consentTopic),
  };
}

/** Whom mail comes from: the user by name, at the workspace's address where it has one. */
export function fromOf(deps: Pick<Deps, "gate">, settings: SettingsRow, place: Pick<PlaceRow, "name">, sender: SenderRow | null): MailAddress {
  return {
    name: sender?.name ?? settings.from_name ?? place.name,
    address: settings.from_address ?? sender?.email ?? `baton@${hostOf(deps.gate.url())}`,
  };
}

function hostOf(url: string): string {
  const host = URL.canParse(url) ? new URL(url).hostname : "";
  return /^[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z][a-z0-9-]*$/i.test(host) ? host : "localhost";
}

function nameOf(lead: LeadState): string | null {
  const name = [lead.firstName, lead.lastName].filter((part) => part !== null).join(" ");
  return name === "" ? null : name;
}
