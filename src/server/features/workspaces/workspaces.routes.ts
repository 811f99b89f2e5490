/** The configuration of a workspace, its users and its API keys over HTTP. */
import { createApiKey, listApiKeys, revokeApiKey } from "../../../contracts/api-keys.ts";
import { getConfig, publishConfig } from "../../../contracts/config.ts";
import { changeUser, createUser, listUsers } from "../../../contracts/users.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as keys from "./api-keys.service.ts";
import * as config from "./config.service.ts";
import * as users from "./users.service.ts";

export function mountWorkspaces(mounted: Mounted): void {
  route(mounted, getConfig, async (deps) => published(await config.getLiveConfig(deps)));
  route(mounted, publishConfig, async (deps, { body, ifMatch, idempotency }) => published(await config.publishConfig(deps, body, { ifMatch, idempotency })));

  route(mounted, listUsers, async (deps) => ({ status: 200, body: { items: [...(await users.listUsers(deps))] } }));
  route(mounted, createUser, async (deps, { body, idempotency }) => ({ status: 201, body: await users.createUser(deps, body, idempotency) }));
  route(mounted, changeUser, async (deps, { params, body, idempotency }) => ({
    status: 200,
    body: await users.changeUser(deps, params.id, body, idempotency),
  }));

  route(mounted, createApiKey, async (deps, { body, idempotency }) => ({ status: 201, body: await keys.createApiKey(deps, body, idempotency) }));
  route(mounted, listApiKeys, async (deps) => ({ status: 200, body: { items: [...(await keys.listApiKeys(deps))] } }));
  route(mounted, revokeApiKey, async (deps, { params, idempotency }) => ({ status: 200, body: await keys.revokeApiKey(deps, params.id, idempotency) }));
}

function published(body: config.Published) {
  return { status: 200, body, headers: { etag: `"${body.number}"` } } as const;
}
