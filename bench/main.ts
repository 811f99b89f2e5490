/**
 * `npm run bench`: every bench beside its reference, in the same run on the same database. Three houses, one after another:
 * an empty one to capture into, an empty one to import into, a full one to read and rescore.
 *
 * Stdout carries the result, stderr what is going on. Exit code 1 when a floor is missed or a bench could not be finished.
 */
import os from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Bench } from "./bench.ts";
import { benchCapture } from "./capture.ts";
import { type Figure, table } from "./figures.ts";
import { benchFlat, benchRescore, benchStart, captureAmongFew, fewOf, fillHouse } from "./full-house.ts";
import { type BenchHouse, openBenchHouse } from "./house.ts";
import { benchImport } from "./import.ts";
import { benchInteraction } from "./interaction.ts";
import { NAMES, type Name, type Options, readOptions } from "./options.ts";
import { benchReading } from "./reading.ts";
import { benchTouches } from "./touches.ts";
import { benchWebBundle } from "./web-bundle.ts";

process.exitCode = await main(process.argv.slice(2));

async function main(words: readonly string[]): Promise<number> {
  const options = readOptions(words);
  if (typeof options === "string") {
    process.stderr.write(`${options}\n`);
    return 2;
  }
  const began = performance.now();
  const tell = (line: string): void => void process.stderr.write(`[${((performance.now() - began) / 1000).toFixed(0).padStart(4)} s] ${line}\n`);
  const benches: Figure[] = [];
  const failure = await runAll(options, tell, benches).then(
    () => null,
    (error: unknown) => (error instanceof Error ? error : new Error(String(error))),
  );
  const machine = machineNow();
  const inOrder = benches.toSorted((one, other) => NAMES.indexOf(one.name as Name) - NAMES.indexOf(other.name as Name));
  process.stdout.write(options.json ? `${JSON.stringify({ machine, benches: inOrder })}\n` : `${JSON.stringify(machine)}\n\n${table(inOrder)}\n`);
  // What was measured before a failure is still worth reading.
  if (failure !== null) process.stderr.write(`${failure.stack ?? failure.message}\n`);
  return failure === null && benches.every(({ ok }) => ok) ? 0 : 1;
}

async function runAll({ names, scale }: Options, tell: Bench["tell"], figures: Figure[]): Promise<void> {
  const asked = (...some: readonly Name[]): boolean => some.some((name) => names.includes(name));
  const inHouse = (what: string, work: (bench: Bench) => Promise<void>): Promise<void> => withHouse(what, tell, (house) => work({ house, scale, tell }));
  if (asked("web-bundle")) figures.push(await benchWebBundle(tell));
  if (asked("capture", "touches", "touches-batch")) {
    await inHouse("an empty house", async (bench) => {
      if (asked("capture")) figures.push(await benchCapture(bench));
      if (asked("touches")) figures.push(await benchTouches(bench, 1));
      if (asked("touches-batch")) figures.push(await benchTouches(bench, 100));
    });
  }
  if (asked("import")) await inHouse("a house to import into", async (bench) => void figures.push(await benchImport(bench)));
  if (!asked("flat", "list", "search", "interaction", "jumps", "rescore", "start")) return;
  await inHouse("a full house", async (bench) => {
    const few = asked("flat") ? await captureAmongFew(bench) : [];
    await fillHouse(bench, asked("flat") ? fewOf(bench) : 0, scale.leads);
    if (asked("flat")) figures.push(await benchFlat(bench, few));
    const reading = (["list", "search"] as const).filter((name) => asked(name));
    if (reading.length > 0) figures.push(...(await benchReading(bench, reading)));
    const seen = (["interaction", "jumps"] as const).filter((name) => asked(name));
    if (seen.length > 0) figures.push(...(await benchInteraction(bench, seen)));
    if (asked("rescore")) figures.push(await benchRescore(bench));
    if (asked("start")) figures.push(await benchStart(bench));
  });
}

/** A house for a while. An interrupted run closes it too: whatever is under way then fails, and that is the end of it. */
async function withHouse(what: string, tell: Bench["tell"], work: (house: BenchHouse) => Promise<void>): Promise<void> {
  tell(`opening ${what}`);
  const interrupted = interruption();
  const opening = openBenchHouse();
  try {
    const house = await opening;
    await Promise.race([work(house), interrupted.happened]);
  } finally {
    interrupted.forget();
    await opening.then(
      (house) => house.close(),
      () => {},
    );
  }
}

function interruption(): { readonly happened: Promise<never>; readonly forget: () => void } {
  const { promise, reject } = Promise.withResolvers<never>();
  promise.catch(() => {});
  const stop = (): void => {
    reject(new Error("Interrupted: nothing was measured to the end."));
    // Work that goes on in the background must not keep the process: the house closes within this time.
    void sleep(60_000, undefined, { ref: false }).then(() => process.exit(1));
  };
  process.on("SIGINT", stop).on("SIGTERM", stop);
  return { happened: promise, forget: () => void process.off("SIGINT", stop).off("SIGTERM", stop) };
}

function machineNow(): object {
  const [cpu] = os.cpus();
  return {
    cores: os.availableParallelism(),
    cpu: cpu?.model.trim() ?? "unknown",
    memoryGigabytes: Math.round(os.totalmem() / 2 ** 30),
    platform: `${os.platform()} ${os.arch()}`,
    node: process.version,
    loadAverage: os.loadavg()[0],
    date: new Date().toISOString().slice(0, 10),
  };
}
