/** What stands in the database against what was promised. */
import pg from "pg";
import { createDatabase } from "../../db/db.ts";
import { runDoctor } from "../../features/doctor/doctor.service.ts";
import { createConfigs } from "../../flow/configs.ts";
import type { Promised } from "./load.ts";

type Rows = readonly Record<string, unknown>[];

/** Everything acknowledged that is not there, and everything that is there twice, in words; `[]` is what is hoped for. Writers may be at work. */
export async function findBroken(at: pg.PoolConfig, promised: Promised): Promise<readonly string[]> {
  const [leads, touches, tasks] = [[...promised.leads], [...promised.touches.keys()], [...promised.tasks]];
  const contradictions = [...promised.contradictions];
  return withClient(at, async (client) => [
    ...contradictions,
    ...told(
      "an acknowledged lead is not there, or another one",
      await query(
        client,
        "select p.email, p.id, l.id as found from unnest($1::text[], $2::uuid[]) p (email, id) left join lead l on l.email = p.email where l.id is distinct from p.id",
        [leads.map(([email]) => email), leads.map(([, id]) => id)],
      ),
    ),
    ...told(
      "somebody is there twice",
      await query(client, "select email, count(*) as times from lead where email is not null group by email having count(*) > 1"),
    ),
    ...told(
      "an acknowledged touch is neither counted nor waiting",
      await query(
        client,
        `select p.id from unnest($1::text[]) p (id) where not exists (select 1 from touch_key k where k.key = p.id)
         and p.id not in (select t->>'key' from touch_inbox i, jsonb_array_elements(i.item::jsonb) n, jsonb_array_elements(n->'input'->'touches') t where t->>'key' is not null)`,
        [touches],
      ),
    ),
    ...told("a touch counted twice", await query(client, "select key, count(*) as times from touch where key is not null group by key having count(*) > 1")),
    ...told(
      "a completed task is not done, or was done more than once",
      await query(
        client,
        `select p.id, t.state, f.times from unnest($1::uuid[]) p (id) left join task t on t.id = p.id
         left join lateral (select count(*) as times from fact f where f.lead_id = t.lead_id and f.type = 'task.completed' and f.data->>'task' = p.id::text) f on true
         where t.state is distinct from 'done' or f.times <> 1`,
        [tasks],
      ),
    ),
    ...told(
      "a task was added more than once",
      await query(client, "select lead_id, stage, pass, key, count(*) as times from task group by lead_id, stage, pass, key having count(*) > 1"),
    ),
  ]);
}

/** For when nobody writes any more: signals count every promised touch once and nothing else is waiting. */
export async function findMiscounted(at: pg.PoolConfig, promised: Promised): Promise<readonly string[]> {
  const counts = new Map<string, number>();
  for (const email of promised.touches.values()) counts.set(email, (counts.get(email) ?? 0) + 1);
  return withClient(at, async (client) => [
    ...told("touches still wait", await query(client, "select id from touch_inbox limit 3")),
    ...told(
      "a lead's page views are not those it was promised",
      await query(
        client,
        `select p.email, p.views, s.total from unnest($1::text[], $2::int[]) p (email, views) left join lead l on l.email = p.email
         left join signal s on s.workspace_id = l.workspace_id and s.lead_id = l.id and s.facet = 'pageView' where s.total is distinct from p.views`,
        [[...counts.keys()], [...counts.values()]],
      ),
    ),
  ]);
}

/** What the doctor finds, in words. */
export async function findUnlawful(at: pg.PoolConfig, replay?: number): Promise<readonly string[]> {
  const database = createDatabase(at, 2);
  try {
    const { violations } = await runDoctor({ database, configs: createConfigs() }, { replay });
    return violations.map(({ law, detail, broken, rows }) => `${law}: ${broken} break "${detail}", as ${JSON.stringify(rows.slice(0, 2))}`);
  } finally {
    await database.pool.end();
  }
}

/** Asks the database itself. */
export async function askDatabase<T>(at: pg.PoolConfig, text: string, values: readonly unknown[] = []): Promise<readonly T[]> {
  return withClient(at, async (client) => (await client.query(text, [...values])).rows as T[]);
}

async function withClient<T>(at: pg.PoolConfig, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ ...at, connectionTimeoutMillis: 10_000 });
  client.on("error", () => {});
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end().catch(() => {});
  }
}

async function query(client: pg.Client, text: string, values: readonly unknown[] = []): Promise<Rows> {
  return (await client.query<Record<string, unknown>>(text, [...values])).rows;
}

function told(what: string, rows: Rows): readonly string[] {
  return rows.length === 0 ? [] : [`${what} (${rows.length}): ${JSON.stringify(rows.slice(0, 3))}`];
}
