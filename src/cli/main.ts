/**
 * `baton COMMAND`: beside a running server it asks the server, without one it opens the house itself for as long as it needs.
 * Stdout carries the result and nothing else; progress and words go to stderr. Exit codes: 0 done, 1 failed or a law broken,
 * 2 wrong usage.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { type Config, readConfig } from "../server/config.ts";
import { restoreFrom } from "../server/features/backup/restore.service.ts";
import {
  batonVersion,
  finishOldWork,
  type OperatorRequest,
  type Progress,
  readOperatorRequest,
  runOperatorCommand,
} from "../server/features/operator/operator.service.ts";
import { openHouse } from "../server/house.ts";
import { databaseProblem, Problem } from "../server/problems.ts";
import { runningBaton } from "../server/store/lock.ts";
import { StoreHeld } from "../server/store/store-error.ts";
import { dataFolderOf, openStore } from "../server/store/store.ts";
import { helpText, readArguments, type Typed } from "./arguments.ts";
import { tellProgress } from "./progress.ts";
import { askServer } from "./running-server.ts";
import { say } from "./say.ts";

process.exitCode = await main(process.argv.slice(2));

export async function main(words: readonly string[]): Promise<number> {
  const typed = readArguments(words);
  if (typed.kind === "wrong") return complain(typed.message, 2);
  if (typed.kind === "version") return print(batonVersion());
  if (typed.kind === "help") return print(helpText(typed.command));
  try {
    const result = await run(typed);
    print(typed.json ? JSON.stringify(result) : say(typed.command.name, result));
    return "violations" in result && (result.violations as readonly unknown[]).length > 0 ? 1 : 0;
  } catch (error) {
    return complain(wordsOf(error), 1);
  }
}

function print(text: string): number {
  process.stdout.write(`${text}\n`);
  return 0;
}

function complain(text: string, code: number): number {
  process.stderr.write(`${text}\n`);
  return code;
}

type Command = Extract<Typed, { readonly kind: "command" }>;

async function run(typed: Command): Promise<object> {
  const config = readConfig();
  if (typed.command.name === "restore") return restore(config, absolute(typed.places[0] as string));
  const request = requestOf(typed);
  const progress = tellProgress(process.stderr);
  try {
    return await runBeside(config, request, progress.show);
  } finally {
    progress.end();
  }
}

/** Asks the server when one runs; also when one came up while we were about to open the house. */
async function runBeside(config: Config, request: OperatorRequest, onProgress: (progress: Progress) => void): Promise<object> {
  const dataDir = dataFolderOf(config);
  if (runningBaton(dataDir) !== null) return askServer(dataDir, request, onProgress);
  try {
    return await runAlone(config, request, onProgress);
  } catch (error) {
    if (error instanceof StoreHeld && runningBaton(dataDir) !== null) return askServer(dataDir, request, onProgress);
    throw error;
  }
}

async function runAlone(config: Config, request: OperatorRequest, onProgress: (progress: Progress) => void): Promise<object> {
  const stopping = listenForSignals();
  const { house, close } = await openHouse(
    { ...config, logLevel: config.logLevel === "info" ? "warn" : config.logLevel },
    { kind: "cli", batonVersion: batonVersion(), tell },
  );
  try {
    await finishOldWork(house, request, stopping);
    return await runOperatorCommand(house, request, { onProgress, signal: stopping });
  } finally {
    await close();
  }
}

/** Ctrl-C stops an import between two chunks; asked again, the process ends at once, and nothing is lost either. */
function listenForSignals(): AbortSignal {
  const stopping = new AbortController();
  const onSignal = (): void => {
    if (stopping.signal.aborted) process.exit(1);
    stopping.abort();
  };
  process.on("SIGINT", onSignal).on("SIGTERM", onSignal);
  return stopping.signal;
}

async function restore(config: Config, file: string): Promise<object> {
  const running = runningBaton(dataFolderOf(config));
  if (running !== null)
    throw new Problem(
      409,
      "conflict",
      `A server runs on this data folder (process ${running.pid}, ${running.url}). A backup is restored into an empty database: stop the server, or set BATON_DATA to a new folder.`,
    );
  const store = await openStore(config, tell, { kind: "cli" });
  try {
    return await restoreFrom(file, { owner: store.owner, app: store.app, batonVersion: batonVersion(), now: Date.now(), log: tell });
  } finally {
    await store.stop();
  }
}

function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** What was typed, as the house understands it. Files are made absolute, the mapping is read here. */
function requestOf({ command, options, places }: Command): OperatorRequest {
  const { map, replay, "dry-run": dryRun, "as-of": asOf, history, ...others } = options;
  switch (command.name) {
    case "import":
      return readOperatorRequest({
        command: "import",
        options: {
          ...others,
          file: absolute(places[0] as string),
          map: readMapFile(absolute(map as string)),
          history: history === true,
          dryRun: dryRun === true,
        },
      });
    case "export leads":
      return readOperatorRequest({ command: "export leads", options: { ...others, out: absolute(options["out"] as string) } });
    case "report funnel":
      return readOperatorRequest({ command: "report funnel", options: { ...others, ...(asOf === undefined ? {} : { asOf }) } });
    case "score explain":
      return readOperatorRequest({ command: "score explain", options: { ...others, lead: places[0] } });
    case "doctor":
      return readOperatorRequest({ command: "doctor", options: replay === undefined ? {} : { replay: wholeNumber(replay as string) } });
    case "backup":
      return readOperatorRequest({ command: "backup", options: { file: absolute(places[0] as string) } });
    default:
      return readOperatorRequest({ command: command.name, options: others });
  }
}

/** npm runs its scripts in the project's folder; the operator meant the folder they stand in. */
function absolute(file: string): string {
  const { INIT_CWD, npm_lifecycle_event: script } = process.env;
  return path.resolve(script === "baton" && INIT_CWD !== undefined ? INIT_CWD : process.cwd(), file);
}

function readMapFile(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw new Problem(404, "not-found", `The mapping file ${file} cannot be read: ${(error as Error).message}.`);
  }
  try {
    return JSON.parse(text.replace(/^\ufeff/, ""));
  } catch (error) {
    throw new Problem(422, "invalid", `The mapping file ${file} is not JSON: ${(error as Error).message}.`);
  }
}

function wholeNumber(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Problem(422, "invalid", `--replay takes a whole number, not "${text}".`);
  return Number(text);
}

/** Expected errors in their own words; anything else with its stack, because it is a fault that somebody has to find. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error instanceof Problem) return [error.message, ...error.errors.map(({ path: place, message }) => `  ${place} ${message}`)].join("\n");
  const { refusal } = error as { refusal?: { detail: string } };
  if (refusal !== undefined) return refusal.detail;
  const problem = databaseProblem(error);
  if (problem !== null) return problem.message;
  return ["ConfigError", "StoreError", "StoreHeld", "MigrationError", "BackupError"].includes(error.name) ? error.message : (error.stack ?? error.message);
}
