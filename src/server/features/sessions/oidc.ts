/** OpenID Connect: authorization code with PKCE, state and nonce. What is said here is what the protocol needs, nothing of ours. */
import * as client from "openid-client";

export type OidcSettings = {
  readonly issuer: string;
  readonly clientId: string;
  readonly secret: string | null;
};

export type Asked = { readonly url: string; readonly state: string; readonly nonce: string; readonly verifier: string };

export type Identity = { readonly subject: string; readonly email: string | null; readonly emailVerified: boolean; readonly name: string | null };

const TIMEOUT_S = 10;

/** Known configurations of issuers are asked for again after a while, in case their keys moved. */
const KNOWN_MS = 600_000;
const known = new Map<string, { readonly server: client.ServerMetadata; readonly until: number }>();

/** @param insecure http as well, for a house that is itself reached so on this machine */
export async function configurationOf({ issuer, clientId, secret }: OidcSettings, insecure: boolean): Promise<client.Configuration> {
  const execute = insecure ? [client.allowInsecureRequests] : [];
  const cached = known.get(issuer);
  let server = cached !== undefined && cached.until > performance.now() ? cached.server : undefined;
  if (server === undefined) {
    server = (await client.discovery(new URL(issuer), clientId, undefined, client.None(), { execute, timeout: TIMEOUT_S })).serverMetadata();
    if (known.size >= 100) known.clear();
    known.set(issuer, { server, until: performance.now() + KNOWN_MS });
  }
  const configuration = new client.Configuration(server, clientId, undefined, authOf(server, secret));
  configuration.timeout = TIMEOUT_S;
  for (const step of execute) step(configuration);
  return configuration;
}

/** Forgets what the issuer said of itself, so that it is asked anew. */
export function forgetIssuer(issuer: string): void {
  known.delete(issuer);
}

export async function askFor(configuration: client.Configuration, redirectUri: string, state: string): Promise<Asked> {
  const [nonce, verifier] = [client.randomNonce(), client.randomPKCECodeVerifier()];
  const url = client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUri,
    scope: "openid email profile",
    state,
    nonce,
    code_challenge: await client.calculatePKCECodeChallenge(verifier),
    code_challenge_method: "S256",
  });
  return { url: url.href, state, nonce, verifier };
}

/** Whoever came back, if everything he brought fits what was asked. @throws Error when it does not */
export async function identityFrom(configuration: client.Configuration, came: URL, asked: Omit<Asked, "url">): Promise<Identity> {
  const tokens = await client.authorizationCodeGrant(configuration, came, {
    pkceCodeVerifier: asked.verifier,
    expectedState: asked.state,
    expectedNonce: asked.nonce,
    idTokenExpected: true,
  });
  const claims = tokens.claims();
  if (claims === undefined) throw new Error("There is no ID token.");
  const more = claims["email"] === undefined ? await moreOf(configuration, tokens.access_token, claims.sub) : claims;
  return {
    subject: claims.sub,
    email: textOf(more["email"])?.trim().toLowerCase() ?? null,
    emailVerified: more["email_verified"] === true,
    name: textOf(more["name"]) ?? textOf(claims["name"]),
  };
}

async function moreOf(configuration: client.Configuration, accessToken: string, subject: string): Promise<Readonly<Record<string, unknown>>> {
  if (configuration.serverMetadata().userinfo_endpoint === undefined) return {};
  return client.fetchUserInfo(configuration, accessToken, subject);
}

function textOf(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

/** Basic unless the issuer says that it wants it otherwise; a client without a secret proves itself by PKCE alone. */
function authOf({ token_endpoint_auth_methods_supported: methods }: client.ServerMetadata, secret: string | null): client.ClientAuth {
  if (secret === null) return client.None();
  return methods === undefined || methods.includes("client_secret_basic") ? client.ClientSecretBasic(secret) : client.ClientSecretPost(secret);
}
