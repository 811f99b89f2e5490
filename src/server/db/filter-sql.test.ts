import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { compileFilter, type Filter, filterProblems, type Scalar } from "../../core/filter/filter.ts";
import { subjectOf } from "../../core/flow/subject.ts";
import type { LeadState } from "../../core/flow/state.ts";
import { type TestDatabase, testDatabase } from "../testing/database.ts";
import { NOW, OWNERS, randomConfig, randomLead, TEXTS, writeLeads } from "../testing/random-leads.ts";
import { uuidv7 } from "../ids.ts";
import { bindDb, composedSql, createDatabase, type Database, type Db } from "./db.ts";
import { compileFilterSql } from "./filter-sql.ts";

let made: TestDatabase;
let database: Database;
let db: Db;
let leads: readonly LeadState[];

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
  db = bindDb(database.pool, uuidv7());
  leads = fc.sample(randomLead, 300);
  await writeLeads(database, db.workspaceId, leads);
  await writeLeads(database, uuidv7(), fc.sample(randomLead, 300)); // the neighbour, whose leads must never be in an answer
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

const texts = fc.constantFrom(
  ...TEXTS,
  "mül",
  "MÜ",
  "",
  "GMBH",
  "%",
  "_",
  "\\",
  "anna",
  "Example.com",
  "+4930",
  "web",
  "WEB",
  "de",
  "sales",
  "hot",
  "New",
  "inquiry",
  "MQL",
  "vip",
  OWNERS[0],
  OWNERS[0].toUpperCase(),
  "0192",
  "2026-11-22",
  "pro",
  "y",
);
const numbers = fc.constantFrom(0, 0.29, 0.57, 19.99, 50, -0.01, 2.5, 1e6, -3, 1, 1e300, 0.295);
const dates = fc.constantFrom("2026-11-22", "2026-11-22T12:00:00.000Z", "2026-11-21", "2026-10-20", "2026-11-22T11:59:59.999Z", "0000-01-01");
const TEXT_OPS = ["eq", "ne", "in", "contains", "startsWith", "isEmpty", "lt", "lte", "gt", "gte", "between"] as const;
const NUMBER_OPS = ["eq", "ne", "in", "lt", "lte", "gt", "gte", "between", "isEmpty"] as const;

function conditions(names: readonly string[], ops: readonly string[], value: fc.Arbitrary<Scalar>): fc.Arbitrary<Filter> {
  return fc.tuple(fc.constantFrom(...names), fc.constantFrom(...ops)).chain(([field, op]) => {
    const values =
      op === "in"
        ? fc.array(value, { maxLength: 4 })
        : op === "between"
          ? fc.tuple(value, value)
          : op === "isEmpty"
            ? fc.constantFrom(undefined, true, false)
            : value;
    return values.map((given) => ({ field, op, ...(given === undefined ? {} : { value: given }) }) as Filter);
  });
}

const TEXT_NAMES = [
  "email",
  "phone",
  "externalId",
  "firstName",
  "lastName",
  "company",
  "jobTitle",
  "country",
  "city",
  "website",
  "source",
  "campaign",
  "stage",
  "status",
  "heat",
  "owner",
  "team",
  "import",
  "fields.need",
  "fields.plan",
  "fields.renewal",
  "bant.budget",
  "bant.need",
  "bant.timeline",
];

const leaf: fc.Arbitrary<Filter> = fc.oneof(
  { arbitrary: conditions(TEXT_NAMES, TEXT_OPS, texts), weight: 6 },
  { arbitrary: conditions(["score", "scores.fit", "scores.freshness", "fields.size"], NUMBER_OPS, numbers), weight: 3 },
  conditions(["fields.trial", "consent.news", "consent.offers", "consent.never"], ["eq", "ne", "isEmpty"], fc.boolean()),
  conditions(["capturedAt", "createdAt", "updatedAt", "stageAt"], ["eq", "ne", "lt", "lte", "gt", "gte", "between", "isEmpty"], dates),
  conditions(["tags"], ["eq", "ne", "in", "contains", "isEmpty"], texts),
  fc
    .record({
      field: fc.constantFrom("touches.pageView", "touches.pricing", "touches.call"),
      op: fc.constantFrom("eq" as const, "ne" as const, "lt" as const, "lte" as const, "gt" as const, "gte" as const),
      value: fc.record({ count: fc.integer({ min: -1, max: 6 }), withinDays: fc.constantFrom(1, 2, 7, 30, 400) }, { requiredKeys: ["count"] }),
    })
    .map((condition): Filter => condition),
);

const { tree } = fc.letrec<{ tree: Filter }>((tie) => ({
  tree: fc.oneof(
    { maxDepth: 4, depthSize: "small" },
    { arbitrary: leaf, weight: 3 },
    fc.record({ and: fc.array(tie("tree"), { maxLength: 3 }) }),
    fc.record({ or: fc.array(tie("tree"), { maxLength: 3 }) }),
    fc.record({ not: tie("tree") }),
  ),
}));

test("a filter answers the same in SQL as in memory", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(leaf, tree), async (filter) => {
      expect(filterProblems(filter, customField)).toEqual([]);
      const meets = compileFilter(filter);
      const expected = leads.filter((lead) => meets(subjectOf(lead), NOW)).map((lead) => lead.id);
      const { text, values } = compileFilterSql(filter, { stages: randomConfig.stages.keys(), now: NOW });
      const rows = await db.query<{ id: string }>(composedSql(`select l.id from lead l where l.workspace_id = $1 and ${text}`, values));
      expect(rows.map((row) => row.id).sort(), text).toEqual([...expected].sort());
    }),
    { numRuns: 1000 },
  );
});

function customField(key: string) {
  const type = randomConfig.fields.get(key)?.type;
  return type === undefined ? null : type === "number" || type === "boolean" ? type : "text";
}

test("lower case in PostgreSQL is lower case in a filter, for every letter", async () => {
  const letters: string[] = [];
  for (let code = 0x21; code < 0x2fa1e; code++) if (!(code >= 0xd800 && code <= 0xdfff) && !isNewInUnicode17(code)) letters.push(String.fromCodePoint(code));
  const found = letters.filter((letter) => letter.toLowerCase() !== letter);
  const filter: Filter = { or: found.map((value) => ({ field: "city", op: "eq", value })) };
  const { values } = compileFilterSql(filter, { stages: [], now: NOW });
  const rows = await database.pool.query<{ upper: string; lower: string }>("select upper, lower(upper) as lower from unnest($1::text[]) upper", [found]);
  expect(rows.rows.flatMap((row, i) => (row.lower === values[i] ? [] : [[row.upper, row.lower, values[i]]]))).toEqual([]);
});

/** Node 24 knows these capitals, PostgreSQL 18 does not yet. */
function isNewInUnicode17(code: number): boolean {
  return (code >= 0xa7ce && code <= 0xa7d4) || (code >= 0x16ea0 && code <= 0x16eb8);
}

test("no statement of a filter reads a table without naming the workspace", () => {
  fc.assert(
    fc.property(tree, (filter) => {
      const { text } = compileFilterSql(filter, { stages: randomConfig.stages.keys(), now: NOW });
      const tables = text.match(/\bfrom (search_entry|lead_value|signal) (\w)\b/g) ?? [];
      const scoped = text.match(/\bfrom (?:search_entry|lead_value|signal) (\w) where \1\.workspace_id = \$1 and/g) ?? [];
      expect(scoped).toHaveLength(tables.length);
    }),
  );
});
