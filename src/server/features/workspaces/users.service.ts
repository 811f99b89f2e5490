/**
 * The people of a workspace. A user is a row, which says who it is, and an entry in the configuration, which says who is
 * dealt leads. Both are written in the transaction that publishes, under the configuration's lock, so they never differ.
 */
import type { Role } from "../../../core/access/role.ts";
import { type Config, MOST_USERS, type UserRef } from "../../../core/config/config.ts";
import { isEmail } from "../../../core/identity/identity.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { publishChange, rescoreInBackground } from "./config.service.ts";
import { once, type Repeatable } from "./once.service.ts";
import * as queries from "./workspaces.queries.ts";

export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly active: boolean;
  readonly teams: string[];
  readonly createdAt: string;
};

export async function listUsers(deps: Deps): Promise<readonly UserView[]> {
  const [rows, { config }] = await Promise.all([queries.listUsers(deps.db), deps.configs.get(deps.db)]);
  return rows.map((row) => viewOf(row, config));
}

export type NewUser = { readonly name: string; readonly email: string; readonly role: Role; readonly team?: string | undefined };

/** @throws Problem 422 when the address is none or the team unknown, 409 when a user has the address */
export async function createUser(deps: Deps, { name, role, team, ...given }: NewUser, idempotency: Repeatable): Promise<UserView> {
  const email = given.email.trim().toLowerCase();
  if (!isEmail(email))
    throw invalid("The e-mail address is none that mail could be sent to. Nothing was written.", [{ path: "email", message: "is not an e-mail address" }]);
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    const published = await publishChange(deps, async ({ config }) => {
      const taken = await queries.findUserByEmail(deps.db, email);
      if (taken !== null) throw emailTaken(taken);
      if (config.users.length >= MOST_USERS) throw invalid(`There are ${MOST_USERS} users, the most a workspace can have. Nothing was written.`);
      const next = withUser(config, { id, name, active: true }, team);
      await queries.insertUser(deps.db, { id, name, email, role, passwordHash: null, at: new Date(deps.now()) });
      return next;
    });
    return { id, config: published.number };
  });
  if (!replayed) rescoreInBackground(deps, kept.config);
  return getUser(deps, kept.id);
}

export type UserChange = { readonly name?: string | undefined; readonly active?: boolean | undefined; readonly team?: string | null | undefined };

/** @throws Problem 404, 422 when the team is unknown */
export async function changeUser(deps: Deps, id: string, change: UserChange, idempotency: Repeatable): Promise<UserView> {
  await getUser(deps, id);
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const published = await publishChange(deps, async ({ config }) => {
      const row = await queries.findUser(deps.db, id);
      if (row === null) throw notFound("user", id);
      const user = { id, name: change.name ?? row.name, active: change.active ?? row.active };
      const next = withUser(config, user, change.team);
      await queries.updateUser(deps.db, user);
      return next;
    });
    return { id, config: published.published ? published.number : null };
  });
  if (!replayed && kept.config !== null) rescoreInBackground(deps, kept.config);
  return getUser(deps, id);
}

async function getUser(deps: Deps, id: string): Promise<UserView> {
  const row = isUuid(id) ? await queries.findUser(deps.db, id) : null;
  if (row === null) throw notFound("user", id);
  return viewOf(row, (await deps.configs.get(deps.db)).config);
}

/** The configuration with this user in it. `team` undefined leaves memberships alone, null ends them, a name makes it the only one; who is a member already keeps the place in its turn. */
function withUser(config: Config, user: UserRef, team: string | null | undefined): Config {
  if (typeof team === "string" && !config.teams.some(({ id }) => id === team)) throw unknownTeam(config, team);
  const known = config.users.some(({ id }) => id === user.id);
  return {
    ...config,
    users: known ? config.users.map((other) => (other.id === user.id ? user : other)) : [...config.users, user],
    teams: team === undefined ? config.teams : config.teams.map((each) => ({ ...each, members: membersWith(each.members, user.id, each.id === team) })),
  };
}

function membersWith(members: readonly string[], id: string, belongs: boolean): readonly string[] {
  if (members.includes(id) === belongs) return members;
  return belongs ? [...members, id] : members.filter((member) => member !== id);
}

function unknownTeam({ teams }: Config, team: string): Problem {
  const known = teams.length === 0 ? "The configuration has no teams; add one with PUT /api/v1/config." : `Teams are: ${teams.map(({ id }) => id).join(", ")}.`;
  return invalid(`There is no team ${JSON.stringify(team)}. ${known} Nothing was written.`, [
    { path: "team", message: teams.length === 0 ? "there are no teams" : `must be one of ${teams.map(({ id }) => id).join(", ")}` },
  ]);
}

function emailTaken({ id, name, email, active }: queries.UserRow): Problem {
  const instead = active ? "Change that one" : "That one is inactive: make it active again";
  return new Problem(
    409,
    "conflict",
    `${email} is the address of the user ${name} (${id}) already. ${instead} with PATCH /api/v1/users/${id}, or give another address.`,
    [{ path: "email", message: "is the address of another user" }],
  );
}

function viewOf({ id, name, email, role, active, created_at }: queries.UserRow, { teams }: Config): UserView {
  const memberOf = teams.filter(({ members }) => members.includes(id)).map((team) => team.id);
  return { id, name, email, role: role as Role, active, teams: memberOf, createdAt: created_at.toISOString() };
}
