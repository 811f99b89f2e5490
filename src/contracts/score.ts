/** A score explained: what an answer says about how it came about, when it falls and what would raise it. */
import { z } from "zod";
import { SECTIONS } from "../core/config/config.ts";
import { Moment } from "./values.ts";

const Points = z.number().meta({ description: "Points with two decimals." });
const HEATS = ["hot", "warm", "cold"] as const;

const Behind = z
  .strictObject({
    facet: z.string().nullable().meta({ description: "The kind or facet of touch that counts; the timeline takes it as `facet`." }),
    label: z.string().nullable(),
    touches: z.int().meta({ description: "How many count now." }),
    days: z
      .array(z.strictObject({ at: Moment, touches: z.int(), points: Points }))
      .readonly()
      .meta({ description: "The latest 20 UTC days with touches that count, and what each gives before the rule's cap." }),
    fields: z.array(z.strictObject({ field: z.string(), label: z.string(), value: z.string().nullable() })).readonly(),
  })
  .meta({ description: "What a line stands on: touches, or what fields hold." });

const Line = z.strictObject({
  rule: z.string(),
  label: z.string(),
  kind: z.string().meta({ enum: ["field", "signal", "filled", "age", "bound"] }),
  section: z.string().meta({ enum: [...SECTIONS, "total"] }),
  points: Points,
  before: Points.meta({ description: "What the rule gives before its cap." }),
  cap: Points.nullable(),
  idle: Points.meta({ description: "What its half-life has taken from it by now: without one it would give `points + idle`." }),
  next: z.strictObject({ at: Moment, points: Points }).nullable().meta({ description: "When it gives something else if nothing happens, and what." }),
  expiresAt: Moment.nullable().meta({ description: "From when on it gives nothing any more." }),
  behind: Behind,
});

const Section = z.strictObject({
  section: z.string().meta({ enum: [...SECTIONS] }),
  label: z.string(),
  earned: Points.meta({ description: "What its rules would give without half-lives." }),
  idle: Points.meta({ description: "What half-lives have taken by now." }),
  cut: Points.meta({ description: "What its cap cuts off." }),
  cap: Points.nullable(),
  points: Points.meta({ description: "`earned − idle − cut`." }),
});

const Step = z.strictObject({
  field: z.string().nullable().meta({ description: "The field to fill in; null for touches." }),
  facet: z.string().nullable().meta({ description: "The kind or facet of touch; null for a field." }),
  count: z.int().nullable(),
  value: z.union([z.string(), z.number(), z.boolean()]).nullable().meta({ description: "The value that counts; null when any would do." }),
});

export const ScoreExplanation = z
  .strictObject({
    score: Points,
    asOf: Moment,
    sentence: z.string().meta({ examples: ["73 = 40 fit + 48 engagement − 15 idle"] }),
    parts: z
      .array(z.strictObject({ of: z.string().meta({ enum: [...SECTIONS, "idle", "caps", "bound"] }), label: z.string(), points: z.int() }))
      .readonly()
      .meta({ description: "The sentence in whole points; they add up to the score as it is shown." }),
    model: z.strictObject({ name: z.string(), config: z.int() }),
    sections: z.array(Section).readonly(),
    lines: z.array(Line).readonly(),
    below: z
      .array(z.strictObject({ threshold: Points, at: Moment, stages: z.array(z.string()).readonly() }))
      .readonly()
      .meta({ description: "When the score falls below a threshold if nothing happens, and the stages whose definitions ask for it." }),
    heat: z.string().meta({ enum: [...HEATS] }),
    cools: z
      .array(z.strictObject({ to: z.string().meta({ enum: [...HEATS] }), at: Moment }))
      .readonly()
      .meta({ description: "When the lead becomes less hot if nothing happens." }),
    raise: z
      .array(
        z.strictObject({
          what: z.string().meta({ examples: ["if job title were known", "with one more download"] }),
          points: Points.meta({ description: "What the score would be higher now, caps and bounds included." }),
          steps: z.array(Step).readonly(),
        }),
      )
      .readonly()
      .meta({ description: "What would add most, best first." }),
  })
  .meta({ id: "ScoreExplanation", description: "The score as of now, as the sum of its reasons." });
