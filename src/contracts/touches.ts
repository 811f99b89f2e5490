/** Touches: recorded behaviour, one or many at a time. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Props, text, When } from "./values.ts";

/** The kind may be any text here: an unknown one is ignored with its reason, so that one odd touch does not refuse the rest. */
export const Touch = z
  .strictObject({
    id: text(255).nullish().meta({ description: "Your own id of this touch: it counts once, however often it is sent." }),
    kind: text(100).meta({ examples: ["pageView"] }),
    at: When.nullish().meta({ description: "When it happened; now if not given, never later than now." }),
    lead: text(100).nullish().meta({ description: "The lead's id. Goes before email and visitor." }),
    email: text().nullish(),
    visitor: text().nullish(),
    props: Props.nullish(),
  })
  .meta({ id: "Touch", examples: [{ kind: "pageView", email: "ada@example.org", props: { url: "https://example.com/pricing" } }] });

export type TouchJson = z.output<typeof Touch>;

export const recordTouches = endpoint({
  id: "recordTouches",
  method: "POST",
  path: "/api/v1/touches",
  tag: "Touches",
  summary: "Record up to 1,000 touches",
  description:
    "Answered after COMMIT. A touch of an unknown address or visitor makes a lead. A touch of an unknown kind, or of nobody, is ignored with its reason; the others count.",
  scope: "write",
  access: "touches.record",
  bodyLimit: 8 << 20,
  body: z
    .strictObject({ touches: z.array(Touch).max(1000, "must not have more than 1,000 touches") })
    .meta({ examples: [{ touches: [{ kind: "pageView", email: "ada@example.org", props: { url: "https://example.com/pricing" } }] }] }),
  replies: {
    202: {
      description: "How many were stored, and which were not, with why.",
      body: z.strictObject({ accepted: z.int(), ignored: z.array(z.strictObject({ index: z.int(), why: z.string() })).readonly() }),
    },
  },
});
