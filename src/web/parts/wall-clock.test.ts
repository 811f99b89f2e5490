import { expect, test } from "vitest";
import { momentInZone, wallClock } from "./wall-clock.ts";

test("a moment is shown as the clock of the zone says, and typed back to the same moment", () => {
  expect(wallClock("2026-07-01T12:00:00Z", "Europe/Berlin")).toBe("2026-07-01T14:00");
  expect(wallClock("2026-12-31T23:30:00Z", "Asia/Kolkata")).toBe("2027-01-01T05:00");
  for (const zone of ["UTC", "Europe/Berlin", "America/New_York", "Asia/Kolkata", "Pacific/Chatham"])
    for (const moment of ["2026-01-15T08:45:00.000Z", "2026-07-15T22:10:00.000Z", "2026-03-29T05:00:00.000Z", "2026-10-25T05:00:00.000Z"])
      expect(momentInZone(wallClock(moment, zone), zone), `${moment} ${zone}`).toBe(moment);
});

test("an hour that summer leaves out is taken as the one after", () => {
  expect(["2026-03-29T00:30:00.000Z", "2026-03-29T01:30:00.000Z"]).toContain(momentInZone("2026-03-29T02:30", "Europe/Berlin"));
});
