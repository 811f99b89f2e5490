/** Ids of inputs: UUIDv7, made here and handed to core. */
import { randomFillSync } from "node:crypto";

const pool = Buffer.alloc(16 * 256);
let used = pool.length;

/** A UUIDv7: 48 bits of milliseconds, 74 random bits. */
export function uuidv7(now: number = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  pool.writeUIntBE(now, used, 6);
  pool[used + 6] = 0x70 | ((pool[used + 6] as number) & 0x0f);
  pool[used + 8] = 0x80 | ((pool[used + 8] as number) & 0x3f);
  const hex = pool.toString("hex", used, used + 16);
  used += 16;
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
