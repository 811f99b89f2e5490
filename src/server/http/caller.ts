/** The outside of a request: where it comes from, with which cookies, and whether one of our own pages sent it. */
import type { FastifyRequest } from "fastify";
import { Problem } from "../problems.ts";
import { type CookieRules, cookieName, cookieOf } from "./cookies.ts";

export const SESSION_COOKIE = "baton_session";

export type Caller = {
  /** The address of the client, by whatever proxies are trusted. */
  readonly address: string;
  /** The browser in its own words, shortened. */
  readonly agent: string;
  /** Where the client believes the house to be, for when nobody told the house. */
  readonly url: string;
  readonly cookie: (name: string) => string | null;
};

/** How the house is reached: what cookies and origins are held against. */
export type Site = CookieRules & { readonly publicUrl: string | null };

export function siteOf(publicUrl: string | null): Site {
  return { publicUrl, secure: publicUrl?.startsWith("https:") === true };
}

export function callerOf(request: FastifyRequest, site: Site): Caller {
  return {
    address: request.ip,
    agent: (request.headers["user-agent"] ?? "").slice(0, 300),
    url: site.publicUrl ?? originOf(`${request.protocol}://${request.host}`),
    cookie: (name) => cookieOf(request.headers.cookie, cookieName(name, site)),
  };
}

/** As browsers write it, without the port that the scheme has anyway. */
function originOf(text: string): string {
  return URL.canParse(text) ? new URL(text).origin : text;
}

export function sessionCookieOf(request: FastifyRequest, site: Site): string | null {
  return cookieOf(request.headers.cookie, cookieName(SESSION_COOKIE, site));
}

const FOREIGN =
  "This request did not come from the pages of this house, so the session was not used. Send it from there, with the header X-Baton: 1, or use an API key.";

/**
 * Why a write that rides on a cookie is refused, if it is: a browser sends cookies along with whatever page asks. Ours say
 * `X-Baton: 1`, which other origins cannot without being allowed, and browsers name the origin of every write.
 */
export function crossSite(request: FastifyRequest, site: Site): Problem | undefined {
  if (request.method === "GET" || request.method === "HEAD") return undefined;
  const { origin, "sec-fetch-site": fetchSite, "x-baton": ours } = request.headers;
  const named = origin !== undefined || fetchSite !== undefined;
  return ours === "1" && named && isOurs(request, site) ? undefined : new Problem(403, "cross-site", FOREIGN);
}

/** For reading that leaves a line in the audit: no link on a foreign page may make somebody do it. An address that was typed in may. */
export function foreignReading(headers: FastifyRequest["headers"]): Problem | undefined {
  const site = headers["sec-fetch-site"];
  return site === undefined || site === "same-origin" || site === "none" ? undefined : new Problem(403, "cross-site", FOREIGN);
}

/** For writes that need no session but make one: browsers that name a foreign origin are refused, callers that are no browser are not. */
export function foreignOrigin(request: FastifyRequest, site: Site): Problem | undefined {
  return isOurs(request, site) ? undefined : new Problem(403, "cross-site", FOREIGN);
}

function isOurs({ headers, host }: FastifyRequest, site: Site): boolean {
  const fetchSite = headers["sec-fetch-site"];
  if (fetchSite !== undefined && fetchSite !== "same-origin") return false;
  const { origin } = headers;
  if (origin === undefined) return true;
  if (site.publicUrl !== null && origin === new URL(site.publicUrl).origin) return true;
  return origin === `http://${host}` || origin === `https://${host}`;
}
