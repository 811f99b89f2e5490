/**
 * The addresses in tracked mail. A token names workspace, mail and which of its links is meant, signed with a key of the
 * house; where a link leads stands in the database, never in the address. Nobody can make one up or bend one.
 */
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import type { House } from "../deps.ts";
import { linkKey } from "./effects.queries.ts";

/** `link` is its number in the mail; null is the picture. */
export type LinkName = { readonly workspaceId: string; readonly mailId: string; readonly link: number | null };

const PICTURE = 0xffff;
const NAME_BYTES = 34;
const SIGNATURE_BYTES = 16;

export function linkToken(key: string, { workspaceId, mailId, link }: LinkName): string {
  const name = Buffer.alloc(NAME_BYTES);
  name.write(workspaceId.replaceAll("-", ""), 0, "hex");
  name.write(mailId.replaceAll("-", ""), 16, "hex");
  name.writeUInt16BE(link ?? PICTURE, 32);
  return Buffer.concat([name, sign(key, name)]).toString("base64url");
}

/** What the token names, or null when it is not one of ours. */
export function readLinkToken(key: string, token: string): LinkName | null {
  if (!/^[\w-]{67}$/.test(token)) return null;
  const bytes = Buffer.from(token, "base64url");
  if (bytes.length !== NAME_BYTES + SIGNATURE_BYTES || bytes.toString("base64url") !== token) return null;
  const name = bytes.subarray(0, NAME_BYTES);
  if (!timingSafeEqual(sign(key, name), bytes.subarray(NAME_BYTES))) return null;
  const link = name.readUInt16BE(32);
  return { workspaceId: uuidOf(name.subarray(0, 16)), mailId: uuidOf(name.subarray(16, 32)), link: link === PICTURE ? null : link };
}

function sign(key: string, name: Buffer): Buffer {
  return createHmac("sha256", key).update(name).digest().subarray(0, SIGNATURE_BYTES);
}

function uuidOf(bytes: Buffer): string {
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const keys = new WeakMap<object, string>();

/** The house's key; asked for once a process. */
export async function linkKeyOf({ database, now }: Pick<House, "database" | "now">): Promise<string> {
  const known = keys.get(database.pool);
  if (known !== undefined) return known;
  const key = await linkKey(database.pool, randomBytes(32).toString("base64url"), new Date(now()));
  keys.set(database.pool, key);
  return key;
}
