/**
 * Keeps the planner's statistics near the truth while tables are young. A table that fills from nothing within a minute is
 * analysed by autovacuum only after that minute, and until then each update of a batch walks the whole table (measured:
 * 670 instead of 22 microseconds a lead at 9,000 leads). This looks every two seconds and analyses what has grown by half.
 */
import { Client, type ClientConfig } from "pg";
import type { Logger } from "pino";

const LOOK_MS = 2000;
/** From here on autovacuum is soon enough. */
const GROWN_ROWS = 200_000;

export type StatisticsKeeper = { stop(): Promise<void> };

export function startStatisticsKeeper(owner: ClientConfig, log: Pick<Logger, "debug">): StatisticsKeeper {
  let client: Client | null = null;
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const look = async (): Promise<void> => {
    try {
      if (client === null) {
        client = new Client(owner);
        client.on("error", () => {
          client = null;
        });
        await client.connect();
      }
      await analyzeGrown(client);
    } catch (error) {
      log.debug({ err: error }, "statistics could not be looked at; they are looked at again");
      client = null;
    }
  };
  let running: Promise<void> = look();
  const again = (): void => {
    timer = setTimeout(() => {
      running = look().then(() => {
        if (!stopped) again();
      });
    }, LOOK_MS).unref();
  };
  again();
  return {
    async stop() {
      stopped = true;
      clearTimeout(timer);
      await running;
      await client?.end().catch(() => {});
    },
  };
}

/** Analyses young tables that have grown by half, or at all for the first time; answers their names. */
export async function analyzeGrown(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string }>(
    `select format('%I.%I', schemaname, relname) as name from pg_stat_user_tables
     where schemaname = 'public' and n_live_tup < $1 and n_mod_since_analyze > 100 and n_mod_since_analyze > (n_live_tup - n_mod_since_analyze) * 0.5`,
    [GROWN_ROWS],
  );
  for (const { name } of rows) await client.query(`analyze ${name}`);
  return rows.map((row) => row.name);
}
