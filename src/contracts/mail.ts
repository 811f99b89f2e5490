/** Mail that leaves the house: one-to-one mail to leads, and what became of each. */
import { z } from "zod";
import { MAIL_PURPOSES, MAIL_STATES } from "../core/mail/mail.ts";
import { endpoint } from "./endpoint.ts";
import { Lead } from "./lead.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

/** One line: what stands in a header. Control characters would end the header and begin another. */
export const line = (max: number) => text(max).refine((value) => !/[\p{Cc}\u2028\u2029]/u.test(value), "must be one line without control characters");

export const MailBody = text(50_000).meta({
  description:
    'Paragraphs parted by an empty line; `**bold**`, `*italic*`, `[words](https://…)`, `- ` for lists, `# ` for a heading. Merge fields as `{{ lead.firstName | default: "there" }}`.',
});
const Address = z.strictObject({ name: z.string().nullable(), address: z.string() }).meta({ id: "MailAddress" });

export const Mail = z
  .strictObject({
    id: Id,
    purpose: z.enum(MAIL_PURPOSES),
    state: z.enum(MAIL_STATES).meta({
      description:
        "`queued` waits; `sending` is being handed over; `sent` was taken by the mail server; `failed` was refused for good; `uncertain`: the connection broke before the answer, so nobody knows, and it is not repeated by itself; `withdrawn` was taken back in time; `kept`: nothing leaves the house until SMTP_URL is set.",
    }),
    lead: z.strictObject({ id: Id, name: z.string() }).nullable(),
    by: z.strictObject({ id: Id, name: z.string() }).nullable().meta({ description: "The user who wrote it." }),
    task: Id.nullable(),
    template: z.string().nullable(),
    from: Address,
    to: Address,
    subject: z.string(),
    text: z.string(),
    html: z.string().meta({ description: "As it is sent, without the links and picture that track it." }),
    attachments: z.array(z.string()).readonly().meta({ description: "File names." }),
    messageId: z.string(),
    notBefore: Moment.meta({ description: "It leaves then at the earliest." }),
    withdrawable: z.boolean().meta({ description: "While it is queued: at least until `notBefore`." }),
    attempts: z.int(),
    answer: z.string().nullable().meta({ description: "What the mail server said last, or what broke." }),
    opens: z.int(),
    clicks: z.int(),
    createdAt: Moment,
    sentAt: Moment.nullable(),
  })
  .meta({ id: "Mail", description: "One message and what became of it." });

export type MailJson = z.input<typeof Mail>;

const MailPage = z.strictObject({ items: z.array(Mail).readonly(), nextCursor: NextCursor });

export const MailDraft = z
  .strictObject({
    templateId: text(100).optional().meta({ description: "A template whose subject and body are used where none are given here." }),
    subject: line(500).optional(),
    body: MailBody.optional(),
    taskId: Id.optional().meta({ description: "An open task of kind mail of this lead; sending completes it with the result `sent`, or its only result." }),
    invite: Id.optional().meta({ description: "An opportunity with a next meeting, or a task of kind meeting, of this lead: its .ics is attached." }),
  })
  .meta({ id: "MailDraft", examples: [{ templateId: "welcome" }, { subject: "Your question", body: "Dear {{ lead.firstName }},\n\nthank you." }] });

export type Draft = z.output<typeof MailDraft>;

const LeadParams = z.strictObject({ id: Id });
const MailParams = z.strictObject({ id: Id });

export const sendMail = endpoint({
  id: "sendMail",
  method: "POST",
  path: "/api/v1/leads/{id}/mail",
  tag: "Mail",
  summary: "Write to a lead",
  description:
    "Queues one mail. It leaves after ten seconds, until when it can be withdrawn. Refused when the lead has no e-mail address or has withdrawn consent for e-mail. Merge fields that do not exist are 422, each named.",
  scope: "write",
  access: "mail.send",
  params: LeadParams,
  body: MailDraft,
  replies: {
    201: { description: "Queued.", body: z.strictObject({ outcome: z.literal("queued"), mail: Mail, lead: Lead }) },
    202: { description: "Stored, but it could not be processed.", body: z.strictObject({ outcome: z.literal("held"), intakeId: Id }) },
  },
  problems: [409],
});

export const previewMail = endpoint({
  id: "previewMail",
  method: "POST",
  path: "/api/v1/leads/{id}/mail/preview",
  tag: "Mail",
  summary: "See a mail as this lead would get it",
  description: "Made by the same code as what is sent. `refused` says why it could not be sent as things stand.",
  scope: "read",
  access: "mail.send",
  params: LeadParams,
  body: MailDraft,
  replies: {
    200: {
      description: "The mail.",
      body: z
        .strictObject({
          from: Address,
          to: Address.nullable(),
          subject: z.string(),
          html: z.string(),
          text: z.string(),
          attachments: z.array(z.string()).readonly(),
          refused: z.string().nullable(),
        })
        .meta({ id: "MailPreview" }),
    },
  },
});

export const listLeadMail = endpoint({
  id: "listLeadMail",
  method: "GET",
  path: "/api/v1/leads/{id}/mail",
  tag: "Mail",
  summary: "List the mail of a lead",
  description: "Newest first.",
  scope: "read",
  access: "leads.read",
  params: LeadParams,
  query: z.strictObject({ limit: Limit.default(50), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of mail.", body: MailPage } },
});

export const listOutbox = endpoint({
  id: "listOutbox",
  method: "GET",
  path: "/api/v1/mail/outbox",
  tag: "Mail",
  summary: "List all mail that goes out",
  description: "Newest first, of the whole workspace. Without SMTP_URL this is where mail ends: `kept`.",
  scope: "read",
  access: "mail.outbox",
  query: z.strictObject({
    state: z.enum(MAIL_STATES, { error: `must be one of ${MAIL_STATES.join(", ")}` }).optional(),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: { 200: { description: "A page of mail.", body: MailPage } },
});

export const getMail = endpoint({
  id: "getMail",
  method: "GET",
  path: "/api/v1/mail/{id}",
  tag: "Mail",
  summary: "Read a mail",
  description: "Mail to a lead is read by those who see the lead, other mail by those who see the outbox.",
  scope: "read",
  access: "leads.read",
  params: MailParams,
  replies: { 200: { description: "The mail.", body: Mail } },
});

export const withdrawMail = endpoint({
  id: "withdrawMail",
  method: "POST",
  path: "/api/v1/mail/{id}/withdraw",
  tag: "Mail",
  summary: "Take a mail back",
  description:
    "While it is queued. Once it is being handed over there is no way back: 409 with its state. A task that sending completed is open again. Withdrawing twice answers the same.",
  scope: "write",
  access: "mail.send",
  params: MailParams,
  replies: { 200: { description: "Withdrawn.", body: Mail } },
  problems: [409],
});

export const resolveMail = endpoint({
  id: "resolveMail",
  method: "POST",
  path: "/api/v1/mail/{id}/resolve",
  tag: "Mail",
  summary: "Say what shall become of a mail",
  description:
    "`sendAgain` queues an uncertain, failed or kept mail once more, under the same Message-ID; `arrived` says that an uncertain one did arrive; `notArrived` that it did not, and it is failed.",
  scope: "write",
  access: "mail.send",
  params: MailParams,
  body: z.strictObject({ as: z.enum(["sendAgain", "arrived", "notArrived"], { error: "must be sendAgain, arrived or notArrived" }) }),
  replies: { 200: { description: "The mail as it is now.", body: Mail } },
  problems: [409],
});

export const getMeeting = endpoint({
  id: "getMeeting",
  method: "GET",
  path: "/api/v1/opportunities/{id}/meeting.ics",
  tag: "Mail",
  summary: "The next meeting as a calendar file",
  description: "404 when the opportunity has no next meeting. The file's UID stays the same, so a calendar moves the meeting it knows.",
  scope: "read",
  access: "opportunities.read",
  params: z.strictObject({ id: Id }),
  produces: "text/calendar",
  replies: { 200: { description: "An iCalendar file (RFC 5545).", body: z.string() } },
});

export const getTaskMeeting = endpoint({
  id: "getTaskMeeting",
  method: "GET",
  path: "/api/v1/tasks/{id}/meeting.ics",
  tag: "Mail",
  summary: "A meeting task as a calendar file",
  description: "For an open task of kind meeting.",
  scope: "read",
  access: "tasks.read",
  params: z.strictObject({ id: Id }),
  produces: "text/calendar",
  replies: { 200: { description: "An iCalendar file (RFC 5545).", body: z.string() } },
});

const TokenParams = z.strictObject({ token: text(100) });

export const openPicture = endpoint({
  id: "openMailPicture",
  method: "GET",
  path: "/m/{token}/open.gif",
  tag: "Mail",
  summary: "The picture in a tracked mail",
  description: "Counts an opening by a person. Any address answers with the same picture.",
  scope: null,
  access: null,
  params: TokenParams,
  produces: "image/gif",
  replies: { 200: { description: "One transparent point.", body: z.unknown() } },
});

export const followLink = endpoint({
  id: "followMailLink",
  method: "GET",
  path: "/m/{token}",
  tag: "Mail",
  summary: "A link in a tracked mail",
  description: "Leads to where the mail said, and counts a click by a person. Where it leads is stored with the mail, never in the address.",
  scope: null,
  access: null,
  params: TokenParams,
  produces: "text/plain",
  replies: { 302: { description: "To where the link leads.", body: z.string() } },
});
