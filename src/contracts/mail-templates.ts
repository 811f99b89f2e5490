/** Mail templates: the texts that come with the house, and the workspace's own. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { line, MailBody } from "./mail.ts";
import { Moment, text } from "./values.ts";

export const Template = z
  .strictObject({
    id: z.string().meta({ description: "A name of the house (`welcome`, `invitation`, `passwordReset`, `digest`) or a uuid." }),
    name: z.string(),
    use: z.enum(["lead", "system"]).meta({ description: "Offered when writing to a lead, or used by the house itself." }),
    subject: z.string(),
    body: z.string(),
    own: z.boolean().meta({ description: "False: the text comes with Baton and nobody has changed it." }),
    updatedAt: Moment.nullable(),
  })
  .meta({ id: "MailTemplate" });

export const listTemplates = endpoint({
  id: "listTemplates",
  method: "GET",
  path: "/api/v1/mail/templates",
  tag: "Mail",
  summary: "List mail templates",
  scope: "read",
  access: "mail.send",
  replies: {
    200: {
      description: "All templates, and the merge fields there are.",
      body: z.strictObject({
        items: z.array(Template).readonly(),
        fields: z.array(z.strictObject({ name: z.string(), label: z.string() })).readonly(),
      }),
    },
  },
});

const TemplateName = line(200).refine((name) => name.trim() !== "", "is required");
const Subject = line(500).refine((subject) => subject.trim() !== "", "is required");

export const createTemplate = endpoint({
  id: "createTemplate",
  method: "POST",
  path: "/api/v1/mail/templates",
  tag: "Mail",
  summary: "Make a mail template",
  description: "Tried out before it is stored: merge fields that do not exist and mistakes in it are 422, each named.",
  scope: "write",
  access: "mail.templates",
  body: z.strictObject({ name: TemplateName, subject: Subject, body: MailBody }).meta({ id: "NewMailTemplate" }),
  replies: { 201: { description: "The template.", body: Template } },
});

export const changeTemplate = endpoint({
  id: "changeTemplate",
  method: "PATCH",
  path: "/api/v1/mail/templates/{id}",
  tag: "Mail",
  summary: "Change a mail template",
  description: "What is not named stays. Changing one that comes with Baton makes it the workspace's own.",
  scope: "write",
  access: "mail.templates",
  params: z.strictObject({ id: text(100) }),
  body: z.strictObject({ name: TemplateName.optional(), subject: Subject.optional(), body: MailBody.optional() }),
  replies: { 200: { description: "The template as it is now.", body: Template } },
});

export const deleteTemplate = endpoint({
  id: "deleteTemplate",
  method: "DELETE",
  path: "/api/v1/mail/templates/{id}",
  tag: "Mail",
  summary: "Delete a mail template",
  description: "One that comes with Baton gets its own text back.",
  scope: "write",
  access: "mail.templates",
  params: z.strictObject({ id: text(100) }),
  replies: { 200: { description: "The id that was deleted.", body: z.strictObject({ id: z.string() }) } },
});
