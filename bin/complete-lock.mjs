#!/usr/bin/env node
/**
 * `npm run lock`: adds to package-lock.json what npm left out of it.
 *
 * A registry may lack a package built for another machine. npm then silently
 * drops it from the lock, and `npm ci` refuses the lock because it is not
 * complete. The names of such packages say for which machine they are, so an
 * entry can be written without having seen the package; npm installs it
 * nowhere else. Run this after every `npm install`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";

/** The lock with the missing entries, and their names. Throws for an optional package that is not for one machine. */
export function completeLock(lock) {
  const packages = { ...lock.packages };
  const added = [];
  for (const [place, entry] of Object.entries(lock.packages)) {
    for (const [name, version] of Object.entries(entry.optionalDependencies ?? {})) {
      if (finds(packages, place, name)) continue;
      const machine = machineOf(name);
      if (machine === null || !/^\d+\.\d+\.\d+/.test(version))
        throw new Error(
          `${name}@${version}, wanted by ${place || "package.json"}, is missing in package-lock.json and its name does not say for which machine it is.`,
        );
      packages[`node_modules/${name}`] = { version, ...machine, ...(entry.dev ? { dev: true } : {}), optional: true };
      added.push(`${name}@${version}`);
    }
  }
  const sorted = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, "en")));
  return { lock: { ...lock, packages: sorted }, added };
}

/** Whether a package asked for at `place` is found there or further up, as Node looks for it. */
function finds(packages, place, name) {
  if (packages[`${place === "" ? "" : `${place}/`}node_modules/${name}`] !== undefined) return true;
  if (place === "") return false;
  return finds(packages, place.slice(0, Math.max(0, place.lastIndexOf("node_modules/") - 1)), name);
}

const SYSTEMS = ["android", "darwin", "freebsd", "linux", "netbsd", "openbsd", "openharmony", "sunos", "win32", "aix"];
const PROCESSORS = ["arm", "arm64", "ia32", "loong64", "mips64el", "ppc64", "riscv64", "s390x", "x64"];

function machineOf(name) {
  const words = name.replace(/^.*\//, "").split("-");
  const os = words.find((word) => SYSTEMS.includes(word));
  const cpu = words.find((word) => PROCESSORS.includes(word));
  if (os !== undefined && cpu !== undefined) {
    const libc = words.some((word) => word.startsWith("musl"))
      ? { libc: ["musl"] }
      : os === "linux" && words.some((word) => word.startsWith("gnu"))
        ? { libc: ["glibc"] }
        : {};
    return { cpu: [cpu], os: [os], ...libc };
  }
  return words.some((word) => word.startsWith("wasm32")) ? { cpu: ["wasm32"] } : null;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const file = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../package-lock.json");
  const { lock, added } = completeLock(JSON.parse(readFileSync(file, "utf8")));
  writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.error(added.length === 0 ? "package-lock.json is complete." : `Added to package-lock.json: ${added.join(", ")}`);
}
