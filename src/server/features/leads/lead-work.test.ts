import { afterAll, beforeAll, expect, test } from "vitest";
import { replayLead } from "../../flow/replay.ts";
import { bindDb } from "../../db/db.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

let next = 0;

async function lead(more: object = {}): Promise<Json> {
  const made = await at.api("POST", "/api/v1/leads", {
    email: `w${next++}@example.com`,
    firstName: "Ada",
    lastName: `W${next}`,
    company: "Works",
    jobTitle: "CEO",
    touches: [{ kind: "contactRequest" }],
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body.lead;
}

async function exact(id: string): Promise<void> {
  const { mismatches } = await replayLead(bindDb(at.house.flow.pool, at.workspaceId), at.house.configs, id);
  expect(mismatches).toEqual([]);
}

test("two people edit different fields of one version at once, and both changes stand", async () => {
  const { id, version } = await lead();
  const edit = (body: object) => at.api("PATCH", `/api/v1/leads/${id}`, body, { "if-match": `"${version}"` });
  const [first, second] = await Promise.all([edit({ city: "Gdańsk" }), edit({ bant: { budget: "50k" } })]);
  expect([first.status, second.status]).toEqual([200, 200]);
  const after = (await at.api("GET", `/api/v1/leads/${id}`)).body;
  expect([after.city, after.bant.budget]).toEqual(["Gdańsk", "50k"]);
  await exact(id);
});

test("two people edit the same field of one version at once: one is told, with the value that stands now", async () => {
  const { id, version } = await lead();
  const edit = (city: string) => at.api("PATCH", `/api/v1/leads/${id}`, { city, jobTitle: `of ${city}` }, { "if-match": `"${version}"` });
  const answers = await Promise.all([edit("Lund"), edit("Turku")]);
  const [told] = answers.filter(({ status }) => status === 412);
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(1);
  expect(told?.body.errors.map((error: Json) => error.path)).toEqual(["jobTitle", "city"].sort().reverse());
  expect((await at.api("PATCH", `/api/v1/leads/${id}`, { city: "Oslo" }, { "if-match": `"${version}"` })).status).toBe(412);
  expect((await at.api("PATCH", `/api/v1/leads/${id}`, { country: "NO" }, { "if-match": `"${version}"` })).status).toBe(200);
});

test("a change is taken back by its number; the stage chain forgets it and replay stays exact", async () => {
  const made = await lead();
  const moved = await at.api("POST", `/api/v1/leads/${made.id}/stage`, { stage: "recycled", reason: "next year" });
  expect(moved.body.undo).toEqual(expect.any(Number));
  const back = await at.api("POST", `/api/v1/leads/${made.id}/undo`, { number: moved.body.undo });
  expect(back.status).toBe(200);
  expect(back.body.lead.stage).toBe(made.stage);
  expect((await at.api("POST", `/api/v1/leads/${made.id}/undo`, { number: moved.body.undo })).status).toBe(409);
  const stages = (await at.api("GET", `/api/v1/leads/${made.id}/stages`)).body.items;
  expect(stages.find(({ stage }: Json) => stage === "recycled").passes).toEqual([]);
  expect(stages.find(({ current }: Json) => current).stage).toBe("mql");
  const lines = (await at.api("GET", `/api/v1/leads/${made.id}/timeline`)).body.items;
  expect(lines.find(({ type, undone }: Json) => type === "stage.entered" && undone).data.to).toBe("recycled");
  await exact(made.id);
});

test("a conversion that is taken back leaves no opportunity, no task and no broken law", async () => {
  const made = await lead();
  const tasks = (await at.api("GET", `/api/v1/leads/${made.id}/tasks`)).body.items;
  const converted = await at.api("POST", `/api/v1/leads/${made.id}/convert`, { name: "Quick deal" });
  expect((await at.api("GET", `/api/v1/opportunities?lead=${made.id}`)).body.items).toHaveLength(1);
  expect((await at.api("POST", `/api/v1/leads/${made.id}/undo`, { number: converted.body.undo })).status).toBe(200);
  expect((await at.api("GET", `/api/v1/opportunities?lead=${made.id}`)).body.items).toEqual([]);
  expect((await at.api("GET", `/api/v1/search?q=quick`)).body.items).toEqual([]);
  expect((await at.api("GET", `/api/v1/leads/${made.id}/tasks`)).body.items).toEqual(tasks);
  await exact(made.id);
});

test("a lead in the bin is in no list, is not found, and comes back whole", async () => {
  const made = await lead({ lastName: "Binnington", source: "bin" });
  const gone = await at.api("DELETE", `/api/v1/leads/${made.id}?reason=spam`);
  expect(gone.body.lead.deletedAt).not.toBeNull();
  const filter = encodeURIComponent(JSON.stringify({ field: "source", op: "eq", value: "bin" }));
  expect((await at.api("GET", `/api/v1/leads?filter=${filter}&total=true`)).body).toMatchObject({ items: [], total: 0 });
  expect((await at.api("GET", "/api/v1/search?q=binnington")).body.items).toEqual([]);
  expect((await at.api("GET", "/api/v1/bin")).body.items[0]).toMatchObject({ lead: { id: made.id }, reason: "spam" });
  expect((await at.api("PATCH", `/api/v1/leads/${made.id}`, { city: "Lund" })).status).toBe(409);
  expect((await at.api("DELETE", `/api/v1/leads/${made.id}`)).body.outcome).toBe("unchanged");
  const back = await at.api("POST", `/api/v1/leads/${made.id}/restore`);
  expect(back.body.lead).toMatchObject({ deletedAt: null, stage: made.stage, owner: made.owner });
  expect((await at.api("GET", "/api/v1/search?q=binnington")).body.items).toHaveLength(1);
  await exact(made.id);
});

test("touches of a lead in the bin are counted and move nothing; a new capture brings it back", async () => {
  const made = await lead();
  await at.api("DELETE", `/api/v1/leads/${made.id}`);
  const touched = await at.api("POST", `/api/v1/leads/${made.id}/log`, { kind: "call", outcome: "reached" });
  expect(touched.body.lead).toMatchObject({ status: made.status });
  expect(touched.body.lead.deletedAt).not.toBeNull();
  const again = await at.api("POST", "/api/v1/leads", { email: made.email, city: "Turku" });
  expect(again.status).toBe(200);
  expect(again.body.lead).toMatchObject({ id: made.id, deletedAt: null, city: "Turku" });
  await exact(made.id);
});

test("notes keep their history, are their writer's, and stand on the timeline", async () => {
  const { id } = await lead();
  const note = (await at.api("POST", `/api/v1/leads/${id}/notes`, { text: "Decides in April\n– or May ☂" })).body;
  expect((await at.api("PATCH", `/api/v1/leads/${id}/notes/${note.id}`, { text: "Decides in May", pinned: true })).body).toMatchObject({
    text: "Decides in May",
    pinned: true,
  });
  expect((await at.api("GET", `/api/v1/leads/${id}/notes`)).body.items).toHaveLength(1);
  expect((await at.api("DELETE", `/api/v1/leads/${id}/notes/${note.id}`)).status).toBe(200);
  expect((await at.api("DELETE", `/api/v1/leads/${id}/notes/${note.id}`)).status).toBe(404);
  expect((await at.api("POST", `/api/v1/leads/${id}/notes`, { text: "  " })).status).toBe(422);
  const lines = (await at.api("GET", `/api/v1/leads/${id}/timeline?groups=notes`)).body.items;
  expect(lines.map(({ type }: Json) => type)).toEqual(["note.deleted", "note.edited", "note.added"]);
  expect(lines[0].detail).toBe("Decides in May");
  await exact(id);
});

test("the timeline pages both ways without losing or repeating a line", async () => {
  const { id } = await lead();
  for (let i = 0; i < 7; i++) await at.api("POST", `/api/v1/leads/${id}/log`, { kind: "call", outcome: "noAnswer", note: `try ${i}` });
  const all = (await at.api("GET", `/api/v1/leads/${id}/timeline?limit=200`)).body.items.map((line: Json) => line.id);
  expect(new Set(all).size).toBe(all.length);
  const paged: string[] = [];
  let cursor: string | null = null;
  let newest = "";
  do {
    const page: Json = (await at.api("GET", `/api/v1/leads/${id}/timeline?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`)).body;
    newest ||= page.previousCursor;
    paged.push(...page.items.map((line: Json) => line.id));
    cursor = page.nextCursor;
  } while (cursor !== null);
  expect(paged).toEqual(all);
  await at.api("POST", `/api/v1/leads/${id}/notes`, { text: "newer" });
  const newer = (await at.api("GET", `/api/v1/leads/${id}/timeline?cursor=${newest}`)).body.items;
  expect(newer.map(({ type }: Json) => type)).toEqual(["note.added"]);
  expect((await at.api("GET", `/api/v1/leads/${id}/timeline?groups=calls`)).body.items).toHaveLength(7);
  expect((await at.api("GET", `/api/v1/leads/${id}/timeline?groups=weather`)).status).toBe(422);
});

test("a lead explains its owner, its stage and what is missing for the next", async () => {
  const faint = await at.api("POST", "/api/v1/leads", { email: "faint@example.com" });
  const why = (await at.api("GET", `/api/v1/leads/${faint.body.lead.id}/why`)).body;
  expect(why.owner.sentence).toBe("Nobody owns it yet.");
  expect(why.ways[0]).toMatchObject({ stage: "mql", met: false, missing: [{ field: "score", wants: "must be at least 50" }] });
  const warm = await lead();
  const reasons = (await at.api("GET", `/api/v1/leads/${warm.id}/why`)).body;
  expect(reasons.owner.sentence).toContain('The rule "Every lead to Sales" gave it to Sales');
  expect(reasons.ways[0].met).toBe(true);
  expect(reasons.provenance.find(({ field }: Json) => field === "email").by.kind).toBe("key");
});

test("lists jump to the middle and the end, page back, and carry the next step", async () => {
  const whole = (await at.api("GET", "/api/v1/leads?limit=200&sort=lastName")).body.items;
  const page = (path: string) => at.api("GET", `/api/v1/leads?sort=lastName&limit=4&${path}`).then(({ body }) => body);
  const middle = await page("around=0.5");
  const from = Math.floor(whole.length / 2);
  expect(middle.position).toEqual({ from: from / whole.length, exact: true });
  expect(middle.items.map(({ id }: Json) => id)).toEqual(whole.slice(from, from + 4).map(({ id }: Json) => id));
  const before = await page(`cursor=${middle.previousCursor}`);
  expect(before.items.map(({ id }: Json) => id)).toEqual(whole.slice(Math.max(0, from - 4), from).map(({ id }: Json) => id));
  const end = await page("around=1");
  expect(end.items.map(({ id }: Json) => id)).toEqual(whole.slice(-4).map(({ id }: Json) => id));
  expect(end.nextCursor).toBeNull();
  expect((await page("around=0")).previousCursor).toBeNull();
  expect(whole.some(({ nextStep }: Json) => nextStep !== null && typeof nextStep.title === "string")).toBe(true);
  expect((await at.api("GET", `/api/v1/leads?around=0.5&cursor=${middle.nextCursor}`)).status).toBe(422);
});

test("facets count what a filter means, and the catalogue names what it can ask", async () => {
  const filter = encodeURIComponent(JSON.stringify({ field: "stage", op: "eq", value: "mql" }));
  const { body } = await at.api("GET", `/api/v1/leads/facets?filter=${filter}`);
  expect(body.exact).toBe(true);
  expect(body.stages).toEqual([{ value: "mql", label: expect.any(String), count: body.leads }]);
  const { items } = (await at.api("GET", "/api/v1/leads/fields")).body;
  expect(items.find(({ field }: Json) => field === "stage").options.length).toBeGreaterThan(5);
  expect(items.find(({ field }: Json) => field === "touches.pricing").type).toBe("touches");
});

test("reasons for a return: the one given most first, then common ones, five in all and none twice", async () => {
  const reasons = async (): Promise<readonly Json[]> => (await at.api("GET", "/api/v1/leads/return-reasons")).body.items;
  expect((await reasons()).map(({ leads }) => leads)).toEqual([0, 0, 0, 0, 0]);
  for (const reason of ["Already a customer", "no budget", " already a customer ", "x".repeat(200)]) {
    const { id } = await lead();
    expect((await at.api("POST", `/api/v1/leads/${id}/reject`, { reason })).status).toBe(200);
  }
  const items = await reasons();
  expect(items[0]).toEqual({ reason: expect.stringMatching(/^already a customer$/i), leads: 2 });
  expect(items[1]).toEqual({ reason: "no budget", leads: 1 });
  expect(items).toHaveLength(5);
  expect(new Set(items.map(({ reason }) => reason.toLowerCase())).size).toBe(5);
});

test("after all of this every law holds and every lead replays", async () => {
  const { violations } = await runDoctor({ ...at.house, db: bindDb(at.house.flow.pool, at.workspaceId) } as never, { replay: 50 });
  expect(violations).toEqual([]);
});
