/** What the doctor checks: a law, and a query that looks at everything the law speaks of and marks what breaks it. */
export type LawName = "L1" | "L2" | "L5" | "L6" | "L7" | "replay";

/**
 * `looks` is a query bound to the workspace `$1`; each of its rows is one thing looked at, with a column `bad`. What the
 * others say is shown when it is.
 */
export type Check = { readonly law: LawName; readonly says: string; readonly looks: string };
