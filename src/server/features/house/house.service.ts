/** What can be said of the house to anybody: alive, ready, and how many workspaces it holds. */
import { countWorkspaces, getSchemaVersion } from "../../db/house.queries.ts";
import type { House } from "../../deps.ts";
import { databaseProblem, Problem } from "../../problems.ts";

/** @throws Problem 503 unless the database answers and was migrated to `newest`, the last migration this Baton knows */
export async function checkReady({ database }: Pick<House, "database">, newest: number): Promise<void> {
  let version: number;
  try {
    version = await getSchemaVersion(database.pool);
  } catch (error) {
    throw databaseProblem(error) ?? new Problem(503, "unavailable", "The database answers, but not with what was expected of it.", [], 5);
  }
  if (version === newest) return;
  const what = version < newest ? "has migrations waiting; they run when Baton starts" : "was migrated by a newer Baton; start that one";
  throw new Problem(503, "unavailable", `The database is at migration ${version} and this Baton at ${newest}: it ${what}.`, [], 5);
}

/** Null when the database cannot tell. */
export async function countWorkspacesOf({ database }: Pick<House, "database">): Promise<number | null> {
  return countWorkspaces(database.pool).catch(() => null);
}
