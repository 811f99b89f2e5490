import { mkdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import type { ClientConfig } from "pg";
import { expect, test } from "vitest";
import { clusterOf } from "../testing/cluster-of.ts";
import { openTemporary, temporaryFolder } from "../testing/temporary-store.ts";
import { runningBaton } from "./lock.ts";
import { runningPostmaster } from "./postmaster.ts";
import { withClient } from "./roles.ts";

const ask = <T>(at: ClientConfig, sql: string) => withClient(at, async (client) => (await client.query(sql)).rows as T[]);

test("an empty folder becomes a database that keeps its rows over a stop and a start", async () => {
  const dataDir = temporaryFolder();
  const first = await openTemporary(dataDir);
  await ask(first.owner, "create table kept (n int); grant select on kept to baton_app; insert into kept values (42)");
  await first.stop();
  expect(runningPostmaster(clusterOf(dataDir))).toBeNull();
  const began = performance.now();
  const second = await openTemporary(dataDir);
  expect(performance.now() - began).toBeLessThan(3000); // 0.25 s on two cores, November 2026
  expect(await ask(second.app, "select n from kept")).toEqual([{ n: 42 }]);
});

test("the database is durable, checks its pages, sorts by itself and is out of reach of the network", async () => {
  const { app } = await openTemporary(temporaryFolder());
  const names = [
    "fsync",
    "synchronous_commit",
    "full_page_writes",
    "data_checksums",
    "listen_addresses",
    "server_encoding",
    "max_locks_per_transaction",
    "jit",
  ];
  const rows = await ask<{ name: string; setting: string }>(
    app,
    `select name, setting from pg_settings where name in (${names.map((name) => `'${name}'`).join()})`,
  );
  expect(Object.fromEntries(rows.map((row) => [row.name, row.setting]))).toEqual({
    fsync: "on",
    synchronous_commit: "on",
    full_page_writes: "on",
    data_checksums: "on",
    listen_addresses: "",
    server_encoding: "UTF8",
    max_locks_per_transaction: "512",
    jit: "off",
  });
  expect(await ask(app, "select datlocprovider as p, datlocale as l from pg_database where datname = current_database()")).toEqual([{ p: "b", l: "C.UTF-8" }]);
});

test("letters of other alphabets are letters: lowered, found by similarity, stripped of accents", async () => {
  const { app } = await openTemporary(temporaryFolder());
  expect(
    await ask(
      app,
      "select lower('ÜΕ') as lower, similarity('Müller', 'Mxller') < similarity('Müller', 'müller') as alike, similarity('Ελένη', 'ελενη') > 0 as greek, unaccent('Müller') as plain, soundex('Robert') as sound",
    ),
  ).toEqual([{ lower: "üε", alike: true, greek: true, plain: "Muller", sound: "R163" }]);
});

test("the passwords are generated, private, and needed", async () => {
  const dataDir = temporaryFolder();
  const { app } = await openTemporary(dataDir);
  expect(statSync(path.join(dataDir, "postgres-passwords.json")).mode & 0o777).toBe(0o600);
  expect(statSync(clusterOf(dataDir)).mode & 0o077).toBe(0);
  for (const user of ["baton_app", "baton_owner", "baton_admin"])
    await expect(ask({ ...app, user, password: "guess" }, "select 1")).rejects.toThrow(/password authentication failed/);
});

test("a database made by a newer or an older PostgreSQL is refused with the way across", async () => {
  const dataDir = temporaryFolder();
  await (await openTemporary(dataDir)).stop();
  for (const other of ["17", "19"]) {
    writeFileSync(path.join(clusterOf(dataDir), "PG_VERSION"), `${other}\n`);
    await expect(openTemporary(dataDir)).rejects.toThrow(
      new RegExp(`written by PostgreSQL ${other}; this Baton brings PostgreSQL 18.*baton backup FILE.*baton restore FILE`),
    );
  }
  writeFileSync(path.join(clusterOf(dataDir), "PG_VERSION"), "18\n");
  await openTemporary(dataDir);
});

test("a start that broke off while making the database begins anew", async () => {
  const dataDir = temporaryFolder();
  mkdirSync(path.join(dataDir, "postgres.new", "base"), { recursive: true });
  const { app } = await openTemporary(dataDir);
  expect(await ask(app, "select 1 as n")).toEqual([{ n: 1 }]);
});

test("a folder that is not a database is not overwritten", async () => {
  const dataDir = temporaryFolder();
  mkdirSync(path.join(dataDir, "postgres"));
  writeFileSync(path.join(dataDir, "postgres", "thesis.txt"), "");
  await expect(openTemporary(dataDir)).rejects.toThrow(/holds no PostgreSQL database/);
  expect(readFileSync(path.join(dataDir, "postgres", "thesis.txt"), "utf8")).toBe("");
});

test("a path too long for a socket works", async () => {
  const dataDir = path.join(temporaryFolder(undefined, 0o755), "a-rather-long-name-for-a-folder-".repeat(4));
  mkdirSync(dataDir, { mode: 0o755 });
  const { app } = await openTemporary(dataDir);
  expect(Buffer.byteLength(dataDir)).toBeGreaterThan(107);
  expect(await ask(app, "select 1 as n")).toEqual([{ n: 1 }]);
  expect(statSync(String(app.host)).mode & 0o077).toBe(0);
});

test("the operator's own settings are kept and win", async () => {
  const dataDir = temporaryFolder();
  await (await openTemporary(dataDir)).stop();
  writeFileSync(path.join(clusterOf(dataDir), "operator.conf"), "max_connections = 77\n", { mode: 0o644 });
  const { app } = await openTemporary(dataDir);
  expect(await ask(app, "select current_setting('max_connections') as n")).toEqual([{ n: "77" }]);
});

test("a second start on the folder is refused and leaves the first alone", async () => {
  const dataDir = temporaryFolder();
  const first = await openTemporary(dataDir);
  first.announce("http://127.0.0.1:3000");
  await expect(openTemporary(dataDir)).rejects.toThrow(/Another Baton \(process \d+\) works on the data folder .* ready at http:\/\/127\.0\.0\.1:3000/);
  expect(await ask(first.app, "select 1 as n")).toEqual([{ n: 1 }]);
  await first.stop();
  expect(runningBaton(dataDir)).toBeNull();
});
