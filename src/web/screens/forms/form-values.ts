/** A form as it is edited, and what is saved of it. */
import type { In, Out } from "../../api/call.ts";

export type FormJson = Out<"getForm">;
export type Field = FormJson["fields"][number];
type Body = NonNullable<In<"editForm">["body"]>;

export type Values = {
  readonly name: string;
  readonly active: boolean;
  readonly title: string;
  readonly intro: string;
  readonly button: string;
  readonly language: string;
  readonly fields: readonly Field[];
  readonly thanks: { readonly title: string; readonly text: string };
  readonly redirect: string | null;
  readonly origins: readonly string[];
  readonly consent: { readonly topic: string; readonly text: string; readonly required: boolean } | null;
  readonly source: string;
};

export function valuesOf({ name, active, title, intro, button, language, fields, thanks, redirect, origins, consent, source }: FormJson): Values {
  return { name, active, title, intro, button, language, fields, thanks, redirect, origins, consent, source: source ?? "" };
}

export function bodyOf({ source, redirect, origins, fields, ...values }: Values): Body {
  return {
    ...values,
    fields: fields.map((field) => ({ ...field })),
    origins: [...origins],
    redirect: redirect === null || redirect.trim() === "" ? null : redirect.trim(),
    source: source.trim() === "" ? null : source.trim(),
  };
}

/** What a form may ask without a field of the workspace's own. */
export const ASKED: Readonly<Record<string, string>> = {
  name: "Name",
  firstName: "First name",
  lastName: "Last name",
  email: "E-mail",
  phone: "Phone",
  company: "Company",
  jobTitle: "Job title",
  country: "Country",
  city: "City",
  website: "Website",
  message: "Message",
};

export const LANGUAGES: readonly { readonly value: string; readonly label: string }[] = [
  { value: "en", label: "English" },
  { value: "de", label: "Deutsch" },
  { value: "fr", label: "Français" },
  { value: "es", label: "Español" },
  { value: "it", label: "Italiano" },
  { value: "nl", label: "Nederlands" },
  { value: "pl", label: "Polski" },
  { value: "pt", label: "Português" },
  { value: "sv", label: "Svenska" },
  { value: "uk", label: "Українська" },
];

/** The order after one was put in another's place. */
export function moved<T>(list: readonly T[], from: number, to: number): readonly T[] {
  if (from === to || from < 0 || to < 0 || from >= list.length || to >= list.length) return list;
  const rest = list.toSpliced(from, 1);
  return rest.toSpliced(to, 0, list[from] as T);
}
