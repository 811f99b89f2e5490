/** Calls the API over real sockets, bounded in time, and keeps count of how it was answered. */
import { randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";

/** What `JSON.parse` gives. */
export type Json = ReturnType<typeof JSON.parse>;

export type Answer = { readonly status: number; readonly body: Json; readonly replayed: boolean };

export type Call = { readonly method: "GET" | "POST" | "PUT"; readonly path: string; readonly body?: unknown; readonly key?: string };

export type Caller = {
  /** Once. Null when there was no HTTP answer. */
  readonly send: (call: Call, ms?: number) => Promise<Answer | null>;
  /** Again and again under the same idempotency key, until it is settled: neither a lost connection nor 408, 409, 429 or 5xx. */
  readonly insist: (call: Call) => Promise<Answer>;
  /** How often each status was answered; `0` is a request without an HTTP answer. */
  readonly statuses: ReadonlyMap<number, number>;
  /** Answers that should not be, whatever the day: a 500, a 503 without Retry-After or without words. */
  readonly wrong: readonly string[];
};

/** In flight, too many, and 408: a server that stood still finds on waking that a request it had not read yet took too long, and has done nothing. */
const NOT_SETTLED: ReadonlySet<number> = new Set([408, 409, 429]);

/** How long a caller insists before it gives up. */
const PATIENCE_MS = 90_000;

export function createCaller(base: () => string, apiKey: string): Caller {
  const statuses = new Map<number, number>();
  const wrong: string[] = [];
  const send = async ({ method, path, body, key }: Call, ms = 20_000): Promise<Answer | null> => {
    const answer = await fetch(base() + path, {
      method,
      signal: AbortSignal.timeout(ms),
      headers: {
        authorization: `Bearer ${apiKey}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(key === undefined ? {} : { "idempotency-key": key }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
      .then(async (response) => ({ response, text: await response.text() }))
      .catch(() => null);
    const status = answer?.response.status ?? 0;
    statuses.set(status, (statuses.get(status) ?? 0) + 1);
    if (answer === null) return null;
    const { response, text } = answer;
    const read = parsed(text);
    const why = mistakeIn(status, response.headers, read);
    if (why !== null && wrong.length < 20) wrong.push(`${method} ${path} was answered ${status} ${why}: ${text.slice(0, 300)}`);
    return { status, body: read, replayed: response.headers.get("idempotent-replay") === "true" };
  };
  const insist = async (call: Call): Promise<Answer> => {
    const keyed = call.method === "GET" || call.key !== undefined ? call : { ...call, key: randomUUID() };
    const until = performance.now() + PATIENCE_MS;
    for (let pause = 10; ; pause = Math.min(pause * 1.5, 200)) {
      const answer = await send(keyed);
      if (answer !== null && answer.status < 500 && !NOT_SETTLED.has(answer.status)) return answer;
      if (performance.now() > until)
        throw new Error(`${call.method} ${call.path} was not settled within ${PATIENCE_MS / 1000} s; the last answer was ${answer?.status ?? "none"}`);
      await sleep(pause);
    }
  };
  return { send, insist, statuses, wrong };
}

function mistakeIn(status: number, headers: Headers, body: Json): string | null {
  if (status === 202 && body?.outcome === "held") return "held";
  if (status < 400) return null;
  if (status >= 500 && status !== 503 && status !== 507) return "which says nothing";
  if (typeof body?.detail !== "string" || typeof body?.title !== "string") return "without words";
  if (status === 503 && headers.get("retry-after") === null) return "without Retry-After";
  return null;
}

function parsed(text: string): Json {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
