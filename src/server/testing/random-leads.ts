/**
 * Made-up leads with few, awkward values, so that random filters and sorts meet ties, nulls, upper case and diacritics.
 * They are written by the flow's own statements.
 */
import fc from "fast-check";
import { type CompiledConfig, compileConfig } from "../../core/config/compile.ts";
import { defaultConfig } from "../../core/config/default-config.ts";
import type { LeadState, Signal } from "../../core/flow/state.ts";
import { dayOf, startOfDay } from "../../core/time.ts";
import type { Database } from "../db/db.ts";
import { bindDb, transact } from "../db/db.ts";
import { writePassages } from "../flow/write.queries.ts";
import { uuidv7 } from "../ids.ts";

export const NOW = Date.UTC(2026, 10, 22, 12);

export const OWNERS = ["0192f0a0-0000-7000-8000-0000000000aa", "0192f0a0-0000-7000-8000-0000000000bb"] as const;

export const TEXTS = [
  "Müller",
  "MÜLLER",
  "müll",
  "muller",
  "İzmir",
  "izmir",
  "ΟΔΟΣ",
  "οδοσ",
  "Acme GmbH",
  "acme",
  "50%_x",
  "50",
  "a\\b",
  "Ünder  score",
  "zz",
  "x".repeat(600),
  `${"x".repeat(600)}y`,
] as const;

/** The default configuration with a field of every type. */
export const randomConfig: CompiledConfig = compileConfig(
  {
    ...defaultConfig([
      { id: OWNERS[0], name: "Ada", active: true },
      { id: OWNERS[1], name: "Bo", active: true },
    ]),
    fields: [
      { key: "need", label: "Need", type: "text" },
      { key: "size", label: "Size", type: "number" },
      { key: "trial", label: "Trial", type: "boolean" },
      { key: "renewal", label: "Renewal", type: "date" },
      { key: "plan", label: "Plan", type: "select", options: ["Free", "pro"] },
    ],
  },
  1,
);

const maybe = <T>(arb: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(arb, { nil: null, freq: 3 });
const text = maybe(fc.constantFrom(...TEXTS));
const hundredths = fc.oneof(fc.constantFrom(0, 29, 57, 1999, 5000, -1), fc.integer({ min: -10_000, max: 10_000 }));
const moment = fc.oneof(fc.constantFrom(NOW, startOfDay(dayOf(NOW)), startOfDay(dayOf(NOW) - 1) - 1), fc.integer({ min: NOW - 40 * 86_400_000, max: NOW }));

const signal: fc.Arbitrary<Signal> = fc
  .array(fc.tuple(fc.integer({ min: 0, max: 40 }), fc.integer({ min: 1, max: 3 })), { minLength: 1, maxLength: 6 })
  .map((pairs) => {
    const days = [...new Map(pairs.map(([back, count]) => [dayOf(NOW) - back, count]))].sort(([a], [b]) => a - b);
    const total = days.reduce((sum, [, count]) => sum + count, 0);
    return { first: startOfDay(days[0]?.[0] ?? 0), last: NOW, total, days: days.flat() };
  });

const fields = fc.record(
  {
    need: fc.constantFrom(...TEXTS),
    size: fc.constantFrom(0, 1, 2.5, -3, 1e6),
    trial: fc.boolean(),
    renewal: fc.constantFrom("2026-01-31", "2026-11-22", "2027-02-01"),
    plan: fc.constantFrom("Free", "pro"),
  },
  { requiredKeys: [] },
);

export const randomLead: fc.Arbitrary<LeadState> = fc
  .record({
    profile: fc.record({
      email: maybe(fc.constantFrom("anna@example.com", "anna.b@example.com", "müller@example.org")),
      phone: maybe(fc.constantFrom("+4930123456", "+4930123457")),
      externalId: text,
      firstName: text,
      lastName: text,
      company: text,
      jobTitle: text,
      country: maybe(fc.constantFrom("DE", "de", "US")),
      city: text,
      website: text,
      source: maybe(fc.constantFrom("web", "Web", "trade show", "")),
      campaign: text,
    }),
    stage: fc.constantFrom("inquiry", "mql", "sql", "lost"),
    status: fc.constantFrom("new" as const, "working" as const, "dead" as const),
    heat: fc.constantFrom("hot" as const, "cold" as const),
    team: maybe(fc.constantFrom("sales", "Sales")),
    ownerId: maybe(fc.constantFrom(...OWNERS)),
    importId: maybe(fc.constantFrom(...OWNERS)),
    tags: fc.subarray(["VIP", "vip", "partner", "Müller"]),
    bant: fc.record({ budget: text, authority: maybe(fc.constant("yes")), need: fc.constant(null), timeline: maybe(fc.constant("3 months")) }),
    consent: fc.record(
      { news: fc.boolean().map((given) => ({ given, at: NOW })), offers: fc.boolean().map((given) => ({ given, at: NOW })) },
      { requiredKeys: [] },
    ),
    fields,
    signals: fc.record({ pageView: signal, pricing: signal }, { requiredKeys: [] }),
    scores: fc.tuple(hundredths, hundredths, hundredths, hundredths, hundredths, hundredths),
    times: fc.tuple(moment, moment, moment, moment),
  })
  .map(({ profile, scores, times, ...rest }) => ({
    ...profile,
    ...rest,
    id: uuidv7(),
    number: 1,
    version: 1,
    companyId: null,
    provenance: {},
    passes: {},
    met: [],
    resting: false,
    deletedAt: null,
    scores: {
      total: scores[0],
      fit: scores[1],
      engagement: scores[2],
      bant: scores[3],
      quality: scores[4],
      freshness: scores[5],
      ledger: [],
      model: 1,
      at: NOW,
    },
    tasks: [],
    opportunities: [],
    contacts: [],
    timers: {},
    capturedAt: times[0],
    createdAt: times[1],
    updatedAt: times[2],
    stageAt: times[3],
  }));

/** Writes leads into a workspace as the flow does, without their history. */
export async function writeLeads(database: Database, workspaceId: string, leads: readonly LeadState[]): Promise<void> {
  await transact({ database, db: bindDb(database.pool, workspaceId) }, async ({ db }) => {
    writePassages(
      db,
      randomConfig,
      NOW,
      leads.map((after) => ({ before: null, after, steps: [], claims: [] })),
    );
  });
}
