import { expect, test } from "vitest";
import { daysAround } from "./days.ts";
import { nextDue } from "./repeat.ts";

const at = (text: string): number => Date.parse(text);
const iso = (ms: number | null): string | null => (ms === null ? null : new Date(ms).toISOString());

test("a daily reminder stays at nine by the wall clock when the clocks change", () => {
  const repeat = { every: "day", interval: 1, zone: "Europe/Berlin" } as const;
  expect(iso(nextDue(repeat, at("2026-03-28T08:00:00Z"), at("2026-03-28T10:00:00Z")))).toBe("2026-03-29T07:00:00.000Z");
});

test("a weekday reminder skips the weekend, and what was missed is not made up for", () => {
  const repeat = { every: "weekday", interval: 1, zone: "UTC" } as const;
  expect(iso(nextDue(repeat, at("2026-03-06T09:00:00Z"), at("2026-03-06T09:00:00Z")))).toBe("2026-03-09T09:00:00.000Z");
  expect(iso(nextDue(repeat, at("2026-03-02T09:00:00Z"), at("2026-03-12T10:00:00Z")))).toBe("2026-03-13T09:00:00.000Z");
});

test("the 31st becomes a month's last day and the 31st again", () => {
  const repeat = { every: "month", interval: 1, zone: "UTC" } as const;
  expect(iso(nextDue(repeat, at("2026-01-31T09:00:00Z"), at("2026-01-31T10:00:00Z")))).toBe("2026-02-28T09:00:00.000Z");
  expect(iso(nextDue(repeat, at("2026-01-31T09:00:00Z"), at("2026-03-01T10:00:00Z")))).toBe("2026-03-31T09:00:00.000Z");
});

test("a rule ends with its last day", () => {
  expect(nextDue({ every: "week", interval: 2, until: "2026-03-15", zone: "UTC" }, at("2026-03-02T09:00:00Z"), at("2026-03-02T10:00:00Z"))).toBeNull();
});

test("the last working day before a Monday is Friday, by the workspace's clock", () => {
  const { today, lastWorkday, weekEnd } = daysAround(at("2026-03-09T02:00:00Z"), "America/New_York");
  expect(iso(today)).toBe("2026-03-08T05:00:00.000Z");
  expect(iso(lastWorkday)).toBe("2026-03-06T05:00:00.000Z");
  expect(iso(weekEnd)).toBe("2026-03-15T04:00:00.000Z");
});
