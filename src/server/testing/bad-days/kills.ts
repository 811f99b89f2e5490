/**
 * Kills: a server under writers and imports is ended with SIGKILL again and again, sometimes together with its database, and
 * each time what comes back is held against what was acknowledged.
 */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { PoolConfig } from "pg";
import { ask, embeddedDatabase, killDatabase, launchServer, runCommand, type Server, setUp, startServer, until, type Where } from "./baton.ts";
import { startLoad } from "./load.ts";
import { createDice, type Dice } from "./random.ts";
import { askDatabase, findBroken, findMiscounted, findUnlawful } from "./truth.ts";

export type KillPlan = {
  readonly seed: number;
  readonly kills: number;
  /** How many of the kills must fall into an import. */
  readonly duringImport: number;
  readonly writers: number;
  /** Rows of each imported file; some are the same person, some are no lead at all. */
  readonly rows: number;
  readonly tell?: (line: string) => void;
};

export type KillReport = {
  readonly broken: readonly string[];
  readonly kills: number;
  readonly duringImport: number;
  readonly withDatabase: number;
  readonly beforeReady: number;
  readonly imports: number;
  readonly acknowledged: number;
};

/** Runs the plan on an empty data folder. Stops at the first round after which something is broken. */
export async function killAgainAndAgain(where: Where, plan: KillPlan): Promise<KillReport> {
  const workspace = await setUp(where);
  let server = await startServer(where);
  try {
    return await carryOut(where, plan, workspace.apiKey, {
      now: () => server,
      launch: () => (server = launchServer(where)),
    });
  } finally {
    server.signal("SIGKILL");
    await server.gone;
  }
}

/** The server that stands now, and the next one in its place. */
type Servers = { readonly now: () => Server; readonly launch: () => Server };

async function carryOut(where: Where, plan: KillPlan, apiKey: string, servers: Servers): Promise<KillReport> {
  const { seed, kills, writers, tell = () => {} } = plan;
  const dice = createDice(seed);
  const at = embeddedDatabase(where.dataDir);
  const load = startLoad({ url: () => servers.now().url, apiKey, writers, seed });
  const files = importer(where, at, plan.rows);
  const report = { kills: 0, duringImport: 0, withDatabase: 0, beforeReady: 0 };
  const broken: string[] = [];
  while (report.kills < kills && broken.length === 0) {
    const wantsImport = report.duringImport < plan.duringImport;
    const importing = wantsImport && (await files.untilUnderWay());
    if (!importing) await untilSettled(load, 5);
    await sleep(dice.pick(importing ? 120 : 500));
    const withDatabase = report.kills % 4 === 3;
    const killedAt = Date.now();
    await kill(where, servers.now(), withDatabase, dice);
    report.kills++;
    if (withDatabase) report.withDatabase++;
    servers.launch();
    // Now and then the next start is cut short as well.
    if (report.kills < kills && dice.chance(0.15)) {
      await sleep(dice.pick(900));
      await kill(where, servers.now(), false, dice);
      report.kills++;
      report.beforeReady++;
      servers.launch();
    }
    await servers.now().ready;
    if (importing && (await files.wasUnderWay(killedAt))) report.duringImport++;
    broken.push(...(await findBroken(at, load.promised)), ...(await findUnlawful(at)));
    tell(
      `kill ${report.kills}${importing ? ", importing" : ""}${withDatabase ? ", with the database" : ""}: ${load.promised.leads.size} people acknowledged, ${broken.length} broken`,
    );
  }
  if (broken.length === 0) {
    await load.stop();
    broken.push(...(await files.finish()));
    await until("the last touches are counted", 30_000, async () => (await askDatabase(at, "select 1 from touch_inbox limit 1")).length === 0);
    broken.push(...(await findBroken(at, load.promised)), ...(await findMiscounted(at, load.promised)), ...load.caller.wrong);
    const doctor = await ask<{ violations: readonly unknown[] }>(where, "doctor", "--replay", "50");
    broken.push(...doctor.violations.map((violation) => JSON.stringify(violation)));
  } else await Promise.race([load.stop().catch(() => {}), sleep(5000)]);
  const server = servers.now();
  server.signal("SIGTERM");
  const end = await server.gone;
  if (end !== 0) broken.push(`the server ended with ${end} when asked to: ${server.said().slice(-2000)}`);
  return { ...report, broken, imports: files.begun(), acknowledged: load.promised.leads.size + load.promised.touches.size + load.promised.tasks.size };
}

async function kill(where: Where, server: Server, withDatabase: boolean, dice: Dice): Promise<void> {
  const first = dice.chance(0.5);
  if (withDatabase && first) killDatabase(where.dataDir);
  server.signal("SIGKILL");
  if (withDatabase && !first) killDatabase(where.dataDir);
  await server.gone;
}

async function untilSettled(load: { readonly settled: () => number }, more: number): Promise<void> {
  const from = load.settled();
  await until("writers are answered", 60_000, () => load.settled() >= from + more);
}

type ImportState = { readonly state: string; readonly chunks: number; readonly finished: number | null; readonly imports: number };

type Importer = {
  /** Begins an import when none is under way, and waits until the one under way has done something. False when it was over too soon. */
  untilUnderWay(): Promise<boolean>;
  /** Whether the newest import was unfinished at that moment (ms). */
  wasUnderWay(at: number): Promise<boolean>;
  begun(): number;
  /** Waits until all imports are done; what does not add up, in words. */
  finish(): Promise<readonly string[]>;
};

/** Imports files in which some rows speak of somebody the file has named before, and every tenth cannot be taken. */
function importer(where: Where, at: PoolConfig, rows: number): Importer {
  let begun = 0;
  const newest = async (): Promise<ImportState> => {
    const [row] = await askDatabase<ImportState>(
      at,
      `select i.state, (extract(epoch from i.finished_at) * 1000)::float8 as finished, (select count(*)::int from import) as imports,
         (select count(*)::int from import_chunk c where c.import_id = i.id) as chunks from import i order by i.created_at desc limit 1`,
    );
    return row ?? { state: "none", chunks: 0, finished: null, imports: 0 };
  };
  const isOver = ({ state }: ImportState): boolean => state !== "queued" && state !== "running";
  return {
    begun: () => begun,
    async untilUnderWay() {
      let now = await newest();
      const from = isOver(now) ? 0 : now.chunks;
      if (isOver(now)) {
        begun++;
        const { file, map } = writeImport(where, begun, rows);
        // The command will be told that the server was lost; the import is the server's.
        void runCommand(where, "import", file, "--map", map, "--json");
      }
      await until("the import does something", 60_000, async () => {
        now = await newest();
        return now.imports === begun && (isOver(now) || now.chunks > from);
      });
      return !isOver(now);
    },
    async wasUnderWay(moment) {
      const { finished } = await newest();
      return finished === null || finished >= moment;
    },
    async finish() {
      await until("the imports are over", 120_000, async () => isOver(await newest()));
      const all = await askDatabase<{ state: string; reason: string | null; counts: Record<"rows" | "created" | "updated" | "skipped" | "rejected", number> }>(
        at,
        "select state, reason, counts from import",
      );
      const broken: string[] = [];
      for (const { state, reason, counts } of all) {
        const { rows: counted, created, updated, skipped, rejected } = counts;
        const expected = { rows, rejected: Math.ceil(rows / 10), people: peopleIn(rows) };
        if (
          state !== "done" ||
          counted !== rows ||
          created + updated + skipped + rejected !== rows ||
          rejected !== expected.rejected ||
          created !== expected.people
        )
          broken.push(`an import of ${JSON.stringify(expected)} ended ${state} (${reason ?? ""}) with ${JSON.stringify(counts)}`);
      }
      const [people] = await askDatabase<{ count: number }>(at, "select count(*)::int as count from lead where email like 'import%'");
      if (people?.count !== all.length * peopleIn(rows))
        broken.push(`imports made ${people?.count} people, and should have made ${all.length * peopleIn(rows)}`);
      return broken;
    },
  };
}

function writeImport({ dataDir }: Where, number: number, rows: number): { readonly file: string; readonly map: string } {
  const file = path.join(dataDir, `import-${number}.csv`);
  const map = path.join(dataDir, "import-map.json");
  const lines = Array.from({ length: rows }, (_, row) => `${addressIn(row, number)},Name ${row},fair`);
  writeFileSync(file, `email,name,origin\n${lines.join("\n")}\n`);
  writeFileSync(map, JSON.stringify({ match: "email", columns: { email: "email", name: "lastName", origin: "source" } }));
  return { file, map };
}

function addressIn(row: number, number: number): string {
  if (row % 10 === 0) return `row ${row} is no address`;
  return `import${number}-${personIn(row)}@example.com`;
}

function personIn(row: number): number {
  return row % 3 === 0 && row > 700 ? row - 601 : row;
}

function peopleIn(rows: number): number {
  return new Set(Array.from({ length: rows }, (_, row) => row).flatMap((row) => (row % 10 === 0 ? [] : [personIn(row)]))).size;
}
