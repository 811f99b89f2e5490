import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { withClient } from "../store/roles.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { MIGRATIONS, splitStatements } from "./migrations.ts";
import { migrate, pendingMigrations } from "./migrate.ts";

const batonVersion = "1.2.3";
let db: TestDatabase;
let folder: string;

beforeEach(async () => {
  db = await testDatabase({ migrated: false });
  folder = mkdtempSync(path.join(os.tmpdir(), "baton-migrations-"));
  onTestFinished(async () => {
    rmSync(folder, { recursive: true, force: true });
    await db.drop();
  });
});

const write = (name: string, sql: string) => writeFileSync(path.join(folder, name), sql);
const asApp = <T>(sql: string) => withClient(db.app, async (client) => (await client.query(sql)).rows as T[]);
const asOwner = <T>(sql: string) => withClient(db.owner, async (client) => (await client.query(sql)).rows as T[]);

test("pending migrations are applied once, in order, and remembered", async () => {
  write("0002_b.sql", "insert into a values (2)");
  write("0001_a.sql", "create table a (n int)");
  expect(await pendingMigrations(db, { batonVersion, folder })).toEqual({ pending: ["0001_a", "0002_b"], fresh: true });
  expect(await migrate(db, { batonVersion, folder })).toEqual(["0001_a", "0002_b"]);
  expect(await migrate(db, { batonVersion, folder })).toEqual([]);
  write("0003_c.sql", "insert into a values (3)");
  expect(await pendingMigrations(db, { batonVersion, folder })).toEqual({ pending: ["0003_c"], fresh: false });
  expect(await migrate(db, { batonVersion, folder })).toEqual(["0003_c"]);
  expect(await asOwner("select version, name, baton_version from schema_migration order by 1")).toHaveLength(3);
});

test("two that migrate at once apply each migration once", async () => {
  write("0001_a.sql", "create table a (n int); insert into a values (1); select pg_sleep(0.3)");
  const applied = await Promise.all([migrate(db, { batonVersion, folder }), migrate(db, { batonVersion, folder })]);
  expect(applied.flat()).toEqual(["0001_a"]);
  expect(await asOwner("select n from a")).toEqual([{ n: 1 }]);
});

test("a migration that fails leaves nothing behind and says so", async () => {
  write("0001_a.sql", "create table a (n int); insert into a values ('x')");
  await expect(migrate(db, { batonVersion, folder })).rejects.toThrow(/0001_a failed: invalid input syntax.*Nothing of it remains/);
  expect(await asOwner("select to_regclass('a') as a")).toEqual([{ a: null }]);
});

test("a migration that was edited after it was applied is refused", async () => {
  write("0001_a.sql", "create table a (n int)");
  await migrate(db, { batonVersion, folder });
  write("0001_a.sql", "create table a (n bigint)");
  await expect(migrate(db, { batonVersion, folder })).rejects.toThrow(/Applied migrations never change/);
  write("0001_a.sql", "create table a (n int)\r\n".replace("\r\n", ""));
  await expect(migrate(db, { batonVersion, folder })).resolves.toEqual([]);
});

test("an older Baton refuses a newer schema and names the Baton that is needed", async () => {
  write("0001_a.sql", "create table a (n int)");
  write("0002_b.sql", "create table b (n int)");
  await migrate(db, { batonVersion: "2.0.0", folder });
  rmSync(path.join(folder, "0002_b.sql"));
  const older = { batonVersion: "1.0.0", folder };
  await expect(migrate(db, older)).rejects.toThrow(
    /newer than this Baton: it was migrated to 0002_b by Baton 2\.0\.0, and this is Baton 1\.0\.0.*baton restore/,
  );
  await expect(pendingMigrations(db, older)).rejects.toThrow(/newer than this Baton/);
});

test("a migration without a transaction may build an index concurrently", async () => {
  write("0001_a.sql", "create table a (n int)");
  write(
    "0002_i.sql",
    "-- no-transaction\ncreate index concurrently if not exists a_n on a (n);\n-- and; another\ncreate index concurrently if not exists a_m on a ((n + 1));\n",
  );
  await migrate(db, { batonVersion, folder });
  expect(await asOwner("select count(*)::int as n from pg_indexes where tablename = 'a'")).toEqual([{ n: 2 }]);
});

test("a migration that meets a locked table steps back and tries again", async () => {
  write("0001_a.sql", "create table a (n int)");
  await migrate(db, { batonVersion, folder });
  write("0002_b.sql", "alter table a add column m int");
  const holder = new Client(db.owner);
  await holder.connect();
  onTestFinished(() => holder.end());
  await holder.query("begin; lock table a");
  const said: string[] = [];
  const migrating = migrate(db, { batonVersion, folder, lockTimeoutMs: 50, log: (line) => said.push(line) });
  await expect.poll(() => said.join()).toMatch(/0002_b waits for others/);
  await holder.query("commit");
  expect(await migrating).toEqual(["0002_b"]);
});

test("two files with one number, a misnamed file and a late file are refused", async () => {
  write("0001_a.sql", "select 1");
  write("0003_c.sql", "select 1");
  await migrate(db, { batonVersion, folder });
  write("0002_b.sql", "select 1");
  await expect(migrate(db, { batonVersion, folder })).rejects.toThrow(/0002_b comes before 0003_c/);
  write("0003_d.sql", "select 1");
  await expect(migrate(db, { batonVersion, folder })).rejects.toThrow(/Two migrations carry the number 3/);
  write("4.sql", "select 1");
  await expect(migrate(db, { batonVersion, folder })).rejects.toThrow(/not named as a migration/);
});

test("the app role reads and writes rows, also in later partitions, and changes no shape and no history", async () => {
  write("0001_a.sql", "create table a (at date, n bigint generated always as identity) partition by range (at)");
  await migrate(db, { batonVersion, folder });
  await asOwner("create table a_2026 partition of a for values from ('2026-01-01') to ('2027-01-01')");
  await asApp("insert into a values ('2026-05-05')");
  await asApp("update a_2026 set at = '2026-06-06'");
  expect(await asApp("delete from a returning n")).toHaveLength(1);
  expect(await asApp("select version from schema_migration")).toHaveLength(1);
  for (const refused of [
    "create table b ()",
    "alter table a add column m int",
    "truncate a",
    "drop table a",
    "update schema_migration set checksum = ''",
    "create role x",
    "create extension hstore",
  ])
    await expect(asApp(refused), refused).rejects.toThrow(/permission denied|must be owner/);
});

test("neither role is a superuser, and the app role owns nothing", async () => {
  await migrate(db, { batonVersion });
  expect(await asApp("select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls as more from pg_roles where rolname = current_user")).toEqual([
    { more: false },
  ]);
  expect(await asApp("select count(*)::int as n from pg_class where relowner = (select oid from pg_roles where rolname = current_user)")).toEqual([{ n: 0 }]);
});

test("Baton's own migrations apply, and with one role for both no rights are needed", async () => {
  cpSync(MIGRATIONS, folder, { recursive: true });
  await expect(migrate({ owner: db.owner, app: db.owner }, { batonVersion, folder })).resolves.not.toEqual([]);
});

test("a script is split where statements end, not inside quotes, bodies and comments", () => {
  expect(splitStatements(`select ';' ; do $x$ begin; end $x$;\n-- a; comment\nselect "a;b" /* ; */;\n;`)).toEqual([
    "select ';'",
    "do $x$ begin; end $x$",
    `-- a; comment\nselect "a;b" /* ; */`,
  ]);
});
