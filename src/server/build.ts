/** Which Baton this is: version, and the commit where it can be told. */
import { readFileSync } from "node:fs";
import path from "node:path";
import { readMigrations } from "./db/migrations.ts";
import { batonVersion } from "./features/operator/version.ts";

export type Build = { readonly version: string; readonly commit: string | null; readonly newestMigration: number };

/** An empty BATON_COMMIT counts as none: an image built without its argument has one. */
export function readBuild(env: Readonly<Record<string, string | undefined>> = process.env): Build {
  const root = path.resolve(import.meta.dirname, "../..");
  return {
    version: batonVersion(),
    commit: env["BATON_COMMIT"]?.trim() || commitOf(path.join(root, ".git")),
    newestMigration: readMigrations().at(-1)?.version ?? 0,
  };
}

/** Reads the checkout itself: there may be no git on this machine. */
function commitOf(git: string): string | null {
  try {
    const head = readFileSync(path.join(git, "HEAD"), "utf8").trim();
    const name = /^ref: (.+)$/.exec(head)?.[1];
    if (name === undefined) return asCommit(head);
    return asCommit(readOr(path.join(git, name)) ?? packed(readOr(path.join(git, "packed-refs")) ?? "", name));
  } catch {
    return null;
  }
}

function packed(refs: string, name: string): string {
  return (
    refs
      .split("\n")
      .find((line) => line.endsWith(` ${name}`))
      ?.split(" ")[0] ?? ""
  );
}

function readOr(file: string): string | null {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return null;
  }
}

function asCommit(text: string): string | null {
  return /^[0-9a-f]{40,64}$/.test(text.trim()) ? text.trim() : null;
}
