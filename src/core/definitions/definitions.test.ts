/** Definitions as people sign them: the text, who may sign, how texts differ, and patterns in what became of leads. */
import { describe, expect, test } from "vitest";
import { defaultConfig } from "../config/default-config.ts";
import { configProblems } from "../config/config-problems.ts";
import { compileConfig } from "../config/compile.ts";
import { asksOf, definitionsChanged, type DefinitionText, liveText, sameText, withDefinition } from "./definition.ts";
import { differenceOf, linesOf, type Words } from "./difference.ts";
import { chanceOf, patternsIn } from "./patterns.ts";
import { judge, type Signer, signingInForce } from "./signing.ts";

const config = defaultConfig([]);
const text: DefinitionText = {
  label: "Marketing qualified",
  meaning: "Sales would call.",
  owner: "Marketing",
  criteria: { field: "score", op: "gte", value: 60 },
  answers: ["bant.need"],
  exits: [{ stage: "recycled", when: "too early" }],
};

describe("a definition", () => {
  test("asks for its criteria and that its answers are known", () => {
    expect(asksOf({ criteria: text.criteria })).toBe(text.criteria);
    expect(asksOf(text)).toEqual({ and: [text.criteria, { field: "bant.need", op: "isEmpty", value: false }] });
    const next = withDefinition(config, "mql", 2, text);
    expect(configProblems(next)).toEqual([]);
    expect(compileConfig(next, 2).bounds).toEqual([6000]);
  });

  test("comes into force with its label, and another stage's stands beside it", () => {
    const next = withDefinition(withDefinition(config, "mql", 2, { ...text, label: "Ripe" }), "sql", 1, { ...text, label: "Ready" });
    expect(next.stages.find(({ id }) => id === "mql")?.label).toBe("Ripe");
    expect(next.definitions.map(({ stage, version }) => [stage, version])).toEqual([
      ["mql", 2],
      ["sql", 1],
    ]);
    expect(sameText(liveText(next, "sql"), { ...text, label: "Ready" })).toBe(true);
    expect(definitionsChanged(config, next)).toEqual(["mql", "sql"]);
    expect(definitionsChanged(next, structuredClone(next))).toEqual([]);
  });

  test("names answers and exits that there are", () => {
    const wrong = withDefinition(config, "mql", 2, {
      ...text,
      answers: ["bant.need", "bant.need", "score", "touches.call", "fields.none"],
      exits: [{ stage: "sql", when: "x" }],
    });
    expect(configProblems(wrong).map(({ path }) => path)).toEqual([
      "definitions[0].answers[1]",
      "definitions[0].answers[2]",
      "definitions[0].answers[3]",
      "definitions[0].answers[4]",
      "definitions[0].exits[0].stage",
    ]);
  });

  test("of a stage that goes as well is no change of definitions", () => {
    const with_ = withDefinition(config, "loyalty", 1, text);
    const without = { ...config, stages: config.stages.filter(({ id }) => id !== "loyalty") };
    expect(definitionsChanged(with_, without)).toEqual([]);
  });
});

describe("signing", () => {
  const person = (id: string, more: Partial<Signer>): Signer => ({ id, name: id, active: true, joined: true, marketing: false, sales: false, ...more });
  const maria = person("maria", { marketing: true });
  const sam = person("sam", { sales: true });
  const both = person("both", { marketing: true, sales: true });

  test("is in force when two people can sign for two sides", () => {
    expect(signingInForce([maria, sam])).toBe(true);
    expect(signingInForce([both])).toBe(false);
    expect(signingInForce([both, maria])).toBe(true);
    expect(signingInForce([maria, { ...sam, active: false }])).toBe(false);
    expect(signingInForce([maria, { ...sam, joined: false }])).toBe(false);
  });

  test("the second side completes; neither one person for both nor two for one side do", () => {
    const people = [maria, sam, both, person("mia", { marketing: true })];
    expect(judge("marketing", "maria", [], people)).toEqual({ kind: "sign", completes: false });
    const signed = [{ side: "marketing", userId: "maria" }] as const;
    expect(judge("marketing", "maria", signed, people)).toEqual({ kind: "again" });
    expect(judge("marketing", "mia", signed, people)).toMatchObject({ type: "signed-by-another", words: "maria has signed this text for marketing already." });
    expect(judge("sales", "maria", signed, people)).toMatchObject({ type: "not-a-signer" });
    expect(judge("sales", "sam", signed, people)).toEqual({ kind: "sign", completes: true });
    expect(judge("sales", "both", [{ side: "marketing", userId: "both" }], people)).toMatchObject({ type: "one-person" });
  });

  test("whoever is deactivated or no signer any more has not signed", () => {
    const signed = [{ side: "marketing", userId: "maria" }] as const;
    expect(judge("sales", "sam", signed, [{ ...maria, active: false }, sam])).toEqual({ kind: "sign", completes: false });
    expect(judge("sales", "sam", signed, [{ ...maria, marketing: false }, sam])).toEqual({ kind: "sign", completes: false });
  });
});

describe("the difference", () => {
  const words: Words = { condition: ({ field, op, value }) => `${field} ${op} ${JSON.stringify(value)}`, field: (name) => name, stage: (id) => id };

  test("is told line by line", () => {
    const after: DefinitionText = {
      ...text,
      criteria: {
        and: [
          text.criteria,
          {
            or: [
              { field: "country", op: "eq", value: "AT" },
              { field: "country", op: "eq", value: "CH" },
            ],
          },
        ],
      },
      answers: [],
    };
    const lines = differenceOf(linesOf(text, words), linesOf(after, words)).map(({ change, text }) => `${change} ${text}`);
    expect(lines).toEqual([
      "same Marketing qualified",
      "same Sales would call.",
      "same Marketing",
      "removed score gte 60",
      "added All of:",
      "added   score gte 60",
      "added   Any of:",
      'added     country eq "AT"',
      'added     country eq "CH"',
      "removed bant.need",
      "same recycled: too early",
    ]);
  });
});

describe("patterns", () => {
  test("the chance is Fisher's", () => {
    // The lady tasting tea: all four of four, out of eight cups.
    expect(chanceOf(4, 4, 4, 8)).toBeCloseTo(1 / 70, 10);
    expect(chanceOf(3, 4, 4, 8)).toBeCloseTo(17 / 70, 10);
    expect(chanceOf(0, 4, 4, 8)).toBeCloseTo(1, 10);
    expect(chanceOf(500, 1000, 500_000, 1_000_000)).toBeGreaterThan(0.5);
  });

  test("nine of eleven stand out where ten of eighty do not; few, and a little more, do not", () => {
    const all = { rejected: 19, decided: 91 };
    const rows = [
      { of: "source", value: "Trade shows", rejected: 9, decided: 11 },
      { of: "source", value: "Web", rejected: 10, decided: 76 },
      { of: "source", value: "Friends", rejected: 4, decided: 4 },
    ];
    expect(patternsIn(rows, all).map(({ value, othersRejected, othersDecided }) => [value, othersRejected, othersDecided])).toEqual([["Trade shows", 10, 80]]);
    expect(patternsIn([{ of: "source", value: "Web", rejected: 6, decided: 20 }], { rejected: 20, decided: 91 })).toEqual([]);
  });
});
