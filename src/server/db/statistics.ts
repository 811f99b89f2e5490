/**
 * Keeps the planner's statistics near the truth while tables are young. A table that fills from nothing within a minute is
 * analysed by autovacuum only after that minute, and until then each update of a batch walks the whole table (measured:
 * 670 instead of 22 microseconds a lead at 9,000 leads). This looks every two seconds and analyses what has grown fourfold.
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

/**
 * Analyses young tables that have grown fourfold, or at all for the first time; answers their names. Only the columns that
 * stand in an index: that is what plans by key depend on, and the long ones cost more than all the rest.
 */
export async function analyzeGrown(client: Client): Promise<readonly string[]> {
  const { rows } = await client.query<{ name: string; columns: string }>(
    `select format('%I.%I', s.schemaname, s.relname) as name, string_agg(distinct quote_ident(a.attname), ', ') as columns
     from pg_stat_user_tables s
     join pg_index i on i.indrelid = s.relid
     join pg_attribute a on a.attrelid = s.relid and a.attnum = any (i.indkey)
     where s.schemaname = 'public' and s.n_live_tup < $1 and s.n_mod_since_analyze > 100 and s.n_mod_since_analyze > (s.n_live_tup - s.n_mod_since_analyze) * 3
       and not exists (select 1 from pg_class c join pg_am m on m.oid = c.relam where c.oid = i.indexrelid and m.amname = 'gin')
     group by 1`,
    [GROWN_ROWS],
  );
  for (const { name, columns } of rows) await client.query(`analyze ${name} (${columns})`);
  return rows.map((row) => row.name);
}
