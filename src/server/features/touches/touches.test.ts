/** Touches over HTTP. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";

let at: TestApp;

beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

async function send(touches: unknown, headers?: Record<string, string>) {
  const answer = await at.api("POST", "/api/v1/touches", { touches }, headers);
  await at.house.door.drained();
  return answer;
}

const leadOf = async (email: string) =>
  (await at.api("GET", `/api/v1/leads?filter=${encodeURIComponent(JSON.stringify({ field: "email", op: "eq", value: email }))}`)).body.items[0];

test("touches make and warm a lead", async () => {
  const { status, body } = await send([
    { kind: "pageView", email: "Walker@Example.org", props: { url: "https://us.example/pricing" } },
    { kind: "formSubmit", email: "walker@example.org" },
  ]);
  expect([status, body]).toEqual([202, { accepted: 2, ignored: [] }]);
  const lead = await leadOf("walker@example.org");
  expect(lead.scores.engagement).toBe(19);
  await send([{ kind: "contactRequest", lead: lead.id }]);
  expect((await leadOf("walker@example.org")).scores.engagement).toBe(59);
});

test("a touch of an unknown kind, of nobody or of nobody there is ignored with its reason; the others count", async () => {
  const { body } = await send([
    { kind: "sneeze", email: "odd@example.org" },
    { kind: "pageView" },
    { kind: "pageView", email: "odd@example.org" },
    { kind: "pageView", lead: "00000000-0000-7000-8000-000000000000" },
    { kind: "pageView", lead: "7" },
    { kind: "pageView", email: "not an address" },
    { kind: "pageView", visitor: "v-1" },
  ]);
  expect(body.accepted).toBe(2);
  expect(body.ignored.map(({ index }: { index: number }) => index)).toEqual([0, 1, 3, 4, 5]);
  expect(body.ignored[0].why).toContain('"sneeze" is no kind of touch');
  expect(body.ignored[1].why).toContain("nobody");
});

test("a touch with an id counts once, however often it is sent", async () => {
  for (let i = 0; i < 3; i++)
    await send([
      { id: "once", kind: "formSubmit", email: "once@example.org" },
      { id: "once", kind: "formSubmit", email: "once@example.org" },
    ]);
  expect((await leadOf("once@example.org")).scores.engagement).toBe(10);
});

test("an idempotency key makes a repeat harmless, also without ids", async () => {
  const touches = [
    { kind: "formSubmit", email: "idem@example.org" },
    { kind: "formSubmit", email: "idem2@example.org" },
  ];
  await send(touches, { "idempotency-key": "t" });
  const again = await send(touches, { "idempotency-key": "t" });
  expect([again.body.accepted, again.headers["idempotent-replay"]]).toEqual([2, "true"]);
  expect((await leadOf("idem@example.org")).scores.engagement).toBe(10);
  expect((await send([{ kind: "formSubmit", email: "idem@example.org" }], { "idempotency-key": "t" })).status).toBe(422);
});

test("what is not touches is refused as a whole", async () => {
  for (const touches of [
    7,
    [7],
    [{}],
    [{ kind: 7 }],
    [{ kind: "pageView", at: "soon", email: "a@b.example" }],
    [{ kind: "pageView", shoe: 1 }],
    [{ kind: "pageView", props: [] }],
    Array.from({ length: 1001 }, () => ({ kind: "pageView", visitor: "v" })),
  ]) {
    expect((await send(touches)).status).toBe(422);
  }
  expect((await send([])).body).toEqual({ accepted: 0, ignored: [] });
});
