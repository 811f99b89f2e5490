/**
 * A 53-bit fingerprint of a lead's state, stored with every input: replay must come to the same one. Maps are read in the
 * order of their keys, because a database does not keep the order in which they were written.
 */
import type { LeadState } from "./state.ts";

export function hashState(state: LeadState): number {
  lanes[0] = 0xdeadbeef;
  lanes[1] = 0x41c6ce57;
  for (const key of STATE_KEYS) {
    mixValue(state[key]);
    mixUnit(1);
  }
  if (state.deletedAt !== null) mixText(`deletedAt ${state.deletedAt}\u0001`);
  return folded();
}

/** In this order for ever: a hash once stored must come out again. What was added to the state later counts where it is not blank. */
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

/** Values in a row, parted by characters that text from outside cannot hold at the same place; cheaper than JSON, and never put together. */
function mixValue(value: unknown): void {
  if (typeof value === "string") return mixText(value);
  mixUnit(typeof value === "object" && value !== null ? 3 : 2);
  if (typeof value !== "object" || value === null) return mixText(typeof value === "number" || typeof value === "boolean" ? String(value) : "null");
  if (Array.isArray(value)) {
    mixUnit(BRACKET);
    for (let i = 0; i < value.length; i++) {
      mixValue(value[i]);
      mixUnit(3);
    }
    return;
  }
  mixUnit(BRACE);
  const map = value as Record<string, unknown>;
  const keys = Object.keys(map);
  if (keys.length > 1) keys.sort();
  for (const key of keys) {
    if (map[key] === undefined) continue;
    mixText(key);
    mixUnit(4);
    mixValue(map[key]);
    mixUnit(3);
  }
}

const BRACKET = 91;
const BRACE = 123;

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

/**
 * Two 32-bit multiplicative lanes over UTF-16 units, folded to 53 bits (after the public-domain cyrb53 construction). They stand
 * outside the functions because the units come one by one; nothing is left in them between two states.
 */
const lanes = new Int32Array(2);

function mixUnit(unit: number): void {
  lanes[0] = Math.imul((lanes[0] as number) ^ unit, 2654435761);
  lanes[1] = Math.imul((lanes[1] as number) ^ unit, 1597334677);
}

function mixText(text: string): void {
  let h1 = lanes[0] as number;
  let h2 = lanes[1] as number;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    h1 = Math.imul(h1 ^ unit, 2654435761);
    h2 = Math.imul(h2 ^ unit, 1597334677);
  }
  lanes[0] = h1;
  lanes[1] = h2;
}

function folded(): number {
  const [lane1, lane2] = lanes as unknown as readonly [number, number];
  const h1 = Math.imul(lane1 ^ (lane1 >>> 16), 2246822507) ^ Math.imul(lane2 ^ (lane2 >>> 13), 3266489909);
  const h2 = Math.imul(lane2 ^ (lane2 >>> 16), 2246822507) ^ Math.imul(h1 ^ (h1 >>> 13), 3266489909);
  return 4294967296 * (2097151 & h2) + (h1 >>> 0);
}
