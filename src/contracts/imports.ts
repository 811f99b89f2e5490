/**
 * Imports by wizard: a file is uploaded and looked at, its columns get targets, the first rows are tried, then it runs.
 *
 * The states: `draft` (uploaded, being mapped) → `queued` → `running` ⇄ `paused` → `done`, or `failed` or `cancelled`.
 */
import { z } from "zod";
import { type Content, endpoint } from "./endpoint.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

export const IMPORT_STATES = ["draft", "queued", "running", "paused", "done", "failed", "cancelled"] as const;

const Counts = z
  .strictObject({ rows: z.int(), created: z.int(), updated: z.int(), skipped: z.int(), rejected: z.int() })
  .meta({ id: "ImportCounts", description: "Always rows = created + updated + skipped + rejected." });

const Match = z.enum(["email", "externalId", "phone", "none"]);
const DateOrder = z.enum(["dayFirst", "monthFirst"]);
const FIELD_TYPES = ["text", "number", "boolean", "date", "select"] as const;

export const NewField = z
  .strictObject({
    key: text(63).regex(/^[A-Za-z]\w{0,62}$/, "must be letters, digits and _ and begin with a letter"),
    label: text(100).min(1, "is required"),
    type: z.enum(FIELD_TYPES),
    options: z.array(text(200).min(1)).max(1000, "must not have more than 1,000 options").readonly().optional(),
  })
  .meta({ id: "NewField", description: "A custom field that the import creates when it starts, and not before." });

const Target = text(100).meta({
  description: "As in a mapping file: `email`, `fields.<key>`, `bant.need`, `consent.<topic>`, `opportunity.amount` …",
  examples: ["email"],
});

export const ImportSettings = z
  .strictObject({
    encoding: text(40).nullable().meta({ description: "A label such as `windows-1252`; null: as detected." }),
    delimiter: z.string().length(1, "must be one character").nullable().meta({ description: "Null: as detected." }),
    headerLine: z.int().min(1).max(1000).nullable().meta({ description: "The physical line on which the column names stand; null: as detected." }),
    dateOrder: DateOrder.nullable().meta({ description: "Null: decided by each column." }),
    match: Match.nullable().meta({
      description: "What finds a lead; null asks external id, e-mail and phone in this order; `none` makes every row a new lead.",
    }),
    history: z.boolean().meta({ description: "Imports the past: dated entries, no tasks, owners by rule, clocks or messages." }),
    columns: z
      .array(z.strictObject({ index: z.int().min(0).max(9999), target: Target.nullable() }))
      .max(10_000)
      .readonly()
      .meta({ description: "Where each column goes, by its place from 0; null or not named: not imported." }),
    newFields: z.array(NewField).max(500).readonly().meta({ description: "Fields that targets name and the workspace does not have." }),
    defaults: z.record(text(100), text()).meta({ description: "By target: used where a cell is empty, or no column is mapped." }),
    lists: z.record(text(100), z.record(text(500), text())).meta({ description: 'By target: what a text in the file stands for; "" empties the cell.' }),
  })
  .meta({ id: "ImportSettings" });

export type ImportSettingsJson = z.output<typeof ImportSettings>;

export const ImportColumn = z
  .strictObject({
    index: z.int(),
    name: z.string(),
    samples: z.array(z.string()).readonly().meta({ description: "Up to five different values, cut to 80 characters." }),
    filled: z.number().meta({ description: "Share of the rows looked at with a value, 0 to 1." }),
    distinct: z.int().meta({ description: "Different values among the rows looked at." }),
    proposal: z.strictObject({
      target: z.string().nullable(),
      confidence: z.number().meta({ description: "0 to 1; below 0.5 ask." }),
      reason: z.string().meta({ description: "Why, in a sentence.", examples: ["The name means e-mail address, and 98 % of the values are some."] }),
      newField: NewField.nullable().meta({ description: "The field to create if the target is none of the workspace's." }),
    }),
  })
  .meta({ id: "ImportColumn" });

export const ImportSurvey = z
  .strictObject({
    encoding: z.string(),
    delimiter: z.string(),
    headerLine: z.int(),
    columns: z.array(ImportColumn).readonly(),
    rows: z.int().meta({ description: "Data rows: exact when `exact`, else estimated from the size." }),
    exact: z.boolean(),
    firstRows: z.array(z.strictObject({ line: z.int(), cells: z.array(z.string()).readonly(), problem: z.string().nullable() })).readonly(),
    notes: z.array(z.string()).readonly().meta({ description: "What was noticed about the file, in sentences." }),
    remembered: z
      .strictObject({ importId: Id, at: Moment })
      .nullable()
      .meta({ description: "The import of a file with the same column names whose settings are proposed again." }),
  })
  .meta({ id: "ImportSurvey" });

const base = {
  id: Id,
  state: z.enum(IMPORT_STATES),
  name: z.string().meta({ description: "The file's name." }),
  size: z.int().nullable().meta({ description: "Bytes." }),
  history: z.boolean(),
  dryRun: z.boolean(),
  by: z.strictObject({ actor: z.string(), name: z.string().nullable() }),
  createdAt: Moment,
  startedAt: Moment.nullable(),
  finishedAt: Moment.nullable(),
  progress: z.strictObject({
    phase: z.enum(["reading", "importing"]).nullable().meta({ description: "Null unless it runs in this process." }),
    done: z.int().meta({ description: "Rows that are done." }),
    total: z.int().nullable(),
    perSecond: z.number().nullable(),
    secondsLeft: z.number().nullable(),
  }),
  counts: Counts,
  reason: z.string().nullable().meta({ description: "Why it failed or was stopped." }),
  hasErrorFile: z.boolean(),
};

export const Import = z
  .strictObject({ ...base, settings: ImportSettings.nullable(), survey: ImportSurvey.nullable().meta({ description: "While it is a draft." }) })
  .meta({ id: "Import" });
export const ImportSummary = z.strictObject(base).meta({ id: "ImportSummary" });

const params = z.strictObject({ id: Id });
const one = { 200: { description: "The import as it is now.", body: Import } } as const;

export const uploadImport = endpoint({
  id: "uploadImport",
  method: "POST",
  path: "/api/v1/imports",
  tag: "Imports",
  summary: "Upload a file to import",
  description:
    "The body is the file itself, of any size that the disk has room for. Nothing is imported yet: the answer says how the file is read and what each column seems to be. A draft that nobody starts is thrown away after seven days.",
  scope: "write",
  access: "imports.run",
  accepts: ["text/csv", "text/plain", "text/tab-separated-values", "application/octet-stream", "application/vnd.ms-excel"],
  query: z.strictObject({
    name: text(255)
      .optional()
      .meta({ description: "The file's name, for the list of imports.", examples: ["fair-2026.csv"] }),
  }),
  replies: { 201: { description: "The draft.", body: Import } },
  problems: [400, 408, 409, 413, 415, 422],
});

export const listImports = endpoint({
  id: "listImports",
  method: "GET",
  path: "/api/v1/imports",
  tag: "Imports",
  summary: "List imports",
  description: "The newest first, those by command too.",
  scope: "read",
  access: "imports.run",
  query: z.strictObject({ limit: Limit.optional(), cursor: Cursor.optional() }),
  replies: { 200: { description: "A page of imports.", body: z.strictObject({ items: z.array(ImportSummary).readonly(), nextCursor: NextCursor }) } },
});

export const getImport = endpoint({
  id: "getImport",
  method: "GET",
  path: "/api/v1/imports/{id}",
  tag: "Imports",
  summary: "Get an import",
  scope: "read",
  access: "imports.run",
  params,
  replies: one,
});

export const listImportLeads = endpoint({
  id: "listImportLeads",
  method: "GET",
  path: "/api/v1/imports/{id}/leads",
  tag: "Imports",
  summary: "List leads that an import changed, or found as they were",
  description:
    "In the order of the file. A lead that two parts of the file speak of (500 rows each) is named twice. New leads are found by the filter `import`; what is in the bin is left out.",
  scope: "read",
  access: "imports.run",
  params,
  query: z.strictObject({
    outcome: z.enum(["updated", "skipped"], { error: "must be updated or skipped" }),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: {
    200: {
      description: "A page of them.",
      body: z.strictObject({
        items: z
          .array(
            z
              .strictObject({ id: Id, name: z.string(), company: z.string().nullable(), stage: z.string().meta({ description: "Its label." }) })
              .meta({ id: "ImportedLead" }),
          )
          .readonly(),
        nextCursor: NextCursor,
        kept: z.boolean().meta({ description: "False: the import ran before it was kept which leads these were." }),
      }),
    },
  },
});

export const editImport = endpoint({
  id: "editImport",
  method: "PATCH",
  path: "/api/v1/imports/{id}",
  tag: "Imports",
  summary: "Change how a file is imported",
  description: "While it is a draft. What is not named stays. A new encoding, delimiter or header line reads the file again and proposes anew.",
  scope: "write",
  access: "imports.run",
  params,
  body: ImportSettings.partial().meta({ id: "ImportSettingsEdit" }),
  replies: one,
  problems: [409],
});

const Fix = z
  .discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("mapValue"), label: z.string(), target: z.string(), from: z.string(), to: z.string().nullable() }),
    z.strictObject({ kind: z.literal("ignoreValue"), label: z.string(), target: z.string(), from: z.string() }),
    z.strictObject({ kind: z.literal("setDefault"), label: z.string(), target: z.string(), value: z.string().nullable() }),
    z.strictObject({ kind: z.literal("ignoreColumn"), label: z.string(), index: z.int() }),
    z.strictObject({ kind: z.literal("dateOrder"), label: z.string(), dateOrder: DateOrder }),
  ])
  .meta({
    id: "ImportFix",
    description: '`mapValue` and `ignoreValue` are entries of `lists` (to ""), `setDefault` of `defaults`; a null is for the person to fill in.',
  });

export const previewImport = endpoint({
  id: "previewImport",
  method: "POST",
  path: "/api/v1/imports/{id}/preview",
  tag: "Imports",
  summary: "Try the first rows",
  description: "The run itself on the first rows, in a transaction that is rolled back: what it says is what the run does.",
  scope: "write",
  access: "imports.run",
  params,
  body: z
    .strictObject({ rows: z.int().min(1).max(1000, "must be at most 1,000").optional() })
    .optional()
    .meta({ examples: [{ rows: 200 }] }),
  replies: {
    200: {
      description: "What would become of each row.",
      body: z.strictObject({
        counts: Counts,
        ms: z.int(),
        results: z
          .array(
            z.strictObject({
              row: z.int(),
              line: z.int(),
              outcome: z.enum(["created", "updated", "skipped", "rejected"]),
              column: z.int().nullable().meta({ description: "The column at fault." }),
              reason: z.string().nullable(),
              cells: z.array(z.string()).readonly(),
              lead: z.strictObject({ id: Id.nullable().meta({ description: "Null while it does not exist." }), name: z.string() }).nullable(),
            }),
          )
          .readonly(),
        problems: z
          .array(
            z.strictObject({
              column: z.int().nullable(),
              name: z.string(),
              target: z.string().nullable(),
              reason: z.string(),
              rows: z.int(),
              values: z.array(z.strictObject({ value: z.string(), rows: z.int() })).readonly(),
              fixes: z.array(Fix).readonly(),
            }),
          )
          .readonly()
          .meta({ description: "Rejections by column, the most frequent first." }),
        newFields: z.array(NewField).readonly(),
        newOptions: z.record(z.string(), z.array(z.string()).readonly()).meta({ description: "By field: options that its select gets." }),
      }),
    },
  },
  problems: [409],
});

const step = <I extends string, V extends string>(id: I, verb: V, summary: string, description: string) =>
  endpoint({
    id,
    method: "POST",
    path: `/api/v1/imports/{id}/${verb}`,
    tag: "Imports",
    summary,
    description,
    scope: "write",
    access: "imports.run",
    params,
    body: z.strictObject({}).optional(),
    replies: one,
    problems: [409],
  });

export const startImport = step(
  "startImport",
  "start",
  "Begin importing",
  "Creates the new fields, then imports in the background. Starting it twice runs it once.",
);
export const pauseImport = step("pauseImport", "pause", "Pause importing", "It stops between two chunks; what is done stays done.");
export const resumeImport = step("resumeImport", "resume", "Go on importing", "With the first row that is not done.");
export const cancelImport = step(
  "cancelImport",
  "cancel",
  "Stop importing for good",
  "It stops between two chunks and never goes on; what is done stays done. A draft is thrown away.",
);

export const getImportErrors = endpoint({
  id: "getImportErrors",
  method: "GET",
  path: "/api/v1/imports/{id}/errors",
  tag: "Imports",
  summary: "Download the error file",
  description:
    "Rejected rows as they came, with line, column and reason. Mend them there and import that file with the same mapping. Cells that a spreadsheet would take for a formula carry a leading apostrophe.",
  scope: "read",
  access: "imports.run",
  params,
  replies: { 200: { description: "CSV in UTF-8.", body: z.custom<Content>(() => true).meta({ type: "string" }) } },
  produces: "text/csv",
});
