/** The text of an API key, and the only form of it that is stored. */
import { hash, randomBytes } from "node:crypto";

/** `baton_` and 32 random bytes. */
export function newApiKey(): string {
  return `baton_${randomBytes(32).toString("base64url")}`;
}

export function hashApiKey(key: string): Buffer {
  return Buffer.from(hashText(key), "hex");
}

/** The same as text, for looking it up in memory. */
export function hashText(key: string): string {
  return hash("sha256", key, "hex");
}
