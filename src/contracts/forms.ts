/** Forms: pages on which strangers leave their details, hosted here or embedded elsewhere. Every workspace has one from the start. */
import { z } from "zod";
import { FORM_FIELD_KEYS } from "../core/forms/form.ts";
import { type Content, endpoint } from "./endpoint.ts";
import { Id, Moment, text } from "./values.ts";

const FieldKey = z
  .string()
  .max(70)
  .refine(
    (key) => (FORM_FIELD_KEYS as readonly string[]).includes(key) || /^fields\.[A-Za-z]\w{0,62}$/.test(key),
    `must be one of ${FORM_FIELD_KEYS.join(", ")} or fields.<key>`,
  )
  .meta({ examples: ["email"] });

export const FormFieldJson = z
  .strictObject({
    key: FieldKey,
    label: text(200).min(1, "is required"),
    required: z.boolean(),
    help: text(500).nullish(),
  })
  .meta({ id: "PublicFormField", description: "A custom field is shown by its type; selects offer their options." });

const Origin = z
  .string()
  .max(300)
  .regex(/^https?:\/\/[^/?#\s@]+$/i, "must be an origin such as https://www.example.com")
  .meta({ examples: ["https://www.example.com"] });

const body = {
  name: text(100).min(1, "is required").meta({ description: "For yourselves." }),
  active: z.boolean().meta({ description: "Off: the page says that the form is closed, and takes nothing." }),
  title: text(200).min(1, "is required"),
  intro: text(2000),
  button: text(60).min(1, "is required"),
  language: z
    .string()
    .regex(/^[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*$/, "must be a language tag such as en or pt-BR")
    .max(35),
  fields: z
    .array(FormFieldJson)
    .min(1, "needs at least one field")
    .max(30, "must not have more than 30 fields")
    .refine((fields) => new Set(fields.map(({ key }) => key)).size === fields.length, "must name each field once")
    .refine((fields) => fields.some(({ key }) => key === "email" || key === "phone"), "needs email or phone, or nobody could be answered"),
  thanks: z.strictObject({ title: text(200).min(1, "is required"), text: text(2000) }).meta({ description: "The page shown after a submission." }),
  redirect: text(2000).nullable().meta({ description: "Where to go instead of the thank-you page: a path of this server or an address on one of `origins`." }),
  origins: z
    .array(Origin)
    .max(50)
    .meta({ description: "Websites that may embed the form and send to it. Empty: every website may send, none may read the answer." }),
  consent: z
    .strictObject({
      topic: text(63).regex(/^[A-Za-z][\w-]{0,62}$/, "must be a topic such as newsletter"),
      text: text(2000).min(1, "is required"),
      required: z.boolean(),
    })
    .nullable()
    .meta({ description: "A box to tick. What was shown is kept with each submission, with its version and time." }),
  source: text(200).nullable().meta({ description: "Written to the lead unless the address carries utm_source." }),
};

export const Form = z
  .strictObject({
    id: Id,
    key: z.string().meta({ examples: ["Qm7w…"] }),
    url: z.string().meta({ description: "The hosted page." }),
    isDefault: z.boolean(),
    version: z.int().meta({ description: "Counts changes; `If-Match` takes it." }),
    consentVersion: z.int().meta({ description: "Counts the texts of consent." }),
    ...body,
    submissions: z.strictObject({ last30Days: z.int(), quarantined: z.int(), lastAt: Moment.nullable() }),
    embed: z.strictObject({ html: z.string().meta({ description: "A plain form to paste into a page; works without script." }), iframe: z.string() }),
    createdAt: Moment,
    updatedAt: Moment,
  })
  .meta({ id: "Form" });

export const FormEdit = z.strictObject(body).partial().meta({ id: "FormEdit", description: "What is not named stays." });
export const NewForm = z
  .strictObject(body)
  .partial()
  .required({ name: true })
  .meta({ id: "NewForm", description: "What is not named is as in the default form.", examples: [{ name: "Webinar March" }] });

export type FormJson = z.input<typeof Form>;

const params = z.strictObject({ id: Id });
const one = { 200: { description: "The form as it is now.", body: Form } } as const;

export const listForms = endpoint({
  id: "listForms",
  method: "GET",
  path: "/api/v1/forms",
  tag: "Forms",
  summary: "List forms",
  description: "The default form first; it is made when first asked for.",
  scope: "read",
  access: "forms.edit",
  replies: { 200: { description: "All forms.", body: z.strictObject({ items: z.array(Form).readonly() }) } },
});

export const createForm = endpoint({
  id: "createForm",
  method: "POST",
  path: "/api/v1/forms",
  tag: "Forms",
  summary: "Make a form",
  scope: "write",
  access: "forms.edit",
  body: NewForm,
  replies: { 201: { description: "The new form.", body: Form } },
});

export const getForm = endpoint({
  id: "getForm",
  method: "GET",
  path: "/api/v1/forms/{id}",
  tag: "Forms",
  summary: "Get a form",
  scope: "read",
  access: "forms.edit",
  params,
  replies: one,
});

export const editForm = endpoint({
  id: "editForm",
  method: "PATCH",
  path: "/api/v1/forms/{id}",
  tag: "Forms",
  summary: "Change a form",
  scope: "write",
  access: "forms.edit",
  params,
  body: FormEdit,
  ifMatch: true,
  replies: one,
});

export const rotateFormKey = endpoint({
  id: "rotateFormKey",
  method: "POST",
  path: "/api/v1/forms/{id}/rotate-key",
  tag: "Forms",
  summary: "Give a form a new address",
  description: "The old address stops working at once.",
  scope: "write",
  access: "forms.edit",
  params,
  body: z.strictObject({}).optional(),
  replies: one,
});

export const showForm = endpoint({
  id: "showForm",
  method: "GET",
  path: "/f/{formKey}",
  tag: "Forms",
  summary: "A form as a page",
  description: "Works without script. `utm_*` in the address are kept with the submission.",
  scope: null,
  access: null,
  params: z.strictObject({ formKey: text(64) }),
  replies: { 200: { description: "The page.", body: z.string() }, 404: { description: "There is no such form.", body: z.string() } },
  produces: "text/html",
});

export const submitForm = endpoint({
  id: "submitForm",
  method: "POST",
  path: "/f/{formKey}",
  tag: "Forms",
  summary: "Submit a form",
  description:
    "As a plain HTML form post, answered with a page or a redirect, or as JSON (also as text/plain, for `sendBeacon`), answered with JSON. Values by field key; `utm_source`, `utm_medium`, `utm_campaign`, `utm_term`, `utm_content`, `referrer` and `page` are kept, other names are ignored. `consent: true` ticks the box. What looks like spam is kept aside and answered like the rest.",
  scope: null,
  access: null,
  params: z.strictObject({ formKey: text(64) }),
  body: z.record(z.string(), z.unknown()).meta({ examples: [{ email: "ada@example.org", firstName: "Ada", message: "Please call me." }] }),
  bodyLimit: 64 << 10,
  replies: { 200: { description: "Received.", body: z.custom<Content | { readonly outcome: "received" }>(() => true) } },
  problems: [403, 404, 429, 503],
});
