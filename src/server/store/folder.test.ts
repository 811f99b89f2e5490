import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, statSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { clusterOf } from "../testing/cluster-of.ts";
import { openTemporary, temporaryFolder } from "../testing/temporary-store.ts";
import { type Account, canEnter, databaseAccount } from "./account.ts";
import { findBinaries } from "./binaries.ts";
import { locateData, placeCluster } from "./folder.ts";
import { runningPostmaster, stopPostmaster } from "./postmaster.ts";

const asRoot = process.getuid?.() === 0;
const quiet = () => {};
const account = (): Account => databaseAccount(null) ?? { uid: -1, gid: -1, name: "" };

test.runIf(asRoot)("started as root the database runs as another account", async () => {
  const dataDir = temporaryFolder();
  await openTemporary(dataDir);
  const pid = runningPostmaster(clusterOf(dataDir));
  expect(statSync(`/proc/${pid}`).uid).toBe(account().uid);
  expect(account().uid).not.toBe(0);
});

test.runIf(asRoot)("an account that may not enter a folder is asked, not computed", () => {
  const closed = temporaryFolder();
  expect(canEnter(closed, account())).toBe(false);
  chmodSync(closed, 0o711);
  expect(canEnter(closed, account())).toBe(true);
  mkdirSync(path.join(closed, "a/b"), { recursive: true });
  chmodSync(path.join(closed, "a"), 0o700);
  expect(canEnter(path.join(closed, "a/b"), account())).toBe(false);
});

test.runIf(asRoot)("a private data folder is opened for passing through, and told about", () => {
  const dataDir = temporaryFolder();
  const said: string[] = [];
  expect(placeCluster(dataDir, (line) => said.push(line)).cluster).toBe(path.join(dataDir, "postgres"));
  expect(statSync(dataDir).mode & 0o777).toBe(0o711);
  expect(said.join()).toContain("0711");
});

test.runIf(asRoot)("below a folder the account cannot enter, a named data folder stays and only the cluster moves", async () => {
  const shelter = temporaryFolder(os.tmpdir(), 0o711);
  const dataDir = path.join(temporaryFolder(), "below", "data");
  const said: string[] = [];
  const first = await openTemporary(dataDir, { shelter, log: (line) => said.push(line) });
  onTestFinished(async () => {
    const pid = runningPostmaster(clusterOf(dataDir));
    if (pid !== null) await stopPostmaster(pid, quiet);
  });
  expect(first.dataDir).toBe(dataDir);
  expect(path.dirname(path.dirname(clusterOf(dataDir)))).toBe(shelter);
  expect(said.join("\n")).toContain(`The database of ${dataDir} lives in ${path.dirname(clusterOf(dataDir))}`);
  await first.stop();
  const where = clusterOf(dataDir);
  await (await openTemporary(dataDir, { shelter })).stop();
  expect(clusterOf(dataDir)).toBe(where);
  rmSync(path.dirname(where), { recursive: true });
  await expect(openTemporary(dataDir, { shelter })).rejects.toThrow(/should be in .* and is not there/);
});

test.runIf(asRoot)("a data folder nobody named moves as a whole where the account can enter, and is found again", () => {
  const shelter = temporaryFolder(os.tmpdir(), 0o711);
  const project = temporaryFolder();
  const wish = { dir: path.join(project, "data"), named: false };
  const elsewhere = locateData(wish, shelter);
  expect(path.dirname(elsewhere)).toBe(shelter);
  expect(locateData({ ...wish, named: true }, shelter)).toBe(wish.dir);
  mkdirSync(path.join(elsewhere, "postgres"), { recursive: true });
  chmodSync(project, 0o755);
  expect(locateData(wish, shelter), "although ./data could be entered by now").toBe(elsewhere);
  expect(locateData({ dir: path.join(project, "other"), named: false }, shelter)).toBe(path.join(project, "other"));
});

test.runIf(asRoot)("binaries the account cannot run are copied, once, to where it can", () => {
  const closed = temporaryFolder();
  const cache = temporaryFolder(os.tmpdir(), 0o755);
  const reachable = findBinaries(account(), quiet);
  cpSync(path.dirname(reachable.folder), path.join(closed, "package"), { recursive: true, verbatimSymlinks: true });
  const where = { installed: { folder: path.join(closed, "package/native"), version: "1" }, caches: [closed, cache] };
  const said: string[] = [];
  const found = findBinaries(account(), (line) => said.push(line), where);
  expect(found.folder.startsWith(cache)).toBe(true);
  expect(found.version).toBe(reachable.version);
  expect(said.join()).toContain("using the copy in");
  const { ino } = statSync(found.folder);
  expect(statSync(findBinaries(account(), quiet, where).folder).ino).toBe(ino);
});

test("binaries installed without their install script get their links", () => {
  const folder = temporaryFolder(os.tmpdir(), 0o755);
  const installed = findBinaries(databaseAccount(null), quiet);
  cpSync(path.dirname(installed.folder), path.join(folder, "package"), {
    recursive: true,
    verbatimSymlinks: true,
    filter: (file) => !/libpq\.so\.5$|libicuuc\.so\.60$/.test(file),
  });
  expect(findBinaries(databaseAccount(null), quiet, { installed: { folder: path.join(folder, "package/native"), version: "1" }, caches: [] }).version).toBe(
    installed.version,
  );
});

test("the data folder and what is in it are private", async () => {
  const dataDir = path.join(temporaryFolder(os.tmpdir(), 0o755), "data");
  await (await openTemporary(dataDir)).stop();
  expect(statSync(dataDir).mode & 0o066).toBe(0);
  for (const name of ["locks", "postgres", "postgres-passwords.json", "postgres-start.log"])
    expect(statSync(path.join(dataDir, name)).mode & 0o077, name).toBe(0);
  expect(existsSync(path.join(dataDir, "postgres.pw"))).toBe(false);
});

test.runIf(!asRoot)("a folder that cannot be written is named, with what to do", async () => {
  const closed = temporaryFolder(os.tmpdir(), 0o500);
  await expect(openTemporary(path.join(closed, "data"))).rejects.toThrow(/cannot be made or written: .*BATON_DATA/);
});
