import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE } from "../../../core/access/access.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { subjectOf } from "../../../core/flow/subject.ts";
import { compileFilter, foldCase } from "../../../core/filter/filter.ts";
import { bindDb, createDatabase, type Database, type Db, sql, workspace } from "../../db/db.ts";
import { uuidv7 } from "../../ids.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { NOW, OWNERS, randomConfig, randomLead, writeLeads } from "../../testing/random-leads.ts";
import { type LeadList, type LeadListRequest, listLeads } from "./lead-list.service.ts";
import { leadView } from "./lead-view.ts";

let made: TestDatabase;
let database: Database;
let db: Db;
let leads: readonly LeadState[];

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
  db = bindDb(database.pool, uuidv7());
  leads = fc.sample(randomLead, 120);
  await writeLeads(database, db.workspaceId, leads);
  await writeLeads(database, uuidv7(), fc.sample(randomLead, 60)); // the neighbour, whose leads must never be in an answer
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

const deps = () => ({
  db,
  viewer: EVERYONE,
  now: () => NOW,
  configs: { get: async () => randomConfig, recent: async () => randomConfig, version: async () => randomConfig },
});

async function list(request: LeadListRequest): Promise<LeadList> {
  return JSON.parse(await listLeads(deps(), request)) as LeadList;
}

async function allPages(request: LeadListRequest) {
  const items = [];
  let cursor: string | undefined;
  do {
    const page = await list({ ...request, ...(cursor === undefined ? {} : { cursor }) });
    items.push(...page.items);
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return items;
}

const FIELDS = [
  "score",
  "capturedAt",
  "createdAt",
  "updatedAt",
  "stageAt",
  "lastName",
  "company",
  "email",
  "stage",
  "fields.need",
  "fields.size",
  "fields.trial",
  "fields.renewal",
];
const sorts = fc
  .uniqueArray(fc.constantFrom(...FIELDS), { minLength: 1, maxLength: 3 })
  .chain((names) => fc.tuple(...names.map((name) => fc.boolean().map((down) => `${down ? "-" : ""}${name}`))))
  .map((terms) => terms.join(","));

test("pages of any sort, put together, are all leads once and in order", async () => {
  await fc.assert(
    fc.asyncProperty(sorts, fc.integer({ min: 1, max: 60 }), async (sort, limit) => {
      const items = await allPages({ sort, limit });
      expect(items.map((item) => item.id)).toEqual([...leads].sort(byTerms(sort)).map((lead) => lead.id));
    }),
    { numRuns: 60 },
  );
});

/** The order a person expects: empty last either way, leads of one stage by score, equal scores by creation, the rest by id; turned around with the first term. */
function byTerms(sort: string) {
  const terms = sort.split(",");
  const first = terms[0] ?? "";
  const down = first.startsWith("-");
  const turned = ["score", "capturedAt", "updatedAt"].includes(first.replace("-", "")) ? !down : down;
  if (terms.length === 1 && first.replace("-", "") === "stage") terms.push(down ? "score" : "-score");
  if (terms.some((term) => /^-?score$/.test(term)) && !sort.includes("createdAt")) terms.push(turned ? "-createdAt" : "createdAt");
  return (a: LeadState, b: LeadState): number => {
    for (const term of terms) {
      const [x, y] = [a, b].map((lead) => valueOf(lead, term.replace("-", "")));
      if (x === y || x === undefined || y === undefined) continue;
      if (x === null || y === null) return x === null ? 1 : -1;
      return x < y === term.startsWith("-") ? 1 : -1;
    }
    return a.id < b.id === turned ? 1 : -1;
  };
}

function valueOf(lead: LeadState, field: string): string | number | null {
  const value = subjectOf(lead).read(field);
  if (typeof value === "boolean") return Number(value);
  if (typeof value !== "string" || field === "stage") return value as string | number | null;
  return field.startsWith("fields.") ? foldCase(value).slice(0, 500) : foldCase(value); // values of custom fields are sorted by their first 500 letters
}

test("a list shows a lead exactly as the lead itself is shown", async () => {
  const items = await allPages({ limit: 200 });
  const byId = new Map(leads.map((lead) => [lead.id, leadView(lead, randomConfig)]));
  expect(items).toHaveLength(leads.length);
  for (const { nextStep, ...item } of items) {
    expect(item).toEqual(byId.get(item.id));
    expect(nextStep).toBeNull();
  }
});

test("a list tells of a lead the open step that is due first, whatever its title holds", async () => {
  const [lead] = leads;
  const title = 'Ask | call back "now" \\ tomorrow\n\u{1f600}';
  const insert = (state: string, day: string, words: string) =>
    db.execute(sql`
      insert into task (workspace_id, id, lead_id, key, kind, title, stage, pass, state, owner_id, process_config, due_at, created_at)
      values (${workspace}, ${uuidv7()}, ${lead?.id}, 'k', 'call', ${words}, 'mql', 1, ${state}, null, 1, ${day}::timestamptz, ${day}::timestamptz)`);
  await insert("done", "2026-01-01T09:00:00Z", "Done");
  await insert("open", "2026-03-01T09:00:00Z", "Later");
  await insert("open", "2026-02-01T09:00:00.25+02:00", title);
  const shown = (await allPages({ limit: 200 })).find(({ id }) => id === lead?.id);
  expect(shown?.nextStep).toEqual({ id: expect.stringMatching(/^[0-9a-f-]{36}$/), kind: "call", title, dueAt: "2026-02-01T07:00:00.250Z" });
  await db.execute(sql`delete from task where workspace_id = ${workspace}`);
});

test("a filter and the total agree with the leads it means", async () => {
  const filter = {
    and: [
      { field: "stage", op: "in", value: ["mql", "sql"] },
      { field: "owner", op: "eq", value: OWNERS[0] },
    ],
  } as const;
  const meets = compileFilter(filter);
  const meant = leads.filter((lead) => meets(subjectOf(lead), NOW));
  const { items, total } = await list({ filter, sort: "-score", limit: 3, total: true });
  expect(total).toBe(meant.length);
  expect(items).toHaveLength(Math.min(3, meant.length));
  expect(await allPages({ filter, sort: "-score", limit: 3 })).toHaveLength(meant.length);
  expect(await list({ limit: 1 })).not.toHaveProperty("total");
});

test("leads that arrive while somebody pages neither repeat nor push out others", async () => {
  const first = await list({ sort: "-capturedAt", limit: 40 });
  const late = fc.sample(randomLead, 5).map((lead) => ({ ...lead, capturedAt: NOW + 60_000 }));
  await writeLeads(database, db.workspaceId, late);
  const seen = first.items.map((item) => item.id);
  let cursor = first.nextCursor;
  while (cursor !== null) {
    const page = await list({ sort: "-capturedAt", limit: 40, cursor });
    seen.push(...page.items.map((item) => item.id));
    cursor = page.nextCursor;
  }
  expect(new Set(seen)).toEqual(new Set(leads.map((lead) => lead.id)));
  expect(seen).toHaveLength(leads.length);
});

test.each([
  ["limit", { limit: 0 }, "whole number from 1 to 200"],
  ["limit", { limit: 201 }, "whole number from 1 to 200"],
  ["limit", { limit: 2.5 }, "whole number from 1 to 200"],
  ["sort", { sort: "shoeSize" }, 'cannot sort by "shoeSize"'],
  ["sort", { sort: "score,-score" }, "names a field twice"],
  ["sort", { sort: "fields.unknown" }, 'cannot sort by "fields.unknown"'],
  ["cursor", { cursor: "nonsense" }, "start again without a cursor"],
  ["filter", { filter: { field: "shoeSize", op: "eq", value: 1 } }, "filter"],
])("a wrong %s is refused in words", async (_, request, words) => {
  await expect(list(request as LeadListRequest)).rejects.toMatchObject({ status: 422, message: expect.stringContaining(words) });
});

test("a cursor that was altered, or made for another sort, is refused", async () => {
  const { nextCursor } = await list({ sort: "-score", limit: 5 });
  const parts = JSON.parse(Buffer.from(nextCursor as string, "base64url").toString()) as [string, (string | number)[], string];
  const altered = (change: (copy: unknown[]) => void): string => {
    const copy = structuredClone(parts) as unknown[];
    change(copy);
    return Buffer.from(JSON.stringify(copy)).toString("base64url");
  };
  const wrong = [
    altered((copy) => void ((copy[1] as unknown[])[0] = 12)),
    altered((copy) => void ((copy[1] as unknown[])[1] = "2026-99-99 00:00:00")),
    altered((copy) => void (copy[2] = "1; drop table lead")),
    altered((copy) => void (copy[1] = [])),
    (nextCursor as string).slice(0, -4),
  ];
  for (const cursor of wrong) await expect(list({ sort: "-score", cursor })).rejects.toMatchObject({ status: 422 });
  await expect(list({ sort: "score", cursor: nextCursor as string })).rejects.toMatchObject({ status: 422 });
  expect((await list({ sort: "-score", limit: 5, cursor: nextCursor as string })).items.length).toBeGreaterThan(0);
});
