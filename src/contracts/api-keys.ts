/** API keys: who may call, and what for. The secret is answered once and never again. A key of a user never may more than he. */
import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Id, Moment, text, UserRef, When } from "./values.ts";

export const SCOPES = ["read", "write", "admin"] as const;

const key = {
  id: Id,
  name: z.string(),
  scopes: z.array(z.enum(SCOPES)),
  user: UserRef.nullable().meta({
    description: "Whose key it is: it may what he may, at most, and stops when he is deactivated. Null: it belongs to the workspace.",
  }),
  createdAt: Moment,
  lastUsedAt: Moment.nullable().meta({ description: "To the minute." }),
  expiresAt: Moment.nullable(),
  revokedAt: Moment.nullable(),
};

export const ApiKey = z.strictObject(key).meta({ id: "ApiKey" });
export const NewApiKey = z
  .strictObject({ ...key, key: z.string().nullable().meta({ description: "The secret, shown this once; null when an idempotency key repeats the request." }) })
  .meta({ id: "NewApiKey" });

export const createApiKey = endpoint({
  id: "createApiKey",
  method: "POST",
  path: "/api/v1/api-keys",
  tag: "API keys",
  summary: "Make an API key",
  scope: "admin",
  access: "keys.manage",
  body: z
    .strictObject({
      name: text(100).min(1, "is required"),
      scopes: z.array(z.enum(SCOPES)).min(1, "needs at least one scope").max(3),
      user: text(100).nullish().meta({ description: "The id of the user it belongs to." }),
      expiresAt: When.nullish(),
    })
    .meta({ examples: [{ name: "Website form", scopes: ["write"] }] }),
  replies: { 201: { description: "The key with its secret.", body: NewApiKey } },
});

export const listApiKeys = endpoint({
  id: "listApiKeys",
  method: "GET",
  path: "/api/v1/api-keys",
  tag: "API keys",
  summary: "List API keys",
  scope: "admin",
  access: "keys.manage",
  replies: { 200: { description: "All keys, revoked ones too.", body: z.strictObject({ items: z.array(ApiKey) }) } },
});

export const revokeApiKey = endpoint({
  id: "revokeApiKey",
  method: "DELETE",
  path: "/api/v1/api-keys/{id}",
  tag: "API keys",
  summary: "Revoke an API key",
  description: "It stops working within a second. Revoking it again changes nothing.",
  scope: "admin",
  access: "keys.manage",
  params: z.strictObject({ id: Id }),
  replies: { 200: { description: "The revoked key.", body: ApiKey } },
});
