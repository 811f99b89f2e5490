import { describe, expect, test } from "vitest";
import type { Input } from "../flow/input.ts";
import { acceptanceOn, ADA, BEN, CEM, days, FAINT, newStory, NOON, openTasks, PROMISING, refused, type Story, take, taken, taskId } from "../testing/story.ts";

const CONTACT_REQUEST: Input = { kind: "touches", touches: [{ kind: "contactRequest", at: null, props: null }] };

describe("the default process (S1)", () => {
  test("a capture that meets the definition is an MQL at once, with an owner and three next steps", () => {
    const story = newStory();
    const lead = taken(story, PROMISING);
    expect([lead.stage, lead.status, lead.ownerId, lead.team]).toEqual(["mql", "new", ADA, "sales"]);
    expect(lead.scores.total).toBeGreaterThanOrEqual(5000);
    expect(lead.tasks.map(({ key, state, stage, pass, ownerId, dueAt }) => ({ key, state, stage, pass, ownerId, dueAt }))).toEqual([
      { key: "welcome", state: "open", stage: "mql", pass: 1, ownerId: ADA, dueAt: NOON + 24 * 3_600_000 },
      { key: "connect", state: "open", stage: "mql", pass: 1, ownerId: ADA, dueAt: NOON + 48 * 3_600_000 },
      { key: "call", state: "open", stage: "mql", pass: 1, ownerId: ADA, dueAt: NOON + 24 * 3_600_000 },
    ]);
    expect(story.facts.map((fact) => fact.type)).toEqual(["lead.created", "stage.entered", "lead.assigned"]);
    expect(stages(story)).toEqual(["inquiry", "mql"]);
  });

  test("a capture that does not meet it waits at inquiry without owner and tasks", () => {
    const lead = taken(newStory(), FAINT);
    expect([lead.stage, lead.status, lead.ownerId, lead.tasks]).toEqual(["inquiry", "new", null, []]);
  });

  test.each(["welcome", "connect", "call"])("completing %s adds Qualify once; the other first tasks stay open and optional", (first) => {
    const story = newStory();
    const lead = taken(story, PROMISING);
    const one = taken(story, { kind: "completeTask", taskId: taskId(lead, first) });
    expect(one.status).toBe("working");
    expect(openTasks(one)).toEqual([...["welcome", "connect", "call"].filter((key) => key !== first), "qualify"]);
    const second = openTasks(one)[0] as string;
    const two = taken(story, { kind: "completeTask", taskId: taskId(one, second) });
    expect(two.tasks.filter((task) => task.key === "qualify")).toHaveLength(1);
  });

  test("Qualify with its seven fields moves to SQL, gives the lead to the one named, and adds Convert", () => {
    const story = newStory();
    const lead = taken(story, { kind: "completeTask", taskId: taskId(taken(story, PROMISING), "call") });
    const form = {
      businessCase: "More of it",
      productSuggestions: "A",
      potentialValue: { amount: 120_000, currency: "EUR" },
      expectedCloseDate: "2026-06-30",
      salesChannel: "direct",
      assigneesGroup: "sales",
      owner: BEN,
    };
    const sql = taken(story, { kind: "completeTask", taskId: taskId(lead, "qualify"), form });
    expect([sql.stage, sql.status, sql.ownerId]).toEqual(["sql", "working", BEN]);
    expect(openTasks(sql)).toEqual(["welcome", "connect", "convert"]);
    expect(sql.tasks.filter((task) => task.state === "open").every((task) => task.ownerId === BEN)).toBe(true);
    expect(sql.tasks.find((task) => task.key === "qualify")).toMatchObject({ state: "done", result: "done", form, doneBy: "user:test" });
  });

  test("a form with an answer that does not fit is refused with every path, and nothing moves", () => {
    const story = newStory();
    const lead = taken(story, { kind: "completeTask", taskId: taskId(taken(story, PROMISING), "call") });
    const wrong = refused(story, {
      kind: "completeTask",
      taskId: taskId(lead, "qualify"),
      form: { potentialValue: { amount: 1.5, currency: "EUR" }, expectedCloseDate: "2026-02-30", owner: CEM, assigneesGroup: "nobody", what: "?" },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.errors.map((error) => error.path)).toEqual([
      "form.what",
      "form.potentialValue",
      "form.expectedCloseDate",
      "form.assigneesGroup",
      "form.owner",
    ]);
  });

  test("Convert makes company, contacts and an opportunity; a filled next meeting opens it at presentation", () => {
    const story = sqlStory();
    const reaction = take(story, {
      kind: "completeTask",
      taskId: taskId(story.state as never, "convert"),
      form: { nextMeeting: "2026-04-01T09:00:00Z", opportunityOwner: BEN },
    });
    if (reaction.kind !== "done") throw new Error(reaction.detail);
    const lead = reaction.state;
    expect([lead.stage, lead.status, lead.ownerId]).toEqual(["opportunity", "converted", BEN]);
    expect(reaction.companies).toEqual([{ id: lead.companyId, name: "Example", domain: "example.com", createdAt: lead.opportunities[0]?.createdAt }]);
    expect(lead.opportunities).toHaveLength(1);
    expect(lead.opportunities[0]).toMatchObject({
      stage: "presentation",
      name: "Example",
      ownerId: BEN,
      companyId: lead.companyId,
      nextMeeting: Date.UTC(2026, 3, 1, 9),
    });
    expect(lead.contacts.map(({ role, companyId, opportunityId }) => [role, companyId !== null, opportunityId !== null])).toEqual([
      ["contact", true, false],
      ["primary", false, true],
    ]);
  });

  test("without a next meeting the opportunity opens at discovery, with what Qualify knew", () => {
    const story = newStory();
    const lead = taken(story, { kind: "completeTask", taskId: taskId(taken(story, PROMISING), "call") });
    const sql = taken(story, {
      kind: "completeTask",
      taskId: taskId(lead, "qualify"),
      form: { potentialValue: { amount: 99_00, currency: "USD" }, expectedCloseDate: "2026-07-01" },
    });
    const won = taken(story, { kind: "completeTask", taskId: taskId(sql, "convert"), form: { businessCase: "yes" } });
    expect(won.opportunities[0]).toMatchObject({ stage: "discovery", amount: 9900, currency: "USD", closeDate: "2026-07-01" });
  });

  test("a company that is known by its name is joined, not made again", () => {
    const story = sqlStory();
    story.companies["Example"] = "01900000-0000-7000-8000-00000000cccc";
    const reaction = take(story, { kind: "convert", form: {} });
    expect(reaction).toMatchObject({ kind: "done", companies: [], state: { companyId: "01900000-0000-7000-8000-00000000cccc" } });
  });

  test("won makes a customer; lost needs a reason and loses the lead only when nothing else is open", () => {
    const story = sqlStory();
    taken(story, { kind: "convert", form: {}, name: "One" });
    const two = taken(story, { kind: "convert", form: {}, name: "Two" });
    const [one, other] = two.opportunities.map((opportunity) => opportunity.id) as [string, string];
    for (const reason of [undefined, "", "  "])
      expect(refused(story, { kind: "opportunityStage", opportunityId: one, stage: "lost", reason }).status).toBe(422);
    expect(taken(story, { kind: "opportunityStage", opportunityId: one, stage: "lost", reason: "price" }).stage).toBe("opportunity");
    expect(taken(story, { kind: "opportunityStage", opportunityId: other, stage: "lost", reason: "price" })).toMatchObject({ stage: "lost", status: "dead" });
    expect(taken(story, { kind: "opportunityStage", opportunityId: one, stage: "won" })).toMatchObject({ stage: "customer", status: "converted" });
    expect(refused(story, { kind: "opportunityStage", opportunityId: one, stage: "nowhere" }).status).toBe(422);
    expect(refused(story, { kind: "opportunityStage", opportunityId: ADA, stage: "won" }).status).toBe(404);
  });

  test("starting a stage again opens pass two with its tasks anew; the former pass's open tasks are superseded", () => {
    const story = newStory();
    const first = taken(story, PROMISING);
    const again = taken(story, { kind: "stage", stage: "mql" });
    expect(again.passes).toEqual({ inquiry: 1, mql: 2 });
    expect(again.tasks.map((task) => [task.key, task.state, task.pass])).toEqual([
      ["welcome", "superseded", 1],
      ["connect", "superseded", 1],
      ["call", "superseded", 1],
      ["welcome", "open", 2],
      ["connect", "open", 2],
      ["call", "open", 2],
    ]);
    expect(refused(story, { kind: "completeTask", taskId: taskId(first, "call") }).status).toBe(409);
    const called = taken(story, { kind: "completeTask", taskId: taskId(again, "call") });
    expect(called.tasks.at(-1)).toMatchObject({ key: "qualify", pass: 2, state: "open" });
  });

  test("a task that was left open does not take back a lead that has come further", () => {
    const story = newStory();
    const lead = taken(story, { kind: "completeTask", taskId: taskId(taken(story, PROMISING), "call") });
    taken(story, { kind: "convert", form: {} });
    const late = taken(story, { kind: "completeTask", taskId: taskId(lead, "qualify") });
    expect([late.stage, late.status]).toEqual(["opportunity", "converted"]);
    expect(late.tasks.find((task) => task.key === "qualify")?.state).toBe("done");
  });
});

describe("acceptance", () => {
  test("off: sal is hidden and there is nothing to accept", () => {
    const story = newStory();
    taken(story, PROMISING);
    expect(refused(story, { kind: "accept" }).status).toBe(422);
    expect(refused(story, { kind: "stage", stage: "sal" }).detail).toContain("hidden");
  });

  test("on: at mql there is Accept or return; accepting moves to sal, where the three tasks stand, working", () => {
    const story = newStory(acceptanceOn());
    const mql = taken(story, PROMISING);
    expect([mql.stage, mql.status, openTasks(mql)]).toEqual(["mql", "new", ["accept"]]);
    const sal = taken(story, { kind: "accept" });
    expect([sal.stage, sal.status, openTasks(sal)]).toEqual(["sal", "working", ["welcome", "connect", "call"]]);
    const called = taken(story, { kind: "completeTask", taskId: taskId(sal, "call") });
    expect(called.tasks.at(-1)).toMatchObject({ key: "qualify", stage: "sal" });
    expect(taken(story, { kind: "completeTask", taskId: taskId(called, "qualify") }).stage).toBe("sql");
    expect(refused(story, { kind: "accept" }).status).toBe(409);
  });

  test("on: accepting through the task is the same", () => {
    const story = newStory(acceptanceOn());
    const mql = taken(story, PROMISING);
    expect(refused(story, { kind: "completeTask", taskId: taskId(mql, "accept") }).errors[0]?.path).toBe("result");
    expect(taken(story, { kind: "completeTask", taskId: taskId(mql, "accept"), result: "accept" }).stage).toBe("sal");
  });

  test("a return needs a reason, by the task and by hand", () => {
    const story = newStory(acceptanceOn());
    const mql = taken(story, PROMISING);
    expect(refused(story, { kind: "completeTask", taskId: taskId(mql, "accept"), result: "return" }).errors[0]?.path).toBe("reason");
    expect(refused(story, { kind: "reject", reason: " " }).errors[0]?.path).toBe("reason");
    const rejected = taken(story, { kind: "reject", reason: "a student" });
    expect([rejected.stage, rejected.status, openTasks(rejected)]).toEqual(["rejected", "nurture", []]);
    expect(rejected.tasks[0]).toMatchObject({ key: "accept", state: "done", result: "return" });
    expect(story.facts.findLast((fact) => fact.stage === "rejected")?.data["reason"]).toBe("a student");
  });

  test("an acceptance that was left open does not take back a lead that has come further", () => {
    const story = newStory(acceptanceOn());
    taken(story, PROMISING);
    taken(story, { kind: "stage", stage: "sql" });
    expect(taken(story, { kind: "accept" }).stage).toBe("sql");
  });
});

describe("a returned lead", () => {
  test("does not bounce back while it keeps meeting the definition, and enters a new pass when it meets it anew", () => {
    const story = newStory(acceptanceOn());
    taken(story, PROMISING);
    taken(story, { kind: "reject", reason: "too early" });
    expect(taken(story, { kind: "touches", touches: [{ kind: "pageView", at: null, props: null }] }).stage).toBe("rejected");
    story.now += days(100);
    const faded = taken(story, { kind: "timer", purposes: ["score"] });
    expect([faded.stage, faded.met]).toEqual(["rejected", []]);
    const back = taken(story, CONTACT_REQUEST);
    expect([back.stage, back.passes["mql"], openTasks(back)]).toEqual(["mql", 2, ["accept"]]);
  });

  test("that is dead stays where it is", () => {
    const story = newStory();
    taken(story, PROMISING);
    taken(story, { kind: "reject", reason: "out of business", status: "dead" });
    story.now += days(100);
    taken(story, { kind: "timer", purposes: ["score"] });
    expect(taken(story, CONTACT_REQUEST)).toMatchObject({ stage: "rejected", status: "dead" });
  });

  test("keeps its stage when the definition is no longer met: no definition takes a stage away", () => {
    const story = newStory();
    taken(story, PROMISING);
    story.now += days(120);
    const later = taken(story, { kind: "timer", purposes: ["score"] });
    expect(later.stage).toBe("mql");
    expect(later.scores.total).toBeLessThan(5000);
  });
});

function stages(story: Story): readonly string[] {
  return story.facts.flatMap((fact) => (fact.stage === null ? [] : [fact.stage]));
}

function sqlStory(): Story {
  const story = newStory();
  taken(story, PROMISING);
  taken(story, { kind: "stage", stage: "sql" });
  return story;
}
