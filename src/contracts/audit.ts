/** The audit: who did what about access, people and settings, when and why. What happens to a lead stands in its facts. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Cursor, Id, Limit, Moment, NextCursor, text, When } from "./values.ts";

export const AuditEntry = z
  .strictObject({
    id: Id,
    at: Moment,
    actor: z
      .string()
      .meta({ description: "`user:<id>`, `key:<id>`, `cli`, or `nobody` for who was not let in.", examples: ["user:0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a"] }),
    by: z.string().nullable().meta({ description: "The actor's name, where it has one." }),
    action: z.string().meta({ examples: ["session.signedIn", "user.roleChanged", "config.published"] }),
    about: z.strictObject({ type: z.string(), id: z.string(), name: z.string().nullable() }).nullable().meta({ description: "What it was done to." }),
    detail: z.record(z.string(), z.unknown()).meta({ description: "What changed, as `{field: {from, to}}`, or what else there is to know." }),
    why: z.string().nullable(),
    address: z.string().nullable().meta({ description: "Where the request came from." }),
  })
  .meta({ id: "AuditEntry" });

export const listAudit = endpoint({
  id: "listAudit",
  method: "GET",
  path: "/api/v1/audit",
  tag: "Audit",
  summary: "Who did what, when, why",
  description: "The newest first.",
  scope: "admin",
  access: "audit.read",
  query: z.strictObject({
    actor: text(100).optional().meta({ description: "`user:<id>`, `key:<id>`, `cli` …" }),
    action: text(100).optional().meta({ description: "An action, or the part before the dot for all of a kind, as `user`." }),
    about: text(100).optional().meta({ description: "The id of what it was done to." }),
    changed: text(200)
      .optional()
      .meta({ description: "A field or part that was changed: a key of `detail`, or one of its `changed`.", examples: ["timezone", "routing"] }),
    from: When.optional(),
    to: When.optional(),
    limit: Limit.default(50),
    cursor: Cursor.optional(),
  }),
  replies: { 200: { description: "A page.", body: z.strictObject({ items: z.array(AuditEntry), nextCursor: NextCursor }) } },
});
