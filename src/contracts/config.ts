/**
 * The configuration of a workspace as one document. Points are points with two decimals here; the server keeps hundredths.
 * The shape is checked here; what its parts say of one another, and filters, are checked by `configProblems` in core.
 */
import { z } from "zod";
import { REPS_SEE } from "../core/access/sight.ts";
import type * as core from "../core/config/config.ts";
import { MOST_USERS, SECTIONS, STATUSES, TOUCH_KINDS } from "../core/config/config.ts";
import type { Filter } from "../core/filter/filter.ts";
import { endpoint } from "./endpoint.ts";
import { FormField } from "./task.ts";
import { text } from "./values.ts";

const key = (max = 100) => text(max).regex(/^[A-Za-z0-9][A-Za-z0-9_-]*$/, "must be letters, digits, hyphens and underscores");
const label = text(200).min(1, "must not be empty");
const list = <S extends z.ZodType>(item: S, max = 500) => z.array(item).max(max, `must not have more than ${max} entries`).readonly();

/** At most two decimals: the server keeps whole hundredths. */
export const Points = z
  .number()
  .min(-1_000_000, "must not be below -1,000,000")
  .max(1_000_000, "must not be above 1,000,000")
  .refine((points) => Math.abs(points * 100 - Math.round(points * 100)) < 1e-6, "must not have more than two decimals");

export const FilterTree = z.unknown().meta({
  id: "Filter",
  description: "A condition {field, op, value}, or a tree of them under and, or, not. Fields are those of a lead, `score`, `fields.<key>`, `touches.<kind>` …",
  anyOf: [
    {
      type: "object",
      required: ["field", "op"],
      additionalProperties: false,
      properties: {
        field: { type: "string" },
        op: { enum: ["eq", "ne", "in", "lt", "lte", "gt", "gte", "contains", "startsWith", "isEmpty", "between"] },
        value: {},
      },
    },
    { type: "object", required: ["and"], additionalProperties: false, properties: { and: { type: "array", items: { $ref: "#/components/schemas/Filter" } } } },
    { type: "object", required: ["or"], additionalProperties: false, properties: { or: { type: "array", items: { $ref: "#/components/schemas/Filter" } } } },
    { type: "object", required: ["not"], additionalProperties: false, properties: { not: { $ref: "#/components/schemas/Filter" } } },
  ],
  examples: [{ field: "score", op: "gte", value: 50 }],
}) as unknown as z.ZodType<Filter>;

const StageDef = z.strictObject({
  id: key(),
  label,
  line: z.enum(["main", "exit"]),
  entry: z.enum(["capture", "definition", "acceptance", "qualify", "conversion", "won", "person"]),
  statuses: z.array(z.enum(STATUSES)).min(1, "needs at least one status").max(5).readonly(),
  next: list(key(), 100).optional().meta({ description: "Stages to which people may move a lead from here by hand; any when not given." }),
});

const FieldDef = z.strictObject({ key: key(), label, type: z.enum(["text", "number", "boolean", "date", "select"]), options: list(text(), 1000).optional() });

const TouchKind = z
  .string()
  .refine((kind) => (TOUCH_KINDS as readonly string[]).includes(kind), `must be one of ${TOUCH_KINDS.join(", ")}`)
  .meta({ enum: [...TOUCH_KINDS] });

const Facet = z.strictObject({ id: key(), kind: TouchKind, property: label, pattern: text().min(1, "must not be empty") });

const rule = { id: key(), label, section: z.enum(SECTIONS) };
const Days = z.int("must be a whole number of days").min(1).max(400, "must be at most 400 days");

const ScoreRule = z.discriminatedUnion("kind", [
  z.strictObject({ ...rule, kind: z.literal("field"), when: FilterTree, points: Points }),
  z.strictObject({
    ...rule,
    kind: z.literal("signal"),
    facet: label,
    points: Points,
    each: z.boolean(),
    cap: Points.nullable(),
    windowDays: Days.nullable(),
    halfLifeDays: z.number().min(0.01).max(3650).nullable(),
  }),
  z.strictObject({ ...rule, kind: z.literal("filled"), fields: list(label, 50), points: Points }),
  z.strictObject({
    ...rule,
    kind: z.literal("age"),
    since: z.enum(["capture", "touch"]),
    steps: list(z.strictObject({ days: z.int().min(1).max(3650), points: Points }), 50),
  }),
]);

const HeatBound = z.strictObject({ engagement: Points, withinDays: Days });

const ScoreModel = z.strictObject({
  name: label,
  rules: list(ScoreRule, 1000),
  caps: z.strictObject({
    fit: Points.exactOptional(),
    engagement: Points.exactOptional(),
    bant: Points.exactOptional(),
    quality: Points.exactOptional(),
    freshness: Points.exactOptional(),
  }),
  floor: Points,
  ceiling: Points,
  heat: z.strictObject({ hot: HeatBound, warm: HeatBound }),
});

/** What a definition says beside its criteria. */
export const definitionWords = {
  meaning: text(5000),
  owner: text(100),
  answers: list(label, 50),
  exits: list(z.strictObject({ stage: key(), when: text(1000).min(1, "must not be empty") }), 50),
};

const Definition = z.strictObject({
  stage: key(),
  version: z.int().min(1),
  criteria: FilterTree,
  label: label.optional(),
  meaning: definitionWords.meaning.optional(),
  owner: definitionWords.owner.optional(),
  answers: definitionWords.answers.optional(),
  exits: definitionWords.exits.optional(),
});

const TaskResult = z.strictObject({
  id: key(),
  label,
  leadsTo: z
    .union([z.strictObject({ stage: key() }), z.strictObject({ convert: z.literal(true) })], { error: "must be {stage} or {convert: true}" })
    .optional(),
  needsReason: z.boolean().optional(),
});

const TaskDef = z.strictObject({
  key: key(),
  kind: z.enum(["mail", "social", "call", "meeting", "form", "review"]),
  title: label,
  stage: key(),
  starts: z.union([z.literal("entry"), z.strictObject({ afterAny: list(key(), 50) })], { error: 'must be "entry" or {afterAny: [keys of tasks]}' }),
  dueHours: z.number().min(0).max(87_600),
  form: list(FormField, 100).optional(),
  results: list(TaskResult, 20),
});

export const Config = z
  .strictObject({
    stages: list(StageDef, 100),
    acceptance: z.boolean(),
    fields: list(FieldDef),
    facets: list(Facet),
    model: ScoreModel,
    definitions: list(Definition),
    process: z.strictObject({ name: label, tasks: list(TaskDef) }),
    routing: z.strictObject({
      at: list(key()),
      rules: list(z.strictObject({ id: key(), label, when: FilterTree.nullable(), team: key() })),
      fallback: z.strictObject({ queue: label, responsible: text(100).nullable() }),
    }),
    users: list(z.strictObject({ id: z.uuid("must be a UUID"), name: label, active: z.boolean() }), MOST_USERS),
    teams: list(
      z.strictObject({
        id: key(),
        name: label,
        members: list(z.uuid("must be a UUID"), MOST_USERS),
        managers: list(z.uuid("must be a UUID"), MOST_USERS).optional(),
      }),
    ),
    opportunityStages: list(key(), 50),
    currency: z.string().regex(/^[A-Z]{3}$/, "must be a currency code of three capital letters"),
    defaultCountry: z
      .string()
      .regex(/^[A-Z]{2}$/, "must be a country code of two capital letters")
      .nullable(),
    repsSee: z.enum(REPS_SEE).optional().meta({ description: "How far sales reps see; the leads of their teams when not given." }),
  })
  .meta({
    id: "Config",
    description: "Stages, fields, scoring model, definitions, process, routing, people and teams of a workspace. Points have two decimals.",
  }) satisfies z.ZodType<core.Config>;

const Published = z.strictObject({ number: z.int(), config: Config }).meta({ id: "PublishedConfig" });

export const getConfig = endpoint({
  id: "getConfig",
  method: "GET",
  path: "/api/v1/config",
  tag: "Configuration",
  summary: "Read the live configuration",
  description: "`ETag` carries its number, for `If-Match`.",
  scope: "read",
  access: "config.read",
  replies: { 200: { description: "The live configuration and its number.", body: Published } },
});

export const publishConfig = endpoint({
  id: "publishConfig",
  method: "PUT",
  path: "/api/v1/config",
  tag: "Configuration",
  summary: "Publish a configuration",
  description:
    "Checks the whole document and makes it live under the next number; all leads are then rescored in the background. The same document again publishes nothing. With `If-Match` it is refused when another number is live. Users are made with `POST /api/v1/users`: an id that is no user's is refused, a user left out stays as he is, and a changed `name` or `active` is the user's from then on.",
  scope: "admin",
  access: "config.publish",
  query: z.strictObject({ why: text(500).optional().meta({ description: "Why it is published, for the audit." }) }),
  body: Config,
  ifMatch: true,
  replies: { 200: { description: "What is live now.", body: Published } },
});
