import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { defaultProcess } from "../../core/config/default-config.ts";
import type { Input, TouchInput } from "../../core/flow/input.ts";
import { keysOf } from "../../core/identity/identity.ts";
import { DAY_MS } from "../../core/time.ts";
import { sql, transact, workspace } from "../db/db.ts";
import { type TestFlow, testFlow } from "../testing/flow.ts";
import { uuidv7 } from "../ids.ts";
import type { Item, Outcome } from "./item.ts";
import { replayLead } from "./replay.ts";
import { startRescore } from "./rescore.ts";
import { workOffTimers } from "./timers.ts";

let flow: TestFlow;
beforeAll(async () => {
  flow = await testFlow();
});
afterAll(() => flow.close());

/** Five people who share some of their identities, so that inputs match two leads now and then. */
const identities = fc.record(
  {
    email: fc.constantFrom("ada@example.org", "grace@example.org", "Ada+news@example.org", "joan@example.net"),
    phone: fc.constantFrom("+4930901820", "+4930901821", "12 34"),
    externalId: fc.constantFrom("x1", "x2", "x3"),
    visitor: fc.constantFrom("v1", "v2"),
  },
  { requiredKeys: [] },
);
const touch: fc.Arbitrary<TouchInput> = fc.record({
  kind: fc.constantFrom("pageView", "contactRequest", "formSubmit", "mailOpen", "call", "download"),
  at: fc.option(
    fc.integer({ min: -500, max: 2 }).map((days) => Date.UTC(2026, 2, 2) + days * DAY_MS),
    { nil: null },
  ),
  props: fc.option(fc.constantFrom({ url: "/pricing/eu" }, { url: "/blog", kéy: "ÿ" }), { nil: null }),
});
const patch = fc.record(
  {
    firstName: fc.constantFrom("Ada", "Grace", "Ǆoan\t\\N\n"),
    lastName: fc.constantFrom("Lovelace", "Hopper"),
    company: fc.constantFrom("Analytical Engines", "Navy", "analytical  engines"),
    jobTitle: fc.constantFrom("Head of Mathematics", "Student", "Manager"),
    country: fc.constantFrom("DE", "SE"),
    source: fc.constantFrom("web", "referral"),
    fields: fc.constantFrom({ need: "speed" }, { interests: "looms", need: null }, { unknown: 1 }),
    bant: fc.constantFrom({ budget: "10k" }, { need: "yes", authority: "board" }),
    tags: fc.constantFrom(["b", "a"], []),
    consent: fc.constantFrom({ newsletter: true }, { newsletter: false, offers: true }),
  },
  { requiredKeys: [] },
);

type Happening =
  | {
      readonly what: "capture";
      readonly who: { email?: string; phone?: string; externalId?: string; visitor?: string };
      readonly patch: object;
      readonly touches: TouchInput[];
    }
  | { readonly what: "touches"; readonly lead: number; readonly touches: TouchInput[] }
  | { readonly what: "act"; readonly lead: number; readonly input: Input | "firstTask" | "won" }
  | { readonly what: "later"; readonly days: number }
  | { readonly what: "publish"; readonly which: number };

const act: fc.Arbitrary<Input | "firstTask" | "won"> = fc.oneof(
  patch.map((patch): Input => ({ kind: "edit", patch: patch as never })),
  fc
    .record({ stage: fc.constantFrom("mql", "sql", "inquiry", "recycled", "customer", "nowhere"), reason: fc.constantFrom(undefined, "because") })
    .map((input): Input => ({ kind: "stage", ...input })),
  fc.constant<Input>({ kind: "accept" }),
  fc.constant<Input>({ kind: "reject", reason: "too small" }),
  fc.constant<Input>({ kind: "assign", owner: "route" }),
  fc.constant<Input>({ kind: "convert", form: { nextMeeting: "2026-04-01T10:00:00Z", potentialValue: { amount: 500000, currency: "EUR" } } }),
  fc.constant("firstTask" as const),
  fc.constant("won" as const),
);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constant("capture" as const),
      who: identities,
      patch,
      touches: fc.array(touch, { maxLength: 3 }),
    }) as fc.Arbitrary<Happening>,
  },
  { weight: 4, arbitrary: fc.record({ what: fc.constant("touches" as const), lead: fc.nat(20), touches: fc.array(touch, { minLength: 1, maxLength: 4 }) }) },
  { weight: 6, arbitrary: fc.record({ what: fc.constant("act" as const), lead: fc.nat(20), input: act }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant("later" as const), days: fc.integer({ min: 1, max: 40 }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant("publish" as const), which: fc.nat(3) }) },
);

test("whatever happens to leads, their past replayed leads exactly to what the tables hold", { timeout: 240_000 }, async () => {
  let published = 0;
  let replayed = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(happening, { minLength: 10, maxLength: 40 }), async (story) => {
      for (const happening of story) published += await live(happening);
      await flow.door.drained();
      for (const { id } of await flow.db.query<{ id: string }>(sql`select id from lead where workspace_id = ${workspace}`)) {
        const result = await transact(flow, ({ db }) => replayLead(db, flow.configs, id), "repeatable read");
        expect(result.mismatches).toEqual([]);
        replayed += result.numbers;
      }
    }),
    { numRuns: 25 },
  );
  expect(published, "configurations published on the way").toBeGreaterThan(3);
  expect(replayed).toBeGreaterThan(500);
});

async function live(happening: Happening): Promise<number> {
  const { door, workspaceId } = flow;
  switch (happening.what) {
    case "capture": {
      const { visitor: _seen, ...known } = happening.who;
      const keys = keysOf(happening.who);
      const patch = { ...known, ...happening.patch };
      if (keys.length > 0) await submit({ kind: "capture", patch, touches: happening.touches }, { by: "keys", keys, only: null });
      return 0;
    }
    case "touches": {
      const id = await pick(happening.lead);
      if (id !== null) await door.leave(workspaceId, [item({ kind: "touches", touches: happening.touches }, { by: "lead", id })]);
      if (happening.lead % 2 === 0) await door.drained();
      return 0;
    }
    case "act": {
      const id = await pick(happening.lead);
      if (id !== null) await perform(id, happening.input);
      return 0;
    }
    case "later":
      flow.clock.now += happening.days * DAY_MS;
      await workOffTimers(flow);
      return 0;
    case "publish": {
      const number = await flow.publish((config) => ({
        ...config,
        acceptance: happening.which % 2 === 0,
        process: defaultProcess(happening.which % 2 === 0),
        model: { ...config.model, caps: { fit: 3000 + 500 * happening.which, engagement: 6000 } },
        definitions: [{ stage: "mql", version: happening.which + 2, criteria: { field: "score", op: "gte", value: 20 + 10 * happening.which } }],
      }));
      if (happening.which !== 3) await startRescore(flow, workspaceId, number);
      return 1;
    }
  }
}

async function perform(leadId: string, what: Input | "firstTask" | "won"): Promise<void> {
  if (what === "firstTask") {
    const [task] = await flow.db.query<{ id: string; key: string }>(
      sql`select id, key from task where workspace_id = ${workspace} and lead_id = ${leadId} and state = 'open' order by id limit 1`,
    );
    if (task !== undefined)
      await submit({ kind: "completeTask", taskId: task.id, result: task.key === "accept" ? "accept" : undefined, form: {} }, { by: "task", id: task.id });
    return;
  }
  if (what === "won") {
    const [opportunity] = await flow.db.query<{ id: string }>(
      sql`select id from opportunity where workspace_id = ${workspace} and lead_id = ${leadId} limit 1`,
    );
    if (opportunity !== undefined)
      await submit({ kind: "opportunityStage", opportunityId: opportunity.id, stage: "won" }, { by: "opportunity", id: opportunity.id });
    return;
  }
  await submit(what, { by: "lead", id: leadId });
}

async function submit(input: Input, target: Item["target"]): Promise<Outcome> {
  const outcome = await flow.door.submit(flow.workspaceId, item(input, target));
  if (outcome.kind === "held") throw new Error(`held: ${outcome.reason}`);
  return outcome;
}

function item(input: Input, target: Item["target"]): Item {
  return { inputId: uuidv7(), actor: "key:test", bearer: null, input, target, idempotency: null };
}

async function pick(which: number): Promise<string | null> {
  const rows = await flow.db.query<{ id: string }>(sql`select id from lead where workspace_id = ${workspace} order by id`);
  return rows.length === 0 ? null : (rows[which % rows.length] as { id: string }).id;
}
