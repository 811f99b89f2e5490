/** Every error as a problem (RFC 9457). What we did wrong is logged with its stack and answered without it. */
import type { FastifyReply, FastifyRequest } from "fastify";
import type { Logger } from "pino";
import { ZodError } from "zod";
import { titleOf } from "../../contracts/problem.ts";
import { Refused } from "../../core/flow/draft.ts";
import { databaseProblem, invalid, notFound, Problem } from "../problems.ts";
import { errorsOf } from "./zod-words.ts";

export type ProblemJson = {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly instance?: string;
  readonly errors: Problem["errors"];
} & Problem["more"];

export function problemJson(problem: Problem, instance?: string): ProblemJson {
  const { type, status, message, errors, more } = problem;
  return { type: `urn:baton:problem:${type}`, title: titleOf(type), status, detail: message, ...(instance === undefined ? {} : { instance }), errors, ...more };
}

/** Answers an error of any kind. Bodies, queries and addresses are never logged. */
export function answerError(log: Logger, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const problem = problemOf(error);
  const instance = problem.status >= 500 ? `urn:baton:request:${request.id}` : undefined;
  const about = {
    request: request.id,
    method: request.method,
    route: request.routeOptions.url ?? null,
    status: problem.status,
    ms: Math.round(reply.elapsedTime),
  };
  if (problem.type === "internal") log.error({ ...about, err: error }, "request failed");
  else if (problem.status >= 500) log.warn({ ...about, reason: (error as { code?: string }).code ?? problem.type }, "request refused");
  else log.debug({ ...about, type: problem.type }, "request refused");
  sendProblem(reply, problem, instance);
}

export function sendProblem(reply: FastifyReply, problem: Problem, instance?: string): void {
  if (problem.retryAfter !== null) reply.header("retry-after", String(problem.retryAfter));
  if (problem.status === 401) reply.header("www-authenticate", 'Bearer realm="baton"');
  reply
    .code(problem.status)
    .header("content-type", "application/problem+json; charset=utf-8")
    .header("cache-control", "no-store")
    .header("x-content-type-options", "nosniff")
    .send(JSON.stringify(problemJson(problem, instance)));
}

export function problemOf(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (error instanceof Refused) {
    const { status, type, detail, errors } = error.refusal;
    return new Problem(status, type, detail, errors);
  }
  if (error instanceof ZodError) return invalid("The request is not as it should be.", errorsOf(error));
  return (
    databaseProblem(error) ??
    frameworkProblem(error) ??
    new Problem(
      500,
      "internal",
      "Something went wrong on this side. Nothing of this request is known to be stored. The log of the server has it under the instance named here.",
    )
  );
}

function frameworkProblem(error: unknown): Problem | null {
  const { code, statusCode, message } = error as { code?: unknown; statusCode?: unknown; message?: string };
  if (code === "FST_ERR_CTP_INVALID_MEDIA_TYPE" || statusCode === 415)
    return new Problem(415, "unsupported-media-type", "Send the body as JSON, with Content-Type: application/json.");
  if (code === "FST_ERR_CTP_BODY_TOO_LARGE" || statusCode === 413)
    return new Problem(413, "too-large", "The body is larger than this takes. Send less at a time.");
  // Nothing here has an id that long.
  if (code === "FST_ERR_NOT_FOUND" || code === "FST_ERR_MAX_PARAM_LENGTH" || statusCode === 404) return notFound("page", "here");
  if (error instanceof URIError) return new Problem(400, "bad-request", "The address has a percent sign that is not an escape.");
  if (typeof statusCode === "number" && statusCode >= 400 && statusCode < 500)
    return new Problem(400, "bad-request", `The request cannot be read: ${message ?? "unknown"}`);
  return null;
}
