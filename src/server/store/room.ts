import { statfsSync } from "node:fs";

/**
 * Room on the disk of the embedded database.
 *
 * PostgreSQL that cannot extend its log stops altogether, and cannot start
 * again before there is room; then not even reading works. So Baton stops
 * writing before, and the rest is for what PostgreSQL does by itself: four
 * segments of its log.
 */
export const RESERVE_BYTES = 64 * 1024 * 1024;

/** Whether there is more than the reserve; asked before every transaction that writes, it costs microseconds. */
export function hasRoom(folder: string): boolean {
  try {
    const { bsize, bavail } = statfsSync(folder);
    return bsize * bavail > RESERVE_BYTES;
  } catch {
    return true;
  }
}
