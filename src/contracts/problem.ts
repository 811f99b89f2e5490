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
    workspaces: z
      .array(z.strictObject({ id: z.string(), name: z.string() }))
      .readonly()
      .optional()
      .meta({ description: "With `choose-workspace`: where this address and password are right." }),
  })
  .meta({ id: "Problem", description: "Why a request was refused (RFC 9457)." });

/** The short name of a problem, after `urn:baton:problem:`, and its title. */
export const PROBLEM_TITLES: Readonly<Record<string, string>> = {
  invalid: "The request is not valid",
  "not-json": "The body is not JSON",
  "bad-request": "The request cannot be read",
  unauthorized: "Signing in is needed",
  "second-factor": "A second factor is needed",
  "second-factor-setup": "A second factor must be set up first",
  "choose-workspace": "The workspace must be chosen",
  "cross-site": "It did not come from these pages",
  throttled: "Too many attempts",
  upstream: "The other house did not answer as it should",
  forbidden: "Not allowed",
  "not-found": "Not found",
  "idempotency-in-flight": "The same request is being worked on",
  "idempotency-mismatch": "The idempotency key was used for another request",
  "wrong-stage": "Not at this stage",
  "task-closed": "The task is closed",
  "nothing-to-undo": "There is nothing to take back",
  "not-yours": "Somebody else did it",
  "changed-since": "Something came since",
  "too-late": "It is too late for that",
  "in-bin": "The lead is in the bin",
  "mail-refused": "The mail cannot be sent",
  "own-opportunity": "The link belongs to the opportunity",
  "process-task": "The step belongs to the process",
  "still-running": "It is still running",
  "acceptance-off": "Acceptance is switched off",
  "version-mismatch": "It was changed meanwhile",
  timeout: "The request took too long to arrive",
  "too-large": "The request is too large",
  "unsupported-media-type": "The body must be JSON",
  conflict: "It stands in the way of something else",
  "import-running": "The import is running elsewhere",
  "form-closed": "The form is closed",
  "too-many": "Too many requests",
  "out-of-space": "Out of disk space",
  unavailable: "The database cannot be reached",
  internal: "Something went wrong here",
};

export function titleOf(type: string): string {
  return PROBLEM_TITLES[type] ?? "The request was refused";
}
