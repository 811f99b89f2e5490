import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Input } from "../../../core/flow/input.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { bindDb, sql, workspace } from "../../db/db.ts";
import { startRescore } from "../../flow/rescore.ts";
import { uuidv7 } from "../../ids.ts";
import { START, type TestFlow, testFlow } from "../../testing/flow.ts";
import { CHECKS, type Report, runDoctor } from "./doctor.service.ts";

let flow: TestFlow;
let leads: readonly string[];

beforeAll(async () => {
  flow = await testFlow();
  leads = await fillHouse();
});
afterAll(() => flow.close());

const examine = (replay?: number): Promise<Report> => runDoctor(flow, { replay });

/** A house in which everything the laws speak of has happened. */
async function fillHouse(): Promise<readonly string[]> {
  const ids: string[] = [];
  for (let i = 0; i < 8; i++)
    ids.push(
      (
        await taken(
          flow.capture({
            email: `p${i}@example.com`,
            phone: i === 0 ? "+4930901820" : undefined,
            visitor: `v${i}`,
            company: `C${i % 3}`,
            jobTitle: "CEO",
            source: "web",
          }),
        )
      ).id,
    );
  const on = (i: number, input: Input) => taken(flow.on(ids[i] as string, input));
  for (const i of [0, 1, 2, 3, 4])
    await on(i, {
      kind: "touches",
      touches: [
        { kind: "contactRequest", at: null, props: null },
        { kind: "pageView", at: START - 5000, props: { url: "/pricing" } },
      ],
    });
  for (const i of [5, 6]) await on(i, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] });
  const called = await on(0, { kind: "look" });
  await on(0, { kind: "completeTask", taskId: called.tasks.find((task) => task.key === "call")?.id ?? "" });
  const converted = await on(1, { kind: "convert", form: { nextMeeting: "2026-05-01T10:00:00Z" } });
  await on(1, { kind: "opportunityStage", opportunityId: converted.opportunities[0]?.id ?? "", stage: "won" });
  await on(2, { kind: "reject", reason: "too small" });
  await on(3, { kind: "stage", stage: "mql" });
  await on(4, { kind: "edit", patch: { fields: { interests: "trains" } } });
  await flow.door.submit(flow.workspaceId, { ...flow.capture({ email: "once@example.com" }), idempotency: { key: "k1", hash: "h" } });
  await flow.door.submit(flow.workspaceId, { ...flow.capture({ email: "bad" }), input: { kind: "capture", patch: { fields: { unknown: 1 } }, touches: [] } });
  const importId = uuidv7();
  for (const row of [1, 2])
    await taken({
      ...flow.capture({ email: `old${row}@example.com` }),
      input: { kind: "import", importId, row, history: true, patch: { email: `old${row}@example.com` }, stage: "sql", stageAt: START - row * 86_400_000 },
    });
  await flow.db.execute(sql`
    insert into import (workspace_id, id, state, file_name, file_path, map, options, counts, created_at, updated_at, finished_at)
    values (${workspace}, ${importId}, 'done', 'a.csv', 'a.csv', '{}', '{"history": true, "dryRun": false}', '{"rows": 3, "created": 2, "updated": 0, "skipped": 0, "rejected": 1}', now(), now(), now())`);
  await flow.db.execute(
    sql`insert into import_chunk (workspace_id, import_id, first_row, end_row, created, updated, skipped, rejected) values (${workspace}, ${importId}, 1, 3, 2, 0, 0, 0), (${workspace}, ${importId}, 3, 4, 0, 0, 0, 1)`,
  );
  const number = await flow.publish((config) => ({
    ...config,
    model: { ...config.model, rules: config.model.rules.map((rule) => (rule.id === "has-company" && rule.kind === "field" ? { ...rule, points: 900 } : rule)) },
  }));
  await startRescore(flow, flow.workspaceId, number);
  return ids;

  async function taken(item: Parameters<TestFlow["door"]["submit"]>[1]): Promise<LeadState> {
    const outcome = await flow.door.submit(flow.workspaceId, item);
    if (outcome.kind !== "done") throw new Error(JSON.stringify(outcome));
    return outcome.lead;
  }
}

test("a house in which everything went through the door keeps every law, and its past leads to its present", async () => {
  const report = await examine(100);
  expect(report.violations).toEqual([]);
  expect(report.laws.map(({ law }) => law)).toEqual(["L1", "L2", "L5", "L6", "L7", "replay"]);
  for (const { law, checked } of report.laws) expect(checked, law).toBeGreaterThan(2);
});

/** Each law, broken by hand. `detail` is what the doctor must say, `row` what it must show of the row at fault. */
type Breach = {
  readonly how: string;
  readonly law: string;
  readonly detail: RegExp;
  readonly statements: readonly string[];
  readonly row?: () => Record<string, unknown>;
};

const lead = (i: number) => `(select id from lead where workspace_id = $1 and email = 'p${i}@example.com')`;

const BREACHES: readonly Breach[] = [
  {
    how: "an input is lost",
    law: "L1",
    detail: /numbered/,
    statements: [`delete from intake where workspace_id = $1 and lead_id = ${lead(4)} and kind = 'edit'`],
    row: () => ({ lead: leads[4], stands_at: 4 }),
  },
  {
    how: "touches are lost",
    law: "L1",
    detail: /numbered/,
    statements: [`delete from touch where workspace_id = $1 and lead_id = ${lead(5)}`],
    row: () => ({ lead: leads[5] }),
  },
  {
    how: "a number is taken twice",
    law: "L1",
    detail: /numbered/,
    statements: [`update intake set number = 1 where workspace_id = $1 and lead_id = ${lead(4)} and kind = 'edit'`],
    row: () => ({ lead: leads[4] }),
  },
  {
    how: "a rescoring takes a number that touches have",
    law: "L1",
    detail: /numbered/,
    statements: [`update rescore_chunk set numbers = array_fill(2, array[cardinality(numbers)]) where workspace_id = $1`],
    row: () => ({ lead: leads[5] }),
  },
  {
    how: "a lead has no input at all",
    law: "L1",
    detail: /numbered/,
    statements: [`update intake set state = 'refused' where workspace_id = $1 and lead_id = ${lead(7)}`],
    row: () => ({ lead: leads[7] }),
  },
  {
    how: "a lead is gone",
    law: "L1",
    detail: /numbered/,
    statements: [`delete from lead where workspace_id = $1 and id = ${lead(7)}`],
    row: () => ({ lead: leads[7], stands_at: null }),
  },
  {
    how: "an identity points at nobody",
    law: "L1",
    detail: /identity/,
    statements: [`update identity set lead_id = workspace_id where workspace_id = $1 and kind = 'phone'`],
    row: () => ({ kind: "phone", value: "+4930901820" }),
  },
  {
    how: "an idempotency answer names a lead that is not there",
    law: "L1",
    detail: /idempotency/,
    statements: [`update idempotency set answer = answer || jsonb_build_object('leadId', workspace_id) where workspace_id = $1`],
    row: () => ({ key: "k1" }),
  },
  {
    how: "an idempotency answer names an input that is not there",
    law: "L1",
    detail: /idempotency/,
    statements: [`update idempotency set answer = jsonb_build_object('intakeId', workspace_id) where workspace_id = $1`],
    row: () => ({ key: "k1" }),
  },
  {
    how: "an import's counts do not add up",
    law: "L2",
    detail: /created, updated, skipped or rejected/,
    statements: [`update import set counts = counts || '{"rejected": 0}' where workspace_id = $1`],
  },
  { how: "a part of an import is missing", law: "L2", detail: /parts/, statements: [`delete from import_chunk where workspace_id = $1 and first_row = 1`] },
  {
    how: "a part of an import counts a row twice",
    law: "L2",
    detail: /parts/,
    statements: [`update import_chunk set first_row = 2, end_row = 3 where workspace_id = $1 and first_row = 3`],
  },
  {
    how: "an imported row never reached a lead",
    law: "L2",
    detail: /input of a lead/,
    statements: [`delete from intake where workspace_id = $1 and kind = 'import' and payload->>'row' = '2'`],
  },
  {
    how: "a score is not its ledger",
    law: "L5",
    detail: /sum of its ledger/,
    statements: [`update lead set score = score + 1, fit = fit + 1 where workspace_id = $1 and id = ${lead(4)}`],
    row: () => ({ lead: leads[4] }),
  },
  {
    how: "a score is not its sections",
    law: "L5",
    detail: /sum of its ledger/,
    statements: [`update lead set quality = quality + 100 where workspace_id = $1 and id = ${lead(4)}`],
    row: () => ({ lead: leads[4] }),
  },
  {
    how: "an entry of the history is lost",
    law: "L5",
    detail: /chain/,
    statements: [`delete from fact where workspace_id = $1 and lead_id = ${lead(1)} and stage = 'opportunity'`],
    row: () => ({ lead: leads[1], stage: "customer", came_from: "opportunity", stood_in: "mql" }),
  },
  {
    how: "the creation is lost",
    law: "L5",
    detail: /chain/,
    statements: [`delete from fact where workspace_id = $1 and lead_id = ${lead(1)} and type = 'lead.created'`],
    row: () => ({ lead: leads[1], stage: "mql" }),
  },
  {
    how: "an entry is dated before the one it follows",
    law: "L5",
    detail: /chain/,
    statements: [`update fact set at = at - interval '1 day' where workspace_id = $1 and lead_id = ${lead(1)} and stage = 'opportunity'`],
    row: () => ({ stage: "opportunity" }),
  },
  {
    how: "a lead is moved past its history",
    law: "L5",
    detail: /stands in the stage/,
    statements: [`update lead set stage = 'customer' where workspace_id = $1 and id = ${lead(4)}`],
    row: () => ({ lead: leads[4], stage: "customer", entered_last: "mql" }),
  },
  {
    how: "a pass is not counted",
    law: "L5",
    detail: /stands in the stage/,
    statements: [`update lead set state = jsonb_set(state, '{passes,mql}', '1') where workspace_id = $1 and id = ${lead(3)}`],
    row: () => ({ lead: leads[3] }),
  },
  {
    how: "an owner changes without a record",
    law: "L6",
    detail: /latest assignment/,
    statements: [
      `update lead set owner_id = (select id from app_user u where u.workspace_id = $1 and u.id <> owner_id limit 1) where workspace_id = $1 and id = ${lead(4)}`,
    ],
    row: () => ({ lead: leads[4] }),
  },
  {
    how: "a decision is forged",
    law: "L6",
    detail: /routed decision/,
    statements: [
      `update fact set data = data || jsonb_build_object('index', (data->>'index')::int + 1) where workspace_id = $1 and lead_id = ${lead(4)} and type = 'lead.assigned'`,
    ],
    row: () => ({ lead: leads[4] }),
  },
  {
    how: "a decision names a rule that never was",
    law: "L6",
    detail: /routed decision/,
    statements: [`update fact set data = data || '{"rule": "favourites"}' where workspace_id = $1 and lead_id = ${lead(4)} and type = 'lead.assigned'`],
    row: () => ({ rule: "favourites" }),
  },
  {
    how: "a pool passes somebody over",
    law: "L6",
    detail: /dealt every number once/,
    statements: [`update pool set dealt = dealt + 1 where workspace_id = $1`],
    row: () => ({ pool: "sales" }),
  },
  {
    how: "a pool deals a number twice",
    law: "L6",
    detail: /dealt every number once/,
    statements: [`update fact set data = data || '{"index": 0}' where workspace_id = $1 and type = 'lead.assigned' and data->>'index' = '3'`],
    row: () => ({ pool: "sales" }),
  },
];

describe("the doctor names the law and the row when", () => {
  test.each(BREACHES)("$how", async ({ law, detail, statements, row }) => {
    const report = await afterBreaking(statements);
    const found = report.violations.find((violation) => violation.law === law && detail.test(violation.detail));
    expect(found, JSON.stringify(report.violations)).toMatchObject({ workspaceId: flow.workspaceId });
    expect(found?.broken).toBeGreaterThan(0);
    if (row !== undefined) expect(found?.rows).toContainEqual(expect.objectContaining(row()));
    for (const shown of found?.rows ?? []) expect(shown).not.toHaveProperty("bad");
  });

  test.each(CHECKS.filter(({ law }) => law === "L7").map(({ says, looks }) => ({ says, looks })))("not $says", async ({ says, looks }) => {
    const [, table, column] = /^every (\w+)\.(\w+) is/.exec(says) as unknown as [string, string, string];
    const where = / and (x\.\w+ = '\w+')$/.exec(looks.trim())?.[1] ?? "true";
    const nowhere = await typeOf(table, column);
    const report = await afterBreaking([
      ...(await emptyTable(table, column, where)),
      `update ${table} x set ${column} = ${nowhere} where workspace_id = $1 and ${where} and x.ctid = (select x.ctid from ${table} x where workspace_id = $1 and ${where} limit 1)`,
    ]);
    expect(report.violations.map(({ detail }) => detail)).toContain(says);
  });

  test("a row names a row of another workspace", async () => {
    const neighbour = bindDb(flow.database.pool, uuidv7());
    const stranger = uuidv7();
    await neighbour.execute(sql`insert into workspace (workspace_id, name, config_number, created_at) values (${workspace}, 'Neighbour', 1, now())`);
    await neighbour.execute(sql`insert into config_version (workspace_id, number, body, published_at) values (${workspace}, 1, '{}', now())`);
    await neighbour.execute(
      sql`insert into company (workspace_id, id, name, name_key, created_at) values (${workspace}, ${stranger}, 'Theirs', 'theirs', now())`,
    );
    const report = await afterBreaking([`update lead set company_id = '${stranger}' where workspace_id = $1 and id = ${lead(4)}`]);
    expect(report.violations).toMatchObject([{ law: "L7", workspaceId: flow.workspaceId, rows: [{ refers_to: stranger, in_another_workspace: true }] }]);
  });

  test("rows belong to a workspace that is not there", async () => {
    const nowhere = uuidv7();
    await flow.database.pool.query(
      "insert into signal (workspace_id, lead_id, facet, first_at, last_at, total, days) values ($1, $1, 'x', now(), now(), 0, '{}')",
      [nowhere],
    );
    expect((await examine()).violations).toMatchObject([{ law: "L7", workspaceId: nowhere, rows: [{ table: "signal" }] }]);
    await flow.database.pool.query("delete from signal where workspace_id = $1", [nowhere]);
  });

  test.each([
    ["a value was changed behind the door", `update lead set city = 'Nowhere' where workspace_id = $1 and id = ${lead(4)}`, /city is/],
    ["a task was", `update task set title = 'Other' where workspace_id = $1 and lead_id = ${lead(4)}`, /tasks is/],
    [
      "a recorded input was",
      `update intake set payload = jsonb_set(payload, '{patch,fields}', '{"interests": "planes"}') where workspace_id = $1 and lead_id = ${lead(4)} and kind = 'edit'`,
      /leads to another state/,
    ],
  ])("a replay comes out differently because %s", async (_, statement, mismatch) => {
    const report = await afterBreaking([statement], 100);
    const found = report.violations.find(({ law }) => law === "replay");
    expect(found?.rows[0]?.["lead"]).toBe(leads[4]);
    expect(JSON.stringify(found?.rows)).toMatch(mismatch);
  });
});

describe("looking", () => {
  beforeEach(async () => {
    expect((await examine()).violations).toEqual([]);
  });

  test("at one workspace leaves the others alone", async () => {
    const report = await runDoctor(flow, { workspaceId: uuidv7() });
    expect(report.laws.every(({ checked }) => checked === 0)).toBe(true);
  });

  test("shows as many rows as asked for, and says how many there are", async () => {
    const report = await afterBreaking(["update lead set score = score + 1 where workspace_id = $1"], undefined, 2);
    const [violation] = report.violations;
    expect(violation?.rows).toHaveLength(2);
    expect(violation?.broken).toBe(11);
  });
});

/** Breaks the house, examines it, and puts everything back as it was. */
async function afterBreaking(statements: readonly string[], replay?: number, sample?: number): Promise<Report> {
  const tables = await backUpTables();
  try {
    for (const statement of statements) {
      const { rowCount } = await flow.database.pool.query(statement, statement.includes("$1") ? [flow.workspaceId] : []);
      expect(rowCount, statement).toBeGreaterThan(0);
    }
    return await runDoctor(flow, { replay, sample });
  } finally {
    await putBack(tables);
  }
}

type Saved = ReadonlyMap<string, string>;

async function backUpTables(): Promise<Saved> {
  const { rows } = await flow.database.pool.query<{ name: string }>(
    "select c.relname as name from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition and c.relname not in ('schema_migration', 'house_flag') order by exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'f'), 1",
  );
  const saved = new Map<string, string>();
  for (const { name } of rows)
    saved.set(name, (await flow.database.pool.query<{ all: string }>(`select coalesce(json_agg(t), '[]')::text as all from ${name} t`)).rows[0]?.all ?? "[]");
  return saved;
}

async function putBack(saved: Saved): Promise<void> {
  for (const name of [...saved.keys()].toReversed()) await flow.database.pool.query(`delete from ${name}`);
  for (const [name, rows] of saved)
    await flow.database.pool.query(`insert into ${name} select * from json_populate_recordset(null::${name}, $1::json)`, [rows]);
}

async function typeOf(table: string, column: string): Promise<string> {
  const { rows } = await flow.database.pool.query<{ type: string }>(
    "select format_type(atttypid, null) as type from pg_attribute where attrelid = $1::regclass and attname = $2",
    [table, column],
  );
  const type = rows[0]?.type;
  return type === "uuid" ? "'01900000-0000-7000-8000-00000000dead'" : type === "integer" ? "31999" : "'nowhere'";
}

/** A row to break, where the house has none of that kind. */
async function emptyTable(table: string, column: string, where: string): Promise<readonly string[]> {
  const { rows } = await flow.database.pool.query<{ there: boolean }>(
    `select exists (select 1 from ${table} x where workspace_id = $1 and ${where}) as there`,
    [flow.workspaceId],
  );
  if (rows[0]?.there === true) return [];
  if (table === "api_key") return [`insert into api_key (workspace_id, id, hash, name, created_at) values ($1, gen_random_uuid(), '\\x00', 'a key', now())`];
  if (table === "session")
    return [
      `insert into session (workspace_id, id, hash, user_id, via, device, address, created_at, seen_at, expires_at) select $1, gen_random_uuid(), '\\x00', id, 'password', '', '', now(), now(), now() from app_user where workspace_id = $1 limit 1`,
    ];
  if (table === "user_link")
    return [
      `insert into user_link (workspace_id, user_id, kind, hash, created_by, created_at, expires_at) select $1, id, 'reset', '\\x00', '', now(), now() from app_user where workspace_id = $1 limit 1`,
    ];
  if (table === "form_day")
    return [`insert into form_day (workspace_id, form_id, day, submissions, quarantined, last_at) values ($1, gen_random_uuid(), now(), 1, 0, now())`];
  if (table === "held_outcome")
    return [
      `insert into held_outcome (workspace_id, intake_id, state, lead_id, actor, at) select $1, id, 'replayed', lead_id, 'cli', now() from intake where workspace_id = $1 and lead_id is not null limit 1`,
    ];
  const ofWork = WORK_ROWS[`${table} ${column}`] ?? WORK_ROWS[table];
  if (ofWork !== undefined) return [ofWork];
  throw new Error(`the house of this test has no ${table} (${column})`);
}

/** Rows of what people work with, by table, or by table and column. */
const WORK_ROWS: Readonly<Record<string, string>> = {
  "note lead_id": `insert into note (workspace_id, id, lead_id, text, pinned, by, at) select $1, gen_random_uuid(), id, 'a', false, 'cli', now() from lead where workspace_id = $1 limit 1`,
  "note opportunity_id": `insert into note (workspace_id, id, lead_id, opportunity_id, text, pinned, by, at) select $1, gen_random_uuid(), lead_id, id, 'a', false, 'cli', now() from opportunity where workspace_id = $1 limit 1`,
  "note company_id": `insert into note (workspace_id, id, company_id, text, pinned, by, at) select $1, gen_random_uuid(), id, 'a', false, 'cli', now() from company where workspace_id = $1 limit 1`,
  company: `update company set parent_id = id where workspace_id = $1`,
  company_fact: `insert into company_fact (workspace_id, company_id, id, at, type, actor, data) select $1, id, gen_random_uuid(), now(), 'a', 'cli', '{}' from company where workspace_id = $1 limit 1`,
  reminder: `insert into reminder (workspace_id, id, owner_id, kind, title, state, due_at, made_by, created_at) select $1, gen_random_uuid(), id, 'todo', 'a', 'open', now(), 'cli', now() from app_user where workspace_id = $1 limit 1`,
  bulk_lead: `with made as (insert into bulk (workspace_id, id, change, state, leads, actor, created_at) values ($1, gen_random_uuid(), '{}', 'done', 1, 'cli', now()) returning id) insert into bulk_lead (workspace_id, bulk_id, place, lead_id, state, number) select $1, made.id, 0, l.id, 'changed', 1 from made, (select id from lead where workspace_id = $1 limit 1) l`,
  saved_view: `insert into saved_view (workspace_id, id, kind, layout, name, columns, scope, owner_id, version, created_at, updated_at) select $1, gen_random_uuid(), 'leads', 'table', 'a', '{}', 'private', id, 1, now(), now() from app_user where workspace_id = $1 limit 1`,
  user_mail: `insert into user_mail (workspace_id, user_id) select $1, id from app_user where workspace_id = $1 limit 1 on conflict do nothing`,
  notification: `insert into notification (workspace_id, user_id, id, key, event, title, lead_id, import_id, mail_id, bell, digest, at)
    select $1, u.id, gen_random_uuid(), gen_random_uuid()::text, 'assigned', 'a', (select id from lead where workspace_id = $1 limit 1), (select id from import where workspace_id = $1 limit 1),
      (select id from effect where workspace_id = $1 limit 1), true, false, now() from app_user u where u.workspace_id = $1 limit 1`,
  definition_draft: `insert into definition_draft (workspace_id, stage, revision, on_config, asked, author, updated_at) select $1, 'mql', 1, 1, true, id, now() from app_user where workspace_id = $1 limit 1`,
  definition_signature: `insert into definition_signature (workspace_id, stage, revision, side, user_id, signed_at, config) select $1, 'mql', 1, 'sales', id, now(), 1 from app_user where workspace_id = $1 limit 1`,
  view_order: `insert into view_order (workspace_id, user_id, view_ids) select $1, id, '{}' from app_user where workspace_id = $1 limit 1`,
};
