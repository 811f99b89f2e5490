/**
 * A 53-bit fingerprint of a lead's state, stored with every input: replay must come to the same one. Maps are read in the
 * order of their keys, because a database does not keep the order in which they were written.
 */
import type { LeadState } from "./state.ts";

export function hashState(state: LeadState): number {
  let text = "";
  for (const key of STATE_KEYS) text += `${flat(state[key])}\u0001`;
  return hashText(text);
}

/** In this order for ever: a hash once stored must come out again. */
const STATE_KEYS = [
  "id",
  "number",
  "version",
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "company",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
  "companyId",
  "fields",
  "bant",
  "consent",
  "tags",
  "provenance",
  "stage",
  "status",
  "stageAt",
  "passes",
  "met",
  "resting",
  "ownerId",
  "team",
  "heat",
  "scores",
  "signals",
  "tasks",
  "opportunities",
  "contacts",
  "timers",
  "importId",
  "capturedAt",
  "createdAt",
  "updatedAt",
] as const satisfies readonly (keyof LeadState)[];

/** Values in a row, parted by characters that text from outside cannot hold at the same place; cheaper than JSON. */
function flat(value: unknown): string {
  if (typeof value === "string") return value;
  if (typeof value === "number" || typeof value === "boolean") return `\u0002${value}`;
  if (typeof value !== "object" || value === null) return "\u0002null";
  if (Array.isArray(value)) {
    let out = "\u0003[";
    for (let i = 0; i < value.length; i++) out += `${flat(value[i])}\u0003`;
    return out;
  }
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map);
  if (keys.length > 1) keys.sort();
  let out = "\u0003{";
  for (const key of keys) if (map[key] !== undefined) out += `${key}\u0004${flat(map[key])}\u0003`;
  return out;
}

/** JSON with the keys of every object in order. */
export function stableText(value: unknown): string {
  if (Array.isArray(value)) {
    let out = "[";
    for (let i = 0; i < value.length; i++) out += (i === 0 ? "" : ",") + stableText(value[i]);
    return `${out}]`;
  }
  if (typeof value === "object" && value !== null) {
    const map = value as Record<string, unknown>;
    let out = "{";
    for (const key of Object.keys(map).sort()) {
      if (map[key] === undefined) continue;
      out += `${out.length === 1 ? "" : ","}${JSON.stringify(key)}:${stableText(map[key])}`;
    }
    return `${out}}`;
  }
  return JSON.stringify(value) ?? "null";
}

/** Two 32-bit multiplicative lanes over UTF-16 units, folded to 53 bits (after the public-domain cyrb53 construction). */
function hashText(text: string): number {
  let h1 = 0xdeadbeef;
  let h2 = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  h1 = Math.imul(h1 ^ (h1 >>> 16), 2246822507) ^ Math.imul(h2 ^ (h2 >>> 13), 3266489909);
  h2 = Math.imul(h2 ^ (h2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
