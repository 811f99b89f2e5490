/** Mail of the house to its own people: invitations, password resets, notifications, digests. Queued in the transaction of what causes it. */
import { domainOf, type MailContent, type MailPurpose } from "../../../core/mail/mail.ts";
import { bindDb } from "../../db/db.ts";
import type { Deps, House, LinkMail } from "../../deps.ts";
import { SEALED_MAIL } from "../../effects/mailer.ts";
import { insertMail } from "../../effects/effects.queries.ts";
import { fromOf, NO_SETTINGS } from "./compose.service.ts";
import { findSender, findSettings, getPlace } from "./mail.queries.ts";
import { type MergeFields, writeOut, type Written } from "./render.ts";
import { findTemplate } from "./templates.service.ts";

export type HouseMail = {
  readonly purpose: Exclude<MailPurpose, "lead">;
  readonly to: { readonly name: string | null; readonly address: string };
  /** A template of the house, with what it is filled in with; or the text itself. */
  readonly text: { readonly template: string; readonly fields: MergeFields } | { readonly subject: string; readonly body: string };
};

/** Queues a mail; with `deps.db` of a transaction it is queued exactly when that commits. */
export async function queueHouseMail(deps: Deps, { purpose, to, text }: HouseMail): Promise<void> {
  const [settings, place] = await Promise.all([findSettings(deps.db), getPlace(deps.db)]);
  const template = "template" in text ? await findTemplate(deps, text.template) : text;
  const fields: MergeFields = { workspace: { name: place.name }, person: { name: to.name }, ...("template" in text ? text.fields : {}) };
  const written: Written = writeOut(template, fields, place.timezone);
  const id = deps.newId();
  const from = fromOf(deps, settings ?? NO_SETTINGS, place, null);
  const named = "template" in text ? text.template : null;
  const whole: MailContent = { from, replyTo: null, to, ...written, files: [], track: false, template: named, taskId: null, request: null };
  const content = purpose === "invitation" || purpose === "passwordReset" ? sealMail(deps, whole) : whole;
  await deps.db.execute(
    insertMail({ id, purpose, byUser: deps.viewer.userId, content, messageId: `<${id}@${domainOf(from.address)}>`, at: new Date(deps.now()) }),
  );
}

/** Whoever reads the database, or a copy of it, must not find a way in. */
function sealMail({ gate }: Pick<House, "gate">, content: MailContent): MailContent {
  return { ...content, text: "", html: "", links: [], sealed: gate.seal(SEALED_MAIL, JSON.stringify({ text: content.text, html: content.html })) };
}

/** Lets the house mail its links: invitations and password resets. Without a mail server links are only to be copied. */
export function connectLinkMail(house: House): void {
  if (house.outgoing === undefined || house.outgoing.smtpUrl === null) return;
  house.gate.mailLink = async (deps, link) => {
    await queueLink(deps, link);
    return true;
  };
}

async function queueLink(deps: Deps, { kind, to, name, url, expiresAt }: LinkMail): Promise<void> {
  const [place, sender] = await Promise.all([getPlace(deps.db), deps.viewer.userId === null ? null : findSender(deps.db, deps.viewer.userId)]);
  const expires = new Intl.DateTimeFormat("en-GB", { dateStyle: "long", timeStyle: "short", timeZone: place.timezone }).format(expiresAt);
  const fields = { link: url, expires: `${expires} (${place.timezone})`, sender: { name: sender?.name ?? null } };
  await queueHouseMail(deps, {
    purpose: kind === "invitation" ? "invitation" : "passwordReset",
    to: { name: name === "" ? null : name, address: to },
    text: { template: kind === "invitation" ? "invitation" : "passwordReset", fields },
  });
}

/** The house in a workspace, acting by itself. */
export function actAsHouse(house: House, workspaceId: string): Deps {
  return { ...house, db: bindDb(house.database.pool, workspaceId), actor: "mail", viewer: { userId: null, role: null, sees: "all", teams: [] } };
}
