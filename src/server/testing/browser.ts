/** A browser for tests: keeps cookies, says that its writes come from our own pages, and can lie about both. */
import type { Api, ApiAnswer, TestApp } from "./app.ts";

export type Browser = {
  readonly call: Api;
  readonly get: (path: string) => Promise<ApiAnswer>;
  readonly post: (path: string, body?: unknown) => Promise<ApiAnswer>;
  /** What it holds, by name. */
  readonly cookies: Map<string, string>;
  /** The last `Set-Cookie` headers, as they came. */
  readonly set: () => readonly string[];
};

/** Where tests reach the house. */
export const ORIGIN = "http://localhost";
const OWN: Readonly<Record<string, string>> = { "x-baton": "1", origin: ORIGIN, "sec-fetch-site": "same-origin" };

export function browserAt({ api }: Pick<TestApp, "api">, headers: Readonly<Record<string, string | undefined>> = {}): Browser {
  const cookies = new Map<string, string>();
  let last: readonly string[] = [];
  const call: Api = async (method, path, body, more = {}) => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = method === "GET" ? {} : OWN;
    const sent = { authorization: undefined, host: "localhost", ...own, ...headers, ...(cookie === "" ? {} : { cookie }), ...more };
    const answer = await api(method, path, body, sent);
    last = [answer.headers["set-cookie"] ?? []].flat();
    for (const line of last) keep(cookies, line);
    return answer;
  };
  return { call, get: (path) => call("GET", path), post: (path, body = {}) => call("POST", path, body), cookies, set: () => last };
}

/** Signs a user in with a password. */
export async function signedIn(at: Pick<TestApp, "api">, email: string, password: string): Promise<Browser> {
  const browser = browserAt(at);
  const { status, text } = await browser.post("/api/v1/session", { email, password });
  if (status !== 200) throw new Error(`${email} could not sign in: ${text}`);
  return browser;
}

function keep(cookies: Map<string, string>, line: string): void {
  const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
  if (/max-age=0\b/i.test(line)) cookies.delete(name);
  else cookies.set(name, value);
}
