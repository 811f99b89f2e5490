/**
 * Signing in through another house (OIDC). Its word counts for who somebody is, never for what he may: that is up to the
 * user he is here. An address counts only when that house has verified it, and only once: from then on the subject does.
 */
import { isUuid } from "../../../core/ids.ts";
import { transact } from "../../db/db.ts";
import type { Deps, House } from "../../deps.ts";
import { notFound } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { createUser } from "../workspaces/users.service.ts";
import { askFor, identityFrom, type Identity } from "./oidc.ts";
import { configurationFor, findOidcSettings, type Oidc, redirectUriOf } from "./oidc-settings.service.ts";
import { hashSecret, newSecret } from "./secret.ts";
import { dropLinks } from "./links.service.ts";
import { type Entrance, type From, startSession } from "./sessions.service.ts";
import * as queries from "./sessions.queries.ts";
import { attemptFrom } from "./throttle.service.ts";

const LASTS_MS = 600_000;
const SEALED = "oidc verifier";

export type Start = { readonly url: string; readonly browser: string };

/** Where the browser goes, and the mark it must bring back. @throws Problem 404, 429, 502 */
export async function startOidc(
  house: House,
  given: { readonly workspace: string; readonly next?: string | undefined },
  from: From,
  base: string,
): Promise<Start> {
  await attemptFrom(house, "oidc", from.address).then((tried) => tried.release());
  const settings = isUuid(given.workspace) ? await findOidcSettings(actIn(house, given.workspace, "nobody")) : null;
  if (settings === null) throw notFound("workspace", "of that id that lets people in from another house");
  const deps = actIn(house, given.workspace, "nobody");
  const [state, browser] = [`${given.workspace}.${newSecret()}`, newSecret()];
  const asked = await askFor(await configurationFor(deps, settings), redirectUriOf(base), state);
  await queries.insertOidcAttempt(deps.db, {
    stateHash: hashSecret(state),
    browserHash: hashSecret(browser),
    nonce: asked.nonce,
    verifier: house.gate.seal(SEALED, asked.verifier),
    next: localPath(given.next),
    expiresAt: new Date(house.now() + LASTS_MS),
  });
  return { url: asked.url, browser };
}

export type OidcProblem = "oidc-failed" | "oidc-unknown" | "oidc-unverified" | "oidc-expired";

/** Whoever is refused still knows where he wanted to go, once it is sure that the attempt is his. */
export type Finish = { readonly next: string; readonly entrance: Entrance } | { readonly problem: OidcProblem; readonly next?: string };

/** Takes who came back, with what he brought. Each attempt comes back once, in the browser it began in. @param query as it came, question mark included */
export async function finishOidc(
  house: House,
  came: { readonly query: string; readonly state: string | undefined; readonly browser: string | null },
  from: From,
  base: string,
): Promise<Finish> {
  const { state = "" } = came;
  const workspaceId = state.split(".")[0] ?? "";
  if (!isUuid(workspaceId)) return { problem: "oidc-expired" };
  const deps: Deps = { ...actIn(house, workspaceId, "nobody"), address: from.address };
  const attempt = await queries.takeOidcAttempt(deps.db, hashSecret(state));
  const isHis = attempt !== null && came.browser !== null && attempt.browser_hash.equals(hashSecret(came.browser));
  if (!isHis || attempt.expires_at.getTime() <= house.now()) return { problem: "oidc-expired" };
  const settings = await findOidcSettings(deps);
  const verifier = house.gate.unseal(SEALED, attempt.verifier);
  if (settings === null || verifier === null) return { problem: "oidc-expired" };
  let identity: Identity;
  try {
    const url = new URL(`${redirectUriOf(base)}${came.query}`);
    identity = await identityFrom(await configurationFor(deps, settings), url, { state, nonce: attempt.nonce, verifier });
  } catch (error) {
    house.log.info({ err: error }, "an OIDC sign-in failed");
    return { problem: "oidc-failed", next: attempt.next };
  }
  const user = await userOf(deps, settings, identity);
  if (typeof user === "string") return { problem: user, next: attempt.next };
  return { next: attempt.next, entrance: await comeIn(deps, settings, identity, user.id, from) };
}

/** The active user whom this is: known by subject, else by a verified address, else made if the workspace wants that. */
async function userOf(deps: Deps, settings: Oidc, { subject, email, emailVerified, name }: Identity): Promise<{ readonly id: string } | OidcProblem> {
  const known = await queries.findUserBySubject(deps.db, settings.issuer, subject);
  if (known !== null) return known.active ? known : "oidc-unknown";
  if (email === null || !emailVerified) return "oidc-unverified";
  const meant = await queries.findUserForOidc(deps.db, settings.issuer, email);
  // Who is linked to another subject stays his: an address can be given to somebody else over there.
  if (meant !== null) return meant.active && meant.oidc_subject === null ? meant : "oidc-unknown";
  if (!settings.createUsers) return "oidc-unknown";
  return createUser(deps, { name: name ?? email, email, role: settings.defaultRole }, null, null);
}

function comeIn(deps: Deps, settings: Oidc, { subject }: Identity, userId: string, from: From): Promise<Entrance> {
  return transact(deps, async (deps) => {
    const user = await queries.findSelf(deps.db, userId);
    if (user === null) throw notFound("user", userId);
    if (user.oidc_subject !== subject) {
      await queries.linkSubject(deps.db, userId, settings.issuer, subject);
      await dropLinks(deps, userId, "invitation");
      await audit(deps, { action: "user.oidcLinked", about: { type: "user", id: userId }, detail: { issuer: settings.issuer } });
    }
    return startSession(deps, user, "oidc", from);
  });
}

/** Only ever a path of this house: anything else would send people wherever a link's maker likes. */
export function localPath(next: string | undefined): string {
  return next !== undefined && /^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(next) ? next : "/";
}
