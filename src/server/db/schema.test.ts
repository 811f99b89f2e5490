import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { describeSchema, SCHEMA_SQL, SCHEMA_TYPES } from "../testing/schema-dump.ts";

test("schema.sql and the generated types are what the migrations make (otherwise: npm run db:types)", async () => {
  const { sql, types } = await describeSchema();
  expect(readFileSync(SCHEMA_SQL, "utf8")).toBe(sql);
  expect(readFileSync(SCHEMA_TYPES, "utf8")).toBe(types);
});
