import { createHash } from "node:crypto";
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { zstdCompressSync, zstdDecompressSync } from "node:zlib";
import type { ClientConfig } from "pg";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ensurePartitions } from "../../db/partitions.ts";
import { migrate } from "../../db/migrate.ts";
import { MIGRATIONS } from "../../db/migrations.ts";
import { withClient } from "../../store/roles.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { START, type TestFlow, testFlow } from "../../testing/flow.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { backupBeforeMigrating, backupTo } from "./backup.service.ts";
import { restoreFrom } from "./restore.service.ts";

const VERSION = "0.1.0-test";
let flow: TestFlow;
let folder: string;
const restored: TestDatabase[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(os.tmpdir(), "baton-backup-test-"));
  flow = await testFlow();
  await fillHouse();
});
afterAll(async () => {
  await flow.close();
  for (const database of restored) await database.drop();
  rmSync(folder, { recursive: true, force: true });
});

/** Twelve leads that did a bit of everything, with texts that a careless format would break. */
async function fillHouse(): Promise<void> {
  for (let i = 0; i < 12; i++) {
    const email = `person${i}@example.com`;
    const outcome = await flow.door.submit(
      flow.workspaceId,
      flow.capture({ email, company: `Tab\tLine\nBack\\slash \\N ${i}`, jobTitle: "CEO", firstName: "Zoë 👋" }),
    );
    if (outcome.kind !== "done") throw new Error(outcome.kind);
    await flow.door.submit(
      flow.workspaceId,
      flow.on(outcome.lead.id, { kind: "touches", touches: [{ kind: "contactRequest", at: START - 5000, props: { url: "/pricing" } }] }),
    );
    if (i % 3 === 0)
      await flow.door.submit(
        flow.workspaceId,
        flow.on(outcome.lead.id, { kind: "convert", form: { nextMeeting: "2026-05-01T10:00:00Z", potentialValue: { amount: 120_000, currency: "EUR" } } }),
      );
  }
}

/** A pool keeps its password where spreading does not find it. */
const connection = (): ClientConfig => ({ ...flow.database.pool.options, password: flow.database.pool.options.password }) as ClientConfig;
const source = () => ({ connection: flow.database.pool.options as ClientConfig, batonVersion: VERSION, now: START });

async function emptyDatabase(migrated = true): Promise<TestDatabase> {
  const database = await testDatabase({ migrated });
  restored.push(database);
  return database;
}

const into = ({ owner, app }: TestDatabase) => ({ owner, app, batonVersion: VERSION, now: START + 1000 });

/** Number and fingerprint of every table's rows, partitions under their parents. */
async function contents(config: ClientConfig): Promise<Record<string, string>> {
  return withClient(config, async (client) => {
    const { rows } = await client.query<{ name: string }>(
      "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname not in ('schema_migration', 'house_flag') order by 1",
    );
    const found: Record<string, string> = {};
    for (const { name } of rows) {
      const { rows: all } = await client.query<{ line: string }>(`select t::text as line from ${name} t`);
      found[name] = `${all.length} ${createHash("sha256")
        .update(
          all
            .map((row) => row.line)
            .toSorted()
            .join("\n"),
        )
        .digest("hex")}`;
    }
    return found;
  });
}

test("what was backed up comes back in another database, row for row, with the laws holding", async () => {
  const file = path.join(folder, "whole.baton");
  const made = await backupTo(source(), file);
  expect(made).toMatchObject({ file, bytes: statSync(file).size });
  expect(statSync(file).mode & 0o777).toBe(0o600);
  const database = await emptyDatabase();
  const result = await restoreFrom(file, into(database));
  expect(result).toMatchObject({ rows: made.rows, madeBy: VERSION, migrated: [] });
  const before = await contents(connection());
  expect(before["lead"]).toMatch(/^12 /);
  expect(before["opportunity"]).toMatch(/^4 /);
  expect(await contents(database.owner)).toEqual(before);
});

test("after a restore sending is paused, and the app's role may work", async () => {
  const file = path.join(folder, "paused.baton");
  await backupTo(source(), file);
  const database = await emptyDatabase();
  await restoreFrom(file, into(database));
  await withClient(database.app, async (client) => {
    const { rows } = await client.query<{ value: unknown }>("select value from house_flag where key = 'sending'");
    expect(rows[0]?.value).toMatchObject({ state: "paused", because: "restored" });
    expect((await client.query("update lead set city = 'Bonn'")).rowCount).toBe(12);
  });
});

test("indexes and partitions are as they were", async () => {
  const indexes = (config: ClientConfig) =>
    withClient(config, async (client) =>
      (await client.query<{ def: string }>("select indexdef as def from pg_indexes where schemaname = 'public' order by 1")).rows.map((row) => row.def),
    );
  const first = await emptyDatabase();
  await ensurePartitions(first.owner, START);
  const file = path.join(folder, "parted.baton");
  await backupTo({ ...source(), connection: first.owner }, file);
  const second = await emptyDatabase();
  await restoreFrom(file, into(second));
  const names = (await indexes(second.owner)).map((def) => def.replace(/ INDEX \S+ /, " "));
  expect(names.toSorted()).toEqual((await indexes(first.owner)).map((def) => def.replace(/ INDEX \S+ /, " ")).toSorted());
  expect(names.some((def) => def.includes("intake_2026_03"))).toBe(true);
});

test("a database that was never migrated is made as the backup needs it", async () => {
  const file = path.join(folder, "bare.baton");
  await backupTo(source(), file);
  const database = await emptyDatabase(false);
  await restoreFrom(file, into(database));
  expect((await contents(database.owner))["lead"]).toMatch(/^12 /);
});

test("a database that holds anything is refused and left alone", async () => {
  const file = path.join(folder, "full.baton");
  await backupTo(source(), file);
  const database = await emptyDatabase();
  await restoreFrom(file, into(database));
  const before = await contents(database.owner);
  await expect(restoreFrom(file, into(database))).rejects.toThrow(/not empty: table \w+ has rows/);
  expect(await contents(database.owner)).toEqual(before);
});

test("a file that was cut off anywhere, changed, or is something else is refused before anything is written", async () => {
  const file = path.join(folder, "sound.baton");
  await backupTo(source(), file);
  const bytes = readFileSync(file);
  const database = await emptyDatabase();
  const damaged = path.join(folder, "damaged.baton");
  const whole = zstdDecompressSync(bytes);
  const swapped = Buffer.from(whole.toString("latin1").replace("person3@example.com", "persom3@example.com"), "latin1");
  const renamed = Buffer.from(whole.toString("latin1").replace(VERSION, "9.9.9-test"), "latin1");
  const cases: readonly (readonly [Buffer, RegExp])[] = [
    [bytes.subarray(0, bytes.length - 20), /not a whole backup/],
    [bytes.subarray(0, bytes.length >> 1), /not a whole backup/],
    [bytes.subarray(0, 3), /not a whole backup/],
    [Buffer.alloc(0), /not a whole backup/],
    [zstdCompressSync(Buffer.concat([whole, whole])), /more after its end/],
    [Buffer.from("PK\u0003\u0004 something else"), /not a whole backup/],
    [zstdCompressSync(Buffer.from('{"format":"other"}\n')), /does not begin as a backup/],
    [zstdCompressSync(whole.subarray(0, whole.length - 30)), /ends in the middle/],
    [zstdCompressSync(renamed), /what it says about itself/],
    [zstdCompressSync(swapped), /rows of table \w+ have checksum \w+…, \w+… was recorded/],
  ];
  for (const [content, words] of cases) {
    writeFileSync(damaged, content);
    await expect(restoreFrom(damaged, into(database)), `${words} of ${content.length} bytes`).rejects.toThrow(words);
  }
  const flipped = Buffer.from(bytes);
  flipped[flipped.length >> 1] = (flipped[flipped.length >> 1] as number) ^ 0xff;
  writeFileSync(damaged, flipped);
  await expect(restoreFrom(damaged, into(database))).rejects.toThrow(/not a whole backup/);
  await expect(restoreFrom(path.join(folder, "nowhere.baton"), into(database))).rejects.toThrow(/There is no file/);
  await restoreFrom(file, into(database));
});

test("a backup of a newer schema is refused, one of an older schema is migrated forward", async () => {
  const newer = path.join(folder, "newer-migrations");
  mkdirSync(newer);
  for (const name of readdirSync(MIGRATIONS)) copyFileSync(path.join(MIGRATIONS, name), path.join(newer, name));
  writeFileSync(path.join(newer, "0099_add_stars.sql"), "alter table lead add column stars integer not null default 3;\n");
  const old = path.join(folder, "old.baton");
  await backupTo(source(), old);
  const ahead = await emptyDatabase();
  const result = await restoreFrom(old, { ...into(ahead), folder: newer });
  expect(result.migrated).toEqual(["0099_add_stars"]);
  await withClient(ahead.app, async (client) => {
    expect((await client.query<{ stars: number }>("select distinct stars from lead")).rows).toEqual([{ stars: 3 }]);
  });
  const young = path.join(folder, "young.baton");
  await backupTo({ ...source(), connection: ahead.owner, batonVersion: "9.9.9" }, young);
  const here = await emptyDatabase();
  await expect(restoreFrom(young, into(here))).rejects.toThrow(/made by Baton 9\.9\.9, whose schema \(0099_add_stars\) is newer/);
  // An empty database that is ahead of the backup is taken back to it, and forward again.
  const empty = await emptyDatabase();
  await migrate(empty, { batonVersion: VERSION, folder: newer });
  expect((await restoreFrom(old, { ...into(empty), folder: newer })).migrated).toEqual(["0099_add_stars"]);
});

test("a backup taken while everybody writes is one moment of the house", async () => {
  let writing = true;
  let stored = 0;
  const writers = Array.from({ length: 6 }, async (_, writer) => {
    for (let i = 0; writing; i++) {
      const outcome = await flow.door.submit(
        flow.workspaceId,
        flow.capture({ email: `busy${writer}-${i % 20}@example.com`, company: "Busy", jobTitle: i % 2 === 0 ? "CEO" : "Student" }),
      );
      if (outcome.kind === "done") stored++;
    }
  });
  const files: string[] = [];
  for (const name of ["load1.baton", "load2.baton"]) {
    const enough = stored + 40;
    while (stored < enough) await new Promise(setImmediate);
    files.push((await backupTo(source(), path.join(folder, name))).file);
  }
  writing = false;
  await Promise.all(writers);
  for (const file of files) {
    const database = await emptyDatabase();
    await restoreFrom(file, into(database));
    const report = await inspect(database);
    expect(report.violations).toEqual([]);
    expect(report.laws.every(({ checked }) => checked >= 0)).toBe(true);
  }
});

test("a backup that cannot be written leaves nothing behind, and the last one stands", async () => {
  const file = path.join(folder, "kept.baton");
  await backupTo(source(), file);
  const before = readFileSync(file);
  await expect(
    backupTo({ ...source(), connection: { ...(flow.database.pool.options as ClientConfig), password: "wrong", user: "nobody" } }, file),
  ).rejects.toThrow();
  await expect(backupTo(source(), path.join(folder, "no", "such", "folder.baton"))).rejects.toThrow(/cannot be written/);
  expect(readFileSync(file).equals(before)).toBe(true);
  expect(readdirSync(folder).filter((name) => name.includes("partial"))).toEqual([]);
});

test("before migrations a start backs up what is there, and keeps the last five", async () => {
  const data = path.join(folder, "data");
  const newer = path.join(folder, "waiting");
  mkdirSync(newer, { recursive: true });
  for (const name of readdirSync(MIGRATIONS)) copyFileSync(path.join(MIGRATIONS, name), path.join(newer, name));
  const database = await emptyDatabase();
  const start = (now: number) => backupBeforeMigrating({ owner: database.owner, dataDir: data, batonVersion: VERSION, now, folder: newer });
  expect(await start(START)).toBeNull();
  expect(existsSync(path.join(data, "backups"))).toBe(false);
  writeFileSync(path.join(newer, "0099_add_stars.sql"), "select 1;\n");
  const made: string[] = [];
  for (let i = 0; i < 7; i++) made.push((await start(START + i * 1000)) as string);
  expect(path.basename(made[0] as string)).toBe("before-migration-2026-03-02T09-00-00-000Z-to-0.1.0-test-0099_add_stars.baton");
  writeFileSync(path.join(data, "backups", "mine.baton"), "kept");
  await start(START + 7000);
  const left = readdirSync(path.join(data, "backups"));
  expect(left).toHaveLength(6);
  expect(left).toContain("mine.baton");
  expect(left).not.toContain(path.basename(made[2] as string));
  const bare = await emptyDatabase(false);
  expect(await backupBeforeMigrating({ owner: bare.owner, dataDir: data, batonVersion: VERSION, now: START })).toBeNull();
});

async function inspect(database: TestDatabase) {
  const { createDatabase } = await import("../../db/db.ts");
  const { createConfigs } = await import("../../flow/configs.ts");
  const opened = createDatabase(database.app, 2);
  try {
    return await runDoctor({ database: opened, configs: createConfigs() }, { replay: 50 });
  } finally {
    await opened.pool.end();
  }
}
