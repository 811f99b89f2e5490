/** The workspace, its configuration, people, teams and API keys over HTTP. */
import { createApiKey, listApiKeys, revokeApiKey } from "../../../contracts/api-keys.ts";
import { getConfig, publishConfig } from "../../../contracts/config.ts";
import * as teamContracts from "../../../contracts/teams.ts";
import * as userContracts from "../../../contracts/users.ts";
import { momentOf } from "../../../contracts/values.ts";
import * as workspaceContracts from "../../../contracts/workspace.ts";
import { type Mounted, route } from "../../http/route.ts";
import * as oidc from "../sessions/oidc-settings.service.ts";
import * as keys from "./api-keys.service.ts";
import * as config from "./config.service.ts";
import * as settings from "./settings.service.ts";
import * as teams from "./teams.service.ts";
import * as access from "./user-access.service.ts";
import * as users from "./users.service.ts";

export function mountWorkspaces(mounted: Mounted): void {
  mountSettings(mounted);
  mountUsers(mounted);
  mountTeams(mounted);
  mountKeys(mounted);
}

function mountSettings(mounted: Mounted): void {
  route(mounted, getConfig, async (deps) => published(await config.getLiveConfig(deps)));
  route(mounted, publishConfig, async (deps, { query, body, ifMatch, idempotency }) =>
    published(await config.publishConfig(deps, body, { ifMatch, idempotency, why: query.why })),
  );
  route(mounted, workspaceContracts.getWorkspace, async (deps) => ({ status: 200, body: await settings.getWorkspace(deps) }));
  route(mounted, workspaceContracts.changeWorkspace, async (deps, { body, idempotency }) => ({
    status: 200,
    body: await settings.changeWorkspace(deps, body, idempotency),
  }));
  route(mounted, workspaceContracts.getOidc, async (deps, _, from) => ({ status: 200, body: await oidc.getOidc(deps, from().url) }));
  route(mounted, workspaceContracts.setOidc, async (deps, { body }, from) => ({ status: 200, body: await oidc.setOidc(deps, body, from().url) }));
  route(mounted, workspaceContracts.removeOidc, async (deps, _, from) => ({ status: 200, body: await oidc.removeOidc(deps, from().url) }));
}

function mountUsers(mounted: Mounted): void {
  route(mounted, userContracts.listUsers, async (deps) => ({ status: 200, body: { items: [...(await users.listUsers(deps))] } }));
  route(mounted, userContracts.createUser, async (deps, { body, idempotency }, from) => ({
    status: 201,
    body: await users.createUser(deps, body, idempotency, from().url),
  }));
  route(mounted, userContracts.changeUser, async (deps, { params, body, idempotency }) => ({
    status: 200,
    body: await users.changeUser(deps, params.id, body, idempotency),
  }));
  route(mounted, userContracts.inviteAgain, async (deps, { params }, from) => ({ status: 201, body: await access.inviteAgain(deps, params.id, from().url) }));
  route(mounted, userContracts.revokeInvitation, async (deps, { params }) => ({ status: 200, body: await access.revokeInvitation(deps, params.id) }));
  route(mounted, userContracts.createResetLink, async (deps, { params }, from) => ({
    status: 201,
    body: await access.createResetLink(deps, params.id, from().url),
  }));
  route(mounted, userContracts.removeSecondFactor, async (deps, { params }) => ({ status: 200, body: await access.takeSecondFactor(deps, params.id) }));
  route(mounted, userContracts.endUserSessions, async (deps, { params }) => ({ status: 200, body: { ended: await access.endUserSessions(deps, params.id) } }));
}

function mountTeams(mounted: Mounted): void {
  route(mounted, teamContracts.listTeams, async (deps) => ({ status: 200, body: { items: [...(await teams.listTeams(deps))] } }));
  route(mounted, teamContracts.createTeam, async (deps, { body, idempotency }) => ({ status: 201, body: await teams.createTeam(deps, body, idempotency) }));
  route(mounted, teamContracts.changeTeam, async (deps, { params, body, idempotency }) => ({
    status: 200,
    body: await teams.changeTeam(deps, params.id, body, idempotency),
  }));
  route(mounted, teamContracts.deleteTeam, async (deps, { params, idempotency }) => ({
    status: 200,
    body: await teams.deleteTeam(deps, params.id, idempotency),
  }));
}

function mountKeys(mounted: Mounted): void {
  route(mounted, createApiKey, async (deps, { body: { expiresAt, ...body }, idempotency }) => ({
    status: 201,
    body: await keys.createApiKey(deps, { ...body, expiresAt: expiresAt == null ? null : momentOf(expiresAt) }, idempotency),
  }));
  route(mounted, listApiKeys, async (deps) => ({ status: 200, body: { items: [...(await keys.listApiKeys(deps))] } }));
  route(mounted, revokeApiKey, async (deps, { params, idempotency }) => ({ status: 200, body: await keys.revokeApiKey(deps, params.id, idempotency) }));
}

function published(body: config.Published) {
  return { status: 200, body, headers: { etag: `"${body.number}"` } } as const;
}
