import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE, type Viewer } from "../../core/access/access.ts";
import { guardedOf, isWithin, teamsOf } from "../../core/access/sight.ts";
import { type CompiledConfig, compileConfig } from "../../core/config/compile.ts";
import type { LeadState, Opportunity, Task } from "../../core/flow/state.ts";
import { seenLeads, sightOf } from "../features/access/access.service.ts";
import { type LeadList, listLeads } from "../features/leads/lead-list.service.ts";
import { uuidv7 } from "../ids.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { NOW, randomConfig, randomLead, writeLeads } from "../testing/random-leads.ts";
import { bindDb, createDatabase, type Database, type Db } from "./db.ts";

const PEOPLE = Array.from({ length: 5 }, (_, i) => `0192f0a0-0000-7000-8000-00000000000${i}`);
const [ada, bo, cy, dee, ed] = PEOPLE as [string, string, string, string, string];

/** Ada is in two teams, Bo and Cy in one each, Dee and Ed in none; one team is empty. */
const config: CompiledConfig = compileConfig(
  {
    ...randomConfig.config,
    users: PEOPLE.map((id) => ({ id, name: id, active: true })),
    teams: [
      { id: "north", name: "North", members: [ada, bo] },
      { id: "south", name: "South", members: [ada, cy] },
      { id: "empty", name: "Empty", members: [] },
    ],
  },
  1,
);

let made: TestDatabase;
let database: Database;
let db: Db;
let leads: readonly LeadState[];

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
  db = bindDb(database.pool, uuidv7());
  leads = fc.sample(leadOfSomebody, { numRuns: 600, seed: 7 });
  await writeLeads(database, db.workspaceId, leads);
  await writeLeads(database, uuidv7(), fc.sample(leadOfSomebody, { numRuns: 50, seed: 8 })); // the neighbour
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

const person = fc.option(fc.constantFrom(...PEOPLE), { nil: null, freq: 2 });

/** Owners, teams, next steps, opportunities and stages in every mixture. */
const leadOfSomebody: fc.Arbitrary<LeadState> = fc
  .record({
    lead: randomLead,
    ownerId: person,
    team: fc.option(fc.constantFrom("north", "south", "empty", "gone"), { nil: null }),
    task: fc.option(fc.record({ ownerId: person, state: fc.constantFrom("open" as const, "done" as const, "cancelled" as const) }), { nil: null, freq: 4 }),
    dealOwner: fc.option(person, { nil: undefined, freq: 6 }),
    stage: fc.constantFrom("inquiry", "mql", "customer", "loyalty", "churned", "lost"),
    wasCustomer: fc.boolean(),
  })
  .map(({ lead, ownerId, team, task, dealOwner, stage, wasCustomer }) => ({
    ...lead,
    ownerId,
    team,
    stage,
    passes: { inquiry: 1, ...(wasCustomer ? { customer: 1 } : {}) },
    tasks: task === null ? [] : [taskOf(lead, task)],
    opportunities: dealOwner === undefined ? [] : [opportunityOf(dealOwner)],
  }));

function taskOf({ stage }: LeadState, { ownerId, state }: Pick<Task, "ownerId" | "state">): Task {
  const open = { id: uuidv7(), key: "call", kind: "call", title: "Call", stage, pass: 1, state, ownerId, processConfig: 1, dueAt: NOW, createdAt: NOW };
  return { ...open, doneAt: null, doneBy: null, result: null, form: null } as Task;
}

function opportunityOf(ownerId: string | null): Opportunity {
  const named = { id: uuidv7(), companyId: null, name: "Deal", stage: "demo", amount: null, currency: null, ownerId, closeDate: null, nextMeeting: null };
  return { ...named, form: {}, wonAt: null, lostAt: null, lostReason: null, stageAt: NOW, createdAt: NOW, updatedAt: NOW } as Opportunity;
}

const VIEWERS: readonly Viewer[] = [
  EVERYONE,
  { ...EVERYONE, sees: "own" },
  { ...EVERYONE, sees: "team" },
  ...[...PEOPLE, uuidv7()].flatMap((userId) =>
    (["own", "team", "customers", "all"] as const).map((sees): Viewer => ({ userId, role: "salesRep", sees, teams: teamsOf(config.config, userId) })),
  ),
];

const depsOf = (viewer: Viewer) => ({
  db,
  viewer,
  now: () => NOW,
  configs: { get: async () => config, recent: async () => config, version: async () => config },
});

const within = (viewer: Viewer): readonly string[] => leads.filter((lead) => isWithin(viewer.sees, viewer, guardedOf(config.config, lead))).map(({ id }) => id);

test("the database sees exactly what the core sees, for everybody", async () => {
  for (const viewer of VIEWERS) {
    const seen = await seenLeads(
      depsOf(viewer),
      leads.map(({ id }) => id),
    );
    expect([...seen].sort(), JSON.stringify(viewer)).toEqual([...within(viewer)].sort());
  }
});

test("the viewers of this test tell the parts of sight from one another", () => {
  const sizes = new Set(VIEWERS.map((viewer) => within(viewer).length));
  expect(sizes.size).toBeGreaterThan(12);
  expect(within({ ...EVERYONE, sees: "team" })).toEqual([]);
});

test("lists and their counts keep to it, page after page and under any filter", async () => {
  for (const viewer of VIEWERS) {
    const wanted = new Set(within(viewer));
    const mql = new Set(leads.filter(({ stage }) => stage === "mql").map(({ id }) => id));
    const found: string[] = [];
    let cursor: string | undefined;
    do {
      const asked = { filter: { field: "stage", op: "eq", value: "mql" }, sort: "-score,lastName", limit: 50, cursor, total: true };
      const page = JSON.parse(await listLeads(depsOf(viewer), asked)) as LeadList;
      expect(page.total).toBe([...wanted].filter((id) => mql.has(id)).length);
      found.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(found.sort()).toEqual([...wanted].filter((id) => mql.has(id)).sort());
  }
});

test("nobody looks anything up who sees everything", async () => {
  const asked = { ...depsOf(EVERYONE), db: null as unknown as Db };
  expect(await sightOf(asked)).toBeNull();
  expect(await sightOf({ ...asked, viewer: { ...EVERYONE, userId: dee, role: "readOnly" } })).toBeNull();
  expect(await sightOf(depsOf({ ...EVERYONE, userId: ed, role: "salesRep", sees: "own" }))).not.toBeNull();
});
