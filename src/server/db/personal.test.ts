import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Columns, PERSONAL } from "../../core/access/personal.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { createDatabase, type Database } from "./db.ts";

let made: TestDatabase;
let database: Database;
let written: readonly string[];

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 1);
  const { rows } = await database.pool.query<{ column: string }>(`
    select c.relname || '.' || a.attname as column from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and a.atttypid::regtype::text in ('text', 'text[]', 'json', 'jsonb', 'bytea', 'bytea[]', 'inet', 'character varying')`);
  written = rows.map(({ column }) => column).sort();
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

const named = (columns: Columns): readonly string[] => Object.entries(columns).flatMap(([table, names]) => names.map((name) => `${table}.${name}`));
const listed = (): readonly string[] => [...named(PERSONAL.people), ...named(PERSONAL.staff), ...named(PERSONAL.none)];

describe("every column that can hold words", () => {
  test("is listed as personal or not (src/core/access/personal.ts)", () => {
    expect(written.filter((column) => !listed().includes(column))).toEqual([]);
  });
  test("is listed once, and is there", () => {
    expect(listed().filter((column, i, all) => all.indexOf(column) !== i)).toEqual([]);
    expect(listed().filter((column) => !written.includes(column))).toEqual([]);
  });
});
