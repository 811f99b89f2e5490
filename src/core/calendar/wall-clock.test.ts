import { expect, test } from "vitest";
import { wallClock } from "./wall-clock.ts";

test("a moment is shown as the zone's clock has it, in summer and in winter and in halves and quarters of hours", () => {
  const berlin = wallClock("Europe/Berlin");
  expect(berlin(Date.UTC(2026, 0, 15, 12, 0, 5))).toBe("2026-01-15 13:00:05");
  expect(berlin(Date.UTC(2026, 6, 15, 12))).toBe("2026-07-15 14:00:00");
  expect(berlin(Date.UTC(2026, 2, 29, 0, 59, 59))).toBe("2026-03-29 01:59:59");
  expect(berlin(Date.UTC(2026, 2, 29, 1))).toBe("2026-03-29 03:00:00");
  expect(wallClock("Asia/Kathmandu")(Date.UTC(2026, 0, 1, 20))).toBe("2026-01-02 01:45:00");
  expect(wallClock("UTC")(Date.UTC(1999, 11, 31, 23, 59, 59, 900))).toBe("1999-12-31 23:59:59");
});
