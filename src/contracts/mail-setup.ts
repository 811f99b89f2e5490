/** How mail is set up: whether anything leaves the house, what the workspace decides, what a user signs with. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { line } from "./mail.ts";
import { Moment, text } from "./values.ts";

export const Sending = z
  .strictObject({
    state: z.enum(["running", "paused"]),
    because: z.string().nullable().meta({ description: "Why it is paused, as `restored`." }),
    since: Moment.nullable(),
    smtp: z.enum(["set", "none"]).meta({ description: "`none`: nothing leaves the house until SMTP_URL is set; mail is kept." }),
    counts: z
      .strictObject({ queued: z.int(), sending: z.int(), uncertain: z.int(), failed: z.int(), kept: z.int() })
      .meta({ description: "This workspace's mail." }),
  })
  .meta({ id: "Sending" });

export const getSending = endpoint({
  id: "getSending",
  method: "GET",
  path: "/api/v1/mail/sending",
  tag: "Mail",
  summary: "See whether mail is leaving",
  description: "After a restore sending is paused, so that an old queue is not sent once more.",
  scope: "read",
  access: "mail.outbox",
  replies: { 200: { description: "The state.", body: Sending } },
});

export const setSending = endpoint({
  id: "setSending",
  method: "PUT",
  path: "/api/v1/mail/sending",
  tag: "Mail",
  summary: "Pause or resume sending",
  description: "For the whole house. Mail that is being handed over meanwhile is finished.",
  scope: "admin",
  access: "workspace.manage",
  body: z.strictObject({ state: z.enum(["running", "paused"], { error: "must be running or paused" }), reason: line(500).optional() }),
  replies: { 200: { description: "The state as it is now.", body: Sending } },
});

export const MailSettings = z
  .strictObject({
    fromName: z.string().nullable(),
    fromAddress: z
      .string()
      .nullable()
      .meta({ description: "The address mail comes from. One-to-one mail carries the user's name and answers go to the user." }),
    tracking: z.boolean().meta({ description: "Whether opens and clicks of one-to-one mail are counted." }),
    consentTopic: z.string().nullable().meta({ description: "The consent topic whose withdrawal forbids mail; `email` if null." }),
    smtp: z.enum(["set", "none"]),
  })
  .meta({ id: "MailSettings" });

export const getMailSettings = endpoint({
  id: "getMailSettings",
  method: "GET",
  path: "/api/v1/mail/settings",
  tag: "Mail",
  summary: "Read how mail is set up",
  scope: "read",
  access: "workspace.manage",
  replies: { 200: { description: "The settings.", body: MailSettings } },
});

export const changeMailSettings = endpoint({
  id: "changeMailSettings",
  method: "PATCH",
  path: "/api/v1/mail/settings",
  tag: "Mail",
  summary: "Change how mail is set up",
  description: "What is not named stays.",
  scope: "admin",
  access: "workspace.manage",
  body: z
    .strictObject({
      fromName: line(200).nullish(),
      fromAddress: line(254).nullish(),
      tracking: z.boolean().optional(),
      consentTopic: line(100).nullish(),
    })
    .meta({ examples: [{ fromName: "Analytical Engines", fromAddress: "hello@example.org", tracking: true }] }),
  replies: { 200: { description: "The settings as they are now.", body: MailSettings } },
});

const SignatureBody = text(5000).meta({ description: "Put under your one-to-one mail; the same simple markup, no merge fields." });

export const getSignature = endpoint({
  id: "getSignature",
  method: "GET",
  path: "/api/v1/mail/signature",
  tag: "Mail",
  summary: "Read your signature",
  scope: "read",
  access: "self",
  replies: { 200: { description: "The signature.", body: z.strictObject({ signature: z.string() }) } },
});

export const setSignature = endpoint({
  id: "setSignature",
  method: "PUT",
  path: "/api/v1/mail/signature",
  tag: "Mail",
  summary: "Change your signature",
  scope: "write",
  access: "self",
  body: z.strictObject({ signature: SignatureBody }).meta({ examples: [{ signature: "Grace Hopper\n+44 20 7946 0000" }] }),
  replies: { 200: { description: "The signature as it is now.", body: z.strictObject({ signature: z.string() }) } },
});
