/** What to paste into a page elsewhere: a plain form, or a frame with the hosted page. Neither needs a script. */
import { type FormBody, TRAP } from "../../../core/forms/form.ts";

const TYPES: Readonly<Record<string, string>> = { email: "email", phone: "tel", website: "url" };

export function embedHtml(form: FormBody, url: string): string {
  const fields = form.fields.map(({ key, label, required }) => {
    const must = required ? " required" : "";
    const input =
      key === "message" ? `<textarea name="message" rows="5"${must}></textarea>` : `<input type="${TYPES[key] ?? "text"}" name="${escape(key)}"${must}>`;
    return `  <p><label>${escape(label)}<br>${input}</label></p>`;
  });
  const { consent } = form;
  return [
    `<form action="${escape(url)}" method="post" accept-charset="utf-8">`,
    ...fields,
    ...(consent === null
      ? []
      : [`  <p><label><input type="checkbox" name="consent" value="yes"${consent.required ? " required" : ""}> ${escape(consent.text)}</label></p>`]),
    `  <div hidden><input name="${TRAP}" tabindex="-1" autocomplete="off"></div>`,
    `  <p><button>${escape(form.button)}</button></p>`,
    `</form>`,
  ].join("\n");
}

export function embedIframe(form: FormBody, url: string): string {
  const height = 260 + form.fields.length * 76 + (form.consent === null ? 0 : 60);
  return `<iframe src="${escape(url)}" title="${escape(form.title)}" width="100%" height="${height}" style="border:0" loading="lazy"></iframe>`;
}

function escape(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
