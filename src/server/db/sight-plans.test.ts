/** What it costs to see only a part: the default lists of people with few and with many leads among 100,000. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Viewer } from "../../core/access/access.ts";
import { teamsOf } from "../../core/access/sight.ts";
import { type CompiledConfig, compileConfig } from "../../core/config/compile.ts";
import { defaultConfig } from "../../core/config/default-config.ts";
import { mustSeeLead } from "../features/access/access.service.ts";
import { type LeadList, listLeads } from "../features/leads/lead-list.service.ts";
import { withClient } from "../store/roles.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { bindDb, composedSql, createDatabase, type Database, type Db } from "./db.ts";

const LEADS = 100_000;
const WORKSPACE = "0192f0a0-0000-7000-8000-000000000001";

/** Thirty reps in six teams share a third of the leads; the newcomer is alone in a team and owns three. */
const REPS = Array.from({ length: 31 }, (_, i) => `0192f0a0-0000-7000-8000-0000000001${String(i).padStart(2, "0")}`);
const NEWCOMER = REPS[30] as string;

const config: CompiledConfig = compileConfig(
  {
    ...defaultConfig(REPS.map((id) => ({ id, name: id, active: true }))),
    teams: [
      ...Array.from({ length: 6 }, (_, team) => ({ id: `team${team}`, name: `Team ${team}`, members: REPS.slice(0, 30).filter((__, i) => i % 6 === team) })),
      { id: "new", name: "New", members: [NEWCOMER] },
    ],
  },
  1,
);

const ID = "(lpad(to_hex(1760000000000 + i), 12, '0') || '80008' || lpad(to_hex(i), 15, '0'))::uuid";
const OWNER = "('0192f0a0-0000-7000-8000-0000000001' || lpad(((i / 3) % 30)::text, 2, '0'))::uuid";

const FILL = [
  `insert into lead (workspace_id, id, number, version, last_name, stage, status, heat, score, fit, engagement, bant, quality, freshness, ledger, scored_with, scored_at,
     owner_id, team, resting, tags, fields, bant_answers, state, captured_at, stage_at, created_at, updated_at)
   select $1, ${ID}, 1, 1, 'Last' || i % 1500, case when i % 3 > 0 then 'inquiry' when i % 60 = 0 then 'customer' else (array['mql', 'sql', 'lost'])[1 + i % 3] end, 'new', 'cold',
     i::bigint * 7919 % 10000, 0, 0, 0, 0, 0, '{1,100}', 1, now(),
     case when i in (10, 5000, 90000) then '${NEWCOMER}'::uuid when i % 3 = 0 then ${OWNER} end, case when i in (10, 5000, 90000) then 'new' when i % 3 = 0 then 'team' || (i / 3) % 6 end,
     false, '{}', '{}', '{}', '{"passes": {"inquiry": 1}}', timestamptz '2026-11-22' - i * interval '7 min', now(), timestamptz '2026-11-22' - i * interval '6 min', now() from generate_series(1, ${LEADS}) i`,
  `insert into task (workspace_id, id, lead_id, key, kind, title, stage, pass, state, owner_id, process_config, due_at, created_at)
   select $1, ${ID}, ${ID}, 'call', 'call', 'Call', 'mql', 1, case when i % 9 = 0 then 'open' else 'done' end, ${OWNER}, 1, now(), now() from generate_series(3, ${LEADS}, 3) i`,
  `insert into opportunity (workspace_id, id, lead_id, name, stage, owner_id, form, stage_at, created_at, updated_at)
   select $1, ${ID}, ${ID}, 'Deal', 'demo', ${OWNER}, '{}', now(), now(), now() from generate_series(3, ${LEADS}, 30) i`,
];

let made: TestDatabase;
let database: Database;

beforeAll(async () => {
  made = await testDatabase();
  await withClient(made.owner, async (client) => {
    for (const statement of FILL) await client.query(statement.replaceAll("$1", `'${WORKSPACE}'::uuid`));
    await client.query("vacuum analyze");
  });
  database = createDatabase(made.app, 1);
}, 120_000);

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly "Rows Removed by Filter"?: number;
  readonly Plans?: readonly Plan[];
};

/** Runs statements, and counts what each read: tables from end to end, and how many rows of tables and indexes. */
function watched(): { readonly db: Db; readonly scanned: string[]; readonly read: { rows: number } } {
  const scanned: string[] = [];
  const read = { rows: 0 };
  const bound = bindDb(database.pool, WORKSPACE);
  const collect = (plan: Plan): void => {
    if (plan["Node Type"] === "Seq Scan" && plan["Relation Name"] !== "workspace") scanned.push(plan["Relation Name"] ?? "?");
    if (plan["Node Type"].includes("Scan")) read.rows += ((plan["Actual Rows"] ?? 0) + (plan["Rows Removed by Filter"] ?? 0)) * (plan["Actual Loops"] ?? 1);
    plan.Plans?.forEach(collect);
  };
  const query = async <R>(statement: Parameters<Db["query"]>[0]): Promise<R[]> => {
    const [row] = await bound.query<{ readonly "QUERY PLAN": readonly { readonly Plan: Plan }[] }>(
      composedSql(`explain (analyze, format json) ${statement.text.replaceAll("workspace_id = $1::uuid", "workspace_id = $1")}`, statement.values),
    );
    row?.["QUERY PLAN"].forEach(({ Plan }) => collect(Plan));
    return bound.query<R>(statement);
  };
  return { db: { ...bound, query }, scanned, read };
}

const viewer = (userId: string, sees: Viewer["sees"], role: Viewer["role"] = "salesRep"): Viewer => ({
  userId,
  role,
  sees,
  teams: teamsOf(config.config, userId),
});

const depsOf = (db: Db, who: Viewer) => ({
  db,
  viewer: who,
  now: () => Date.UTC(2026, 10, 22),
  configs: { get: async () => config, recent: async () => config, version: async () => config },
});

const PEOPLE: readonly [string, Viewer][] = [
  ["a rep", viewer(REPS[3] as string, "team")],
  ["a rep who sees only his own", viewer(REPS[3] as string, "own")],
  ["a newcomer with three leads", viewer(NEWCOMER, "team")],
  ["a newcomer who sees only his own", viewer(NEWCOMER, "own")],
  ["a manager", viewer(REPS[4] as string, "team", "salesManager")],
  ["customer success", viewer(REPS[5] as string, "customers", "customerSuccess")],
];

test.each(PEOPLE.flatMap(([name, who]) => ["-capturedAt", "-score,createdAt"].map((sort) => [name, sort, who] as const)))(
  "the list of %s by %s reads about what it shows and scans nothing",
  async (_, sort, who) => {
    const { db, scanned, read } = watched();
    const { items } = JSON.parse(await listLeads(depsOf(db, who), { sort })) as LeadList;
    expect(items.length).toBe(who.userId === NEWCOMER ? 3 : 50);
    expect(scanned).toEqual([]);
    expect(read.rows).toBeLessThan(LEADS / 10);
  },
);

test.each(PEOPLE)("a count for %s scans nothing", async (_, who) => {
  const { db, scanned } = watched();
  await listLeads(depsOf(db, who), { limit: 1, total: true });
  expect(scanned).toEqual([]);
});

test("whether one lead is seen is asked of that lead", async () => {
  const { db, scanned, read } = watched();
  await mustSeeLead(depsOf(db, viewer(NEWCOMER, "team")), "019a0000-0000-8000-8000-000000000000").catch(() => undefined);
  expect(scanned).toEqual([]);
  expect(read.rows).toBeLessThan(100);
});
