import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { request } from "node:http";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { sweepUploads } from "./draft.service.ts";

const dataDir = mkdtempSync(path.join(os.tmpdir(), "baton-wizard-"));
let made: TestApp;

beforeAll(async () => {
  made = await testApp({ dataDir });
});
afterAll(async () => {
  await made.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const CSV = { "content-type": "text/csv" };

async function upload(file: string | Buffer, name = "people.csv", headers: Readonly<Record<string, string>> = CSV) {
  return made.api("POST", `/api/v1/imports?name=${encodeURIComponent(name)}`, file, headers);
}

async function settled(id: string, states: readonly string[] = ["done", "failed", "cancelled"]): Promise<Json> {
  for (let i = 0; i < 400; i++) {
    const { body } = await made.api("GET", `/api/v1/imports/${id}`);
    if (states.includes(body.state)) return body;
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`import ${id} did not settle`);
}

const GERMAN = [
  "Kundennummer;Vorname;Nachname;E-Mail;Firma;Lead-Status;Flotte;Transport;Erstellt am",
  ...Array.from(
    { length: 60 },
    (_, i) =>
      `K-${i};Jürgen;Müller${i};j${i}@hafen${i % 5}.example;Hafen GmbH;${i % 3 === 0 ? "open" : "working"};${i + 2};${i % 2 === 0 ? "Straße" : "Schiene"};${(i % 27) + 1}.03.2026`,
  ),
].join("\r\n");

describe("the wizard", () => {
  test("an uploaded file is looked at: encoding, delimiter, columns with targets and reasons, new fields proposed and none created", async () => {
    const { status, body, headers } = await upload(Buffer.from(GERMAN, "latin1"), "hafen.csv");
    expect(status).toBe(201);
    expect(headers["location"]).toBe(`/api/v1/imports/${body.id}`);
    expect(body).toMatchObject({
      state: "draft",
      name: "hafen.csv",
      survey: { encoding: "windows-1252", delimiter: ";", headerLine: 1, rows: 60, exact: true, remembered: null },
    });
    expect(body.survey.columns.map((column: Json) => column.proposal.target)).toEqual([
      "externalId",
      "firstName",
      "lastName",
      "email",
      "company",
      "status",
      "fields.flotte",
      "fields.transport",
      "capturedAt",
    ]);
    expect(body.settings.newFields).toEqual([
      { key: "flotte", label: "Flotte", type: "number" },
      { key: "transport", label: "Transport", type: "select", options: ["Straße", "Schiene"] },
    ]);
    expect(body.survey.columns[3].proposal.reason).toBe("The name means e-mail address, and 100 % of the values are e-mail addresses.");
    const config = await made.api("GET", "/api/v1/config");
    expect(JSON.stringify(config.body)).not.toContain("flotte");
  });

  test("preview is the run itself on the first rows and leaves nothing; starting does what it said; the same header is proposed again", async () => {
    const draft = (await upload(GERMAN.replaceAll("hafen", "kai").replaceAll("K-", "KAI-"))).body;
    const before = (await made.api("GET", "/api/v1/leads?limit=1&total=true")).body.total;
    const preview = await made.api("POST", `/api/v1/imports/${draft.id}/preview`, { rows: 10 });
    expect(preview.status).toBe(200);
    expect(preview.body.counts).toEqual({ rows: 10, created: 10, updated: 0, skipped: 0, rejected: 0 });
    expect(preview.body.results[0]).toMatchObject({ row: 0, line: 2, outcome: "created", lead: { id: null, name: "Jürgen Müller0" } });
    expect((await made.api("GET", "/api/v1/leads?limit=1&total=true")).body.total).toBe(before);
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    const done = await settled(draft.id);
    expect(done).toMatchObject({
      state: "done",
      counts: { rows: 60, created: 60, updated: 0, skipped: 0, rejected: 0 },
      hasErrorFile: false,
      progress: { done: 60, total: 60 },
    });
    expect((await made.api("GET", "/api/v1/leads?limit=1&total=true")).body.total).toBe(before + 60);
    const again = (await upload(GERMAN.replaceAll("hafen", "kai").replaceAll("K-", "KAI-").toUpperCase().replaceAll("JÜRGEN", "Ada"))).body;
    expect(again.survey.remembered).toMatchObject({ importId: draft.id });
    expect(again.settings.columns[6]).toEqual({ index: 6, target: "fields.flotte" });
    const second = await made.api("POST", `/api/v1/imports/${again.id}/preview`);
    expect(second.body.counts).toMatchObject({ rows: 60, created: 0, rejected: 0 });
    expect(second.body.newFields).toEqual([]);
  });

  test("rejections are grouped by column with a fix each; applied fixes are all it takes", async () => {
    const rows = [
      "email,stage,size",
      ...Array.from({ length: 30 }, (_, i) => `fix${i}@example.org,${i < 10 ? "mqll" : "sql"},${i === 13 ? "many" : 12}`),
      "not-an-address,sql,1",
    ];
    const draft = (await upload(rows.join("\n"), "fix.csv")).body;
    const columns = [
      { index: 0, target: "email" },
      { index: 1, target: "stage" },
      { index: 2, target: "fields.yardSize" },
    ];
    const newFields = [{ key: "yardSize", label: "Yard size", type: "number" }];
    const edited = await made.api("PATCH", `/api/v1/imports/${draft.id}`, { columns, newFields });
    expect(edited.status).toBe(200);
    const { problems, counts } = (await made.api("POST", `/api/v1/imports/${draft.id}/preview`)).body;
    expect(counts).toMatchObject({ rows: 31, created: 19, rejected: 12 });
    expect(problems.map((problem: Json) => [problem.name, problem.rows])).toEqual([
      ["stage", 10],
      ["size", 1],
      ["email", 1],
    ]);
    expect(problems[0].fixes[0]).toEqual({ kind: "mapValue", label: "Read “mqll” as “mql”", target: "stage", from: "mqll", to: "mql" });
    const lists = { stage: { mqll: "mql" }, "fields.yardSize": { many: "" } };
    await made.api("PATCH", `/api/v1/imports/${draft.id}`, { lists });
    const after = (await made.api("POST", `/api/v1/imports/${draft.id}/preview`)).body;
    expect(after.counts).toMatchObject({ created: 30, rejected: 1 });
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    expect(await settled(draft.id)).toMatchObject({ counts: after.counts, hasErrorFile: true });
    const errors = await made.api("GET", `/api/v1/imports/${draft.id}/errors`);
    expect(errors.headers["content-disposition"]).toContain("attachment");
    expect(errors.text).toBe('\uFEFFemail,stage,size,line,column,reason\r\nnot-an-address,sql,1,32,email,"""not-an-address"" is not an e-mail address"\r\n');
    const back = (await upload(errors.text.replaceAll("not-an-address", "mended@example.org"), "fix-errors.csv")).body;
    expect(back.survey.columns.map((column: Json) => column.proposal.target)).toEqual(
      ["email", null, null, null, null, null].map((_, i) => (i === 0 ? "email" : back.survey.columns[i].proposal.target)),
    );
    expect(back.survey.columns.slice(3).map((column: Json) => column.proposal.target)).toEqual([null, null, null]);
  });

  test("cells that a spreadsheet would run are harmless in the error file", async () => {
    const draft = (await upload('email,first name\n"=HYPERLINK(""http://evil"")",+1\n@sum,-2\n', "evil.csv")).body;
    await made.api("PATCH", `/api/v1/imports/${draft.id}`, {
      columns: [
        { index: 0, target: "email" },
        { index: 1, target: "firstName" },
      ],
    });
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    await settled(draft.id);
    const { text } = await made.api("GET", `/api/v1/imports/${draft.id}/errors`);
    for (const line of text.split("\r\n").slice(1)) expect(line).not.toMatch(/(?:^|,)"?[=+\-@]/);
  });

  test("a running import is paused, goes on where it stood, and a cancelled one keeps what was done and never goes on", async () => {
    const rows = (from: string) => ["email,first name", ...Array.from({ length: 12_000 }, (_, i) => `${from}${i}@example.org,Ada`)].join("\n");
    const draft = (await upload(rows("pause"), "long.csv")).body;
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    await settled(draft.id, ["running"]);
    const paused = await made.api("POST", `/api/v1/imports/${draft.id}/pause`);
    expect(paused.body.state).toBe("paused");
    const stood = (await made.api("GET", `/api/v1/imports/${draft.id}`)).body.counts.rows;
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect((await made.api("GET", `/api/v1/imports/${draft.id}`)).body.counts.rows).toBe(stood);
    expect(stood).toBeLessThan(12_000);
    await made.api("POST", `/api/v1/imports/${draft.id}/resume`);
    expect(await settled(draft.id)).toMatchObject({ state: "done", counts: { rows: 12_000, created: 12_000 } });
    const other = (await upload(rows("cancel"), "other.csv")).body;
    await made.api("POST", `/api/v1/imports/${other.id}/start`);
    await settled(other.id, ["running"]);
    const cancelled = (await made.api("POST", `/api/v1/imports/${other.id}/cancel`)).body;
    expect(cancelled.state).toBe("cancelled");
    expect(existsSync(path.join(dataDir, "imports", other.id))).toBe(false);
    expect((await made.api("POST", `/api/v1/imports/${other.id}/resume`)).status).toBe(409);
    expect((await made.api("POST", `/api/v1/imports/${other.id}/start`)).status).toBe(409);
    expect((await runDoctor(made.house, {})).violations).toEqual([]);
  });

  test("the list shows who began what, the newest first, a page at a time", async () => {
    const first = await made.api("GET", "/api/v1/imports?limit=2");
    expect(first.body.items).toHaveLength(2);
    expect(first.body.items[0].by.actor).toMatch(/^key:/);
    const second = await made.api("GET", `/api/v1/imports?limit=2&cursor=${first.body.nextCursor}`);
    expect(second.body.items[0].createdAt <= first.body.items[1].createdAt).toBe(true);
  });

  test("settings that cannot be are refused with every mistake", async () => {
    const draft = (await upload("a,b\n1,2\n")).body;
    const edit = await made.api("PATCH", `/api/v1/imports/${draft.id}`, {
      columns: [
        { index: 0, target: "emial" },
        { index: 7, target: "fields.nowhere" },
      ],
    });
    expect(edit.status).toBe(422);
    expect(edit.body.detail).toContain("emial");
    expect(edit.body.detail).toContain("There is no column 8");
    expect(edit.body.detail).toContain('no field "nowhere"');
  });

  test("a repeated upload with one key is one draft, and another encoding reads the file again", async () => {
    const keyed = { ...CSV, "idempotency-key": "upload-1" };
    const [one, two] = [await upload("Имя,email\nОлена,o@example.org", "uk.csv", keyed), await upload("Имя,email\nОлена,o@example.org", "uk.csv", keyed)];
    expect(two.body.id).toBe(one.body.id);
    const read = await made.api("PATCH", `/api/v1/imports/${one.body.id}`, { encoding: "windows-1251" });
    expect(read.body.survey.encoding).toBe("windows-1251");
    expect((await made.api("PATCH", `/api/v1/imports/${one.body.id}`, { encoding: "klingon" })).status).toBe(422);
  });
});

describe("files that are none", () => {
  const ZIP = Buffer.from([0x50, 0x4b, 3, 4, ...Array<number>(200).fill(7)]);
  test.each<[string, string | Buffer, number]>([
    ["a ZIP called CSV", ZIP, 422],
    ["nothing at all", Buffer.alloc(0), 422],
    ["UTF-16 with a mark", Buffer.from("\uFEFFemail,name\na@b.example,Ada\n", "utf16le"), 201],
    ["NUL in a cell", "email,name\na@b.example,A\u0000da\nc@d.example,Bob\n", 201],
    ["ten thousand columns", `${Array.from({ length: 10_000 }, (_, i) => `c${i}`).join(",")}\n${Array(10_000).fill("1").join(",")}\n`, 201],
    ["more columns than are read", `${Array.from({ length: 20_000 }, (_, i) => `c${i}`).join(",")}\n`, 422],
    ["a quote that is never closed", `email,name\n"a@b.example,Ada\n${"x,y\n".repeat(1000)}`, 201],
    ["a quote at the first byte", `"email,name\n${"x,y\n".repeat(1000)}`, 201],
    ["a web page", "<!doctype html><table><tr><td>1</td></tr></table>", 422],
    ["one line", "just some words", 201],
    ["only line ends", "\n\r\n\r\n", 422],
    ["a megabyte without a line end", "x".repeat(1 << 20), 201],
  ])("%s gets an answer that can be acted on", async (_what, file, expected) => {
    const { status, body } = await upload(file);
    if (expected === 422 || status === 422) expect(body.detail.length).toBeGreaterThan(20);
    expect([expected, 422]).toContain(status);
    if (expected === 422) expect(status).toBe(422);
    if (status !== 201) return;
    const preview = await made.api("POST", `/api/v1/imports/${body.id}/preview`);
    expect([200, 422]).toContain(preview.status);
  });

  test("names with folders, marks that turn text around or control characters are only names", async () => {
    for (const name of ["../../etc/passwd", "C:\\temp\\evil.csv", "fdp.\u202Evsc", "a\u0000b.csv", "..", "\n"]) {
      const { status, body } = await upload("email\na@b.example\n", name);
      expect([201, 422]).toContain(status);
      if (status === 201) expect(body.name).not.toMatch(/[/\\\u202E\p{Cc}]|^\.\.$/u);
    }
    expect(readdirSync(dataDir).toSorted()).toEqual(expect.not.arrayContaining(["etc"]));
  });

  test("another kind of body, or a packed one, is refused in words", async () => {
    expect((await upload("{}", "a.json", { "content-type": "application/json" })).status).toBe(415);
    expect((await upload("a", "a.csv", { "content-type": "multipart/form-data; boundary=x" })).status).toBe(415);
    expect((await upload("a", "a.csv", { ...CSV, "content-encoding": "gzip" })).status).toBe(415);
  });

  test("an upload that is cut off leaves nothing behind, nor does one whose process died", async () => {
    await made.app.fastify.listen({ port: 0, host: "127.0.0.1" });
    const { port } = made.app.fastify.server.address() as { readonly port: number };
    const before = readdirSync(path.join(dataDir, "imports")).length;
    await new Promise<void>((resolve) => {
      const call = request({
        port,
        method: "POST",
        path: "/api/v1/imports",
        headers: { ...CSV, authorization: `Bearer ${made.apiKey}`, "content-length": "1000000" },
      });
      call.on("error", () => resolve());
      call.write("email,name\n".repeat(1000), () => setTimeout(() => call.destroy(), 100));
    });
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(readdirSync(path.join(dataDir, "imports")).length).toBe(before);
    await sweepUploads(made.house);
    expect(readdirSync(path.join(dataDir, "imports")).length).toBe(before);
  });
});

test("behind the numbers of an import stand its leads: those it changed, and those it found as they were", async () => {
  const file = (rows: readonly string[]): string => ["email,firstName,city", ...rows].join("\n");
  const people = Array.from({ length: 7 }, (_, i) => `behind${i}@numbers.example,P${i},`);
  const run = async (name: string, rows: readonly string[]): Promise<Json> => {
    const draft = (await upload(file(rows), name)).body;
    await made.api("POST", `/api/v1/imports/${draft.id}/start`);
    return settled(draft.id);
  };
  await run("first.csv", people);
  const second = await run("second.csv", [...people.slice(0, 4), ...people.slice(4).map((row) => `${row}Oslo`), "behind9@numbers.example,P9,Oslo"]);
  expect(second.counts).toMatchObject({ created: 1, updated: 3, skipped: 4, rejected: 0 });
  const leads = async (outcome: string, more = ""): Promise<Json> =>
    (await made.api("GET", `/api/v1/imports/${second.id}/leads?outcome=${outcome}${more}`)).body;
  const updated = await leads("updated");
  expect(updated).toMatchObject({ nextCursor: null, kept: true });
  expect(updated.items.map(({ name }: Json) => name)).toEqual(["P4", "P5", "P6"]);
  const first = await leads("skipped", "&limit=3");
  const rest = await leads("skipped", `&limit=3&cursor=${first.nextCursor}`);
  expect([...first.items, ...rest.items].map(({ name }: Json) => name)).toEqual(["P0", "P1", "P2", "P3"]);
  expect(rest.nextCursor).toBeNull();
  await made.api("DELETE", `/api/v1/leads/${updated.items[0].id}`);
  expect((await leads("updated")).items).toHaveLength(2);

  expect((await made.api("GET", `/api/v1/imports/${second.id}/leads?outcome=created`)).status).toBe(422);
  expect((await made.api("GET", `/api/v1/imports/${second.id}/leads?outcome=updated&cursor=x`)).status).toBe(422);
  expect((await made.api("GET", `/api/v1/imports/${made.house.newId()}/leads?outcome=updated`)).status).toBe(404);
  await made.house.database.pool.query("update import_chunk set updated_leads = null, skipped_leads = null where import_id = $1", [second.id]);
  expect(await leads("updated")).toEqual({ items: [], nextCursor: null, kept: false });
});
