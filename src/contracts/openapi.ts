/**
 * The OpenAPI 3.1 document, written from the contracts. `openapi.json` at the root is this, checked in; a test holds the
 * two together.
 */
import { z } from "zod";
import { type Endpoint, problemsOf, takesIdempotencyKey } from "./endpoint.ts";
import { ENDPOINTS } from "./endpoints.ts";
import { Problem } from "./problem.ts";

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json | undefined };
type Schema = { readonly [key: string]: Json | undefined };

const MEANINGS: Readonly<Record<number, string>> = {
  400: "The body is not JSON.",
  401: "Nobody is signed in and there is no valid API key.",
  403: "The role or the scopes of the key do not allow it, or it did not come from these pages.",
  404: "There is none in this workspace.",
  409: "The same idempotency key is being worked on, the lead is not where this can happen, or what would be made is there already.",
  412: "It was changed since the version named by `If-Match`.",
  413: "The body is too large.",
  415: "The body is not `application/json`.",
  422: "The request is not valid; `errors` names each place. Or the idempotency key was used for another request.",
  429: "Too many attempts; try again after `Retry-After` seconds.",
  500: "A fault of this server; the log has it under `instance`.",
  502: "The other house did not answer as it should.",
  503: "The database cannot be reached, or has no room; try again after `Retry-After` seconds.",
};

/** `version` is the API's: that of the package. */
export function openApi(version: string): Json {
  const components: Record<string, Schema> = {};
  const paths: Record<string, Record<string, Json>> = {};
  for (const endpoint of ENDPOINTS) (paths[endpoint.path] ??= {})[endpoint.method.toLowerCase()] = operation(endpoint, components);
  schemaOf(Problem, "output", components);
  return {
    openapi: "3.1.1",
    info: {
      title: "Baton",
      version,
      summary: "Lead management: capture, score, qualify, route, convert.",
      description:
        "JSON in camelCase. Writes are answered after COMMIT. Refusals are RFC 9457 problems. Every write takes an `Idempotency-Key`; lists go by cursors. Scores are points with two decimals, money is in minor units.",
      license: { name: "Apache-2.0", identifier: "Apache-2.0" },
    },
    servers: [{ url: "/" }],
    tags: [...new Set(ENDPOINTS.map((endpoint) => endpoint.tag))].map((name) => ({ name })),
    security: [{ key: [] }],
    paths,
    components: {
      securitySchemes: { key: { type: "http", scheme: "bearer", description: "An API key: `Authorization: Bearer baton_…`" } },
      schemas: Object.fromEntries(Object.entries(components).sort(([a], [b]) => (a < b ? -1 : 1))),
    },
  };
}

function operation(endpoint: Endpoint, components: Record<string, Schema>): Json {
  const { id, tag, summary, description, scope, body } = endpoint;
  return {
    operationId: id,
    tags: [tag],
    summary,
    ...(description === undefined ? {} : { description }),
    ...(scope === null ? { security: [] } : {}),
    "x-scope": scope,
    parameters: parametersOf(endpoint, components),
    ...(endpoint.accepts === undefined
      ? {}
      : {
          requestBody: {
            required: true,
            content: Object.fromEntries(endpoint.accepts.map((type) => [type, { schema: { type: "string", format: "binary" } }])),
          },
        }),
    ...(body === undefined
      ? {}
      : { requestBody: { required: !body.safeParse(undefined).success, content: { "application/json": { schema: schemaOf(body, "input", components) } } } }),
    responses: allReplies(repliesOf(endpoint, components), problemReplies(endpoint)),
  };
}

function parametersOf(endpoint: Endpoint, components: Record<string, Schema>): Json[] {
  const parameters: Json[] = [];
  for (const place of ["path", "query"] as const) {
    const schema = place === "path" ? endpoint.params : endpoint.query;
    if (schema === undefined) continue;
    const { properties, required = [] } = schemaOf(schema, "input", components) as { properties: Record<string, Schema>; required?: readonly string[] };
    for (const [name, { description, ...rest }] of Object.entries(properties)) {
      parameters.push({
        name,
        in: place,
        required: place === "path" || required.includes(name),
        ...(description === undefined ? {} : { description }),
        schema: rest,
      });
    }
  }
  if (takesIdempotencyKey(endpoint))
    parameters.push(header("Idempotency-Key", "A repeat with the same key and body changes nothing and answers the same outcome and ids.", 255));
  if (endpoint.ifMatch === true) parameters.push(header("If-Match", "The version the change was made on.", 30));
  return parameters;
}

function header(name: string, description: string, maxLength: number): Json {
  return { name, in: "header", required: false, description, schema: { type: "string", maxLength } };
}

function repliesOf(endpoint: Endpoint, components: Record<string, Schema>): Record<string, Json> {
  const type = endpoint.produces ?? "application/json";
  return Object.fromEntries(
    Object.entries(endpoint.replies).map(([status, { description, body }]) => [
      status,
      { description, content: { [type]: { schema: schemaOf(body, "output", components) } } },
    ]),
  );
}

/** A status may be a page of the operation's own and a problem, too. */
function allReplies(own: Record<string, Json>, problems: Record<string, Json>): Record<string, Json> {
  const both = Object.entries(problems).map(([status, problem]): [string, Json] => {
    const [mine, theirs] = [own[status], problem] as { readonly content: Readonly<Record<string, Json>> }[];
    return [status, mine === undefined ? problem : { ...mine, content: { ...mine.content, ...theirs?.content } }];
  });
  return { ...own, ...Object.fromEntries(both) };
}

function problemReplies(endpoint: Endpoint): Record<string, Json> {
  const schema = { $ref: "#/components/schemas/Problem" };
  return Object.fromEntries(
    problemsOf(endpoint).map((status) => [status, { description: MEANINGS[status] ?? "Refused.", content: { "application/problem+json": { schema } } }]),
  );
}

/** A contract as JSON Schema; whatever has an id moves to the components. */
function schemaOf(schema: z.ZodType, io: "input" | "output", components: Record<string, Schema>): Schema {
  const { $schema: _, $defs = {}, ...own } = z.toJSONSchema(schema, { io, unrepresentable: "any" }) as Schema & { readonly $defs?: Record<string, Schema> };
  for (const [id, definition] of Object.entries($defs)) addComponent(components, id, rewritten(definition) as Schema);
  const { id, ...rest } = rewritten(own) as Schema & { readonly id?: string };
  if (id === undefined) return rest;
  addComponent(components, id, rest);
  return { $ref: `#/components/schemas/${id}` };
}

function addComponent(components: Record<string, Schema>, id: string, { id: _id, ...schema }: Schema): void {
  const known = components[id];
  if (known !== undefined && JSON.stringify(known) !== JSON.stringify(schema))
    throw new Error(`Two contracts are called "${id}" and differ; give one of them another name.`);
  components[id] = schema;
}

function rewritten(value: Json | undefined): Json | undefined {
  if (Array.isArray(value)) return value.map((item: Json) => rewritten(item) as Json);
  if (typeof value !== "object" || value === null) return typeof value === "string" ? value.replace(/^#\/\$defs\//, "#/components/schemas/") : value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, rewritten(inner as Json)]));
}
