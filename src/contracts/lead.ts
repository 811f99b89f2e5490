/** The lead as every answer shows it, and what a capture or an edit may carry. */
import { z } from "zod";
import { STATUSES, TOUCH_KINDS } from "../core/config/config.ts";
import { FormAnswers, Id, Moment, Props, text, UserRef, When } from "./values.ts";

const absent = z.string().nullable();
const Points = z.number().meta({ description: "Points with two decimals." });
const FieldValue = z.union([z.string(), z.number(), z.boolean()]);

export const Bant = z.strictObject({ budget: absent, authority: absent, need: absent, timeline: absent });

export const Lead = z
  .strictObject({
    id: Id,
    version: z.int().meta({ description: "Counts changes of profile, stage and owner; touches and rescoring leave it." }),
    email: absent,
    phone: absent,
    externalId: absent,
    firstName: absent,
    lastName: absent,
    company: z.strictObject({ id: Id.nullable(), name: z.string() }).nullable().meta({ description: "`id` is null while the company is only a name." }),
    jobTitle: absent,
    country: absent,
    city: absent,
    website: absent,
    source: absent,
    campaign: absent,
    stage: z.string(),
    status: z.string().meta({ enum: [...STATUSES] }),
    heat: z.string().meta({ enum: ["hot", "warm", "cold"] }),
    score: Points,
    scores: z.strictObject({ fit: Points, engagement: Points, bant: Points, quality: Points, freshness: Points }),
    owner: UserRef.nullable(),
    team: absent,
    tags: z.array(z.string()).readonly(),
    fields: z.record(z.string(), FieldValue).readonly(),
    bant: Bant,
    capturedAt: Moment,
    createdAt: Moment,
    updatedAt: Moment,
    deletedAt: Moment.nullable().meta({ description: "Since when it is in the bin; null when it is not." }),
  })
  .meta({ id: "Lead", description: "A person, perhaps at a company, who may buy. Absent values are null." });

export type LeadJson = z.input<typeof Lead>;

/** What the door answers to a write on a lead. */
export const Written = z
  .strictObject({
    outcome: z.enum(["created", "updated", "unchanged"]),
    lead: Lead,
    undo: z.int().nullable().meta({ description: "The number for `POST /leads/{id}/undo`; null when there is nothing to take back." }),
  })
  .meta({ id: "Written", description: "Answered after COMMIT: the lead is stored, scored, qualified and routed." });

export const Held = z
  .strictObject({ outcome: z.literal("held"), intakeId: Id })
  .meta({ id: "Held", description: "Stored but not processed: it is kept under this id, with its reason." });

export const written = {
  200: { description: "Done: the lead as it is now.", body: Written },
  202: { description: "Stored, but not processed.", body: Held },
} as const;

export const captured = { 200: written[200], 201: { description: "A new lead.", body: Written }, 202: written[202] } as const;

const FieldInput = z.union([text(), z.number(), z.boolean(), z.null()], { error: "must be text of at most 500 characters, a number, true, false or null" });
const FieldsInput = z
  .record(text(100), FieldInput)
  .refine((fields) => Object.keys(fields).length <= 500, "must not have more than 500 fields")
  .meta({ description: "Custom fields by key, as the workspace defines them; a key it does not know is refused." });

const Tags = z.array(text(200)).max(100, "must not have more than 100 tags");
const ConsentInput = z.record(text(100), z.boolean()).refine((topics) => Object.keys(topics).length <= 100, "must not have more than 100 topics");
const BantInput = z.strictObject({ budget: text().nullish(), authority: text().nullish(), need: text().nullish(), timeline: text().nullish() });

const profile = {
  email: text()
    .nullish()
    .meta({ description: "Stored trimmed and in lower case.", examples: ["ada@example.org"] }),
  phone: text()
    .nullish()
    .meta({ description: "Stored in E.164 where it can be read; read with `country`, else with the workspace's default.", examples: ["+49 30 901820"] }),
  externalId: text().nullish().meta({ description: "The lead's id in another system." }),
  firstName: text().nullish(),
  lastName: text().nullish(),
  company: text().nullish(),
  jobTitle: text().nullish(),
  country: text()
    .nullish()
    .meta({ examples: ["DE"] }),
  city: text().nullish(),
  website: text(2000).nullish(),
  source: text().nullish(),
  campaign: text().nullish(),
  fields: FieldsInput.optional(),
  bant: BantInput.optional(),
  tags: Tags.optional(),
  consent: ConsentInput.optional().meta({ description: "Consent by topic: given or withdrawn." }),
};

export const CaptureTouch = z.strictObject({
  id: text(255).optional().meta({ description: "Your own id of this touch: it counts once." }),
  kind: z.enum(TOUCH_KINDS, { error: `must be one of ${TOUCH_KINDS.join(", ")}` }),
  at: When.optional().meta({ description: "When it happened; now if not given, never later than now." }),
  props: Props.optional(),
});

export const CaptureBody = z
  .strictObject({
    ...profile,
    visitor: text().nullish().meta({ description: "The visitor id of the tracking script: what the visitor did becomes the lead's." }),
    capturedAt: When.nullish(),
    touches: z.array(CaptureTouch).max(1000, "must not have more than 1,000 touches").optional(),
  })
  .meta({
    id: "Capture",
    description: "At least one of email, phone, externalId, visitor or a name. Empty texts and nulls count as not given.",
    examples: [
      {
        email: "ada@example.org",
        firstName: "Ada",
        lastName: "Lovelace",
        company: "Analytical Engines",
        source: "webinar",
        touches: [{ kind: "contactRequest" }],
      },
    ],
  });

export type Capture = z.output<typeof CaptureBody>;

export const EditBody = z.strictObject(profile).meta({
  id: "LeadEdit",
  description: "What is not named stays; null or empty text clears. `tags` replaces all tags.",
  examples: [{ jobTitle: "Countess", bant: { budget: "50,000 EUR" } }],
});

export type Edit = z.output<typeof EditBody>;

const Reason = text(2000);

export const StageBody = z
  .strictObject({ stage: text(100), status: z.enum(STATUSES).optional(), reason: Reason.optional() })
  .meta({ id: "StageMove", examples: [{ stage: "sql", reason: "asked for an offer" }] });
export const RejectBody = z
  .strictObject({ reason: Reason.min(1, "is required"), status: z.enum(["nurture", "dead"]).optional() })
  .meta({ id: "Rejection", examples: [{ reason: "no budget this year" }] });
export const AssignBody = z
  .strictObject({ owner: text(100).meta({ description: 'The id of a user, or "route" to ask the routing rules.' }), reason: Reason.optional() })
  .meta({ id: "Assignment", examples: [{ owner: "route" }] });
export const ConvertBody = z
  .strictObject({
    name: text().optional().meta({ description: "The opportunity's name; the company's, else the lead's, if not given." }),
    form: FormAnswers.optional(),
  })
  .meta({ id: "Conversion", examples: [{ form: { nextMeeting: "2026-03-05T10:00:00Z", potentialValue: { amount: 1200000, currency: "EUR" } } }] });

export const Fact = z
  .strictObject({
    id: Id,
    type: z.string().meta({ examples: ["stage.entered"] }),
    at: Moment,
    by: z.string().meta({ description: "Who did it: `key:…`, `user:…`, `import:…`, `timer`, `cli`." }),
    data: z.record(z.string(), z.unknown()).readonly(),
    why: z.string().nullable(),
  })
  .meta({ id: "Fact", description: "One line of a lead's append-only history." });
