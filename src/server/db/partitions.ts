/**
 * Monthly partitions of the tables that grow with every input: this month's and the next two are there before they are
 * needed. What no partition takes goes to the default one, so a month that was missed loses nothing; a month whose rows
 * already lie there stays there, because moving them would lock out everybody who captures.
 */
import { Client, type ClientConfig } from "pg";
import type { Logger } from "pino";

const TABLES = ["intake", "touch"] as const;
const MONTHS_AHEAD = 2;
const DAY_MS = 86_400_000;

/** Names of partitions made now, and of those that cannot be made because the default partition holds rows of the month. */
export type Partitions = { readonly made: readonly string[]; readonly left: readonly string[] };

export type PartitionKeeper = { stop(): Promise<void> };

/** Sees to the partitions now and daily. A failure is logged and tried again a day later: the default partitions catch the rest. */
export async function startPartitionKeeper(
  house: { readonly now: () => number; readonly log: Pick<Logger, "info" | "warn"> },
  owner: ClientConfig,
): Promise<PartitionKeeper> {
  const look = async (): Promise<void> => {
    try {
      const { made, left } = await ensurePartitions(owner, house.now());
      if (made.length > 0) house.log.info({ made }, "made partitions");
      if (left.length > 0) house.log.warn({ left }, "the default partition holds rows of these months already; they stay there");
    } catch (error) {
      house.log.warn({ err: error }, "partitions could not be made; rows go to the default partitions, and tomorrow it is tried again");
    }
  };
  await look();
  let running = Promise.resolve();
  const timer = setInterval(() => {
    running = look();
  }, DAY_MS).unref();
  return {
    async stop() {
      clearInterval(timer);
      await running;
    },
  };
}

/** Makes what is missing for the month of `now` (ms, UTC) and the next two. Safe when several Batons do it at once. */
export async function ensurePartitions(owner: ClientConfig, now: number): Promise<Partitions> {
  const client = new Client({ connectionTimeoutMillis: 10_000, ...owner });
  client.on("error", () => {});
  await client.connect();
  try {
    const made: string[] = [];
    const left: string[] = [];
    const [year, month] = [new Date(now).getUTCFullYear(), new Date(now).getUTCMonth()];
    for (const table of TABLES) {
      for (let i = 0; i <= MONTHS_AHEAD; i++) {
        const partition = partitionOf(table, year, month + i);
        const outcome = await ensurePartition(client, partition);
        if (outcome === "made") made.push(partition.name);
        if (outcome === "left") left.push(partition.name);
      }
    }
    return { made, left };
  } finally {
    await client.end().catch(() => {});
  }
}

export type Partition = { readonly table: string; readonly name: string; readonly from: string; readonly to: string };

/** The partition of a month; months count from 0 and may run over the end of the year. */
function partitionOf(table: string, year: number, month: number): Partition {
  const from = new Date(Date.UTC(year, month, 1)).toISOString();
  return { table, name: `${table}_${from.slice(0, 4)}_${from.slice(5, 7)}`, from, to: new Date(Date.UTC(year, month + 1, 1)).toISOString() };
}

/** An arbitrary number, the same in every Baton for ever. */
const LOCK = 20_261_102;

/**
 * Attaching takes far weaker locks on the parent than `create table … partition of`, so those who write meanwhile go on;
 * whoever holds the default partition longer than two seconds makes it fail, and it is tried again another day.
 */
export async function ensurePartition(client: Client, { table, name, from, to }: Partition): Promise<"there" | "made" | "left"> {
  const [parent, rest, child] = [table, `${table}_default`, name].map((part) => client.escapeIdentifier(part)) as [string, string, string];
  const range = `${client.escapeLiteral(from)}::timestamptz`;
  const end = `${client.escapeLiteral(to)}::timestamptz`;
  await client.query("begin");
  try {
    await client.query("set local lock_timeout = '2s'");
    await client.query("select pg_advisory_xact_lock($1)", [LOCK]);
    const { rows } = await client.query<{ there: boolean; taken: boolean }>(
      `select to_regclass($1) is not null as there, exists (select 1 from ${rest} where received_at >= ${range} and received_at < ${end}) as taken`,
      [name],
    );
    const outcome = rows[0]?.there === true ? "there" : rows[0]?.taken === true ? "left" : "made";
    if (outcome === "made") {
      await client.query(`create table ${child} (like ${parent} including all)`);
      await client.query(`alter table ${parent} attach partition ${child} for values from (${client.escapeLiteral(from)}) to (${client.escapeLiteral(to)})`);
    }
    await client.query("commit");
    return outcome;
  } catch (error) {
    await client.query("rollback");
    // 23514: a row of the month came into the default partition after we had looked.
    if ((error as { code?: string }).code === "23514") return "left";
    throw error;
  }
}
