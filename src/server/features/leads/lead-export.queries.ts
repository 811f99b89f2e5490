/** Conditions of an export beyond those of a list. */
import type { Parameters } from "../../db/filter-sql.ts";

/** These leads, or all but these. */
export function namedSql(ids: readonly string[], which: "only" | "except", params: Parameters): string {
  const named = `l.id = any(${params.bind(ids, "uuid[]")})`;
  return which === "only" ? named : `not (${named})`;
}
