/** Questions to the live scoring model. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { text } from "./values.ts";

const Points = z.number().meta({ description: "Points with two decimals." });

export const reachScore = endpoint({
  id: "reachScore",
  method: "GET",
  path: "/api/v1/scoring/reach",
  tag: "Configuration",
  summary: "Find what a persona must do to reach a score",
  description:
    "For a lead that holds these values and has done nothing yet: the smallest sets of touches, all of today, that bring its score to the threshold under the live model. All sets of the smallest size are listed, up to 100; no smaller one exists.",
  scope: "read",
  access: "config.read",
  query: z.strictObject({
    score: z.coerce.number("must be a number").min(-100_000, "must be at least -100,000").max(100_000, "must be at most 100,000"),
    values: text(8000)
      .optional()
      .meta({ description: "What the lead holds, by field, as JSON.", examples: ['{"jobTitle": "Director", "country": "DE", "fields.employees": 600}'] }),
  }),
  replies: {
    200: {
      description: "The smallest sets.",
      body: z.strictObject({
        score: Points.meta({ description: "What the lead has before it does anything." }),
        threshold: Points,
        touches: z.int().nullable().meta({ description: "How many it takes; null: 40 do not do it, or the search was given up." }),
        exact: z.boolean().meta({ description: "False: the model is too intricate, the search was given up, and nothing is said." }),
        sets: z
          .array(
            z.strictObject({
              touches: z.array(z.strictObject({ facet: z.string(), what: z.string(), count: z.int() })).readonly(),
              score: Points,
            }),
          )
          .readonly(),
        more: z.boolean().meta({ description: "There are further sets of this size." }),
      }),
    },
  },
});
