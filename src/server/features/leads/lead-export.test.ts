import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCsvReader } from "../../../core/import/csv.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { signedIn } from "../../testing/browser.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { exportToFile } from "./lead-export-file.service.ts";
import { exportLeads } from "./lead-export.service.ts";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "baton-export-"));
const PASSWORD = "correct horse battery staple";
let at: TestApp;
let clock = Date.UTC(2026, 2, 5, 8);

beforeAll(async () => {
  at = await testApp({ dataDir, now: () => clock });
  const { body: config } = await at.api("GET", "/api/v1/config");
  const fields = [
    ...config.config.fields.filter(({ key }: Json) => !["fleet", "vip"].includes(key)),
    { key: "fleet", label: "Fleet", type: "number" },
    { key: "vip", label: "E-mail", type: "boolean" },
  ];
  expect((await at.api("PUT", "/api/v1/config", { ...config.config, fields })).status).toBe(200);
  await at.api("PATCH", "/api/v1/workspace", { timezone: "Europe/Berlin" });
});
afterAll(async () => {
  await at.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const add = async (leads: readonly Json[]): Promise<readonly string[]> => {
  const { body } = await at.api("POST", "/api/v1/leads/batch", { leads });
  return body.results.map(({ id }: Json) => id);
};
const addressOf = (query: Readonly<Record<string, unknown>>): string =>
  `/api/v1/leads/export?${new URLSearchParams(Object.entries(query).map(([key, value]) => [key, typeof value === "string" ? value : JSON.stringify(value)])).toString()}`;
const source = (value: string) => ({ field: "source", op: "eq", value });

function tableOf(text: string): readonly (readonly string[])[] {
  expect(text.startsWith("\uFEFF")).toBe(true);
  expect(text.endsWith("\r\n")).toBe(true);
  const reader = createCsvReader({ delimiter: ",", quote: '"', backslash: false });
  return [...reader.push(text.slice(1)), ...reader.end()].map(({ cells, problem }) => {
    expect(problem).toBeNull();
    return cells;
  });
}

const audited = async (): Promise<readonly Json[]> => (await at.api("GET", "/api/v1/audit?action=export&limit=2")).body.items;

describe("an export", () => {
  test("has the columns asked for by their labels, in the order asked for, and times by the workspace's clock", async () => {
    await add([
      { email: "ann@shown.example", firstName: "Ann", lastName: 'Quote, "A"', company: "Two\nLines", source: "shown", fields: { fleet: 3, vip: true } },
      { email: "ben@shown.example", firstName: "Bén", lastName: "Žižka", source: "shown", tags: ["fair", "vip"], capturedAt: "2025-07-01T10:00:00Z" },
    ]);
    const { status, text, headers } = await at.api(
      "GET",
      addressOf({ filter: source("shown"), sort: "email", columns: "name,company,tags,capturedAt,fields.fleet,fields.vip,stage" }),
    );
    expect(status).toBe(200);
    expect(headers).toMatchObject({
      "content-type": "text/csv; charset=utf-8",
      "content-disposition": 'attachment; filename="leads 2026-03-05.csv"',
      "cache-control": "no-store",
    });
    const table = tableOf(text);
    expect(table[0]).toEqual(["First name", "Last name", "Company", "Tags", "Captured", "Fleet (fields.fleet)", "E-mail (fields.vip)", "Stage"]);
    expect(table[1]).toEqual(["Ann", 'Quote, "A"', "Two\nLines", "", "2026-03-05 09:00:00", "3", "yes", expect.any(String)]);
    expect(table[2]?.slice(0, 5)).toEqual(["Bén", "Žižka", "", "fair, vip", "2025-07-01 12:00:00"]);
    expect(table).toHaveLength(3);
  });

  test("has every column when none is named, each once and called differently", async () => {
    const [header = [], ...rows] = tableOf((await at.api("GET", addressOf({ filter: source("shown") }))).text);
    expect(header).toEqual(expect.arrayContaining(["Baton id", "E-mail", "E-mail (fields.vip)", "Next step", "Due", "BANT points", "Budget", "Owner"]));
    expect(new Set(header).size).toBe(header.length);
    expect(rows.every((row) => row.length === header.length)).toBe(true);
  });

  test("disarms what a spreadsheet would take for a formula, and import arms nothing by it", async () => {
    const evil = ['=HYPERLINK("http://evil.example")', "+1+1", "-2+3", "@SUM(A1)", "=cmd|' /C calc'!A0"];
    await add(evil.map((firstName, i) => ({ email: `evil${i}@evil.example`, firstName, source: "evil", phone: "+4930123456" })));
    const [, ...rows] = tableOf((await at.api("GET", addressOf({ filter: source("evil"), sort: "email", columns: "firstName,phone" }))).text);
    expect(rows.map(([name]) => name)).toEqual(evil.map((cell) => `'${cell}`));
    expect(rows.every(([, phone]) => phone === "'+4930123456")).toBe(true);
  });

  test("of selected leads has these and no others, in the order of the list; without some of a filter, the rest", async () => {
    const ids = await add([1, 2, 3].map((n) => ({ email: `s${n}@selected.example`, source: "selected" })));
    const some = await at.api("POST", "/api/v1/leads/export", { ids: [ids[2], ids[0], "none", ids[0]], sort: "email", columns: ["email"] });
    expect(tableOf(some.text)).toEqual([["E-mail"], ["s1@selected.example"], ["s3@selected.example"]]);
    expect((await audited())[0].detail).toMatchObject({ selected: 4, rows: 2, ended: "complete" });
    const rest = await at.api("POST", "/api/v1/leads/export", { filter: source("selected"), except: [ids[1]], sort: "-email", columns: ["email"] });
    expect(tableOf(rest.text)).toEqual([["E-mail"], ["s3@selected.example"], ["s1@selected.example"]]);
    expect(tableOf((await at.api("POST", "/api/v1/leads/export", { ids: [], columns: ["email"] })).text)).toEqual([["E-mail"]]);
  });

  test("is refused in words before anything is noted when filter, sort or columns cannot be read", async () => {
    const before = (await audited())[0].id;
    for (const [query, path] of [
      [{ columns: "name,emial" }, "columns"],
      [{ columns: "" }, "columns"],
      [{ columns: "constructor,hasOwnProperty" }, "columns"],
      [{ sort: "nothing" }, "sort"],
      [{ filter: "{" }, "filter"],
      [{ filter: { field: "fields.none", op: "eq", value: "1" } }, "filter"],
    ] as const) {
      const { status, body } = await at.api("GET", addressOf(query));
      expect(status).toBe(422);
      expect(body.errors[0].path).toBe(path);
    }
    expect((await at.api("GET", addressOf({ columns: "name,emial" }))).body.detail).toContain('did you mean "email"?');
    expect((await audited())[0].id).toBe(before);
  });

  test("leaves two lines in the audit: who began what from where, and how many leads it had", async () => {
    clock += 1000;
    const me = await signedIn(at, "owner@example.com", PASSWORD);
    await me.get(addressOf({ filter: source("shown"), columns: "email" }));
    const [ended, started] = await audited();
    expect(started).toMatchObject({ action: "export.started", actor: `user:${at.userId}`, address: "127.0.0.1", detail: { filter: source("shown") } });
    expect(ended).toMatchObject({ action: "export.ended", detail: { filter: source("shown"), columns: ["email"], rows: 2, ended: "complete" } });
    expect(ended.about.id).toBe(started.about.id);
  });

  test("goes as far as one sees: a manager gets the team's leads, a rep none at all", async () => {
    const { body: team } = await at.api("POST", "/api/v1/teams", { name: "West" });
    const member = async (email: string, role: string, team?: string) => {
      const { status, body } = await at.api("POST", "/api/v1/users", { name: role, email, role, ...(team === undefined ? {} : { team }) });
      expect(status).toBe(201);
      const { body: key } = await at.api("POST", "/api/v1/api-keys", { name: email, scopes: ["read"], user: body.id });
      return { id: body.id as string, headers: { authorization: `Bearer ${key.key}` } };
    };
    const manager = await member("manager@example.com", "salesManager", team.id);
    const rep = await member("rep@example.com", "salesRep", team.id);
    const other = await member("other@example.com", "salesRep");
    const [mine, theirs] = await add([1, 2].map((n) => ({ email: `sight${n}@sight.example`, source: "sight" })));
    await at.api("POST", `/api/v1/leads/${mine}/assign`, { owner: rep.id });
    await at.api("POST", `/api/v1/leads/${theirs}/assign`, { owner: other.id });
    const seen = await at.api("GET", addressOf({ filter: source("sight"), columns: "email" }), undefined, manager.headers);
    expect(tableOf(seen.text)).toEqual([["E-mail"], ["sight1@sight.example"]]);
    const named = await at.api("POST", "/api/v1/leads/export", { ids: [mine, theirs], columns: ["email"] }, manager.headers);
    expect(tableOf(named.text)).toEqual([["E-mail"], ["sight1@sight.example"]]);
    expect((await at.api("GET", addressOf({}), undefined, rep.headers)).status).toBe(403);
    expect((await at.api("POST", "/api/v1/leads/export", {}, rep.headers)).status).toBe(403);
  });
});

describe("a long export", () => {
  const MANY = 1300;
  beforeAll(async () => {
    for (let from = 0; from < MANY; from += 650) {
      await add(Array.from({ length: 650 }, (_, i) => ({ email: `many${from + i}@many.example`, source: "many", fields: i % 3 === 0 ? { fleet: i } : {} })));
    }
  });

  test("holds every lead once, whatever it is sorted by", async () => {
    for (const sort of ["-capturedAt", "email", "-fields.fleet", "stage,-score"]) {
      const [, ...rows] = tableOf((await at.api("GET", addressOf({ filter: source("many"), columns: "id,email", sort }))).text);
      expect(rows).toHaveLength(MANY);
      expect(new Set(rows.map(([id]) => id)).size).toBe(MANY);
    }
  });

  test("reads a page when the one before was taken, and stops when nobody reads on", async () => {
    const deps = actIn(at.house, at.workspaceId, "cli");
    let pages = 0;
    const db = { ...deps.db, query: ((statement: never) => (pages++, deps.db.query(statement))) as typeof deps.db.query };
    const { content } = await exportLeads({ ...deps, db }, { filter: source("many"), columns: ["email"] });
    const before = pages;
    const [piece] = await content.take(1).toArray();
    expect(tableOf(piece as string)).toHaveLength(501);
    content.destroy();
    await expect.poll(async () => (await audited())[0].detail).toMatchObject({ ended: "brokenOff", rows: expect.any(Number) });
    expect((await audited())[0].detail.rows).toBeLessThan(MANY);
    expect(pages - before).toBeLessThanOrEqual(2);
  });

  test("ends when the client goes away in the middle", async () => {
    await at.app.fastify.listen({ port: 0, host: "127.0.0.1" });
    const { port } = at.app.fastify.server.address() as { readonly port: number };
    const last = (await audited())[0].id;
    await new Promise<void>((resolve) => {
      const call = http.get({ port, path: addressOf({ filter: source("many") }), headers: { authorization: `Bearer ${at.apiKey}` } }, (response) => {
        response.once("data", () => {
          response.destroy();
          resolve();
        });
      });
      call.on("error", () => undefined);
    });
    await expect.poll(async () => (await audited())[0].action).toBe("export.ended");
    await expect.poll(async () => (await audited())[0].id).not.toBe(last);
  });

  test("goes into a file for the operator, which is there when it is whole", async () => {
    const deps = actIn(at.house, at.workspaceId, "cli");
    const out = path.join(dataDir, "out.csv");
    const done = await exportToFile(deps, { out, filter: JSON.stringify(source("many")), columns: "email, stage" });
    expect(done).toEqual({ file: out, rows: MANY, bytes: readFileSync(out).length });
    expect(tableOf(readFileSync(out, "utf8"))).toHaveLength(MANY + 1);
    await expect(exportToFile(deps, { out, columns: "nothing" })).rejects.toMatchObject({ status: 422 });
    await expect(exportToFile(deps, { out, filter: JSON.stringify(source("many")) }, AbortSignal.abort())).rejects.toMatchObject({ status: 503 });
    await expect(exportToFile(deps, { out: path.join(dataDir, "no", "such.csv") })).rejects.toMatchObject({ status: 422 });
    expect(readdirSync(dataDir).filter((name) => name.startsWith("out"))).toEqual(["out.csv"]);
    expect(tableOf(readFileSync(out, "utf8"))).toHaveLength(MANY + 1);
  });
});

test("what was exported is imported again by the columns the wizard proposes, and is the same", async () => {
  await add([
    {
      email: "r1@round.example",
      firstName: "=Ada",
      lastName: "O'Neil",
      company: "Round, GmbH",
      jobTitle: "CEO",
      phone: "+4930123457",
      source: "round",
      externalId: "R-1",
      country: "DE",
      city: "Köln",
      website: "https://round.example",
      campaign: "x;y",
      tags: ["a", "b"],
      fields: { fleet: 7, vip: false },
    },
    { email: "r2@round.example", lastName: "-Dash", source: "round", externalId: "R-2", tags: ["c"], fields: { fleet: 8, vip: true } },
  ]);
  const columns = "name,email,company,jobTitle,phone,source,externalId,country,city,website,campaign,tags,capturedAt,fields.fleet,fields.vip";
  const { text } = await at.api("GET", addressOf({ filter: source("round"), columns, sort: "email" }));
  const moved = text
    .replaceAll("@round.example", "@again.example")
    .replaceAll("R-", "A-")
    .replaceAll("+49301234", "+49301299")
    .replaceAll(",round,", ",again,");
  const { body: draft } = await at.api("POST", "/api/v1/imports?name=again.csv", moved, { "content-type": "text/csv" });
  expect(draft.survey.columns.map(({ proposal }: Json) => proposal.target)).toEqual(["firstName", "lastName", ...columns.split(",").slice(1)]);
  await at.api("POST", `/api/v1/imports/${draft.id}/start`);
  await expect.poll(async () => (await at.api("GET", `/api/v1/imports/${draft.id}`)).body.state, { timeout: 20_000 }).toBe("done");
  const again = await at.api("GET", addressOf({ filter: source("again"), columns, sort: "email" }));
  expect(tableOf(again.text)).toEqual(tableOf(moved));
});
