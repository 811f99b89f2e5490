import { describe, expect, test } from "vitest";
import { helpText, readArguments } from "./arguments.ts";
import { COMMANDS } from "./commands.ts";

const typed = (line: string) => readArguments(line === "" ? [] : line.split(" "));

describe("commands", () => {
  test("options come in any order, with a space or an equals sign", () => {
    expect(typed("import --history leads.csv --map=map.json --workspace West --json")).toMatchObject({
      kind: "command",
      command: { name: "import" },
      options: { history: true, map: "map.json", workspace: "West" },
      places: ["leads.csv"],
      json: true,
    });
    expect(typed("report funnel --by source --as-of 2026-01-31")).toMatchObject({
      command: { name: "report funnel" },
      options: { by: "source", "as-of": "2026-01-31" },
      json: false,
    });
    expect(typed("backup -- --strange.baton")).toMatchObject({ kind: "wrong" });
  });

  test.each([
    ["imprt x", 'There is no command "imprt"; did you mean "import"?'],
    ["report", '"baton report" needs to know what: baton report funnel or baton report velocity.'],
    ["report speed", 'there is no "speed"'],
    ["import leads.csv --map m.json --hist", "has no option --hist; did you mean"],
    ["import leads.csv", "needs --map MAP.json"],
    ["import --map m.json", '"baton import" needs FILE'],
    ["import a.csv b.csv --map m.json", 'does not know what to do with "b.csv"'],
    ["doctor --replay", "--replay needs a value: --replay N"],
    ["doctor --replay --json", "--replay needs a value"],
    ["doctor --json=yes", "--json takes no value"],
    ["setup --workspace W --email a@b.co", "needs --password PASSWORD"],
  ])("%s is told what is wrong", (line, words) => {
    expect(typed(line)).toMatchObject({ kind: "wrong", message: expect.stringContaining(words) });
  });

  test("help and version are found as people look for them", () => {
    expect([typed(""), typed("help"), typed("--help")]).toEqual(Array.from({ length: 3 }, () => ({ kind: "help", command: null })));
    expect(typed("help report funnel")).toMatchObject({ kind: "help", command: { name: "report funnel" } });
    expect(typed("import --help")).toMatchObject({ kind: "help", command: { name: "import" } });
    expect(typed("--version")).toEqual({ kind: "version" });
  });

  test("the help names every command and every option", () => {
    for (const command of COMMANDS) {
      expect(helpText(null)).toContain(command.name);
      for (const { name, words } of command.options)
        expect(helpText(command)).toMatch(new RegExp(`--${name}\\b.*${words.slice(0, 20).replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}`));
    }
  });
});
