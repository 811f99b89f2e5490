/**
 * One HTTP operation, described once for the server, the OpenAPI document, the web app and the client.
 *
 * An operation names every status it answers with and the shape of each, so a handler cannot answer anything else and the
 * document cannot forget an outcome. Refusals are not listed one by one: which problems an operation can answer follows
 * from what it takes (see `problemsOf`).
 */
import type { z } from "zod";
import type { Action } from "../core/access/access.ts";

export type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

/** What a key may do. `admin` is for configuration and keys, and stands beside the others, not above them. */
export type Scope = "read" | "write" | "admin";

export type Tag =
  | "Leads"
  | "Touches"
  | "Tasks"
  | "Opportunities"
  | "Notes"
  | "Companies"
  | "Bulk"
  | "Views"
  | "Search"
  | "Reports"
  | "Configuration"
  | "Users"
  | "API keys"
  | "Teams"
  | "Session"
  | "Workspace"
  | "Audit"
  | "Mail"
  | "Notifications"
  | "House"
  | "Imports"
  | "Forms"
  | "Held inputs"
  | "Events";

/** A body that is sent while it is being made. */
export type Content = AsyncIterable<Uint8Array | string>;

export type Reply = { readonly description: string; readonly body: z.ZodType };
export type Replies = { readonly [status: number]: Reply };

export type Endpoint<
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answers extends Replies = Replies,
> = {
  /** The operation's name in the document and in clients. */
  readonly id: string;
  readonly method: Method;
  /** Parameters in braces, as OpenAPI writes them. */
  readonly path: `/${string}`;
  readonly tag: Tag;
  readonly summary: string;
  readonly description?: string;
  /** Null: open to everybody. */
  readonly scope: Scope | null;
  /** What one must be allowed to do: a row of the table in core/access. Null where the scope is. */
  readonly access: Action | null;
  readonly params?: Params;
  readonly query?: Query;
  readonly body?: Body;
  /** Media types of a body that is no JSON: it is handed to the handler as it comes in. */
  readonly accepts?: readonly string[];
  /** Bytes; 1 MB when not given. */
  readonly bodyLimit?: number;
  /** Takes `If-Match` with the version the change was made on. */
  readonly ifMatch?: true;
  readonly replies: Answers;
  /** Problems beyond those that follow from what the operation takes. */
  readonly problems?: readonly number[];
  /** What the replies are, when not JSON. */
  readonly produces?: "text/html" | "text/plain" | "text/calendar" | "image/gif" | "text/csv" | "text/event-stream";
};

export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends Replies = Replies,
>(definition: Endpoint<P, Q, B, R>): Endpoint<P, Q, B, R> {
  return definition;
}

/** A list is a header that is sent several times, as cookies are. */
export type AnswerHeaders = Readonly<Record<string, string | string[]>>;

/** A body that is JSON text already: for answers that are long and asked for often. */
export type JsonText = { readonly [TEXT]: string };

const TEXT = Symbol("JSON text");

export function jsonText(text: string): JsonText {
  return { [TEXT]: text };
}

/** The text of such a body; null for one that is still to be written. */
export function textOfJson(body: unknown): string | null {
  return typeof body === "object" && body !== null && TEXT in body ? (body as JsonText)[TEXT] : null;
}

/** What a handler may answer: one of the operation's statuses with the body of that status. */
export type Answer<R extends Replies> = {
  [S in keyof R & number]: { readonly status: S; readonly body: z.input<R[S]["body"]> | JsonText; readonly headers?: AnswerHeaders };
}[keyof R & number];

/** What a client gets back, parsed. */
export type Answered<R extends Replies> = {
  [S in keyof R & number]: { readonly status: S; readonly body: z.output<R[S]["body"]>; readonly headers: Headers };
}[keyof R & number];

/** Every status of a problem that the operation can answer. */
export function problemsOf(endpoint: Endpoint): readonly number[] {
  const statuses = new Set<number>(endpoint.problems ?? []);
  if (endpoint.scope !== null) for (const status of [401, 403, 422, 503]) statuses.add(status);
  if (endpoint.params !== undefined) statuses.add(404);
  if (endpoint.query !== undefined) statuses.add(422);
  if (endpoint.body !== undefined) for (const status of [400, 413, 415, 422]) statuses.add(status);
  if (takesIdempotencyKey(endpoint)) for (const status of [409, 422]) statuses.add(status);
  if (endpoint.ifMatch === true) for (const status of [412, 422]) statuses.add(status);
  if (endpoint.scope !== null) statuses.add(500);
  return [...statuses].sort((a, b) => a - b);
}

export function takesIdempotencyKey(endpoint: Pick<Endpoint, "method" | "scope">): boolean {
  return endpoint.method !== "GET" && endpoint.scope !== null;
}
