/** Links that let one person set a password: invitations and resets. Good once, for a while; a new one replaces the old. */
import type { Deps, House } from "../../deps.ts";
import { notFound, type Problem } from "../../problems.ts";
import { hashSecret, newSecret } from "./secret.ts";
import { deleteLinks, putLink, takeLink } from "./sessions.queries.ts";
import { findLink, type LinkRow } from "./sign-in.queries.ts";
import { attemptFrom } from "./throttle.service.ts";

export type LinkKind = "invitation" | "reset";
export type LinkView = { readonly url: string; readonly expiresAt: string; readonly mailed: boolean };

const HOUR = 3_600_000;
const LASTS: Readonly<Record<LinkKind, number>> = { invitation: 7 * 24 * HOUR, reset: 24 * HOUR };

/**
 * Makes the link and mails it if mail is set up, in the caller's transaction.
 * @param base where people reach the house, without a slash at the end
 */
export async function createLink(
  deps: Deps,
  kind: LinkKind,
  user: { readonly id: string; readonly email: string; readonly name: string },
  base: string,
): Promise<LinkView> {
  const secret = newSecret();
  const now = deps.now();
  const expiresAt = new Date(now + LASTS[kind]);
  await putLink(deps.db, { userId: user.id, kind, hash: hashSecret(secret), createdBy: deps.actor, at: new Date(now), expiresAt });
  const url = `${base}/${kind}?token=${secret}`;
  const mailed = (await deps.gate.mailLink?.(deps, { kind, userId: user.id, to: user.email, name: user.name, url, expiresAt })) ?? false;
  return { url, expiresAt: expiresAt.toISOString(), mailed };
}

export type Link = LinkRow & { readonly kind: LinkKind };

/** Looks without using it up. Guessing is slowed down. @throws Problem 404, 429 */
export async function lookAtLink(house: House, token: string, address: string): Promise<Link> {
  const attempt = await attemptFrom(house, "link", address);
  const found = /^[A-Za-z0-9_-]{43}$/.test(token) ? await findLink(house.database.pool, hashSecret(token), new Date(house.now())) : null;
  if (found === null) throw noLink();
  await attempt.release();
  return found as Link;
}

/** Uses the link up, in the caller's transaction: of two at once one has it. @throws Problem 404 */
export async function consumeLink(deps: Deps, token: string): Promise<void> {
  if (!(await takeLink(deps.db, hashSecret(token)))) throw noLink();
}

/** Answers how many there were. */
export async function dropLinks(deps: Deps, userId: string, kind: LinkKind | null): Promise<number> {
  return deleteLinks(deps.db, userId, kind);
}

function noLink(): Problem {
  return notFound("link", "like this: it was used, was replaced by a newer one, or is too old. Ask an administrator for a new one");
}
