/** Definitions of stages: drafted, compared, signed by marketing and sales, in force; and what became of leads under them. */
import { z } from "zod";
import { SIDES } from "../core/definitions/signing.ts";
import { definitionWords, FilterTree } from "./config.ts";
import { endpoint } from "./endpoint.ts";
import { FilterText } from "./lead-list.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text, UserRef } from "./values.ts";

const Side = z.enum(SIDES);

export const DefinitionText = z
  .strictObject({
    label: text(200).min(1, "must not be empty").meta({ description: "What the stage is called." }),
    meaning: definitionWords.meaning.meta({ description: "What it means, for people." }),
    owner: definitionWords.owner.meta({ description: "The team that answers for leads of the stage." }),
    criteria: FilterTree,
    answers: definitionWords.answers.meta({ description: "Fields that must be known beside the criteria." }),
    exits: definitionWords.exits.meta({ description: "Where a lead goes that does not go on, and when." }),
  })
  .meta({ id: "DefinitionText", description: "All that a signature stands under." });

const Signature = z
  .strictObject({
    side: Side,
    by: UserRef,
    at: Moment,
    holds: z.boolean().meta({ description: "False when whoever gave it is inactive by now, or no signer of the side any more." }),
  })
  .meta({ id: "DefinitionSignature" });

const Live = z.strictObject({
  version: z.int(),
  config: z.int().nullable().meta({ description: "The configuration that brought it into force." }),
  text: DefinitionText,
  at: Moment.nullable(),
  signatures: z.array(Signature).readonly().meta({ description: "Empty when it was published without." }),
});

const Draft = z.strictObject({
  text: DefinitionText,
  note: z.string().nullable().meta({ description: "Why it is to change." }),
  asked: z.boolean().meta({ description: "It waits for signatures; otherwise it is still being written." }),
  stale: z.boolean().meta({ description: "What is in force changed after it was written: save it again to sign it." }),
  author: UserRef.nullable(),
  at: Moment,
  signatures: z.array(Signature).readonly(),
  missing: z.array(Side).readonly(),
});

export const Definition = z
  .strictObject({
    stage: z.string(),
    label: z.string(),
    line: z.enum(["main", "exit"]),
    moves: z.boolean().meta({ description: "A lead that meets it enters by itself; otherwise it is recorded whether it did." }),
    live: Live.nullable(),
    draft: Draft.nullable(),
    revision: z.int().meta({ description: "Counts every text of the draft; 0 when there was none." }),
    mine: z.array(Side).readonly().meta({ description: "The sides for which you may sign the draft now." }),
  })
  .meta({ id: "Definition" });

const stage = z.strictObject({ stage: text(100) });

export const listDefinitions = endpoint({
  id: "listDefinitions",
  method: "GET",
  path: "/api/v1/definitions",
  tag: "Configuration",
  summary: "The definitions of all stages",
  scope: "read",
  access: "config.read",
  replies: {
    200: {
      description: "One of each stage, and who signs.",
      body: z.strictObject({
        signing: z.boolean().meta({ description: "Definitions change by signatures alone." }),
        signers: z.strictObject({ marketing: z.array(UserRef).readonly(), sales: z.array(UserRef).readonly() }),
        items: z.array(Definition).readonly(),
      }),
    },
  },
});

export const getDefinition = endpoint({
  id: "getDefinition",
  method: "GET",
  path: "/api/v1/definitions/{stage}",
  tag: "Configuration",
  summary: "The definition of a stage, in force and in draft",
  description: "`ETag` carries the revision of the draft, for `If-Match`.",
  scope: "read",
  access: "config.read",
  params: stage,
  replies: { 200: { description: "The definition.", body: Definition } },
});

export const saveDefinitionDraft = endpoint({
  id: "saveDefinitionDraft",
  method: "PUT",
  path: "/api/v1/definitions/{stage}/draft",
  tag: "Configuration",
  summary: "Write the draft of a definition",
  description:
    "Another text takes the next revision and has no signatures yet; the same text keeps them. With `ask` its signers are told. With `If-Match` it is refused when somebody else wrote meanwhile.",
  scope: "write",
  access: "definitions.edit",
  params: stage,
  body: z.strictObject({
    text: DefinitionText,
    note: text(1000).nullable().optional(),
    ask: z.boolean().default(true).meta({ description: "Ask for signatures; false: it is still being written." }),
  }),
  ifMatch: true,
  replies: { 200: { description: "The definition with its draft.", body: Definition } },
});

export const withdrawDefinitionDraft = endpoint({
  id: "withdrawDefinitionDraft",
  method: "DELETE",
  path: "/api/v1/definitions/{stage}/draft",
  tag: "Configuration",
  summary: "Take back the draft of a definition",
  description: "With its signatures; what is in force stays. Without a draft nothing happens.",
  scope: "write",
  access: "definitions.edit",
  params: stage,
  ifMatch: true,
  replies: { 200: { description: "The definition without a draft.", body: Definition } },
});

export const signDefinition = endpoint({
  id: "signDefinition",
  method: "POST",
  path: "/api/v1/definitions/{stage}/signatures",
  tag: "Configuration",
  summary: "Sign the draft of a definition",
  description:
    "For exactly the revision named. The two sides sign by two people. The second signature brings the text into force, so it needs `confirmed`, after a look at the preview: who meets the text enters by himself, nobody is moved out.",
  scope: "write",
  access: "definitions.sign",
  params: stage,
  body: z.strictObject({
    revision: z.int().min(1),
    side: Side.optional().meta({ description: "Needed of whoever may sign for both." }),
    confirmed: z.boolean().default(false),
  }),
  problems: [409],
  replies: { 200: { description: "The definition; `draft` is null when it came into force.", body: Definition } },
});

const Named = z.strictObject({
  id: Id,
  name: z.string(),
  company: z.string().nullable(),
  stage: z.string(),
  score: z.number(),
  owner: UserRef.nullable(),
});
const Part = z.strictObject({
  count: z.int(),
  leads: z.array(Named).readonly().meta({ description: "Those of them that you see, the best first, at most 100." }),
});

export const previewDefinition = endpoint({
  id: "previewDefinition",
  method: "POST",
  path: "/api/v1/definitions/{stage}/preview",
  tag: "Configuration",
  summary: "What a definition would do",
  description:
    "`entering`: leads that would enter the stage by themselves. `staying`: leads in it that do not meet the text; they stay. Reckoned with the code that does it. Of more than 50,000 leads it reckons with some by chance and multiplies; `exact` says so. Writes nothing.",
  scope: "write",
  access: "definitions.sign",
  params: stage,
  body: z.strictObject({ text: DefinitionText.optional().meta({ description: "The draft, when not given." }) }),
  replies: {
    200: {
      description: "The effect.",
      body: z.strictObject({ exact: z.boolean(), looked: z.int(), inStage: z.int(), entering: Part, staying: Part }),
    },
  },
});

export const listDefinitionVersions = endpoint({
  id: "listDefinitionVersions",
  method: "GET",
  path: "/api/v1/definitions/{stage}/versions",
  tag: "Configuration",
  summary: "Every version of a definition there was",
  scope: "read",
  access: "config.read",
  params: stage,
  replies: {
    200: {
      description: "The newest first.",
      body: z.strictObject({
        items: z
          .array(
            z.strictObject({
              version: z.int(),
              config: z.int(),
              text: DefinitionText,
              from: Moment,
              until: Moment.nullable(),
              by: UserRef.nullable().meta({ description: "Who published it, or gave the last signature." }),
              signatures: z.array(Signature).readonly(),
            }),
          )
          .readonly(),
      }),
    },
  },
});

const Outcomes = {
  metAccepted: z.int(),
  metRejected: z.int(),
  metOpen: z.int(),
  unmetAccepted: z.int(),
  unmetRejected: z.int(),
  unmetOpen: z.int(),
};
const OF = ["version", "source", "rep", "reason"] as const;
export const DECISIONS = ["metAccepted", "metRejected", "metOpen", "unmetAccepted", "unmetRejected", "unmetOpen"] as const;

const Range = {
  from: text(40).optional().meta({ description: "Captured on this day or later, in the workspace's time zone." }),
  to: text(40).optional().meta({ description: "Captured on this day or earlier." }),
  filter: FilterText.optional(),
};

export const reportDefinition = endpoint({
  id: "reportDefinition",
  method: "GET",
  path: "/api/v1/definitions/{stage}/report",
  tag: "Reports",
  summary: "What became of leads that entered under a definition",
  description:
    "Each entry of the stage that was held against a version: did the lead meet it, and what was decided next? Accepted: it went on along the main line. Rejected: it went to an exit. Open: it is still there. `patterns` are values with which more of those who met it were rejected than chance would do (Fisher's exact test, 1 in 100 over all values looked at).",
  scope: "read",
  access: "reports.read",
  params: stage,
  query: z.strictObject(Range),
  replies: {
    200: {
      description: "Sums, and rows by version, source, who decided, and reason.",
      body: z.strictObject({
        all: z.strictObject(Outcomes),
        rows: z.array(z.strictObject({ by: z.enum(OF), value: z.string().nullable(), label: z.string(), ...Outcomes })).readonly(),
        patterns: z
          .array(
            z.strictObject({
              by: z.string(),
              value: z.string(),
              sentence: z.string(),
              rejected: z.int(),
              decided: z.int(),
              othersRejected: z.int(),
              othersDecided: z.int(),
              chance: z.number(),
            }),
          )
          .readonly(),
      }),
    },
  },
});

export const listDefinitionLeads = endpoint({
  id: "listDefinitionLeads",
  method: "GET",
  path: "/api/v1/definitions/{stage}/report/leads",
  tag: "Reports",
  summary: "List what is behind a number of that report",
  description: "The latest decision first. `by` with `value` (or `none`) names the row.",
  scope: "read",
  access: "reports.read",
  params: stage,
  query: z.strictObject({
    of: z.enum(DECISIONS),
    by: z.enum([...OF, "campaign", "country", "jobTitle"]).optional(),
    value: text(1000).optional(),
    none: z.literal("true").optional(),
    ...Range,
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: {
    200: {
      description: "A page.",
      body: z.strictObject({
        count: z.int().nullable().meta({ description: "All there are; on the first page only." }),
        items: z
          .array(
            z.strictObject({
              id: z.string(),
              lead: Named,
              version: z.int(),
              met: z.boolean(),
              enteredAt: Moment,
              decidedAt: Moment.nullable(),
              to: z.string().nullable(),
              by: z.string().nullable(),
              reason: z.string().nullable(),
            }),
          )
          .readonly(),
        nextCursor: NextCursor,
      }),
    },
  },
});
