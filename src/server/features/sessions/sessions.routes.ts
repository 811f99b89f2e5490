/** Signing in and one's own account over HTTP. What begins or renews a session answers with its cookie. */
import * as contracts from "../../../contracts/session.ts";
import type { House } from "../../deps.ts";
import { type Caller, foreignOrigin, SESSION_COOKIE } from "../../http/caller.ts";
import { setCookie } from "../../http/cookies.ts";
import { type Mounted, openRoute, route } from "../../http/route.ts";
import { SESSION_MS } from "../workspaces/doorman.service.ts";
import { changeUser } from "../workspaces/users.service.ts";
import { lookAtLink } from "./links.service.ts";
import { finishOidc, startOidc } from "./oidc.service.ts";
import * as passwords from "./passwords-of-users.service.ts";
import * as factor from "./second-factor.service.ts";
import * as sessions from "./sessions.service.ts";
import { setUp, signInOptions } from "./setup.service.ts";
import { signIn } from "./sign-in.service.ts";
import { markOf } from "./throttle.service.ts";

const MARK_COOKIE = "baton_device";
const OIDC_COOKIE = "baton_oidc";
const YEAR_S = 365 * 86_400;
const SESSION_S = SESSION_MS / 1000;

export function mountSessions(mounted: Mounted, house: House): void {
  mountSignIn(mounted, house);
  mountOidc(mounted, house);
  mountAccount(mounted);
  mountSecondFactor(mounted);
}

function mountSignIn(mounted: Mounted, house: House): void {
  const enter = entered(mounted, house);
  openRoute(mounted, contracts.signInOptions, async () => ({ status: 200, body: await signInOptions(house) }));
  openRoute(mounted, contracts.setUp, async ({ body }, from) => ({ ...(await enter(from, await setUp(house, body, from))), status: 201 }), foreignOrigin);
  openRoute(
    mounted,
    contracts.signIn,
    async ({ body }, from) => enter(from, await signIn(house, body, { ...from, mark: from.cookie(MARK_COOKIE) })),
    foreignOrigin,
  );
  openRoute(
    mounted,
    contracts.signOut,
    async (_, from) => {
      const token = from.cookie(SESSION_COOKIE);
      const ended = await sessions.endSessionOf(house, token === null ? null : await mounted.doorman.ofSession(token));
      return { status: 200, body: { ended }, headers: { "set-cookie": setCookie(SESSION_COOKIE, "", 0, mounted.site) } };
    },
    foreignOrigin,
  );
  openRoute(
    mounted,
    contracts.lookAtLink,
    async ({ body }, { address }) => ({ status: 200, body: seen(await lookAtLink(house, body.token, address)) }),
    foreignOrigin,
  );
  openRoute(mounted, contracts.acceptInvitation, async ({ body }, from) => enter(from, await passwords.acceptInvitation(house, body, from)), foreignOrigin);
  openRoute(mounted, contracts.resetPassword, async ({ body }, from) => enter(from, await passwords.resetPassword(house, body, from)), foreignOrigin);
  openRoute(
    mounted,
    contracts.requestPasswordReset,
    async ({ body }, { address }) => {
      await passwords.requestPasswordReset(house, body.email, address);
      return { status: 202, body: { accepted: true } } as const;
    },
    foreignOrigin,
  );
}

function mountOidc(mounted: Mounted, house: House): void {
  const enter = entered(mounted, house);
  openRoute(
    mounted,
    contracts.startOidc,
    async ({ body }, from) => {
      const { url, browser } = await startOidc(house, body, from, from.url);
      return { status: 200, body: { url }, headers: { "set-cookie": setCookie(OIDC_COOKIE, browser, 600, mounted.site) } };
    },
    foreignOrigin,
  );
  openRoute(mounted, contracts.finishOidc, async ({ query, raw }, from) => {
    const came = { query: /\?.*$/s.exec(raw.url ?? "")?.[0] ?? "", state: query.state, browser: from.cookie(OIDC_COOKIE) };
    const done = await finishOidc(house, came, from, from.url);
    const forgotten = setCookie(OIDC_COOKIE, "", 0, mounted.site);
    if ("problem" in done) {
      const back = done.next === undefined || done.next === "/" ? "" : `&back=${encodeURIComponent(done.next)}`;
      return onTo(`/sign-in?problem=${done.problem}${back}`, [forgotten]);
    }
    const { headers } = await enter(from, done.entrance);
    return onTo(done.next, [...headers["set-cookie"], forgotten]);
  });
}

function mountAccount(mounted: Mounted): void {
  route(mounted, contracts.getSession, async (deps) => ({ status: 200, body: await sessions.getSession(deps) }));
  route(mounted, contracts.changeSelf, async (deps, { body, idempotency }) => {
    await changeUser(deps, sessions.userOf(deps), body, idempotency);
    return { status: 200, body: await sessions.getSession(deps) };
  });
  route(mounted, contracts.listSessions, async (deps) => ({ status: 200, body: { items: [...(await sessions.listSessions(deps))] } }));
  route(mounted, contracts.endSession, async (deps, { params }) => ({ status: 200, body: { ended: await sessions.endSession(deps, params.id) } }));
  route(mounted, contracts.endOtherSessions, async (deps) => ({ status: 200, body: { ended: await sessions.endOtherSessions(deps) } }));
  route(mounted, contracts.changePassword, async (deps, { body }, from) => {
    const { token, ended } = await passwords.changePassword(deps, body, from().address);
    return { status: 200, body: { ended }, headers: renewed(mounted, token) };
  });
}

function mountSecondFactor(mounted: Mounted): void {
  route(mounted, contracts.startSecondFactor, async (deps, { body }, from) => ({
    status: 201,
    body: await factor.startSecondFactor(deps, body.password, from().address),
  }));
  route(mounted, contracts.confirmSecondFactor, async (deps, { body }, from) => {
    const { token, recoveryCodes } = await factor.confirmSecondFactor(deps, body.code, from().address);
    return { status: 200, body: { recoveryCodes: [...recoveryCodes] }, headers: renewed(mounted, token) };
  });
  route(mounted, contracts.renewRecoveryCodes, async (deps, { body }, from) => ({
    status: 200,
    body: { recoveryCodes: [...(await factor.renewRecoveryCodes(deps, body.password, from().address))] },
  }));
  route(mounted, contracts.disableSecondFactor, async (deps, { body }, from) => {
    const { token, session } = await factor.disableSecondFactor(deps, body.password, from().address);
    return { status: 200, body: session, headers: renewed(mounted, token) };
  });
}

/** The answer to who came in: who he is, with the cookies. A session the browser came with ends: it is never taken over. */
function entered(mounted: Mounted, house: House) {
  return async (from: Caller, { token, email }: sessions.Entrance) => {
    const before = from.cookie(SESSION_COOKIE);
    if (before !== null) await sessions.endSessionOf(house, await mounted.doorman.ofSession(before));
    const principal = await mounted.doorman.ofSession(token);
    if (principal === null) throw sessions.notSignedIn();
    const cookies = [setCookie(SESSION_COOKIE, token, SESSION_S, mounted.site), setCookie(MARK_COOKIE, markOf(house, email), YEAR_S, mounted.site)];
    return { status: 200, body: await sessions.getSession(principal.deps), headers: { "set-cookie": cookies } } as const;
  };
}

/** The code of the other house stands in the address, so the next page is not told where it was sent from. */
function onTo(location: string, cookies: string[]) {
  const headers = {
    location,
    "set-cookie": cookies,
    "content-type": "text/html; charset=utf-8",
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
  };
  return { status: 303, body: "", headers } as const;
}

function renewed({ site }: Mounted, token: string) {
  return { "set-cookie": setCookie(SESSION_COOKIE, token, SESSION_S, site) };
}

function seen({ kind, workspace, email, name, second_factor, expires_at }: Awaited<ReturnType<typeof lookAtLink>>) {
  return { kind, workspace, email, name, secondFactor: kind === "reset" && second_factor, expiresAt: expires_at.toISOString() };
}
