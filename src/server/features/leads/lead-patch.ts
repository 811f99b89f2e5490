/**
 * From what a caller sent to what the door writes: trimmed, blank as absent (an edit clears with it), e-mail in lower case,
 * phone in E.164 where it can be read.
 */
import type { Patch } from "../../../core/flow/input.ts";
import type { BantPart, FieldValue, ProfileKey } from "../../../core/flow/state.ts";
import { isEmail } from "../../../core/identity/identity.ts";
import { normalizePhone } from "../../../core/identity/phone.ts";
import { invalid } from "../../problems.ts";

type Text = string | null | undefined;

export type ProfileInput = { readonly [K in ProfileKey]?: Text } & {
  readonly fields?: Readonly<Record<string, FieldValue | null>> | undefined;
  readonly bant?: { readonly [K in BantPart]?: Text } | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly consent?: Readonly<Record<string, boolean>> | undefined;
};

/** `null` in an edit clears a value; in a capture it says nothing. */
export type Blank = "clears" | "says nothing";

const PLAIN = ["externalId", "firstName", "lastName", "company", "jobTitle", "country", "city", "website", "source", "campaign"] as const;

/**
 * @param country reads a phone without a country code when the input names no country
 * @throws Problem 422
 */
export function patchOf(input: ProfileInput, blank: Blank, country: string | null): Patch {
  const patch: { -readonly [K in keyof Patch]: Patch[K] } = {};
  for (const key of PLAIN) {
    const value = clean(input[key], blank);
    if (value !== undefined) patch[key] = value;
  }
  const email = clean(input.email, blank);
  if (email !== undefined) patch.email = email === null ? null : checkedEmail(email);
  const phone = clean(input.phone, blank);
  if (phone !== undefined) patch.phone = phone === null ? null : normalizePhone(phone, patch.country?.toUpperCase() ?? country);
  if (input.fields !== undefined) patch.fields = cleanFields(input.fields, blank);
  if (input.bant !== undefined) patch.bant = cleanBant(input.bant, blank);
  if (input.consent !== undefined) patch.consent = input.consent;
  if (input.tags !== undefined) {
    const tags = input.tags.map((tag) => tag.trim()).filter((tag) => tag !== "");
    if (blank === "clears") patch.tags = tags;
    else patch.addTags = tags;
  }
  return patch;
}

/** Whether reading the phone needs to know the workspace's country. */
export function needsCountry({ phone, country }: ProfileInput): boolean {
  return typeof phone === "string" && !/^\s*(?:\+|$)/.test(phone) && (country ?? "").trim() === "";
}

export function checkedEmail(text: string): string {
  const email = text.trim().toLowerCase();
  if (!isEmail(email))
    throw invalid("The e-mail address is none that mail could be sent to. Nothing was written.", [{ path: "email", message: "is not an e-mail address" }]);
  return email;
}

function clean(value: Text, blank: Blank): string | null | undefined {
  if (value === undefined) return undefined;
  const text = value === null ? "" : value.trim();
  return text !== "" ? text : blank === "clears" ? null : undefined;
}

function cleanFields(fields: Readonly<Record<string, FieldValue | null>>, blank: Blank): Record<string, FieldValue | null> {
  const next: Record<string, FieldValue | null> = {};
  for (const key of Object.keys(fields)) {
    const value = fields[key];
    const kept = value === null || typeof value === "string" ? clean(value, blank) : value;
    if (kept !== undefined) next[key] = kept;
  }
  return next;
}

function cleanBant(bant: NonNullable<ProfileInput["bant"]>, blank: Blank): Patch["bant"] {
  const next: { [K in BantPart]?: string | null } = {};
  for (const part of ["budget", "authority", "need", "timeline"] as const) {
    const value = clean(bant[part], blank);
    if (value !== undefined) next[part] = value;
  }
  return next;
}
