import { spawnSync } from "node:child_process";
import { chownSync, existsSync, lchownSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { type Account, asAccount } from "./account.ts";
import type { Binaries } from "./binaries.ts";
import type { Place } from "./folder.ts";
import { StoreError } from "./store-error.ts";

/**
 * The cluster: PostgreSQL's folder, made once.
 *
 * It is made under another name and renamed when complete, so a crash in
 * between leaves nothing that looks like a database.
 */

/** Makes the cluster when there is none, and refuses one of another major version. Returns true when it was made. */
export function ensureCluster(binaries: Binaries, place: Place, adminPassword: string): boolean {
  if (existsSync(path.join(place.cluster, "PG_VERSION"))) {
    refuseOtherMajor(binaries, place.cluster);
    return false;
  }
  if (existsSync(place.cluster))
    throw new StoreError(
      `${place.cluster} exists and holds no PostgreSQL database (PG_VERSION is missing). Move it away to start empty, or put the complete folder back.`,
    );
  initialise(binaries, place, adminPassword);
  return true;
}

/** Writes postgresql.conf. Returns true when it already said exactly this. */
export function writeSettings(place: Place, settings: string): boolean {
  const file = path.join(place.cluster, "postgresql.conf");
  if (readFileSync(file, "utf8") === settings) return true;
  replaceFile(file, settings, place.account);
  return false;
}

/** Replaces a file of the cluster. Never writes through what is there: the folder belongs to the account, and a link in it could point anywhere. */
export function replaceFile(file: string, text: string, account: Account | null): void {
  const draft = `${file}.baton`;
  rmSync(draft, { force: true });
  writeFileSync(draft, text, { mode: 0o600, flag: "wx", flush: true });
  if (account !== null) lchownSync(draft, account.uid, account.gid);
  renameSync(draft, file);
}

function refuseOtherMajor(binaries: Binaries, cluster: string): void {
  const found = readFileSync(path.join(cluster, "PG_VERSION"), "utf8").trim();
  if (Number(found) === binaries.major) return;
  throw new StoreError(
    `The data in ${cluster} was written by PostgreSQL ${found}; this Baton brings PostgreSQL ${binaries.major}. ` +
      `The way across: run "baton backup FILE" with the Baton that wrote it (PostgreSQL ${found}), then "baton restore FILE" with this one and a new BATON_DATA.`,
  );
}

/**
 * Sorting and comparing are PostgreSQL's own (builtin C.UTF-8), so no upgrade
 * of the system's C library can break an index. The character classes that
 * pg_trgm uses come from the system all the same: under plain C it would
 * split "Müller" at the ü, hence the first names that are tried.
 */
const CHARACTER_LOCALES = ["C.UTF-8", "en_US.UTF-8", "UTF-8", "C"];

function initialise(binaries: Binaries, place: Place, adminPassword: string): void {
  const draft = `${place.cluster}.new`;
  const passwordFile = `${place.cluster}.pw`;
  let said = "";
  try {
    for (const locale of CHARACTER_LOCALES) {
      rmSync(draft, { recursive: true, force: true });
      mkdirSync(draft, { mode: 0o700 });
      writeFileSync(passwordFile, adminPassword, { mode: 0o600 });
      if (place.account !== null) for (const file of [draft, passwordFile]) chownSync(file, place.account.uid, place.account.gid);
      const run = spawnSync(
        path.join(binaries.folder, "bin", "initdb"),
        ["-D", draft, "-U", "baton_admin", `--pwfile=${passwordFile}`, "-A", "scram-sha-256", "-E", "UTF8", "--data-checksums"].concat([
          "--locale-provider=builtin",
          "--builtin-locale=C.UTF-8",
          "--locale=C",
          `--lc-ctype=${locale}`,
        ]),
        { ...asAccount(place.account), cwd: "/", encoding: "utf8", env: { PATH: "/usr/bin:/bin", LANG: "C" } },
      );
      said = `${run.error?.message ?? ""}${run.stdout ?? ""}${run.stderr ?? ""}`.trim();
      if (run.status === 0) {
        replaceFile(path.join(draft, "pg_hba.conf"), "# Written by Baton: only by socket, only with a password.\nlocal all all scram-sha-256\n", place.account);
        renameSync(draft, place.cluster);
        return;
      }
      if (!/invalid locale/.test(said)) break;
    }
  } finally {
    rmSync(passwordFile, { force: true });
  }
  rmSync(draft, { recursive: true, force: true });
  throw new StoreError(`PostgreSQL could not make its folder ${place.cluster}:\n${said.split("\n").slice(-8).join("\n")}`);
}
