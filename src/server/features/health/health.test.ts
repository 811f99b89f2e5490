import { afterAll, beforeAll, expect, test } from "vitest";
import { bindDb, sql, workspace } from "../../db/db.ts";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { keepHealth } from "./health.service.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

const db = () => bindDb(at.house.database.pool, at.workspaceId);

async function capture(i: number, more: object = {}): Promise<Json> {
  const made = await at.api("POST", "/api/v1/leads", {
    email: `h${i}@health.example`,
    lastName: `Health ${i}`,
    jobTitle: "CEO",
    company: "Works",
    touches: [{ kind: "contactRequest" }],
    ...more,
  });
  expect(made.status).toBe(201);
  return made.body.lead;
}

async function asked(): Promise<Record<string, Json>> {
  const answer = await at.api("GET", "/api/v1/health-check");
  expect(answer.status).toBe(200);
  return Object.fromEntries(answer.body.questions.map((one: Json) => [one.question, one]));
}

const behind = async (measure: string): Promise<readonly string[]> =>
  (await at.api("GET", `/api/v1/health-check/leads?measure=${measure}`)).body.items.map((item: Json) => item.id).sort();

const valueOf = (answer: Json, id: string): number => answer.measures.find((measure: Json) => measure.id === id).value;

test("an empty workspace is judged by nothing", async () => {
  const { body } = await at.api("GET", "/api/v1/health-check");
  expect(body.questions.map(({ verdict }: Json) => verdict)).toEqual(["no", "unknown", "unknown", "unknown", "unknown"]);
  expect(body.questions[0].says).toMatch(/was not signed by marketing and sales; nobody entered lately/);
  expect(body.level).toBe(1);
});

test("each answer is flipped by what happens, and its number opens the leads that were counted", async () => {
  const [one, two, three] = [await capture(1), await capture(2), await capture(3)];
  expect(one.stage).toBe("mql");
  let answers = await asked();
  expect(answers["nextSteps"].verdict).toBe("yes");
  expect(answers["owners"].says).toMatch(/^Every qualified lead has an owner/);
  expect(valueOf(answers["stages"], "standing")).toBe(0);

  await db().execute(sql`update task set state = 'cancelled' where workspace_id = ${workspace} and lead_id = ${one.id}`);
  await db().execute(sql`update lead set stage_at = stage_at - interval '61 days' where workspace_id = ${workspace} and id = ${two.id}`);
  await db().execute(sql`update lead set owner_id = null where workspace_id = ${workspace} and id = ${three.id}`);
  answers = await asked();
  expect([answers["nextSteps"].verdict, valueOf(answers["nextSteps"], "withoutStep")]).toEqual(["no", 1]);
  expect(valueOf(answers["stages"], "standing")).toBe(1);
  expect(valueOf(answers["owners"], "unowned")).toBe(1);
  expect(await behind("withoutStep")).toEqual([one.id]);
  expect(await behind("standing")).toEqual([two.id]);
  expect(await behind("unowned")).toEqual([three.id]);
});

test("a lead that got its owner late is counted, and one whose past was imported is not", async () => {
  const lead = await capture(4);
  const before = valueOf((await asked())["owners"], "waited");
  await db().execute(sql`update fact set at = at - interval '2 hours' where workspace_id = ${workspace} and lead_id = ${lead.id} and stage is not null`);
  expect(valueOf((await asked())["owners"], "waited")).toBe(before + 1);
  expect(await behind("waited")).toContain(lead.id);
  await db().execute(sql`update fact set actor = 'import:1' where workspace_id = ${workspace} and lead_id = ${lead.id} and stage is not null`);
  expect(valueOf((await asked())["owners"], "waited")).toBe(before);
});

test("a definition is signed when both sides signed what is in force, and applied when those who enter meet it", async () => {
  const { body } = await at.api("GET", "/api/v1/definitions/mql/versions");
  const since = body.items[0].config;
  const sign = (side: string, user: string) =>
    db().execute(sql`
    insert into definition_signature (workspace_id, stage, revision, side, user_id, signed_at, config) values (${workspace}, 'mql', 1, ${side}, ${user}, now(), ${since})`);
  await db().execute(sql`
    insert into definition_draft (workspace_id, stage, revision, body, on_config, asked, updated_at) values (${workspace}, 'mql', 1, null, ${since}, false, now())`);
  await sign("marketing", at.userId);
  expect((await asked())["definitions"].verdict).toBe("no");
  const mate = await at.api("POST", "/api/v1/users", { name: "Sofia Berg", email: "sofia@health.example", role: "salesManager" });
  await sign("sales", (mate.body.user ?? mate.body).id);
  let { definitions } = await asked();
  expect(definitions.says).toMatch(/both signed what Marketing qualified means; all \d+ leads that entered lately met it/);
  expect(definitions.verdict).toBe("yes");
  const weak = (await at.api("POST", "/api/v1/leads", { email: "weak@health.example", lastName: "Weak" })).body.lead;
  expect((await at.api("POST", `/api/v1/leads/${weak.id}/stage`, { stage: "mql" })).status).toBe(200);
  ({ definitions } = await asked());
  expect([definitions.verdict, valueOf(definitions, "unmet")]).toEqual(["no", 1]);
  expect(await behind("unmet")).toEqual([weak.id]);
});

test("scores of an older model are counted until they are worked out anew", async () => {
  const { body } = await at.api("GET", "/api/v1/config");
  await db().execute(
    sql`insert into rescore_run (workspace_id, config, state, cursor, leads, started_at) values (${workspace}, ${body.number + 50}, 'running', null, 0, now())`,
  );
  const { scores } = await asked();
  expect(scores.verdict).toBe("no");
  expect(scores.says).toMatch(/by an older model, and being worked out anew now/);
  expect((await behind("stale")).length).toBe(valueOf(scores, "stale"));
  await db().execute(sql`delete from rescore_run where workspace_id = ${workspace} and config > ${body.number}`);
  expect(valueOf((await asked())["scores"], "stale")).toBe(0);
});

test("won and lost leads say whether scores separate them", async () => {
  for (let i = 0; i < 10; i++) {
    const good = await capture(100 + i, { country: "DE", website: "https://works.example", phone: `+49301234${100 + i}` });
    await at.api("POST", `/api/v1/leads/${good.id}/convert`, { name: `Deal ${i}` });
    const [deal] = (await at.api("GET", `/api/v1/opportunities?lead=${good.id}`)).body.items;
    expect((await at.api("POST", `/api/v1/opportunities/${deal.id}/stage`, { stage: "won" })).status).toBeLessThan(300);
    const bad = await capture(200 + i, { jobTitle: "Manager" });
    expect((await at.api("POST", `/api/v1/leads/${bad.id}/stage`, { stage: "disqualified", reason: "no budget" })).status).toBe(200);
  }
  const { scores } = await asked();
  expect(scores.says).toMatch(/in 100 % of pairs/);
  expect(scores.verdict).toBe("yes");
});

test("pages follow one another without a gap, and a cursor of another list is refused in words", async () => {
  const all = await behind("unowned");
  const seen: string[] = [];
  let cursor: string | null = "";
  while (cursor !== null) {
    const page: Json = (await at.api("GET", `/api/v1/health-check/leads?measure=unowned&limit=1${cursor === "" ? "" : `&cursor=${cursor}`}`)).body;
    seen.push(...page.items.map((item: Json) => item.id));
    cursor = page.nextCursor;
  }
  expect(seen.sort()).toEqual(all);
  expect((await at.api("GET", "/api/v1/health-check/leads?measure=unowned&cursor=abc")).status).toBe(422);
});

test("the server keeps one answer a day, twice asked or not", async () => {
  await Promise.all([keepHealth(at.house), keepHealth(at.house)]);
  await keepHealth(at.house);
  const { history } = (await at.api("GET", "/api/v1/health-check")).body;
  expect(history).toHaveLength(1);
  expect(history[0].day).toBe(new Date().toISOString().slice(0, 10));
  expect(Object.keys(history[0].answers).sort()).toEqual(["definitions", "nextSteps", "owners", "scores", "stages"]);
});
