import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";

let made: TestApp;
let clock = Date.UTC(2026, 2, 2, 9);

beforeAll(async () => {
  made = await testApp({ now: () => clock });
});
afterAll(() => made.close());

let visitor = 0;
/** As a browser would, from an address of its own. */
async function browser(
  method: "GET" | "POST" | "OPTIONS",
  url: string,
  payload?: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
  from = `10.1.${visitor >> 8}.${visitor++ & 255}`,
) {
  const type = payload === undefined ? {} : { "content-type": "application/x-www-form-urlencoded" };
  return made.app.fastify.inject({
    method,
    url,
    headers: { host: "baton.example", ...type, ...headers },
    remoteAddress: from,
    ...(payload === undefined ? {} : { payload }),
  });
}

async function defaultForm(): Promise<Json> {
  const { body } = await made.api("GET", "/api/v1/forms");
  return body.items[0];
}

async function leadOf(email: string): Promise<Json> {
  const { body } = await made.api("GET", `/api/v1/leads?filter=${encodeURIComponent(JSON.stringify({ field: "email", op: "eq", value: email }))}`);
  return body.items[0];
}

const encoded = (values: Readonly<Record<string, string>>) => new URLSearchParams(values).toString();

describe("forms", () => {
  test("every workspace has a default form, made once however many ask at once", async () => {
    const all = await Promise.all(Array.from({ length: 8 }, () => made.api("GET", "/api/v1/forms")));
    expect(new Set(all.map(({ body }) => body.items.map(({ id }: Json) => id).join()))).toHaveLength(1);
    expect(all[0]?.body.items[0]).toMatchObject({ isDefault: true, active: true, version: 1, consentVersion: 1 });
  });

  test("the page works without script: what is filled in becomes a scored lead with its touch, origin and proof of consent", async () => {
    const form = await defaultForm();
    const page = await browser("GET", `/f/${form.key}?utm_source=fair&utm_campaign=spring`);
    expect(page.statusCode).toBe(200);
    expect(page.headers["content-security-policy"]).toMatch(/default-src 'none'/);
    expect(page.body).not.toContain("<script");
    const stamp = /name="_t" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    expect(page.body).toContain('name="utm_source" value="fair"');
    clock += 20_000;
    const sent = await browser(
      "POST",
      `/f/${form.key}`,
      encoded({
        lastName: "Lovelace",
        firstName: "Ada",
        email: "ADA@Form.example",
        message: "Call me\r\nplease",
        consent: "yes",
        utm_source: "fair",
        utm_campaign: "spring",
        _t: stamp,
      }),
    );
    expect([sent.statusCode, sent.body.includes("Thank you")]).toEqual([200, true]);
    const lead = await leadOf("ada@form.example");
    expect(lead).toMatchObject({ firstName: "Ada", lastName: "Lovelace", source: "fair", campaign: "spring", stage: expect.any(String) });
    const rows = await made.house.database.pool.query("select props, kind from touch where lead_id = $1", [lead.id]);
    expect(rows.rows[0]).toMatchObject({
      kind: "formSubmit",
      props: { form: "Contact form", message: "Call me\nplease", utm_source: "fair", consent: { topic: "newsletter", version: 1, text: form.consent.text } },
    });
    expect((await defaultForm()).submissions).toMatchObject({ last30Days: 1, quarantined: 0 });
  });

  test("what is missing or wrong is said at its field, and nothing that was written is lost", async () => {
    const form = await defaultForm();
    const { statusCode, body } = await browser("POST", `/f/${form.key}`, encoded({ firstName: "<b>Ada</b>", email: "nobody" }));
    expect(statusCode).toBe(422);
    expect(body).toContain("Please fill in “Last name”.");
    expect(body).toContain('aria-invalid="true"');
    expect(body).toContain('value="&lt;b&gt;Ada&lt;/b&gt;"');
  });

  test("programs send JSON and are answered in JSON, beacons as text too", async () => {
    const form = await defaultForm();
    const json = await browser("POST", `/f/${form.key}`, JSON.stringify({ email: "json@form.example", lastName: "J" }), { "content-type": "application/json" });
    expect([json.statusCode, json.json()]).toEqual([200, { outcome: "received" }]);
    const beacon = await browser("POST", `/f/${form.key}`, JSON.stringify({ email: "beacon@form.example", lastName: "B" }), {
      "content-type": "text/plain;charset=UTF-8",
    });
    expect(beacon.statusCode).toBe(200);
    const wrong = await browser("POST", `/f/${form.key}`, "{", { "content-type": "application/json" });
    expect([wrong.statusCode, wrong.headers["content-type"]]).toEqual([400, "application/problem+json; charset=utf-8"]);
    expect(await leadOf("beacon@form.example")).toBeDefined();
  });

  test("what looks like a machine's is kept aside with its reason and answered like the rest; released, it is a lead", async () => {
    const form = await defaultForm();
    const trapped = await browser("POST", `/f/${form.key}`, encoded({ lastName: "Bot", email: "bot@form.example", fax_number: "1" }));
    expect(trapped.statusCode).toBe(200);
    const page = await browser("GET", `/f/${form.key}`);
    const stamp = /name="_t" value="([^"]+)"/.exec(page.body)?.[1] ?? "";
    clock += 300;
    await browser("POST", `/f/${form.key}`, encoded({ lastName: "Fast", email: "fast@form.example", _t: stamp }));
    expect(await leadOf("bot@form.example")).toBeUndefined();
    const { body } = await made.api("GET", "/api/v1/held");
    expect(body.items.map(({ reason, cause, about }: Json) => [cause, reason, about])).toEqual([
      ["quarantine", "It was sent 0.3 seconds after the page was opened; people take longer.", "Fast, fast@form.example"],
      ["quarantine", "A field that people do not see was filled in.", "Bot, bot@form.example"],
    ]);
    expect(body.items[0].by).toEqual({ actor: `form:${form.id}`, name: "Contact form" });
    const released = await made.api("POST", `/api/v1/held/${body.items[0].id}/replay`);
    expect(released.body).toMatchObject({ outcome: "created", held: { state: "replayed" } });
    expect(await leadOf("fast@form.example")).toMatchObject({ id: released.body.leadId });
  });

  test("an address that sends without pause is asked to wait; others are not", async () => {
    const form = await defaultForm();
    const statuses: number[] = [];
    for (let i = 0; i < 40; i++)
      statuses.push((await browser("POST", `/f/${form.key}`, encoded({ lastName: "N", email: `n${i}@form.example` }), {}, "10.9.9.9")).statusCode);
    expect(statuses.filter((status) => status === 429).length).toBeGreaterThan(3);
    const waiting = await browser("POST", `/f/${form.key}`, encoded({ lastName: "N" }), {}, "10.9.9.9");
    expect([waiting.statusCode, Number(waiting.headers["retry-after"]) > 0]).toEqual([429, true]);
    expect((await browser("POST", `/f/${form.key}`, encoded({ lastName: "N", email: "other@form.example" }))).statusCode).toBe(200);
  });

  test("websites that a form names may send and read; others may not", async () => {
    const form = (
      await made.api("POST", "/api/v1/forms", { name: "Embedded", origins: ["https://www.site.example"], redirect: "https://www.site.example/thanks" })
    ).body;
    const cors = { origin: "https://www.site.example" };
    const preflight = await browser("OPTIONS", `/f/${form.key}`, undefined, cors);
    expect([preflight.statusCode, preflight.headers["access-control-allow-origin"]]).toEqual([204, "https://www.site.example"]);
    const sent = await browser("POST", `/f/${form.key}`, encoded({ lastName: "S", email: "s@form.example" }), cors);
    expect([sent.statusCode, sent.headers["location"]]).toEqual([303, "https://www.site.example/thanks"]);
    const foreign = await browser("POST", `/f/${form.key}`, encoded({ lastName: "S", email: "x@form.example" }), { origin: "https://evil.example" });
    expect([foreign.statusCode, foreign.headers["access-control-allow-origin"]]).toEqual([403, undefined]);
    const page = await browser("GET", `/f/${form.key}`);
    expect(page.headers["content-security-policy"]).toContain("frame-ancestors 'self' https://www.site.example");
    expect(form.embed.html).toContain(`action="${form.url}"`);
  });

  test("a redirect leads nowhere but home or to a named website", async () => {
    for (const redirect of ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "https://www.site.example@evil.example/"]) {
      const { status, body } = await made.api("POST", "/api/v1/forms", { name: "R", origins: ["https://www.site.example"], redirect });
      expect([redirect, status, body.errors?.[0]?.path]).toEqual([redirect, 422, "redirect"]);
    }
  });

  test("a form is changed by its version, its consent counts its texts, and a new address closes the old one", async () => {
    const form = (await made.api("POST", "/api/v1/forms", { name: "Webinar" })).body;
    const edited = await made.api(
      "PATCH",
      `/api/v1/forms/${form.id}`,
      { consent: { topic: "webinar", text: "I agree.", required: true } },
      { "if-match": '"1"' },
    );
    expect(edited.body).toMatchObject({ version: 2, consentVersion: 2 });
    expect((await made.api("PATCH", `/api/v1/forms/${form.id}`, { title: "x" }, { "if-match": '"1"' })).status).toBe(412);
    const rotated = (await made.api("POST", `/api/v1/forms/${form.id}/rotate-key`)).body;
    clock += 10_000;
    expect(rotated.key).not.toBe(form.key);
    expect((await browser("GET", `/f/${rotated.key}`)).statusCode).toBe(200);
    expect((await browser("GET", `/f/${form.key}`)).statusCode).toBe(404);
    await made.api("PATCH", `/api/v1/forms/${form.id}`, { active: false });
  });

  test("hostile values in labels and in submissions are text, never markup, and never a fault of ours", async () => {
    const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>{{7*7}}`;
    const form = (
      await made.api("POST", "/api/v1/forms", {
        name: evil,
        title: evil,
        intro: evil,
        button: evil.slice(0, 60),
        fields: [
          { key: "email", label: evil, required: true, help: evil },
          { key: "message", label: "m", required: false },
        ],
        consent: { topic: "news", text: evil, required: false },
        thanks: { title: evil, text: evil },
      })
    ).body;
    const page = await browser("GET", `/f/${form.key}?utm_source=${encodeURIComponent(evil)}`);
    for (const { body } of [
      page,
      await browser("POST", `/f/${form.key}`, encoded({ email: evil, message: evil })),
      await browser("POST", `/f/${form.key}`, encoded({ email: "e@form.example", message: evil })),
    ])
      expect(body).not.toMatch(/<script|<img/);
    expect(form.embed.html).not.toMatch(/<script|<img/);
    for (const value of ["\u0000", "\ud800", "a".repeat(100_000), "‮gpj.exe", "%00", "😀".repeat(300)]) {
      const { statusCode } = await browser(
        "POST",
        `/f/${form.key}`,
        `email=${encodeURIComponent("u@form.example")}&message=${encodeURIComponent(value.toWellFormed())}`,
      );
      expect([200, 413, 422]).toContain(statusCode);
    }
    for (const body of ["a=b&".repeat(10_000), "=", "%", "email[]=1&__proto__=2", Buffer.from([0xff, 0xfe, 0])])
      expect((await browser("POST", `/f/${form.key}`, body)).statusCode).toBeLessThan(500);
    for (const body of ["[]", "null", "1", '{"email":{"a":1}}', '{"__proto__":{"email":"a@b.example"}}', '{"email":["x@form.example"],"constructor":1}']) {
      const { statusCode } = await browser("POST", `/f/${form.key}`, body, { "content-type": "application/json" });
      expect(statusCode).toBeLessThan(500);
    }
    for (const key of ["nope", "a".repeat(22), "%00", "..%2f.."]) expect((await browser("GET", `/f/${key}`)).statusCode).toBeLessThan(500);
  });
});
