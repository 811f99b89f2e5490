/**
 * Every operation under requests that make no sense, by its own document. Nothing may be a fault of ours, and every answer,
 * refusals too, is one that the document knows; the test's application checks both, and that no neighbour shows.
 *
 * `BATON_FUZZ_SECONDS=600 BATON_FUZZ_SEED=7` for longer, and for others.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { ENDPOINTS } from "../contracts/endpoints.ts";
import { openApi } from "../contracts/openapi.ts";
import { batonVersion } from "./features/operator/version.ts";
import { hashApiKey, newApiKey } from "./features/workspaces/api-key.ts";
import { peopleOf, recordOf } from "./testing/access-people.ts";
import { type TestApp, testApp } from "./testing/app.ts";
import { diceOf, type Document, pick, request } from "./testing/fuzz.ts";

const SECONDS = Number(process.env["BATON_FUZZ_SECONDS"] ?? 40);
const SEED = Number(process.env["BATON_FUZZ_SEED"] ?? 1);
vi.setConfig({ testTimeout: (SECONDS + 120) * 1000 });

const dataDir = mkdtempSync(path.join(os.tmpdir(), "baton-fuzz-"));
let at: TestApp;
let ids: ReadonlyMap<string, readonly string[]>;

/** Tables by the word that stands before an id in a path. */
const TABLES: Readonly<Record<string, string>> = {
  leads: "lead", tasks: "task", opportunities: "opportunity", companies: "company", notes: "note", users: "app_user", imports: "import", forms: "form",
  held: "intake", views: "saved_view", bulk: "bulk", mail: "effect", contacts: "contact", templates: "mail_template", keys: "api_key", sessions: "session",
}; // prettier-ignore

beforeAll(async () => {
  at = await testApp({ dataDir });
  const { users } = await peopleOf(at);
  for (const kind of ["own", "mate", "customer"] as const) await recordOf(at, users, "salesRep", kind);
  ids = await idsOfAll();
}, 120_000);
afterAll(async () => {
  await at.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const rows = async (text: string, values: unknown[] = []) => (await at.house.database.pool.query<{ id: string }>(text, values)).rows;

/** Some ids of each table, of both workspaces. */
async function idsOfAll(): Promise<ReadonlyMap<string, readonly string[]>> {
  const found = new Map<string, readonly string[]>();
  const tables = new Set(
    (await rows("select table_name as id from information_schema.columns where table_schema = 'public' and column_name = 'id'")).map(({ id }) => id),
  );
  for (const [group, table] of Object.entries(TABLES))
    if (tables.has(table))
      found.set(
        group,
        (
          await rows(
            `(select id::text from "${table}" where workspace_id = $1 limit 20) union all (select id::text from "${table}" where workspace_id <> $1 limit 5)`,
            [at.workspaceId],
          )
        ).map(({ id }) => id),
      );
  found.set("teams", ["north", "south", "sales", "customers"]);
  found.set(
    "f",
    (await rows("select key as id from form where workspace_id = $1", [at.workspaceId])).map(({ id }) => id),
  );
  return found;
}

/** A key that no request can have revoked. */
async function freshKey(): Promise<string> {
  const key = newApiKey();
  await at.house.database.pool.query("update app_user set active = true, role = 'admin' where workspace_id = $1 and id = $2", [at.workspaceId, at.userId]);
  await at.house.database.pool.query("insert into api_key (workspace_id, id, hash, name, scopes, created_at) values ($1, $2, $3, 'fuzz', $4, now())", [
    at.workspaceId,
    at.house.newId(),
    hashApiKey(key),
    ["read", "write", "admin"],
  ]);
  return key;
}

test("nothing of a configuration is called as things are that every object has, nor is a column that would become a field", async () => {
  const { config } = (await at.api("GET", "/api/v1/config")).body;
  const named = { key: "constructor", label: "Constructor", type: "text" };
  const refused = await at.api("PUT", "/api/v1/config", { ...config, fields: [...config.fields, named] });
  expect([refused.status, refused.text]).toEqual([422, expect.stringContaining("constructor")]);
  const { body } = await at.api("POST", "/api/v1/imports?name=names.csv", "email,constructor,toString\nada@example.org,x,y\n", { "content-type": "text/csv" });
  const targets = body.survey.columns.map(({ proposal }: { proposal: { target: string } }) => proposal.target);
  expect(targets).toEqual(["email", "fields.constructor2", "fields.toString2"]);
  const lists = { "fields.constructor2": { nobody: "" } };
  expect((await at.api("PATCH", `/api/v1/imports/${body.id}`, { lists })).status).toBe(200);
  const tried = await at.api("POST", `/api/v1/imports/${body.id}/preview`, {});
  expect(tried.body.counts).toMatchObject({ created: 1, rejected: 0 });
});

test("no request is a fault of ours, and every answer is one the document knows", async () => {
  const dice = diceOf(SEED);
  const document = openApi(batonVersion()) as unknown as Document;
  const operations = ENDPOINTS.filter(({ produces }) => produces !== "text/event-stream");
  const wrong = new Map<string, string>();
  const statuses = new Map<number, number>();
  let key = await freshKey();
  let asked = 0;
  for (const end = performance.now() + SECONDS * 1000; performance.now() < end;) {
    if (asked % 500 === 0) ids = await idsOfAll();
    const endpoint = asked < operations.length * 3 ? (operations[asked % operations.length] as (typeof operations)[number]) : pick(dice, operations);
    const { method, path: url, body, headers } = request(document, endpoint, dice, (group) => ids.get(group) ?? []);
    asked++;
    try {
      const { status, text } = await at.api(method, url, body, { ...headers, authorization: `Bearer ${key}` });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
      if (status >= 500 && !(endpoint.problems ?? []).includes(status))
        wrong.set(`${endpoint.id}: ${status}`, `${method} ${url.slice(0, 500)} ${body?.slice(0, 1500) ?? ""} → ${text}`);
      if (status === 401 && endpoint.scope !== null) key = await freshKey();
    } catch (error) {
      wrong.set(`${endpoint.id}: ${(error as Error).message.slice(0, 150)}`, `${method} ${url.slice(0, 500)} ${body?.slice(0, 1500) ?? ""}`);
    }
  }
  process.stdout.write(
    `fuzz: ${asked} requests, answers ${[...statuses]
      .sort(([a], [b]) => a - b)
      .map(([status, count]) => `${status}×${count}`)
      .join(" ")}\n`,
  );
  expect(Object.fromEntries(wrong)).toEqual({});
  expect(asked).toBeGreaterThan(operations.length * 3);
});
