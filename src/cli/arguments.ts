/** What was typed, understood: a command with its options, a question for help, or what is wrong with it, in words. */
import { nearest } from "../core/nearest.ts";
import { type CommandSpec, COMMANDS, type OptionSpec } from "./commands.ts";

export type Typed =
  | {
      readonly kind: "command";
      readonly command: CommandSpec;
      readonly options: Readonly<Record<string, string | true>>;
      readonly places: readonly string[];
      readonly json: boolean;
    }
  | { readonly kind: "help"; readonly command: CommandSpec | null }
  | { readonly kind: "version" }
  | { readonly kind: "wrong"; readonly message: string };

export function readArguments(words: readonly string[]): Typed {
  const [first = "help", second] = words;
  if (first === "version" || first === "--version" || first === "-v") return { kind: "version" };
  if (first === "help" || first === "--help" || first === "-h")
    return { kind: "help", command: COMMANDS.find(({ name }) => name === words.slice(1, 3).join(" ") || name === second) ?? null };
  const command = COMMANDS.find(({ name }) => name === `${first} ${second ?? ""}`) ?? COMMANDS.find(({ name }) => name === first);
  if (command === undefined) return wrong(unknownCommand(first, second));
  const rest = words.slice(command.name.split(" ").length);
  if (rest.includes("--help") || rest.includes("-h")) return { kind: "help", command };
  return readOptions(command, rest);
}

function wrong(message: string): Typed {
  return { kind: "wrong", message };
}

function unknownCommand(first: string, second: string | undefined): string {
  const parts = COMMANDS.filter(({ name }) => name.startsWith(`${first} `)).map(({ name }) => name);
  if (parts.length > 0)
    return `"baton ${first}" needs to know what: ${parts.map((name) => `baton ${name}`).join(" or ")}${second === undefined ? "" : `; there is no "${second}"`}.`;
  const near = nearest(first, [...COMMANDS.map(({ name }) => name.split(" ")[0] as string), "help", "version"]);
  return `There is no command "${first}"${near === null ? "." : `; did you mean "${near}"?`} See "baton help".`;
}

function readOptions(command: CommandSpec, words: readonly string[]): Typed {
  const specs: readonly OptionSpec[] = [...command.options, JSON_OPTION];
  const options: Record<string, string | true> = {};
  const places: string[] = [];
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (!word.startsWith("--") || word === "--") {
      if (word !== "--") places.push(word);
      continue;
    }
    const [, name = "", given] = /^--([^=]*)(?:=(.*))?$/s.exec(word) ?? [];
    const spec = specs.find((candidate) => candidate.name === name);
    if (spec === undefined) return wrong(`"baton ${command.name}" has no option --${name}${orNear(name, specs)} See "baton help ${command.name}".`);
    if (spec.value === null) {
      if (given !== undefined) return wrong(`--${name} takes no value.`);
      options[name] = true;
      continue;
    }
    const value = given ?? words[++i];
    if (value === undefined || (given === undefined && value.startsWith("--"))) return wrong(`--${name} needs a value: --${name} ${spec.value}.`);
    options[name] = value;
  }
  const lacking = command.options.find(({ name, required }) => required === true && options[name] === undefined);
  if (lacking !== undefined)
    return wrong(`"baton ${command.name}" needs --${lacking.name} ${lacking.value ?? ""}: ${lacking.words}. See "baton help ${command.name}".`);
  if (places.length < command.places.length)
    return wrong(`"baton ${command.name}" needs ${command.places.slice(places.length).join(" and ")}. See "baton help ${command.name}".`);
  if (places.length > command.places.length)
    return wrong(`"baton ${command.name}" does not know what to do with "${places[command.places.length]}". See "baton help ${command.name}".`);
  const { json, ...others } = options;
  return { kind: "command", command, options: others, places, json: json === true };
}

const JSON_OPTION: OptionSpec = { name: "json", value: null, words: "print one JSON object, and nothing else, on stdout" };

function orNear(name: string, specs: readonly OptionSpec[]): string {
  const near = nearest(
    name,
    specs.map((spec) => spec.name),
  );
  return near === null ? "." : `; did you mean --${near}?`;
}

/** The help of one command, or of all. */
export function helpText(command: CommandSpec | null): string {
  if (command === null) {
    const width = Math.max(...COMMANDS.map(({ name, places }) => [name, ...places].join(" ").length));
    return [
      "Usage: baton COMMAND [options]",
      "",
      ...COMMANDS.map(({ name, places, words }) => `  ${[name, ...places].join(" ").padEnd(width)}  ${words}`),
      "",
      `"baton help COMMAND" tells its options. Every command takes --json.`,
      "Commands work beside a running server and without one; BATON_DATA names the data folder.",
    ].join("\n");
  }
  const options = [...command.options, JSON_OPTION];
  const heads = options.map(({ name, value }) => `--${name}${value === null ? "" : ` ${value}`}`);
  const width = Math.max(...heads.map((head) => head.length));
  return [
    `Usage: baton ${[command.name, ...command.places].join(" ")}${command.options.length > 0 ? " [options]" : ""}`,
    "",
    command.words,
    "",
    ...options.map(({ words, required }, i) => `  ${(heads[i] as string).padEnd(width)}  ${words}${required === true ? " (required)" : ""}`),
    ...(command.more ?? []),
  ].join("\n");
}
