/**
 * The people of a workspace. A user is a row, which says who it is, and an entry in the configuration, which says who is
 * dealt leads. Both are written in the transaction that publishes, under the configuration's lock, so they never differ, and
 * of two who take away each other's rights at once the second finds the first gone.
 */
import type { Role } from "../../../core/access/role.ts";
import { type Config, MOST_USERS } from "../../../core/config/config.ts";
import { isEmail } from "../../../core/identity/identity.ts";
import { isUuid } from "../../../core/ids.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { audit, differences } from "../audit/audit.service.ts";
import { createLink, dropLinks, type LinkView } from "../sessions/links.service.ts";
import { endSessions } from "../sessions/sessions.service.ts";
import { publishChange, rescoreInBackground } from "./config.service.ts";
import { once, type Repeatable } from "./once.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import { refuseLastAdmin, withUser } from "./users-config.service.ts";
import * as queries from "./workspaces.queries.ts";

export type Rights = { readonly signerMarketing: boolean; readonly signerSales: boolean };

export type UserView = {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly active: boolean;
  readonly state: "active" | "invited" | "inactive";
  readonly teams: string[];
  readonly rights: Rights;
  readonly secondFactor: boolean;
  readonly invitedUntil: string | null;
  readonly signedInAt: string | null;
  readonly createdAt: string;
};

export async function listUsers(deps: Deps): Promise<readonly UserView[]> {
  const [rows, { config }] = await Promise.all([queries.listUsers(deps.db), deps.configs.get(deps.db)]);
  return rows.map((row) => viewOf(deps, row, config));
}

export type NewUser = {
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly team?: string | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly rights?: Partial<{ [R in keyof Rights]: boolean | undefined }> | undefined;
};

/**
 * Makes the user and his invitation; it is null when the request is a repeat, and without `base`, for who comes in otherwise.
 * @throws Problem 422 when the address is none or a team unknown, 409 when a user has the address
 */
export async function createUser(
  deps: Deps,
  { name, role, ...given }: NewUser,
  idempotency: Repeatable,
  base: string | null = null,
): Promise<UserView & { readonly invitation: LinkView | null }> {
  const email = given.email.trim().toLowerCase();
  if (!isEmail(email))
    throw invalid("The e-mail address is none that mail could be sent to. Nothing was written.", [{ path: "email", message: "is not an e-mail address" }]);
  const teams = given.teams ?? (given.team === undefined ? undefined : [given.team]);
  let invitation: LinkView | null = null;
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const id = deps.newId();
    const published = await publishChange(deps, async ({ config }) => {
      const taken = await queries.findUserByEmail(deps.db, email);
      if (taken !== null) throw emailTaken(taken);
      if (config.users.length >= MOST_USERS) throw invalid(`There are ${MOST_USERS} users, the most a workspace can have. Nothing was written.`);
      const next = withUser(config, { id, name, active: true }, teams);
      const rights = { signMarketing: given.rights?.signerMarketing ?? false, signSales: given.rights?.signerSales ?? false };
      await queries.insertUser(deps.db, { id, name, email, role, passwordHash: null, ...rights, at: new Date(deps.now()) });
      return next;
    });
    await audit(deps, { action: "user.invited", about: { type: "user", id }, detail: { role, teams: teams ?? [] } });
    if (base !== null) invitation = await createLink(deps, "invitation", { id, email, name }, base);
    return { id, config: published.number };
  });
  if (!replayed) rescoreInBackground(deps, kept.config);
  return { ...(await getUser(deps, kept.id)), invitation };
}

export type UserChange = {
  readonly name?: string | undefined;
  readonly active?: boolean | undefined;
  readonly role?: Role | undefined;
  readonly team?: string | null | undefined;
  readonly teams?: readonly string[] | undefined;
  readonly rights?: NewUser["rights"];
};

/** @throws Problem 404, 409 for the last administrator, 422 when a team is unknown */
export async function changeUser(deps: Deps, id: string, change: UserChange, idempotency: Repeatable): Promise<UserView> {
  await getUser(deps, id);
  const { kept, replayed } = await once(deps, idempotency, async (deps) => {
    const published = await publishChange(deps, async ({ config }) => {
      const row = await queries.findUser(deps.db, id);
      if (row === null) throw notFound("user", id);
      const teams = change.teams ?? (change.team === undefined ? undefined : change.team === null ? [] : [change.team]);
      const next = withUser(config, { id, name: change.name ?? row.name, active: change.active ?? row.active }, teams);
      await applyChange(deps, row, change);
      await auditChange(deps, row, change, { from: teamsOf(config, id), to: teamsOf(next, id) });
      return next;
    });
    return { id, config: published.published ? published.number : null };
  });
  rightsChanged(deps, "*");
  if (!replayed && kept.config !== null) rescoreInBackground(deps, kept.config);
  return getUser(deps, id);
}

/** In the caller's transaction, which must not have locked anything yet. What is published scores nobody differently. */
export async function renameUser(deps: Deps, id: string, name: string): Promise<void> {
  await publishChange(deps, async ({ config }) => {
    const row = await queries.findUser(deps.db, id);
    if (row === null) throw notFound("user", id);
    if (row.name !== name) {
      await queries.updateUser(deps.db, { ...settingsOf(row), id, name });
      await audit(deps, { action: "user.changed", about: { type: "user", id }, detail: { name: { from: row.name, to: name } } });
    }
    return withUser(config, { id, name, active: row.active }, undefined);
  });
}

/** @throws Problem 404 */
export async function getUser(deps: Deps, id: string): Promise<UserView> {
  return viewOf(deps, await getRow(deps, id), (await deps.configs.get(deps.db)).config);
}

/** @throws Problem 404 */
export async function getRow({ db }: Pick<Deps, "db">, id: string): Promise<queries.UserRow> {
  const row = isUuid(id) ? await queries.findUser(db, id) : null;
  if (row === null) throw notFound("user", id);
  return row;
}

/** The row, and what a role, rights or being inactive mean for where the user is signed in. */
async function applyChange(deps: Deps, row: queries.UserRow, change: UserChange): Promise<void> {
  const was = settingsOf(row);
  const will = {
    name: change.name ?? was.name,
    active: change.active ?? was.active,
    role: change.role ?? was.role,
    signMarketing: change.rights?.signerMarketing ?? was.signMarketing,
    signSales: change.rights?.signerSales ?? was.signSales,
  };
  await queries.updateUser(deps.db, { id: row.id, ...will });
  if (was.role === "admin" && was.active && (will.role !== "admin" || !will.active)) await refuseLastAdmin(deps);
  if (!will.active) await dropLinks(deps, row.id, null);
  const { name: _, ...power } = differences(was, will);
  if (Object.keys(power).length > 0) await endSessions(deps, row.id, null);
}

async function auditChange(
  deps: Deps,
  row: queries.UserRow,
  change: UserChange,
  teams: { readonly from: readonly string[]; readonly to: readonly string[] },
): Promise<void> {
  const after = settingsOf(await getRow(deps, row.id));
  const detail = differences({ ...settingsOf(row), teams: teams.from }, { ...after, teams: teams.to });
  if (Object.keys(detail).length === 0) return;
  const action = change.active === false && row.active ? "deactivated" : change.active === true && !row.active ? "activated" : "changed";
  await audit(deps, {
    action: detail["role"] === undefined || action !== "changed" ? `user.${action}` : "user.roleChanged",
    about: { type: "user", id: row.id },
    detail,
  });
}

function settingsOf({ name, active, role, sign_marketing, sign_sales }: queries.UserRow) {
  return { name, active, role, signMarketing: sign_marketing, signSales: sign_sales };
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

function teamsOf({ teams }: Config, id: string): readonly string[] {
  return teams.filter(({ members }) => members.includes(id)).map((team) => team.id);
}

function viewOf({ now }: Deps, row: queries.UserRow, config: Config): UserView {
  const { id, name, email, role, active, can_sign_in, sign_marketing, sign_sales, second_factor, invited_until, signed_in_at, created_at } = row;
  return {
    id,
    name,
    email,
    role: role as Role,
    active,
    state: !active ? "inactive" : can_sign_in ? "active" : "invited",
    teams: [...teamsOf(config, id)],
    rights: { signerMarketing: sign_marketing, signerSales: sign_sales },
    secondFactor: second_factor,
    invitedUntil: invited_until !== null && invited_until.getTime() > now() ? invited_until.toISOString() : null,
    signedInAt: signed_in_at?.toISOString() ?? null,
    createdAt: created_at.toISOString(),
  };
}
