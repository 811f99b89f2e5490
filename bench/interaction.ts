/**
 * `interaction` and `jumps`: what a person waits for. A full house, the product in a real Chromium, signed in as a person who
 * sees every lead; keys and clicks as in interaction-person.ts, from the input event to the frame painted with the whole of its
 * result (interaction-probe.ts says what exactly is timed). Between two actions lies a quarter of a second, as a person looks
 * before going on; what the product loads ahead in that time is its own doing. Every kind of action is done once before the
 * clock counts: a second visit, not the first.
 *
 * Beside it, in turns, the same hand does as many actions on an empty page of React. `jumps` are those into a long list: its end
 * and its middle by the newest, by score and by a custom field, and sorting by that field; each with the time of the API's answer.
 */
import os from "node:os";
import path from "node:path";
import type { Browser, BrowserContext, Page } from "playwright-core";
import { openBrowser } from "../e2e/chromium.ts";
import { ensureWebApp, isFreshWebApp } from "../src/server/web-app-build.ts";
import { alternate, type Bench } from "./bench.ts";
import { ADMIN } from "./house.ts";
import { type Figure, rounded } from "./figures.ts";
import { jumpOnce } from "./interaction-jumps.ts";
import { openEmptyPage, workEmptyPage } from "./interaction-empty.ts";
import { type Action, type Hand, handOn } from "./interaction-hand.ts";
import { PASSES, RECEIVERS, WORK, workOnce } from "./interaction-person.ts";
import { installProbe } from "./interaction-probe.ts";
import { byKind, timesOf } from "./interaction-times.ts";

const MOST_MS = 100;
const MOST_JUMP_MS = 200;
/** The day of who works has steps, and the pipeline deals. */
const OF_THE_DAY = 24;
const DEALS = 24;

export async function benchInteraction(bench: Bench, names: readonly ("interaction" | "jumps")[]): Promise<readonly Figure[]> {
  await ensureWebApp(bench.tell);
  if (!isFreshWebApp()) throw new Error("The web app could not be built from these sources; the bundler's words stand above.");
  const browser = await openBrowser();
  try {
    const context = await signedIn(bench, browser);
    await furnish(bench, context);
    const page = await context.newPage();
    page.setDefaultTimeout(15_000);
    return await withPicture(page, () => onPage(bench, browser, page, names));
  } finally {
    await browser.close();
  }
}

async function onPage(bench: Bench, browser: Browser, page: Page, names: readonly string[]): Promise<readonly Figure[]> {
  const broken: string[] = [];
  page.on("pageerror", (error) => broken.push(error.message));
  await page.goto("/leads");
  await page.locator('[role="grid"] [role="row"][id]').first().waitFor();
  const figures: Figure[] = [];
  if (names.includes("interaction")) figures.push(await work(bench, browser, handOn(page)));
  if (names.includes("jumps")) figures.push(await jump(bench, handOn(page)));
  if (broken.length > 0) throw new Error(`The page broke meanwhile: ${broken.join("; ")}`);
  return figures;
}

/** Where a bench of screens ends early, a picture says more than what was waited for. */
async function withPicture<T>(page: Page, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const file = path.join(os.tmpdir(), `baton-bench-${process.pid}.png`);
    await page.screenshot({ path: file }).catch(() => {});
    throw new Error(`${error instanceof Error ? error.message : String(error)}\nThe page ${page.url()} as it stood: ${file}`, { cause: error });
  }
}

async function work(bench: Bench, browser: Browser, hand: Hand): Promise<Figure> {
  const empty = await openEmptyPage(bench.house.folder);
  try {
    await workOnce(hand, 0);
    bench.tell("the person knows the way");
    let pass = 1;
    const rounds = await alternate(
      { ...bench, scale: { ...bench.scale, rounds: PASSES } },
      async () => {
        const from = hand.actions.length;
        await workOnce(hand, pass++);
        const done = hand.actions.slice(from);
        bench.tell(`interaction ${pass - 1}: ${done.length} actions, ${JSON.stringify(timesOf(done))}`);
        return done;
      },
      async () => workEmptyPage(browser, empty, Math.round(hand.actions.length / pass)),
    );
    const [ours, theirs] = [rounds.product.flat(), rounds.reference.flat()];
    const [all, none] = [timesOf(ours), timesOf(theirs)];
    return {
      name: "interaction",
      value: all.p95,
      unit: "ms p95",
      reference: MOST_MS,
      ratio: rounded(MOST_MS / all.p95),
      floor: 1,
      ok: all.p95 <= MOST_MS,
      extra: { leads: bench.scale.leads, actions: ours.length, ...all, emptyPage: none, timesEmptyPage: rounded(all.p95 / none.p95), kinds: byKind(ours) },
    };
  } finally {
    await empty.close();
  }
}

async function jump(bench: Bench, hand: Hand): Promise<Figure> {
  const own: Action[] = [];
  await jumpOnce(hand);
  for (let round = 0; round < PASSES; round++) {
    own.push(...(await jumpOnce(hand)));
    bench.tell(`jumps ${round + 1}: ${JSON.stringify(timesOf(own))}`);
  }
  const kinds = byKind(own);
  const worst = Math.max(...Object.values(kinds).map(({ p95 }) => p95));
  return {
    name: "jumps",
    value: worst,
    unit: "ms p95",
    reference: MOST_JUMP_MS,
    ratio: rounded(MOST_JUMP_MS / worst),
    floor: 1,
    ok: worst <= MOST_JUMP_MS,
    extra: { leads: bench.scale.leads, jumps: own.length, kinds },
  };
}

async function signedIn({ house }: Bench, browser: Browser): Promise<BrowserContext> {
  const url = house.server().url;
  const context = await browser.newContext({ baseURL: url, locale: "en-GB", timezoneId: "Europe/Berlin", viewport: { width: 1440, height: 860 } });
  await context.addInitScript(installProbe);
  await ask(context, url, "POST", "/session", ADMIN);
  return context;
}

/** A saved view of leads that wait for a call, a day with steps in it, and deals. */
async function furnish({ house, tell }: Bench, context: BrowserContext): Promise<void> {
  const url = house.server().url;
  const api = (method: string, path: string, body?: unknown): Promise<Answer> => ask(context, url, method, path, body);
  const inStage = { field: "stage", op: "eq", value: "mql" };
  const waiting = { and: [inStage, { field: "owner", op: "in", value: house.users.filter(({ name }) => !RECEIVERS.includes(name)).map(({ id }) => id) }] };
  await api("POST", "/views", { name: WORK, kind: "leads", filter: waiting });
  const me = (await api("GET", "/session"))["user"] as { readonly id: string };
  const { items } = (await api("GET", `/leads?sort=capturedAt&limit=${OF_THE_DAY + DEALS}&filter=${encodeURIComponent(JSON.stringify(waiting))}`)) as {
    readonly items: readonly { readonly id: string }[];
  };
  for (const [i, { id }] of items.entries()) {
    if (i < OF_THE_DAY) await api("POST", `/leads/${id}/assign`, { owner: me.id });
    else await api("POST", `/leads/${id}/convert`, {});
  }
  tell(`a day with ${Math.min(OF_THE_DAY, items.length)} leads in it, and ${Math.max(0, items.length - OF_THE_DAY)} deals`);
}

type Answer = Readonly<Record<string, unknown>>;

async function ask(context: BrowserContext, url: string, method: string, path: string, body?: unknown): Promise<Answer> {
  const answer = await context.request.fetch(`${url}/api/v1${path}`, {
    method,
    headers: { "x-baton": "1", origin: url },
    ...(body === undefined ? {} : { data: body }),
  });
  if (!answer.ok()) throw new Error(`${method} ${path} was answered with ${answer.status()}:\n${await answer.text()}`);
  return answer.status() === 204 ? {} : ((await answer.json()) as Answer);
}
