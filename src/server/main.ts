/**
 * `npm start`: opens the house, listens on the port and the control socket, and ends cleanly: stop accepting, answer what is
 * under way, close the door, stop the database.
 */
import type { FastifyInstance } from "fastify";
import { createApp } from "./app.ts";
import { type Build, readBuild } from "./build.ts";
import { type Config, ConfigError, readConfig } from "./config.ts";
import { openControlSocket } from "./control-socket.ts";
import { startPartitionKeeper } from "./db/partitions.ts";
import { MigrationError } from "./db/migrate.ts";
import { startMailer } from "./effects/mailer.ts";
import { resumeBulks } from "./features/bulk/bulk-run.service.ts";
import { resumeImports } from "./features/imports/imports.service.ts";
import { setupUrl, startTidying } from "./features/sessions/setup.service.ts";
import { resumeRescores } from "./flow/rescore.ts";
import { startTimers } from "./flow/timers.ts";
import { type OpenHouse, openHouse } from "./house.ts";
import { startNotifier } from "./notifier.ts";
import { Problem } from "./problems.ts";
import { startWithDemo } from "./start-demo.ts";
import { StoreError } from "./store/store-error.ts";
import { openWebApp, type WebApp } from "./http/web-app.ts";
import { ensureWebApp } from "./web-app-build.ts";

type Running = { readonly url: string; readonly close: () => Promise<void> };

/** Ctrl-C reaches a process several times: from the terminal and from npm, which passes it on. */
const ONE_SIGNAL_MS = 1000;

/** How long requests may take to end when the server stops. Whoever has not even sent all of one by then is not waited for. */
const DRAIN_MS = 10_000;

await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<void> {
  const unknown = words.find((word) => word !== "--demo");
  if (unknown !== undefined)
    return fail(
      `npm start takes no option but --demo, and "${unknown}" was given. Settings come from the environment (PORT, HOST, BATON_DATA, DATABASE_URL …); commands are run with: npm run baton -- help`,
      2,
    );
  try {
    const stopping = listenForSignals();
    const config = readConfig();
    const build = readBuild();
    const building = ensureWebApp((line) => process.stderr.write(`${line}\n`));
    const opened = await openHouse(config, { kind: "server", batonVersion: build.version, tell: (line) => process.stderr.write(`${line}\n`) });
    const demo = words.includes("--demo") ? await demoLines(opened, stopping) : [];
    const running = await runServer(config, build, opened, await webAppOf(building));
    process.stdout.write([`Baton is ready at ${running.url}`, ...demo, ""].join("\n"));
    const setup = await setupUrl(opened.house);
    if (setup !== null) process.stdout.write(`First run: open ${setup}\n`);
    await stopping;
    await running.close();
    process.exit(0);
  } catch (error) {
    fail(wordsOf(error), 1);
  }
}

/** Asking to stop ends the loading, which leaves nothing half done; the house is closed before it is told. */
async function demoLines({ house, close }: OpenHouse, stopping: Promise<void>): Promise<readonly string[]> {
  const stop = new AbortController();
  void stopping.then(() => stop.abort());
  try {
    return await startWithDemo(house, stop.signal, (line) => process.stderr.write(`${line}\n`));
  } catch (error) {
    await close();
    throw error;
  }
}

async function webAppOf(building: Promise<string | null>): Promise<WebApp | null> {
  const folder = await building;
  return folder === null ? null : openWebApp(folder);
}

async function runServer(config: Config, build: Build, { house, store, close }: OpenHouse, web: WebApp | null): Promise<Running> {
  try {
    const app = createApp(house, { ...build, web, databaseKind: store.kind, trustProxy: config.trustProxy, publicUrl: config.publicUrl, checkReplies: false });
    const timers = startTimers(house);
    const tidying = startTidying(house);
    const mailer = startMailer(house);
    const notifier = startNotifier(house);
    const partitions = await startPartitionKeeper(house, store.owner);
    const closing = new AbortController();
    const background = [resumeRescores(house), resumeImports(house, closing.signal), resumeBulks(house, closing.signal)].map((work) =>
      work.catch((error: unknown) => house.log.warn({ err: error }, "work of the last run could not be finished; it is tried again at the next start")),
    );
    await app.fastify.listen({ port: config.port, host: config.host });
    const control = await openControlSocket(app, house);
    const url = config.publicUrl ?? addressOf(portOf(app.fastify) ?? config.port, config.host);
    store.announce(url);
    house.gate.reachedAt(url);
    return {
      url,
      close: async () => {
        closing.abort();
        const cutOff = setTimeout(() => app.fastify.server.closeAllConnections(), DRAIN_MS);
        await Promise.all([app.fastify.close(), control?.close()]);
        clearTimeout(cutOff);
        tidying.stop();
        await Promise.all([timers.stop(), mailer.stop(), notifier.stop(), partitions.stop()]);
        await close();
        await Promise.all(background);
      },
    };
  } catch (error) {
    await close();
    throw error;
  }
}

function portOf({ server }: FastifyInstance): number | null {
  const address = server.address();
  return typeof address === "object" ? (address?.port ?? null) : null;
}

/** Where a browser on this machine finds it: an address that means "all" is reached as the local one. */
function addressOf(port: number, host: string): string {
  const name = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${name.includes(":") ? `[${name}]` : name}:${port}`;
}

/** Kept when somebody asks Baton to stop; asking again, a moment later, ends it at once. */
function listenForSignals(): Promise<void> {
  return new Promise((resolve) => {
    let asked: number | null = null;
    const onSignal = (): void => {
      const now = performance.now();
      if (asked === null) {
        asked = now;
        process.stderr.write("Stopping: answering what is under way. Ask again to end at once.\n");
        resolve();
      } else if (now - asked > ONE_SIGNAL_MS) process.exit(1);
    };
    process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  });
}

function wordsOf(error: unknown): string {
  if (error instanceof ConfigError || error instanceof StoreError || error instanceof MigrationError) return error.message;
  if (error instanceof Problem) return error.message;
  const { code, message, stack } = error as { code?: string; message?: string; stack?: string };
  if (code === "EADDRINUSE") return `${message}. Another program listens there. Stop it, or choose another port with PORT.`;
  if (code === "EACCES" && /listen/.test(message ?? ""))
    return `${message}. Ports below 1024 need a privilege; choose another with PORT and put a proxy in front.`;
  if (error instanceof Error && error.name === "BackupError") return error.message;
  return stack ?? String(error);
}

function fail(words: string, code: number): void {
  process.stderr.write(`${words}\n`);
  process.exit(code);
}
