/** Setting up a workspace, and its configuration over HTTP. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Config } from "../../../core/config/config.ts";
import { testApp, type TestApp } from "../../testing/app.ts";
import { setupWorkspace } from "./workspaces.service.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

describe("setting up", () => {
  const setup = { workspace: "Second", email: "Second@Example.org", password: "correct horse battery staple" };

  test("a second workspace is its own, with its own key", async () => {
    const { apiKey, userId } = await setupWorkspace(at.house, { ...setup, timezone: "Europe/Berlin", currency: "CHF" });
    const { body } = await at.api("GET", "/api/v1/config", undefined, { authorization: `Bearer ${apiKey}` });
    expect([body.number, body.config.currency, body.config.users]).toEqual([1, "CHF", [{ id: userId, name: "second", active: true }]]);
    expect((await at.api("GET", "/api/v1/leads", undefined, { authorization: `Bearer ${apiKey}` })).body.items).toEqual([]);
    const { rows } = await at.house.database.pool.query<{ email: string; password_hash: string }>("select email, password_hash from app_user where id = $1", [
      userId,
    ]);
    expect(rows[0]?.email).toBe("second@example.org");
    expect(rows[0]?.password_hash).toMatch(/^\$argon2id\$/);
  });

  test("a name is given once, whatever its case and however many ask at once", async () => {
    const asked = await Promise.allSettled(["Third", "third", "THIRD"].map((workspace) => setupWorkspace(at.house, { ...setup, workspace })));
    expect(asked.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
    await expect(setupWorkspace(at.house, { ...setup, workspace: " third " })).rejects.toThrow('There is a workspace called "third" already');
  });

  test.each([
    ["a bad address", { email: "nobody" }, "email is not an e-mail address"],
    ["a short password", { password: "short" }, "at least 12 characters; this one has 5"],
    ["an unknown time zone", { timezone: "Mars/Olympus" }, 'timezone is not a time zone: "Mars/Olympus"'],
    ["a currency that is none", { currency: "euro" }, "currency code"],
    ["no name", { workspace: "  " }, "workspace must be a name"],
  ])("%s is refused in words", async (_what, change, words) => {
    await expect(setupWorkspace(at.house, { ...setup, workspace: "Fourth", ...change })).rejects.toThrow(words);
  });
});

describe("the configuration", () => {
  const read = async () => (await at.api("GET", "/api/v1/config")).body;

  test("is read and published in points, under the next number, and scores everybody anew", async () => {
    const { lead } = (await at.api("POST", "/api/v1/leads", { email: "points@example.org", company: "Points" })).body;
    const { number, config } = await read();
    const rules = config.model.rules.map((rule: { id: string }) => (rule.id === "has-company" ? { ...rule, points: 12.34 } : rule));
    expect(config.model.rules.find((rule: { id: string }) => rule.id === "has-company").points).toBe(10);
    const published = await at.api("PUT", "/api/v1/config", { ...config, model: { ...config.model, rules } }, { "if-match": `"${number}"` });
    expect([published.status, published.body.number, published.headers["etag"]]).toEqual([200, number + 1, `"${number + 1}"`]);
    await expect.poll(async () => (await at.api("GET", `/api/v1/leads/${lead.id}`)).body.score, { timeout: 10_000 }).toBe(lead.score + 2.34);
    expect((await at.api("PUT", "/api/v1/config", config, { "if-match": String(number) })).status).toBe(412);
  });

  test("the same again publishes nothing, and a key repeats the number", async () => {
    const { number, config } = await read();
    expect((await at.api("PUT", "/api/v1/config", config)).body.number).toBe(number);
    const next = { ...config, defaultCountry: "AT" };
    expect((await at.api("PUT", "/api/v1/config", next, { "idempotency-key": "c" })).body.number).toBe(number + 1);
    expect((await at.api("PUT", "/api/v1/config", next, { "idempotency-key": "c" })).body.number).toBe(number + 1);
    expect((await at.api("POST", "/api/v1/leads", { firstName: "Wiener", phone: "01 5880" })).body.lead.phone).toBe("+4315880");
  });

  test("at once, only one publish on a number succeeds", async () => {
    const { number, config } = await read();
    const answers = await Promise.all(
      ["A", "B", "C", "D"].map((name) => at.api("PUT", "/api/v1/config", { ...config, process: { ...config.process, name } }, { "if-match": String(number) })),
    );
    expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([200, 412, 412, 412]);
    expect((await read()).number).toBe(number + 1);
  });

  type Change = (config: Config) => unknown;
  const cases: readonly (readonly [string, Change, string])[] = [
    ["a rule with three decimals", (c) => ({ ...c, model: { ...c.model, floor: 1.234 } }), "model.floor"],
    ["an unknown key", (c) => ({ ...c, shoe: 1 }), "shoe"],
    [
      "a filter on an unknown field",
      (c) => ({ ...c, definitions: [{ stage: "mql", version: 2, criteria: { field: "shoe", op: "eq", value: 1 } }] }),
      "definitions[0].criteria",
    ],
    [
      "a filter on an unknown facet",
      (c) => ({ ...c, definitions: [{ stage: "mql", version: 2, criteria: { and: [{ field: "touches.sneeze", op: "gte", value: { count: 1 } }] } }] }),
      "definitions[0].criteria",
    ],
    [
      "a definition of an unknown stage",
      (c) => ({ ...c, definitions: [{ stage: "zql", version: 1, criteria: { field: "score", op: "gte", value: 1 } }] }),
      "definitions[0].stage",
    ],
    [
      "a team of strangers",
      (c) => ({ ...c, teams: [{ id: "sales", name: "Sales", members: ["00000000-0000-7000-8000-000000000000"] }] }),
      "teams[0].members[0]",
    ],
    ["a route to no team", (c) => ({ ...c, teams: [] }), "routing.rules[0].team"],
    [
      "a task at a hidden stage",
      (c) => ({
        ...c,
        process: {
          name: "x",
          tasks: [{ key: "a", kind: "call", title: "A", stage: "sal", starts: "entry", dueHours: 1, results: [{ id: "done", label: "Done" }] }],
        },
      }),
      "process.tasks[0].stage",
    ],
    [
      "a follower of nothing",
      (c) => ({
        ...c,
        process: {
          name: "x",
          tasks: [{ key: "a", kind: "call", title: "A", stage: "mql", starts: { afterAny: ["b"] }, dueHours: 1, results: [{ id: "done", label: "Done" }] }],
        },
      }),
      "process.tasks[0].starts.afterAny[0]",
    ],
    ["a stage twice", (c) => ({ ...c, stages: [...c.stages, c.stages[0]] }), "stages[16]"],
    ["no stage to win", (c) => ({ ...c, stages: c.stages.filter(({ id }) => id !== "customer") }), "stages"],
    ["a rule on an unknown facet", (c) => ({ ...c, facets: [] }), "model.rules[6].facet"],
    ["a field of another type", (c) => ({ ...c, fields: c.fields.map((field) => ({ ...field, type: "number" })) }), "fields[0].type"],
    [
      "a stage going under somebody's feet",
      (c) => ({ ...c, stages: c.stages.filter(({ id }) => id !== "inquiry").map((s) => (s.id === "onboarding" ? { ...s, entry: "capture" } : s)) }),
      "stages",
    ],
  ];
  test.each(cases)("%s is refused with its place, and nothing is published", async (_what, change, path) => {
    const { number, config } = await read();
    const { status, body } = await at.api("PUT", "/api/v1/config", change(config as Config));
    expect(status).toBe(422);
    expect(body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect((await read()).number).toBe(number);
  });
});
