/** Live: one stream of small messages that say what changed, so that nobody polls. */
import { z } from "zod";
import { type Content, endpoint } from "./endpoint.ts";

/** Topics without ids: whoever shows them asks again. */
export const EVENT_TOPICS = ["tasks", "notifications", "imports", "config", "held"] as const;

/**
 * `hello` comes first. `resync`: something may have been missed; ask for everything shown again. `leads`: these leads
 * changed or are new, or `many` did. A comment comes every 20 seconds when nothing else does.
 */
export const EventMessage = z
  .union([
    z.strictObject({ type: z.literal("hello") }),
    z.strictObject({ type: z.literal("resync") }),
    z.strictObject({ type: z.literal("leads"), ids: z.array(z.string()).max(50).readonly() }),
    z.strictObject({ type: z.literal("leads"), many: z.literal(true) }),
    z.strictObject({ type: z.enum(EVENT_TOPICS) }),
  ])
  .meta({ id: "EventMessage" });

export type EventMessage = z.output<typeof EventMessage>;

export const streamEvents = endpoint({
  id: "streamEvents",
  method: "GET",
  path: "/api/v1/events",
  tag: "Events",
  summary: "Listen to changes",
  description:
    "Server-sent events. Each `data` is JSON with a `type`: `hello`, `resync` (ask again for everything shown), `leads` with at most 50 `ids` or `many: true`, `tasks`, `notifications`, `imports`, `config`, `held`. Only leads within sight are named. A reconnect with `Last-Event-ID` is answered with `resync`. The stream ends when the session or the key does.",
  scope: "read",
  access: "self",
  replies: { 200: { description: "The stream.", body: z.custom<Content>(() => true).meta({ type: "string" }) } },
  produces: "text/event-stream",
});
