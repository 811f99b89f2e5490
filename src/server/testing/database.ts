import { randomBytes } from "node:crypto";
import type { PoolConfig } from "pg";
import { withClient } from "../store/roles.ts";
import { migrate } from "../db/migrate.ts";
import { testCluster } from "./test-cluster.ts";

/**
 * A database of its own for a test file, cloned from a migrated template
 * (about 50 ms). With BATON_TEST_DATABASE_URL the clones live on that server,
 * whose user must be allowed to create databases and roles.
 */
export type TestDatabase = { readonly owner: PoolConfig; readonly app: PoolConfig; readonly drop: () => Promise<void> };

/** With `migrated: false` the database is empty but for the extensions. */
export async function testDatabase(options: { readonly migrated?: boolean } = {}): Promise<TestDatabase> {
  const name = `test_${process.pid}_${randomBytes(4).toString("hex")}`;
  const server = process.env["BATON_TEST_DATABASE_URL"];
  if (server !== undefined && server !== "") return onServer(server, name, options.migrated ?? true);
  const { admin, owner, app, template } = await testCluster();
  await withClient(admin, (client) => client.query(`create database ${name} template ${options.migrated === false ? "baton" : template} owner baton_owner`));
  return {
    owner: { ...owner, database: name },
    app: { ...app, database: name },
    drop: async () => {
      await withClient(admin, (client) => client.query(`drop database if exists ${name} with (force)`));
    },
  };
}

async function onServer(server: string, name: string, migrated: boolean): Promise<TestDatabase> {
  const admin = { connectionString: server };
  const at = (user: string | null) => {
    const url = new URL(server);
    url.pathname = `/${name}`;
    if (user !== null) [url.username, url.password] = [user, "test"];
    return { connectionString: url.toString() };
  };
  const role = `${name}_app`;
  await withClient(admin, async (client) => {
    await client.query(`create role ${role} login password 'test'`);
    await client.query(`create database ${name} template template0 encoding 'UTF8'`);
  });
  const owner = at(null);
  await withClient(owner, (client) => client.query("create extension pg_trgm; create extension unaccent; create extension fuzzystrmatch"));
  if (migrated) await migrate({ owner, app: at(role) }, { batonVersion: "0.0.0-test" });
  return {
    owner,
    app: at(role),
    drop: () =>
      withClient(admin, async (client) => {
        await client.query(`drop database if exists ${name} with (force)`);
        await client.query(`drop role if exists ${role}`);
      }),
  };
}
