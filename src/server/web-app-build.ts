/**
 * The web app is built when it is stale: `npm start` on a fresh clone does it in a few seconds, and a second start not at all.
 * Stale is decided by a hash over everything the build reads, kept beside what it made. The bundler runs in a process of its
 * own, so that the server does not carry it.
 */
import { spawn } from "node:child_process";
import { hash } from "node:crypto";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";

export const ROOT = path.resolve(import.meta.dirname, "../..");
export const WEB_APP_FOLDER = path.join(ROOT, "dist", "web");
export const STAMP = ".inputs";

/** Builds if it must. @returns the folder to serve; null, with words on the way, when it could not be built and nothing older is there. */
export async function ensureWebApp(tell: (line: string) => void, folder = WEB_APP_FOLDER): Promise<string | null> {
  const built = existsSync(path.join(folder, "index.html"));
  // An installation without sources carries what was built for it.
  if (!existsSync(path.join(ROOT, "src/web/main.tsx"))) return built ? folder : null;
  const inputs = inputsHash();
  if (built && readStamp(folder) === inputs) return folder;
  tell("Building the web app …");
  const failure = await runBundler(folder);
  if (failure === null) return folder;
  tell(`The web app could not be built${built ? "; the one built before is served" : ""}. The bundler says:\n${failure}`);
  return built ? folder : null;
}

/** Whether the folder holds what the sources say now. Tests of the screens must not look at an older build. */
export function isFreshWebApp(folder = WEB_APP_FOLDER): boolean {
  return readStamp(folder) === inputsHash();
}

/** Everything the build reads: sources, what core they run, the bundler's settings, the versions of packages. */
export function inputsHash(): string {
  const files = [...filesBelow("src/web"), ...filesBelow("src/core"), "vite.config.ts", "package-lock.json", "src/server/web-app-bundle.ts"].filter(
    (file) => !/\.test\.tsx?$/.test(file) && existsSync(path.join(ROOT, file)),
  );
  return hash("sha256", files.map((file) => `${file} ${hash("sha256", readFileSync(path.join(ROOT, file)))}`).join("\n"), "hex");
}

function filesBelow(folder: string): readonly string[] {
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

function readStamp(folder: string): string | null {
  const file = path.join(folder, STAMP);
  return existsSync(file) ? readFileSync(file, "utf8").trim() : null;
}

function runBundler(folder: string): Promise<string | null> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [path.join(import.meta.dirname, "web-app-bundle.ts"), folder], {
      cwd: ROOT,
      stdio: ["ignore", "pipe", "pipe"],
      env: { ...process.env, NODE_ENV: "production" },
    });
    let said = "";
    const hear = (chunk: Buffer): void => void (said = (said + String(chunk)).slice(-8000));
    child.stdout.on("data", hear);
    child.stderr.on("data", hear);
    child.on("error", (error) => resolve(error.message));
    child.on("close", (code) => resolve(code === 0 ? null : said.trim() || `It ended with ${code}.`));
  });
}
