/** How much JavaScript a screen of the built web app loads: the page's own script and the screen's, with all they import, in gzip. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";

export type Weight = { readonly kilobytes: number; readonly files: readonly { readonly file: string; readonly kilobytes: number }[] };

/** `screen` is the name of the screen's source file without its ending, as "leads-screen". 1 kB is 1,000 bytes. */
export function weighScreen(folder: string, screen: string): Weight {
  const assets = path.join(folder, "assets");
  const names = readdirSync(assets);
  const chunk = names.find((name) => name.startsWith(`${screen}-`) && name.endsWith(".js"));
  if (chunk === undefined) throw new Error(`The built web app in ${folder} has no screen "${screen}".`);
  const page = readFileSync(path.join(folder, "index.html"), "utf8");
  const reached = new Set<string>();
  const reach = (name: string): void => {
    if (reached.has(name) || !names.includes(name)) return;
    reached.add(name);
    for (const [, other = ""] of readFileSync(path.join(assets, name), "utf8").matchAll(/(?:from|^import|[;}]import)\s*["']\.\/([^"']+\.js)["']/gm))
      reach(other);
  };
  for (const [, name = ""] of page.matchAll(/(?:src|href)="\/assets\/([^"]+\.js)"/g)) reach(name);
  reach(chunk);
  const files = [...reached]
    .map((file) => ({ file, kilobytes: gzipSync(readFileSync(path.join(assets, file)), { level: 9 }).length / 1000 }))
    .toSorted((a, b) => b.kilobytes - a.kilobytes);
  return { kilobytes: files.reduce((sum, { kilobytes }) => sum + kilobytes, 0), files };
}
