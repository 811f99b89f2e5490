/** A demo says that it is one, and how to get in, as long as nothing else is in the house and the way in is the one it came with. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";
import { signedIn } from "../../testing/browser.ts";
import { demoAccounts } from "../demo/demo.service.ts";
import { setupWorkspace } from "../workspaces/workspaces.service.ts";

const OWNER = { email: "owner@example.com", password: "correct horse battery staple" };
let at: TestApp;

beforeAll(async () => {
  at = await testApp({ canaries: false });
});
afterAll(() => at.close());

const offered = async () => (await at.api("GET", "/api/v1/session/options", undefined, { authorization: undefined })).body.demo;
const flag = (value: object) =>
  at.house.database.pool.query(
    "insert into house_flag (key, value, set_at) values ('demo', $1, now()) on conflict (key) do update set value = excluded.value",
    [JSON.stringify(value)],
  );

test("a house without a demo offers none; one whose demo is being loaded neither", async () => {
  expect(await offered()).toBeNull();
  const me = await signedIn(at, OWNER.email, OWNER.password);
  expect((await me.get("/api/v1/session")).body.workspace.demo).toBe(false);
  await flag({ workspaceId: at.workspaceId, loadedAt: null });
  expect(await offered()).toBeNull();
});

test("a demo that is alone says who can sign in, until somebody there chose a password of his own", async () => {
  await flag({ workspaceId: at.workspaceId, loadedAt: new Date().toISOString() });
  const [first] = demoAccounts();
  expect(await offered()).toEqual({ email: first?.email, password: first?.password });
  const me = await signedIn(at, OWNER.email, OWNER.password);
  expect((await me.get("/api/v1/session")).body.workspace.demo).toBe(true);
  const password = "tall boats leave early harbours";
  expect((await me.call("PUT", "/api/v1/session/password", { current: OWNER.password, password })).status).toBeLessThan(300);
  expect(await offered()).toBeNull();
});

test("beside another workspace nobody is told, and the other one is no demo", async () => {
  await at.house.database.pool.query("delete from house_flag where key = 'demo'");
  const other = await setupWorkspace(at.house, { workspace: "Other", email: "other@example.com", password: OWNER.password });
  await flag({ workspaceId: other.workspaceId, loadedAt: new Date().toISOString() });
  expect(await offered()).toBeNull();
  const me = await signedIn(at, OWNER.email, "tall boats leave early harbours");
  expect((await me.get("/api/v1/session")).body.workspace.demo).toBe(false);
});
