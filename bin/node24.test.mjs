import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { install, isInstalled, pinnedNode, project } from "./node24.mjs";

const lock = (version, more = {}) =>
  JSON.stringify({
    packages: {
      "": {},
      "node_modules/a": { version },
      "node_modules/d": { version: "1.0.0", dev: true },
      "node_modules/o": { version: "1.0.0", optional: true },
      ...more,
    },
  });
const record = (packages) => JSON.stringify({ packages });

function emptyProject() {
  const root = mkdtempSync(path.join(os.tmpdir(), "baton-install-"));
  onTestFinished(() => rmSync(root, { recursive: true, force: true }));
  writeFileSync(path.join(root, "package-lock.json"), lock("1.0.0"));
  return root;
}

/** An npm that takes a moment and counts its runs. */
function pretendNpm(root) {
  const npm = async () => {
    npm.runs++;
    await new Promise((resolve) => setTimeout(resolve, 100));
    mkdirSync(path.join(root, "node_modules"), { recursive: true });
    return 0;
  };
  npm.runs = 0;
  return npm;
}

test("a fresh clone installs once, a changed lock installs again, an unchanged one never", async () => {
  const root = emptyProject();
  const npm = pretendNpm(root);
  await install(root, { npm });
  await install(root, { npm });
  expect(npm.runs).toBe(1);
  writeFileSync(path.join(root, "package-lock.json"), lock("2.0.0"));
  await install(root, { npm });
  expect(npm.runs).toBe(2);
  expect(existsSync(path.join(root, ".installing"))).toBe(false);
});

test("what somebody installed with npm is accepted when it fits the lock", () => {
  const root = emptyProject();
  mkdirSync(path.join(root, "node_modules"));
  const write = (packages) => writeFileSync(path.join(root, "node_modules", ".package-lock.json"), record(packages));
  write({ "node_modules/a": { version: "0.9.0" }, "node_modules/d": { version: "1.0.0" } });
  expect(isInstalled(root, false)).toBe(false);
  write({ "node_modules/a": { version: "1.0.0" } });
  expect(isInstalled(root, false)).toBe(true);
  expect(isInstalled(root, true)).toBe(false);
  write({ "node_modules/a": { version: "1.0.0" }, "node_modules/d": { version: "1.0.0" } });
  expect(isInstalled(root, true)).toBe(true);
});

test("a failed installation is said, leaves no stamp and does not block the next", async () => {
  const root = emptyProject();
  await expect(install(root, { npm: async () => 1 })).rejects.toThrow(/npm ci ended with 1/);
  expect(isInstalled(root)).toBe(false);
  const npm = pretendNpm(root);
  await install(root, { npm });
  expect(npm.runs).toBe(1);
});

test("of several starts at once one installs and the others wait", async () => {
  const root = emptyProject();
  const script = `import { install } from ${JSON.stringify(path.join(project, "bin/node24.mjs"))};
    import { appendFileSync, mkdirSync } from "node:fs";
    await install(${JSON.stringify(root)}, { npm: async (root) => { appendFileSync(root + "/runs", "x"); await new Promise((r) => setTimeout(r, 400)); mkdirSync(root + "/node_modules", { recursive: true }); return 0; } });`;
  const codes = await Promise.all(
    Array.from(
      { length: 4 },
      () => new Promise((resolve) => spawn(process.execPath, ["--input-type=module", "--eval", script], { stdio: "ignore" }).on("exit", resolve)),
    ),
  );
  expect(codes).toEqual([0, 0, 0, 0]);
  expect(readFileSync(path.join(root, "runs"), "utf8")).toBe("x");
});

test("an installation that was killed does not keep the next one waiting", async () => {
  const root = emptyProject();
  mkdirSync(path.join(root, ".installing"));
  writeFileSync(path.join(root, ".installing", String(spawnSync("true").pid)), "1");
  writeFileSync(path.join(root, ".installing", String(process.ppid)), "not when it started");
  const npm = pretendNpm(root);
  await install(root, { npm });
  expect(npm.runs).toBe(1);
});

/** A copy of the entry with a program of ours behind it. */
function entryWith(program) {
  const root = emptyProject();
  cpSync(path.join(project, "bin"), path.join(root, "bin"), { recursive: true });
  mkdirSync(path.join(root, "src/cli"), { recursive: true });
  mkdirSync(path.join(root, "node_modules"));
  writeFileSync(path.join(root, "package.json"), JSON.stringify({ type: "module" }));
  writeFileSync(path.join(root, "package-lock.json"), lock("1.0.0"));
  writeFileSync(path.join(root, "node_modules/.package-lock.json"), record({ "node_modules/a": { version: "1.0.0" }, "node_modules/d": { version: "1.0.0" } }));
  const name = path.basename(path.dirname(path.dirname(pinnedNode())));
  mkdirSync(path.join(root, "node_modules", name, "bin"), { recursive: true });
  writeFileSync(path.join(root, "node_modules", name, "package.json"), "{}");
  writeFileSync(path.join(root, "node_modules", name, "bin/node"), `#!/bin/sh\nexec ${pinnedNode()} "$@"\n`, { mode: 0o755 });
  writeFileSync(path.join(root, "src/cli/main.ts"), program);
  return path.join(root, "bin/baton.mjs");
}

/** The oldest Node at hand: the one that runs npm, else this one. */
const anyNode = process.env.npm_node_execpath ?? process.execPath;

test("the program gets its arguments, its output stays alone on stdout, and its exit code is ours", () => {
  const entry = entryWith(
    `const words: readonly string[] = process.argv.slice(2); console.log(JSON.stringify({ words, major: Number(process.versions.node.split(".")[0]) })); process.exitCode = 2;`,
  );
  const run = spawnSync(anyNode, [entry, "report", "--json"], { encoding: "utf8" });
  expect(JSON.parse(run.stdout)).toEqual({ words: ["report", "--json"], major: 24 });
  expect(run.status).toBe(2);
});

test("an error written for the operator is told without a stack", () => {
  const entry = entryWith(`class ConfigError extends Error { override readonly name = "ConfigError" } throw new ConfigError("PORT is wrong.");`);
  const run = spawnSync(anyNode, [entry], { encoding: "utf8" });
  expect([run.stdout, run.stderr, run.status]).toEqual(["", "PORT is wrong.\n", 1]);
});

test.each(["SIGINT", "SIGTERM"])("%s reaches the program, which ends in its own time", async (signal) => {
  const entry = entryWith(
    `process.on("${signal}", () => setTimeout(() => { console.log("drained"); process.exit(7); }, 300)); setInterval(() => {}, 1000); console.log("up");`,
  );
  for (const target of ["group", "process"]) {
    const child = spawn(anyNode, [entry], { detached: true, stdio: ["ignore", "pipe", "inherit"] });
    let said = "";
    await new Promise((resolve) => child.stdout.on("data", (chunk) => (said += chunk).includes("up") && resolve()));
    process.kill(Number(child.pid) * (target === "group" ? -1 : 1), signal);
    expect(await new Promise((resolve) => child.on("close", resolve)), target).toBe(7);
    expect(said).toContain("drained");
  }
});

test("a program ends cleanly when the one that started it was killed", async () => {
  const entry = entryWith(`process.on("SIGTERM", () => { console.log("drained"); process.exit(0); }); setInterval(() => {}, 1000); console.log("up");`);
  // As npm does: a parent in between, of which only it is told.
  const parent = spawn("sh", ["-c", `${anyNode} ${entry}; true`], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
    env: { ...process.env, npm_lifecycle_event: "start" },
  });
  let said = "";
  await new Promise((resolve) => parent.stdout.on("data", (chunk) => (said += chunk).includes("up") && resolve()));
  parent.kill("SIGKILL");
  await new Promise((resolve) => parent.stdout.on("close", resolve));
  expect(said).toContain("drained");
});
