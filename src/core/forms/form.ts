/**
 * Public forms: what a form consists of, what its fields mean for a lead, and how what somebody filled in becomes a capture.
 */
import type { Patch, TouchInput } from "../flow/input.ts";
import type { FieldDef } from "../config/config.ts";
import { isEmail } from "../identity/identity.ts";
import { parseBoolean, parseNumber } from "../import/values.ts";
import { splitName } from "../profile/full-name.ts";
import { fieldProblem } from "../profile/profile.ts";

/** Fields every form may have; custom fields are `fields.<key>`. `name` is split into first and last name. */
export const FORM_FIELD_KEYS = ["name", "firstName", "lastName", "email", "phone", "company", "jobTitle", "country", "city", "website", "message"] as const;

export type FormField = { readonly key: string; readonly label: string; readonly required: boolean; readonly help?: string | null | undefined };
export type Consent = { readonly topic: string; readonly text: string; readonly required: boolean };

export type FormBody = {
  readonly name: string;
  readonly active: boolean;
  readonly title: string;
  readonly intro: string;
  readonly button: string;
  readonly language: string;
  readonly fields: readonly FormField[];
  readonly thanks: { readonly title: string; readonly text: string };
  readonly redirect: string | null;
  readonly origins: readonly string[];
  readonly consent: Consent | null;
  readonly source: string | null;
};

export const DEFAULT_FORM: FormBody = {
  name: "Contact form",
  active: true,
  title: "Get in touch",
  intro: "Tell us a little about yourself, and we will come back to you.",
  button: "Send",
  language: "en",
  fields: [
    { key: "firstName", label: "First name", required: false },
    { key: "lastName", label: "Last name", required: true },
    { key: "email", label: "E-mail", required: true },
    { key: "company", label: "Company", required: false },
    { key: "jobTitle", label: "Job title", required: false },
    { key: "phone", label: "Phone", required: false },
    { key: "message", label: "Message", required: false },
  ],
  thanks: { title: "Thank you", text: "We have received your message and will be in touch soon." },
  redirect: null,
  origins: [],
  consent: { topic: "newsletter", text: "Send me news and offers by e-mail. I can withdraw this at any time.", required: false },
  source: "web form",
};

/** Where a visitor came from; kept with the submission and never shown. */
export const HIDDEN = ["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "page", "gclid", "msclkid", "fbclid"] as const;

/** People do not see this field, so whoever fills it in is none. */
export const TRAP = "fax_number";
/** Carries when the page was made. */
export const STAMP = "_t";
/** Nobody reads and fills in a page faster. */
export const QUICKEST_MS = 2000;

const LIMITS: Readonly<Record<string, number>> = { message: 5000, website: 2000 };

export type Values = Readonly<Record<string, string>>;
export type FormError = { readonly key: string; readonly message: string };

/** What a browser's or a program's submission says, as trimmed texts by name. Unknown names are ignored. */
export function valuesOf(form: FormBody, sent: Readonly<Record<string, unknown>>): Values {
  const names = [...form.fields.map(({ key }) => key), ...HIDDEN, "consent", TRAP, STAMP];
  const entries = names.flatMap((name): readonly (readonly [string, string])[] => {
    const text = textOf(Object.hasOwn(sent, name) ? sent[name] : nested(sent, name));
    return text === "" ? [] : [[name, text]];
  });
  return Object.fromEntries(entries);
}

/** `fields.size` may come as `{fields: {size}}` too. */
function nested(sent: Readonly<Record<string, unknown>>, name: string): unknown {
  const fields = sent["fields"];
  const key = name.startsWith("fields.") ? name.slice(7) : "";
  return key !== "" && typeof fields === "object" && fields !== null && Object.hasOwn(fields, key) ? (fields as Record<string, unknown>)[key] : undefined;
}

function textOf(value: unknown): string {
  if (Array.isArray(value)) return textOf(value[0]);
  return typeof value === "string" ? value.replaceAll("\r\n", "\n").trim() : typeof value === "number" || typeof value === "boolean" ? String(value) : "";
}

/** What is wrong with the values, in the order of the fields. */
export function errorsOf(form: FormBody, values: Values, fields: ReadonlyMap<string, FieldDef>): readonly FormError[] {
  const errors = form.fields.flatMap(({ key, label, required }): readonly FormError[] => {
    const text = values[key] ?? "";
    const wrong = text === "" ? (required ? `Please fill in “${label}”.` : null) : wrongValue(key, text, fields);
    return wrong === null ? [] : [{ key, message: wrong }];
  });
  if (form.consent?.required === true && !isTicked(values)) errors.push({ key: "consent", message: "Please tick the box to go on." });
  if (errors.length === 0 && !namesSomebody(values)) errors.push({ key: form.fields[0]?.key ?? "email", message: "Please say who you are." });
  return errors;
}

function namesSomebody(values: Values): boolean {
  return ["email", "phone", "name", "firstName", "lastName", "company"].some((key) => values[key] !== undefined);
}

function wrongValue(key: string, text: string, fields: ReadonlyMap<string, FieldDef>): string | null {
  const limit = LIMITS[key] ?? 500;
  if (text.includes("\0") || !text.isWellFormed()) return "This holds characters that are no text.";
  if (text.length > limit) return `Please use at most ${limit} characters.`;
  if (key === "email") return isEmail(text.toLowerCase()) ? null : "Please enter an e-mail address such as name@example.com.";
  if (!key.startsWith("fields.")) return null;
  const def = fields.get(key.slice(7));
  if (def === undefined) return null;
  const value = fieldValue(def, text);
  return value === null ? WRONG[def.type] : fieldProblem(def, value) === null ? null : WRONG[def.type];
}

const WRONG: Readonly<Record<FieldDef["type"], string>> = {
  text: "Please use fewer characters.",
  number: "Please enter a number.",
  boolean: "Please answer yes or no.",
  date: "Please enter a date.",
  select: "Please choose one of the options.",
};

function fieldValue(def: FieldDef, text: string): string | number | boolean | null {
  if (def.type === "number") return parseNumber(text, "point") ?? parseNumber(text, "comma");
  if (def.type === "boolean") return parseBoolean(text);
  return text;
}

export function isTicked(values: Values): boolean {
  return parseBoolean(values["consent"] ?? "") === true;
}

export type Submission = {
  readonly form: FormBody;
  readonly id: string;
  readonly consentVersion: number;
  readonly values: Values;
  readonly fields: ReadonlyMap<string, FieldDef>;
};

const PROFILE = ["firstName", "lastName", "email", "company", "jobTitle", "country", "city", "website"] as const;

/** What the submission says of a lead: the profile it fills in, and the touch that keeps what was sent and what was consented to. */
export function captureOf({ form, id, consentVersion, values, fields }: Submission): {
  readonly patch: Patch;
  readonly touch: TouchInput;
  readonly phone: string | null;
} {
  const patch: Record<string, unknown> = {};
  for (const key of PROFILE) if (values[key] !== undefined) patch[key] = key === "email" ? values[key].toLowerCase() : values[key];
  if (values["name"] !== undefined) Object.assign(patch, splitName(values["name"]), patch);
  const custom = form.fields.flatMap(({ key }): readonly (readonly [string, string | number | boolean])[] => {
    const def = fields.get(key.replace(/^fields\./, ""));
    const value = !key.startsWith("fields.") || def === undefined || values[key] === undefined ? null : fieldValue(def, values[key]);
    return value === null ? [] : [[key.slice(7), value]];
  });
  if (custom.length > 0) patch["fields"] = Object.fromEntries(custom);
  const source = cut(values["utm_source"] ?? form.source ?? "", 200);
  if (source !== "") patch["source"] = source;
  if (values["utm_campaign"] !== undefined) patch["campaign"] = cut(values["utm_campaign"], 200);
  const given = form.consent !== null && isTicked(values);
  if (given) patch["consent"] = { [form.consent.topic]: true };
  const origin = Object.fromEntries(HIDDEN.flatMap((name) => (values[name] === undefined ? [] : [[name, cut(values[name], 1000)]])));
  const props = {
    form: form.name,
    formId: id,
    ...(values["message"] === undefined ? {} : { message: values["message"] }),
    ...origin,
    ...(given ? { consent: { topic: form.consent.topic, version: consentVersion, text: form.consent.text } } : {}),
  };
  return { patch: patch as Patch, touch: { kind: "formSubmit", at: null, props }, phone: values["phone"] ?? null };
}

function cut(text: string, most: number): string {
  return text.slice(0, most).toWellFormed().replaceAll("\0", "");
}

/** Why a submission looks like a machine's; null when it does not. */
export function suspicion(values: Values, madeAt: number | null, now: number): string | null {
  if (values[TRAP] !== undefined) return "A field that people do not see was filled in.";
  if (madeAt !== null && now - madeAt < QUICKEST_MS)
    return `It was sent ${((now - madeAt) / 1000).toFixed(1)} seconds after the page was opened; people take longer.`;
  return null;
}

/** Why a redirect may not be saved; null when it may. An open redirect would lend this server's name to anybody. */
export function redirectProblem(redirect: string, origins: readonly string[], own: string | null): string | null {
  if (/^\/(?![/\\])[^\s\\]*$/.test(redirect)) return null;
  const origin = /^(https?:\/\/[^/?#\s@\\]+)(?:[/?#][^\s\\]*)?$/i.exec(redirect)?.[1]?.toLowerCase();
  if (origin === undefined) return "must be a path such as /thanks or a whole address such as https://www.example.com/thanks";
  return [...origins, ...(own === null ? [] : [own])].some((allowed) => allowed.toLowerCase() === origin)
    ? null
    : `must be on one of the form's websites; add ${origin} to them first`;
}
