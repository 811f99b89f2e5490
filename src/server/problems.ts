/**
 * An answer the caller can act on. Anything else that is thrown is a fault of ours, or the database's: `databaseProblem`
 * tells that from its error alone, so that nobody has to catch and translate.
 */
export type ProblemError = { readonly path: string; readonly message: string };
export type ProblemMore = { readonly workspaces?: readonly { readonly id: string; readonly name: string }[] };

export class Problem extends Error {
  readonly status: number;
  /** A short name, as `not-found`; over HTTP it becomes `urn:baton:problem:not-found`. */
  readonly type: string;
  readonly errors: readonly ProblemError[];
  /** Seconds after which trying again makes sense. */
  readonly retryAfter: number | null;
  /** Members of the problem document beside those that all have. */
  readonly more: ProblemMore;
  constructor(status: number, type: string, detail: string, errors: readonly ProblemError[] = [], retryAfter: number | null = null, more: ProblemMore = {}) {
    super(detail);
    this.name = "Problem";
    this.status = status;
    this.type = type;
    this.errors = errors;
    this.retryAfter = retryAfter;
    this.more = more;
  }
}

export function notFound(what: string, id: string): Problem {
  return new Problem(404, "not-found", `There is no ${what} ${id}.`);
}

export function invalid(detail: string, errors: readonly ProblemError[] = []): Problem {
  return new Problem(422, "invalid", detail, errors);
}

const LOST_CONNECTION = new Set(["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "ENOTFOUND", "EAI_AGAIN", "EHOSTUNREACH", "ENOTCONN"]);

/** SQLSTATE classes of a database in trouble: connection, resources, operator, system. Null when the error is something else. */
export function databaseProblem(error: unknown): Problem | null {
  if (!(error instanceof Error)) return null;
  const { code } = error as { code?: unknown };
  if (code === "53100" || code === "ENOSPC") {
    return new Problem(
      503,
      "out-of-space",
      "The database is out of disk space, so nothing can be written until there is room. Reading still works. Nothing of this request was stored.",
      [],
      30,
    );
  }
  const inTrouble = typeof code === "string" && (/^(?:08|53|57|58)[0-9A-Z]{3}$|^25P03$/.test(code) || LOST_CONNECTION.has(code));
  if (
    !inTrouble &&
    !/connection (?:terminated|timeout|ended|error)|not queryable|timeout exceeded when trying to connect|Client was closed|use a pool after|Baton is stopping/i.test(
      error.message,
    )
  )
    return null;
  return new Problem(
    503,
    "unavailable",
    "The database cannot be reached just now. Nothing of this request is known to be stored; send it again in a few seconds, with an Idempotency-Key if it must not count twice.",
    [],
    2,
  );
}
