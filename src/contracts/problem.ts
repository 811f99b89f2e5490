/** Refusals as RFC 9457 problems: what happened, what was expected, what to do. */
import { z } from "zod";

export const ProblemError = z.strictObject({
  path: z.string().meta({ description: "The place in the request, as `fields.size` or `touches[0].kind`." }),
  message: z.string(),
});

export const Problem = z
  .strictObject({
    type: z.string().meta({ examples: ["urn:baton:problem:invalid"] }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    instance: z.string().optional().meta({ description: "The request, as the server's log names it." }),
    errors: z.array(ProblemError).readonly(),
  })
  .meta({ id: "Problem", description: "Why a request was refused (RFC 9457)." });

/** The short name of a problem, after `urn:baton:problem:`, and its title. */
export const PROBLEM_TITLES: Readonly<Record<string, string>> = {
  invalid: "The request is not valid",
  "not-json": "The body is not JSON",
  "bad-request": "The request cannot be read",
  unauthorized: "A valid API key is needed",
  forbidden: "This key may not do that",
  "not-found": "Not found",
  "idempotency-in-flight": "The same request is being worked on",
  "idempotency-mismatch": "The idempotency key was used for another request",
  "wrong-stage": "Not at this stage",
  "task-closed": "The task is closed",
  "acceptance-off": "Acceptance is switched off",
  "version-mismatch": "It was changed meanwhile",
  timeout: "The request took too long to arrive",
  "too-large": "The request is too large",
  "unsupported-media-type": "The body must be JSON",
  conflict: "It stands in the way of something else",
  "out-of-space": "Out of disk space",
  unavailable: "The database cannot be reached",
  internal: "Something went wrong here",
};

export function titleOf(type: string): string {
  return PROBLEM_TITLES[type] ?? "The request was refused";
}
