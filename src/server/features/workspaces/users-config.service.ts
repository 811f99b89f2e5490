/** Where users stand in the configuration, and what must stay true of them all. */
import type { Config, UserRef } from "../../../core/config/config.ts";
import type { Deps } from "../../deps.ts";
import { invalid, Problem } from "../../problems.ts";
import { countAdmins } from "./workspaces.queries.ts";

/** The configuration with this user in it. `teams` undefined leaves memberships alone; who is a member already keeps the place in its turn. @throws Problem 422 */
export function withUser(config: Config, user: UserRef, teams: readonly string[] | undefined): Config {
  const stranger = teams?.find((team) => !config.teams.some(({ id }) => id === team));
  if (stranger !== undefined) throw unknownTeam(config, stranger);
  const known = config.users.some(({ id }) => id === user.id);
  return {
    ...config,
    users: known ? config.users.map((other) => (other.id === user.id ? user : other)) : [...config.users, user],
    teams: teams === undefined ? config.teams : config.teams.map((each) => ({ ...each, members: membersWith(each.members, user.id, teams.includes(each.id)) })),
  };
}

/**
 * In the transaction that took an administrator away, under the configuration's lock.
 * @throws Problem 409 when there is none left who can sign in
 */
export async function refuseLastAdmin({ db }: Pick<Deps, "db">): Promise<void> {
  if ((await countAdmins(db)) > 0) return;
  throw new Problem(
    409,
    "conflict",
    "This is the last active administrator who can sign in; without one nobody could change anything here. Make somebody else an administrator first. Nothing was written.",
  );
}

function membersWith(members: readonly string[], id: string, belongs: boolean): readonly string[] {
  if (members.includes(id) === belongs) return members;
  return belongs ? [...members, id] : members.filter((member) => member !== id);
}

function unknownTeam({ teams }: Config, team: string): Problem {
  const known = teams.length === 0 ? "The workspace has no teams; make one with POST /api/v1/teams." : `Teams are: ${teams.map(({ id }) => id).join(", ")}.`;
  return invalid(`There is no team ${JSON.stringify(team)}. ${known} Nothing was written.`, [
    { path: "team", message: teams.length === 0 ? "there are no teams" : `must be one of ${teams.map(({ id }) => id).join(", ")}` },
  ]);
}
