/**
 * Builds the web app into a folder: bundles, compresses every text (brotli and gzip), notes what it was made of, and puts the
 * result in place of the one before. Two at once do not harm each other. Run as a program with the folder as its argument.
 */
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import zlib from "node:zlib";
import { build } from "vite";
import { inputsHash, ROOT, STAMP, WEB_APP_FOLDER } from "./web-app-build.ts";

const brotli = promisify(zlib.brotliCompress);
const gzip = promisify(zlib.gzip);

const [folder = WEB_APP_FOLDER] = process.argv.slice(2);
await bundle(path.resolve(folder));

async function bundle(target: string): Promise<void> {
  const inputs = inputsHash();
  const made = `${target}.${process.pid}`;
  mkdirSync(path.dirname(target), { recursive: true });
  try {
    await build({ configFile: path.join(ROOT, "vite.config.ts"), logLevel: "warn", build: { outDir: made, emptyOutDir: true } });
    await compressAll(made);
    writeFileSync(path.join(made, STAMP), `${inputs}\n`);
    replace(made, target);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

async function compressAll(made: string): Promise<void> {
  const texts = readdirSync(made, { recursive: true, encoding: "utf8" }).filter((name) => /\.(?:js|css|svg|html|webmanifest)$/.test(name));
  await Promise.all(
    texts.map(async (name) => {
      const file = path.join(made, name);
      const bytes = readFileSync(file);
      if (bytes.length < 500) return;
      const params = { [zlib.constants.BROTLI_PARAM_QUALITY]: 10, [zlib.constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
      const [br, gz] = await Promise.all([brotli(bytes, { params }), gzip(bytes, { level: 9 })]);
      writeFileSync(`${file}.br`, br);
      writeFileSync(`${file}.gz`, gz);
    }),
  );
}

/** A folder cannot be renamed over another, so the old one is moved away first; who else does the same at once is waited for. */
function replace(made: string, target: string): void {
  const old = `${target}.${process.pid}.old`;
  for (let attempt = 0; ; attempt++) {
    try {
      renameSync(target, old);
    } catch (error) {
      if ((error as { code?: string }).code !== "ENOENT") throw error;
    }
    try {
      renameSync(made, target);
      break;
    } catch (error) {
      if (attempt > 20) throw error;
    } finally {
      rmSync(old, { recursive: true, force: true });
    }
  }
}
