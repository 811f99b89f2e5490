import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE } from "../../../core/access/access.ts";
import { makePlan } from "../../../core/demo/plan.ts";
import { type Random, seeded } from "../../../core/demo/random.ts";
import { bindDb, createDatabase, type Database, type Db } from "../../db/db.ts";
import { createConfigs } from "../../flow/configs.ts";
import { uuidv7 } from "../../ids.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { randomLead, writeLeads } from "../../testing/random-leads.ts";
import { search } from "./search.service.ts";

/** The two thousand people of the demo workspace, found as somebody in a hurry types them. */
const END = Date.UTC(2026, 10, 20, 15);
const people = makePlan(seeded("names"), Math.floor(END / 86_400_000), END).leads.map(({ person }) => person);

let made: TestDatabase;
let database: Database;
let db: Db;
beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
  db = bindDb(database.pool, uuidv7());
  const [like] = fc.sample(randomLead, 1);
  await writeLeads(
    database,
    db.workspaceId,
    people.map(({ firstName, lastName, email, phone, company, namesCompany }) => ({
      ...(like as NonNullable<typeof like>),
      id: uuidv7(),
      firstName,
      lastName,
      email,
      phone,
      company: namesCompany ? company.name : null,
    })),
  );
});
afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

test("of 200 demo names typed wrong (a letter dropped, two swapped, one doubled, an accent lost or added), 95 in 100 come among the first three", async () => {
  const random = seeded("typos");
  const missed: string[] = [];
  for (let i = 0; i < 200; i++) {
    const { firstName, lastName } = people[(i * 997) % people.length] as (typeof people)[number];
    const name = `${firstName} ${lastName}`;
    const typed = MISTAKES[i % MISTAKES.length]?.(name, random) ?? name;
    const { items } = await search({ db, configs: createConfigs(), viewer: EVERYONE }, { q: typed, limit: 3 });
    if (!items.some(({ title }) => title === name)) missed.push(`${typed} → ${items.map(({ title }) => title).join(", ") || "nobody"}, not ${name}`);
  }
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(10);
});

/** Somewhere after the first letter, never at a space. */
function place(name: string, random: Random): number {
  for (;;) {
    const at = random.int(1, name.length - 2);
    if (name[at] !== " " && name[at + 1] !== " ") return at;
  }
}

const ACCENTS: Readonly<Record<string, string>> = { a: "á", e: "é", i: "í", o: "ö", u: "ü", n: "ñ", c: "ç", s: "š" };

const MISTAKES: readonly ((name: string, random: Random) => string)[] = [
  (name, random) => {
    const at = place(name, random);
    return name.slice(0, at) + name.slice(at + 1);
  },
  (name, random) => {
    const at = place(name, random);
    return name.slice(0, at) + (name[at + 1] ?? "") + (name[at] ?? "") + name.slice(at + 2);
  },
  (name, random) => {
    const at = place(name, random);
    return name.slice(0, at) + (name[at] ?? "") + name.slice(at);
  },
  (name) => {
    const plain = name.normalize("NFD").replaceAll(/\p{M}/gu, "");
    return plain === name ? name.replace(/[aeiouncs](?=[^ ])/, (letter) => ACCENTS[letter] ?? letter) : plain;
  },
];
