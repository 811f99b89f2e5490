/** What a persona must do, asked over HTTP: the answer is what happens when somebody does it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { testApp, type TestApp } from "../../testing/app.ts";

let at: TestApp;
beforeAll(async () => {
  at = await testApp();
});
afterAll(() => at.close());

const reach = (score: number | string, values?: object | string) =>
  at.api(
    "GET",
    `/api/v1/scoring/reach?score=${score}${values === undefined ? "" : `&values=${encodeURIComponent(typeof values === "string" ? values : JSON.stringify(values))}`}`,
  );

test("the smallest sets for a persona lead just there when they happen", async () => {
  const persona = { jobTitle: "Director of Operations", company: "Fairhall" };
  const { body } = await reach(50, persona);
  expect(body).toMatchObject({ threshold: 50, touches: 1, exact: true, more: false });
  expect(body.sets[0]).toEqual({ touches: [{ facet: "contactRequest", what: "contact request", count: 1 }], score: expect.any(Number) });
  const { lead } = (await at.api("POST", "/api/v1/leads", { email: "fair@fairhall.example", ...persona })).body;
  // The address is one more thing known than the persona has.
  expect(lead.score).toBeCloseTo(body.score + 1.43, 1);
  const after = (await at.api("POST", "/api/v1/leads", { email: "fair@fairhall.example", touches: [{ kind: "contactRequest" }] })).body.lead;
  expect(after.score - lead.score).toBeCloseTo(body.sets[0].score - body.score, 6);
  expect(after.stage).toBe("mql");
});

test("nothing is needed where the values are enough, and nothing helps above the ceiling", async () => {
  expect((await reach(20, { jobTitle: "CEO" })).body).toMatchObject({ touches: 0, sets: [{ touches: [] }] });
  expect((await reach(101)).body).toMatchObject({ touches: null, sets: [], exact: true });
});

test.each([
  ["no number", "many", undefined],
  ["no JSON", "50", "{"],
  ["a list", "50", "[]"],
  ["an unknown field", "50", { shoeSize: 43 }],
  ["a field that nobody fills in", "50", { stage: "mql" }],
  ["a number for a text", "50", { jobTitle: 7 }],
])("%s is refused with what to do", async (_, score, values) => {
  const { status, body } = await reach(score, values);
  expect([status, body.errors.length]).toEqual([422, 1]);
});
