/** What an idempotency key stands for: the request without what may differ between two sendings of it. */
import { hash } from "node:crypto";

/** SHA-256 of method, path and body; the order of keys in objects does not matter. */
export function requestHash(method: string, path: string, body: unknown): string {
  return hash("sha256", `${method} ${path}\n${canonicalJson(body)}`, "hex");
}

export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => (typeof inner === "object" && inner !== null && !Array.isArray(inner) ? sorted(inner) : inner)) ?? "";
}

function sorted(object: object): object {
  return Object.fromEntries(Object.entries(object).sort(([a], [b]) => (a < b ? -1 : 1)));
}
