/** The second factor: codes of an authenticator app, and recovery codes for when the phone is gone. Every code is taken once. */
import { transact } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import { invalid, notFound, Problem } from "../../problems.ts";
import { audit } from "../audit/audit.service.ts";
import { rightsChanged } from "../workspaces/rights-changed.service.ts";
import { whichFit } from "../workspaces/passwords.service.ts";
import { hashSecret, newRecoveryCodes, normalCode } from "./secret.ts";
import { endSessions, getSession, renewSession, sessionOf, type SessionView, userOf } from "./sessions.service.ts";
import * as queries from "./sessions.queries.ts";
import { attempt } from "./throttle.service.ts";
import { type Enrolment, newEnrolment, stepOf } from "./totp.ts";

const SEALED = "second factor";

/** Takes a code of the app, or a recovery code, in the caller's transaction. @throws Problem 401 `second-factor` */
export async function takeCode(deps: Deps, user: queries.SelfRow, code: string | undefined): Promise<void> {
  if (code === undefined || code.trim() === "")
    throw new Problem(401, "second-factor", "The password is right. Now enter the code of your authenticator app, or one of your recovery codes.");
  const secret = user.totp_secret === null ? null : deps.gate.unseal(SEALED, user.totp_secret);
  const step = secret === null ? null : stepOf(secret, code, deps.now());
  if (step !== null && (await queries.takeStep(deps.db, user.id, step))) return;
  if (await queries.takeRecoveryCode(deps.db, user.id, hashSecret(normalCode(code)))) {
    await audit({ ...deps, actor: `user:${user.id}` }, { action: "session.recoveryCodeUsed", about: { type: "user", id: user.id } });
    return;
  }
  const why = step === null ? "This code is not right" : "This code was used already";
  throw new Problem(401, "second-factor", `${why}. Wait for the next one of your authenticator app, or enter a recovery code.`);
}

export async function startSecondFactor(deps: Deps, password: string, address: string): Promise<Enrolment> {
  sessionOf(deps);
  const user = await provePassword(deps, password, address);
  const enrolment = newEnrolment("Baton", user.email);
  if (!(await queries.prepareSecondFactor(deps.db, user.id, deps.gate.seal(SEALED, enrolment.secret))))
    throw new Problem(409, "conflict", "You have a second factor already. Switch it off first to begin with another.");
  return enrolment;
}

/** @throws Problem 409 when none was begun, 422 when the code is wrong */
export async function confirmSecondFactor(
  deps: Deps,
  code: string,
  address: string,
): Promise<{ readonly token: string; readonly recoveryCodes: readonly string[] }> {
  const user = await self(deps);
  const tried = await attempt(deps, "second factor", { email: `${deps.db.workspaceId} ${user.id}`, address });
  const secret = user.totp_secret === null || user.totp_on_at !== null ? null : deps.gate.unseal(SEALED, user.totp_secret);
  if (secret === null) throw new Problem(409, "conflict", "There is no second factor waiting to be confirmed. Begin with POST /api/v1/session/second-factor.");
  const step = stepOf(secret, code, deps.now());
  if (step === null)
    throw invalid("This code is not right. Check that the clock of your device is, and enter the next one.", [{ path: "code", message: "is not right" }]);
  const recoveryCodes = newRecoveryCodes();
  const done = await transact(deps, async (deps) => {
    if (!(await queries.switchSecondFactorOn(deps.db, user.id, { step, codes: hashesOf(recoveryCodes), at: new Date(deps.now()) })))
      throw new Problem(409, "conflict", "The second factor was changed meanwhile. Look at your account and begin again.");
    await audit(deps, { action: "user.secondFactorOn", about: { type: "user", id: user.id } });
    return renewSession(deps);
  });
  await tried.succeed();
  rightsChanged(deps, deps.actor);
  return { token: done.token, recoveryCodes };
}

export async function renewRecoveryCodes(deps: Deps, password: string, address: string): Promise<readonly string[]> {
  sessionOf(deps);
  const user = await provePassword(deps, password, address);
  const codes = newRecoveryCodes();
  await transact(deps, async (deps) => {
    if (!(await queries.updateRecoveryCodes(deps.db, user.id, hashesOf(codes))))
      throw new Problem(409, "conflict", "You have no second factor, so there is nothing to recover. Begin with POST /api/v1/session/second-factor.");
    await audit(deps, { action: "user.recoveryCodesRenewed", about: { type: "user", id: user.id } });
  });
  return codes;
}

export async function disableSecondFactor(deps: Deps, password: string, address: string): Promise<{ readonly token: string; readonly session: SessionView }> {
  sessionOf(deps);
  const user = await provePassword(deps, password, address);
  if (user.second_factor_required)
    throw new Problem(
      409,
      "conflict",
      "This workspace asks everybody for a second factor. To move it to another phone, have an administrator take yours away.",
    );
  const { token } = await transact(deps, async (deps) => {
    if (await queries.switchSecondFactorOff(deps.db, user.id)) await audit(deps, { action: "user.secondFactorOff", about: { type: "user", id: user.id } });
    return renewSession(deps);
  });
  return { token, session: await getSession(deps) };
}

/** What an administrator does for who has lost phone and codes; his sessions end. In the caller's transaction. */
export async function removeSecondFactor(deps: Deps, userId: string): Promise<void> {
  if (!(await queries.switchSecondFactorOff(deps.db, userId))) return;
  await audit(deps, { action: "user.secondFactorOff", about: { type: "user", id: userId } });
  await endSessions(deps, userId, null);
}

/** Whoever found an open session does not know the password. @throws Problem 422, 429 */
export async function provePassword(deps: Deps, password: string, address: string): Promise<queries.SelfRow> {
  const user = await self(deps);
  if (user.password_hash === null) return user;
  const tried = await attempt(deps, "password", { email: `${deps.db.workspaceId} ${user.id}`, address });
  const [fits] = await whichFit([user.password_hash], password);
  if (fits !== true) throw invalid("The password is not right. Nothing was changed.", [{ path: "password", message: "is not right" }]);
  await tried.succeed();
  return user;
}

async function self(deps: Deps): Promise<queries.SelfRow> {
  const user = await queries.findSelf(deps.db, userOf(deps));
  if (user === null) throw notFound("user", userOf(deps));
  return user;
}

function hashesOf(codes: readonly string[]): readonly Buffer[] {
  return codes.map((code) => hashSecret(normalCode(code)));
}
