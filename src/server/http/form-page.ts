/**
 * The pages of a hosted form: the form itself, thanks, and a closed door. Plain HTML that works without script, by keyboard
 * and with a screen reader, light and dark, on a phone. Everything that comes from people is escaped, and no script may run.
 */
import { hash } from "node:crypto";
import type { FieldDef } from "../../core/config/config.ts";
import { type FormBody, type FormError, type FormField, HIDDEN, STAMP, TRAP, type Values } from "../../core/forms/form.ts";
import { escapeHtml, type Page, TOKENS } from "./page.ts";

const STYLE = `${TOKENS}
body { font-size: 16px; line-height: 24px; padding: 32px 16px; background: var(--paper) }
main { width: min(560px, 100%); margin: 0 auto }
h1 { font-size: 28px; line-height: 36px; font-weight: 650; letter-spacing: -.01em; text-wrap: balance }
.intro { margin-top: 8px; color: var(--ink-2); white-space: pre-line }
form { margin-top: 24px; display: grid; gap: 18px }
.field { display: grid; gap: 6px }
label, legend { font-weight: 550 } .optional { color: var(--ink-3); font-weight: 400 }
.help { color: var(--ink-3); font-size: 14px; line-height: 20px }
input:not([type=checkbox]), textarea, select { font: inherit; color: inherit; width: 100%; min-height: 44px; padding: 9px 12px; border: 1px solid var(--ink-3); border-radius: 8px; background: var(--paper) }
textarea { min-height: 120px; resize: vertical }
input:focus-visible, textarea:focus-visible, select:focus-visible { outline: 2px solid var(--focus); outline-offset: 1px; border-color: var(--accent) }
[aria-invalid=true] { border-color: var(--late) !important }
.error { color: var(--late); font-size: 14px; line-height: 20px }
.errors { border: 1px solid var(--late); border-radius: 8px; padding: 12px 16px } .errors h2 { font-size: 16px; line-height: 24px } .errors ul { padding-left: 20px; margin-top: 4px } .errors a { color: var(--late) }
.consent { display: grid; grid-template-columns: 24px 1fr; gap: 10px; align-items: start; font-weight: 400 } .consent input { width: 20px; height: 20px; margin: 2px 0 0; accent-color: var(--accent) }
button { font: inherit; font-weight: 600; min-height: 44px; padding: 10px 20px; border: 0; border-radius: 8px; background: var(--accent); color: var(--accent-ink); cursor: pointer; justify-self: start } button:hover { filter: brightness(.93) }
.off { position: absolute; left: -9999px; width: 1px; height: 1px; overflow: hidden }
@media (max-width: 480px) { body { padding: 20px 16px } h1 { font-size: 24px; line-height: 32px } button { width: 100% } }
`;
const STYLE_HASH = hash("sha256", STYLE, "base64");

export type Shown = {
  readonly form: FormBody;
  readonly fields: ReadonlyMap<string, FieldDef>;
  /** The path the form is sent to. */
  readonly action: string;
  readonly stamp: string;
  readonly values: Values;
  readonly errors: readonly FormError[];
};

export function formPage({ form, fields, action, stamp, values, errors }: Shown): Page {
  const body = `<main>
<h1>${escapeHtml(form.title)}</h1>
${form.intro === "" ? "" : `<p class="intro">${escapeHtml(form.intro)}</p>`}
<form method="post" action="${escapeHtml(action)}" accept-charset="utf-8" novalidate>
${summary(errors)}
${form.fields.map((field) => fieldHtml(field, fields, values, errors)).join("\n")}
${consentHtml(form, values, errors)}
<div class="off" aria-hidden="true"><label>Leave this empty <input name="${TRAP}" tabindex="-1" autocomplete="off"></label></div>
${HIDDEN.flatMap((name) => (values[name] === undefined ? [] : [hidden(name, values[name])])).join("")}${hidden(STAMP, stamp)}
<button>${escapeHtml(form.button)}</button>
</form>
</main>`;
  return whole(form, errors.length > 0 ? `Error: ${form.title}` : form.title, body);
}

export function thanksPage(form: FormBody): Page {
  return whole(form, form.thanks.title, `<main><h1>${escapeHtml(form.thanks.title)}</h1><p class="intro">${escapeHtml(form.thanks.text)}</p></main>`);
}

/** A page that says in words why there is no form, or why it was not taken. */
export function wordsPage(form: Pick<FormBody, "language" | "origins">, title: string, words: string): Page {
  return whole(form, title, `<main><h1>${escapeHtml(title)}</h1><p class="intro">${escapeHtml(words)}</p></main>`);
}

function summary(errors: readonly FormError[]): string {
  if (errors.length === 0) return "";
  const items = errors.map(({ key, message }) => `<li><a href="#${escapeHtml(idOf(key))}">${escapeHtml(message)}</a></li>`).join("");
  return `<div class="errors" role="alert" tabindex="-1" autofocus><h2>Nothing was sent yet</h2><ul>${items}</ul></div>`;
}

const AUTOCOMPLETE: Readonly<Record<string, string>> = {
  name: "name",
  firstName: "given-name",
  lastName: "family-name",
  email: "email",
  phone: "tel",
  company: "organization",
  jobTitle: "organization-title",
  country: "country-name",
  city: "address-level2",
  website: "url",
};
const TYPES: Readonly<Record<string, string>> = { email: "email", phone: "tel", website: "url" };

function fieldHtml({ key, label, required, help }: FormField, fields: ReadonlyMap<string, FieldDef>, values: Values, errors: readonly FormError[]): string {
  const id = idOf(key);
  const error = errors.find((candidate) => candidate.key === key);
  const about = [...(help ? [`${id}-help`] : []), ...(error === undefined ? [] : [`${id}-error`])];
  const attributes = [
    `id="${escapeHtml(id)}" name="${escapeHtml(key)}"`,
    required ? "required" : "",
    error === undefined ? "" : 'aria-invalid="true"',
    about.length === 0 ? "" : `aria-describedby="${escapeHtml(about.join(" "))}"`,
    AUTOCOMPLETE[key] === undefined ? "" : `autocomplete="${AUTOCOMPLETE[key]}"`,
  ];
  return `<div class="field"><label for="${escapeHtml(id)}">${escapeHtml(label)}${required ? "" : ' <span class="optional">(optional)</span>'}</label>
${help ? `<span class="help" id="${escapeHtml(id)}-help">${escapeHtml(help)}</span>` : ""}${control(key, fields.get(key.replace(/^fields\./, "")), values[key] ?? "", attributes.filter((part) => part !== "").join(" "))}
${error === undefined ? "" : `<span class="error" id="${escapeHtml(id)}-error">${escapeHtml(error.message)}</span>`}</div>`;
}

function control(key: string, def: FieldDef | undefined, value: string, attributes: string): string {
  if (key === "message") return `<textarea ${attributes} rows="5" maxlength="5000">${escapeHtml(value)}</textarea>`;
  const custom = key.startsWith("fields.") ? def : undefined;
  if (custom?.type === "select" || custom?.type === "boolean") {
    const options = custom.type === "boolean" ? ["Yes", "No"] : (custom.options ?? []);
    return `<select ${attributes}><option value=""></option>${options.map((option) => `<option${option === value ? " selected" : ""}>${escapeHtml(option)}</option>`).join("")}</select>`;
  }
  const type = custom?.type === "date" ? "date" : (TYPES[key] ?? "text");
  const mode = custom?.type === "number" ? ' inputmode="decimal"' : "";
  return `<input type="${type}" ${attributes}${mode} maxlength="${key === "website" ? 2000 : 500}" value="${escapeHtml(value)}">`;
}

function consentHtml({ consent }: FormBody, values: Values, errors: readonly FormError[]): string {
  if (consent === null) return "";
  const error = errors.find(({ key }) => key === "consent");
  const marks = `${consent.required ? " required" : ""}${values["consent"] === undefined ? "" : " checked"}${error === undefined ? "" : ' aria-invalid="true" aria-describedby="f-consent-error"'}`;
  return `<div class="field"><label class="consent"><input type="checkbox" id="f-consent" name="consent" value="yes"${marks}><span>${escapeHtml(consent.text)}</span></label>
${error === undefined ? "" : `<span class="error" id="f-consent-error">${escapeHtml(error.message)}</span>`}</div>`;
}

function hidden(name: string, value: string): string {
  return `<input type="hidden" name="${escapeHtml(name)}" value="${escapeHtml(value)}">`;
}

function idOf(key: string): string {
  return `f-${key.replaceAll(".", "-")}`;
}

function whole({ language, origins }: Pick<FormBody, "language" | "origins">, title: string, body: string): Page {
  const html = `<!doctype html>
<html lang="${escapeHtml(language)}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${STYLE}</style>
</head>
<body>
${body}
</body>
</html>
`;
  // A redirect after the form is sent goes through form-action too, in some browsers.
  const sites = origins.join(" ");
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; img-src data:; base-uri 'none'; form-action 'self' ${sites}; frame-ancestors ${origins.length === 0 ? "*" : `'self' ${sites}`}`,
      "x-content-type-options": "nosniff",
      "referrer-policy": "strict-origin-when-cross-origin",
      "cache-control": "no-store",
    },
  };
}
