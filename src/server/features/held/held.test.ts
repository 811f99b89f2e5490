import { afterAll, beforeAll, expect, test } from "vitest";
import { type Json, type TestApp, testApp } from "../../testing/app.ts";
import { runDoctor } from "../doctor/doctor.service.ts";
import { quarantine } from "./held.service.ts";
import { actIn } from "../workspaces/doorman.service.ts";
import { keysOf } from "../../../core/identity/identity.ts";

let made: TestApp;

beforeAll(async () => {
  made = await testApp();
});
afterAll(() => made.close());

async function hold(email: string, key: string | null = null, hash = ""): Promise<string> {
  const { house, workspaceId } = made;
  const patch = { email, firstName: "Ada", addTags: ["fair"] };
  const touches = [{ kind: "formSubmit", at: null, props: { form: "x" } }];
  const item = {
    inputId: house.newId(),
    actor: "key:test",
    bearer: null,
    input: { kind: "capture", patch, touches },
    target: { by: "keys", keys: keysOf(patch), only: null },
    idempotency: key === null ? null : { key, hash },
  } as const;
  return quarantine(actIn(house, workspaceId, "key:test"), item, "looked odd");
}

test("a held input shows what came as a capture would be written, and is replayed as it came", async () => {
  const id = await hold("one@held.example");
  const { body } = await made.api("GET", `/api/v1/held/${id}`);
  expect(body).toMatchObject({ state: "held", cause: "quarantine", editable: true, reason: "looked odd", about: "Ada, one@held.example", outcome: null });
  expect(body.payload).toEqual({ email: "one@held.example", firstName: "Ada", tags: ["fair"], touches: [{ kind: "formSubmit", props: { form: "x" } }] });
  const done = await made.api("POST", `/api/v1/held/${id}/replay`);
  expect(done.body).toMatchObject({ outcome: "created", held: { state: "replayed", outcome: { mended: false, leadId: done.body.leadId } } });
  expect((await made.api("GET", `/api/v1/leads/${done.body.leadId}`)).body).toMatchObject({ email: "one@held.example", tags: ["fair"] });
});

test("mended, it goes through as mended, and what came stays the record", async () => {
  const id = await hold("tow@held.example");
  const done = await made.api("POST", `/api/v1/held/${id}/replay`, { payload: { email: "two@held.example", lastName: "Lovelace" } });
  expect(done.body.held).toMatchObject({ payload: { email: "tow@held.example" }, outcome: { mended: true } });
  expect((await made.api("GET", `/api/v1/leads/${done.body.leadId}`)).body).toMatchObject({ email: "two@held.example" });
  const wrong = await hold("three@held.example");
  expect((await made.api("POST", `/api/v1/held/${wrong}/replay`, { payload: { email: "none" } })).status).toBe(422);
  expect((await made.api("POST", `/api/v1/held/${wrong}/replay`, { payload: { nonsense: 1 } })).status).toBe(422);
  expect((await made.api("GET", `/api/v1/held/${wrong}`)).body.state).toBe("held");
});

test("twice at once goes through once", async () => {
  const id = await hold("four@held.example");
  const answers = await Promise.all(Array.from({ length: 6 }, () => made.api("POST", `/api/v1/held/${id}/replay`)));
  expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(200));
  expect(new Set(answers.map(({ body }) => body.leadId))).toHaveLength(1);
  const { rows } = await made.house.database.pool.query("select count(*)::int as n from intake where lead_id = $1 and kind = 'capture'", [
    answers[0]?.body.leadId,
  ]);
  expect(rows[0].n).toBe(1);
});

test("whoever was answered 'held' and repeats with the same key gets the lead once it is mended", async () => {
  const { requestHash } = await import("../../http/request-hash.ts");
  const sent = { email: "five@held.example", firstName: "Ada" };
  const id = await hold("five@held.example", "caller-5", requestHash("POST", "/api/v1/leads", sent));
  const repeat = () => made.api("POST", "/api/v1/leads", sent, { "idempotency-key": "caller-5" });
  expect(await repeat()).toMatchObject({ status: 202, body: { outcome: "held", intakeId: id } });
  const done = await made.api("POST", `/api/v1/held/${id}/replay`);
  expect(await repeat()).toMatchObject({ status: 201, body: { outcome: "created", lead: { id: done.body.leadId } }, headers: { "idempotent-replay": "true" } });
});

test("a dismissed input is kept with who and why, and comes back no more", async () => {
  const id = await hold("six@held.example");
  const before = (await made.api("GET", "/api/v1/held/count")).body;
  const gone = await made.api("POST", `/api/v1/held/${id}/dismiss`, { reason: "spam" });
  expect(gone.body).toMatchObject({ state: "dismissed", outcome: { reason: "spam", leadId: null } });
  expect((await made.api("POST", `/api/v1/held/${id}/replay`)).status).toBe(409);
  expect((await made.api("GET", "/api/v1/held/count")).body.held).toBe(before.held - 1);
  const ids = (await made.api("GET", "/api/v1/held?state=dismissed")).body.items.map((item: Json) => item.id);
  expect(ids).toContain(id);
});

test("a dismissal is taken back as if it had not been: the input waits again, and is sent through once", async () => {
  const id = await hold("seven@held.example");
  const before = (await made.api("GET", `/api/v1/held/${id}`)).body;
  await made.api("POST", `/api/v1/held/${id}/dismiss`, { reason: "spam" });
  const takeBack = () => made.api("POST", `/api/v1/held/${id}/take-back`);
  const answers = await Promise.all([takeBack(), takeBack()]);
  expect(answers.map(({ status }) => status)).toEqual([200, 200]);
  expect((await made.api("GET", `/api/v1/held/${id}`)).body).toEqual(before);
  expect((await made.api("POST", `/api/v1/held/${id}/dismiss`, { reason: "a test" })).body.outcome.reason).toBe("a test");
  await takeBack();
  expect((await made.api("POST", `/api/v1/held/${id}/replay`)).status).toBe(200);
  expect((await takeBack()).status).toBe(409);
  expect((await made.api("POST", `/api/v1/held/${made.house.newId()}/take-back`)).status).toBe(404);
});

test("the list goes by pages, and unknown, foreign and nonsense ids are not found", async () => {
  for (let i = 0; i < 5; i++) await hold(`page${i}@held.example`);
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null;) {
    const { body }: { body: Json } = await made.api("GET", `/api/v1/held?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
    seen.push(...body.items.map((item: Json) => item.id));
    cursor = body.nextCursor;
  }
  expect(new Set(seen).size).toBe(seen.length);
  expect(seen.length).toBeGreaterThanOrEqual(6);
  for (const id of ["nope", made.house.newId()]) expect((await made.api("GET", `/api/v1/held/${id}`)).status).toBe(404);
  expect((await made.api("GET", "/api/v1/held?cursor=zzz")).status).toBe(422);
});

test("the laws hold afterwards, replay included", async () => {
  expect((await runDoctor(made.house, { replay: 50 })).violations).toEqual([]);
});
