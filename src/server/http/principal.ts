/** Who is asking. Found before the body is read, so that a stranger's megabytes are not parsed. */
import type { IncomingMessage } from "node:http";
import type { Scope } from "../../contracts/endpoint.ts";
import { type Action, may, refusalWords } from "../../core/access/access.ts";
import type { Deps } from "../deps.ts";
import { Problem } from "../problems.ts";

export type Principal = {
  readonly deps: Deps;
  readonly scopes: readonly string[];
  /** Must set up a second factor first: only his own account answers him. */
  readonly restricted?: boolean;
};

/** How keys and workspaces become principals; the house's services do it. */
export type Doorman = {
  /** The principal if it is known already, so that the common case waits for nothing. */
  known(key: string): Principal | undefined;
  ofKey(key: string): Promise<Principal | null>;
  /** By the secret in the cookie. */
  ofSession(token: string): Promise<Principal | null>;
  /** The operator in the workspace that is named, or in the only one. @throws Problem */
  ofOperator(workspace: string | null): Promise<Principal>;
};

/** Requests that came over the control socket. */
export type Operators = WeakSet<IncomingMessage>;

const UNAUTHORIZED = 'Sign in, or send an API key as "Authorization: Bearer baton_…". An administrator makes one with POST /api/v1/api-keys.';

export function bearerOf(header: string | undefined): string {
  const key = /^Bearer +(\S+) *$/i.exec(header ?? "")?.[1];
  if (key === undefined)
    throw new Problem(401, "unauthorized", header === undefined ? UNAUTHORIZED : `The Authorization header is not a bearer key. ${UNAUTHORIZED}`);
  return key;
}

export function unknownKey(): Problem {
  return new Problem(401, "unauthorized", `This API key is not known, was revoked or has expired. ${UNAUTHORIZED}`);
}

export function unknownSession(): Problem {
  return new Problem(401, "unauthorized", "You are not signed in any more. Sign in again.");
}

export function lacksScope(principal: Principal, scope: Scope): Problem | undefined {
  if (principal.scopes.includes(scope)) return undefined;
  return new Problem(403, "forbidden", `This API key has the scopes ${principal.scopes.join(", ")}; this needs "${scope}".`);
}

/** The role decides before anything else is looked at; which records it reaches is decided where they are read or locked. */
export function lacksRight({ deps: { viewer }, restricted }: Principal, action: Action): Problem | undefined {
  if (restricted === true && action !== "self")
    return new Problem(403, "second-factor-setup", "This workspace asks for a second factor. Set yours up under your account; then everything answers again.");
  return may(viewer.role, action) ? undefined : new Problem(403, "forbidden", refusalWords(viewer.role, action));
}
