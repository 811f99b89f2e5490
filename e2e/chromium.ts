/** The browser of the tests: Debian's Chromium. Root gets it installed; anybody else is told how. No browser is a failure, not a skip. */
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { type Browser, chromium } from "playwright-core";

const PLACES = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome", "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"];

export async function openBrowser(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? findChromium() ?? installChromium();
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

function findChromium(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

/** @throws Error that says what to do */
function installChromium(): string {
  const words = "The tests of the screens need Chromium. Install it (Debian: apt-get install chromium), or name it: CHROMIUM=/path/to/chromium npm test";
  if (process.getuid?.() !== 0 || !existsSync("/usr/bin/apt-get")) throw new Error(words);
  process.stderr.write("Installing Chromium for the tests of the screens (apt-get install chromium) …\n");
  const options = { stdio: ["ignore", "ignore", "inherit"] as ["ignore", "ignore", "inherit"], env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" } };
  const install = (): number | null => spawnSync("apt-get", ["install", "-y", "--no-install-recommends", "chromium"], options).status;
  if (install() !== 0) {
    spawnSync("apt-get", ["update"], options);
    install();
  }
  const found = findChromium();
  if (found === undefined) throw new Error(`Chromium could not be installed; apt's reason stands above. ${words}`);
  return found;
}
