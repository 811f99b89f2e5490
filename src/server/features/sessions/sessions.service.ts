/** Sessions: starting, showing and ending them. The secret is answered once, for the cookie; its SHA-256 is kept. */
import { actionsOf, viewerOf } from "../../../core/access/access.ts";
import type { Role } from "../../../core/access/role.ts";
import { isUuid } from "../../../core/ids.ts";
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { notFound, Problem } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { actIn, IDLE_MS, SESSION_MS } from "../workspaces/doorman.service.ts";
import { rightsChanged } from "../workspaces/rights-changed.service.ts";
import { deviceOf } from "./device.ts";
import { hashSecret, newSecret } from "./secret.ts";
import * as queries from "./sessions.queries.ts";

export type From = { readonly address: string; readonly agent: string };

/** What the browser is given for its cookies. */
export type Entrance = { readonly token: string; readonly email: string };

export type Via = "password" | "oidc" | "link" | "setup";

/**
 * Signs a user in: a session under a new secret. Any session the browser came with is not taken over.
 * @param deps those of the transaction; its actor is whoever acted so far
 */
export async function startSession(deps: Deps, user: { readonly id: string; readonly email: string }, via: Via, from: From): Promise<Entrance> {
  const [id, token, now] = [deps.newId(), newSecret(), deps.now()];
  const expiresAt = new Date(now + SESSION_MS);
  if (!(await queries.updateSignedIn(deps.db, user.id, new Date(now)))) throw notSignedIn();
  await queries.insertSession(deps.db, {
    id,
    hash: hashSecret(token),
    userId: user.id,
    via,
    device: deviceOf(from.agent),
    address: from.address,
    at: new Date(now),
    expiresAt,
  });
  await audit(
    { ...deps, actor: `user:${user.id}`, address: from.address },
    { action: "session.signedIn", about: { type: "user", id: user.id }, detail: { via, device: deviceOf(from.agent) } },
  );
  return { token, email: user.email };
}

/** The words for every reason not to be let in. */
export function notSignedIn(): Problem {
  return new Problem(401, "unauthorized", "The address and the password do not fit together. Check both and try again; if it goes on, ask for a reset link.");
}

export type SessionView = {
  readonly user: { readonly id: string; readonly name: string; readonly email: string; readonly role: Role };
  readonly teams: { readonly id: string; readonly name: string }[];
  readonly rights: { readonly signerMarketing: boolean; readonly signerSales: boolean };
  readonly workspace: {
    readonly id: string;
    readonly name: string;
    readonly timezone: string;
    readonly currency: string;
    readonly weekStart: "monday" | "sunday" | "saturday";
    readonly locale: string;
    readonly demo: boolean;
  };
  readonly can: ReturnType<typeof actionsOf>;
  readonly secondFactor: { readonly enabled: boolean; readonly required: boolean };
  readonly session: { readonly id: string; readonly expiresAt: string } | null;
};

/** @throws Problem 403 when nobody in particular is asking */
export async function getSession(deps: Deps): Promise<SessionView> {
  const userId = userOf(deps);
  const [row, { config }] = await Promise.all([queries.findSelf(deps.db, userId), deps.configs.get(deps.db)]);
  if (row === null) throw notFound("user", userId);
  const role = row.role as Role;
  const { teams } = viewerOf(config, { id: userId, role });
  const enabled = row.totp_on_at !== null;
  const restricted = row.second_factor_required && !enabled && deps.session !== undefined && deps.session.via !== "oidc";
  return {
    user: { id: row.id, name: row.name, email: row.email, role },
    teams: config.teams.filter(({ id }) => teams.includes(id)).map(({ id, name }) => ({ id, name })),
    rights: { signerMarketing: row.sign_marketing, signerSales: row.sign_sales },
    workspace: {
      id: deps.db.workspaceId,
      name: row.workspace,
      timezone: row.timezone,
      currency: row.currency,
      weekStart: row.week_start as "monday",
      locale: row.locale,
      demo: row.demo,
    },
    can: restricted ? ["self"] : actionsOf(role),
    secondFactor: { enabled, required: row.second_factor_required },
    session: deps.session === undefined ? null : { id: deps.session.id, expiresAt: deps.session.expiresAt.toISOString() },
  };
}

/** The session of a secret ends, whoever holds it. Answers how many did. */
export async function endSessionOf(house: House, entry: { readonly deps: Deps } | null): Promise<number> {
  if (entry === null) return 0;
  const outside = actIn(house, entry.deps.db.workspaceId, entry.deps.actor, entry.deps.viewer);
  const ended = await transact(outside, async (deps) => {
    const ended = await queries.deleteSession(deps.db, userOf(deps), sessionOf(entry.deps).id);
    if (ended > 0) await audit(deps, { action: "session.signedOut", about: { type: "user", id: userOf(deps) } });
    return ended;
  });
  rightsChanged(outside, outside.actor);
  return ended;
}

export type SessionEntryView = {
  readonly id: string;
  readonly current: boolean;
  readonly device: string;
  readonly address: string;
  readonly via: Via;
  readonly createdAt: string;
  readonly lastSeenAt: string;
  readonly expiresAt: string;
};

export async function listSessions(deps: Deps): Promise<readonly SessionEntryView[]> {
  const now = deps.now();
  const rows = await queries.listSessions(deps.db, userOf(deps), new Date(now), new Date(now - IDLE_MS));
  return rows.map(({ id, device, address, via, created_at, seen_at, expires_at }) => ({
    id,
    current: id === deps.session?.id,
    device,
    address,
    via: via as Via,
    createdAt: created_at.toISOString(),
    lastSeenAt: seen_at.toISOString(),
    expiresAt: expires_at.toISOString(),
  }));
}

/** @throws Problem 404 when it is nobody's, or another's */
export async function endSession(deps: Deps, id: string): Promise<number> {
  const ended = await transact(deps, async (deps) => {
    const ended = isUuid(id) ? await queries.deleteSession(deps.db, userOf(deps), id) : 0;
    if (ended === 0) throw notFound("session", id);
    await audit(deps, { action: "session.ended", about: { type: "user", id: userOf(deps) }, detail: { sessions: ended } });
    return ended;
  });
  rightsChanged(deps, deps.actor);
  return ended;
}

export async function endOtherSessions(deps: Deps): Promise<number> {
  const ended = await transact(deps, (deps) => endSessions(deps, userOf(deps), deps.session?.id ?? null));
  rightsChanged(deps, `user:${userOf(deps)}`);
  return ended;
}

/** Ends a user's sessions, all but one if that is named, in the caller's transaction. */
export async function endSessions(deps: Deps, userId: string, except: string | null): Promise<number> {
  const ended = await queries.deleteSessions(deps.db, userId, except);
  if (ended > 0) await audit(deps, { action: "session.ended", about: { type: "user", id: userId }, detail: { sessions: ended } });
  return ended;
}

/** After something that makes the session worth more: the others end, and this one gets another secret. In the caller's transaction. */
export async function renewSession(deps: Deps): Promise<{ readonly token: string; readonly ended: number }> {
  const ended = await endSessions(deps, userOf(deps), sessionOf(deps).id);
  const token = newSecret();
  if (!(await queries.rotateSession(deps.db, sessionOf(deps).id, hashSecret(token)))) throw notSignedIn();
  return { token, ended };
}

/** @throws Problem 403 */
export function userOf({ viewer }: Deps): string {
  if (viewer.userId === null) throw new Problem(403, "forbidden", "This API key belongs to the workspace, not to a user, so there is no account to look at.");
  return viewer.userId;
}

/** @throws Problem 403 */
export function sessionOf({ session }: Deps): NonNullable<Deps["session"]> {
  if (session === undefined) throw new Problem(403, "forbidden", "This takes somebody who is signed in; an API key cannot do it.");
  return session;
}
