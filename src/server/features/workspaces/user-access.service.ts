/** What an administrator does about how somebody comes in: links to hand over, a lost second factor, sessions elsewhere. */
import { transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { Problem } from "../../problems.ts";
import { audit, type AuditAction } from "../audit/audit.service.ts";
import { createLink, dropLinks, type LinkKind, type LinkView } from "../sessions/links.service.ts";
import { removeSecondFactor } from "../sessions/second-factor.service.ts";
import { endSessions } from "../sessions/sessions.service.ts";
import { rightsChanged } from "./rights-changed.service.ts";
import { getRow, getUser, type UserView } from "./users.service.ts";

/** @throws Problem 404, 409 when he has a way in already, or none is wanted */
export async function inviteAgain(deps: Deps, id: string, base: string): Promise<LinkView> {
  const row = await getRow(deps, id);
  if (row.can_sign_in) throw new Problem(409, "conflict", `${row.name} has joined already. If he forgot his password, make a reset link instead.`);
  return makeLink(deps, id, "invitation", "user.invitedAgain", base);
}

/** @throws Problem 404, 409 when he is inactive */
export async function createResetLink(deps: Deps, id: string, base: string): Promise<LinkView> {
  await getRow(deps, id);
  return makeLink(deps, id, "reset", "user.resetLinkMade", base);
}

/** @throws Problem 404 */
export async function revokeInvitation(deps: Deps, id: string): Promise<UserView> {
  await getRow(deps, id);
  await transact(deps, async (deps) => {
    if ((await dropLinks(deps, id, "invitation")) > 0) await audit(deps, { action: "user.invitationRevoked", about: { type: "user", id } });
  });
  return getUser(deps, id);
}

/** @throws Problem 404 */
export async function takeSecondFactor(deps: Deps, id: string): Promise<UserView> {
  await getRow(deps, id);
  await transact(deps, (deps) => removeSecondFactor(deps, id));
  rightsChanged(deps, `user:${id}`);
  return getUser(deps, id);
}

/** @throws Problem 404 */
export async function endUserSessions(deps: Deps, id: string): Promise<number> {
  await getRow(deps, id);
  const ended = await transact(deps, (deps) => endSessions(deps, id, null));
  rightsChanged(deps, `user:${id}`);
  return ended;
}

function makeLink(deps: Deps, id: string, kind: LinkKind, action: AuditAction, base: string): Promise<LinkView> {
  return transact(deps, async (deps) => {
    const row = await getRow(deps, id);
    if (!row.active) throw new Problem(409, "conflict", `${row.name} is inactive and could not sign in. Make him active first.`);
    await audit(deps, { action, about: { type: "user", id } });
    return createLink(deps, kind, row, base);
  });
}
