/**
 * `npm run soak -- [KILLS] [HOUSES]`: the kills of the test suite, only many more (200 unless told otherwise), on so many fresh
 * houses one after another. Every house prints its seed; BATON_SEED gives the first one. Exit code 1 and the reasons when a
 * promise was broken; the data folder then stays for a look.
 */
import { freePort } from "./baton.ts";
import { killAgainAndAgain } from "./kills.ts";
import { seedOfRun } from "./random.ts";
import { temporaryData } from "./run.ts";

const [kills = 200, houses = 1] = process.argv.slice(2).map(Number);
const wrong = ![kills, houses].every((number) => Number.isInteger(number) && number > 0);

if (wrong) {
  console.error("npm run soak takes two whole numbers: how many kills, and on how many houses. As in: npm run soak -- 200 3");
  process.exitCode = 2;
} else for (let house = 0; house < houses && process.exitCode === undefined; house++) await soak(seedOfRun() + house);

async function soak(seed: number): Promise<void> {
  const folder = temporaryData();
  console.log(`BATON_SEED=${seed} in ${folder.dataDir}`);
  const plan = { seed, kills, duringImport: Math.ceil(kills / 3), writers: 16, rows: 20_000, tell: (line: string) => console.log(line) };
  const { broken, ...counts } = await killAgainAndAgain({ dataDir: folder.dataDir, port: await freePort() }, plan);
  console.log(JSON.stringify(counts));
  if (broken.length === 0) return folder.remove();
  console.error(`Broken with BATON_SEED=${seed}; the data is in ${folder.dataDir}:\n${broken.map((line) => `  - ${line}`).join("\n")}`);
  process.exitCode = 1;
}
