import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE } from "../../core/access/access.ts";
import { DATE_FIELDS, type Filter, NUMBER_FIELDS, TEXT_FIELDS } from "../../core/filter/filter.ts";
import { SORT_FIELDS } from "../../core/filter/sort.ts";
import { listLeads } from "../features/leads/lead-list.service.ts";
import { search } from "../features/search/search.service.ts";
import { withClient } from "../store/roles.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { NOW, OWNERS, randomConfig } from "../testing/random-leads.ts";
import { bindDb, composedSql, createDatabase, type Database, type Db } from "./db.ts";

const LEADS = 100_000;
const SEARCHED = "0192f0a0-0000-7000-8000-000000000001";
const NEIGHBOUR = "0192f0a0-0000-7000-8000-000000000002";

let made: TestDatabase;
let database: Database;

beforeAll(async () => {
  made = await testDatabase();
  await withClient(made.owner, async (client) => {
    for (const [workspaceId, count] of [
      [SEARCHED, LEADS],
      [NEIGHBOUR, LEADS],
    ] as const) {
      for (const statement of FILL) await client.query(statement.replaceAll("$1", `'${workspaceId}'::uuid`).replaceAll("$2", String(count)));
    }
    await client.query("vacuum analyze");
  });
  database = createDatabase(made.app, 1);
}, 240_000);

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

const ID = "(lpad(to_hex(1760000000000 + i), 12, '0') || '80008' || lpad(to_hex(i), 15, '0'))::uuid";

const FILL = [
  `insert into lead (workspace_id, id, number, version, email, phone, external_id, first_name, last_name, company, job_title, country, city, website, source, campaign, stage, status, heat,
     score, fit, engagement, bant, quality, freshness, ledger, scored_with, scored_at, owner_id, team, resting, tags, fields, bant_answers, state, captured_at, stage_at, created_at, updated_at)
   select $1, ${ID}, 1, 1, 'p' || i || '@c' || i % 5000 || '.example', '+4930' || i, 'x' || i, 'First' || i % 900, 'Last' || i % 1500, 'Company ' || i % 5000, 'Job ' || i % 70, 'C' || i % 40, 'City ' || i % 800,
     'https://c' || i % 5000 || '.example', 'source' || i % 12, 'campaign' || i % 90, (array['inquiry', 'mql', 'sql', 'lost'])[1 + i % 4], (array['new', 'working', 'dead'])[1 + i % 3], (array['hot', 'warm', 'cold'])[1 + i % 3],
     i::bigint * 7919 % 10000, i % 5000, i % 5000, i % 500, i % 500, i % 500, '{1,100}', 1, now(), ('0192f0a0-0000-7000-8000-0000000000' || (array['aa', 'bb', 'cc', 'dd'])[1 + i % 4])::uuid, 'team' || i % 5, false,
     array['tag' || i % 30], jsonb_build_object('need', 'need ' || i % 300, 'size', i % 1000), '{"budget": "yes"}', '{"consent": {"news": {"given": true, "at": 1}}, "provenance": {}}',
     timestamptz '2026-11-22' - i * interval '7 min', now() - i * interval '5 min', timestamptz '2026-11-22' - i * interval '6 min', now() - i * interval '3 min' from generate_series(1, $2) i`,
  `insert into lead_value (workspace_id, field, lead_id, text, number) select $1, f, ${ID}, case f when 'need' then 'need ' || i % 300 end, case f when 'size' then i % 1000 when 'trial' then i % 2 end
   from generate_series(1, $2) i, unnest(array['need', 'size', 'trial']) f`,
  `insert into task (workspace_id, id, lead_id, key, kind, title, stage, pass, state, process_config, due_at, created_at) select $1, ${ID}, ${ID}, 'call', 'call', 'Call', 'mql', 1, 'open', 1, now(), now() from generate_series(1, $2) i`,
  `insert into signal (workspace_id, lead_id, facet, first_at, last_at, total, days) select $1, ${ID}, 'pageView', now(), now(), 3, '{20400,1,20410,2}' from generate_series(1, $2) i`,
  `insert into search_entry (workspace_id, type, id, title, detail, text) select $1, 'lead', ${ID}, 'First' || i % 900 || ' Last' || i % 1500, 'Company ' || i % 5000,
     'first' || i % 900 || ' last' || i % 1500 || ' company ' || i % 5000 || ' p' || i || '@c' || i % 5000 || '.example +4930' || i from generate_series(1, $2) i`,
];

/** A Db that answers nothing and keeps what the plan of each statement reads: tables from end to end, and how many rows. */
function explaining(how = "format json"): { readonly db: Db; readonly scanned: string[]; readonly read: { rows: number } } {
  const scanned: string[] = [];
  const read = { rows: 0 };
  const bound = bindDb(database.pool, SEARCHED);
  const query = async <R>(statement: Parameters<Db["query"]>[0]): Promise<R[]> => {
    if (statement.text.startsWith("explain")) return bound.query<R>(statement);
    const [row] = await bound.query<{ readonly "QUERY PLAN": readonly { readonly Plan: Plan }[] }>(
      composedSql(`explain (${how}) ${statement.text}`, statement.values),
    );
    for (const { Plan } of row?.["QUERY PLAN"] ?? []) read.rows += collectScans(Plan, scanned);
    return [];
  };
  return { db: { ...bound, query }, scanned, read };
}

type Plan = {
  readonly "Node Type": string;
  readonly "Relation Name"?: string;
  readonly "Actual Rows"?: number;
  readonly "Actual Loops"?: number;
  readonly "Rows Removed by Filter"?: number;
  readonly "Rows Removed by Index Recheck"?: number;
  readonly Plans?: readonly Plan[];
};

/** Returns the rows that were read of tables and indexes. */
function collectScans(plan: Plan, into: string[]): number {
  // `workspace` has a row a workspace, one page of them here: reading it is what an index on it would cost. What grows with leads is what counts.
  if (plan["Node Type"] === "Seq Scan" && plan["Relation Name"] !== "workspace") into.push(plan["Relation Name"] ?? "?");
  const each = (plan["Actual Rows"] ?? 0) + (plan["Rows Removed by Filter"] ?? 0) + (plan["Rows Removed by Index Recheck"] ?? 0);
  const own = plan["Node Type"].includes("Scan") && !plan["Node Type"].startsWith("CTE") ? each * (plan["Actual Loops"] ?? 1) : 0;
  return (plan.Plans ?? []).reduce((sum, part) => sum + collectScans(part, into), own);
}

const deps = (db: Db) => ({
  db,
  now: () => NOW,
  viewer: EVERYONE,
  configs: { get: async () => randomConfig, recent: async () => randomConfig, version: async () => randomConfig },
});

const VALUES: Readonly<Record<string, string>> = {
  stage: "mql",
  status: "working",
  heat: "hot",
  owner: OWNERS[0],
  email: "p777@c777.example",
  phone: "+4930777",
  source: "source3",
  country: "c7",
  team: "team1",
  "fields.need": "need 77",
  "bant.budget": "yes",
  firstName: "first77",
  lastName: "last77",
  company: "company 77",
};

const conditions: readonly Filter[] = [
  ...[...TEXT_FIELDS, "fields.need", "bant.budget"].flatMap((field): Filter[] => {
    const value = VALUES[field] ?? "value";
    return [
      ...(["eq", "ne", "gte", "lt", "startsWith", "contains"] as const).map((op) => ({ field, op, value })),
      { field, op: "in", value: [value, "other"] },
      { field, op: "between", value: [value, `${value}z`] },
      { field, op: "isEmpty" },
      { field, op: "contains", value: "zz" },
    ];
  }),
  ...[...NUMBER_FIELDS, "fields.size"].flatMap((field): Filter[] => [
    ...(["eq", "ne", "gte", "gt", "lte", "lt"] as const).map((op) => ({ field, op, value: 42 })),
    { field, op: "in", value: [1, 2.5] },
    { field, op: "between", value: [10, 20] },
    { field, op: "isEmpty" },
  ]),
  ...DATE_FIELDS.flatMap((field): Filter[] => [
    ...(["eq", "gte", "lt"] as const).map((op) => ({ field, op, value: "2026-11-01" })),
    { field, op: "between", value: ["2026-10-01", "2026-10-31"] },
  ]),
  ...(["fields.trial", "consent.news"] as const).flatMap((field): Filter[] => [
    { field, op: "eq", value: true },
    { field, op: "ne", value: true },
    { field, op: "isEmpty" },
  ]),
  { field: "tags", op: "eq", value: "tag7" },
  { field: "tags", op: "in", value: ["tag7", "tag8"] },
  { field: "touches.pageView", op: "gte", value: { count: 3 } },
  { field: "touches.pricing", op: "gte", value: { count: 1, withinDays: 7 } },
  { field: "touches.pageView", op: "eq", value: { count: 0 } },
];

test("no filter reads a table from end to end, whatever it is sorted by", async () => {
  const slow: string[] = [];
  for (const filter of conditions) {
    for (const sort of ["-capturedAt", "-score"]) {
      const { db, scanned } = explaining();
      await listLeads(deps(db), { filter, sort });
      if (scanned.length > 0) slow.push(`${JSON.stringify(filter)} by ${sort}: ${scanned.join(", ")}`);
    }
  }
  expect(slow).toEqual([]);
});

test("neither does any sort, in either direction", async () => {
  const slow: string[] = [];
  for (const field of [...SORT_FIELDS, "fields.size", "fields.need", "score,createdAt"]) {
    for (const sort of [field, `-${field}`]) {
      const { db, scanned } = explaining();
      await listLeads(deps(db), { sort });
      if (scanned.length > 0) slow.push(`${sort}: ${scanned.join(", ")}`);
    }
  }
  expect(slow).toEqual([]);
});

test("nor counting, nor search", async () => {
  const { db, scanned } = explaining();
  await listLeads(deps(db), { filter: { field: "source", op: "eq", value: "source3" }, total: true });
  for (const q of ["fi", "first77", "frist77 last777", "company 77", "p777@c777", "4930777", "first7 last7 companyy"]) await search(deps(db), { q });
  expect(scanned).toEqual([]);
});

const OWNED: Filter = {
  and: [
    { field: "stage", op: "eq", value: "mql" },
    { field: "owner", op: "eq", value: "0192f0a0-0000-7000-8000-0000000000bb" },
  ],
};

test.each<[string, Parameters<typeof listLeads>[1]]>([
  ["the newest", {}],
  ["the highest scores", { sort: "-score" }],
  ["the highest scores, the older first", { sort: "-score,createdAt" }],
  ["a stage", { filter: { field: "stage", op: "eq", value: "MQL" }, sort: "-score" }],
  ["an owner's leads in a stage", { filter: OWNED, sort: "-score" }],
  ["high scores", { filter: { field: "score", op: "gte", value: 99 }, sort: "-score" }],
  ["one address", { filter: { field: "email", op: "eq", value: "p77777@c2777.example" } }],
  ["a rare part of an address", { filter: { field: "email", op: "contains", value: "77777@" } }],
  ["a telephone number", { filter: { field: "phone", op: "startsWith", value: "+4930777" } }],
  ["a last name", { filter: { field: "lastName", op: "eq", value: "LAST77" } }],
  ["a value of a field of one's own", { filter: { field: "fields.need", op: "eq", value: "Need 77" } }],
  ["a rare range of such a field", { filter: { field: "fields.size", op: "gte", value: 995 }, sort: "-score" }],
])("%s are found by reading about as many rows as they are", async (_, request) => {
  const { db, read } = explaining("analyze, format json");
  await listLeads(deps(db), request);
  expect(read.rows).toBeGreaterThan(0);
  expect(read.rows).toBeLessThan(LEADS / 10);
});
