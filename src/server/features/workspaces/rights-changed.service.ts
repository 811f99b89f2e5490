/** After a change of rights was committed: what remembers or streams by the old ones ends. */
import type { Deps } from "../../deps.ts";

/** @param actor whose: `user:…`, `key:…`, or `*` for whoever works in the workspace */
export function rightsChanged({ gate, live, db }: Pick<Deps, "gate" | "live" | "db">, actor: string): void {
  gate.knownKeys.clear();
  live.ended(db.workspaceId, actor);
}
