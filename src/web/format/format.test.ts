import { beforeAll, expect, test } from "vitest";
import { formatMoney, formatRelative, formatSpan, formatWhen, initialsOf, leadName, minorUnits, useWorkspaceFormats } from "./format.ts";

beforeAll(() => useWorkspaceFormats({ locale: "en-GB", timezone: "Europe/Berlin", currency: "EUR" }));

const NOW = Date.parse("2026-11-24T12:00:00Z");

test("moments are told briefly in the workspace's zone", () => {
  expect(formatWhen("2026-11-24T13:02:00Z", NOW)).toBe("14:02");
  expect(formatWhen("2026-11-23T08:15:00Z", NOW)).toBe("yesterday 09:15");
  expect(formatWhen("2026-11-24T23:30:00Z", NOW)).toBe("tomorrow 00:30");
  expect(formatWhen("2026-11-27T09:00:00Z", NOW)).toBe("Fri 10:00");
  expect(formatWhen("2026-11-03T09:00:00Z", NOW)).toBe("3 Nov");
  expect(formatWhen("2024-11-03T09:00:00Z", NOW)).toBe("3 Nov 2024");
});

test("spans and distances", () => {
  const minutes = (count: number): string => formatSpan(count * 60_000);
  expect([minutes(0.5), minutes(40), minutes(72), minutes(120), minutes(60 * 24), minutes(60 * 24 * 9)]).toEqual([
    "< 1 m",
    "40 m",
    "1 h 12 m",
    "2 h",
    "24 h",
    "9 d",
  ]);
  expect([formatRelative("2026-11-24T11:20:00Z", NOW), formatRelative("2026-11-24T15:00:00Z", NOW)]).toEqual(["40 m ago", "in 3 h"]);
});

test("money is minor units on the wire and major ones on the screen", () => {
  expect(formatMoney({ amount: 1_250_050, currency: "EUR" })).toBe("€12,500.50");
  expect(formatMoney({ amount: 1_200_000, currency: "EUR" })).toBe("€12,000");
  expect(formatMoney({ amount: 1200, currency: "JPY" })).toBe("JP¥1,200");
  const typed = ["1250", "1,250.50", "1.250,50", "1 250,5", "12,500", "1'250.00", "€ 99.9", "", "abc"];
  expect(typed.map((text) => minorUnits(text, "EUR"))).toEqual([125_000, 125_050, 125_050, 125_050, 1_250_000, 125_000, 9990, null, null]);
  expect(minorUnits("1,200", "JPY")).toBe(1200);
});

test("names of any script have initials, and a lead without a name is called by what is known", () => {
  expect(["Anna Lindholm", "Олена Шевченко", "Łucja", "Pieter van den Berg", "  ", "42"].map(initialsOf)).toEqual(["AL", "ОШ", "Ł", "PB", "?", "?"]);
  expect(leadName({ firstName: null, lastName: null, email: null, company: { name: "Nordfrakt AB" } })).toBe("Nordfrakt AB");
});
