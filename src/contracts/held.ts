/** Held inputs: what came in and could not be processed, or looked like spam. Nothing is dropped; a person mends and replays, or dismisses. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { CaptureBody } from "./lead.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text } from "./values.ts";

export const HELD_STATES = ["held", "replayed", "dismissed"] as const;

export const HeldInput = z
  .strictObject({
    id: Id.meta({ description: "The `intakeId` that the caller was answered." }),
    state: z.enum(HELD_STATES),
    cause: z.enum(["quarantine", "fault"]).meta({ description: "`quarantine`: looked like spam. `fault`: could not be processed." }),
    reason: z.string(),
    kind: z.string().meta({ examples: ["capture"] }),
    by: z.strictObject({ actor: z.string(), name: z.string().nullable().meta({ description: "Of the user, key or form." }) }),
    receivedAt: Moment,
    about: z.string().meta({ description: "Whom it speaks of, in a few words.", examples: ["Ada Lovelace, ada@example.org"] }),
    payload: z.record(z.string(), z.unknown()).meta({ description: "What came, as data. For captures in the form of a capture's body." }),
    editable: z.boolean().meta({ description: "Whether it can be mended; others can only be replayed as they are." }),
    outcome: z
      .strictObject({ at: Moment, by: z.string(), byName: z.string().nullable(), leadId: Id.nullable(), reason: z.string().nullable(), mended: z.boolean() })
      .nullable(),
  })
  .meta({ id: "HeldInput" });

const params = z.strictObject({ id: Id });

export const listHeld = endpoint({
  id: "listHeld",
  method: "GET",
  path: "/api/v1/held",
  tag: "Held inputs",
  summary: "List held inputs",
  description: "The newest first.",
  scope: "read",
  access: "inputs.mend",
  query: z.strictObject({
    state: z.enum(HELD_STATES).optional().meta({ description: "`held` if not given." }),
    limit: Limit.optional(),
    cursor: Cursor.optional(),
  }),
  replies: { 200: { description: "A page of them.", body: z.strictObject({ items: z.array(HeldInput).readonly(), nextCursor: NextCursor }) } },
});

export const countHeld = endpoint({
  id: "countHeld",
  method: "GET",
  path: "/api/v1/held/count",
  tag: "Held inputs",
  summary: "Count held inputs",
  scope: "read",
  access: "inputs.mend",
  replies: {
    200: {
      description: "How many wait.",
      body: z.strictObject({
        held: z.int().meta({ description: "At most 1,000 are counted." }),
        quarantined: z.int(),
        faults: z.int(),
        oldest: Moment.nullable(),
        alarm: z.string().nullable().meta({ description: "A sentence when many of one kind came within an hour." }),
      }),
    },
  },
});

export const getHeld = endpoint({
  id: "getHeld",
  method: "GET",
  path: "/api/v1/held/{id}",
  tag: "Held inputs",
  summary: "Get a held input",
  scope: "read",
  access: "inputs.mend",
  params,
  replies: { 200: { description: "With its payload.", body: HeldInput } },
});

export const replayHeld = endpoint({
  id: "replayHeld",
  method: "POST",
  path: "/api/v1/held/{id}/replay",
  tag: "Held inputs",
  summary: "Send a held input through again",
  description:
    "As it came, or mended. What came is kept as the record and linked to the lead. A second replay changes nothing and answers the first one's outcome. Whoever sent it with an idempotency key and repeats it is answered with the lead from now on.",
  scope: "write",
  access: "inputs.mend",
  params,
  body: z
    .strictObject({ payload: CaptureBody.optional() })
    .optional()
    .meta({ examples: [{ payload: { email: "ada@example.org", firstName: "Ada" } }] }),
  replies: {
    200: { description: "What became of it.", body: z.strictObject({ outcome: z.enum(["created", "updated", "unchanged"]), leadId: Id, held: HeldInput }) },
  },
  problems: [409],
});

export const dismissHeld = endpoint({
  id: "dismissHeld",
  method: "POST",
  path: "/api/v1/held/{id}/dismiss",
  tag: "Held inputs",
  summary: "Dismiss a held input",
  description: "It is kept, with who dismissed it and why, and leaves the list.",
  scope: "write",
  access: "inputs.mend",
  params,
  body: z.strictObject({ reason: text(500).min(1, "is required") }).meta({ examples: [{ reason: "spam" }] }),
  replies: { 200: { description: "The dismissed input.", body: HeldInput } },
  problems: [409],
});

export const takeBackHeld = endpoint({
  id: "takeBackHeld",
  method: "POST",
  path: "/api/v1/held/{id}/take-back",
  tag: "Held inputs",
  summary: "Take a dismissal back",
  description: "The input waits in the list again. One that waits already stays as it is; one that was sent through cannot wait again.",
  scope: "write",
  access: "inputs.mend",
  params,
  replies: { 200: { description: "The input, waiting.", body: HeldInput } },
  problems: [409],
});
