/** Secrets that are handed out and kept only as SHA-256: with 256 random bits they need neither salt nor stretching. */
import { hash, randomBytes, timingSafeEqual } from "node:crypto";

/** 43 characters for URLs and cookies. */
export function newSecret(): string {
  return randomBytes(32).toString("base64url");
}

export function hashSecret(secret: string): Buffer {
  return hash("sha256", secret, "buffer");
}

/** Ten codes of 80 bits, in groups of four. */
export function newRecoveryCodes(): readonly string[] {
  return Array.from({ length: 10 }, () => (spell(randomBytes(10)).match(/.{4}/g) as string[]).join("-"));
}

/** No i, l, o, u: nothing to mistake for another. */
const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";

/** Five bits a letter. */
function spell(bytes: Buffer): string {
  let bits = 0n;
  for (const byte of bytes) bits = (bits << 8n) | BigInt(byte);
  let text = "";
  for (let i = 0; i < (bytes.length * 8) / 5; i++) {
    text += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return text;
}

/** As people type it: case, spaces and hyphens do not matter. */
export function normalCode(code: string): string {
  return code.toLowerCase().replaceAll(/[\s-]/g, "");
}

export function isSame(a: string, b: string): boolean {
  return timingSafeEqual(hashSecret(a), hashSecret(b));
}
