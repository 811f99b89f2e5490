/** `web-bundle`: the JavaScript that the Leads screen loads, in gzip, against its budget. The ratio is how often it would fit. */
import { ensureWebApp } from "../src/server/web-app-build.ts";
import { weighScreen } from "../src/server/web-app-weight.ts";
import type { Bench } from "./bench.ts";
import { type Figure, rounded } from "./figures.ts";

/** Kilobytes; the aim is 200. */
const BUDGET = 250;

export async function benchWebBundle(tell: Bench["tell"]): Promise<Figure> {
  const folder = await ensureWebApp(tell);
  if (folder === null) throw new Error("There is no web app to weigh; its bundler's words stand above.");
  const { kilobytes, files } = weighScreen(folder, "leads-screen");
  const ratio = BUDGET / kilobytes;
  const largest = files.slice(0, 6).map(({ file, kilobytes: size }) => ({ file, kilobytes: rounded(size) }));
  return {
    name: "web-bundle",
    value: rounded(kilobytes),
    unit: "kB gzip",
    reference: BUDGET,
    ratio: rounded(ratio),
    floor: 1,
    ok: ratio >= 1,
    extra: { aim: 200, files: files.length, largest },
  };
}
