import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ImportMap, readMap } from "../../../core/import/import-map.ts";
import type { Deps } from "../../deps.ts";
import { uuidv7 } from "../../ids.ts";
import { Problem } from "../../problems.ts";
import { testFlow, type TestFlow } from "../../testing/flow.ts";
import { readRows, SOURCE, takeFile } from "./import-file.ts";
import { importFile, type ImportResult } from "./imports.service.ts";

const data = path.resolve(import.meta.dirname, "../../../../../shared/data");
const files = (folder: string): readonly string[] =>
  existsSync(path.join(data, folder))
    ? readdirSync(path.join(data, folder), { recursive: true, encoding: "utf8" })
        .filter((name) => statSync(path.join(data, folder, name)).isFile() && !/\.(md|json)$/.test(name))
        .toSorted()
    : [];

// Public data that is not part of this project; where the folder is missing there is nothing to prove here.
describe.skipIf(!existsSync(data))("real-data", () => {
  let flow: TestFlow;
  let deps: Deps;
  let folder: string;

  beforeAll(async () => {
    folder = mkdtempSync(path.join(tmpdir(), "baton-real-"));
    flow = await testFlow();
    const { database, db, configs, door, log } = flow;
    deps = { database, db, configs, door, log, now: Date.now, dataDir: folder, newId: () => uuidv7(), actor: "cli" } as unknown as Deps;
  });
  afterAll(async () => {
    await flow.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const run = (file: string, map: unknown, history = false): Promise<ImportResult> =>
    importFile(deps, { file: path.join(data, file), map, history, dryRun: false });
  const firstColumn = { match: "none", columns: { "#1": "lastName" } };

  describe("CSV in every state of disrepair goes in, is rejected row by row, or is refused in words", () => {
    test.each(
      ["csv_spectrum", "messytables_horror", "frictionless_csv", "univocity_csv"].flatMap((folder) => files(folder).map((name) => `${folder}/${name}`)),
    )(
      "%s",
      async (file) => {
        const result = await run(file, firstColumn).catch((error: unknown) => error);
        if (result instanceof Problem) {
          expect(result.message).toMatch(/^(This is|The file|The row|There is no)[^]{20,}/);
          return;
        }
        const { rows, created, updated, skipped, rejected, errorFile } = result as ImportResult;
        expect(rows).toBe(created + updated + skipped + rejected);
        if (errorFile !== null) for (const line of readFileSync(errorFile, "utf8").split("\r\n")) expect(line).not.toMatch(/^[=+@]/);
      },
      30_000,
    );
  });

  // The answer that comes with location_coordinates names another phone number than the file.
  const answered = files("csv_spectrum").map((name) => path.basename(name, ".csv"));
  test.each(answered.filter((name) => name !== "location_coordinates"))("csv_spectrum/%s is read cell for cell", async (name) => {
    const { map } = readMap(firstColumn);
    const to = path.join(folder, uuidv7());
    const reading = await takeFile(path.join(data, "csv_spectrum/csvs", `${name}.csv`), to, map as ImportMap);
    const rows: Record<string, string>[] = [];
    for await (const piece of readRows(path.join(to, SOURCE), reading))
      for (const { cells } of piece) rows.push(Object.fromEntries(reading.header.map((column, i) => [column, cells[i] ?? ""])));
    const expected = [
      JSON.parse(readFileSync(path.join(data, "csv_spectrum/json", `${name}.json`), "utf8")) as Record<string, string> | readonly Record<string, string>[],
    ].flat();
    const plain = (row: Readonly<Record<string, string>>) =>
      Object.fromEntries(Object.entries(row).map(([key, value]) => [key, value.replaceAll("\r\n", "\n")]));
    expect(rows.map(plain)).toEqual(expected.map(plain));
  });

  test.each([
    ["messytables_horror/simple.xlsx", "an Excel workbook (XLSX)"],
    ["messytables_horror/simple.xls", "an old Office document"],
    ["messytables_horror/simple.ods", "an OpenDocument spreadsheet (ODS)"],
    ["messytables_horror/simple.zip", "a ZIP archive"],
    ["messytables_horror/html.html", "a web page (HTML)"],
  ])("%s is recognised as %s", async (file, words) => {
    await expect(run(file, firstColumn)).rejects.toThrow(words);
  });

  test("500 British contacts: every one has its e-mail, and a second time nobody is new", async () => {
    const map = {
      match: "email",
      columns: {
        first_name: "firstName",
        last_name: "lastName",
        company_name: "company",
        city: "city",
        postal: "fields.postal",
        phone1: "phone",
        email: "email",
        web: "website",
      },
      defaults: { country: "GB" },
    };
    const file = "univocity_csv/issues/github_194/uk-500.csv";
    expect(await run(file, map)).toMatchObject({ rows: 500, created: 500, rejected: 0 });
    expect(await run(file, map)).toMatchObject({ rows: 500, created: 0, skipped: 500, rejected: 0 });
  });

  describe("8,000 marketing qualified leads and 842 deals, as published and as people damage them", () => {
    const leads = {
      match: "externalId",
      columns: { mql_id: "externalId", first_contact_date: "capturedAt", landing_page_id: "fields.landingPage", origin: "source" },
      defaults: { stage: "mql" },
    };
    const deals = {
      match: "externalId",
      columns: {
        mql_id: "externalId",
        won_date: "opportunity.wonAt",
        declared_monthly_revenue: "opportunity.amount",
        business_segment: "fields.businessSegment",
        sr_id: "fields.salesRep",
      },
      defaults: { "opportunity.currency": "BRL" },
    };

    test("all leads are created, and every deal finds its lead", async () => {
      expect(await run("olist_funnel/olist_marketing_qualified_leads_dataset.csv", leads, true)).toMatchObject({ rows: 8000, created: 8000, rejected: 0 });
      expect(await run("olist_funnel/olist_closed_deals_dataset.csv", deals, true)).toMatchObject({ rows: 842, created: 0, updated: 842, rejected: 0 });
    });

    test("a copy that went through a spreadsheet, with days first and other line ends, says the same", async () => {
      expect(await run("olist_funnel/variants/mql_excel_ddmmyyyy_crlf.csv", leads, true)).toMatchObject({
        rows: 8000,
        created: 0,
        updated: 0,
        skipped: 8000,
        rejected: 0,
      });
      expect(await run("olist_funnel/variants/closed_deals_excel_mangled_crlf.csv", deals, true)).toMatchObject({ rows: 842, created: 0, rejected: 0 });
    });
  });
});
