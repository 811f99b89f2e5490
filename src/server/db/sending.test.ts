import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidv7 } from "../ids.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { bindDb, copyLine, copyTarget, createDatabase, type Database, type Db, sql, transact, workspace } from "./db.ts";

const SOURCE = copyTarget("source", ["key", "first_seen"]);
const IDENTITY = copyTarget("identity", ["kind", "value", "lead_id"]);
const AT = "2026-11-22T10:00:00Z";

let made: TestDatabase;
let deps: { readonly database: Database; readonly db: Db };

beforeAll(async () => {
  made = await testDatabase();
  const database = createDatabase(made.app, 1);
  deps = { database, db: bindDb(database.pool, uuidv7()) };
});

afterAll(async () => {
  await deps.database.pool.end();
  await made.drop();
});

function hand(db: Db, key: string, leadId = uuidv7()): void {
  db.copy(SOURCE, copyLine(db.workspaceId, [key, AT]));
  db.copy(IDENTITY, copyLine(db.workspaceId, ["external", key, leadId]));
}

const sources = (db: Db) => db.query<{ key: string }>(sql`select key from source where workspace_id = ${workspace} order by key`);
const identities = (db: Db) => db.query(sql`select 1 from identity where workspace_id = ${workspace}`);

test("rows handed in for several tables are there for the statement that follows", async () => {
  const seen = await transact(deps, async ({ db }) => {
    hand(db, "a");
    const first = await sources(db);
    hand(db, "b");
    db.post(sql`update source set first_seen = ${AT} where workspace_id = ${workspace}`);
    hand(db, "c");
    return first;
  });
  expect(seen).toEqual([{ key: "a" }]);
  expect((await sources(deps.db)).map(({ key }) => key)).toEqual(["a", "b", "c"]);
  expect(await identities(deps.db)).toHaveLength(3);
});

test("rows handed in just before the work fails are gone with its transaction", async () => {
  const failed = transact(deps, async ({ db }) => {
    hand(db, "lost");
    throw new Error("in the middle");
  });
  await expect(failed).rejects.toThrow("in the middle");
  expect(await sources(deps.db)).toHaveLength(3);
  expect(await identities(deps.db)).toHaveLength(3);
});

test("a row that cannot be in its table fails the transaction with its own reason", async () => {
  const failed = transact(deps, async ({ db }) => {
    hand(db, "d");
    hand(db, "e", "no id");
    db.post(sql`update source set first_seen = ${AT} where workspace_id = ${workspace}`);
  });
  await expect(failed).rejects.toMatchObject({ code: "22P02" });
  expect(await sources(deps.db)).toHaveLength(3);
});

test("nobody hands in rows without a transaction", () => {
  expect(() => hand(deps.db, "f")).toThrow("only a transaction");
});
