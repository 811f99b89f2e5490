/**
 * The API as one function: `call("getLead", { params: { id } })`. Types come from the contracts, which are not in the bundle;
 * refusals are thrown as `ApiProblem`, a server that cannot be reached as `Unreachable`.
 */
import type { z } from "zod";
import type { CallInput } from "../../client/client.ts";
import type { Problem } from "../../contracts/problem.ts";
import { reportGone, reportReached } from "./connection.ts";
import { type Contracts, ROUTES } from "./routes.gen.ts";

export type Op = keyof Contracts;
type Schema<T> = T extends z.ZodType ? T : z.ZodUndefined;
type Parts<K extends Op> = Contracts[K] extends { readonly params?: infer P; readonly query?: infer Q; readonly body?: infer B }
  ? CallInput<Schema<P>, Schema<Q>, Schema<B>>
  : never;
/** What an operation takes: `params`, `query`, `body`, where it takes them. */
export type In<K extends Op> = Parts<K>;
type Bodies<R> = { [S in keyof R]: R[S] extends { readonly body: infer B extends z.ZodType } ? z.output<B> : never }[keyof R];
/** What an operation answers, whichever of its statuses it is. */
export type Out<K extends Op> = Bodies<Contracts[K]["replies"]>;

export type ProblemBody = z.output<typeof Problem>;

/** A refusal, in the server's words. `type` is its short name, as `not-found`. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly type: string;
  readonly problem: ProblemBody;
  /** Seconds, when the server said when to try again. */
  readonly retryAfter: number | null;
  constructor(problem: ProblemBody, retryAfter: number | null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.status = problem.status;
    this.type = problem.type.replace("urn:baton:problem:", "");
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

/** Nobody answered. What was typed is still on the screen; the app tries again by itself. */
export class UnreachableError extends Error {
  constructor() {
    super("The server cannot be reached. Nothing was saved; what you typed is still here.");
    this.name = "UnreachableError";
  }
}

type Loose = {
  readonly params?: Readonly<Record<string, unknown>>;
  readonly query?: Readonly<Record<string, unknown>>;
  readonly body?: unknown;
  readonly idempotencyKey?: string;
  readonly ifMatch?: number;
  readonly signal?: AbortSignal;
};

export type CallArgs<K extends Op> = Record<never, never> extends In<K> ? [input?: In<K>] : [input: In<K>];

/** Hears of every answer 401, so that the app can ask who is there. */
let onSignedOut: () => void = () => {};
export function whenSignedOut(listener: () => void): void {
  onSignedOut = listener;
}

export async function call<K extends Op>(op: K, ...[input]: CallArgs<K>): Promise<Out<K>> {
  return (await send(op, (input ?? {}) as Loose)).json() as Promise<Out<K>>;
}

/** The same for a file or another body that is no JSON; answers the response itself. */
export async function callRaw(op: Op, input: Pick<Loose, "params" | "query" | "body" | "signal"> & { readonly file?: Blob }): Promise<Response> {
  return send(op, input, input.file);
}

/** The address of an operation, for links (downloads). */
export function addressOf(op: Op, { params, query }: Pick<Loose, "params" | "query"> = {}): string {
  const [, path] = ROUTES[op];
  return `${path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name])))}${queryOf(query)}`;
}

async function send(op: Op, input: Loose, file?: Blob): Promise<Response> {
  const { body, idempotencyKey, ifMatch, signal } = input;
  const [method] = ROUTES[op];
  let response: Response;
  try {
    response = await fetch(addressOf(op, input), {
      method,
      credentials: "same-origin",
      headers: {
        accept: "application/json",
        ...(method === "GET" ? {} : { "x-baton": "1" }),
        ...(file !== undefined
          ? { "content-type": file.type || "application/octet-stream" }
          : body === undefined
            ? {}
            : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
      },
      ...(file !== undefined ? { body: file } : body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
  } catch (error) {
    if (signal?.aborted === true) throw error;
    reportGone();
    throw new UnreachableError();
  }
  if (response.status === 502 || response.status === 504) {
    reportGone();
    throw new UnreachableError();
  }
  reportReached();
  if (response.ok) return response;
  const problem = await problemOf(response);
  if (problem.status === 401 && op !== "signIn" && op !== "resetPassword" && problem.type === "unauthorized") onSignedOut();
  throw problem;
}

function queryOf(query: Loose["query"]): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

async function problemOf(response: Response): Promise<ApiProblem> {
  const wait = Number(response.headers.get("retry-after") ?? Number.NaN);
  const retryAfter = Number.isFinite(wait) ? wait : null;
  try {
    return new ApiProblem((await response.json()) as ProblemBody, retryAfter);
  } catch {
    const detail = `The server answered ${response.status} without saying why. Try again; if it stays, ask whoever runs Baton to look into its log.`;
    return new ApiProblem({ type: "urn:baton:problem:internal", title: "Something went wrong", status: response.status, detail, errors: [] }, retryAfter);
  }
}
