/** What rights mean beyond a single request: at once, again, through capture, touches and the configuration. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Role } from "../../../core/access/role.ts";
import type { Bearer } from "../../../core/access/door.ts";
import type { Input } from "../../../core/flow/input.ts";
import { createApp } from "../../app.ts";
import { readBuild } from "../../build.ts";
import { sql, workspace } from "../../db/db.ts";
import { createDoor } from "../../flow/lane.ts";
import { checksumOf, differences, peopleOf, recordOf, type Users } from "../../testing/access-people.ts";
import { type Json, type TestHouse, testHouse } from "../../testing/app.ts";
import { actIn } from "../workspaces/doorman.service.ts";

let house: TestHouse;
let users: Users;
let keys: Readonly<Record<Role, string>>;
let app: ReturnType<typeof createApp>;

beforeAll(async () => {
  house = await testHouse();
  ({ users, keys } = await peopleOf(house));
  app = createApp(house.house, { ...readBuild({}), databaseKind: "embedded", trustProxy: false, checkReplies: false });
  await app.fastify.ready();
}, 60_000);

afterAll(async () => {
  await app.fastify.close();
  await house.close();
});

type Answer = { readonly status: number; readonly body: Json };

async function as(role: Role, method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Answer> {
  const answer = await app.fastify.inject({
    method: method as "GET",
    url: `/api/v1${path}`,
    headers: { authorization: `Bearer ${keys[role]}`, ...(body === undefined ? {} : { "content-type": "application/json" }), ...headers },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  return { status: answer.statusCode, body: answer.json() };
}

const rep = (): Bearer => ({ userId: users.byRole.salesRep, role: "salesRep", sees: "team" });
const itemOn = (leadId: string, input: Input, bearer: Bearer = null) =>
  ({ inputId: house.house.newId(), actor: "test", bearer, input, target: { by: "lead", id: leadId }, idempotency: null }) as const;

/** A lead of somebody that has nothing but its owner. */
async function leadOf(owner: string): Promise<string> {
  const { body } = await as("marketing", "POST", "/leads", { externalId: house.house.newId(), lastName: "Searchable" });
  expect((await as("admin", "POST", `/leads/${body.lead.id}/assign`, { owner })).status).toBe(200);
  return body.lead.id as string;
}

test("whoever loses a lead in the same moment may no longer change it, and nothing of his change is kept", async () => {
  const leads = await leadOf(users.byRole.salesRep);
  const { door } = house.house;
  const [given, edited] = await Promise.all([
    door.submit(house.workspaceId, itemOn(leads, { kind: "assign", owner: users.stranger })),
    door.submit(house.workspaceId, itemOn(leads, { kind: "edit", patch: { city: "Graz" } }, rep())),
  ]);
  expect(given.kind).toBe("done");
  expect(edited).toMatchObject({ kind: "refused", status: 404 });
  const rows = await actIn(house.house, house.workspaceId, "cli").db.query(
    sql`select 1 from intake where workspace_id = ${workspace} and lead_id = ${leads} and kind = 'edit'`,
  );
  expect(rows).toEqual([]);
});

test("between two processes either the change or the taking away comes first, and is decided by that", async () => {
  const other = createDoor({ ...house.house, database: house.house.flow });
  const outcomes: string[] = [];
  for (let i = 0; i < 30; i++) {
    const leads = await leadOf(users.byRole.salesRep);
    const submit = (door: typeof other, input: Input, bearer: Bearer = null) => door.submit(house.workspaceId, itemOn(leads, input, bearer));
    const race = [
      () => submit(other, { kind: "assign", owner: users.stranger }),
      () => submit(house.house.door, { kind: "edit", patch: { city: "Graz" } }, rep()),
    ];
    if (i % 2 === 0) race.reverse();
    const done = await Promise.all(race.map((begin) => begin()));
    const edited = i % 2 === 0 ? done[0] : done[1];
    const chain = await actIn(house.house, house.workspaceId, "cli").db.query<{ kind: string }>(
      sql`select kind from intake where workspace_id = ${workspace} and lead_id = ${leads} and number is not null order by number desc limit 2`,
    );
    const [last] = chain;
    outcomes.push(edited?.kind ?? "");
    if (edited?.kind === "done") expect(last?.kind, "a change that was let through came before the taking away").toBe("assign");
    else expect(chain.map(({ kind }) => kind)).not.toContain("edit");
  }
  await other.close();
  expect(new Set(outcomes), "both orders happened").toEqual(new Set(["done", "refused"]));
});

test("a key repeated after the lead went out of sight does not show it", async () => {
  const leads = await leadOf(users.byRole.salesRep);
  const first = await as("salesRep", "PATCH", `/leads/${leads}`, { city: "Graz" }, { "idempotency-key": "seen-once" });
  expect(first.status).toBe(200);
  await as("admin", "POST", `/leads/${leads}/assign`, { owner: users.stranger });
  const again = await as("salesRep", "PATCH", `/leads/${leads}`, { city: "Graz" }, { "idempotency-key": "seen-once" });
  expect(again.status).toBe(404);
  expect(JSON.stringify(again.body)).not.toContain("Searchable");
});

test("who holds an opportunity of a lead goes on seeing it when it gets another owner", async () => {
  const { leads } = await recordOf(house, users, "salesRep", "own");
  await as("admin", "POST", `/leads/${leads}/assign`, { owner: users.stranger });
  expect((await as("salesRep", "GET", `/leads/${leads}`)).status).toBe(200);
});

test("a rep owns the leads he adds, and marketing's go the way the rules say", async () => {
  const mine = await as("salesRep", "POST", "/leads", { email: "added@rep.example" });
  expect(mine.status).toBe(201);
  expect(mine.body.lead.owner.id).toBe(users.byRole.salesRep);
  const theirs = await as("marketing", "POST", "/leads", { email: "added@marketing.example" });
  expect(theirs.body.lead.owner).toBeNull();
});

test("adding somebody who is another's lead says so, shows nothing of it and writes nothing", async () => {
  const { leads } = await recordOf(house, users, "salesRep", "other");
  const { body: known } = await as("admin", "GET", `/leads/${leads}`);
  const before = await checksumOf(house);
  const one = await as("salesRep", "POST", "/leads", { email: known.email, city: "Graz" });
  const many = await as("salesRep", "POST", "/leads/batch", { leads: [{ email: known.email, city: "Graz" }] });
  expect(differences(before, await checksumOf(house))).toEqual([]);
  expect(one.status).toBe(403);
  expect(many.body.results[0]).toMatchObject({ outcome: "refused", problem: { status: 403 } });
  for (const answer of [one, many]) expect(JSON.stringify(answer.body)).not.toMatch(new RegExp(`${leads}|Searchable`));
});

test("an edit to an address that is another's says that it is taken, not by whom, to those who may not know", async () => {
  const mine = await recordOf(house, users, "salesRep", "own");
  const other = await recordOf(house, users, "salesRep", "other");
  const { body: known } = await as("admin", "GET", `/leads/${other.leads}`);
  const refused = await as("salesRep", "PATCH", `/leads/${mine.leads}`, { email: known.email });
  expect(refused.status).toBe(422);
  expect(JSON.stringify(refused.body)).not.toContain(other.leads);
  const told = await as("admin", "PATCH", `/leads/${mine.leads}`, { email: known.email });
  expect(JSON.stringify(told.body)).toContain(other.leads);
  const hidden = await as("salesRep", "PATCH", `/leads/${other.leads}`, { email: known.email });
  expect(hidden.status).toBe(404);
});

test("touches of leads out of reach are ignored with a reason, and their ids stay free", async () => {
  const mine = await recordOf(house, users, "salesRep", "own");
  const other = await recordOf(house, users, "salesRep", "other");
  const touches = [mine, other].map(({ leads }) => ({ id: `touch of ${leads}`, kind: "call", lead: leads }));
  const answer = await as("salesRep", "POST", "/touches", { touches });
  expect(answer.status).toBe(202);
  expect(answer.body).toMatchObject({ accepted: 1, ignored: [{ index: 1 }] });
  const { db } = actIn(house.house, house.workspaceId, "cli");
  const kept = await db.query<{ key: string }>(sql`select key from touch_key where workspace_id = ${workspace} and key like 'touch of %'`);
  expect(kept).toEqual([{ key: `touch of ${mine.leads}` }]);
  const again = await as("admin", "POST", "/touches", { touches });
  expect(again.body.accepted).toBe(2);
});

test("the next request of somebody who changed teams sees the other team", async () => {
  const { body: published } = await as("admin", "GET", "/config");
  const moved = published.config.teams.map((team: Json) => ({
    ...team,
    members: team.id === "south" ? [...team.members, users.byRole.salesRep] : team.members.filter((id: string) => id !== users.byRole.salesRep),
  }));
  const south = await recordOf(house, users, "salesRep", "other");
  const north = await recordOf(house, users, "salesRep", "mate");
  expect([(await as("salesRep", "GET", `/leads/${south.leads}`)).status, (await as("salesRep", "GET", `/leads/${north.leads}`)).status]).toEqual([404, 200]);
  expect((await as("admin", "PUT", "/config", { ...published.config, teams: moved })).status).toBe(200);
  expect([(await as("salesRep", "GET", `/leads/${south.leads}`)).status, (await as("salesRep", "GET", `/leads/${north.leads}`)).status]).toEqual([200, 404]);
  expect((await as("admin", "PUT", "/config", published.config)).status).toBe(200);
});

test("revenue operations publish configurations, but who works here and how far reps see is for administrators", async () => {
  const { body: published } = await as("revenueOperations", "GET", "/config");
  const { config } = published;
  const put = async (role: Role, change: Json): Promise<number> => (await as(role, "PUT", "/config", { ...config, ...change })).status;
  const users_ = config.users.map((user: Json) => (user.id === users.mate ? { ...user, active: false } : user));
  expect(await put("revenueOperations", { users: users_ })).toBe(403);
  expect(await put("revenueOperations", { repsSee: "all" })).toBe(403);
  expect(await put("revenueOperations", { model: { ...config.model, name: "Ours" } })).toBe(200);
  expect(await put("marketing", { model: { ...config.model, name: "Theirs" } })).toBe(403);
});

test("a workspace decides how far its reps see; what they may change stays their own", async () => {
  const other = await recordOf(house, users, "salesRep", "other");
  const mate = await recordOf(house, users, "salesRep", "mate");
  const { body: published } = await as("admin", "GET", "/config");
  const seen = async (repsSee: string): Promise<readonly number[]> => {
    expect((await as("admin", "PUT", "/config", { ...published.config, repsSee })).status).toBe(200);
    house.house.gate?.knownKeys.clear();
    await new Promise((resolve) => setTimeout(resolve, 1100));
    return [
      (await as("salesRep", "GET", `/leads/${mate.leads}`)).status,
      (await as("salesRep", "GET", `/leads/${other.leads}`)).status,
      (await as("salesRep", "PATCH", `/leads/${other.leads}`, { city: "Graz" })).status,
    ];
  };
  expect(await seen("own")).toEqual([404, 404, 404]);
  expect(await seen("all")).toEqual([200, 200, 403]);
  expect(await seen("team")).toEqual([200, 404, 404]);
});
