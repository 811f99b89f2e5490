/**
 * What signing in needs of the house: its address, and a key of its own for what must not stand in the database readable.
 *
 * The key is made on first use and kept in the data folder, or derived from BATON_SECRET where several servers share one
 * database. Without it sealed secrets (second factors, the secret of OIDC) cannot be read any more; all else goes on.
 */
import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from "node:crypto";
import { linkSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { Gate } from "./deps.ts";

export type GateOptions = {
  /** Holds the key of the house; null keeps one in memory only. */
  readonly dataDir: string | null;
  /** BATON_SECRET */
  readonly secret?: string | null;
  readonly publicUrl?: string | null;
};

export const KEY_FILE = "house.key";

export function createGate({ dataDir, secret = null, publicUrl = null }: GateOptions): Gate {
  let reached = publicUrl ?? "http://127.0.0.1:3000";
  let master: Buffer | null = null;
  const keyFor = (purpose: string): Buffer => {
    master ??= secret === null ? (dataDir === null ? randomBytes(32) : keyIn(dataDir)) : Buffer.from(secret);
    return Buffer.from(hkdfSync("sha256", master, "baton", purpose, 32));
  };
  return {
    url: () => reached,
    reachedAt: (url) => {
      reached = publicUrl ?? url;
    },
    seal: (purpose, text) => {
      const nonce = randomBytes(12);
      const cipher = createCipheriv("aes-256-gcm", keyFor(`seal ${purpose}`), nonce);
      const sealed = Buffer.concat([cipher.update(text, "utf8"), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), sealed]).toString("base64url");
    },
    unseal: (purpose, text) => {
      const bytes = Buffer.from(text, "base64url");
      try {
        const decipher = createDecipheriv("aes-256-gcm", keyFor(`seal ${purpose}`), bytes.subarray(0, 12));
        decipher.setAuthTag(bytes.subarray(12, 28));
        return decipher.update(bytes.subarray(28), undefined, "utf8") + decipher.final("utf8");
      } catch {
        return null;
      }
    },
    sign: (purpose, text) =>
      createHmac("sha256", keyFor(`sign ${purpose}`))
        .update(text)
        .digest("base64url"),
    knownKeys: new Map(),
    mailLink: null,
  };
}

/** The key of the folder; the first to need it makes it. */
function keyIn(folder: string): Buffer {
  const file = path.join(folder, KEY_FILE);
  const known = read(file);
  if (known !== null) return known;
  const mine = `${file}.${process.pid}`;
  writeFileSync(mine, `${randomBytes(32).toString("hex")}\n`, { mode: 0o600, flush: true });
  try {
    // Appears whole or not at all, and never over another's.
    linkSync(mine, file);
  } catch (error) {
    if ((error as { code?: string }).code !== "EEXIST") throw error;
  } finally {
    rmSync(mine, { force: true });
  }
  const made = read(file);
  if (made === null) throw new Error(`${file} does not hold the key of the house: 64 hexadecimal digits. Put back the file that was there.`);
  return made;
}

function read(file: string): Buffer | null {
  let text: string;
  try {
    text = readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as { code?: string }).code === "ENOENT") return null;
    throw error;
  }
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`${file} does not hold the key of the house: 64 hexadecimal digits. Put back the file that was there.`);
  return Buffer.from(text, "hex");
}
