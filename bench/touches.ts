/**
 * Recording touches of 10,000 known people, one or a hundred a request, against one insert a request. A touch is acknowledged
 * when it is stored and understood a little later, so beside the rate of acknowledgement stands the rate until all were
 * understood; and the next round begins only then.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { alternate, type Bench, latencies, requestsFor } from "./bench.ts";
import { rate, told } from "./capture.ts";
import { fill } from "./fill.ts";
import { type Figure, figureOf, median, rounded } from "./figures.ts";
import { load, type Loaded, requestOf } from "./load.ts";
import { isInboxEmpty, listAmounts, listLeadIds, tidy } from "./measure.queries.ts";
import { startReference } from "./reference-process.ts";

const CONNECTIONS = 64;
const PEOPLE = 10_000;
const WARM_UP = 1500;
/** Numbers of people that no other bench captures. */
const FIRST_PERSON = 90_000_000;
const KINDS = ["pageView", "pageView", "pageView", "mailOpen", "mailClick", "download", "formSubmit", "webinarRegistered"] as const;
const PAGES = ["/", "/pricing", "/docs/start", "/product", "/customers", "/careers"] as const;

type Round = { readonly loaded: Loaded; /** Touches a second, until the last was understood. */ readonly processed: number; readonly drainSeconds: number };

export async function benchTouches(bench: Bench, size: 1 | 100): Promise<Figure> {
  const { house, tell } = bench;
  const reference = await startReference(house.ownerConfig);
  try {
    const people = await knownPeople(bench);
    const product = async (count: number): Promise<Round> => {
      const requests = Array.from({ length: count }, (_, i) =>
        requestOf({
          method: "POST",
          path: "/api/v1/touches",
          apiKey: house.apiKey,
          body: { touches: Array.from({ length: size }, (__, j) => touchOf(people, i * size + j)) },
        }),
      );
      const loaded = await load({ url: house.server().url, requests, connections: CONNECTIONS, until: "all sent" });
      const drainSeconds = await drained(bench);
      return { loaded, drainSeconds, processed: (count * size) / (loaded.seconds + drainSeconds) };
    };
    const plain = (count: number): Promise<Loaded> => {
      const requests = Array.from({ length: count }, (_, i) =>
        requestOf({ method: "POST", path: "/touch", body: { ...touchOf(people, i), lead: i % PEOPLE } }),
      );
      return load({ url: reference.url, requests, connections: CONNECTIONS, until: "all sent" });
    };
    const [warm, plainWarm] = [await product(Math.ceil(WARM_UP / size)), await plain(WARM_UP)];
    const [count, plainCount] = [size === 1 ? requestsFor(bench, warm.loaded) : Math.ceil(requestsFor(bench, warm.loaded) / 2), requestsFor(bench, plainWarm)];
    await tidy(house.admin);
    const before = (await listAmounts(house.owner)).get("touch")?.rows ?? 0;
    const rounds = await alternate(
      bench,
      async (round) => {
        const one = await product(count);
        await told(tell, `touches ×${size} ${round + 1} (${rounded(one.processed)}/s until understood)`, Promise.resolve(one.loaded));
        return one;
      },
      (round) => told(tell, `reference ${round + 1}`, plain(plainCount)),
    );
    const sent = rounds.product.length * count * size;
    const stored = ((await listAmounts(house.owner)).get("touch")?.rows ?? 0) - before;
    if (stored !== sent) throw new Error(`${sent} touches were acknowledged and ${stored} are stored.`);
    const loads = rounds.product.map(({ loaded }) => loaded);
    const processed = median(rounds.product.map((round) => round.processed));
    const extra = {
      acknowledgedPerSecond: rounded(median(loads.map(rate)) * size),
      processedPerSecond: rounded(processed),
      processedRatio: rounded(processed / median(rounds.reference.map(rate))),
      drainSeconds: rounded(median(rounds.product.map(({ drainSeconds }) => drainSeconds))),
      touchesPerRound: count * size,
      ...latencies(loads),
      reference: latencies(rounds.reference),
    };
    return figureOf(
      {
        name: size === 1 ? "touches" : "touches-batch",
        unit: "touches/s",
        floor: 2,
        product: loads.map((one) => rate(one) * size),
        reference: rounds.reference.map(rate),
      },
      extra,
    );
  } finally {
    await reference.stop();
  }
}

type Known = { readonly id: string; readonly email: string };

async function knownPeople({ house, tell }: Bench): Promise<readonly Known[]> {
  const there = await listLeadIds(house.owner, PEOPLE);
  if (there.length === PEOPLE) return there;
  tell(`making ${PEOPLE} people to touch`);
  await house.withDoor((deps) => fill(deps, FIRST_PERSON, FIRST_PERSON + PEOPLE - there.length, () => {}));
  return listLeadIds(house.owner, PEOPLE);
}

/** Half of the senders know the lead, half an address. Successive touches are of different people. */
function touchOf(people: readonly Known[], i: number): object {
  const { id, email } = people[(i * 7919) % people.length] as Known;
  return {
    kind: KINDS[i % KINDS.length],
    ...(i % 2 === 0 ? { lead: id } : { email }),
    props: { url: `https://www.bench.example${PAGES[i % PAGES.length]}`, visit: i },
  };
}

/** Waits until every touch was understood; answers the seconds. */
async function drained({ house }: Bench): Promise<number> {
  const began = performance.now();
  while (!(await isInboxEmpty(house.owner))) await sleep(25);
  return (performance.now() - began) / 1000;
}
