import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE } from "../../../core/access/access.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import * as views from "./views.service.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
  await at.api("POST", "/api/v1/leads/batch", { leads: [1, 2, 3].map((i) => ({ email: `v${i}@example.com`, source: i < 3 ? "fair" : "web" })) });
});
afterAll(() => at.close());

const HOT = { name: "Fair ☂", filter: { field: "source", op: "eq", value: "fair" }, sort: "-score", columns: ["lastName", "score"], scope: "workspace" };

test("a view is saved, counted, changed by version, and deleted", async () => {
  const made = await at.api("POST", "/api/v1/views", HOT);
  expect(made.body).toMatchObject({ name: "Fair ☂", scope: "workspace", version: 1, broken: null, editable: true });
  expect((await at.api("GET", "/api/v1/views/counts")).body.items).toEqual([{ id: made.body.id, count: 2, more: false }]);
  const change = (name: string) => at.api("PATCH", `/api/v1/views/${made.body.id}`, { name }, { "if-match": '"1"' });
  const answers = await Promise.all([change("A"), change("B")]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
  expect((await at.api("DELETE", `/api/v1/views/${made.body.id}`)).status).toBe(200);
  expect((await at.api("DELETE", `/api/v1/views/${made.body.id}`)).status).toBe(404);
});

test("a view that could not be shown is refused", async () => {
  const refused = async (more: object): Promise<number> => (await at.api("POST", "/api/v1/views", { ...HOT, ...more })).status;
  expect(await refused({ filter: { field: "nothing", op: "eq", value: 1 } })).toBe(422);
  expect(await refused({ sort: "-nothing" })).toBe(422);
  expect(await refused({ name: " " })).toBe(422);
  expect(await refused({ scope: "team", team: "nowhere" })).toBe(422);
  const nobody = { ...actIn(at.house, at.workspaceId, "cli"), viewer: EVERYONE };
  await expect(views.createView(nobody, { ...HOT, kind: "leads", layout: "table", scope: "private" }, null)).rejects.toMatchObject({ status: 422 });
});

test("private views are their owner's alone, and everybody has an order of his own", async () => {
  const repId = "0199a7c1-5d2e-7a41-9c3b-000000000001";
  const viewer = { userId: repId, role: "salesRep", sees: "all", teams: ["sales"] } as const;
  const rep = { ...actIn(at.house, at.workspaceId, `user:${repId}`), viewer };
  const mine = await views.createView(
    rep,
    { ...HOT, kind: "leads", layout: "table", scope: "private", filter: { field: "owner", op: "eq", value: "me" } },
    null,
  );
  await expect(views.createView(rep, { ...HOT, kind: "leads", layout: "table", scope: "workspace" }, null)).rejects.toMatchObject({ status: 403 });
  const shared = (await at.api("POST", "/api/v1/views", HOT)).body;
  expect((await at.api("GET", "/api/v1/views")).body.items.map(({ id }: Json) => id)).toEqual([shared.id]);
  expect((await views.listViews(rep, "leads")).map(({ id }) => id)).toEqual([shared.id, mine.id]);
  await views.orderViews(rep, [mine.id, shared.id], null);
  expect((await views.listViews(rep, "leads")).map(({ id }) => id)).toEqual([mine.id, shared.id]);
  const other = { ...rep, viewer: { ...viewer, userId: "0199a7c1-5d2e-7a41-9c3b-5f0e8d7c6b5a" } };
  await expect(views.deleteView(other, mine.id, null)).rejects.toMatchObject({ status: 404 });
  await expect(views.deleteView(rep, shared.id, null)).rejects.toMatchObject({ status: 403 });
});
