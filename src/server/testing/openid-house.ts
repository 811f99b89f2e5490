/** A real OpenID provider on loopback. It signs in whoever it is told to, without asking, as one does whose session is live. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { Provider } from "oidc-provider";

export type Account = { readonly email?: string; readonly email_verified?: boolean; readonly name?: string };

export type OpenIdHouse = { readonly issuer: string; close(): Promise<void> };

export type OpenIdHouseOptions = {
  readonly secret: string;
  readonly redirectUri: string;
  readonly people: Readonly<Record<string, Account>>;
  /** Who sits at the browser; null: he refuses over there. */
  readonly who: () => string | null;
};

/** The client is called "baton". */
export async function openIdHouse(options: OpenIdHouseOptions): Promise<OpenIdHouse> {
  const server = createServer();
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  server.on("request", providerAt(issuer, options).callback());
  return {
    issuer,
    close: () =>
      new Promise((done) => {
        server.close(() => done());
        server.closeAllConnections();
      }),
  };
}

function providerAt(issuer: string, { secret, redirectUri, people, who }: OpenIdHouseOptions): InstanceType<typeof Provider> {
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: "baton",
        client_secret: secret,
        redirect_uris: [redirectUri],
        response_types: ["code"],
        grant_types: ["authorization_code"],
      },
    ],
    claims: { email: ["email", "email_verified"], profile: ["name"] },
    findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...people[id] }) }),
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, interaction) => `/interaction/${interaction.uid}` },
    cookies: { keys: ["test"] },
    pkce: { required: () => true },
    loadExistingGrant: (context) => {
      const grant = new context.oidc.provider.Grant({ clientId: "baton", accountId: context.oidc.session?.accountId ?? "" });
      grant.addOIDCScope("openid email profile");
      return grant.save().then(() => grant);
    },
  });
  provider.use(async (context, next) => {
    const uid = /^\/interaction\/(.+)$/.exec(context.path)?.[1];
    if (uid === undefined) return next();
    const accountId = who();
    const result = accountId === null ? { error: "access_denied" } : { login: { accountId } };
    await provider.interactionFinished(context.req, context.res, result);
    context.respond = false;
  });
  return provider;
}
