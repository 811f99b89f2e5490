/**
 * A real server in a process of its own, on a data folder of its own, with the built web app, and a browser in front of it.
 * Whatever the content security policy refuses, and every error a page throws, is collected: a test ends by looking at it.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { ensureWebApp, isFreshWebApp, ROOT } from "../src/server/web-app-build.ts";
import { openBrowser } from "./chromium.ts";

export const ADMIN = { name: "Anna Lindholm", email: "anna@nordlicht.example", password: "seven words make a good password" } as const;

export type Visit = {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What went wrong in the page so far: refusals of the policy, errors, dialogs. */
  readonly complaints: string[];
};

export type Running = {
  readonly url: string;
  /** The token of the first run. */
  readonly token: string;
  readonly browser: Browser;
  /** Where its data lies, for looking into the database itself. */
  readonly dataDir: string;
  readonly visit: (options?: BrowserContextOptions) => Promise<Visit>;
  /** Calls the API as who is signed in in the context. */
  readonly api: <T>(visit: Visit, method: string, path: string, body?: unknown) => Promise<T>;
  readonly stopServer: () => Promise<void>;
  /** At once, in the middle of whatever it does. */
  readonly killServer: () => Promise<void>;
  readonly startServer: () => Promise<void>;
  readonly close: () => Promise<void>;
};

/** @param settings further settings of the server, as SMTP_URL */
export async function openRunning(settings: Readonly<Record<string, string>> = {}): Promise<Running> {
  await ensureWebApp((line) => process.stderr.write(`${line}\n`));
  if (!isFreshWebApp()) throw new Error("The web app could not be built from these sources; the bundler's words stand above.");
  const folder = mkdtempSync(path.join(os.tmpdir(), "baton-e2e-"));
  chmodSync(folder, 0o711); // the database may run as another account
  const browser = await openBrowser();
  let server = await startServer(folder, 0, settings);
  const port = Number(new URL(server.url).port);
  return {
    url: server.url,
    token: server.token,
    browser,
    dataDir: path.join(folder, "data"),
    visit: async (options = {}) => {
      const context = await browser.newContext({
        baseURL: server.url,
        locale: "en-GB",
        timezoneId: "Europe/Berlin",
        viewport: { width: 1440, height: 860 },
        ...options,
      });
      const page = await context.newPage();
      const complaints: string[] = [];
      page.on("pageerror", (error) => complaints.push(`error: ${error.message}`));
      page.on("console", (message) => {
        if (/Content Security Policy|Refused to|Trusted ?Type/i.test(message.text())) complaints.push(`policy: ${message.text()}`);
      });
      page.on("dialog", (dialog) => {
        complaints.push(`dialog: ${dialog.message()}`);
        void dialog.dismiss();
      });
      return { page, context, complaints };
    },
    api: async (visit, method, address, body) => {
      const answer = await visit.context.request.fetch(`${server.url}${address}`, {
        method,
        headers: { "x-baton": "1", origin: server.url },
        ...(body === undefined ? {} : { data: body }),
      });
      if (!answer.ok()) throw new Error(`${method} ${address} answered ${answer.status()}: ${await answer.text()}`);
      return (await answer.json()) as never;
    },
    stopServer: () => server.stop(),
    killServer: () => server.stop("SIGKILL"),
    startServer: async () => {
      server = await startServer(folder, port, settings);
    },
    close: async () => {
      await browser.close();
      await server.stop();
      rmSync(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
    },
  };
}

/** Sets the house up in the browser and answers what a signed-in context needs. */
export async function setUpHouse(running: Running): Promise<Awaited<ReturnType<BrowserContext["storageState"]>>> {
  const { page, context } = await running.visit();
  await page.goto(`/setup?token=${running.token}`);
  await page.getByLabel("Company").fill("Nordlicht GmbH");
  await page.getByLabel("Your name").fill(ADMIN.name);
  await page.getByLabel("Your e-mail").fill(ADMIN.email);
  await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
  await page.getByRole("button", { name: "Set up" }).click();
  await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

type Server = { readonly url: string; readonly token: string; readonly stop: (signal?: NodeJS.Signals) => Promise<void> };

function startServer(folder: string, port: number, settings: Readonly<Record<string, string>>): Promise<Server> {
  const env = { ...process.env, PORT: String(port), HOST: "127.0.0.1", BATON_DATA: path.join(folder, "data"), LOG_LEVEL: "error", ...settings };
  const child: ChildProcess = spawn(process.execPath, [path.join(ROOT, "src/server/main.ts")], { cwd: ROOT, env, stdio: ["ignore", "pipe", "pipe"] });
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const stop = async (signal: NodeJS.Signals = "SIGINT"): Promise<void> => {
    if (child.exitCode === null) child.kill(signal);
    await gone;
  };
  return new Promise((resolve, reject) => {
    let said = "";
    const hear = (chunk: Buffer): void => {
      said += String(chunk);
      const url = /^Baton is ready at (\S+)$/m.exec(said)?.[1];
      if (url === undefined) return;
      // The line of the first run follows the one that says ready.
      setTimeout(() => resolve({ url, token: /setup\?token=(\S+)/.exec(said)?.[1] ?? "", stop }), 500);
    };
    child.stdout?.on("data", hear);
    child.stderr?.on("data", (chunk: Buffer) => (said += String(chunk)));
    void gone.then(() => reject(new Error(`The server ended before it was ready:\n${said.slice(-3000)}`)));
  });
}
