/** The leads screen and search, against the same page by a hand-written query: as many rows, and for search the same people and the same typing. */
import { alternate, type Bench, latencies } from "./bench.ts";
import { rate, told } from "./capture.ts";
import { type Figure, figureOf, median, rounded } from "./figures.ts";
import { load, type Loaded, requestOf } from "./load.ts";
import { fillReference, listOwnersOfMost, tidy } from "./measure.queries.ts";
import { mistyped, person } from "./people.ts";
import { startReference } from "./reference-process.ts";

const CONNECTIONS = 16;
const OWNERS = 24;
const QUERIES = 400;
/** A page may be slow for 5 in 100 only where the plain query is not quick either. */
const P95 = { mostMs: 50, whereReferenceMs: 15 } as const;

/** Starts the reference with as many leads, and measures what is asked for. */
export async function benchReading(bench: Bench, names: readonly ("list" | "search")[]): Promise<readonly Figure[]> {
  const { house, tell } = bench;
  const reference = await startReference(house.ownerConfig);
  try {
    await fillReference(house.owner);
    await tidy(house.admin);
    tell("the reference has as many leads");
    const figures: Figure[] = [];
    for (const name of names) figures.push(await (name === "list" ? benchList : benchSearch)(bench, reference.url));
    return figures;
  } finally {
    await reference.stop();
  }
}

/** The leads of an owner in a stage, best first: the first page and the one after it. */
async function benchList(bench: Bench, url: string): Promise<Figure> {
  const { house } = bench;
  const paths: string[] = [];
  for (const { owner_id, stage } of await listOwnersOfMost(house.owner, OWNERS)) {
    const filter = JSON.stringify({
      and: [
        { field: "stage", op: "eq", value: stage },
        { field: "owner", op: "eq", value: owner_id },
      ],
    });
    const first = `/api/v1/leads?filter=${encodeURIComponent(filter)}&sort=-score&limit=50`;
    const { items, nextCursor } = (await ask(bench, first)) as { readonly items: readonly unknown[]; readonly nextCursor: string | null };
    if (items.length === 0) throw new Error(`The leads screen shows nothing for ${filter}.`);
    paths.push(first, ...(nextCursor === null ? [] : [`${first}&cursor=${encodeURIComponent(nextCursor)}`]));
  }
  const pages = Array.from({ length: 60 }, (_, i) => ({ stage: `stage${i % 6}`, owner: i % 40, after: i % 2 === 0 ? 1000 : 60 })).filter(
    ({ owner, stage }) => owner % 2 === Number(stage.slice(5)) % 2,
  );
  const plain = pages.map(({ stage, owner, after }) => `/leads?stage=${stage}&owner=${owner}&after=${after}`);
  return measure(bench, "list", paths, url, plain, { pages: paths.length });
}

async function benchSearch(bench: Bench, url: string): Promise<Figure> {
  const asked = Array.from({ length: QUERIES }, (_, i) => queryOf(i, bench.scale.leads));
  const path = (base: string, { q }: Asked): string => `${base}?q=${encodeURIComponent(q)}`;
  const [ours, theirs] = [asked.map((one) => `${path("/api/v1/search", one)}&limit=10`), asked.map((one) => path("/search", one))];
  const found = { product: 0, reference: 0 };
  for (let i = 0; i < asked.length; i += 8) {
    const { name } = asked[i] as Asked;
    const product = (await ask(bench, ours[i] as string)) as { readonly items: readonly { readonly title: string }[] };
    const reference = (await (await fetch(`${url}${theirs[i]}`)).json()) as {
      readonly items: readonly { readonly first_name: string; readonly last_name: string }[];
    };
    if (product.items.some(({ title }) => title === name)) found.product++;
    if (reference.items.some(({ first_name, last_name }) => `${first_name} ${last_name}` === name)) found.reference++;
  }
  const share = (n: number): number => rounded(n / Math.ceil(asked.length / 8));
  return measure(bench, "search", ours, url, theirs, {
    queries: asked.length,
    meantAmongTen: { product: share(found.product), reference: share(found.reference) },
  });
}

type Asked = { readonly q: string; readonly name: string };

/** Names as they are, with a slip, with the company, and a surname with its company. */
function queryOf(i: number, leads: number): Asked {
  const { firstName, lastName, company } = person((i * 7919) % leads);
  const name = `${firstName} ${lastName}`;
  const short = company.slice(0, company.lastIndexOf(" "));
  const q = [mistyped(name, i), `${mistyped(lastName, i)} ${short}`, `${name} ${mistyped(short, i)}`, name][i % 4] as string;
  return { q, name };
}

async function measure(bench: Bench, name: string, paths: readonly string[], url: string, plainPaths: readonly string[], more: object): Promise<Figure> {
  const { house, scale, tell } = bench;
  const requests = paths.map((path) => requestOf({ method: "GET", path, apiKey: house.apiKey }));
  const plain = plainPaths.map((path) => requestOf({ method: "GET", path }));
  const run = (where: string, what: readonly Buffer[], seconds: number): Promise<Loaded> =>
    load({ url: where, requests: what, connections: CONNECTIONS, until: { seconds } });
  await run(house.server().url, requests, scale.seconds / 3);
  await run(url, plain, scale.seconds / 3);
  const rounds = await alternate(
    bench,
    (round) => told(tell, `${name} ${round + 1}`, run(house.server().url, requests, scale.seconds)),
    (round) => told(tell, `reference ${round + 1}`, run(url, plain, scale.seconds)),
  );
  const [p95, plainP95] = [median(rounds.product.map((one) => one.p95)), median(rounds.reference.map((one) => one.p95))];
  const quick = plainP95 > P95.whereReferenceMs || p95 <= P95.mostMs;
  const extra = { leads: scale.leads, ...latencies(rounds.product), reference: latencies(rounds.reference), ...more };
  return figureOf({ name, unit: "pages/s", floor: 0.4, product: rounds.product.map(rate), reference: rounds.reference.map(rate) }, extra, quick);
}

async function ask({ house }: Bench, path: string): Promise<unknown> {
  const reply = await fetch(`${house.server().url}${path}`, { headers: { authorization: `Bearer ${house.apiKey}` } });
  if (!reply.ok) throw new Error(`${path} was answered with ${reply.status}:\n${await reply.text()}`);
  return reply.json();
}
