/** Use case: the reasons a person can choose from with one key when a lead goes back to marketing. */
import type { Deps } from "../../deps.ts";
import { sightOf } from "../access/access.service.ts";
import { listReasons, type ReasonRow } from "./return-reasons.queries.ts";

/** As many as keys 1 to 5 can mean. */
const CHOICES = 5;
/** What is longer is an account of one case, not a reason to be given again. */
const LONGEST = 60;
const COMMON = ["No budget", "Wrong time", "Could not be reached", "No need", "Not the person who decides"];

export async function listReturnReasons(deps: Deps): Promise<readonly ReasonRow[]> {
  const given = await listReasons(deps.db, await sightOf(deps), LONGEST, CHOICES);
  const known = new Set(given.map(({ reason }) => reason.toLowerCase()));
  const common = COMMON.filter((reason) => !known.has(reason.toLowerCase())).map((reason) => ({ reason, leads: 0 }));
  return [...given, ...common].slice(0, CHOICES);
}
