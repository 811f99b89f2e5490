import { describe, expect, test } from "vitest";
import { dayOf, isWorkday } from "./calendar.ts";
import { LANDS } from "./lands.ts";
import { LEADS, makePlan } from "./plan.ts";
import { seeded, seededId } from "./random.ts";
import { makeStory } from "./story.ts";
import * as words from "./words.ts";

const END = Date.UTC(2026, 10, 19, 13, 20);
const DESK = { manager: "user:m", customerSuccess: "c" };
const plan = makePlan(seeded("hallvik"), dayOf(END), END);

describe("who comes when", () => {
  test("the same moment and seed give the same story, another seed another one", () => {
    const summary = (seed: string): string => JSON.stringify(makeStory(END, DESK, seed));
    expect(summary("hallvik")).toBe(summary("hallvik"));
    expect(summary("hallvik")).not.toBe(summary("other"));
  });

  test.each(["2026-11-16T05:10:00Z", "2026-11-21T23:50:00Z", "2026-11-22T12:00:00Z", "2027-01-01T00:00:30Z", "2028-02-29T12:00:00Z"])(
    "a story that ends at %s stays before its end",
    (text) => {
      const end = Date.parse(text);
      const { first, plans } = makeStory(end, DESK);
      expect(plans).toHaveLength(LEADS);
      expect(Math.max(...first.map(({ at }) => at))).toBeLessThan(end);
      expect(first.every(({ at }) => Number.isInteger(at))).toBe(true);
    },
  );

  test("some 350 companies have names and domains of their own, all under .example", () => {
    const domains = plan.companies.map(({ domain }) => domain);
    expect(new Set(domains).size).toBe(350);
    expect(new Set(plan.companies.map(({ name }) => name)).size).toBe(350);
    expect(domains.filter((domain) => !/^[a-z0-9-]+\.example$/.test(domain))).toEqual([]);
  });

  test("names, numbers and cities are those of the person's country", () => {
    for (const { person } of plan.leads) {
      const { land, city } = person.company;
      expect([...land.women, ...land.men]).toContain(person.firstName);
      expect(land.families).toContain(person.lastName);
      expect(land.cities).toContain(city);
      if (person.phone !== null)
        expect(
          land.phones.some((pattern) => new RegExp(`^${pattern.replace("+", "\\+").replaceAll("#", "\\d")}$`).test(person.phone ?? "")),
          person.phone,
        ).toBe(true);
      if (person.email !== null) expect(person.email).toMatch(/^[a-z0-9.-]+@[a-z0-9-]+\.example$/);
    }
  });

  test("no two people have an address in common, and a number only where one came twice", () => {
    const emails = plan.leads.flatMap(({ person }) => (person.email === null ? [] : [person.email]));
    expect(emails.length - new Set(emails).size).toBeLessThan(4);
    const phones = plan.leads.filter(({ again }) => !again).flatMap(({ person }) => (person.phone === null ? [] : [person.phone]));
    expect(new Set(phones).size).toBe(phones.length);
  });

  test("every country's numbers are written with its own prefix", () => {
    const prefixes: Record<string, string> = {
      SE: "+46",
      NO: "+47",
      DK: "+45",
      FI: "+358",
      DE: "+49",
      AT: "+43",
      CH: "+41",
      PL: "+48",
      NL: "+31",
      BE: "+32",
      FR: "+33",
      GB: "+44",
      IE: "+353",
      PT: "+351",
    };
    for (const { code, phones } of LANDS) expect(phones.filter((phone) => !phone.startsWith(prefixes[code] ?? "?"))).toEqual([]);
  });
});

test("webinars are on working days, and fair visitors come on fair days", () => {
  for (const { day } of plan.market.webinars) expect(isWorkday(day)).toBe(true);
  for (const { source, at, cohort } of plan.leads)
    if (source === "trade_show" && cohort === "usual") expect(plan.market.fairs.some(({ first, last }) => dayOf(at) >= first && dayOf(at) <= last)).toBe(true);
});

test("people write in more than a hundred and twenty different sentences", () => {
  const texts = Object.values(words).flatMap((value) => (typeof value === "function" ? [] : Array.isArray(value) ? value : Object.values(value).flat()));
  const sentences = new Set(texts.filter((text): text is string => typeof text === "string" && text.includes(" ")));
  expect(sentences.size).toBeGreaterThanOrEqual(120);
});

test("a seeded id is a UUIDv7 of its moment", () => {
  const random = seeded("ids");
  const ids = Array.from({ length: 1000 }, () => seededId(random, END));
  expect(new Set(ids).size).toBe(1000);
  expect(ids.every((id) => /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(id))).toBe(true);
  expect(Number.parseInt((ids[0] as string).replaceAll("-", "").slice(0, 12), 16)).toBe(END);
});
