/** Capturing one lead a request, everything that follows included, against one insert a request. */
import { alternate, type Bench, latencies, requestsFor } from "./bench.ts";
import { touchesOf } from "./fill.ts";
import { type Figure, figureOf, rounded } from "./figures.ts";
import { load, type Loaded, requestOf } from "./load.ts";
import { type Amounts, countStages, listAmounts, tidy } from "./measure.queries.ts";
import { person } from "./people.ts";
import { startReference } from "./reference-process.ts";

const CONNECTIONS = 64;
const WARM_UP = 1500;

export async function benchCapture(bench: Bench): Promise<Figure> {
  const { house, tell } = bench;
  const reference = await startReference(house.ownerConfig);
  try {
    const [product, plain] = [capturer(bench, 0), inserter(reference.url)];
    const [warm, plainWarm] = [await product(WARM_UP), await plain(WARM_UP)];
    const [count, plainCount] = [requestsFor(bench, warm), requestsFor(bench, plainWarm)];
    await tidy(house.admin);
    const before = await listAmounts(house.owner);
    const rounds = await alternate(
      bench,
      (round) => told(tell, `capture ${round + 1}`, product(count)),
      (round) => told(tell, `reference ${round + 1}`, plain(plainCount)),
    );
    const after = await listAmounts(house.owner);
    const sent = rounds.product.reduce((sum, { requests }) => sum + requests, 0);
    const extra = { ...written(before, after, sent), ...latencies(rounds.product), reference: latencies(rounds.reference), mqlShare: await mqlShare(bench) };
    return figureOf({ name: "capture", unit: "leads/s", floor: 0.6, product: rounds.product.map(rate), reference: rounds.reference.map(rate) }, extra);
  } finally {
    await reference.stop();
  }
}

/** Posts so many people who were not there before, beginning with number `next`. */
export function capturer({ house: { server, apiKey } }: Bench, next: number): (count: number) => Promise<Loaded> {
  return (count) => {
    const from = next;
    next += count;
    const requests = Array.from({ length: count }, (_, i) =>
      requestOf({ method: "POST", path: "/api/v1/leads", apiKey, body: { ...person(from + i), ...touchesIn(from + i) } }),
    );
    return load({ url: server().url, requests, connections: CONNECTIONS, until: "all sent" });
  };
}

function touchesIn(i: number): object {
  const touches = touchesOf(i);
  return touches.length === 0 ? {} : { touches };
}

/** The same of the reference. */
export function inserter(url: string): (count: number) => Promise<Loaded> {
  let next = 0;
  return (count) => {
    const from = next;
    next += count;
    const requests = Array.from({ length: count }, (_, i) => requestOf({ method: "POST", path: "/lead", body: person(from + i) }));
    return load({ url, requests, connections: CONNECTIONS, until: "all sent" });
  };
}

export const rate = ({ perSecond }: Loaded): number => perSecond;

export async function told(tell: Bench["tell"], what: string, work: Promise<Loaded>): Promise<Loaded> {
  const loaded = await work;
  tell(`${what}: ${Math.round(loaded.perSecond)} requests/s, p95 ${loaded.p95.toFixed(1)} ms`);
  return loaded;
}

/** Rows and bytes a lead. @throws Error when a lead that was acknowledged is not there */
function written(before: Amounts, after: Amounts, leads: number): object {
  const grown = [...after].map(([table, { rows, bytes }]) => ({
    table,
    rows: rows - (before.get(table)?.rows ?? 0),
    bytes: bytes - (before.get(table)?.bytes ?? 0),
  }));
  const stored = grown.find(({ table }) => table === "lead")?.rows;
  if (stored !== leads) throw new Error(`${leads} leads were acknowledged and ${stored} are stored.`);
  const sum = (read: (one: (typeof grown)[number]) => number): number => grown.reduce((total, one) => total + read(one), 0);
  return {
    rowsPerLead: rounded(sum(({ rows }) => rows) / leads),
    bytesPerLead: rounded(sum(({ bytes }) => bytes) / leads),
    byTable: Object.fromEntries(grown.filter(({ rows }) => rows > 0).map(({ table, rows, bytes }) => [table, [rounded(rows / leads), rounded(bytes / leads)]])),
  };
}

async function mqlShare({ house }: Bench): Promise<number> {
  const stages = await countStages(house.owner);
  const all = [...stages.values()].reduce((sum, n) => sum + n, 0);
  return rounded((stages.get("mql") ?? 0) / all);
}
