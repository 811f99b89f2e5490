import { writeFileSync } from "node:fs";
import path from "node:path";
import { withClient } from "../store/roles.ts";
import { testDatabase } from "./database.ts";
import { schemaSql } from "./schema-sql.ts";
import { schemaTypes } from "./schema-types.ts";
import { closeRun, openRun } from "./test-cluster.ts";

/** The two generated files, as the migrations of this tree make them. `npm run db:types` writes them, a test compares them. */
export const SCHEMA_SQL = path.resolve(import.meta.dirname, "../../../schema.sql");
export const SCHEMA_TYPES = path.resolve(import.meta.dirname, "../db/schema.gen.ts");

export async function describeSchema(): Promise<{ readonly sql: string; readonly types: string }> {
  const db = await testDatabase();
  try {
    return await withClient(db.owner, async (client) => ({ sql: await schemaSql(client), types: await schemaTypes(client) }));
  } finally {
    await db.drop();
  }
}

if (process.argv[1] === import.meta.filename) {
  const run = openRun();
  try {
    const { sql, types } = await describeSchema();
    writeFileSync(SCHEMA_SQL, sql);
    writeFileSync(SCHEMA_TYPES, types);
    console.log(`Wrote ${path.relative(process.cwd(), SCHEMA_SQL)} and ${path.relative(process.cwd(), SCHEMA_TYPES)}.`);
  } finally {
    await closeRun(run);
  }
}
