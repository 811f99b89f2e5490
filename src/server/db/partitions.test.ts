import pg from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { withClient } from "../store/roles.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { ensurePartitions } from "./partitions.ts";

const NOVEMBER = Date.UTC(2026, 10, 22);
const WORKSPACE = "01919999-0000-7000-8000-0000000000aa";
let db: TestDatabase;

beforeAll(async () => {
  db = await testDatabase();
});
afterAll(() => db.drop());

async function storeIntake(receivedAt: string): Promise<string> {
  return withClient(db.app, async (client) => {
    const { rows } = await client.query<{ partition: string }>(
      `insert into intake (workspace_id, id, received_at, kind, state, config, release, actor, payload)
       values ($1, gen_random_uuid(), $2, 'look', 'done', 1, 1, 'test', '{}') returning tableoid::regclass::text as partition`,
      [WORKSPACE, receivedAt],
    );
    return rows[0]?.partition ?? "";
  });
}

test("this month and the next two have partitions, made once however many ask at the same time", async () => {
  const all = await Promise.all([1, 2, 3].map(() => ensurePartitions(db.owner, NOVEMBER)));
  const months = ["2026_11", "2026_12", "2027_01"];
  expect(all.flatMap(({ made }) => made).toSorted()).toEqual(["intake", "touch"].flatMap((table) => months.map((month) => `${table}_${month}`)));
  expect(await ensurePartitions(db.owner, NOVEMBER)).toEqual({ made: [], left: [] });
});

test("rows lie in the partition of their month in UTC, all others in the default one", async () => {
  await ensurePartitions(db.owner, NOVEMBER);
  expect(await storeIntake("2026-11-30T23:59:59.999Z")).toBe("intake_2026_11");
  expect(await storeIntake("2026-12-01T00:00:00+00")).toBe("intake_2026_12");
  expect(await storeIntake("2026-12-01T00:00:00+01")).toBe("intake_2026_11");
  expect(await storeIntake("2025-01-01T00:00:00Z")).toBe("intake_default");
});

test("a partition finds rows by the same indexes as the others", async () => {
  await ensurePartitions(db.owner, NOVEMBER);
  const shape = (table: string) =>
    withClient(db.owner, async (client) => {
      const { rows } = await client.query<{ def: string }>(
        "select regexp_replace(pg_get_indexdef(indexrelid), '^.* USING', '') as def from pg_index where indrelid = $1::regclass",
        [table],
      );
      return rows.map((row) => row.def).toSorted();
    });
  for (const table of ["intake", "touch"]) expect(await shape(`${table}_2026_12`)).toEqual(await shape(`${table}_default`));
});

test("a month whose rows lie in the default partition already is left there, and said", async () => {
  await storeIntake("2028-05-10T00:00:00Z");
  const { made, left } = await ensurePartitions(db.owner, Date.UTC(2028, 4, 20));
  expect(left).toEqual(["intake_2028_05"]);
  expect(made).toEqual(["intake_2028_06", "intake_2028_07", "touch_2028_05", "touch_2028_06", "touch_2028_07"]);
  expect(await storeIntake("2028-05-11T00:00:00Z")).toBe("intake_default");
});

test("somebody who writes to another month at the same time neither waits nor is waited for", async () => {
  await ensurePartitions(db.owner, NOVEMBER);
  const writer = new pg.Client(db.app);
  await writer.connect();
  try {
    await writer.query("begin");
    await writer.query(
      "insert into intake (workspace_id, id, received_at, kind, state, config, release, actor, payload) values ($1, gen_random_uuid(), '2026-11-05', 'look', 'done', 1, 1, 'test', '{}')",
      [WORKSPACE],
    );
    expect((await ensurePartitions(db.owner, Date.UTC(2030, 0, 1))).made).toHaveLength(6);
    await writer.query("commit");
  } finally {
    await writer.end();
  }
});
