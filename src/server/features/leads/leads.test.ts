/** Leads over HTTP: captured, found again, edited, read; and what bad input gets for an answer. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

const capture = (body: unknown, headers?: Record<string, string>) => at.api("POST", "/api/v1/leads", body, headers);

async function countLeads(): Promise<number> {
  const { rows } = await at.house.database.pool.query<{ count: number }>("select count(*) as count from lead where workspace_id = $1", [at.workspaceId]);
  return rows[0]?.count ?? 0;
}

describe("capturing", () => {
  test("a new person becomes a lead, answered as everybody will see it", async () => {
    const { status, body, headers } = await capture({
      email: "Ada@Example.org ",
      firstName: " Ada ",
      lastName: "Lovelace",
      company: "Analytical Engines",
      phone: "+49 (30) 901820",
      source: "webinar",
      city: "",
      tags: ["vip", " vip "],
    });
    expect([status, body.outcome]).toEqual([201, "created"]);
    expect(body.lead).toMatchObject({
      email: "ada@example.org",
      firstName: "Ada",
      lastName: "Lovelace",
      company: { id: null, name: "Analytical Engines" },
      phone: "+4930901820",
      source: "webinar",
      city: null,
      jobTitle: null,
      stage: "inquiry",
      status: "new",
      owner: null,
      tags: ["vip"],
      fields: {},
      version: 1,
      bant: { budget: null, authority: null, need: null, timeline: null },
    });
    expect(body.lead.score).toBe(
      body.lead.scores.fit + body.lead.scores.engagement + body.lead.scores.bant + body.lead.scores.quality + body.lead.scores.freshness,
    );
    expect(headers["etag"]).toBe('"1"');
    expect(headers["location"]).toBe(`/api/v1/leads/${body.lead.id}`);
    expect(headers["cache-control"]).toBe("no-store");
  });

  test("the same person again is an update, by any identity", async () => {
    const first = await capture({ email: "grace@example.org", externalId: "crm-7", firstName: "Grace" });
    const byMail = await capture({ email: "GRACE+news@example.org", jobTitle: "Rear admiral" });
    const byId = await capture({ externalId: "crm-7", city: "Arlington" });
    expect([byMail.status, byMail.body.outcome, byMail.body.lead.id]).toEqual([200, "updated", first.body.lead.id]);
    expect([byId.status, byId.body.lead.id, byId.body.lead.city, byId.body.lead.jobTitle]).toEqual([200, first.body.lead.id, "Arlington", "Rear admiral"]);
    const same = await capture({ externalId: "crm-7", city: "Arlington" });
    expect(same.body.outcome).toBe("unchanged");
  });

  test("a phone without country code is read with the lead's country", async () => {
    expect((await capture({ firstName: "Berliner", phone: "030 901820", country: "de" })).body.lead.phone).toBe("+4930901820");
    expect((await capture({ firstName: "Somebody", phone: "901820" })).body.lead.phone).toBe("901820");
  });

  test("a name alone is a lead; blanks and nulls are nobody", async () => {
    expect((await capture({ lastName: "Only" })).status).toBe(201);
    for (const body of [{}, { email: "", firstName: "  ", phone: null }, { jobTitle: "Director", city: "Rome" }]) {
      const { status, body: problem } = await capture(body);
      expect([status, problem.type]).toEqual([422, "urn:baton:problem:invalid"]);
      expect(problem.detail).toContain("who it is");
    }
  });

  test("touches with the capture count at once", async () => {
    const { body } = await capture({
      email: "keen@example.org",
      jobTitle: "Director",
      company: "Keen Ltd",
      touches: [{ kind: "contactRequest" }, { kind: "pageView", props: { url: "https://us.example/pricing" }, id: "t-1" }],
    });
    expect(body.lead).toMatchObject({ stage: "mql", heat: "hot" });
    expect(body.lead.owner).toMatchObject({ id: at.userId, name: "owner" });
    const again = await capture({ email: "keen@example.org", touches: [{ kind: "pageView", props: { url: "https://us.example/pricing" }, id: "t-1" }] });
    expect(again.body.lead.scores.engagement).toBe(body.lead.scores.engagement);
  });

  test("what was captured earlier says so, and a moment to come is now", async () => {
    expect((await capture({ email: "old@example.org", capturedAt: "2020-02-29" })).body.lead.capturedAt).toBe("2020-02-29T00:00:00.000Z");
    const { lead } = (await capture({ email: "future@example.org", capturedAt: "2190-01-01T00:00:00+02:00" })).body;
    expect(lead.capturedAt).toBe(lead.createdAt);
  });

  test("a batch answers each lead by itself, in order", async () => {
    const { status, body } = await at.api("POST", "/api/v1/leads/batch", {
      leads: [{ email: "b1@example.org" }, { email: "nonsense" }, 7, { email: "b1@example.org", city: "Oslo" }, { firstName: "x", shoe: 44 }, {}],
    });
    expect(status).toBe(200);
    expect(body.results.map((result: { outcome: string }) => result.outcome)).toEqual(["created", "refused", "refused", "updated", "refused", "refused"]);
    expect(body.results[3].id).toBe(body.results[0].id);
    expect(body.results[4].problem.errors).toEqual([{ path: "shoe", message: "is not known here" }]);
    expect((await at.api("POST", "/api/v1/leads/batch", { leads: [] })).body).toEqual({ results: [] });
    expect((await at.api("POST", "/api/v1/leads/batch", { leads: Array.from({ length: 1001 }, () => ({ firstName: "x" })) })).status).toBe(422);
  });
});

describe("an idempotency key", () => {
  test("repeats outcome and ids, with the lead as it is now", async () => {
    const one = await capture({ email: "idem@example.org" }, { "idempotency-key": "k-1" });
    await capture({ email: "idem@example.org", city: "Bern" });
    const two = await capture({ email: "idem@example.org" }, { "idempotency-key": "k-1" });
    expect([two.status, two.body.outcome, two.body.lead.id, two.body.lead.city]).toEqual([201, "created", one.body.lead.id, "Bern"]);
    expect([one.headers["idempotent-replay"], two.headers["idempotent-replay"]]).toEqual([undefined, "true"]);
  });

  test("is for one request: the order of keys may differ, the body may not, nor the path", async () => {
    await capture({ email: "order@example.org", firstName: "Or" }, { "idempotency-key": "k-2" });
    expect((await capture('{ "firstName": "Or",\n "email": "order@example.org" }', { "idempotency-key": "k-2" })).headers["idempotent-replay"]).toBe("true");
    const other = await capture({ email: "order@example.org", firstName: "Other" }, { "idempotency-key": "k-2" });
    expect([other.status, other.body.type]).toEqual([422, "urn:baton:problem:idempotency-mismatch"]);
    expect((await at.api("POST", "/api/v1/api-keys", { name: "k", scopes: ["read"] }, { "idempotency-key": "k-2" })).status).toBe(422);
  });

  test("stands for a whole batch", async () => {
    const batch = { leads: [{ firstName: "Twin" }, { firstName: "Twin" }] };
    const [one, two] = [
      await at.api("POST", "/api/v1/leads/batch", batch, { "idempotency-key": "k-3" }),
      await at.api("POST", "/api/v1/leads/batch", batch, { "idempotency-key": "k-3" }),
    ];
    expect(two.body).toEqual(one.body);
    expect(one.body.results[0].id).not.toBe(one.body.results[1].id);
  });

  test("of the same moment is worked on once", async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => capture({ firstName: "Once" }, { "idempotency-key": "k-4" })));
    const done = answers.filter(({ status }) => status === 201);
    expect(new Set(done.map(({ body }) => body.lead.id)).size).toBe(1);
    expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
  });

  test("has 1 to 255 characters", async () => {
    expect((await capture({ firstName: "x" }, { "idempotency-key": "x".repeat(256) })).status).toBe(422);
    expect((await capture({ firstName: "x" }, { "idempotency-key": "" })).status).toBe(422);
  });
});

test("200 captures of one new address at once make one lead", async () => {
  const answers = await Promise.all(Array.from({ length: 200 }, (_, i) => capture({ email: "many@example.org", source: i % 2 === 0 ? "web" : "partner" })));
  expect(new Set(answers.map(({ body }) => body.lead.id)).size).toBe(1);
  expect(answers.filter(({ body }) => body.outcome === "created")).toHaveLength(1);
});

describe("reading and editing", () => {
  test("an edit on a version that has passed is refused, and says which one it is now", async () => {
    const { lead } = (await capture({ email: "edit@example.org", city: "Rome", tags: ["a"] })).body;
    const path = `/api/v1/leads/${lead.id}`;
    const edited = await at.api(
      "PATCH",
      path,
      { city: "", jobTitle: "Cook", tags: ["b"], fields: { need: "knives" }, bant: { budget: "500" } },
      { "if-match": '"1"' },
    );
    expect(edited.body.lead).toMatchObject({ city: null, jobTitle: "Cook", tags: ["b"], fields: { need: "knives" }, bant: { budget: "500" }, version: 2 });
    const late = await at.api("PATCH", path, { city: "Turin" }, { "if-match": "1" });
    expect([late.status, late.body.type]).toEqual([412, "urn:baton:problem:version-mismatch"]);
    expect((await at.api("PATCH", path, { city: "Turin" })).body.lead.version).toBe(3);
    expect((await at.api("PATCH", path, { city: "Pisa" }, { "if-match": "yesterday" })).status).toBe(422);
    const read = await at.api("GET", path);
    expect([read.headers["etag"], read.body.city]).toEqual(['"3"', "Turin"]);
    expect((await at.api("GET", path.toUpperCase().replace("/API/V1/LEADS", "/api/v1/leads"))).body.id).toBe(lead.id);
  });

  test("the history is newest first, in pages that neither repeat nor skip", async () => {
    const { lead } = (await capture({ email: "history@example.org" })).body;
    for (let i = 0; i < 7; i++) await at.api("PATCH", `/api/v1/leads/${lead.id}`, { city: `City ${i}` });
    const ids: string[] = [];
    let cursor: string | null = null;
    do {
      const page = await at.api("GET", `/api/v1/leads/${lead.id}/facts?limit=3${cursor === null ? "" : `&cursor=${cursor}`}`);
      ids.push(...page.body.items.map((fact: { id: string }) => fact.id));
      cursor = page.body.nextCursor;
    } while (cursor !== null);
    const all = await at.api("GET", `/api/v1/leads/${lead.id}/facts?limit=200`);
    expect(ids).toEqual(all.body.items.map((fact: { id: string }) => fact.id));
    expect(new Set(ids).size).toBe(ids.length);
    expect(all.body.items[0]).toMatchObject({ type: "lead.updated", data: { changes: { city: ["City 5", "City 6"] } } });
    expect(all.body.items.at(-1)).toMatchObject({ type: "lead.created", why: "captured" });
    expect((await at.api("GET", `/api/v1/leads/${lead.id}/facts?cursor=bm9uZQ`)).status).toBe(422);
  });

  test("the lines of the score add up to it", async () => {
    const { lead } = (await capture({ email: "score@example.org", jobTitle: "CEO", company: "Sum", touches: [{ kind: "formSubmit" }] })).body;
    const { body } = await at.api("GET", `/api/v1/leads/${lead.id}/score`);
    expect(body.lines.reduce((sum: number, line: { points: number }) => sum + Math.round(line.points * 100), 0) / 100).toBe(body.score);
    expect(body.score).toBe(lead.score);
    expect(body.parts.reduce((sum: number, part: { points: number }) => sum + part.points, 0)).toBe(Math.round(body.score));
    expect(body.sentence).toMatch(new RegExp(`^${Math.round(body.score)} = .*fit`));
    const form = body.lines.find((line: { rule: string }) => line.rule === "form-submitted");
    expect(form).toMatchObject({ kind: "signal", cap: 20, idle: 0, next: expect.any(Object), behind: { facet: "formSubmit", touches: 1 } });
    const title = body.lines.find((line: { rule: string }) => line.rule === "title-decides");
    expect(title.behind.fields).toEqual([{ field: "jobTitle", label: "Job title", value: "CEO" }]);
    expect(body.raise[0]).toEqual({
      what: "with one more contact request",
      points: 40,
      steps: [{ field: null, facet: "contactRequest", count: 1, value: null }],
    });
    expect(body.raise.map(({ what }: { what: string }) => what)).toContain("if budget were known");
  });

  test("what would raise a score gives just that when it comes true", async () => {
    const { lead } = (await capture({ email: "raise@example.org", firstName: "Ra", touches: [{ kind: "download" }] })).body;
    const { raise } = (await at.api("GET", `/api/v1/leads/${lead.id}/score`)).body;
    const title = raise.find(({ what }: { what: string }) => what.startsWith("if job title"));
    const { body } = await capture({ email: "raise@example.org", jobTitle: title.steps[0].value });
    expect(body.lead.score).toBeCloseTo(lead.score + title.points, 6);
    const touched = raise.find(({ steps }: { steps: { facet: string | null }[] }) => steps[0]?.facet === "contactRequest");
    const after = await capture({ email: "raise@example.org", touches: [{ kind: "contactRequest" }] });
    expect(after.body.lead.score).toBeCloseTo(body.lead.score + touched.points, 6);
  });

  test("the touches behind a line of the score are the timeline's of that facet", async () => {
    const views = ["https://a.example/pricing", "https://a.example/Pricing/teams", "https://a.example/docs"].map((url) => ({
      kind: "pageView",
      props: { url },
    }));
    const { lead } = (await capture({ email: "behind@example.org", touches: [...views, { kind: "download", props: { url: "/pricing.pdf" } }] })).body;
    const { lines } = (await at.api("GET", `/api/v1/leads/${lead.id}/score`)).body;
    for (const { behind } of lines.filter(({ kind }: { kind: string }) => kind === "signal")) {
      const { body } = await at.api("GET", `/api/v1/leads/${lead.id}/timeline?facet=${behind.facet}`);
      expect(body.items.length).toBe(behind.touches);
    }
    expect((await at.api("GET", `/api/v1/leads/${lead.id}/timeline?facet=pricing&groups=web`)).body.items).toHaveLength(2);
    expect((await at.api("GET", `/api/v1/leads/${lead.id}/timeline?facet=nothing`)).body.items).toEqual([]);
  });

  test("lists filter, sort and turn pages", async () => {
    for (const [i, city] of ["Lyon", "Lyon", "Nice"].entries()) await capture({ email: `list${i}@example.org`, city, source: "listing" });
    const filter = encodeURIComponent(
      JSON.stringify({
        and: [
          { field: "source", op: "eq", value: "listing" },
          { field: "city", op: "eq", value: "Lyon" },
        ],
      }),
    );
    const page = await at.api("GET", `/api/v1/leads?filter=${filter}&sort=email&limit=1&total=true`);
    expect([page.body.items[0].email, page.body.total]).toEqual(["list0@example.org", 2]);
    const next = await at.api("GET", `/api/v1/leads?filter=${filter}&sort=email&limit=1&cursor=${page.body.nextCursor}`);
    expect(next.body.items.map((lead: { email: string }) => lead.email)).toEqual(["list1@example.org"]);
    for (const query of [
      "filter={",
      `filter=${encodeURIComponent('{"field":"shoe","op":"eq","value":1}')}`,
      "sort=shoe",
      "limit=0",
      "limit=201",
      "limit=ten",
      "cursor=x",
      "colour=red",
      "filter=%00",
    ]) {
      expect([query, (await at.api("GET", `/api/v1/leads?${query}`)).status]).toEqual([query, 422]);
    }
  });

  test("what is not there is not found", async () => {
    for (const id of ["00000000-0000-7000-8000-000000000000", "7", "..%2f", "x".repeat(150), "%00"]) {
      for (const path of [`/api/v1/leads/${id}`, `/api/v1/leads/${id}/facts`, `/api/v1/leads/${id}/score`, `/api/v1/leads/${id}/tasks`])
        expect([path, (await at.api("GET", path)).status]).toEqual([path, 404]);
      expect((await at.api("PATCH", `/api/v1/leads/${id}`, { city: "x" })).status).toBe(404);
      expect((await at.api("POST", `/api/v1/tasks/${id}/complete`, {})).status).toBe(404);
    }
  });
});

describe("bad input is a problem in words, never a fault, and writes nothing", () => {
  const big = (key: string, count: number) => Object.fromEntries(Array.from({ length: count }, (_, i) => [`${key}${i}`, "v"]));
  const deep = (levels: number) => `${'{"a":'.repeat(levels)}1${"}".repeat(levels)}`;
  const cases: readonly (readonly [what: string, status: number, body: unknown, path?: string])[] = [
    ["broken JSON", 400, "{"],
    ["no body", 400, ""],
    ["not UTF-8", 400, Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d])],
    ["a list", 422, "[]", ""],
    ["null", 422, "null", ""],
    ["a number", 422, "7", ""],
    ["a wrong type", 422, { email: 5 }, "email"],
    ["a nested wrong type", 422, { fields: { need: { a: 1 } } }, "fields.need"],
    ["an unknown key", 422, { firstName: "x", shoeSize: 44 }, "shoeSize"],
    ["an unknown field", 422, { firstName: "x", fields: { shoe: 44 } }, "fields.shoe"],
    ["a field of another type", 422, { firstName: "x", fields: { need: 44 } }, "fields.need"],
    ["an unknown part of BANT", 422, { firstName: "x", bant: { wish: "x" } }, "bant.wish"],
    ["a bad address", 422, { email: "not an address" }, "email"],
    ["NUL in a value", 422, { email: "nul@example.org", firstName: "a\u0000b" }, "firstName"],
    ["NUL in a key", 422, { firstName: "x", fields: { "a\u0000": "b" } }, "fields"],
    ["NUL in properties", 422, { firstName: "x", touches: [{ kind: "custom", props: { a: ["b\u0000"] } }] }, "touches[0].props.a[0]"],
    ["half a surrogate pair", 422, '{"firstName":"a\\ud800b"}', "firstName"],
    ["half a surrogate pair in a key", 422, '{"firstName":"a","touches":[{"kind":"custom","props":{"\\uDFFF":1}}]}', "touches[0].props"],
    ["a long text", 422, { firstName: "x".repeat(501) }, "firstName"],
    ["a long address", 422, { website: `https://${"x".repeat(2000)}` }, "website"],
    ["many tags", 422, { firstName: "x", tags: Array.from({ length: 101 }, (_, i) => `t${i}`) }, "tags"],
    ["many fields", 422, { firstName: "x", fields: big("f", 501) }, "fields"],
    ["many touches", 422, { firstName: "x", touches: Array.from({ length: 1001 }, () => ({ kind: "custom" })) }, "touches"],
    ["an unknown kind of touch", 422, { firstName: "x", touches: [{ kind: "sneeze" }] }, "touches[0].kind"],
    ["heavy properties", 422, { firstName: "x", touches: [{ kind: "custom", props: { a: "x".repeat(17_000) } }] }, "touches[0].props"],
    ["heavy nested properties", 422, { firstName: "x", touches: [{ kind: "custom", props: { a: [{ b: "x".repeat(17_000) }] } }] }, "touches[0].props"],
    ["a day that is none", 422, { firstName: "x", capturedAt: "2026-02-31" }, "capturedAt"],
    ["a time without zone", 422, { firstName: "x", capturedAt: "2026-02-01T10:00:00" }, "capturedAt"],
    ["a year nobody was alive", 422, { firstName: "x", capturedAt: "0000-01-01T00:00:00Z" }, "capturedAt"],
    ["33 levels", 422, `{"firstName":"x","touches":[{"kind":"custom","props":${deep(33)}}]}`],
    ["100,000 levels", 422, `{"firstName":"x","fields":${deep(100_000)}}`],
    ["__proto__ as a key", 422, '{"firstName":"x","__proto__":{"admin":true}}', "__proto__"],
    ["__proto__ in escapes", 422, '{"firstName":"x","fields":{"\\u005f_proto__":"x"}}', "fields.__proto__"],
    ["constructor as a field", 422, '{"firstName":"x","fields":{"constructor":"x"}}', "fields.constructor"],
    ["a number too large to be one", 422, '{"firstName":"x","fields":{"need":1e999}}', "fields.need"],
  ];
  test.each(cases)("%s", async (_what, status, body, path) => {
    const before = await countLeads();
    const answer = await capture(body);
    expect([answer.status, answer.body.title]).toEqual([status, expect.any(String)]);
    if (path !== undefined) expect(answer.body.errors.map((error: { path: string }) => error.path)).toContain(path);
    expect(await countLeads()).toBe(before);
  });

  test("a body that is not JSON by its type, or is packed, or is too large", async () => {
    for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/xml"]) {
      expect([type, (await capture("a=b", { "content-type": type })).status]).toEqual([type, 415]);
    }
    expect((await capture({ firstName: "x" }, { "content-encoding": "gzip" })).status).toBe(415);
    expect((await capture(`{"firstName":"${"x".repeat(1 << 20)}"}`)).status).toBe(413);
    expect((await at.api("POST", "/api/v1/leads/batch", `{"leads":["${"x".repeat(8 << 20)}"]}`)).status).toBe(413);
  });

  test("32 levels, a constructor among the properties and a whole pair of surrogates are fine", async () => {
    const props = `{"constructor":{"name":"x"},"toString":1,"smile":"\\ud83d\\ude00","deep":${deep(26)}}`;
    const { status, body } = await capture(`{"firstName":"caf\\u00e9","touches":[{"kind":"custom","props":${props}}]}`);
    expect([status, body.lead.firstName]).toEqual([201, "café"]);
  });

  test("consent and tags by any name are only data", async () => {
    const { status, body } = await capture(
      '{"firstName":"Names","consent":{"constructor":true,"toString":false},"tags":["__proto","\\"quoted\\"","a,b","{}","null"]}',
    );
    expect([status, body.lead.tags]).toEqual([201, ['"quoted"', "__proto", "a,b", "null", "{}"]]);
  });
});
