import { describe, expect, test } from "vitest";
import { type DayRow, type DayTask, staysAfter } from "./day-rows.ts";

const row = (section: DayRow["section"], task: Partial<DayTask> | null): DayRow => ({
  id: "1",
  section,
  leadId: "2",
  task: task as DayTask | null,
  lead: null,
  why: null,
  at: "2026-03-05T09:00:00Z",
});

describe("when a lead went back", () => {
  test("its steps of the process go, and what somebody made himself stays", () => {
    expect(staysAfter("return", row("now", { own: false, delegated: false }))).toBe(false);
    expect(staysAfter("return", row("now", { own: false, delegated: true }))).toBe(false);
    expect(staysAfter("return", row("now", { own: true, delegated: false }))).toBe(true);
  });
  test("it is fresh and waiting no more, but as hot as before", () => {
    expect((["fresh", "waiting", "hot"] as const).map((section) => staysAfter("return", row(section, null)))).toEqual([false, false, true]);
  });
});

test("when a lead is given away, its steps go along, but not what is one's own or was delegated", () => {
  expect(staysAfter("assign", row("now", { own: false, delegated: false }))).toBe(false);
  expect(staysAfter("assign", row("now", { own: false, delegated: true }))).toBe(true);
  expect(staysAfter("assign", row("now", { own: true, delegated: false }))).toBe(true);
  expect(staysAfter("assign", row("hot", null))).toBe(false);
});
