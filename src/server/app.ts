/** The application: every route on one Fastify, with everything that listens left to the caller. */
import { randomBytes } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import type { House } from "./deps.ts";
import { mountAudit } from "./features/audit/audit.routes.ts";
import { type About, mountHouse } from "./features/house/house.routes.ts";
import { mountEvents } from "./features/events/events.routes.ts";
import { mountDefinitions } from "./features/definitions/definitions.routes.ts";
import { mountForms } from "./features/forms/forms.routes.ts";
import { mountHeld } from "./features/held/held.routes.ts";
import { mountImports } from "./features/imports/imports.routes.ts";
import { mountBulk } from "./features/bulk/bulk.routes.ts";
import { mountCompanies } from "./features/companies/companies.routes.ts";
import { mountLeadWork } from "./features/leads/lead-work.routes.ts";
import { mountLeads } from "./features/leads/leads.routes.ts";
import { mountMail } from "./features/mail/mail.routes.ts";
import { mountNotifications } from "./features/notifications/notifications.routes.ts";
import { mountOpportunities } from "./features/opportunities/opportunities.routes.ts";
import { mountHealth } from "./features/health/health.routes.ts";
import { mountReports } from "./features/reports/reports.routes.ts";
import { mountScoring } from "./features/scoring/scoring.routes.ts";
import { mountSearch } from "./features/search/search.routes.ts";
import { mountSessions } from "./features/sessions/sessions.routes.ts";
import { mountTasks } from "./features/tasks/tasks.routes.ts";
import { mountTouches } from "./features/touches/touches.routes.ts";
import { mountViews } from "./features/views/views.routes.ts";
import { createDoorman } from "./features/workspaces/doorman.service.ts";
import { mountWorkspaces } from "./features/workspaces/workspaces.routes.ts";
import { answerClientError } from "./http/client-error.ts";
import { answerError, problemOf, sendProblem } from "./http/errors.ts";
import { acceptJsonOnly } from "./http/json-body.ts";
import { createMetrics } from "./http/metrics.ts";
import { siteOf } from "./http/caller.ts";
import type { Operators } from "./http/principal.ts";
import type { Mounted } from "./http/route.ts";
import { Problem } from "./problems.ts";

export type AppOptions = About & {
  /** Whether proxies in front are believed: all, none, so many, or those with these addresses. */
  readonly trustProxy: boolean | number | string;
  /** Checks every reply against its contract before it goes: for tests and development. */
  readonly checkReplies: boolean;
  /** The public address, when it is known; by https, cookies are Secure. */
  readonly publicUrl?: string | null;
};

/** For tests: hears of every route as it is mounted. */
export type Watch = { readonly onRoute?: (method: string, url: string) => void };

export type App = {
  readonly fastify: FastifyInstance;
  /** Requests put in here act as the operator of the machine. */
  readonly operators: Operators;
};

export function createApp(house: House, options: AppOptions, watch: Watch = {}): App {
  const fastify = Fastify({
    trustProxy: typeof options.trustProxy === "number" ? hops(options.trustProxy) : options.trustProxy,
    bodyLimit: 1 << 20,
    // Whoever sends slowly holds a connection, not a thread; still nobody may hold it for ever.
    // A body of JSON has a minute (see http/body.ts); a file that is uploaded may take longer, as long as it keeps coming.
    requestTimeout: 3_600_000,
    http: { headersTimeout: 10_000, connectionsCheckingInterval: 2000 },
    clientErrorHandler: answerClientError,
    exposeHeadRoutes: false,
    return503OnClosing: false,
    forceCloseConnections: "idle",
    genReqId: requestIds(),
    frameworkErrors: (error, _request, reply) => sendProblem(reply, problemOf(error)),
    routerOptions: { maxParamLength: 200 },
  });
  const metrics = createMetrics();
  const operators: Operators = new WeakSet();
  const mounted: Mounted = {
    app: fastify,
    doorman: createDoorman(house),
    operators,
    metrics,
    site: siteOf(options.publicUrl ?? null),
    checkReplies: options.checkReplies,
    log: house.log,
  };
  const { onRoute } = watch;
  if (onRoute !== undefined) fastify.addHook("onRoute", ({ method, url }) => [method].flat().forEach((one) => onRoute(one, url)));
  fastify.decorateRequest("principal", null);
  acceptJsonOnly(fastify);
  fastify.setErrorHandler((error, request, reply) => {
    answerError(house.log, error, request, reply);
    metrics.counterOf(request.method, request.routeOptions.url ?? "none")(reply.statusCode, reply.elapsedTime);
  });
  fastify.setNotFoundHandler((request, reply) => {
    if (options.web?.answer(request, reply) === true) return;
    sendProblem(
      reply,
      new Problem(404, "not-found", `There is nothing at ${request.method} ${request.url.replace(/\?.*$/s, "").slice(0, 200)}. The reference is at /docs.`),
    );
  });
  mountLeads(mounted);
  mountLeadWork(mounted);
  mountTouches(mounted);
  mountTasks(mounted);
  mountOpportunities(mounted);
  mountCompanies(mounted);
  mountBulk(mounted);
  mountViews(mounted);
  mountMail(mounted, house);
  mountNotifications(mounted);
  mountScoring(mounted);
  mountSearch(mounted);
  mountReports(mounted);
  mountHealth(mounted);
  mountWorkspaces(mounted);
  mountDefinitions(mounted);
  mountSessions(mounted, house);
  mountAudit(mounted);
  mountImports(mounted, house);
  mountForms(mounted, house);
  mountHeld(mounted);
  mountEvents(mounted, house);
  mountHouse(mounted, house, options);
  return { fastify, operators };
}

/** Trusts so many proxies in front of this server. */
function hops(count: number): (address: string, hop: number) => boolean {
  return (_address, hop) => hop < count;
}

/** Unique among processes and restarts, and cheap. */
function requestIds(): () => string {
  const process = randomBytes(6).toString("base64url");
  let next = 0;
  return () => `${process}-${(next++).toString(36)}`;
}
