/** The people of a workspace, as the API makes and changes them, and what that means for who is dealt leads. */
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { setupWorkspace } from "./workspaces.service.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

type User = { readonly id: string; readonly name: string; readonly active: boolean };
let nth = 0;

const config = async () => (await at.api("GET", "/api/v1/config")).body;
const users = async () => (await at.api("GET", "/api/v1/users")).body.items;
const post = (given: object, headers = {}) =>
  at.api("POST", "/api/v1/users", { name: "Rep", email: `rep${++nth}@example.org`, role: "salesRep", ...given }, headers);
const change = (id: string, given: object, headers = {}) => at.api("PATCH", `/api/v1/users/${id}`, given, headers);
const neighbour = async (): Promise<string> => {
  const { rows } = await at.house.database.pool.query<{ id: string }>("select id from app_user where workspace_id <> $1", [at.workspaceId]);
  return rows[0]?.id ?? "";
};

/** What the two places where a user stands say of him. */
const both = async () => ({
  rows: (await users()).map(({ id, name, active }: User) => ({ id, name, active })).toSorted(byId),
  config: (await config()).config.users.toSorted(byId),
});
const byId = (a: User, b: User) => (a.id < b.id ? -1 : 1);

afterEach(async () => {
  const { rows, config } = await both();
  expect(rows, "the row and the configuration say the same of every user").toEqual(config);
});

test("the administrator that setup makes is a user as every other", async () => {
  expect(await users()).toEqual([
    {
      id: at.userId,
      name: "owner",
      email: "owner@example.com",
      role: "admin",
      active: true,
      state: "active",
      teams: ["sales"],
      rights: { signerMarketing: false, signerSales: false },
      secondFactor: false,
      invitedUntil: null,
      signedInAt: null,
      createdAt: expect.any(String),
    },
  ]);
});

test("a user is made with the next configuration, and a team takes him at the end of its list", async () => {
  const { number } = await config();
  const { status, body } = await post({ name: " Grace Hopper ", email: " Grace@Example.ORG", role: "salesManager", team: "sales" });
  expect([status, body]).toEqual([
    201,
    {
      id: expect.any(String),
      name: "Grace Hopper",
      email: "grace@example.org",
      role: "salesManager",
      active: true,
      state: "invited",
      teams: ["sales"],
      rights: { signerMarketing: false, signerSales: false },
      secondFactor: false,
      invitedUntil: expect.any(String),
      signedInAt: null,
      createdAt: expect.any(String),
      invitation: { url: expect.stringMatching(/\/invitation\?token=[\w-]{43}$/), expiresAt: expect.any(String), mailed: false },
    },
  ]);
  const live = await config();
  expect([live.number, live.config.teams[0].members.at(-1)]).toEqual([number + 1, body.id]);
  expect((await post({ role: "marketing" })).body.teams).toEqual([]);
});

test("an address is given once, also to many who ask at once, and nothing is published for the others", async () => {
  const { number } = await config();
  const answers = await Promise.all(["a@example.org", "A@example.org", " a@example.org", "b@example.org"].map((email) => post({ email })));
  expect(answers.map(({ status }) => status).toSorted((a, b) => a - b)).toEqual([201, 201, 409, 409]);
  expect(answers.find(({ status }) => status === 409)?.body.detail).toMatch(/^a@example.org is the address of the user Rep \(.*PATCH/);
  expect((await config()).number).toBe(number + 2);
});

test("the neighbour's users are nobody here, and an address of theirs is free", async () => {
  const stranger = await neighbour();
  expect((await change(stranger, { active: false })).status).toBe(404);
  expect((await change("no-id", { active: false })).status).toBe(404);
  const { config: live } = await config();
  const { status, body } = await at.api("PUT", "/api/v1/config", { ...live, users: [...live.users, { id: stranger, name: "Mole", active: true }] });
  expect([status, body.errors[0].path]).toEqual([422, `users[${live.users.length}].id`]);
  await setupWorkspace(at.house, { workspace: "Next door", email: "shared@example.org", password: "correct horse battery staple" });
  expect((await post({ email: "shared@example.org" })).status).toBe(201);
});

test.each([
  ["an unknown team", { team: "zebra" }, "team", "must be one of sales"],
  ["an unknown role", { role: "boss" }, "role", "must be one of admin, revenueOperations"],
  ["no address", { email: "nobody" }, "email", "is not an e-mail address"],
  ["no name", { name: "  " }, "name", "is required"],
  ["a password, which only he himself sets", { password: "secret" }, "password", ""],
])("%s is refused with its place, and nothing is written", async (_what, given, path, words) => {
  const before = [(await config()).number, (await users()).length];
  const { status, body } = await post(given);
  expect([status, body.errors[0].path]).toEqual([422, path]);
  expect(body.errors[0].message).toContain(words);
  expect([(await config()).number, (await users()).length]).toEqual(before);
});

test("a key makes a user once", async () => {
  const first = await post({ email: "once@example.org" }, { "idempotency-key": "u1" });
  const { number } = await config();
  const again = await post({ email: "once@example.org" }, { "idempotency-key": "u1" });
  expect([again.status, again.body, (await config()).number], "the link is shown once").toEqual([201, { ...first.body, invitation: null }, number]);
  expect((await post({ email: "other@example.org" }, { "idempotency-key": "u1" })).status).toBe(422);
});

test("name, team and being active are changed; what is not named stays, and the same again publishes nothing", async () => {
  const { id } = (await post({ name: "Old", team: "sales" })).body;
  expect((await change(id, { name: "New" })).body).toMatchObject({ name: "New", active: true, teams: ["sales"] });
  const { number } = await config();
  expect((await change(id, { name: "New", team: "sales" })).body).toMatchObject({ name: "New", active: true, teams: ["sales"] });
  expect((await change(id, {})).status).toBe(200);
  expect((await config()).number).toBe(number);
  expect((await change(id, { team: null })).body.teams).toEqual([]);
  expect((await change(id, { active: false })).body).toMatchObject({ name: "New", active: false, teams: [] });
  const unknown = await change(id, { team: "zebra", active: true });
  expect([unknown.status, unknown.body.detail]).toEqual([422, 'There is no team "zebra". Teams are: sales. Nothing was written.']);
  expect((await users()).find((user: User) => user.id === id).active).toBe(false);
});

test("people who are made while others publish all arrive", async () => {
  const { number } = await config();
  const made = await Promise.all(Array.from({ length: 6 }, () => post({})));
  expect(made.map(({ status }) => status)).toEqual(made.map(() => 201));
  const live = await config();
  expect(live.number).toBe(number + 6);
  expect(made.every(({ body }) => live.config.users.some((user: User) => user.id === body.id))).toBe(true);
});

test("publishing a document neither makes nor drops users, but may rename them", async () => {
  const { id } = (await post({ name: "Before" })).body;
  const { number, config: live } = await config();
  const stranger = { id: "00000000-0000-7000-8000-00000000dead", name: "Stranger", active: true };
  const refused = await at.api("PUT", "/api/v1/config", { ...live, users: [stranger, ...live.users] });
  expect([refused.status, refused.body.errors]).toEqual([
    422,
    [{ path: "users[0].id", message: `there is no user ${stranger.id} (Stranger); make him with POST /api/v1/users, which answers his id` }],
  ]);
  expect((await config()).number).toBe(number);

  const without = { ...live, users: live.users.filter((user: User) => user.id !== id) };
  expect((await at.api("PUT", "/api/v1/config", without)).body.number).toBe(number);
  expect((await users()).some((user: User) => user.id === id)).toBe(true);

  const renamed = { ...live, users: live.users.map((user: User) => (user.id === id ? { ...user, name: "After", active: false } : user)) };
  expect((await at.api("PUT", "/api/v1/config", renamed)).body.number).toBe(number + 1);
  expect((await users()).find((user: User) => user.id === id)).toMatchObject({ name: "After", active: false });
});

test("leads go round three users; whoever is deactivated is dealt nothing more, the others the same number each, and the doctor agrees", async () => {
  for (const { id } of await users()) await change(id, { team: null });
  const team: string[] = [];
  for (const name of ["Ann", "Bob", "Cid"]) team.push((await post({ name, team: "sales" })).body.id);
  const [ann, bob, cid] = team as [string, string, string];
  const deal = async (count: number): Promise<Map<string, number>> => {
    const dealt = new Map<string, number>();
    const hot = () => ({ email: `hot${++nth}@example.com`, jobTitle: "CEO", company: `Company ${nth}`, touches: [{ kind: "contactRequest" }] });
    const answers = await Promise.all(Array.from({ length: count }, () => at.api("POST", "/api/v1/leads", hot())));
    for (const { body } of answers) dealt.set(body.lead.owner.id, (dealt.get(body.lead.owner.id) ?? 0) + 1);
    return dealt;
  };
  const counts = (map: Map<string, number>) => team.map((id) => map.get(id) ?? 0);
  expect(counts(await deal(30))).toEqual([10, 10, 10]);

  expect((await change(bob, { active: false })).body).toMatchObject({ active: false, teams: ["sales"] });
  expect(counts(await deal(20))).toEqual([10, 0, 10]);
  const { lead } = (await at.api("POST", "/api/v1/leads", { email: "by-hand@example.com" })).body;
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/assign`, { owner: bob })).status).toBe(422);

  // While leads come in: what is captured after the change was answered is not dealt to the one who left.
  const during = deal(12);
  await change(cid, { active: false });
  await during;
  expect(counts(await deal(5))).toEqual([5, 0, 0]);
  expect((await change(ann, { name: "Anna" })).body.name).toBe("Anna");
  expect((await deal(1)).get(ann)).toBe(1);
  expect((await runDoctor(at.house, { replay: 50 })).violations).toEqual([]);
}, 60_000);
