/** What an error of the database means for whoever was waiting. */

export function codeOf(error: unknown): string | null {
  const code = typeof error === "object" && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === "string" ? code : null;
}

/** Two transactions wanted the same rows: the same work again may succeed. */
export function isConflict(error: unknown): boolean {
  const code = codeOf(error);
  return code === "40001" || code === "40P01";
}

/** Says that the same work should be tried again, as the database does when two transactions meet. */
export function conflict(why: string): Error {
  return Object.assign(new Error(why), { code: "40001" });
}

/** The batch wants more locks than the database holds; a smaller one may succeed. */
export function isTooMuch(error: unknown): boolean {
  return codeOf(error) === "53200";
}

/** Neither the database nor a neighbour is in trouble: some input, or our handling of it, is at fault. It is found and held. */
export function isAtFault(error: unknown): boolean {
  return !isConflict(error) && !isUnavailable(error);
}

/** The database cannot be reached, is full or is stopping; later the same request may succeed. */
export function isUnavailable(error: unknown): boolean {
  const code = codeOf(error);
  if (code === null)
    return (
      error instanceof Error &&
      /connection (terminated|timeout|ended)|not queryable|timeout exceeded when trying to connect|Client was closed|stopping and takes nothing/i.test(
        error.message,
      )
    );
  return /^(08|53|57|58)[0-9A-Z]{3}$|^25P03$/.test(code) || ["ECONNREFUSED", "ECONNRESET", "ENOENT", "EPIPE", "ETIMEDOUT", "ENOTCONN"].includes(code);
}
