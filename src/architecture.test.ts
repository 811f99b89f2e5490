import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { describe, expect, test } from "vitest";

/**
 * The map of the house: every room, which files live in it, and whom they may
 * import. The first match wins, so narrow rooms stand before wide ones. A file
 * without a room fails: draw it on the map first.
 */
type Room = { readonly name: string; readonly files: RegExp; readonly may: "anything" | readonly string[] };

const rooms: readonly Room[] = [
  { name: "test", files: /\.test\.tsx?$/, may: "anything" },
  { name: "testing", files: /^src\/server\/testing\//, may: "anything" },
  { name: "bench", files: /^bench\//, may: "anything" },
  { name: "e2e", files: /^e2e\//, may: "anything" },

  { name: "core", files: /^src\/core\/calendar\//, may: ["core", "temporal-polyfill"] },
  { name: "core", files: /^src\/core\/identity\//, may: ["core", "libphonenumber-js", "tldts"] },
  { name: "core", files: /^src\/core\/testing\//, may: ["core", "fast-check"] },
  { name: "core", files: /^src\/core\//, may: ["core"] },
  { name: "contracts", files: /^src\/contracts\//, may: ["contracts", "core", "zod"] },
  { name: "client", files: /^src\/client\//, may: ["client", "contracts", "core", "zod"] },
  { name: "web", files: /^src\/web\//, may: "anything" },

  { name: "config", files: /^src\/server\/config\.ts$/, may: ["zod", "node"] },
  { name: "problems", files: /^src\/server\/problems\.ts$/, may: [] },
  { name: "ids", files: /^src\/server\/ids\.ts$/, may: ["core", "node"] },
  { name: "deps", files: /^src\/server\/deps\.ts$/, may: ["ids", "config", "core", "db", "effects", "flow", "intake", "jobs", "pino", "store"] },
  { name: "store", files: /^src\/server\/store\//, may: ["config", "store", "pg", "node"] },

  // Backup streams whole tables of all workspaces on connections of its own.
  { name: "queries", files: /^src\/server\/features\/backup\/backup\.queries\.ts$/, may: ["db", "feature part", "pg", "pg-copy-streams", "node"] },
  { name: "queries", files: /\.queries\.ts$/, may: ["core", "db", "feature part", "queries", "rows", "zod"] },
  // The flow's shapes between core and tables: what a batch carries, what a row becomes.
  { name: "rows", files: /^src\/server\/flow\/(?:rows|row-types|cells|item|effect-lines)\.ts$/, may: ["core", "db", "rows"] },
  { name: "db", files: /^src\/server\/db\//, may: ["core", "db", "pg", "pg-copy-streams", "zod", "node"] },
  {
    name: "service",
    files: /\.service\.ts$/,
    may: ["ids", "core", "db", "deps", "effects", "feature part", "flow", "intake", "problems", "queries", "rows", "service", "node"],
  },
  { name: "routes", files: /\.routes\.ts$/, may: ["contracts", "core", "deps", "http", "problems", "service", "fastify"] },
  { name: "feature job", files: /\.jobs\.ts$/, may: ["ids", "core", "deps", "jobs", "service", "zod", "node"] },
  // What belongs to one feature and is none of the above: readers of files, writers of formats.
  {
    name: "feature part",
    files: /^src\/server\/features\/[^/]+\//,
    may: ["ids", "core", "feature part", "problems", "@node-rs/argon2", "ical-generator", "liquidjs", "openid-client", "otpauth", "uqr", "zod", "node"],
  },

  { name: "flow", files: /^src\/server\/flow\//, may: ["ids", "core", "db", "deps", "flow", "problems", "queries", "rows", "zod", "node"] },
  { name: "intake", files: /^src\/server\/intake\//, may: ["ids", "core", "db", "deps", "flow", "intake", "problems", "queries", "rows", "zod", "node"] },
  {
    name: "effects",
    files: /^src\/server\/effects\//,
    may: ["ids", "core", "db", "deps", "effects", "flow", "intake", "nodemailer", "problems", "queries", "rows", "zod", "node"],
  },
  {
    name: "jobs",
    files: /^src\/server\/jobs\//,
    may: ["ids", "core", "db", "deps", "flow", "intake", "jobs", "problems", "queries", "rows", "service", "zod", "node"],
  },
  {
    name: "http",
    files: /^src\/server\/http\//,
    may: ["ids", "contracts", "core", "deps", "http", "problems", "service", "fastify", "pino", "prom-client", "zod", "node"],
  },
  {
    name: "cli",
    files: /^src\/cli\//,
    may: ["ids", "cli", "client", "config", "contracts", "core", "deps", "problems", "server", "service", "store", "zod", "node"],
  },
  { name: "server", files: /^src\/server\/[^/]+\.ts$/, may: "anything" },
];

const root = path.resolve(import.meta.dirname, "..");
const files = ["src", "bench", "e2e"].filter((folder) => existsSync(path.join(root, folder))).flatMap(codeBelow);
const ours = files.filter((file) => !file.endsWith(".gen.ts"));
const text = (file: string) => readFileSync(path.join(root, file), "utf8");
const roomOf = (file: string) => rooms.find((room) => room.files.test(file));
const featureOf = (file: string) => /^src\/server\/features\/([^/]+)\//.exec(file)?.[1];

describe("rooms", () => {
  test.each(files)("%s keeps to its room", (file) => {
    const room = roomOf(file);
    expect(room, "this file is in no room; draw it on the map first").toBeDefined();
    if (room === undefined || room.may === "anything") return;
    const allowed = room.may;
    expect(importsOf(file).filter((target) => !allowed.includes(roomOf(target)?.name ?? target))).toEqual([]);
  });

  test.each(files.filter((file) => featureOf(file) !== undefined && roomOf(file)?.name !== "test"))("%s enters other features by their service", (file) => {
    const foreign = importsOf(file).filter((target) => featureOf(target) !== undefined && featureOf(target) !== featureOf(file));
    expect(foreign.filter((target) => !target.endsWith(".service.ts"))).toEqual([]);
  });

  test("no room stands empty for long: every import of ours leads to a file", () => {
    const missing = files.flatMap((file) =>
      importsOf(file)
        .filter((target) => /\.(ts|tsx)$/.test(target) && !files.includes(target))
        .map((target) => `${file} → ${target}`),
    );
    expect(missing).toEqual([]);
  });
});

describe("core is pure", () => {
  const impure =
    /Date\.now\(|new Date\(\)|\bDate\(\)|Temporal\.Now|Math\.random\(|\bcrypto\.|\bprocess\.(?:env|argv|hrtime|nextTick|exit|pid|cwd)\b|\bperformance\.|\bglobalThis\b|\bset(?:Timeout|Interval|Immediate)\(|\bfetch\(|\bconsole\.|toLocale\w*String\(\)|\bawait\b/;
  test.each(ours.filter((file) => roomOf(file)?.name === "core"))("%s is told the time, rolls no dice and waits for nobody", (file) => {
    expect(impure.exec(withoutComments(text(file)))?.[0]).toBeUndefined();
  });
});

describe("manners", () => {
  test.each(ours)("%s", (file) => {
    const code = withoutComments(text(file));
    expect(/^export default\b/m.exec(code)?.[0], "exports have names").toBeUndefined();
    expect(/^\s*(?:export )?(?:declare )?(?:const )?enum \w+/m.exec(code)?.[0], "unions of strings instead of enums").toBeUndefined();
    expect(/[:<(,|&]\s*any\b(?!\w)(?=[\s,;)>[\]=|&])|\bas any\b/.exec(withoutStrings(code))?.[0], "no any").toBeUndefined();
    expect(
      classesOf(code).filter((declared) => !/extends \w*(?:Error|Problem)\b/.test(declared)),
      "no classes but errors",
    ).toEqual([]);
    expect(path.basename(file), "kebab-case, then the role").toMatch(/^[a-z0-9]+(?:-[a-z0-9]+)*(?:\.[a-z0-9-]+)*\.tsx?$/);
    expect(file, "no barrels, no utils").not.toMatch(/(?:^|\/)(?:index|utils?|helpers?|common|misc)\.tsx?$/);
    expect(text(file).split("\n").length, "a file fits one head: at most 400 lines (a test 600), better 300").toBeLessThanOrEqual(
      roomOf(file)?.name === "test" ? 600 : 400,
    );
  });
});

function codeBelow(folder: string): readonly string[] {
  return readdirSync(path.join(root, folder), { recursive: true, encoding: "utf8" })
    .map((file) => path.posix.join(folder, file.split(path.sep).join("/")))
    .filter((file) => /\.tsx?$/.test(file) && !file.includes("node_modules/"));
}

/** The pool's and the logger's types are words everybody may use; what they do is not. */
const WORDS = /import type [^;]*? from "(?:pg|pino)";/g;

/** Every import in a file as either a path from the root or a bare package name. */
function importsOf(file: string): readonly string[] {
  return [
    ...withoutComments(text(file))
      .replaceAll(WORDS, "")
      .matchAll(/(?:^|[\s;}])(?:from|import)\s*\(?\s*"([^"\n]+)"/g),
  ].map(([, name = ""]) => {
    if (name.startsWith(".")) return path.posix.join(path.posix.dirname(file), name);
    if (name.startsWith("node:")) return "node";
    return name
      .split("/")
      .slice(0, name.startsWith("@") ? 2 : 1)
      .join("/");
  });
}

function classesOf(code: string): readonly string[] {
  return [...withoutStrings(code).matchAll(/^\s*(?:export )?(?:abstract )?class \w+[^{]*/gm)].map(([declared]) => declared.trim());
}

function withoutComments(code: string): string {
  return code.replaceAll(/\/\*[\s\S]*?\*\/|(?<=^|\s)\/\/[^\n]*/g, "");
}

function withoutStrings(code: string): string {
  return code.replaceAll(/"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`/g, '""');
}
