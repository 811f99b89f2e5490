import fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { EVERYONE } from "../../../core/access/access.ts";
import type { LeadState } from "../../../core/flow/state.ts";
import { bindDb, createDatabase, type Database, type Db, sql, workspace } from "../../db/db.ts";
import { createConfigs } from "../../flow/configs.ts";
import { uuidv7 } from "../../ids.ts";
import { type TestDatabase, testDatabase } from "../../testing/database.ts";
import { randomLead, writeLeads } from "../../testing/random-leads.ts";
import { search } from "./search.service.ts";

const FIRST =
  "Anna Andrea Antonia Beate Björn Carlos Charlotte Chloé Daniel Dörte Élodie Emil Erik Fátima Felix François Gabriel Günther Hannah Hélène Igor Ingrid Ismail Jan Jana Jörg José Julia Jürgen Karen Karin Katharina Kevin Lars Laura Łukasz Luis Maria Marie Mario Martin Martina Mehmet Michael Michaela Miguel Mikael Nadia Nicole Noël Olga Óscar Paul Paula Peter Petra Rafael Renée Robert Roberta Sabine Søren Stefan Stefanie Sven Tanja Thomas Tobias Ursula Uwe Vera Viktor Wolfgang Yusuf Zoë".split(
    " ",
  );
const LAST =
  "Ackermann Adler Åberg Albrecht Álvarez Bachmann Bauer Becker Bergström Bianchi Böhm Brandt Braun Brown Christensen Cohen Çelik Dąbrowski Dietrich Dubois Ebert Eriksson Fernández Fischer Fontaine Förster Frank Friedrich Fuchs García Garnier Gonzalez Graf Groß Günther Haas Hahn Hansen Hartmann Hernández Herrmann Hoffmann Horvath Huber Ivanov Jäger Jansen Jensen Johansson Kaiser Kaplan Keller Kaya Klein Koch Köhler Kowalski Krämer Kraus Krüger Kuhn Lang Larsen Lefèvre Lehmann Lindqvist López Lorenz Ludwig Maier Marino Martínez Mayer Meier Meyer Miller Möller Moreau Moretti Müller Nagy Neumann Nguyễn Nielsen Novák Nowak O'Brien Olsen Otto Öztürk Pavlov Pérez Peters Petersen Pfeiffer Pohl Ramírez Richter Ricci Rodríguez Romano Rossi Roth Rousseau Sánchez Sauer Schäfer Schmid Schmidt Schmitt Schneider Scholz Schröder Schubert Schulte Schultz Schulz Schulze Schumacher Schuster Schwarz Seidel Simon Smith Sommer Stein Svensson Szabó Thomsen Torres Tóth Virtanen Vogel Vogt Wagner Walter Weber Weiß Werner Winkler Winter Wójcik Wolf Yilmaz Zhang Ziegler Zimmermann".split(
    " ",
  );
const COMPANY =
  "Acme Alpenblick Baltic Borealis Cirrus Contoso Delta Ederan Fabrikam Globex Hansea Initech Juniper Kestrel Lumina Meridian Northwind Orbis Polaris Quanta Rheingold Solaris Tessera Umbra Vertex Wingtip Xenon Ypsilon Zephyr".split(
    " ",
  );

let made: TestDatabase;
let database: Database;
let db: Db;
let leads: readonly LeadState[];

beforeAll(async () => {
  made = await testDatabase();
  database = createDatabase(made.app, 2);
  db = bindDb(database.pool, uuidv7());
  leads = peopleNamed(3000);
  await writeLeads(database, db.workspaceId, leads);
  await writeLeads(database, uuidv7(), peopleNamed(500)); // the neighbour, whose leads must never be in an answer
});

afterAll(async () => {
  await database.pool.end();
  await made.drop();
});

/** Every first name meets every last name at most once. */
function peopleNamed(count: number): readonly LeadState[] {
  const [like] = fc.sample(randomLead, 1) as [LeadState];
  return Array.from({ length: count }, (_, i) => {
    const n = (i * 7919) % (FIRST.length * LAST.length);
    const [firstName, lastName] = [FIRST[n % FIRST.length] as string, LAST[Math.floor(n / FIRST.length)] as string];
    const company = `${COMPANY[i % COMPANY.length]} ${i % 2 === 0 ? "GmbH" : "Ltd"}`;
    return {
      ...like,
      id: uuidv7(),
      firstName,
      lastName,
      company,
      email: i % 3 === 0 ? null : `lead${i}@${(COMPANY[i % COMPANY.length] as string).toLowerCase()}.example`,
      phone: `+4930${100000 + i}`,
    };
  });
}

const found = async (q: string, limit?: number) =>
  (await search({ db, viewer: EVERYONE, configs: createConfigs() }, { q, ...(limit === undefined ? {} : { limit }) })).items;
const nameOf = (lead: LeadState): string => `${lead.firstName} ${lead.lastName}`;

type Typo = { readonly lead: LeadState; readonly typed: string };

/** A letter left out, two swapped, one doubled, or diacritics other than there are. */
const typo: fc.Arbitrary<Typo> = fc
  .record({ at: fc.nat(), who: fc.nat(), kind: fc.constantFrom("drop", "swap", "double", "plain", "accent"), turned: fc.boolean() })
  .map(({ at, who, kind, turned }) => {
    const lead = leads[who % leads.length] as LeadState;
    const name = turned ? `${lead.lastName} ${lead.firstName}` : nameOf(lead);
    const letters = Array.from(name);
    const i =
      [...letters.keys()].filter((k) => k > 0 && letters[k] !== " " && letters[k + 1] !== " " && k < letters.length - 1)[at % (letters.length - 4)] ?? 1;
    if (kind === "drop") letters.splice(i, 1);
    else if (kind === "swap") letters.splice(i, 2, letters[i + 1] as string, letters[i] as string);
    else if (kind === "double") letters.splice(i, 0, letters[i] as string);
    const typed = letters.join("");
    return {
      lead,
      typed:
        kind === "plain"
          ? typed.normalize("NFD").replace(/\p{M}/gu, "")
          : kind === "accent"
            ? typed.replace(/[aeo](?!.*[aeo])/u, (letter) => `${letter}\u0308`)
            : typed,
    };
  });

test("of 200 names with a typo, at least 95 in 100 bring the meant lead among the first three", async () => {
  const missed: string[] = [];
  for (const { lead, typed } of fc.sample(typo, 200)) {
    const items = await found(typed, 3);
    if (!items.some((item) => item.id === lead.id)) missed.push(`${typed} (${nameOf(lead)}): ${items.map((item) => item.title).join(", ")}`);
  }
  expect(missed.length, missed.join("\n")).toBeLessThanOrEqual(10);
});

test("two letters find names that begin with them", async () => {
  const items = await found("zi", 10);
  expect(items).toHaveLength(10);
  for (const item of items) expect(item.title).toMatch(/\bZi/);
});

test("words may come in any order, and case and diacritics do not matter", async () => {
  const lead = leads.find((one) => one.lastName === "Müller") as LeadState;
  for (const q of [`MULLER ${lead.firstName}`, `${lead.firstName}  müller`, `mu ${lead.firstName}`])
    expect((await found(q, 3)).map((item) => item.id)).toContain(lead.id);
});

test("a part of an address, a company and a telephone number in any spelling find their lead", async () => {
  const lead = leads[1234] as LeadState;
  const wanted = [lead.email as string, "lead1234@", "ead1234", lead.phone as string, "030 101 234", "0049 (30) 101234", `${lead.company} ${lead.lastName}`];
  for (const q of wanted)
    expect(
      (await found(q, 200)).map((item) => item.id),
      q,
    ).toContain(lead.id);
});

test("a whole word comes before words that only begin like it", async () => {
  expect((await found("jan", 5)).every((item) => /\bJan\b/.test(item.title))).toBe(true);
});

test("companies and opportunities are found beside leads", async () => {
  await db.execute(sql`
    insert into search_entry (workspace_id, type, id, title, detail, text)
    values (${workspace}, 'company', ${uuidv7()}, 'Zwölf Brüder', 'zwoelf.example', 'zwolf bruder zwoelf.example'), (${workspace}, 'opportunity', ${uuidv7()}, 'Zwölf Brüder: Umbau', 'demo', 'zwolf bruder: umbau')`);
  expect((await found("zwölf brüdre")).map((item) => item.type).sort()).toEqual(["company", "opportunity"]);
});

test("a word that nobody has does not hide the others", async () => {
  const lead = leads[77] as LeadState;
  expect((await found(`${nameOf(lead)} xyzzyqwv`, 5)).map((item) => item.id)).toContain(lead.id);
});

test("nothing typed finds nothing, and no text is an error", async () => {
  for (const q of ["", "   ", "%", "_", "\\", "\0", "'", "\ud800", "%%%%", "a%b_c\\d", "x".repeat(5000), "🙂", "((((", "a b c d e f g h i j k"])
    expect(Array.isArray(await found(q)), q).toBe(true);
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: "binary", maxLength: 30 }), async (q) => Array.isArray(await found(q))),
    { numRuns: 100 },
  );
});

test("a wrong limit is refused in words", async () => {
  await expect(found("anna", 201)).rejects.toMatchObject({ status: 422 });
});
