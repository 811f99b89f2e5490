/**
 * Mounts one contract: authenticate, parse in, hand typed values to the handler, answer.
 *
 * The hot path is kept short on purpose: no hooks but the one that authenticates, one parse, one `JSON.stringify`, or none where a
 * handler answers with JSON text. Replies are checked against the contract when the app says so, which tests always do.
 */
import type { IncomingMessage } from "node:http";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { z } from "zod";
import { type Answer, type AnswerHeaders, type Endpoint, type Replies, type Scope, takesIdempotencyKey, textOfJson } from "../../contracts/endpoint.ts";
import type { Action } from "../../core/access/access.ts";
import type { Deps } from "../deps.ts";
import { invalid, notFound, Problem } from "../problems.ts";
import { problemIn } from "./body.ts";
import { type Caller, callerOf, crossSite, sessionCookieOf, type Site } from "./caller.ts";
import type { Metrics } from "./metrics.ts";
import { bearerOf, type Doorman, lacksRight, lacksScope, type Operators, type Principal, unknownKey, unknownSession } from "./principal.ts";
import { requestHash } from "./request-hash.ts";
import { errorsOf } from "./zod-words.ts";

export type Mounted = {
  readonly app: FastifyInstance;
  readonly doorman: Doorman;
  readonly operators: Operators;
  readonly metrics: Metrics;
  readonly site: Site;
  readonly checkReplies: boolean;
  readonly log: Logger;
};

export type Idempotency = { readonly key: string; readonly hash: string };

export type Input<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = {
  readonly params: z.output<P>;
  readonly query: z.output<Q>;
  readonly body: z.output<B>;
  readonly idempotency: Idempotency | null;
  /** The version named by `If-Match`. */
  readonly ifMatch: number | undefined;
  /** The request as it comes in: for bodies that are no JSON, and for headers of one endpoint. */
  readonly raw: IncomingMessage;
};

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** Mounts an endpoint that needs a key or a session. The handler gets `deps` bound to its workspace. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Replies>(
  mounted: Mounted,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (deps: Deps, input: Input<P, Q, B>, from: () => Caller) => Promise<Answer<NoInfer<R>>>,
): void {
  const { scope, access } = endpoint;
  if (scope === null || access === null) throw new Error(`${endpoint.id} is open to everybody; mount it with openRoute.`);
  const readInput = inputReader(endpoint);
  const count = mounted.metrics.counterOf(endpoint.method, endpoint.path);
  mounted.app.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
    onRequest: (request, _reply, done) => authenticate(mounted, { scope, access }, request, done),
    handler: async (request, reply) => {
      const began = performance.now();
      const { deps } = request.principal as Principal;
      const answer = await handler(scope === "admin" ? { ...deps, address: request.ip } : deps, readInput(request), () => callerOf(request, mounted.site));
      send(mounted, endpoint, reply, answer);
      const ms = performance.now() - began;
      count(answer.status, ms);
      if (mounted.log.isLevelEnabled("debug"))
        mounted.log.debug(
          { request: request.id, method: endpoint.method, route: endpoint.path, status: answer.status, ms: Math.round(ms) },
          "request answered",
        );
      return reply;
    },
  });
}

/** Mounts an endpoint that needs nothing. `guard` may refuse a request before its body is read. */
export function openRoute<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Replies>(
  mounted: Mounted,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (input: Input<P, Q, B>, from: Caller) => Promise<Answer<NoInfer<R>>>,
  guard: (request: FastifyRequest, site: Site) => Problem | undefined = () => undefined,
): void {
  const readInput = inputReader(endpoint);
  const count = mounted.metrics.counterOf(endpoint.method, endpoint.path);
  mounted.app.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
    onRequest: (request, _reply, done) => done(guard(request, mounted.site)),
    handler: async (request, reply) => {
      const began = performance.now();
      const answer = await handler(readInput(request), callerOf(request, mounted.site));
      send(mounted, endpoint, reply, answer);
      count(answer.status, performance.now() - began);
      return reply;
    },
  });
}

export function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

type Demand = { readonly scope: Scope; readonly access: Action };

function authenticate({ doorman, operators, site }: Mounted, { scope, access }: Demand, request: FastifyRequest, done: (error?: Error) => void): void {
  const take = (principal: Principal | null): void => {
    request.principal = principal;
    done(principal === null ? unknownKey() : (lacksScope(principal, scope) ?? lacksRight(principal, access)));
  };
  try {
    if (operators.has(request.raw)) {
      const named = request.headers["x-baton-workspace"];
      return void doorman.ofOperator(typeof named === "string" ? decodeURIComponent(named) : null).then(take, done);
    }
    const token = request.headers.authorization === undefined ? sessionCookieOf(request, site) : null;
    if (token !== null) {
      const refusal = crossSite(request, site);
      if (refusal !== undefined) return done(refusal);
      return void doorman.ofSession(token).then((principal) => (principal === null ? done(unknownSession()) : take(principal)), done);
    }
    const key = bearerOf(request.headers.authorization);
    const known = doorman.known(key);
    if (known !== undefined) return take(known);
    void doorman.ofKey(key).then(take, done);
  } catch (error) {
    done(error as Error);
  }
}

function inputReader<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Replies>(
  endpoint: Endpoint<P, Q, B, R>,
): (request: FastifyRequest) => Input<P, Q, B> {
  const { params, query, body, ifMatch, accepts } = endpoint;
  const repeatable = takesIdempotencyKey(endpoint);
  const optional = body?.safeParse(undefined).success === true;
  return (request) => ({
    params: (params === undefined ? undefined : readParams(params, request.params)) as z.output<P>,
    query: (query === undefined ? undefined : readQuery(query, request.query)) as z.output<Q>,
    body: (body === undefined ? undefined : readBody(body, request.body, optional)) as z.output<B>,
    idempotency: repeatable ? readIdempotency(request, accepts === undefined) : null,
    ifMatch: ifMatch === true ? readIfMatch(request.headers["if-match"]) : undefined,
    raw: request.raw,
  });
}

/** An id with a NUL in it is nobody's, and no database may be asked for it. */
function readParams(schema: z.ZodType, params: unknown): unknown {
  if (problemIn(params, "", 1) !== null) throw notFound("page", "here");
  return schema.parse(params);
}

function readQuery(schema: z.ZodType, query: unknown): unknown {
  const problem = problemIn(query, "", 1);
  if (problem !== null) throw invalid("The query holds something that cannot be understood.", [problem]);
  const read = schema.safeParse(query, { reportInput: true });
  if (!read.success) throw invalid("The query is not as it should be.", errorsOf(read.error));
  return read.data;
}

function readBody(schema: z.ZodType, body: unknown, optional: boolean): unknown {
  if (body === undefined && !optional) throw new Problem(400, "not-json", "There is no body; a JSON object was expected.");
  const read = schema.safeParse(body);
  if (!read.success) throw invalid("The body is not as it should be. Nothing was written.", errorsOf(read.error));
  return read.data;
}

/** A body that is no JSON is not read for this: the address alone says what is repeated. */
function readIdempotency(request: FastifyRequest, isJson: boolean): Idempotency | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || key === "" || key.length > 255)
    throw invalid("The Idempotency-Key must be one text of 1 to 255 characters.", [{ path: "Idempotency-Key", message: "must be 1 to 255 characters" }]);
  const path = isJson ? request.url.replace(/\?.*$/s, "") : request.url;
  return { key, hash: requestHash(request.method, path, isJson ? request.body : null) };
}

function readIfMatch(header: string | undefined): number | undefined {
  if (header === undefined || header.trim() === "*") return undefined;
  const version = /^\s*(?:W\/)?"?(\d{1,9})"?\s*$/.exec(header)?.[1];
  if (version === undefined)
    throw invalid('If-Match must be a version as in the ETag: If-Match: "3".', [{ path: "If-Match", message: "must be a version number" }]);
  return Number(version);
}

function send(
  mounted: Mounted,
  endpoint: Endpoint,
  reply: FastifyReply,
  answer: { readonly status: number; readonly body: unknown; readonly headers?: AnswerHeaders },
): void {
  const text = textOfJson(answer.body);
  if (mounted.checkReplies) checkReply(endpoint, answer.status, text === null ? answer.body : JSON.parse(text));
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (endpoint.produces !== undefined) {
    reply.send(answer.body);
    return;
  }
  reply.header("content-type", "application/json; charset=utf-8").header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  reply.send(text ?? JSON.stringify(answer.body));
}

function checkReply(endpoint: Endpoint, status: number, body: unknown): void {
  const reply = endpoint.replies[status];
  if (reply === undefined) throw new Error(`${endpoint.id} answered ${status}, which its contract does not know.`);
  const checked = reply.body.safeParse(body);
  if (!checked.success) throw new Error(`The reply of ${endpoint.id} breaks its contract: ${JSON.stringify(errorsOf(checked.error))}`);
}
