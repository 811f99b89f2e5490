import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import path from "node:path";

/**
 * Processes: is this pid still the process it was?
 *
 * A pid alone proves nothing, it is given to somebody else later. A pid with
 * its start mark (boot and start time) names one process for ever. A zombie
 * has ended and only waits to be counted: it is gone.
 */

/** A mark that no other process with this pid will ever carry, or null when no such process runs (zombies included). */
export function startMark(pid: number): string | null {
  return process.platform === "linux" ? linuxMark(pid) : psMark(pid);
}

/** True when `pid` is the main process of a PostgreSQL that works on `cluster`. */
export function isPostgresOn(pid: number, cluster: string): boolean {
  if (startMark(pid) === null) return false;
  const words = commandOf(pid);
  return path.basename(words[0] ?? "") === "postgres" && words.includes(cluster);
}

function linuxMark(pid: number): string | null {
  const stat = readText(`/proc/${pid}/stat`);
  if (stat === null) return null;
  // The name in parentheses may hold blanks and parentheses itself; what follows the last one is regular.
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const state = fields[0];
  if (state === "Z" || state === "X") return null;
  return `${readText("/proc/sys/kernel/random/boot_id")?.trim() ?? "boot"}/${fields[19]}`;
}

function psMark(pid: number): string | null {
  const line = ps(pid, "stat=,lstart=");
  if (line === "" || line.startsWith("Z")) return null;
  return line.replace(/^\S+\s+/, "").replaceAll(/\s+/g, " ");
}

function commandOf(pid: number): readonly string[] {
  if (process.platform === "linux") return (readText(`/proc/${pid}/cmdline`) ?? "").split("\0");
  return ps(pid, "command=").split(" ");
}

function ps(pid: number, format: string): string {
  try {
    return execFileSync("ps", ["-o", format, "-p", String(pid)], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }).trim();
  } catch {
    return "";
  }
}

function readText(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}
