/** Changing one's password, forgetting it, and coming in by a link. */
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { hashNewPassword } from "../workspaces/passwords.service.ts";
import { rightsChanged } from "../workspaces/rights-changed.service.ts";
import { renameUser } from "../workspaces/users.service.ts";
import { consumeLink, createLink, dropLinks, type Link, lookAtLink } from "./links.service.ts";
import { provePassword, takeCode } from "./second-factor.service.ts";
import { endSessions, type Entrance, type From, renewSession, sessionOf, startSession } from "./sessions.service.ts";
import { findSelf, updatePassword } from "./sessions.queries.ts";
import { listResettable } from "./sign-in.queries.ts";
import { attempt, attemptFrom } from "./throttle.service.ts";

/** All other sessions end, and open reset links stop. @throws Problem 422, 429 */
export async function changePassword(
  deps: Deps,
  { current, password }: { readonly current: string; readonly password: string },
  address: string,
): Promise<{ readonly token: string; readonly ended: number }> {
  sessionOf(deps);
  const user = await provePassword(deps, current, address);
  const passwordHash = await hashNewPassword(password, user);
  const renewed = await transact({ ...deps, address }, async (deps) => {
    await updatePassword(deps.db, user.id, passwordHash);
    await dropLinks(deps, user.id, null);
    await audit(deps, { action: "user.passwordChanged", about: { type: "user", id: user.id } });
    return renewSession(deps);
  });
  rightsChanged(deps, deps.actor);
  return renewed;
}

/**
 * Answers alike and at once whoever asks: what there is to do is done afterwards. Nothing is made while mail is not set up:
 * nobody could be handed the link.
 */
export async function requestPasswordReset(house: House, given: string, address: string): Promise<void> {
  const email = given.trim().toLowerCase();
  await attemptFrom(house, "reset", address);
  setImmediate(() => {
    mailResets(house, email, address).catch((error: unknown) => house.log.warn({ err: error }, "a reset link could not be mailed"));
  });
}

async function mailResets(house: House, email: string, address: string): Promise<void> {
  if (house.gate.mailLink === null) return;
  try {
    await attempt(house, "reset", { email, address });
  } catch (error) {
    if (error instanceof Problem) return;
    throw error;
  }
  for (const { workspace_id, id } of await listResettable(house.database.pool, email)) {
    await transact({ ...actIn(house, workspace_id, "nobody"), address }, async (deps) => {
      const user = await findSelf(deps.db, id);
      if (user === null || !user.active) return;
      // The address of the house as it knows it itself: the request's could be anybody's invention.
      await createLink(deps, user.password_hash === null && user.oidc_subject === null ? "invitation" : "reset", user, house.gate.url());
      await audit(deps, { action: "user.resetLinkAsked", about: { type: "user", id } });
    });
  }
}

/** Name and password, then in. @throws Problem 404, 422 */
export async function acceptInvitation(
  house: House,
  { token, name, password }: { readonly token: string; readonly name: string; readonly password: string },
  from: From,
): Promise<Entrance> {
  const link = await openedBy(house, token, "invitation", from);
  const passwordHash = await hashNewPassword(password, { email: link.email, name });
  return byLink(house, link, from, async (deps) => {
    // Takes the configuration's lock, which comes before all others.
    await renameUser(deps, link.user_id, name);
    await consumeLink(deps, token);
    await updatePassword(deps.db, link.user_id, passwordHash);
    await dropLinks(deps, link.user_id, null);
    await audit(deps, { action: "user.joined", about: { type: "user", id: link.user_id } });
  });
}

/** @throws Problem 401 `second-factor`, 404, 422 */
export async function resetPassword(
  house: House,
  { token, password, code }: { readonly token: string; readonly password: string; readonly code?: string | undefined },
  from: From,
): Promise<Entrance> {
  const link = await openedBy(house, token, "reset", from);
  const passwordHash = await hashNewPassword(password, link);
  const tried = link.second_factor ? await attempt(house, "reset code", { email: `${link.workspace_id} ${link.user_id}`, address: from.address }) : null;
  const entrance = byLink(house, link, from, async (deps) => {
    await consumeLink(deps, token);
    const user = await findSelf(deps.db, link.user_id);
    if (user?.totp_on_at != null) await takeCode(deps, user, code);
    await updatePassword(deps.db, link.user_id, passwordHash);
    await dropLinks(deps, link.user_id, null);
    await endSessions(deps, link.user_id, null);
    await audit(deps, { action: "user.passwordReset", about: { type: "user", id: link.user_id } });
  });
  // Asking for the code is no failure; a wrong code is.
  if (code === undefined) entrance.catch(() => tried?.release());
  await entrance;
  await tried?.succeed();
  return entrance;
}

async function openedBy(house: House, token: string, kind: Link["kind"], from: From): Promise<Link> {
  const link = await lookAtLink(house, token, from.address);
  if (link.kind !== kind)
    throw new Problem(
      404,
      "not-found",
      link.kind === "reset" ? "This link sets a new password; open it as it is." : "This link is an invitation; open it as it is.",
    );
  return link;
}

async function byLink(house: House, link: Link, from: From, work: (deps: Deps) => Promise<void>): Promise<Entrance> {
  const outside = { ...actIn(house, link.workspace_id, `user:${link.user_id}`), address: from.address };
  const entrance = await transact(outside, async (deps) => {
    await work(deps);
    return startSession(deps, { id: link.user_id, email: link.email }, "link", from);
  });
  rightsChanged(outside, outside.actor);
  return entrance;
}
