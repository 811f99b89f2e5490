/** What a contract found wrong, in words with the place: `fields.size`, `touches[0].kind`. */
import type { z } from "zod";
import type { ProblemError } from "../problems.ts";

/** How many mistakes one answer lists. */
const LISTED = 50;

export function errorsOf(error: z.ZodError): readonly ProblemError[] {
  return error.issues.flatMap(wordsOf).slice(0, LISTED);
}

function wordsOf(issue: z.core.$ZodIssue): readonly ProblemError[] {
  const path = pathOf(issue.path);
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => ({ path: path === "" ? key : `${path}.${key}`, message: "is not known here" }));
    case "invalid_type":
      return [{ path, message: issue.input === undefined && issue.message.endsWith("undefined") ? "is required" : wantedType(issue) }];
    case "invalid_value":
      return [
        { path, message: issue.message.startsWith("Invalid") ? `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}` : issue.message },
      ];
    case "invalid_key":
      return [{ path, message: issue.issues[0]?.message ?? "is not a valid key" }];
    default:
      return [{ path, message: issue.message }];
  }
}

const NAMES: Readonly<Record<string, string>> = {
  string: "text",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "an object",
  record: "an object",
  null: "null",
};

function wantedType(issue: z.core.$ZodIssueInvalidType): string {
  if (!issue.message.startsWith("Invalid input")) return issue.message;
  return `must be ${NAMES[issue.expected] ?? issue.expected}`;
}

function pathOf(path: readonly PropertyKey[]): string {
  let text = "";
  for (const part of path) text += typeof part === "number" ? `[${part}]` : text === "" ? String(part) : `.${String(part)}`;
  return text;
}
