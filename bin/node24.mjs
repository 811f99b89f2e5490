/**
 * The way from whatever Node is there to the one Baton runs on.
 *
 * This file and its callers must run on Node 20 without a single package: they
 * install what is missing (`npm ci` when package-lock.json changed) and then
 * hand over to the pinned Node 24, which npm delivers like any dependency.
 * Everything they say goes to stderr, because stdout belongs to the program.
 */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const self = fileURLToPath(import.meta.url);

export const project = path.resolve(path.dirname(self), "..");

/** Installs when needed, then becomes `entry` (a path in the project) under Node 24; ends with its exit code. */
export async function runEntry(entry, { dev = false } = {}) {
  const args = process.argv.slice(2);
  try {
    await install(project, { dev });
    await become(path.join(project, entry), args);
  } catch (error) {
    tell(error);
  }
}

/** Errors that are written for the operator are told as they are, without a stack. */
const FOR_THE_OPERATOR = ["ConfigError", "StoreError", "StoreHeld", "MigrationError"];

function tell(error) {
  const known = error instanceof Error && (error.expected === true || FOR_THE_OPERATOR.includes(error.name));
  console.error(known ? error.message : error);
  process.exitCode = 1;
}

/** Brings node_modules in step with package-lock.json. Of several at once one installs and the others wait. */
export async function install(root = project, { dev = false, npm = npmCi } = {}) {
  if (isInstalled(root, dev)) return;
  const folder = path.join(root, ".installing");
  for (let told = false; ; told = true) {
    if (isInstalled(root, dev)) return;
    const claim = claimInstallation(folder);
    if (claim !== null) {
      try {
        if (!isInstalled(root, dev)) await installNow(root, npm);
      } finally {
        release(claim);
      }
      return;
    }
    if (!told) console.error("Another Baton is installing packages here; waiting for it.");
    await new Promise((resolve) => setTimeout(resolve, 200 + Math.random() * 100));
  }
}

/**
 * The stamp says which lock was installed. Without one (somebody ran npm
 * themselves) npm's own record decides: every package of the lock must be in
 * it in the same version, except those for other machines and, where nothing
 * is tested or built (`npm ci --omit=dev`), those for development.
 */
export function isInstalled(root, dev = true) {
  const lock = read(path.join(root, "package-lock.json"));
  if (lock === null) return existsSync(path.join(root, "node_modules"));
  const stamp = read(path.join(root, "node_modules", ".baton-lock"));
  if (stamp !== null) return stamp.trim() === hashOf(lock);
  if (npmRecordFits(root, lock, true)) {
    writeStamp(root, lock);
    return true;
  }
  return !dev && npmRecordFits(root, lock, false);
}

function npmRecordFits(root, lock, dev) {
  const record = read(path.join(root, "node_modules", ".package-lock.json"));
  if (record === null) return false;
  try {
    const wanted = JSON.parse(lock).packages;
    const there = JSON.parse(record).packages;
    const matters = ([name, entry]) => name !== "" && !entry.optional && !entry.devOptional && !entry.link && (dev || !entry.dev);
    return Object.entries(wanted)
      .filter(matters)
      .every(([name, entry]) => there[name]?.version === entry.version);
  } catch {
    return false;
  }
}

async function installNow(root, npm) {
  console.error("Installing packages (npm ci) …");
  const lock = read(path.join(root, "package-lock.json"));
  const code = await npm(root);
  if (code !== 0) throw expected(`Packages could not be installed: npm ci ended with ${code} in ${root}. Its reason stands above; after a repair start again.`);
  writeStamp(root, lock);
}

/** npm is run by the Node that runs npm already, if any: the one in node_modules/.bin is about to be replaced. */
function npmCi(root) {
  const { npm_execpath: script, npm_node_execpath: node } = process.env;
  const direct = script?.endsWith(".js") === true && node !== undefined && existsSync(node) && existsSync(script);
  const env = { ...process.env, PATH: withoutOwnBin(process.env.PATH ?? "", root), NODE_ENV: "" };
  const [command, args] = direct ? [node, [script]] : ["npm", []];
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, "ci", "--include=optional", "--include=dev", "--no-audit", "--no-fund", "--loglevel=error"], {
      cwd: root,
      env,
      stdio: ["ignore", 2, 2],
    });
    child.on("error", (error) => reject(expected(`npm could not be started: ${error.message}. Install Node 20 or newer with npm.`)));
    child.on("exit", (code, signal) => resolve(code ?? signal));
  });
}

function withoutOwnBin(PATH, root) {
  return PATH.split(path.delimiter)
    .filter((folder) => !folder.startsWith(path.join(root, "node_modules")))
    .join(path.delimiter);
}

/**
 * A claim of one's own in a folder, or null when somebody else's stands there.
 * Names carry the pid, contents its start time; a claim whose process is gone
 * is swept away. Two that come at once may both step back, never both go on.
 */
function claimInstallation(folder) {
  const claim = path.join(folder, String(process.pid));
  try {
    mkdirSync(folder, { recursive: true });
    if (othersIn(folder).length > 0) return null;
    writeFileSync(claim, startOf(process.pid) ?? "");
    if (othersIn(folder).length === 0) return claim;
  } catch (error) {
    if (error.code !== "ENOENT")
      throw expected(
        `Packages have to be installed and ${folder} cannot be written: ${error.message}. Make the folder writable, or run npm ci there as its owner.`,
      );
  }
  release(claim);
  return null;
}

function release(claim) {
  rmSync(claim, { force: true });
  try {
    rmdirSync(path.dirname(claim));
  } catch {
    // somebody else waits in it
  }
}

function othersIn(folder) {
  return readdirSync(folder).filter((name) => {
    if (name === String(process.pid)) return false;
    const start = startOf(Number(name));
    const claimed = read(path.join(folder, name));
    if (start !== null && (claimed === "" || claimed === start)) return true;
    rmSync(path.join(folder, name), { force: true });
    return false;
  });
}

/** When the process started, "" where this cannot be told, null when it is gone (a zombie is). */
function startOf(pid) {
  const stat = read(`/proc/${pid}/stat`);
  if (stat !== null) {
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return fields[0] === "Z" ? null : fields[19];
  }
  if (process.platform === "linux") return null;
  try {
    process.kill(pid, 0);
    return "";
  } catch (error) {
    return error.code === "EPERM" ? "" : null;
  }
}

/**
 * With a whole machine's memory to grow into, V8 collects so late that an import of 150,000 rows held 420 MB, of which 60 were in
 * use. Told that a gigabyte is the most, it stays near 215 MB, as fast.
 *
 * On two cores a collection shared among four threads stands in the database's way: done by one, a captured lead takes 208
 * instead of 228 µs of processor time in this process (medians of six turns of 6,000).
 */
export const NODE_FLAGS = [
  "--disable-warning=ExperimentalWarning",
  "--max-semi-space-size=16",
  "--max-old-space-size=1024",
  ...(availableParallelism() <= 2 ? ["--no-parallel-scavenge"] : []),
];

/** Runs the entry in this process when it is new enough, else in the pinned Node. */
async function become(entry, args) {
  if (!existsSync(entry)) throw expected(`${path.relative(project, entry)} is missing; the copy of Baton in ${project} is incomplete.`);
  // npm does not reliably pass on what ends it, and a program that nobody waits for any more would hold the data folder.
  if (process.env.npm_lifecycle_event !== undefined) endWithParent();
  if (Number(process.versions.node.split(".")[0]) >= 24) {
    process.argv.splice(1, process.argv.length, entry, ...args);
    await import(entry);
    return;
  }
  const child = spawn(pinnedNode(), [...NODE_FLAGS, self, entry, ...args], { stdio: "inherit" });
  // A terminal sends Ctrl-C to the whole group, npm passes signals on as well, and a service manager sends them to one
  // process only. So each kind is passed on once, and whoever receives one twice within a moment takes it for one.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"]) {
    let sent = false;
    process.on(signal, () => {
      if (!sent) child.kill(signal);
      sent = true;
      setTimeout(() => (sent = false), 1000).unref();
    });
  }
  const [code, signal] = await new Promise((resolve, reject) => {
    child.on("error", (error) => reject(expected(`The Node that Baton brings could not be started: ${error.message}`)));
    child.on("exit", (...end) => resolve(end));
  });
  if (signal !== null) {
    process.removeAllListeners(signal);
    process.kill(process.pid, signal);
  }
  process.exitCode = code ?? 1;
}

/** Ends this process as a service manager would, as soon as the one that started it is gone. */
function endWithParent() {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, "SIGTERM");
  }, 500);
  timer.unref();
}

/** The executable of the pinned Node for this machine. */
export function pinnedNode(root = project) {
  const require = createRequire(path.join(root, "package.json"));
  const names = [`node-${process.platform}-${process.arch}`, `node-bin-${process.platform}-${process.arch}`];
  for (const name of names) {
    try {
      const file = path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin", "node");
      if (existsSync(file) && spawnSync(file, ["--version"]).status === 0) return file;
    } catch {
      // the next name
    }
  }
  throw expected(
    `Baton needs Node 24 and finds ${process.version}; there is no ${names[0]} in node_modules for this machine. Install Node 24 or newer and start again with it.`,
  );
}

function writeStamp(root, lock) {
  const stamp = path.join(root, "node_modules", ".baton-lock");
  try {
    writeFileSync(`${stamp}.${process.pid}`, `${hashOf(lock)}\n`);
    renameSync(`${stamp}.${process.pid}`, stamp);
  } catch {
    // not ours to write; the next start looks again
  }
}

function hashOf(text) {
  return createHash("sha256").update(text).digest("hex");
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function expected(message) {
  return Object.assign(new Error(message), { expected: true });
}

// Started again by itself, under the pinned Node: the entry, then its arguments.
if (process.argv[1] === self) {
  endWithParent();
  process.argv.splice(1, 1);
  await import(process.argv[1]).catch(tell);
}
