import { afterAll, beforeAll, expect, test } from "vitest";
import { bindDb } from "../../db/db.ts";
import { replayLead } from "../../flow/replay.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

let next = 0;
async function converted(company: string, amount: number | null): Promise<{ readonly lead: Json; readonly opportunity: Json }> {
  const made = await at.api("POST", "/api/v1/leads", { email: `c${++next}@c${next}.example`, lastName: `C${next}`, company });
  const form = amount === null ? {} : { potentialValue: { amount, currency: "EUR" } };
  const { lead } = (await at.api("POST", `/api/v1/leads/${made.body.lead.id}/convert`, { form })).body;
  const [opportunity] = (await at.api("GET", `/api/v1/opportunities?lead=${lead.id}`)).body.items;
  return { lead, opportunity };
}

test("a company shows its people, what it may buy, and who changed what", async () => {
  const { lead, opportunity } = await converted("Örby Kranar", 120_000);
  const colleague = (await at.api("POST", "/api/v1/leads", { email: "boss@example.com", lastName: "Boss" })).body.lead;
  const company = opportunity.company.id;
  expect((await at.api("POST", `/api/v1/leads/${colleague.id}/contacts`, { company, role: "manager" })).body.lead.company).toEqual({
    id: company,
    name: "Örby Kranar",
  });
  await at.api("POST", `/api/v1/leads/${colleague.id}/contacts`, { opportunity: opportunity.id, role: "decision maker" });
  const edited = await at.api("PATCH", `/api/v1/companies/${company}`, { domain: "orby.example", name: "Örby Kranar AB" }, { "if-match": '"1"' });
  expect(edited.body).toMatchObject({
    name: "Örby Kranar AB",
    domain: "orby.example",
    version: 2,
    leads: 2,
    openOpportunities: 1,
    open: [{ amount: 120_000, currency: "EUR" }],
  });
  expect((await at.api("PATCH", `/api/v1/companies/${company}`, { name: "X" }, { "if-match": '"1"' })).status).toBe(412);
  const note = (await at.api("POST", `/api/v1/companies/${company}/notes`, { text: "Family business" })).body;
  const page = (await at.api("GET", `/api/v1/companies/${company}`)).body;
  expect(page.contacts.map(({ role }: Json) => role).sort()).toEqual(["contact", "decision maker", "manager", "primary"]);
  expect(page.notes).toEqual([note]);
  expect(page.history.map(({ what }: Json) => what)).toEqual(["Wrote a note", "Changed the company"]);
  expect((await at.api("GET", "/api/v1/companies?q=kranar")).body.items.map(({ id }: Json) => id)).toEqual([company]);
  expect((await at.api("POST", `/api/v1/leads/${lead.id}/undo`, { number: 2 })).body.type).toContain("changed-since");
});

test("a role is taken away again, but a lead stays with its own opportunity", async () => {
  const { lead } = await converted("Roles", null);
  const { own } = (await at.api("GET", `/api/v1/leads/${lead.id}/contacts`)).body;
  const [company, primary] = [own.find(({ company }: Json) => company !== null), own.find(({ opportunity }: Json) => opportunity !== null)];
  expect((await at.api("DELETE", `/api/v1/leads/${lead.id}/contacts/${primary.id}`)).status).toBe(409);
  const gone = await at.api("DELETE", `/api/v1/leads/${lead.id}/contacts/${company.id}`);
  expect(gone.body.lead.company).toEqual({ id: null, name: "Roles" });
  await at.api("POST", `/api/v1/leads/${lead.id}/undo`, { number: gone.body.undo });
  expect((await at.api("GET", `/api/v1/leads/${lead.id}/contacts`)).body.own).toEqual(own);
  expect((await replayLead(bindDb(at.house.flow.pool, at.workspaceId), at.house.configs, lead.id)).mismatches).toEqual([]);
});

test("a domain is one company's, and no company stands below itself", async () => {
  const [a, b] = [(await converted("Upper", null)).opportunity.company.id, (await converted("Lower", null)).opportunity.company.id];
  const below = await at.api("PATCH", `/api/v1/companies/${b}`, { parent: a });
  expect(below.body).toMatchObject({ id: b });
  expect(below.body.parent).toEqual({ id: a, name: "Upper" });
  expect((await at.api("PATCH", `/api/v1/companies/${a}`, { parent: b })).status).toBe(422);
  const taking = await Promise.all([a, b].map((id) => at.api("PATCH", `/api/v1/companies/${id}`, { domain: "one.example" })));
  expect(new Set(taking.map(({ status }) => status))).toEqual(new Set([200, 409]));
  expect((await at.api("PATCH", `/api/v1/companies/${a}`, { domain: "no domain" })).status).toBe(422);
});

test("the board counts and sums each column, and a column goes on where its page ended", async () => {
  for (let i = 0; i < 5; i++) await converted(`Board ${i}`, 1000 + i);
  const board = (await at.api("GET", "/api/v1/opportunities/board?limit=2&q=board")).body.columns;
  const [discovery] = board;
  expect(discovery).toMatchObject({ stage: "discovery", count: 5, stalled: 0, sums: [{ amount: 5010, currency: "EUR" }] });
  expect(board.map(({ stage }: Json) => stage).slice(-2)).toEqual(["won", "lost"]);
  const rest = await at.api("GET", `/api/v1/opportunities?stage=discovery&q=board&sort=stageAt&cursor=${discovery.nextCursor}`);
  expect(new Set([...discovery.items, ...rest.body.items].map(({ id }: Json) => id)).size).toBe(5);
  for (const sort of ["amount", "-amount", "closeDate", "-closeDate", "name", "-name", "createdAt", "-createdAt"]) {
    const whole = (await at.api("GET", `/api/v1/opportunities?limit=200&sort=${sort}`)).body.items.map(({ id }: Json) => id);
    const first = (await at.api("GET", `/api/v1/opportunities?limit=3&sort=${sort}`)).body;
    const second = (await at.api("GET", `/api/v1/opportunities?limit=3&sort=${sort}&cursor=${first.nextCursor}`)).body;
    expect(
      [...first.items, ...second.items].map(({ id }: Json) => id),
      sort,
    ).toEqual(whole.slice(0, 6));
  }
});

test("an opportunity is edited by one of two who read the same version, and taken back", async () => {
  const { opportunity, lead } = await converted("Edits", 1000);
  const edit = (body: object) => at.api("PATCH", `/api/v1/opportunities/${opportunity.id}`, body, { "if-match": `"${opportunity.version}"` });
  const answers = await Promise.all([edit({ closeDate: "2026-12-31" }), edit({ closeDate: "2027-01-31" })]);
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200, 412]));
  const { undo } = answers.find(({ status }) => status === 200)?.body ?? {};
  await at.api("POST", `/api/v1/leads/${lead.id}/undo`, { number: undo });
  expect((await at.api("GET", `/api/v1/opportunities/${opportunity.id}`)).body.closeDate).toBeNull();
  expect((await at.api("PATCH", `/api/v1/opportunities/${opportunity.id}`, { closeDate: "2026-02-30" })).status).toBe(422);
});

test("every law holds after all of this", async () => {
  expect((await runDoctor({ ...at.house, db: bindDb(at.house.flow.pool, at.workspaceId) } as never, { replay: 40 })).violations).toEqual([]);
});
