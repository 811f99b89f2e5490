import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVERYONE } from "../../../core/access/access.ts";
import { compileConfig } from "../../../core/config/compile.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { bindDb, createDatabase, type Database, type Db, sql, workspace } from "../../db/db.ts";
import { uuidv7 } from "../../ids.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { NOW, randomConfig, randomLead, writeLeads } from "../../testing/random-leads.ts";
import { type BehindRequest, listReportLeads } from "./behind.service.ts";
import { reportFunnel, reportVelocity } from "./report.service.ts";

const DAY = 86_400_000;
const LINE = [...randomConfig.order.keys()];
const SHOWN = LINE.filter((stage) => stage !== "sal");

let made: TestDatabase;
let database: Database;

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

type Entry = { readonly stage: string; readonly at: number };
type Story = { readonly source: string | null; readonly capturedAt: number; readonly entries: readonly Entry[] };

/** A workspace of its own with leads that went these ways. */
async function workspaceOf(stories: readonly Story[], timezone = "UTC"): Promise<{ readonly db: Db; readonly leads: readonly LeadState[] }> {
  const db = bindDb(database.pool, uuidv7());
  await db.execute(sql`insert into workspace (workspace_id, name, timezone, created_at) values (${workspace}, 'Reports', ${timezone}, ${new Date(NOW)})`);
  const leads = fc.sample(randomLead, stories.length).map((lead, i) => ({ ...lead, ...(stories[i] as Story) }));
  await writeLeads(database, db.workspaceId, leads);
  for (const lead of leads) {
    const stages = lead.entries.map((entry) => entry.stage);
    await db.execute(sql`
      insert into fact (workspace_id, lead_id, number, ordinal, input_id, at, type, actor, stage, data)
      select ${workspace}, ${lead.id}, n, 0, ${lead.id}, at, 'stage.entered', 'test', stage, '{}' from unnest(${stages}::text[], ${lead.entries.map((entry) => new Date(entry.at))}::timestamptz[]) with ordinality r (stage, at, n)`);
    await db.execute(sql`
      insert into fact (workspace_id, lead_id, number, ordinal, input_id, at, type, actor, stage, data)
      values (${workspace}, ${lead.id}, 99, 0, ${lead.id}, ${new Date(NOW)}, 'lead.scored', 'test', null, '{}')`);
  }
  return { db, leads };
}

const depsOf = (db: Db, config = randomConfig) => ({
  db,
  viewer: EVERYONE,
  now: () => NOW,
  configs: { get: async () => config, recent: async () => config, version: async () => config },
});

const story: fc.Arbitrary<Story> = fc.record({
  source: fc.constantFrom(null, "web", "Web", "unknown"),
  capturedAt: fc.integer({ min: NOW - 100 * DAY, max: NOW }),
  entries: fc.array(
    fc.record({
      stage: fc.constantFrom(...LINE.slice(0, 7), "lost", "rejected", "gone"),
      at: fc.integer({ min: 0, max: 300 }).map((n) => NOW - n * (DAY / 3)),
    }),
    { maxLength: 6 },
  ),
});

/** Reached, counted the slow way. */
function reached(entries: readonly Entry[], stage: string): boolean {
  return entries.some((entry) => LINE.indexOf(entry.stage) >= LINE.indexOf(stage));
}

test("the funnel counts every lead that ever reached a stage or a later one, by source and as of a date", async () => {
  const { db, leads } = await workspaceOf(fc.sample(story, 80));
  await workspaceOf(fc.sample(story, 20)); // the neighbour
  const stories = leads as unknown as readonly Story[];
  for (const asOf of [undefined, "2026-10-01"]) {
    const before = asOf === undefined ? Number.POSITIVE_INFINITY : Date.UTC(2026, 9, 2);
    const report = await reportFunnel(depsOf(db), { by: "source", ...(asOf === undefined ? {} : { asOf }) });
    expect(report.stages).toEqual(SHOWN);
    const expected = [null, "web", "Web", "unknown"].flatMap((key) => {
      const chains = stories.filter((one) => one.source === key).map((one) => one.entries.filter((entry) => entry.at < before));
      const stages = Object.fromEntries(SHOWN.map((stage) => [stage, chains.filter((entries) => reached(entries, stage)).length]));
      return stages["inquiry"] === 0 ? [] : [{ key, stages }];
    });
    expect(new Set(report.rows)).toEqual(new Set(expected));
  }
});

test("leads are selected by the date of capture in the workspace's zone", async () => {
  const entries = [{ stage: "mql", at: NOW }];
  const late = Date.UTC(2026, 2, 1, 2); // still the last of February in São Paulo
  const { db } = await workspaceOf([{ source: "web", capturedAt: late, entries }], "America/Sao_Paulo");
  const mql = async (from: string, to: string) => (await reportFunnel(depsOf(db), { from, to })).rows[0]?.stages["mql"] ?? 0;
  expect(await mql("2026-02-28", "2026-02-28")).toBe(1);
  expect(await mql("2026-03-01", "2026-03-02")).toBe(0);
});

test("a funnel by a field the workspace made has its values as keys", async () => {
  const { db, leads } = await workspaceOf(fc.sample(story, 30));
  const report = await reportFunnel(depsOf(db), { by: "fields.trial" });
  const keys = new Set(
    (leads as readonly (LeadState & Story)[]).filter((lead) => reached(lead.entries, "inquiry")).map((lead) => lead.fields["trial"] ?? null),
  );
  expect(new Set(report.rows.map((row) => row.key))).toEqual(new Set([...keys].map((key) => (key === null ? null : String(key)))));
});

test("sal is shown when acceptance is on", async () => {
  const { db } = await workspaceOf([{ source: null, capturedAt: NOW, entries: [{ stage: "sql", at: NOW }] }]);
  const config = compileConfig({ ...randomConfig.config, acceptance: true }, 2);
  const report = await reportFunnel(depsOf(db, config), {});
  expect(report.rows).toEqual([{ key: null, stages: expect.objectContaining({ mql: 1, sal: 1, sql: 1, opportunity: 0 }) }]);
});

test("a stay lasts from an entry to the next one of the chain, whatever order the entries came in; open stays do not count", async () => {
  const { db } = await workspaceOf([
    {
      source: null,
      capturedAt: NOW,
      entries: [
        { stage: "customer", at: NOW },
        { stage: "mql", at: NOW - 10 * DAY },
        { stage: "inquiry", at: NOW - 10 * DAY - DAY / 2 },
      ],
    },
    {
      source: null,
      capturedAt: NOW,
      entries: [
        { stage: "mql", at: NOW - 4 * DAY },
        { stage: "rejected", at: NOW - 3 * DAY },
        { stage: "mql", at: NOW - 2 * DAY },
        { stage: "customer", at: NOW },
      ],
    },
    { source: null, capturedAt: NOW, entries: [{ stage: "mql", at: NOW - 50 * DAY }] },
  ]);
  const { cycle, stages } = await reportVelocity(depsOf(db), {});
  const of = (stage: string) => stages.find((row) => row.stage === stage);
  expect(of("inquiry")).toEqual({ stage: "inquiry", medianDays: 0.5, p90Days: 0.5, count: 1 });
  expect(of("mql")).toEqual({ stage: "mql", medianDays: 2, p90Days: 8.4, count: 3 }); // 1, 2 and 10 days
  expect(of("rejected")).toMatchObject({ medianDays: 1, count: 1 });
  expect(of("customer")).toEqual({ stage: "customer", medianDays: null, p90Days: null, count: 0 });
  expect(cycle).toEqual({ medianDays: 7, p90Days: 9.4, count: 2 }); // 4 and 10 days
});

test("velocity selects leads by capture", async () => {
  const entries = [
    { stage: "mql", at: NOW - DAY },
    { stage: "customer", at: NOW },
  ];
  const { db } = await workspaceOf([
    { source: null, capturedAt: NOW, entries },
    { source: null, capturedAt: NOW - 60 * DAY, entries },
  ]);
  expect((await reportVelocity(depsOf(db), { from: "2026-11-01", to: "2026-11-30" })).cycle.count).toBe(1);
  expect((await reportVelocity(depsOf(db), {})).cycle.count).toBe(2);
});

test.each([[{ by: "shoeSize" }], [{ by: "fields.unknown" }], [{ from: "soon" }], [{ asOf: "2026-02-30" }], [{ from: "2026-02-02", to: "2026-02-01" }]])(
  "%o is refused in words",
  async (request) => {
    const { db } = await workspaceOf([]);
    await expect(reportFunnel(depsOf(db), request)).rejects.toMatchObject({ status: 422 });
  },
);

describe("what is behind a number", () => {
  const linesOf = async (db: Db, request: Omit<BehindRequest, "limit" | "cursor">) => {
    const items: { readonly id: string; readonly days: number | null }[] = [];
    let cursor: string | undefined;
    let count: number | null = null;
    do {
      const page = await listReportLeads(depsOf(db), { ...request, limit: 7, cursor });
      count ??= page.count;
      items.push(...page.items);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(new Set(items.map(({ id }) => id)).size).toBe(items.length);
    expect(items.length).toBe(count);
    return items;
  };

  test("is exactly as many lines as the number says, for every number of the funnel and of velocity", async () => {
    const { db } = await workspaceOf(fc.sample(story, 60));
    await workspaceOf(fc.sample(story, 10)); // the neighbour
    const filter = JSON.stringify({ field: "source", op: "isEmpty", value: false });
    for (const range of [{}, { from: "2026-09-01", asOf: "2026-11-01" }, { filter }]) {
      const funnel = await reportFunnel(depsOf(db), { by: "source", ...range });
      for (const { key, stages } of funnel.rows)
        for (const [stage, count] of Object.entries(stages))
          expect(await linesOf(db, { of: "reached", stage, by: "source", ...(key === null ? { none: "true" } : { value: key }), ...range })).toHaveLength(
            count,
          );
      const { cycle, ways, stages } = await reportVelocity(depsOf(db), range);
      for (const { stage, count, medianDays } of stages) {
        const stays = await linesOf(db, { of: "stays", stage, ...range });
        expect(stays).toHaveLength(count);
        const days = stays.map((stay) => stay.days as number);
        expect(days).toEqual(days.toSorted((a, b) => b - a));
        if (count % 2 === 1) expect(days[(count - 1) / 2]).toBeCloseTo(medianDays as number, 6);
      }
      for (const { start, end, count } of [...ways, { start: "mql", end: "customer", count: cycle.count }])
        expect(await linesOf(db, { of: "way", start, end, ...range })).toHaveLength(count);
    }
  }, 120_000);

  test("a number that is none is refused in words", async () => {
    const { db } = await workspaceOf([]);
    for (const request of [
      { of: "reached" },
      { of: "reached", stage: "lost" },
      { of: "way", start: "mql" },
      { of: "won", cursor: "x" },
      { of: "won", filter: "{" },
      { of: "won", filter: '{"field":"shoe","op":"eq","value":"1"}' },
      { of: "won", by: "shoeSize", value: "1" },
    ] as const)
      await expect(listReportLeads(depsOf(db), { limit: 5, ...request }), JSON.stringify(request)).rejects.toMatchObject({ status: 422 });
  });
});
