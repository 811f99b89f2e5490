/** Definitions that both teams sign: drafted, signed twice, in force, refused otherwise, and what became of leads under them. */
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { sql, workspace } from "../../db/db.ts";
import { testApp, type Json, type TestApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { hashApiKey, newApiKey } from "../workspaces/api-key.ts";
import { actIn } from "../workspaces/doorman.service.ts";

vi.setConfig({ testTimeout: 60_000 });

let at: TestApp;
let people: Readonly<Record<"maria" | "sam" | "both" | "rep" | "reader", { readonly id: string; readonly key: string }>>;

beforeAll(async () => {
  at = await testApp();
  const make = async (name: string, role: string, rights: object) => {
    const { id } = (await at.api("POST", "/api/v1/users", { name, email: `${name}@example.org`, role, rights, teams: [] })).body;
    return { id, key: await keyOf(id) };
  };
  people = {
    maria: await make("maria", "marketing", { signerMarketing: true }),
    sam: await make("sam", "salesManager", { signerSales: true }),
    both: await make("both", "revenueOperations", { signerMarketing: true, signerSales: true }),
    rep: await make("rep", "salesRep", {}),
    reader: await make("reader", "readOnly", {}),
  };
}, 60_000);
afterAll(() => at.close());

async function keyOf(user: string): Promise<string> {
  const key = newApiKey();
  const { db } = actIn(at.house, at.workspaceId, "cli");
  await db.execute(sql`
    insert into api_key (workspace_id, id, hash, name, scopes, user_id, created_at)
    values (${workspace}, ${at.house.newId()}, ${hashApiKey(key)}, 'test', ${["read", "write", "admin"]}::text[], ${user}, ${new Date()})`);
  return key;
}

type Who = keyof typeof people | "owner";
const ask = (who: Who, method: string, path: string, body?: unknown, headers: Readonly<Record<string, string>> = {}) =>
  at.api(method, path, body, { ...headers, ...(who === "owner" ? {} : { authorization: `Bearer ${people[who].key}` }) });
const path = (rest = "", stage = "mql") => `/api/v1/definitions/${stage}${rest}`;
const read = async (stage = "mql"): Promise<Json> => (await ask("owner", "GET", path("", stage))).body;
const text = (change: object = {}) => ({
  label: "Marketing qualified",
  meaning: "Sales would call within a day.",
  owner: "Marketing",
  criteria: { field: "score", op: "gte", value: 40 },
  answers: [] as string[],
  exits: [{ stage: "recycled", when: "Too early: no project this year" }],
  ...change,
});
const save = async (given: object = text(), who: Who = "maria", more: object = {}): Promise<number> => {
  const { status, body } = await ask(who, "PUT", path("/draft"), { text: given, ...more });
  expect(status, JSON.stringify(body)).toBe(200);
  return body.revision;
};
const sign = (who: Who, revision: number, more: object = {}) => ask(who, "POST", path("/signatures"), { revision, ...more });

beforeEach(async () => {
  await ask("owner", "DELETE", path("/draft"));
  for (const { id } of Object.values(people)) await ask("owner", "PATCH", `/api/v1/users/${id}`, { active: true });
});

describe("a draft", () => {
  test("stands beside what is in force, and each text is a revision", async () => {
    expect(await read()).toMatchObject({ live: { version: 1, text: { label: "Marketing qualified", criteria: { value: 50 } }, signatures: [] }, draft: null });
    const first = await save();
    expect(await save()).toBe(first);
    expect(await save(text({ meaning: "Other" }))).toBe(first + 1);
    const { draft, mine, live } = await read();
    expect([draft.missing, draft.asked, draft.author.name, mine, live.version]).toEqual([["marketing", "sales"], true, "maria", [], 1]);
    expect((await ask("sam", "GET", path())).body.mine).toEqual(["sales"]);
    expect((await ask("maria", "DELETE", path("/draft"), undefined, { "if-match": `"${first}"` })).status).toBe(412);
    expect((await ask("maria", "PUT", path("/draft"), { text: text() }, { "if-match": `"${first}"` })).status).toBe(412);
    expect((await ask("maria", "DELETE", path("/draft"))).body).toMatchObject({ draft: null, revision: first + 2 });
  });

  test("that holds not together, says nothing new or is of no stage is refused in words", async () => {
    const live = (await read()).live.text;
    expect((await ask("maria", "PUT", path("/draft"), { text: live })).body.detail).toContain("in force already");
    const wrong = await ask("maria", "PUT", path("/draft"), {
      text: text({ criteria: { field: "fields.none", op: "eq", value: 1 }, answers: ["score"], exits: [{ stage: "sql", when: "x" }] }),
    });
    expect([wrong.status, wrong.body.errors.map((error: Json) => error.path)]).toEqual([422, ["text.criteria", "text.answers[0]", "text.exits[0].stage"]]);
    expect((await ask("maria", "GET", path("", "nowhere"))).status).toBe(404);
    expect((await ask("rep", "PUT", path("/draft"), { text: text() })).status).toBe(403);
    expect((await ask("reader", "POST", path("/signatures"), { revision: 1 })).status).toBe(403);
  });

  test("is told to signers once it asks for signatures", async () => {
    const heard = async () => (await ask("sam", "GET", "/api/v1/notifications")).body.items.filter(({ event }: Json) => event === "definition").length;
    const before = await heard();
    await save(text({ meaning: "Being written" }), "maria", { ask: false });
    expect(await heard()).toBe(before);
    const { revision } = await read();
    expect((await sign("sam", revision)).body.type).toContain("not-ready");
    await save(text({ meaning: "Being written" }), "maria");
    expect(await heard()).toBe(before + 1);
    await save(text({ meaning: "Being written" }), "maria");
    expect(await heard()).toBe(before + 1);
  });
});

describe("signatures", () => {
  test("of two people bring the text into force, and leads live by it", async () => {
    const lead = (
      await ask("owner", "POST", "/api/v1/leads", { email: "ripe@example.org", jobTitle: "Director", company: "Ripe", touches: [{ kind: "formSubmit" }] })
    ).body.lead;
    expect([lead.stage, lead.score >= 40, lead.score < 50]).toEqual(["inquiry", true, true]);
    const revision = await save();
    expect((await sign("sam", revision)).body).toMatchObject({ draft: { missing: ["marketing"] }, live: { version: 1 } });
    expect((await sign("sam", revision)).status).toBe(200);
    const asked = await sign("maria", revision);
    expect([asked.status, asked.body.type]).toEqual([409, "urn:baton:problem:confirmation-needed"]);
    const preview = (await ask("maria", "POST", path("/preview"), {})).body;
    expect(preview).toMatchObject({ exact: true, entering: { count: 1, leads: [{ id: lead.id, stage: "inquiry" }] }, staying: { count: 0 } });
    const done = await sign("maria", revision, { confirmed: true });
    expect(done.body).toMatchObject({ draft: null, live: { version: 2, text: { criteria: { value: 40 } } } });
    expect(done.body.live.signatures.map(({ side, by }: Json) => [side, by.name]).toSorted()).toEqual([
      ["marketing", "maria"],
      ["sales", "sam"],
    ]);
    await expect.poll(async () => (await ask("owner", "GET", `/api/v1/leads/${lead.id}`)).body.stage, { timeout: 10_000 }).toBe("mql");
    const facts = (await ask("owner", "GET", `/api/v1/leads/${lead.id}/facts`)).body.items;
    expect(facts.find(({ type }: Json) => type === "stage.entered").data).toMatchObject({ to: "mql", definition: 2, met: true });
    const versions = (await ask("rep", "GET", path("/versions"))).body.items;
    expect(versions.map(({ version, signatures, until }: Json) => [version, signatures.length, until === null])).toEqual([
      [2, 2, true],
      [1, 0, false],
    ]);
    expect((await sign("sam", revision, { confirmed: true })).body.type).toContain("no-draft");
    const audit = (await ask("owner", "GET", "/api/v1/audit?action=config")).body.items.map(({ action }: Json) => action);
    expect(audit.slice(0, 5)).toEqual([
      "config.definitionLive",
      "config.published",
      "config.definitionSigned",
      "config.definitionSigned",
      "config.definitionDrafted",
    ]);
  });

  test("are of one text: another text has none, and an old revision cannot be signed", async () => {
    const first = await save(text({ meaning: "One" }));
    await sign("sam", first);
    const second = await save(text({ meaning: "Two" }));
    expect((await read()).draft).toMatchObject({ signatures: [], missing: ["marketing", "sales"] });
    const late = await sign("maria", first, { confirmed: true });
    expect([late.status, late.body.type]).toEqual([409, "urn:baton:problem:text-changed"]);
    await sign("maria", second);
    expect((await read()).draft.missing).toEqual(["sales"]);
  });

  test("are never one person's for both sides, whatever his rights", async () => {
    const revision = await save(text({ meaning: "Both" }), "both");
    expect((await sign("both", revision)).status).toBe(422);
    expect((await sign("both", revision, { side: "sales" })).status).toBe(200);
    const again = await sign("both", revision, { side: "marketing", confirmed: true });
    expect([again.status, again.body.type]).toEqual([403, "urn:baton:problem:one-person"]);
    expect((await sign("rep", revision)).body.type).toContain("not-a-signer");
    expect((await sign("owner", revision)).status).toBe(403);
    expect((await sign("sam", revision, { confirmed: true })).body.detail).toContain("both has signed this text for sales already");
    expect((await read()).live.version).toBe(2);
  });

  test("at once bring one version into force", async () => {
    const revision = await save(text({ meaning: "At once" }));
    const answers = await Promise.all([
      sign("sam", revision, { confirmed: true }),
      sign("maria", revision, { confirmed: true }),
      sign("sam", revision, { confirmed: true }),
    ]);
    expect(answers.filter(({ status }) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect((await read()).live.version).toBe(3);
  });

  test("of somebody deactivated meanwhile do not count", async () => {
    const revision = await save(text({ meaning: "Without Maria" }));
    await sign("maria", revision);
    await ask("owner", "PATCH", `/api/v1/users/${people.maria.id}`, { active: false });
    expect((await sign("sam", revision, { confirmed: true })).body).toMatchObject({ live: { version: 3 }, draft: { missing: ["marketing"] } });
    expect((await sign("both", revision, { side: "marketing", confirmed: true })).body).toMatchObject({ live: { version: 4 }, draft: null });
  });
});

describe("publishing", () => {
  test("changes definitions only while there are not two who sign", async () => {
    const { rows } = await at.house.database.pool.query<{ hash: string }>("select password_hash as hash from app_user where id = $1", [at.userId]);
    const join = (hash: string | null) =>
      at.house.database.pool.query("update app_user set password_hash = $1 where id = any($2)", [hash, [people.maria.id, people.sam.id]]);
    const { config } = (await ask("owner", "GET", "/api/v1/config")).body;
    const changed = {
      ...config,
      definitions: config.definitions.map((one: Json) => ({ ...one, version: 20, criteria: { field: "score", op: "gte", value: 45 } })),
    };
    await join(rows[0]?.hash ?? "");
    expect((await ask("owner", "GET", "/api/v1/definitions")).body).toMatchObject({ signing: true });
    const refused = await ask("owner", "PUT", "/api/v1/config", changed);
    expect([refused.status, refused.body.type, refused.body.errors[0].path]).toEqual([409, "urn:baton:problem:signatures-needed", "definitions[0]"]);
    expect((await ask("owner", "PUT", "/api/v1/config", { ...config, currency: "CHF" })).status).toBe(200);
    await join(null);
    const stale = await save(text({ meaning: "Written before" }));
    expect((await ask("owner", "PUT", "/api/v1/config", { ...changed, currency: "CHF" })).status).toBe(200);
    const late = await sign("maria", stale);
    expect([late.status, late.body.type, (await read()).draft.stale]).toEqual([409, "urn:baton:problem:stale-draft", true]);
    expect(await save(text({ meaning: "Written before" }))).toBe(stale + 1);
    expect((await read()).draft.stale).toBe(false);
  });
});

describe("the preview", () => {
  test("tells who stands there without meeting it, and asks for what must be known", async () => {
    const strict = text({ answers: ["bant.need"], criteria: { field: "score", op: "gte", value: 10 } });
    const { body } = await ask("sam", "POST", path("/preview"), { text: strict });
    expect(body).toMatchObject({ exact: true, inStage: 1, entering: { count: 0 }, staying: { count: 1 } });
    expect((await ask("rep", "POST", path("/preview"), { text: strict })).status).toBe(403);
  });

  test("says what publishing then does, to the lead", async () => {
    for (let i = 0; i < 12; i++)
      await ask("owner", "POST", "/api/v1/leads", {
        email: `p${i}@example.org`,
        company: "P",
        jobTitle: i % 2 === 0 ? "Director" : "Clerk",
        country: i < 6 ? "AT" : "CH",
      });
    const loose = text({
      meaning: "Loose",
      criteria: {
        and: [
          { field: "jobTitle", op: "eq", value: "director" },
          { field: "country", op: "eq", value: "AT" },
        ],
      },
    });
    const { entering } = (await ask("both", "POST", path("/preview"), { text: loose })).body;
    // A sales manager without a team sees none of them, but how many they are.
    expect((await ask("sam", "POST", path("/preview"), { text: loose })).body.entering).toEqual({ count: 3, leads: [] });
    const revision = await save(loose);
    await sign("sam", revision);
    await sign("maria", revision, { confirmed: true });
    const ids: readonly string[] = entering.leads.map(({ id }: Json) => id);
    expect([entering.count, ids.length]).toEqual([3, 3]);
    await expect
      .poll(async () => (await Promise.all(ids.map(async (id) => (await ask("owner", "GET", `/api/v1/leads/${id}`)).body.stage))).join(), { timeout: 15_000 })
      .toBe("mql,mql,mql");
    const { rows } = await at.house.database.pool.query("select id from lead where workspace_id = $1 and stage = 'mql'", [at.workspaceId]);
    expect(rows).toHaveLength(4);
  });
});

describe("the report", () => {
  test("counts met but rejected and accepted without meeting it; each number opens its leads; a strong pattern is said", async () => {
    const config = (await ask("owner", "GET", "/api/v1/config")).body.config;
    expect((await ask("owner", "PUT", "/api/v1/config", { ...config, acceptance: false })).status).toBe(200);
    const director = { jobTitle: "Director", country: "AT", company: "R" };
    const made = async (i: number, given: object) =>
      (await ask("owner", "POST", "/api/v1/leads", { email: `r${i}@example.org`, ...given })).body.lead.id as string;
    for (let i = 0; i < 11; i++) {
      const id = await made(i, { ...director, source: "Trade show" });
      if (i < 9) await ask("both", "POST", `/api/v1/leads/${id}/reject`, { reason: "A student" });
      else await ask("owner", "POST", `/api/v1/leads/${id}/stage`, { stage: "sql" });
    }
    for (let i = 20; i < 40; i++) await ask("owner", "POST", `/api/v1/leads/${await made(i, { ...director, source: "Web" })}/stage`, { stage: "sql" });
    const clerk = await made(50, { jobTitle: "Clerk", source: "Web" });
    await ask("owner", "POST", `/api/v1/leads/${clerk}/stage`, { stage: "mql" });
    await ask("owner", "POST", `/api/v1/leads/${clerk}/stage`, { stage: "sql" });
    const { body } = await ask("owner", "GET", path("/report"));
    expect(body.all).toMatchObject({ metRejected: 9, metAccepted: 22, unmetAccepted: 1, unmetRejected: 0 });
    const row = (by: string, value: string | null) => body.rows.find((one: Json) => one.by === by && one.value === value);
    expect([row("reason", "A student").metRejected, row("source", "Trade show").metAccepted, row("version", "21").metRejected]).toEqual([9, 2, 9]);
    expect(body.patterns.map(({ sentence }: Json) => sentence)).toEqual([
      "9 of 11 from “Trade show” met the definition and were rejected; of all others 0 of 20.",
    ]);
    const behind = async (query: string) => (await ask("owner", "GET", path(`/report/leads?${query}`))).body;
    expect((await behind("of=unmetAccepted")).items).toMatchObject([{ lead: { id: clerk }, met: false, to: "sql" }]);
    const first = await behind("of=metRejected&by=source&value=Trade%20show&limit=6");
    const second = await behind(`of=metRejected&by=source&value=Trade%20show&limit=6&cursor=${first.nextCursor}`);
    expect([first.count, first.items.length, second.items.length, second.nextCursor]).toEqual([9, 6, 3, null]);
    expect(first.items[0]).toMatchObject({ reason: "A student", by: "test", to: "rejected" });
    expect((await ask("owner", "GET", path("/report/leads?of=metOpen&cursor=x"))).status).toBe(422);
    expect((await ask("rep", "GET", path("/report"))).body.all.metRejected).toBe(0);
  });
});

describe("ways between stages", () => {
  test("bind people, and say where a lead may go", async () => {
    const { config } = (await ask("owner", "GET", "/api/v1/config")).body;
    const stages = config.stages.map((stage: Json) => (stage.id === "inquiry" ? { ...stage, next: ["mql", "disqualified"] } : stage));
    expect((await ask("owner", "PUT", "/api/v1/config", { ...config, stages })).status).toBe(200);
    const { id } = (await ask("owner", "POST", "/api/v1/leads", { email: "way@example.org" })).body.lead;
    const refused = await ask("owner", "POST", `/api/v1/leads/${id}/stage`, { stage: "sql" });
    expect([refused.status, refused.body.detail]).toEqual([
      409,
      'A lead at "Inquiry" may not be moved to "Sales qualified" by hand. From there it may go to "Marketing qualified", "Disqualified".',
    ]);
    expect((await ask("owner", "POST", `/api/v1/leads/${id}/stage`, { stage: "disqualified", reason: "A test" })).status).toBe(200);
    const wrong = config.stages.map((stage: Json) => (stage.id === "inquiry" ? { ...stage, next: ["nowhere", "inquiry"] } : stage));
    expect((await ask("owner", "PUT", "/api/v1/config", { ...config, stages: wrong })).body.errors.map((error: Json) => error.path)).toEqual([
      "stages[0].next[0]",
      "stages[0].next[1]",
    ]);
  });
});

test("the laws hold", async () => {
  expect((await runDoctor(at.house, { replay: 50 })).violations).toEqual([]);
});
