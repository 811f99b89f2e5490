/**
 * The API as functions: one `call` that knows every contract, for the web app and the SDK. Answers are parsed; refusals are
 * thrown as `ApiProblem`.
 */
import type { z } from "zod";
import type { Answered, Endpoint, Replies } from "../contracts/endpoint.ts";
import { Problem } from "../contracts/problem.ts";

export type ClientOptions = {
  /** An API key; sessions and the control socket need none. */
  readonly key?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** `params`, `query` and `body` are asked for where the operation takes them. */
export type CallInput<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType> = Part<"params", P> &
  Part<"query", Q> &
  Part<"body", B> & { readonly idempotencyKey?: string; readonly ifMatch?: number; readonly signal?: AbortSignal };

type Part<Name extends string, S extends z.ZodType> = [z.input<S>] extends [undefined]
  ? unknown
  : undefined extends z.input<S>
    ? { readonly [N in Name]?: z.input<S> }
    : Record<never, never> extends z.input<S>
      ? { readonly [N in Name]?: z.input<S> }
      : { readonly [N in Name]: z.input<S> };

export class ApiProblem extends Error {
  readonly problem: z.output<typeof Problem>;
  /** Seconds to wait before trying again, if the server said so. */
  readonly retryAfter: number | null;
  constructor(problem: z.output<typeof Problem>, retryAfter: number | null) {
    super(problem.detail);
    this.name = "ApiProblem";
    this.problem = problem;
    this.retryAfter = retryAfter;
  }
}

export type Client = <P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends Replies>(
  endpoint: Endpoint<P, Q, B, R>,
  input: CallInput<P, Q, B>,
) => Promise<Answered<R>>;

/** `baseUrl` without a slash at its end. */
export function createClient(baseUrl: string, fetchFn: typeof fetch, { key, headers = {} }: ClientOptions = {}): Client {
  return async function call(endpoint, input) {
    const { params, query, body, idempotencyKey, ifMatch, signal } = input as Partial<Record<"params" | "query", Record<string, unknown>>> & {
      readonly body?: unknown;
      readonly idempotencyKey?: string;
      readonly ifMatch?: number;
      readonly signal?: AbortSignal;
    };
    const path = endpoint.path.replaceAll(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(String(params?.[name])));
    const response = await fetchFn(`${baseUrl}${path}${queryOf(query)}`, {
      method: endpoint.method,
      headers: {
        ...headers,
        ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey }),
        ...(ifMatch === undefined ? {} : { "if-match": `"${ifMatch}"` }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      ...(signal === undefined ? {} : { signal }),
    });
    const reply = endpoint.replies[response.status];
    if (reply === undefined) throw await problemOf(response);
    const answer: unknown = endpoint.produces === undefined ? await response.json() : await response.text();
    return { status: response.status, body: reply.body.parse(answer), headers: response.headers } as never;
  };
}

function queryOf(query: Record<string, unknown> | undefined): string {
  const pairs = Object.entries(query ?? {}).flatMap(([name, value]) =>
    value === undefined ? [] : [[name, typeof value === "string" ? value : JSON.stringify(value)]],
  );
  return pairs.length === 0 ? "" : `?${new URLSearchParams(pairs).toString()}`;
}

async function problemOf(response: Response): Promise<Error> {
  const text = await response.text();
  const retryAfter = Number(response.headers.get("retry-after") ?? Number.NaN);
  try {
    return new ApiProblem(Problem.parse(JSON.parse(text)), Number.isFinite(retryAfter) ? retryAfter : null);
  } catch {
    return new Error(`The server answered ${response.status} with something that is no problem document: ${text.slice(0, 200)}`);
  }
}
