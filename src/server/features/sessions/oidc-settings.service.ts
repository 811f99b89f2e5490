/** How a workspace lets people in from another house. The secret is sealed with the key of this one and never answered. */
import type { Role } from "../../../core/access/role.ts";
import { transact } from "../../db/db.ts";
import type { Deps, Gate } from "../../deps.ts";
import { invalid, Problem } from "../../problems.ts";
import { audit, differences } from "../audit/audit.service.ts";
import { configurationOf, forgetIssuer, type OidcSettings } from "./oidc.ts";
import { findOidc, updateOidc } from "./sessions.queries.ts";

export type Oidc = OidcSettings & { readonly label: string; readonly createUsers: boolean; readonly defaultRole: Exclude<Role, "admin"> };

type Stored = Omit<Oidc, "secret"> & { readonly secret: string | null };

export type OidcView = {
  readonly oidc: {
    readonly issuer: string;
    readonly clientId: string;
    readonly hasSecret: boolean;
    readonly label: string;
    readonly createUsers: boolean;
    readonly defaultRole: Exclude<Role, "admin">;
  } | null;
  readonly redirectUri: string;
};

const SEALED = "oidc secret";

export function redirectUriOf(base: string): string {
  return `${base}/api/v1/session/oidc/callback`;
}

/** With the secret, for use. */
export async function findOidcSettings({ db, gate }: Pick<Deps, "db" | "gate">): Promise<Oidc | null> {
  const stored = (await findOidc(db)) as Stored | null;
  if (stored === null) return null;
  return { ...stored, secret: stored.secret === null ? null : gate.unseal(SEALED, stored.secret) };
}

export async function getOidc(deps: Deps, base: string): Promise<OidcView> {
  const stored = (await findOidc(deps.db)) as Stored | null;
  return { oidc: stored === null ? null : viewOf(stored), redirectUri: redirectUriOf(base) };
}

export type OidcChange = Omit<Oidc, "secret"> & { readonly clientSecret?: string | undefined };

/** @throws Problem 422 when the issuer does not answer as one */
export async function setOidc(deps: Deps, { clientSecret, ...given }: OidcChange, base: string): Promise<OidcView> {
  const was = (await findOidc(deps.db)) as Stored | null;
  const kept = was !== null && was.issuer === given.issuer && was.clientId === given.clientId ? was.secret : null;
  const secret = clientSecret === undefined ? kept : clientSecret === "" ? null : deps.gate.seal(SEALED, clientSecret);
  await askIssuer(deps, given);
  const next: Stored = { ...given, secret };
  await transact(deps, async (deps) => {
    await updateOidc(deps.db, next);
    const changed = { ...differences(was === null ? ({} as Record<string, unknown>) : viewOf(was), viewOf(next)) };
    await audit(deps, { action: "workspace.oidcChanged", detail: clientSecret === undefined ? changed : { ...changed, secret: "replaced" } });
  });
  return getOidc(deps, base);
}

export async function removeOidc(deps: Deps, base: string): Promise<OidcView> {
  await transact(deps, async (deps) => {
    if ((await findOidc(deps.db)) === null) return;
    await updateOidc(deps.db, null);
    await audit(deps, { action: "workspace.oidcRemoved" });
  });
  return getOidc(deps, base);
}

/** Without https only where the house itself is reached without, on this machine: there nothing can be overheard. */
export function allowsInsecure(gate: Gate): boolean {
  const { protocol, hostname } = new URL(gate.url());
  return protocol === "http:" && ["127.0.0.1", "localhost", "[::1]"].includes(hostname);
}

/** The words are the same whatever went wrong: they would tell what answers where in this network. */
async function askIssuer({ gate, log }: Deps, { issuer, clientId }: { readonly issuer: string; readonly clientId: string }): Promise<void> {
  const insecure = allowsInsecure(gate);
  if (!issuer.startsWith("https:") && !insecure)
    throw invalid("The issuer must be reached by https. Nothing was changed.", [{ path: "issuer", message: "must begin with https://" }]);
  forgetIssuer(issuer);
  try {
    await configurationOf({ issuer, clientId, secret: null }, insecure);
  } catch (error) {
    log.info({ err: error }, "an OIDC issuer did not answer as one");
    throw invalid("The issuer does not answer as an OpenID provider. Check its address, as it stands in the provider's own settings. Nothing was changed.", [
      { path: "issuer", message: "does not answer as an OpenID provider" },
    ]);
  }
}

/** @throws Problem 502 when the issuer cannot be asked */
export async function configurationFor({ gate, log }: Pick<Deps, "gate" | "log">, settings: Oidc) {
  try {
    return await configurationOf(settings, allowsInsecure(gate));
  } catch (error) {
    log.warn({ err: error }, "the OIDC issuer cannot be asked");
    throw new Problem(502, "upstream", "The house you sign in with does not answer just now. Try again in a minute, or sign in with your password.");
  }
}

function viewOf({ issuer, clientId, secret, label, createUsers, defaultRole }: Stored): NonNullable<OidcView["oidc"]> {
  return { issuer, clientId, hasSecret: secret !== null, label, createUsers, defaultRole };
}
