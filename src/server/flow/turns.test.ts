import { afterAll, beforeAll, expect, test } from "vitest";
import { type Db, sql, workspace } from "../db/db.ts";
import { type TestFlow, testFlow } from "../testing/flow.ts";
import type { Door } from "./door.ts";
import type { Item } from "./item.ts";

let flow: TestFlow;
let elsewhere: Door;
beforeAll(async () => {
  flow = await testFlow();
  elsewhere = flow.doorOfAnotherProcess();
});
afterAll(() => flow.close());

let people = 0;
function hot(): Item {
  const item = flow.capture({ email: `turn${people++}@example.org`, jobTitle: "Director", company: "Turns Inc" });
  return { ...item, input: { ...item.input, touches: [{ kind: "contactRequest", at: null, props: null }] } as Item["input"] };
}

const fail = (db: Db): void => db.post(sql`insert into source (workspace_id, key, first_seen) values (${workspace}, null, now())`);

test("numbers dealt ahead come without gap or double, one process after the other", async () => {
  for (let round = 0; round < 8; round++) await Promise.all(Array.from({ length: 12 }, () => flow.door.submit(flow.workspaceId, hot())));
  await expectEveryNumberOnce();
});

test("a batch that fails after its numbers were dealt takes nobody's turn, however many were dealt after it", async () => {
  const failing = Array.from({ length: 6 }, () => flow.door.submitMany(flow.workspaceId, [hot(), hot()], { alongside: fail }).catch((error: unknown) => error));
  const going = Array.from({ length: 30 }, () => flow.door.submit(flow.workspaceId, hot()));
  await Promise.all(failing);
  expect((await Promise.all(going)).every((outcome) => outcome.kind === "done" && outcome.lead.ownerId !== null)).toBe(true);
  await expectEveryNumberOnce();
});

test("a number that another process has dealt meanwhile is not dealt again", async () => {
  for (let round = 0; round < 5; round++) {
    await flow.door.submit(flow.workspaceId, hot());
    await elsewhere.submit(flow.workspaceId, hot());
  }
  await Promise.all(Array.from({ length: 60 }, (_, i) => (i % 2 === 0 ? flow.door : elsewhere).submit(flow.workspaceId, hot())));
  await expectEveryNumberOnce();
});

/** Facts and the pool's row agree, and every member got the same number of leads within one. */
async function expectEveryNumberOnce(): Promise<void> {
  const dealt = await flow.db.query<{ index: number; owner: string }>(sql`
    select (data->>'index')::int as index, data->>'owner' as owner from fact where workspace_id = ${workspace} and type = 'lead.assigned' order by 1`);
  const [pool] = await flow.db.query<{ dealt: number }>(sql`select dealt from pool where workspace_id = ${workspace}`);
  expect(dealt.map(({ index }) => index)).toEqual(Array.from({ length: pool?.dealt ?? -1 }, (_, i) => i));
  const counts = [...Map.groupBy(dealt, ({ owner }) => owner).values()].map((group) => group.length);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
}
