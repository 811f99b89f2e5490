/** What the benches count and read must be right before what they measure can be. */
import { expect, test } from "vitest";
import { configProblems } from "../src/core/config/config-problems.ts";
import { normalizePhone } from "../src/core/identity/phone.ts";
import { figureOf, median, percentile, table } from "./figures.ts";
import { fullConfig } from "./full-config.ts";
import { replyOf, requestOf } from "./load.ts";
import { NAMES, readOptions } from "./options.ts";
import { mistyped, person } from "./people.ts";

test("the median is the middle value, or what lies between the two middle ones", () => {
  expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([7])]).toEqual([2, 2.5, 7]);
  expect(() => median([])).toThrow();
});

test("a percentile is a value that was measured", () => {
  const sorted = Array.from({ length: 200 }, (_, i) => i + 1);
  expect([percentile(sorted, 0.5), percentile(sorted, 0.95), percentile(sorted, 0.99), percentile(sorted, 1), percentile([], 0.5)]).toEqual([
    100, 190, 198, 200, 0,
  ]);
});

test("a figure is ok when its ratio reaches the floor and everything else holds", () => {
  const measured = { name: "capture", unit: "leads/s", floor: 0.6, product: [590, 600, 700], reference: [1000, 1000, 900] };
  expect(figureOf(measured)).toMatchObject({ value: 600, reference: 1000, ratio: 0.6, ok: true });
  expect(figureOf({ ...measured, floor: 0.61 }).ok).toBe(false);
  expect(figureOf(measured, {}, false).ok).toBe(false);
  expect(table([figureOf(measured, {}, false)])).toContain("MISSED");
});

test("a reply is whole when head and body are there, in whatever pieces they came", () => {
  const text = 'HTTP/1.1 201 Created\r\nContent-Length: 4\r\nx: y\r\n\r\n"ü"';
  const bytes = Buffer.from(text);
  for (let i = 0; i < bytes.length; i++) expect(replyOf(bytes.subarray(0, i))).toBeNull();
  expect(replyOf(bytes)).toEqual({ status: 201, length: bytes.length });
  expect(replyOf(Buffer.concat([bytes, bytes]))).toEqual({ status: 201, length: bytes.length });
  expect(() => replyOf(Buffer.from("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"))).toThrow("content-length");
});

test("a request says its length in bytes", () => {
  const bytes = requestOf({ method: "POST", path: "/lead", body: { name: "Zoë" } }).toString();
  expect(bytes).toContain("content-length: 15\r\n");
  expect(bytes.endsWith('\r\n\r\n{"name":"Zoë"}')).toBe(true);
  expect(requestOf({ method: "GET", path: "/x", apiKey: "k" }).toString()).toBe("GET /x HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer k\r\n\r\n");
});

test("people are always the same, never alike, and have telephones that exist", () => {
  const people = Array.from({ length: 20_000 }, (_, i) => person(i));
  expect(person(4711)).toEqual(people[4711]);
  for (const read of [(one: ReturnType<typeof person>) => one.email, (one: ReturnType<typeof person>) => one.phone])
    expect(new Set(people.map(read)).size).toBe(people.length);
  expect(new Set(people.map(({ firstName, lastName }) => `${firstName} ${lastName}`)).size).toBeGreaterThan(10_000);
  for (const { phone } of people.slice(0, 100)) expect(normalizePhone(phone, null)).toBe(phone);
});

test("a slip keeps the first letter and changes something", () => {
  for (let i = 0; i < 200; i++) {
    const { firstName, lastName } = person(i);
    const typed = mistyped(`${firstName} ${lastName}`, i);
    expect(typed[0]).toBe(firstName[0]);
    expect(Math.abs(typed.length - firstName.length - lastName.length - 1)).toBeLessThanOrEqual(1);
  }
  expect(mistyped("Al", 1)).toBe("Al");
});

test("the full configuration is sound and as full as promised", () => {
  const users = Array.from({ length: 24 }, (_, i) => ({ id: `00000000-0000-7000-8000-0000000000${10 + i}`, name: `Rep ${i}`, active: true }));
  for (const variant of [0, 1, 2]) expect(configProblems(fullConfig(users, variant))).toEqual([]);
  const { model, definitions, teams, fields } = fullConfig(users);
  expect(model.rules.length).toBeGreaterThanOrEqual(40);
  expect([definitions.length, fields.length, teams.map(({ members }) => members.length)]).toEqual([4, 10, [8, 8, 8]]);
  expect(new Set(model.rules.map(({ kind }) => kind))).toEqual(new Set(["field", "signal", "filled", "age"]));
});

test("without names every bench runs; what nobody knows is refused in words", () => {
  expect(readOptions(["--quick", "--json"])).toMatchObject({ names: NAMES, json: true, scale: { leads: 200_000 } });
  expect(readOptions(["search", "capture"])).toMatchObject({ names: ["capture", "search"], json: false, scale: { leads: 1_000_000 } });
  expect(readOptions(["--leads", "5000"])).toMatchObject({ scale: { leads: 5000 } });
  for (const words of [["capturing"], ["--slow"], ["--leads", "many"], ["--rounds", "0"]]) expect(readOptions(words)).toContain("npm run bench");
});
