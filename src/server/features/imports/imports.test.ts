import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { sql, workspace } from "../../db/db.ts";
import type { Deps } from "../../deps.ts";
import type { Door } from "../../flow/door.ts";
import { uuidv7 } from "../../ids.ts";
import { testFlow, type TestFlow } from "../../testing/flow.ts";
import { importFile, type ImportResult, resumeImports, runImport } from "./imports.service.ts";

let flow: TestFlow;
let folder: string;
let deps: Deps;

beforeAll(async () => {
  flow = await testFlow();
});
afterAll(() => flow.close());

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), "baton-import-"));
  const { database, db, configs, door, log, now } = flow;
  deps = { database, db, configs, door, log, now, dataDir: folder, newId: () => uuidv7(), actor: "cli" } as unknown as Deps;
  return () => rmSync(folder, { recursive: true, force: true });
});

type Given = { readonly history?: boolean; readonly dryRun?: boolean; readonly door?: Door };

function given(text: string | Uint8Array): string {
  const file = path.join(folder, `${uuidv7()}.csv`);
  writeFileSync(file, text);
  return file;
}

function run(text: string | Uint8Array, map: unknown, { history = false, dryRun = false, door }: Given = {}): Promise<ImportResult> {
  return importFile(door === undefined ? deps : { ...deps, door }, { file: given(text), map, history, dryRun });
}

type LeadLine = Record<string, unknown>;

async function lead(externalId: string): Promise<LeadLine> {
  const rows = await flow.db.query<LeadLine>(sql`
    select l.* from lead l join identity i on i.workspace_id = ${workspace} and i.kind = 'external' and i.value = ${externalId} and l.id = i.lead_id
    where l.workspace_id = ${workspace}`);
  expect(rows).toHaveLength(1);
  return rows[0] as LeadLine;
}

async function leads(): Promise<number> {
  const rows = await flow.db.query<{ n: number }>(sql`select count(*)::int as n from lead where workspace_id = ${workspace}`);
  return rows[0]?.n ?? 0;
}

function balanced({ rows, created, updated, skipped, rejected }: ImportResult): boolean {
  return rows === created + updated + skipped + rejected;
}

const errorsOf = ({ errorFile }: ImportResult): readonly string[] => (errorFile === null ? [] : readFileSync(errorFile, "utf8").trimEnd().split("\r\n"));

test("a row becomes a lead with everything its columns say, read in the workspace's own time and manner", async () => {
  await flow.db.execute(sql`update workspace set timezone = 'America/Sao_Paulo' where workspace_id = ${workspace}`);
  const result = await run(
    " ID ;E-Mail;Vorname;Firma;Erfasst am;Etappe;Umsatz;Währung;Schlagworte;Newsletter;Budget;PLZ;Größe;Kunde;Seit\r\nx1; Ada@Example.ORG ;Ada;Engines Ltd;28.02.2018 19:58;MQL;1.234,50;EUR;big, vip;ja;50k;01067;12;yes;03.04.2017\r\n",
    {
      match: "externalId",
      columns: {
        id: "externalId",
        "e-mail": "email",
        vorname: "firstName",
        firma: "company",
        "erfasst am": "capturedAt",
        etappe: "stage",
        umsatz: "opportunity.amount",
        währung: "opportunity.currency",
        schlagworte: "tags",
        newsletter: "consent.newsletter",
        budget: "bant.budget",
        plz: "fields.zip",
        größe: "fields.size",
        kunde: "fields.isCustomer",
        seit: "fields.since",
      },
      defaults: { source: "fair" },
    },
    { history: true },
  );
  await flow.db.execute(sql`update workspace set timezone = 'UTC' where workspace_id = ${workspace}`);
  expect(errorsOf(result)).toEqual([]);
  expect(result).toMatchObject({ rows: 1, created: 1, rejected: 0, errorFile: null });
  const row = await lead("x1");
  expect(row).toMatchObject({
    email: "ada@example.org",
    first_name: "Ada",
    company: "Engines Ltd",
    source: "fair",
    tags: ["big", "vip"],
    import_id: result.importId,
  });
  expect((row["captured_at"] as Date).toISOString()).toBe("2018-02-28T22:58:00.000Z");
  expect(row["fields"]).toEqual({ zip: "01067", size: 12, isCustomer: true, since: "2017-04-03" });
  expect(row["bant_answers"]).toEqual({ budget: "50k" });
  const deals = await flow.db.query(sql`select amount, currency, stage from opportunity where workspace_id = ${workspace} and lead_id = ${row["id"]}`);
  expect(deals).toEqual([{ amount: 123450, currency: "EUR", stage: "discovery" }]);
  const { config } = await flow.configs.get(flow.db);
  expect(config.fields.filter(({ key }) => ["zip", "size", "isCustomer", "since"].includes(key))).toEqual([
    { key: "zip", label: "Zip", type: "text" },
    { key: "size", label: "Size", type: "number" },
    { key: "isCustomer", label: "Is customer", type: "boolean" },
    { key: "since", label: "Since", type: "date" },
  ]);
});

test("the same file again creates nobody", async () => {
  const text = `id,email,name\n${Array.from({ length: 1200 }, (_, i) => `same-${i},same${i}@example.com,Name ${i}`).join("\n")}`;
  const map = { match: "externalId", columns: { id: "externalId", email: "email", name: "lastName" } };
  expect(await run(text, map)).toMatchObject({ rows: 1200, created: 1200, updated: 0, skipped: 0, rejected: 0 });
  const before = await leads();
  expect(await run(text, map)).toMatchObject({ rows: 1200, created: 0, updated: 0, skipped: 1200, rejected: 0 });
  expect(await leads()).toBe(before);
});

test("rows of one person count in the order of the file, wherever they stand", async () => {
  const rows = Array.from({ length: 1501 }, (_, i) => (i % 500 === 0 ? `order-1,${i}` : `order-${i}x,0`));
  const result = await run(`id,step\n${rows.join("\n")}\n`, { match: "externalId", columns: { id: "externalId", step: "fields.step" } });
  expect(result).toMatchObject({ rows: 1501, created: 1498, updated: 3, rejected: 0 });
  expect((await lead("order-1"))["fields"]).toEqual({ step: 1500 });
});

test("match none makes every row a lead of its own", async () => {
  const map = { match: "none", columns: { mail: "email", name: "lastName" } };
  expect(await run("mail,name\ntwin@example.com,A\ntwin@example.com,B\n,C\n", map)).toMatchObject({ rows: 3, created: 3, rejected: 0 });
});

test("what cannot be taken is in the error file with line, column and reason, and everything else goes in", async () => {
  const text = [
    "id,email,captured,stage,note",
    'bad-1,good@example.net,2024-02-30,mql,"two\nlines"',
    "bad-2,not an address,2024-02-01,mql,",
    "bad-3,third@example.net,2024-02-01,mqll,",
    ",,,,=1+1",
    ",,,,",
    "bad-5,fifth@example.net,2024-02-01,mql,x,surplus",
    "bad-6,sixth@example.net,2024-02-01,mql,x,,,",
    "bad-7,seventh@example.net",
    'bad-8,"eighth@example.net,2024-02-01,mql,',
    "bad-9,nin\0th@example.net,2024-02-01,mql,",
    "",
    "bad-10,tenth@example.net,2024-02-01,mql,ok",
  ].join("\n");
  const result = await run(text, { match: "externalId", columns: { id: "externalId", email: "email", captured: "capturedAt", stage: "stage" } });
  expect(result).toMatchObject({ rows: 10, created: 3, rejected: 7 });
  expect(balanced(result)).toBe(true);
  const file = readFileSync(result.errorFile as string, "utf8");
  expect(file.startsWith("id,email,captured,stage,note,line,column,reason\r\n")).toBe(true);
  expect(file).toContain('bad-1,good@example.net,2024-02-30,mql,"two\nlines",2,captured,');
  expect(file).toContain('bad-2,not an address,2024-02-01,mql,,4,email,"""not an address"" is not an e-mail address"');
  expect(file).toContain('bad-3,third@example.net,2024-02-01,mqll,,5,stage,"there is no stage ""mqll""; did you mean ""mql""?"');
  expect(file).toContain(`,,,,'=1+1,6,,"the row names nobody`);
  expect(file).toContain("bad-5,fifth@example.net,2024-02-01,mql,x | surplus,8,,");
  expect(file).toMatch(/,11,email,"?a quote opens here/);
  expect(file).toMatch(/nin␀th@example.net,2024-02-01,mql,,12,email,/);
  expect(statSync(result.errorFile as string).mode & 0o777).toBe(0o600);
});

test("what the flow refuses is rejected with its reason", async () => {
  const result = await run("id,stage,status\nrefused-1,mql,dead\n", { match: "externalId", columns: { id: "externalId", stage: "stage", status: "status" } });
  expect(result).toMatchObject({ rows: 1, created: 0, rejected: 1 });
  expect(errorsOf(result)[1]).toMatch(/^refused-1,mql,dead,2,status,"A lead in ""mql"" is new or working, not dead/);
});

test("a dry run says exactly what the run will do, creates its error file, and leaves the workspace as it was", async () => {
  const text = `id,email,shade\n${Array.from({ length: 700 }, (_, i) => `dry-${i % 600},dry${i % 600}@example.com,${Math.floor(i / 650)}`).join("\n")}\nbroken,nope,1\n`;
  const map = { match: "externalId", columns: { id: "externalId", email: "email", shade: "fields.shade" } };
  const before = { leads: await leads(), number: (await flow.configs.get(flow.db)).number };
  const dry = await run(text, map, { dryRun: true });
  expect({ leads: await leads(), number: (await flow.configs.get(flow.db)).number }).toEqual(before);
  const wet = await run(text, map);
  const counts = ({ rows, created, updated, skipped, rejected }: ImportResult) => ({ rows, created, updated, skipped, rejected });
  expect(counts(dry)).toEqual(counts(wet));
  expect(counts(wet)).toEqual({ rows: 701, created: 600, updated: 50, skipped: 50, rejected: 1 });
  expect(errorsOf(dry)).toEqual(errorsOf(wet));
});

test("a select field gets the options it lacks, and knows the ones it has in any case", async () => {
  await flow.publish((config) => ({ ...config, fields: [...config.fields, { key: "segment", label: "Segment", type: "select", options: ["Pets"] }] }));
  await run("id,seg\nsel-1,pets\nsel-2,Cars\nsel-3,cars\n", { match: "externalId", columns: { id: "externalId", seg: "fields.segment" } });
  expect((await lead("sel-1"))["fields"]).toEqual({ segment: "Pets" });
  expect((await lead("sel-3"))["fields"]).toEqual({ segment: "Cars" });
  const { fields } = await flow.configs.get(flow.db);
  expect(fields.get("segment")?.options).toEqual(["Pets", "Cars"]);
});

test("history rests: dated stage entries and no tasks, owners or timers", async () => {
  const columns = { id: "externalId", first: "capturedAt", won: "opportunity.wonAt", email: "email" };
  await run(
    "id,first,won,email\nhist-1,2017-06-14,2017-06-28 12:00:00,h1@example.com\n",
    { match: "externalId", columns, defaults: { stage: "mql" } },
    { history: true },
  );
  const row = await lead("hist-1");
  expect(row).toMatchObject({ stage: "customer", resting: true, owner_id: null });
  const entries = await flow.db.query(
    sql`select stage, at from fact where workspace_id = ${workspace} and lead_id = ${row["id"]} and stage is not null order by at, number, ordinal`,
  );
  expect(entries).toEqual([
    { stage: "mql", at: new Date("2017-06-14T00:00:00Z") },
    { stage: "customer", at: new Date("2017-06-28T12:00:00Z") },
  ]);
  const open = await flow.db.query(
    sql`select 1 from task where workspace_id = ${workspace} and lead_id = ${row["id"]} union all select 1 from timer where workspace_id = ${workspace} and lead_id = ${row["id"]}`,
  );
  expect(open).toEqual([]);
});

test("an import without history works the leads at once", async () => {
  await run("id,stage\nlive-1,mql\n", { match: "externalId", columns: { id: "externalId", stage: "stage" } });
  const row = await lead("live-1");
  expect(flow.users).toContain(row["owner_id"]);
  expect(await flow.db.query(sql`select key from task where workspace_id = ${workspace} and lead_id = ${row["id"]} order by key`)).toEqual([
    { key: "call" },
    { key: "connect" },
    { key: "welcome" },
  ]);
});

test("an import that was killed goes on where it stood: nobody is lost, nobody is doubled, no rejection is told twice", async () => {
  const text = `id,email\n${Array.from({ length: 3000 }, (_, i) => (i % 100 === 7 ? `kill-${i},broken` : `kill-${i},kill${i}@example.com`)).join("\n")}\n`;
  const map = { match: "externalId", columns: { id: "externalId", email: "email" } };
  const before = await leads();
  const dying = failAfter(flow.door, 2);
  await expect(run(text, map, { door: dying })).rejects.toThrow("the process was killed");
  const done = (await leads()) - before;
  expect(done).toBeGreaterThan(0);
  expect(done).toBeLessThan(2970);
  const [id] = readdirSync(path.join(folder, "imports"));
  await resumeImports(deps);
  const result = await runImport(deps, id as string);
  expect(result).toMatchObject({ rows: 3000, created: 2970, rejected: 30 });
  expect((await leads()) - before).toBe(2970);
  expect(new Set(errorsOf(result)).size).toBe(31);
  expect(readdirSync(path.join(folder, "imports", id as string))).toEqual(["errors.csv"]);
});

test("an import that is asked to stop says so, and goes on where it stood", async () => {
  const file = given(`id\n${Array.from({ length: 3000 }, (_, i) => `stop-${i}`).join("\n")}\n`);
  const stop = new AbortController();
  const onProgress = ({ phase }: { readonly phase: string }): void => void (phase === "importing" && stop.abort());
  const stopped = importFile(
    deps,
    { file, map: { match: "externalId", columns: { id: "externalId" } }, history: true, dryRun: false },
    { onProgress, signal: stop.signal },
  );
  await expect(stopped).rejects.toMatchObject({ status: 503, message: expect.stringContaining("goes on from here") });
  const [id] = readdirSync(path.join(folder, "imports"));
  await resumeImports(deps);
  expect(await runImport(deps, id as string)).toMatchObject({ rows: 3000, created: 3000 });
});

test("an import waits out a database that is away for a moment", async () => {
  let away = 2;
  const door: Door = {
    ...flow.door,
    submitMany: async (workspaceId, items, options) => {
      if (away-- > 0) throw Object.assign(new Error("terminating connection due to administrator command"), { code: "57P01" });
      return flow.door.submitMany(workspaceId, items, options);
    },
  };
  const text = `id\n${Array.from({ length: 1100 }, (_, i) => `away-${i}`).join("\n")}\n`;
  expect(await run(text, { match: "externalId", columns: { id: "externalId" } }, { history: true, door })).toMatchObject({ rows: 1100, created: 1100 });
});

test("a chunk the door takes apart is accounted for once", async () => {
  const halving: Door = {
    ...flow.door,
    submitMany: async (workspaceId, items, options) => {
      const middle = items.length >> 1;
      return [
        ...(await flow.door.submitMany(workspaceId, items.slice(0, middle), options)),
        ...(await flow.door.submitMany(workspaceId, items.slice(middle), options)),
      ];
    },
  };
  const text = `id,email\n${Array.from({ length: 900 }, (_, i) => (i % 10 === 0 || i > 890 ? `half-${i},broken` : `half-${i},half${i}@example.com`)).join("\n")}\n`;
  expect(await run(text, { match: "externalId", columns: { id: "externalId", email: "email" } }, { door: halving })).toMatchObject({
    rows: 900,
    created: 801,
    rejected: 99,
  });
});

test("an import runs in one process only", async () => {
  const file = given("id\nonce-1\n");
  let second: Promise<unknown> = Promise.resolve(null);
  let asked = false;
  const result = await importFile(
    deps,
    { file, map: { match: "externalId", columns: { id: "externalId" } }, history: false, dryRun: false },
    {
      onProgress: () => {
        if (!asked) second = runImport(deps, readdirSync(path.join(folder, "imports"))[0] as string).catch((error: unknown) => error);
        asked = true;
      },
    },
  );
  expect(result.created).toBe(1);
  expect(await second).toMatchObject({ status: 409 });
});

test("a file or mapping that cannot be imported is refused in words, and leaves nothing behind", async () => {
  const columns = { id: "externalId" };
  await expect(run("", { columns })).rejects.toThrow("The file is empty");
  await expect(run("PK\u0003\u0004[Content_Types].xml", { columns })).rejects.toThrow("an Excel workbook (XLSX)");
  await expect(run("%PDF-1.7", { columns })).rejects.toThrow("a PDF document");
  await expect(run("mail,name\n", { columns: { maill: "email" } })).rejects.toThrow('The file has no column "maill"; did you mean "mail"?');
  await expect(run("mail\n", { columns: { mail: "emial" } })).rejects.toThrow('"emial", which is no target; did you mean "email"?');
  await expect(run("id,id\n", { columns })).rejects.toThrow("2 columns named");
  await expect(importFile(deps, { file: "/nowhere/at-all.csv", map: { columns }, history: false, dryRun: false })).rejects.toThrow(
    "There is no file /nowhere/at-all.csv",
  );
  expect(readdirSync(path.join(folder, "imports"))).toEqual([]);
});

test("a file with a header only imports nobody", async () => {
  expect(await run("id,email\r\n", { columns: { id: "externalId" } })).toMatchObject({ rows: 0, created: 0, rejected: 0, errorFile: null });
});

test.each([
  ["UTF-8 with a mark", Buffer.from("\ufeffid,name\nenc-1,Zoë Müller\n")],
  ["UTF-16 LE with a mark", Buffer.from("\ufeffid,name\nenc-2,Zoë Müller\n", "utf16le")],
  ["UTF-16 LE without one", Buffer.from("id,name\nenc-3,Zoë Müller\n", "utf16le")],
  ["UTF-16 BE with a mark", Buffer.from("\ufeffid,name\nenc-4,Zoë Müller\n", "utf16le").swap16()],
  ["UTF-16 BE without one", Buffer.from("id,name\nenc-5,Zoë Müller\n", "utf16le").swap16()],
  ["Latin-1", Buffer.from("id,name\nenc-6,Zoë Müller\n", "latin1")],
])("%s is read as it was meant", async (_, bytes) => {
  const map = { match: "externalId", columns: { id: "externalId", name: "lastName" } };
  expect(await run(bytes, map)).toMatchObject({ rows: 1, rejected: 0 });
  const id = /enc-\d/.exec(bytes.toString("latin1").replaceAll("\0", ""))?.[0] as string;
  expect((await lead(id))["last_name"]).toBe("Zoë Müller");
});

test("in a UTF-8 file a broken cell costs its row, not the file", async () => {
  const good = Array.from({ length: 30 }, (_, i) => `u8-${i},Müller\n`).join("");
  const bytes = Buffer.concat([Buffer.from(`id,name\n${good}u8-x,`), Buffer.from([0xfc]), Buffer.from("\n")]);
  const result = await run(bytes, { match: "externalId", columns: { id: "externalId", name: "lastName" } });
  expect(result).toMatchObject({ rows: 31, created: 30, rejected: 1 });
  expect(errorsOf(result)[1]).toContain(",32,name,");
});

test("ten thousand columns are read, and one more is refused in words", async () => {
  const header = (columns: number) => Array.from({ length: columns }, (_, i) => `c${i}`).join(",");
  const row = (columns: number, id: string) => `${id}${",x".repeat(columns - 1)}`;
  expect(await run(`${header(10_000)}\n${row(10_000, "wide-1")}\n`, { columns: { c0: "externalId", c9999: "lastName" } })).toMatchObject({
    rows: 1,
    created: 1,
  });
  await expect(run(`${header(10_001)}\n${row(10_001, "wide-2")}\n`, { columns: { c0: "externalId" } })).rejects.toThrow(
    "10001 cells, more than the 10000 allowed",
  );
});

test("title lines above the header are passed over, and lines are counted as they stand in the file", async () => {
  const result = await run("Leads of the fair\n\nprinted 2026-01-01,,\nid,email,city\ntitle-1,t1@example.com,Ulm\ntitle-2,broken,Ulm\n", {
    match: "externalId",
    columns: { ID: "externalId", Email: "email" },
  });
  expect(result).toMatchObject({ rows: 2, created: 1, rejected: 1 });
  expect(errorsOf(result)[1]).toContain(",6,email,");
});

/** A door whose process is killed after so many chunks have been committed. */
function failAfter(door: Door, chunks: number): Door {
  let handed = 0;
  return {
    ...door,
    submitMany: async (workspaceId, items, options) => {
      if (handed++ >= chunks) throw new Error("the process was killed");
      return door.submitMany(workspaceId, items, options);
    },
  };
}
