import { expect, test } from "vitest";
import { temporaryFolder } from "../temporary-store.ts";
import { freePort } from "./baton.ts";
import { killAgainAndAgain } from "./kills.ts";
import { seedOfRun } from "./random.ts";

test("killed 27 times under sixteen writers and imports, nothing acknowledged is missing and nothing is there twice", async () => {
  const seed = seedOfRun();
  console.log(`BATON_SEED=${seed}`);
  const plan = { seed, kills: 27, duringImport: 9, writers: 16, rows: 6000, tell: (line: string) => console.log(line) };
  const report = await killAgainAndAgain({ dataDir: temporaryFolder(), port: await freePort() }, plan);
  expect(report.broken).toEqual([]);
  expect(report.kills).toBeGreaterThanOrEqual(27);
  expect(report.duringImport).toBeGreaterThanOrEqual(9);
  expect(report.withDatabase).toBeGreaterThan(3);
  expect(report.acknowledged).toBeGreaterThan(500);
  console.log(JSON.stringify(report));
}, 300_000);
