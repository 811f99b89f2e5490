/** One lead's whole way over HTTP: in at the door, worked, qualified, converted, won; with acceptance off and on. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultProcess } from "../../../core/config/default-config.ts";
import { testApp, type TestApp } from "../../testing/app.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

type Task = { readonly id: string; readonly key: string; readonly state: string; readonly pass: number; readonly fields: readonly { readonly key: string }[] };

const hot = (email: string) => ({
  email,
  firstName: "Maja",
  lastName: "Lindqvist",
  company: "Nordfrakt AB",
  jobTitle: "Head of Logistics",
  touches: [{ kind: "contactRequest" }, { kind: "formSubmit" }],
});
const tasksOf = async (id: string): Promise<readonly Task[]> => (await at.api("GET", `/api/v1/leads/${id}/tasks`)).body.items;
const open = async (id: string) => (await tasksOf(id)).filter(({ state }) => state === "open").map(({ key }) => key);
const complete = async (id: string, key: string, body: unknown) => {
  const task = (await tasksOf(id)).find((candidate) => candidate.key === key && candidate.state === "open");
  return at.api("POST", `/api/v1/tasks/${task?.id}/complete`, body);
};
const qualifyForm = () => ({
  businessCase: "Two warehouses",
  productSuggestions: "Planner",
  potentialValue: { amount: 1_200_000, currency: "EUR" },
  expectedCloseDate: "2026-09-30",
  salesChannel: "direct",
  assigneesGroup: "sales",
  owner: at.userId,
});
const nextMeeting = { nextMeeting: "2026-06-01T09:00:00Z" };

test("without acceptance: three next steps at mql, Qualify, Convert, an opportunity at presentation, won, customer", async () => {
  const { lead } = (await at.api("POST", "/api/v1/leads", hot("maja@nordfrakt.example"))).body;
  expect([lead.stage, lead.status, lead.owner.id, lead.team]).toEqual(["mql", "new", at.userId, "sales"]);
  expect(await open(lead.id)).toEqual(["welcome", "connect", "call"]);

  expect((await at.api("POST", `/api/v1/leads/${lead.id}/accept`)).body.type).toBe("urn:baton:problem:acceptance-off");
  expect((await complete(lead.id, "welcome", undefined)).body.lead.status).toBe("working");
  expect(await open(lead.id)).toEqual(["connect", "call", "qualify"]);

  const qualify = (await tasksOf(lead.id)).find(({ key }) => key === "qualify");
  expect(qualify?.fields.map(({ key }) => key)).toEqual(Object.keys(qualifyForm()));
  const wrong = await complete(lead.id, "qualify", { form: { ...qualifyForm(), expectedCloseDate: "soon", owner: "nobody", shoe: "44" } });
  expect(wrong.status).toBe(422);
  expect(wrong.body.errors.map(({ path }: { path: string }) => path).sort()).toEqual(["form.expectedCloseDate", "form.owner", "form.shoe"]);
  expect((await complete(lead.id, "qualify", { form: qualifyForm() })).body.lead.stage).toBe("sql");
  expect(await open(lead.id)).toContain("convert");

  const converted = await complete(lead.id, "convert", { form: { ...nextMeeting, opportunityOwner: at.userId } });
  expect(converted.body.lead).toMatchObject({ stage: "opportunity", status: "converted", company: { id: expect.any(String), name: "Nordfrakt AB" } });
  const [deal] = (await at.api("GET", `/api/v1/opportunities?lead=${lead.id}`)).body.items;
  expect(deal).toMatchObject({
    stage: "presentation",
    name: "Nordfrakt AB",
    value: { amount: 1_200_000, currency: "EUR" },
    closeDate: "2026-09-30",
    nextMeeting: "2026-06-01T09:00:00.000Z",
    owner: { id: at.userId },
    company: { name: "Nordfrakt AB" },
  });
  expect(deal.form.businessCase).toBe("Two warehouses");

  expect((await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "somewhere" })).status).toBe(422);
  expect((await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "lost", reason: " " })).status).toBe(422);
  const won = await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "won" });
  expect(won.body.lead.stage).toBe("customer");
  expect((await at.api("GET", `/api/v1/opportunities/${deal.id}`)).body).toMatchObject({ stage: "won", wonAt: expect.any(String) });
  const funnel = await at.api("GET", "/api/v1/reports/funnel");
  expect(funnel.body.rows[0].stages).toMatchObject({ mql: 1, sql: 1, opportunity: 1, customer: 1 });
  expect((await at.api("GET", "/api/v1/reports/velocity")).body.cycle.count).toBe(1);
  const found = await at.api("GET", "/api/v1/search?q=nordfract");
  expect(new Set(found.body.items.map(({ type }: { type: string }) => type))).toEqual(new Set(["lead", "company", "opportunity"]));
});

test("a completed step cannot be completed again, and a lost one needs a reason and loses the lead", async () => {
  const { lead } = (await at.api("POST", "/api/v1/leads", hot("tomas@lusoforma.example"))).body;
  const [task] = await tasksOf(lead.id);
  await at.api("POST", `/api/v1/tasks/${task?.id}/complete`, { result: "done" });
  expect((await at.api("POST", `/api/v1/tasks/${task?.id}/complete`, { result: "done" })).status).toBe(409);
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/convert`, { name: "Small deal" })).body.lead.stage).toBe("opportunity");
  const [deal] = (await at.api("GET", `/api/v1/opportunities?lead=${lead.id}`)).body.items;
  expect([deal.name, deal.stage, deal.value]).toEqual(["Small deal", "discovery", null]);
  const lost = await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "lost", reason: "price" });
  expect(lost.body.lead).toMatchObject({ stage: "lost", status: "dead" });
  expect((await at.api("GET", `/api/v1/opportunities/${deal.id}`)).body).toMatchObject({ lostReason: "price" });
});

test("a person may start any stage again, with its steps anew; an exit needs a reason", async () => {
  const { lead } = (await at.api("POST", "/api/v1/leads", hot("again@example.org"))).body;
  const path = `/api/v1/leads/${lead.id}/stage`;
  await at.api("POST", path, { stage: "mql" });
  const tasks = await tasksOf(lead.id);
  expect(tasks.filter(({ pass }) => pass === 1).map(({ state }) => state)).toEqual(["superseded", "superseded", "superseded"]);
  expect(tasks.filter(({ pass }) => pass === 2).map(({ state }) => state)).toEqual(["open", "open", "open"]);
  expect((await at.api("POST", path, { stage: "recycled" })).body.errors[0].path).toBe("reason");
  expect((await at.api("POST", path, { stage: "recycled", reason: "next year" })).body.lead).toMatchObject({ stage: "recycled", status: "nurture" });
  expect((await at.api("POST", path, { stage: "sal" })).status).toBe(422);
  expect((await at.api("POST", path, { stage: "recycled", status: "working", reason: "x" })).status).toBe(422);
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/assign`, { owner: "route" })).body.lead.owner.id).toBe(at.userId);
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/assign`, { owner: "nobody" })).status).toBe(422);
});

test("with acceptance: accept or return first, then the same way from sal", async () => {
  const { config } = (await at.api("GET", "/api/v1/config")).body;
  const published = await at.api("PUT", "/api/v1/config", { ...config, acceptance: true, process: defaultProcess(true) });
  expect([published.status, published.body.config.acceptance]).toEqual([200, true]);

  const { lead } = (await at.api("POST", "/api/v1/leads", hot("accept@example.org"))).body;
  expect([lead.stage, await open(lead.id)]).toEqual(["mql", ["accept"]]);
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/accept`)).body.lead).toMatchObject({ stage: "sal", status: "working" });
  expect(await open(lead.id)).toEqual(["welcome", "connect", "call"]);
  await complete(lead.id, "call", {});
  await complete(lead.id, "qualify", { form: qualifyForm() });
  await complete(lead.id, "convert", { form: nextMeeting });
  const [deal] = (await at.api("GET", `/api/v1/opportunities?lead=${lead.id}`)).body.items;
  expect((await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "won" })).body.lead.stage).toBe("customer");

  const other = (await at.api("POST", "/api/v1/leads", hot("return@example.org"))).body.lead;
  expect((await at.api("POST", `/api/v1/leads/${other.id}/reject`, {})).status).toBe(422);
  expect((await at.api("POST", `/api/v1/leads/${other.id}/reject`, { reason: "student" })).body.lead).toMatchObject({ stage: "rejected", status: "nurture" });
  const facts = (await at.api("GET", `/api/v1/leads/${other.id}/facts`)).body.items;
  expect(facts.find(({ type }: { type: string }) => type === "stage.entered")).toMatchObject({
    data: { to: "rejected", reason: "student" },
    why: "returned by sales: student",
  });
});
