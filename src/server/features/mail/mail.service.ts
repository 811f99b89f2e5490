/** One-to-one mail: sending, seeing what became of it, taking it back, and deciding about what nobody knows. */
import { bearerOf } from "../../../core/access/door.ts";
import { may } from "../../../core/access/access.ts";
import { deriveId } from "../../../core/ids.ts";
import { leadTitle } from "../../../core/mail/notices-of.ts";
import { domainOf, type MailPurpose, type MailState, WITHDRAW_MS } from "../../../core/mail/mail.ts";
import type { Deps } from "../../deps.ts";
import { tellLeads } from "../../effects/outcomes.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { mustSeeLead } from "../access/access.service.ts";
import { type Idempotency, idOf, type Write, writeOf } from "../leads/write.service.ts";
import { type Composed, compose, type Draft } from "./compose.service.ts";
import {
  decideMail,
  findMail,
  findMailOfRequest,
  listMail as listRows,
  type MailPosition,
  type MailRow,
  queueMailAgain,
  withdrawMail as withdrawRow,
} from "./mail.queries.ts";

export type MailView = ReturnType<typeof viewOf>;
export type MailPage = { readonly items: readonly MailView[]; readonly nextCursor: string | null };
type Held = Extract<Write, { readonly outcome: "held" }>;
export type Queued = { readonly outcome: "queued"; readonly mail: MailView; readonly lead: Exclude<Write, Held>["lead"]; readonly replayed: boolean };

export async function sendMail(deps: Deps, leadText: string, draft: Draft, idempotency: Idempotency): Promise<Queued | Held> {
  const { leadId, content, consentTopic, refused } = await compose(deps, leadText, draft);
  const { to } = content;
  if (to === null) throw new Problem(422, "mail-refused", refused ?? "This lead has no e-mail address. Add one first.");
  const inputId = deps.newId();
  const outcome = await deps.door.submit(deps.db.workspaceId, {
    inputId,
    actor: deps.actor,
    bearer: bearerOf(deps.viewer),
    target: { by: "lead", id: leadId },
    idempotency,
    input: {
      kind: "sendMail",
      mail: { ...content, to, taskId: draft.taskId?.toLowerCase() ?? null, request: idempotency?.key ?? null },
      by: deps.viewer.userId,
      consentTopic,
      waitMs: WITHDRAW_MS,
      messageDomain: domainOf(content.from.address),
    },
  });
  const done = writeOf(outcome, null);
  if (done.outcome === "held") return done;
  const row = done.replayed && idempotency !== null ? await findMailOfRequest(deps.db, leadId, idempotency.key) : await findMail(deps.db, deriveId(inputId, 0));
  if (row === null) throw notFound("mail", deriveId(inputId, 0));
  return { outcome: "queued", mail: await seen(deps, row), lead: done.lead, replayed: done.replayed };
}

export async function previewMail(deps: Deps, leadText: string, draft: Draft) {
  const { content, refused }: Composed = await compose(deps, leadText, draft);
  const { from, to, subject, html, text, files } = content;
  return { from, to, subject, html, text, attachments: files.map(({ name }) => name), refused };
}

export async function listLeadMail(deps: Deps, leadText: string, page: PageRequest): Promise<MailPage> {
  const leadId = idOf("lead", leadText);
  await mustSeeLead(deps, leadId, "lead", leadText);
  return listPage(deps, { ...page, leadId, state: undefined });
}

export async function listOutbox(deps: Deps, page: PageRequest & { readonly state?: MailState | undefined }): Promise<MailPage> {
  return listPage(deps, { ...page, leadId: null });
}

type PageRequest = { readonly limit: number; readonly cursor?: string | undefined };

async function listPage(
  deps: Deps,
  { limit, cursor, leadId, state }: PageRequest & { readonly leadId: string | null; readonly state?: MailState | undefined },
): Promise<MailPage> {
  const after = cursor === undefined ? null : positionOf(cursor);
  const rows = await listRows(deps.db, { leadId, state: state ?? null, after, limit: limit + 1 });
  const { config } = await deps.configs.get(deps.db);
  const page = rows.slice(0, limit);
  const last = rows.length > limit ? page.at(-1) : undefined;
  return {
    items: page.map((row) => viewOf(row, config.users)),
    nextCursor: last === undefined ? null : Buffer.from(`${last.created_at.getTime()}.${last.id}`).toString("base64url"),
  };
}

function positionOf(cursor: string): MailPosition {
  const parts = /^(\d{1,15})\.([0-9a-f-]{36})$/.exec(Buffer.from(cursor, "base64url").toString());
  if (parts === null)
    throw invalid("The cursor is not one this list gave out; start again without it.", [{ path: "cursor", message: "is not a cursor of this list" }]);
  return { at: new Date(Number(parts[1])), id: parts[2] as string };
}

export async function getMail(deps: Deps, text: string): Promise<MailView> {
  return seen(deps, await mailOf(deps, text));
}

/** Taken back before anybody has taken it to send it; the lead hears of it before this answers. */
export async function withdrawMail(deps: Deps, text: string): Promise<MailView> {
  const row = await mailOf(deps, text);
  mustDecide(deps, row);
  if (row.state !== "withdrawn" && !(await withdrawRow(deps.db, row.id, new Date(deps.now())))) {
    const now = await mailOf(deps, text);
    if (now.state !== "withdrawn") throw new Problem(409, "conflict", `The mail is ${now.state} and cannot be taken back any more.`);
  }
  return heard(deps, row.id);
}

export type Decision = "sendAgain" | "arrived" | "notArrived";

export async function resolveMail(deps: Deps, text: string, as: Decision): Promise<MailView> {
  const row = await mailOf(deps, text);
  mustDecide(deps, row);
  const at = new Date(deps.now());
  const done =
    as === "sendAgain"
      ? await queueMailAgain(deps.db, row.id, at, ["uncertain", "failed", "kept"])
      : await decideMail(
          deps.db,
          row.id,
          as === "arrived" ? "sent" : "failed",
          as === "arrived" ? "Somebody says that it arrived." : "Somebody says that it did not arrive.",
          at,
        );
  if (!done) {
    const { state } = await mailOf(deps, text);
    const possible = as === "sendAgain" ? "uncertain, failed or kept" : "uncertain";
    throw new Problem(409, "conflict", `The mail is ${state}; this can be said only of mail that is ${possible}.`);
  }
  return heard(deps, row.id);
}

async function heard(deps: Deps, id: string): Promise<MailView> {
  await tellLeads(deps, deps.db.workspaceId, deps.now());
  const row = await findMail(deps.db, id);
  if (row === null) throw notFound("mail", id);
  return seen(deps, row);
}

/** Mail to a lead is seen by those who see the lead, the house's own mail by those who see the outbox. @throws Problem 404 */
async function mailOf(deps: Deps, text: string): Promise<MailRow> {
  const row = await findMail(deps.db, idOf("mail", text));
  if (row === null || (row.lead_id === null && !may(deps.viewer.role, "mail.outbox"))) throw notFound("mail", text);
  if (row.lead_id !== null) await mustSeeLead(deps, row.lead_id, "mail", text);
  return row;
}

/** Whoever wrote it decides, and whoever answers for the outbox. */
function mustDecide({ viewer }: Deps, { by_user }: MailRow): void {
  if (viewer.userId === null || viewer.userId === by_user || may(viewer.role, "mail.outbox")) return;
  throw new Problem(403, "forbidden", "This mail is another person's. Whoever wrote it can decide about it, and administrators and revenue operations can.");
}

async function seen(deps: Deps, row: MailRow): Promise<MailView> {
  const { config } = await deps.configs.get(deps.db);
  return viewOf(row, config.users);
}

function viewOf(row: MailRow, users: readonly { readonly id: string; readonly name: string }[]) {
  const { content } = row;
  // Whoever may read the outbox may not thereby become somebody else: links that let one in are not shown.
  const secret = content.sealed !== undefined;
  const hidden = "The text holds a link for one person and is not shown.";
  return {
    id: row.id,
    purpose: row.purpose as MailPurpose,
    state: row.state as MailState,
    lead:
      row.lead_id === null
        ? null
        : {
            id: row.lead_id,
            name: leadTitle({ firstName: row.first_name, lastName: row.last_name, company: row.company, email: row.email, phone: row.phone }),
          },
    by: row.by_user === null ? null : { id: row.by_user, name: users.find(({ id }) => id === row.by_user)?.name ?? row.by_user },
    task: content.taskId,
    template: content.template,
    from: content.from,
    to: content.to,
    subject: content.subject,
    text: secret ? hidden : content.text,
    html: secret ? `<p>${hidden}</p>` : content.html,
    attachments: content.files.map(({ name }) => name),
    messageId: row.message_id,
    notBefore: row.not_before.toISOString(),
    withdrawable: row.state === "queued",
    attempts: row.attempts,
    answer: row.answer,
    opens: row.opens,
    clicks: row.clicks,
    createdAt: row.created_at.toISOString(),
    sentAt: row.sent_at?.toISOString() ?? null,
  };
}
