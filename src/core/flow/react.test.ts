import { describe, expect, test } from "vitest";
import { compileConfig } from "../config/compile.ts";
import { defaultConfig } from "../config/default-config.ts";
import type { Input } from "./input.ts";
import { CycleError } from "./react.ts";
import { ADA, BEN, CEM, configWith, days, FAINT, newStory, NOON, openTasks, PROMISING, refused, run, take, taken, USERS } from "../testing/story.ts";

const CONTACT_REQUEST: Input = { kind: "touches", touches: [{ kind: "contactRequest", at: null, props: null }] };

describe("routing", () => {
  test("deals in turn among the active members and records what was dealt", () => {
    const dealt = { sales: 0 };
    const owners = [1, 2, 3, 4].map(() => {
      const story = newStory();
      Object.assign(story.dealt, dealt);
      const lead = taken(story, PROMISING);
      dealt.sales = story.dealt["sales"] as number;
      expect(story.facts.find((fact) => fact.type === "lead.assigned")?.data).toEqual({
        from: null,
        owner: lead.ownerId,
        rule: "everyone",
        pool: "sales",
        of: 2,
        index: dealt.sales - 1,
        config: 1,
      });
      return lead.ownerId;
    });
    expect(owners).toEqual([ADA, BEN, ADA, BEN]);
  });

  test("a lead that no rule takes goes to the fallback queue, and its tasks to who answers for it", () => {
    const config = defaultConfig(USERS);
    const story = newStory(compileConfig({ ...config, routing: { ...config.routing, rules: [] } }, 1));
    const lead = taken(story, PROMISING);
    expect([lead.ownerId, lead.team]).toEqual([null, "Unassigned"]);
    expect(lead.tasks.every((task) => task.ownerId === ADA)).toBe(true);
  });

  test("a lead can be given to an active user only; its open tasks go with it", () => {
    const story = newStory();
    taken(story, PROMISING);
    expect(refused(story, { kind: "assign", owner: CEM }).detail).toContain("not active");
    expect(refused(story, { kind: "assign", owner: "nobody" }).status).toBe(422);
    const given = taken(story, { kind: "assign", owner: BEN, reason: "knows them" });
    expect(given.tasks.every((task) => task.ownerId === BEN)).toBe(true);
    expect(taken(story, { kind: "assign", owner: "route" }).ownerId).toBe(BEN);
  });
});

describe("imported history", () => {
  const past: Input = {
    kind: "import",
    importId: "01900000-0000-7000-8000-00000000aaaa",
    row: 1,
    history: true,
    capturedAt: NOON - days(50),
    stage: "mql",
    stageAt: NOON - days(40),
    patch: { email: "old@example.com", jobTitle: "CEO", company: "Old" },
  };

  test("rests: no owner, tasks, timers and definitions; the stage stands at its date", () => {
    const story = newStory();
    const lead = taken(story, past);
    expect([lead.resting, lead.stage, lead.stageAt, lead.capturedAt, lead.ownerId, lead.tasks, lead.timers, lead.met]).toEqual([
      true,
      "mql",
      NOON - days(40),
      NOON - days(50),
      null,
      [],
      {},
      [],
    ]);
    expect(taken(story, { kind: "look" }).resting).toBe(true);
    expect(taken(story, { kind: "edit", patch: { city: "Bonn" } })).toMatchObject({ resting: true, tasks: [], timers: {} });
  });

  test("wakes by a new touch", () => {
    const story = newStory();
    taken(story, past);
    const awake = taken(story, CONTACT_REQUEST);
    expect(awake.resting).toBe(false);
    expect(awake.timers["score"]).toBeGreaterThan(NOON);
  });

  test("wakes when a person starts a stage, with that stage's tasks", () => {
    const story = newStory();
    taken(story, past);
    const awake = taken(story, { kind: "stage", stage: "mql" });
    expect([awake.resting, awake.passes["mql"], openTasks(awake)]).toEqual([false, 2, ["welcome", "connect", "call"]]);
  });

  test("with a won date becomes a customer then, and the same row again changes nothing", () => {
    const story = newStory();
    const won: Input = { ...past, opportunity: { name: "Deal", amount: 500, currency: "EUR", wonAt: NOON - days(20) } };
    const lead = taken(story, won);
    expect([lead.stage, lead.stageAt, lead.opportunities[0]?.wonAt]).toEqual(["customer", NOON - days(20), NOON - days(20)]);
    const again = take(story, won);
    expect(again).toMatchObject({ kind: "done", outcome: "unchanged", facts: [] });
    expect(again.kind === "done" && again.state.opportunities.length).toBe(1);
  });

  test("an entry dated before the last one is kept and flagged", () => {
    const story = newStory();
    taken(story, past);
    taken(story, { ...past, row: 2, stage: "sql", stageAt: NOON - days(45) } as Input);
    expect(story.facts.findLast((fact) => fact.stage === "sql")).toMatchObject({ at: NOON - days(45), data: { from: "mql", outOfOrder: true } });
  });
});

describe("an edit", () => {
  test("made on another version is refused with 412", () => {
    const story = newStory();
    const lead = taken(story, FAINT);
    expect(refused(story, { kind: "edit", patch: { city: "Bonn" }, ifVersion: lead.version + 1 }).status).toBe(412);
    expect(taken(story, { kind: "edit", patch: { city: "Bonn" }, ifVersion: lead.version })).toMatchObject({ city: "Bonn", version: lead.version + 1 });
  });

  test("that says what is there already changes nothing but the number", () => {
    const story = newStory();
    const lead = taken(story, PROMISING);
    const same = take(story, { kind: "edit", patch: { company: "Example", fields: {}, tags: [], consent: {} } });
    expect(same).toMatchObject({
      kind: "done",
      outcome: "unchanged",
      facts: [],
      state: { number: lead.number + 1, version: lead.version, updatedAt: lead.updatedAt },
    });
  });

  test("of fields that this workspace does not define is refused, naming each; nothing is written", () => {
    const story = newStory();
    taken(story, FAINT);
    const wrong = refused(story, { kind: "edit", patch: { city: "Bonn", fields: { interests: 7, shoeSize: 43 } } });
    expect(wrong.errors.map((error) => error.path)).toEqual(["fields.interests", "fields.shoeSize"]);
  });

  test("keeps consents under any name, also those that objects are born with", () => {
    const story = newStory();
    taken(story, FAINT);
    const consent = JSON.parse('{"__proto__": true, "constructor": true, "mail": false}') as Record<string, boolean>;
    const lead = taken(story, { kind: "edit", patch: { consent } });
    expect(Object.keys(lead.consent).toSorted()).toEqual(["__proto__", "constructor", "mail"]);
    expect(take(story, { kind: "edit", patch: { consent } })).toMatchObject({ outcome: "unchanged" });
  });

  test("keeps the source that a capture named first; an edit may replace it", () => {
    const story = newStory();
    taken(story, { kind: "capture", patch: { email: "a@b.de", source: "fair" }, touches: [] });
    expect(taken(story, { kind: "capture", patch: { source: "web", city: "Bonn" }, touches: [] })).toMatchObject({ source: "fair", city: "Bonn" });
    expect(taken(story, { kind: "edit", patch: { source: "web" } }).source).toBe("web");
  });

  test("an e-mail that is somebody else's fills an empty place only, and the suspicion is a fact", () => {
    const story = newStory();
    taken(story, FAINT);
    const reaction = take(story, { kind: "capture", patch: { email: "other@example.com", phone: "+4930901820" }, touches: [] }, [
      { kind: "email", value: "other@example.com", leadId: BEN },
      { kind: "phone", value: "+4930901820", leadId: BEN },
    ]);
    expect(reaction).toMatchObject({ kind: "done", state: { email: "eve@example.com", phone: "+4930901820" } });
    expect(story.facts.filter((fact) => fact.type === "lead.duplicateSuspected").map((fact) => fact.data["other"])).toEqual([BEN, BEN]);
  });
});

describe("a status", () => {
  test("that a stage does not know is refused", () => {
    const story = newStory();
    taken(story, PROMISING);
    expect(refused(story, { kind: "stage", stage: "mql", status: "dead" }).errors[0]?.path).toBe("status");
    expect(refused(story, { kind: "stage", stage: "recycled", status: "dead", reason: "x" }).status).toBe(422);
    expect(refused(story, { kind: "stage", stage: "recycled" }).errors[0]?.path).toBe("reason");
  });

  test.each([
    ["call", null, "working"],
    ["meeting", null, "working"],
    ["mailSent", { oneToOne: true }, "working"],
    ["mailSent", null, "new"],
    ["pageView", null, "new"],
  ] as const)("after a logged %s %j is %s", (kind, props, status) => {
    const story = newStory();
    taken(story, PROMISING);
    expect(taken(story, { kind: "touches", touches: [{ kind, at: null, props }] }).status).toBe(status);
  });
});

test("touches count at their own time, and one from the future at its receipt", () => {
  const story = newStory();
  const reaction = take(story, {
    kind: "touches",
    touches: [
      { kind: "pageView", at: NOON + 5, props: null },
      { kind: "pageView", at: NOON - days(3), props: null },
    ],
  });
  expect(reaction).toMatchObject({
    kind: "done",
    touches: [
      { at: NOON, claimedAt: NOON + 5 },
      { at: NOON - days(3), claimedAt: null },
    ],
  });
});

test("definitions that lead in a circle end after 32 rounds in an error that names where", () => {
  const config = defaultConfig(USERS);
  const stages = config.stages.map((stage) =>
    ["rejected", "recycled", "churned"].includes(stage.id) ? { ...stage, entry: "definition" as const, statuses: ["nurture" as const] } : stage,
  );
  const circle = compileConfig(
    {
      ...config,
      stages,
      definitions: [
        { stage: "churned", version: 1, criteria: { field: "stage", op: "eq", value: "recycled" } },
        { stage: "recycled", version: 1, criteria: { field: "stage", op: "eq", value: "rejected" } },
        { stage: "rejected", version: 1, criteria: { field: "stage", op: "eq", value: "churned" } },
      ],
    },
    1,
  );
  const story = newStory(circle);
  taken(story, FAINT);
  expect(() => take(story, { kind: "stage", stage: "rejected", reason: "?" })).toThrow(CycleError);
  expect(story.state?.stage).toBe("inquiry");
});

test("time never runs backwards for a lead", () => {
  const story = newStory();
  const lead = taken(story, PROMISING);
  story.now -= 5001;
  expect(taken(story, { kind: "edit", patch: { city: "Bonn" } }).updatedAt).toBe(lead.updatedAt);
});

test("an unknown stage is refused with the list of those there are", () => {
  const story = newStory();
  taken(story, FAINT);
  expect(refused(story, { kind: "stage", stage: "heaven" }).detail).toContain("inquiry, mql, sql");
  expect(
    run(
      configWith(),
      null,
      { kind: "import", importId: BEN, row: 1, patch: {}, history: false, stage: "heaven" },
      { leadId: BEN, inputId: BEN, now: NOON, actor: "x", contested: [] },
      () => ({ kind: "deal", index: 0 }),
    ).kind,
  ).toBe("refused");
});
