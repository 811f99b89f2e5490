/**
 * Mounts one contract: authenticate, parse in, hand typed values to the handler, answer.
 *
 * The hot path is kept short on purpose: no hooks but the one that authenticates, one parse, one `JSON.stringify`. Replies
 * are checked against the contract when the app says so, which tests always do.
 */
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import type { z } from "zod";
import type { Answer, Endpoint, Replies, Scope } from "../../contracts/endpoint.ts";
import type { Deps } from "../deps.ts";
import { invalid, Problem } from "../problems.ts";
import { problemIn } from "./body.ts";
import type { Metrics } from "./metrics.ts";
import { bearerOf, type Doorman, lacksScope, type Operators, type Principal, unknownKey } from "./principal.ts";
import { requestHash } from "./request-hash.ts";
import { errorsOf } from "./zod-words.ts";

export type Mounted = {
  readonly app: FastifyInstance;
  readonly doorman: Doorman;
  readonly operators: Operators;
  readonly metrics: Metrics;
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
};

declare module "fastify" {
  interface FastifyRequest {
    principal: Principal | null;
  }
}

/** Mounts an endpoint that needs a key. The handler gets `deps` bound to the key's workspace. */
export function route<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Replies>(
  mounted: Mounted,
  endpoint: Endpoint<P, Q, B, R>,
  handler: (deps: Deps, input: Input<P, Q, B>) => Promise<Answer<NoInfer<R>>>,
): void {
  const scope = endpoint.scope;
  if (scope === null) throw new Error(`${endpoint.id} is open to everybody; mount it with openRoute.`);
  const readInput = inputReader(endpoint);
  const count = mounted.metrics.counterOf(endpoint.method, endpoint.path);
  mounted.app.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    ...(endpoint.bodyLimit === undefined ? {} : { bodyLimit: endpoint.bodyLimit }),
    onRequest: (request, _reply, done) => authenticate(mounted, scope, request, done),
    handler: async (request, reply) => {
      const began = performance.now();
      const answer = await handler((request.principal as Principal).deps, readInput(request));
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

/** Mounts an endpoint that needs nothing. */
export function openRoute<R extends Replies>(
  mounted: Mounted,
  endpoint: Endpoint<z.ZodUndefined, z.ZodUndefined, z.ZodUndefined, R>,
  handler: () => Promise<Answer<NoInfer<R>>>,
): void {
  const count = mounted.metrics.counterOf(endpoint.method, endpoint.path);
  mounted.app.route({
    method: endpoint.method,
    url: fastifyPath(endpoint.path),
    handler: async (_request, reply) => {
      const began = performance.now();
      const answer = await handler();
      send(mounted, endpoint, reply, answer);
      count(answer.status, performance.now() - began);
      return reply;
    },
  });
}

export function fastifyPath(path: string): string {
  return path.replaceAll(/\{(\w+)\}/g, ":$1");
}

function authenticate({ doorman, operators }: Mounted, scope: Scope, request: FastifyRequest, done: (error?: Error) => void): void {
  const take = (principal: Principal | null): void => {
    request.principal = principal;
    done(principal === null ? unknownKey() : lacksScope(principal, scope));
  };
  try {
    if (operators.has(request.raw)) {
      const named = request.headers["x-baton-workspace"];
      return void doorman.ofOperator(typeof named === "string" ? decodeURIComponent(named) : null).then(take, done);
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
  const { params, query, body, method, ifMatch } = endpoint;
  const optional = body?.safeParse(undefined).success === true;
  return (request) => ({
    params: params?.parse(request.params) as z.output<P>,
    query: (query === undefined ? undefined : readQuery(query, request.query)) as z.output<Q>,
    body: (body === undefined ? undefined : readBody(body, request.body, optional)) as z.output<B>,
    idempotency: method === "GET" ? null : readIdempotency(request),
    ifMatch: ifMatch === true ? readIfMatch(request.headers["if-match"]) : undefined,
  });
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

function readIdempotency(request: FastifyRequest): Idempotency | null {
  const key = request.headers["idempotency-key"];
  if (key === undefined) return null;
  if (typeof key !== "string" || key === "" || key.length > 255)
    throw invalid("The Idempotency-Key must be one text of 1 to 255 characters.", [{ path: "Idempotency-Key", message: "must be 1 to 255 characters" }]);
  return { key, hash: requestHash(request.method, request.url.replace(/\?.*$/s, ""), request.body) };
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
  answer: { readonly status: number; readonly body: unknown; readonly headers?: Readonly<Record<string, string>> },
): void {
  if (mounted.checkReplies) checkReply(endpoint, answer.status, answer.body);
  reply.code(answer.status);
  if (answer.headers !== undefined) reply.headers(answer.headers);
  if (endpoint.produces !== undefined) {
    reply.send(answer.body);
    return;
  }
  reply.header("content-type", "application/json; charset=utf-8").header("cache-control", "no-store").header("x-content-type-options", "nosniff");
  reply.send(JSON.stringify(answer.body));
}

function checkReply(endpoint: Endpoint, status: number, body: unknown): void {
  const reply = endpoint.replies[status];
  if (reply === undefined) throw new Error(`${endpoint.id} answered ${status}, which its contract does not know.`);
  const checked = reply.body.safeParse(body);
  if (!checked.success) throw new Error(`The reply of ${endpoint.id} breaks its contract: ${JSON.stringify(errorsOf(checked.error))}`);
}
