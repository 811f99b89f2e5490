/** What is measured in a house full of leads: the cost of one more, the leads screen, search, a changed model, and a second start. */
import { setTimeout as sleep } from "node:timers/promises";
import { alternate, type Bench, requestsFor } from "./bench.ts";
import { capturer, rate, told } from "./capture.ts";
import { fill } from "./fill.ts";
import { type Figure, figureOf, median, rounded } from "./figures.ts";
import { fullConfig } from "./full-config.ts";
import { publish } from "./house.ts";
import type { Loaded } from "./load.ts";
import { addToScores, countStages, findRescore, tidy } from "./measure.queries.ts";

const FEW = 10_000;
/** Few leads stay few: a round captures no more. */
const MOST_A_ROUND = 4000;
/** Numbers of the people who come one by one. */
const VISITORS = 50_000_000;

/** How many leads count as few. */
export function fewOf({ scale }: Bench): number {
  return Math.min(FEW, scale.leads);
}

/** Rates of capture, few leads in the house. */
export async function captureAmongFew(bench: Bench): Promise<readonly number[]> {
  await fillHouse(bench, 0, fewOf(bench));
  return captureRates(bench, "few", VISITORS);
}

/** A lead costs the same in a full house. More is better, so rates are compared: a fifth more cost is a sixth less rate. */
export async function benchFlat(bench: Bench, amongFew: readonly number[]): Promise<Figure> {
  const many = await captureRates(bench, "many", VISITORS + 10_000_000);
  const extra = { leads: bench.scale.leads, fewLeads: fewOf(bench), costRatio: rounded(median(amongFew) / median(many)) };
  return figureOf({ name: "flat", unit: "leads/s", floor: 0.833, product: many, reference: amongFew }, extra);
}

async function captureRates(bench: Bench, where: string, from: number): Promise<readonly number[]> {
  await tidy(bench.house.admin);
  const capture = capturer(bench, from);
  const warm = await capture(1500);
  const count = Math.min(MOST_A_ROUND, requestsFor(bench, warm));
  const rounds: Loaded[] = [];
  for (let round = 0; round < bench.scale.rounds; round++) rounds.push(await told(bench.tell, `capture among ${where} ${round + 1}`, capture(count)));
  return rounds.map(rate);
}

/** Captures people `from` up to, not including, `to`, and puts the database in order. */
export async function fillHouse({ house, tell }: Bench, from: number, to: number): Promise<void> {
  if (from >= to) return;
  const began = performance.now();
  let last = 0;
  await house.withDoor((deps) =>
    fill(deps, from, to, (done) => {
      if (done - last < 100_000) return;
      last = done;
      tell(`${from + done} leads`);
    }),
  );
  tell(`filled up to ${to} leads, ${rounded((to - from) / ((performance.now() - began) / 1000))}/s`);
  await tidy(house.admin);
}

/** A changed model, until every lead has its new score, against adding one to every score. */
export async function benchRescore(bench: Bench): Promise<Figure> {
  const { house, tell } = bench;
  const leads = [...(await countStages(house.owner)).values()].reduce((sum, n) => sum + n, 0);
  await tidy(house.admin);
  const rounds = await alternate(
    bench,
    async (round) => {
      const perSecond = leads / (await rescored(bench, round));
      tell(`rescore ${round + 1}: ${rounded(perSecond)} leads/s`);
      await tidy(house.admin);
      return perSecond;
    },
    async (round) => {
      const began = performance.now();
      await addToScores(house.owner, 1);
      const perSecond = leads / ((performance.now() - began) / 1000);
      tell(`update ${round + 1}: ${rounded(perSecond)} leads/s`);
      await addToScores(house.owner, -1);
      await tidy(house.admin);
      return perSecond;
    },
  );
  return figureOf({ name: "rescore", unit: "leads/s", floor: 0.5, ...rounds }, { leads });
}

/** Publishes a model with other points; answers the seconds until all leads had them. */
async function rescored({ house }: Bench, round: number): Promise<number> {
  const number = await publish(house.server().url, house.apiKey, fullConfig(house.users, 1 + (round % 2)));
  for (;;) {
    const run = await findRescore(house.owner, number);
    if (run?.state === "superseded") throw new Error("Somebody else published during the bench.");
    if (run?.state === "done" && run.seconds !== null) return run.seconds;
    await sleep(50);
  }
}

const MOST_SECONDS = 5;

/** From start to ready, with a full house and all that a first start does done. */
export async function benchStart(bench: Bench): Promise<Figure> {
  const { house, scale, tell } = bench;
  const seconds: number[] = [];
  for (let round = 0; round < scale.rounds; round++) {
    seconds.push(await house.restart());
    tell(`start ${round + 1}: ${rounded(seconds.at(-1) ?? 0)} s`);
  }
  const product = seconds.map((one) => 1 / one);
  return figureOf(
    { name: "start", unit: "starts/s", floor: 1, product, reference: product.map(() => 1 / MOST_SECONDS) },
    { seconds: rounded(median(seconds)), mostSeconds: MOST_SECONDS },
  );
}
