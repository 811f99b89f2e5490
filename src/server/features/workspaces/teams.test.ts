/** Teams, settings and keys as an administrator changes them. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";

let at: TestApp;
let clock = Date.now();

beforeAll(async () => {
  at = await testApp({ now: () => clock });
});
afterAll(() => at.close());

const config = async () => (await at.api("GET", "/api/v1/config")).body;
const numbers = async () => (await config()).number;

describe("a team", () => {
  const make = (given: object, headers = {}) => at.api("POST", "/api/v1/teams", { name: "North", ...given }, headers);

  test("gets an id from its name, keeps the order of its members, and each change publishes once", async () => {
    const number = await numbers();
    const { body: ben } = await at.api("POST", "/api/v1/users", { name: "Ben", email: "ben@example.com", role: "salesRep" });
    const made = await make({ name: " Säles North! ", members: [ben.id, at.userId, ben.id] }, { "idempotency-key": "t" });
    expect([made.status, made.body.id, made.body.name]).toEqual([201, "sa-les-north", "Säles North!"]);
    expect(made.body.members).toEqual([
      { id: ben.id, name: "Ben", active: true },
      { id: at.userId, name: "owner", active: true },
    ]);
    expect((await make({ name: " Säles North! ", members: [ben.id, at.userId, ben.id] }, { "idempotency-key": "t" })).body).toEqual(made.body);
    expect((await make({ name: "Säles North" })).body.id).toBe("sa-les-north-2");
    expect((await make({ name: "東" })).body.id).toBe("team");
    expect((await at.api("PATCH", "/api/v1/teams/team", { name: "East", members: [at.userId] })).body).toMatchObject({ id: "team", name: "East" });
    expect((await at.api("PATCH", "/api/v1/teams/team", { name: "East" })).status).toBe(200);
    expect(await numbers()).toBe(number + 5);
    expect((await at.api("GET", "/api/v1/users")).body.items.find(({ id }: { id: string }) => id === at.userId).teams).toContain("team");
    expect((await at.api("GET", "/api/v1/teams")).body.items.map(({ id }: { id: string }) => id)).toEqual(["sales", "sa-les-north", "sa-les-north-2", "team"]);
  });

  test("made by many at once gets an id of its own each", async () => {
    const made = await Promise.all(Array.from({ length: 5 }, () => make({ name: "Same" })));
    expect(new Set(made.map(({ body }) => body.id)).size).toBe(5);
  });

  test.each([
    ["a member who is nobody", "POST", "/api/v1/teams", { name: "X", members: ["00000000-0000-7000-8000-000000000000"] }, 422],
    ["an id that is taken", "POST", "/api/v1/teams", { id: "sales", name: "X" }, 409],
    ["no name", "POST", "/api/v1/teams", { name: " " }, 422],
    ["a team that is none", "PATCH", "/api/v1/teams/nowhere", { name: "X" }, 404],
    ["a team that is none, for deleting", "DELETE", "/api/v1/teams/nowhere", undefined, 404],
  ])("%s is refused and publishes nothing", async (_what, method, path, body, status) => {
    const number = await numbers();
    expect((await at.api(method, path, body)).status).toBe(status);
    expect(await numbers()).toBe(number);
  });

  test("goes only when nothing names it, and says what does", async () => {
    const { body } = await at.api("POST", "/api/v1/leads", {
      email: "ceo@example.com",
      jobTitle: "CEO",
      company: "Example",
      touches: [{ kind: "contactRequest" }],
    });
    expect(body.lead.team).toBe("sales");
    const refused = await at.api("DELETE", "/api/v1/teams/sales");
    expect(refused.status).toBe(409);
    expect(refused.body.errors.map(({ message }: { message: string }) => message)).toEqual(
      expect.arrayContaining([expect.stringMatching(/^the routing rule .* deals leads to it$/), "one lead is with it"]),
    );
    expect((await at.api("DELETE", "/api/v1/teams/team")).body).toMatchObject({ id: "team", name: "East" });
    expect((await at.api("DELETE", "/api/v1/teams/team")).status).toBe(404);
  });
});

describe("the settings", () => {
  const patch = (given: object) => at.api("PATCH", "/api/v1/workspace", given);

  test("are read by everybody and changed one by one", async () => {
    const { status, body } = await patch({ timezone: "America/New_York", weekStart: "sunday", locale: "en-US" });
    expect([status, body]).toEqual([
      200,
      {
        id: at.workspaceId,
        name: "Test",
        timezone: "America/New_York",
        currency: "EUR",
        weekStart: "sunday",
        locale: "en-US",
        repsSee: "team",
        secondFactorRequired: false,
        createdAt: expect.any(String),
      },
    ]);
    expect((await at.api("GET", "/api/v1/workspace")).body).toEqual(body);
    expect((await at.api("GET", "/api/v1/session")).body.workspace).toMatchObject({ timezone: "America/New_York", weekStart: "sunday", locale: "en-US" });
  });

  test("that the configuration holds are published with it, and only when they change", async () => {
    const number = await numbers();
    await patch({ currency: "CHF", repsSee: "own" });
    await patch({ currency: "CHF", repsSee: "own" });
    const live = await config();
    expect([live.number, live.config.currency, live.config.repsSee]).toEqual([number + 1, "CHF", "own"]);
    expect((await at.api("GET", "/api/v1/workspace")).body).toMatchObject({ currency: "CHF", repsSee: "own" });
  });

  test.each([
    ["a place that is none", { timezone: "Mars/Olympus" }, "timezone"],
    ["an offset, which knows no summer", { timezone: "+02:00" }, "timezone"],
    ["a currency that is none", { currency: "euro" }, "currency"],
    ["a day no week begins with", { weekStart: "friday" }, "weekStart"],
    ["a language that is none", { locale: "x" }, "locale"],
    ["no name", { name: "" }, "name"],
  ])("refuse %s", async (_what, given, path) => {
    const { status, body } = await patch(given);
    expect([status, body.errors[0].path]).toEqual([422, path]);
  });

  test("do not take the name of another workspace, nor tell what it holds", async () => {
    const { rows } = await at.house.database.pool.query<{ name: string }>("select name from workspace where workspace_id <> $1", [at.workspaceId]);
    const refused = await at.app.fastify.inject({
      method: "PATCH",
      url: "/api/v1/workspace",
      headers: { authorization: `Bearer ${at.apiKey}`, "content-type": "application/json" },
      payload: JSON.stringify({ name: rows[0]?.name.toUpperCase() }),
    });
    expect(refused.statusCode).toBe(409);
  });
});

describe("a key", () => {
  const make = (given: object) => at.api("POST", "/api/v1/api-keys", { name: "Key", scopes: ["read"], ...given });
  const withKey = (key: string) => at.api("GET", "/api/v1/leads", undefined, { authorization: `Bearer ${key}` });

  test("ends when it expires, and tells when it was last used", async () => {
    const { body } = await make({ expiresAt: new Date(clock + 3_600_000).toISOString() });
    expect(body).toMatchObject({ user: null, lastUsedAt: null, expiresAt: new Date(clock + 3_600_000).toISOString() });
    expect((await withKey(body.key)).status).toBe(200);
    const used = async () => (await at.api("GET", "/api/v1/api-keys")).body.items.find(({ id }: { id: string }) => id === body.id).lastUsedAt;
    await expect.poll(used).toBe(new Date(clock).toISOString());
    clock += 3_600_000;
    at.house.gate.knownKeys.clear();
    expect((await withKey(body.key)).status).toBe(401);
    expect((await make({ expiresAt: new Date(clock - 1).toISOString() })).status).toBe(422);
  });

  test("belongs to a user who is there and active, or to nobody", async () => {
    expect((await make({ user: "00000000-0000-7000-8000-000000000000" })).body.errors).toEqual([{ path: "user", message: "is the id of no user" }]);
    const { body: eve } = await at.api("POST", "/api/v1/users", { name: "Eve", email: "eve@example.com", role: "readOnly" });
    expect((await make({ user: eve.id })).body.user).toEqual({ id: eve.id, name: "Eve" });
    await at.api("PATCH", `/api/v1/users/${eve.id}`, { active: false });
    expect((await make({ user: eve.id })).status).toBe(422);
    const { body: nobodys } = await make({ scopes: ["read", "write"] });
    const answer = await at.api("GET", "/api/v1/session", undefined, { authorization: `Bearer ${nobodys.key}` });
    expect([answer.status, answer.body.detail]).toEqual([403, expect.stringContaining("belongs to the workspace")]);
  });

  test("that is revoked stops with the next request", async () => {
    const { body } = await make({});
    expect((await withKey(body.key)).status).toBe(200);
    await at.api("DELETE", `/api/v1/api-keys/${body.id}`);
    expect((await withKey(body.key)).status).toBe(401);
  });
});
