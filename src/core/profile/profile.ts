/**
 * Writing a profile: what changes, from what to what, and who wrote it. Later writes win, but a source and a campaign are
 * kept from the first one that named them, and an identity that belongs to another lead only fills an empty place.
 */
import type { FieldDef } from "../config/config.ts";
import { note, Refused, refuse, type Work } from "../flow/draft.ts";
import type { Patch } from "../flow/input.ts";
import { BANT_PARTS, type Consent, type FieldValue, PROFILE_KEYS, type ProfileKey, type Provenance } from "../flow/state.ts";
import { dayOfDate } from "../time.ts";

type Change = readonly [from: unknown, to: unknown];

export function writeProfile(work: Work, patch: Patch): void {
  const changes: Record<string, Change> = {};
  writeColumns(work, patch, changes);
  if (patch.fields !== undefined) writeFields(work, patch.fields, changes);
  if (patch.bant !== undefined) writeBant(work, patch.bant, changes);
  if (patch.consent !== undefined) writeConsent(work, patch.consent, changes);
  if (patch.tags !== undefined || patch.addTags !== undefined) writeTags(work, patch, changes);
  const keys = Object.keys(changes);
  if (keys.length === 0) return;
  const stamp: Provenance = { by: work.meta.actor, at: work.meta.now };
  const provenance = { ...work.lead.provenance };
  for (const key of keys) provenance[key] = stamp;
  work.lead.provenance = provenance;
  work.versioned = true;
  work.changed = true;
  if (!work.isNew) note(work, "lead.updated", { changes });
}

/** Adds and removes tags, whatever the others are. */
export function writeTagChange(work: Work, add: readonly string[], remove: readonly string[]): void {
  const gone = new Set(remove);
  writeProfile(work, { tags: [...work.lead.tags.filter((tag) => !gone.has(tag)), ...add] });
}

function writeColumns(work: Work, patch: Patch, changes: Record<string, Change>): void {
  const { lead, meta, input } = work;
  for (const key of PROFILE_KEYS) {
    const value = patch[key];
    if (value === undefined) continue;
    const was = lead[key];
    if (value === was || (was !== null && keepsFirst(work, key, input.kind))) continue;
    if (was !== null && value !== null && meta.contested.some(({ kind }) => kind === IDENTITY_OF[key])) continue;
    lead[key] = value;
    if (key === "company") lead.companyId = null;
    changes[key] = [was, value];
  }
}

const IDENTITY_OF: { readonly [K in ProfileKey]?: string } = { email: "email", phone: "phone", externalId: "external" };

function keepsFirst(work: Work, key: ProfileKey, kind: string): boolean {
  return kind !== "edit" && (key === "source" || key === "campaign") && !work.isNew;
}

function writeFields(work: Work, values: Readonly<Record<string, FieldValue | null>>, changes: Record<string, Change>): void {
  const problems: { path: string; message: string }[] = [];
  const next: Record<string, FieldValue> = { ...work.lead.fields };
  for (const key of Object.keys(values)) {
    const def = work.config.fields.get(key);
    const value = values[key] as FieldValue | null;
    const wrong = def === undefined ? "there is no such field; an administrator or an import can create it" : fieldProblem(def, value);
    if (wrong !== null) {
      problems.push({ path: `fields.${key}`, message: wrong });
      continue;
    }
    const was = next[key] ?? null;
    if (was === value) continue;
    if (value === null) delete next[key];
    else next[key] = value;
    changes[`fields.${key}`] = [was, value];
  }
  if (problems.length > 0) throw new Refused(refuse(422, "invalid", "Some fields are not as this workspace defines them. Nothing was written.", problems));
  work.lead.fields = next;
}

/** What is wrong with a value for a field, in words; null when it fits. */
export function fieldProblem(def: FieldDef, value: FieldValue | null): string | null {
  if (value === null) return null;
  switch (def.type) {
    case "text":
      return typeof value === "string" ? null : "must be text";
    case "number":
      return typeof value === "number" && Number.isFinite(value) ? null : "must be a number";
    case "boolean":
      return typeof value === "boolean" ? null : "must be true or false";
    case "date":
      return typeof value === "string" && dayOfDate(value) !== null ? null : 'must be a date as "YYYY-MM-DD"';
    case "select":
      return typeof value === "string" && (def.options ?? []).includes(value) ? null : `must be one of ${(def.options ?? []).join(", ")}`;
  }
}

function writeBant(work: Work, values: NonNullable<Patch["bant"]>, changes: Record<string, Change>): void {
  let next = work.lead.bant;
  for (const part of BANT_PARTS) {
    const value = values[part];
    if (value === undefined || value === next[part]) continue;
    changes[`bant.${part}`] = [next[part], value];
    next = { ...next, [part]: value };
  }
  work.lead.bant = next;
}

function writeConsent(work: Work, values: Readonly<Record<string, boolean>>, changes: Record<string, Change>): void {
  let next: Readonly<Record<string, Consent>> = work.lead.consent;
  for (const topic of Object.keys(values)) {
    const given = values[topic] as boolean;
    const was = Object.hasOwn(next, topic) ? next[topic]?.given : undefined;
    if (was === given) continue;
    changes[`consent.${topic}`] = [was ?? null, given];
    next = { ...next, [topic]: { given, at: work.meta.now } };
  }
  work.lead.consent = next;
}

function writeTags(work: Work, patch: Patch, changes: Record<string, Change>): void {
  const was = work.lead.tags;
  const next = [...new Set([...(patch.tags ?? was), ...(patch.addTags ?? [])])].sort();
  if (next.length === was.length && next.every((tag, i) => tag === was[i])) return;
  changes["tags"] = [was, next];
  work.lead.tags = next;
}
