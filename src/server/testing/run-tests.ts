import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { licenceProblems } from "./licences.ts";
import { countTests, type Counted, type VitestReport } from "./test-report.ts";

/**
 * `npm test`: everything that can be wrong, in one run, with one last line.
 *
 * Types, lint, format and licences count as one test each. A skipped test
 * counts as failed unless allowed-skips.json gives the reason. With arguments
 * only the matching vitest files run.
 */
const root = path.resolve(import.meta.dirname, "../../..");
const patterns = process.argv.slice(2);

// A developer's own Baton must not leak into the tests.
for (const name of ["PORT", "HOST", "BATON_DATA", "DATABASE_URL", "DATABASE_OWNER_URL", "BATON_URL", "TRUST_PROXY", "SMTP_URL", "LOG_LEVEL"])
  delete process.env[name];

const counts: Counted[] = [];
if (patterns.length === 0) for (const check of checks()) counts.push(await check());
counts.push(await vitest(patterns));

const passed = counts.reduce((sum, count) => sum + count.passed, 0);
const failures = counts.flatMap((count) => count.failures);
if (failures.length > 0) console.log(`\nFailed:\n${failures.map((failure) => `  - ${failure}`).join("\n")}`);
console.log(`${passed} passed, ${failures.length} failed`);
process.exitCode = failures.length > 0 || passed === 0 ? 1 : 0;

function checks(): readonly (() => Promise<Counted>)[] {
  const rooms = readdirSync(path.join(root, "src"))
    .map((room) => `src/${room}`)
    .filter((room) => existsSync(path.join(root, room, "tsconfig.json")));
  const code = ["src", "bench", "bin", "e2e", "vitest.config.ts"].filter((name) => existsSync(path.join(root, name)));
  return [
    ...[...rooms, "."].map((room) => () => program(`types of ${room === "." ? "the whole" : room}`, "typescript", "tsc", ["-p", room])),
    () => program("lint", "oxlint", "oxlint", ["--type-aware", "--deny-warnings", "-c", "oxlintrc.json"]),
    () => program("format (npm run format mends it)", "oxfmt", "oxfmt", ["--check", ...code]),
    licences,
  ];
}

async function program(what: string, name: string, bin: string, args: readonly string[]): Promise<Counted> {
  const { code, output } = await run(binOf(name, bin), args, "pipe");
  return report(what, code === 0 ? [] : [output.trim() || `${bin} ended with ${code}`]);
}

async function licences(): Promise<Counted> {
  return report("licences", licenceProblems(root));
}

function report(what: string, problems: readonly string[]): Counted {
  console.log(problems.length === 0 ? `ok    ${what}` : `FAIL  ${what}\n${problems.join("\n")}`);
  return problems.length === 0 ? { passed: 1, failures: [] } : { passed: 0, failures: [what] };
}

async function vitest(filters: readonly string[]): Promise<Counted> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "baton-test-report-"));
  const file = path.join(folder, "report.json");
  try {
    const { code } = await run(binOf("vitest", "vitest"), ["run", "--reporter=default", "--reporter=json", `--outputFile=${file}`, ...filters], "inherit");
    if (!existsSync(file)) return { passed: 0, failures: [`vitest ended with ${code} and left no report`] };
    return countTests(JSON.parse(readFileSync(file, "utf8")) as VitestReport, code, root, allowedSkips());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function allowedSkips() {
  return JSON.parse(readFileSync(path.join(import.meta.dirname, "allowed-skips.json"), "utf8")) as Parameters<typeof countTests>[3];
}

/** The script behind a package's command, so that it runs under this Node and not under whichever stands on PATH. */
function binOf(name: string, bin: string): string {
  const folder = path.join(root, "node_modules", name);
  const manifest = JSON.parse(readFileSync(path.join(folder, "package.json"), "utf8")) as { bin: string | Readonly<Record<string, string>> };
  return path.join(folder, typeof manifest.bin === "string" ? manifest.bin : (manifest.bin[bin] ?? ""));
}

function run(script: string, args: readonly string[], stdio: "inherit" | "pipe"): Promise<{ readonly code: number | string | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], { cwd: root, stdio: ["ignore", stdio, stdio] });
    let output = "";
    child.stdout?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.stderr?.on("data", (chunk: Buffer) => (output += String(chunk)));
    child.on("error", reject);
    child.on("close", (code, signal) => resolve({ code: code ?? signal, output }));
  });
}
