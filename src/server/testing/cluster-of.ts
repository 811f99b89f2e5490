import { existsSync, readFileSync } from "node:fs";
import path from "node:path";

/** Where a data folder's cluster is. */
export function clusterOf(dataDir: string): string {
  const pointer = path.join(dataDir, "postgres.location");
  return path.join(existsSync(pointer) ? readFileSync(pointer, "utf8").trim() : dataDir, "postgres");
}
