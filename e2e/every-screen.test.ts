/**
 * Every address of the app with something on it: nothing serious for assistive technology in both themes, on a desktop and
 * on a phone, nothing broken, nothing wider than the screen, and no link that leads nowhere. Dialogs and menus are opened
 * by the screens' own tests.
 */
import { readFileSync } from "node:fs";
import path from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { ROOT } from "../src/server/web-app-build.ts";
import { SECTIONS } from "../src/web/screens/settings/sections.ts";
import { seriousFindings } from "./axe.ts";
import { fillHouse, type FullHouse } from "./full-house.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 300_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let house: FullHouse;
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await at.visit({ storageState: state });
  house = await fillHouse(at, visit);
  await visit.context.close();
}, 180_000);
afterAll(() => at.close());

const ROUTES = [...readFileSync(path.join(ROOT, "src/web/app/routes.ts"), "utf8").matchAll(/\bpath: "([^"]+)"/g)].map(([, route]) => route ?? "");
const PATTERNS = ROUTES.map((route) => new RegExp(`^${route.replaceAll(/\$\w+/g, "[^/]+")}$`));

/** Addresses for each route. A route without a line here is a mistake: the test says which. */
function addresses(): Readonly<Record<string, readonly string[]>> {
  const { leads, deals, companies, imports, form, me } = house;
  return {
    "/": ["/"],
    "/leads": ["/leads", `/leads?filter=${encodeURIComponent(JSON.stringify({ field: "stage", op: "eq", value: "nothing" }))}`],
    "/leads/$leadId": [`/leads/${leads[0]}`, `/leads/${leads[7]}`, `/leads/${leads[39]}`, "/leads/00000000-0000-7000-8000-000000000000"],
    "/my-day": ["/my-day", `/my-day?of=${me}`],
    "/import": ["/import"],
    "/import/$importId": [`/import/${imports.draft}`, `/import/${imports.done}`],
    "/forms": ["/forms"],
    "/forms/$formId": [`/forms/${form}`],
    "/held": ["/held", "/held?is=dismissed"],
    "/bin": ["/bin"],
    "/settings": ["/settings"],
    "/settings/$section": SECTIONS.map(({ id }) => `/settings/${id}`),
    "/pipeline": ["/pipeline", "/pipeline?as=table&stage=any"],
    "/pipeline/$opportunityId": [`/pipeline/${deals[0]}`, `/pipeline/${deals[4]}`],
    "/companies": ["/companies"],
    "/companies/$companyId": [`/companies/${companies[0]}`],
    "/customers": ["/customers"],
    "/reports": ["/reports", "/reports?table=true"],
    "/health-check": ["/health-check", "/health-check?measure=withoutStep"],
    "/sign-in": ["/sign-in"],
    "/setup": ["/setup"],
    "/invitation": ["/invitation?token=none"],
    "/reset": ["/reset?token=none"],
  };
}

const SIGNED_OUT: ReadonlySet<string> = new Set(["/sign-in", "/setup", "/invitation", "/reset"]);

test("every route is looked at", () => {
  expect(Object.keys(addresses()).toSorted()).toEqual([...new Set(ROUTES)].toSorted());
});

test("every screen is whole, in both themes, on a desktop and on a phone", async () => {
  const began = performance.now();
  const work = Object.entries(addresses()).flatMap(([route, list]) => list.map((address) => ({ address, open: SIGNED_OUT.has(route) })));
  work.push({ address: "/nothing-of-this-name", open: false });
  const found: string[] = [];
  const links = new Map<string, string>();
  // Two at once: one waits while the other works.
  const lanes = await Promise.all(
    [0, 1].map(async (lane) => {
      const [inside, outside] = [await at.visit({ storageState: state }), await at.visit()];
      for (const { address, open } of work.filter((_, i) => i % 2 === lane)) {
        const visit = open ? outside : inside;
        found.push(...(await lookAt(visit, address, links)));
        found.push(...visit.complaints.splice(0).map((one) => `${address}: ${one}`));
      }
      return [inside, outside];
    }),
  );
  const [reader] = lanes[0] ?? [];
  if (reader === undefined) throw new Error("nobody looked");
  found.push(...(await deadEnds(reader, links)));
  for (const visit of lanes.flat()) await visit.context.close();
  process.stderr.write(`Every screen: ${work.length} addresses, ${links.size} links, ${((performance.now() - began) / 1000).toFixed(0)} s\n`);
  expect(found).toEqual([]);
});

async function lookAt({ page }: Visit, address: string, links: Map<string, string>): Promise<readonly string[]> {
  const found: string[] = [];
  const say = (what: string): void => void found.push(`${address}: ${what}`);
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.emulateMedia({ colorScheme: "light" });
  await page.goto(address);
  await settled(page);
  for (const [scheme, width, rules] of [
    ["light", 1440, undefined],
    ["dark", 1440, ["color-contrast"]],
    ["dark", 390, undefined],
    ["light", 390, ["color-contrast"]],
  ] as const) {
    await page.setViewportSize({ width, height: width === 390 ? 844 : 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await settled(page);
    for (const one of await seriousFindings(page, rules)) say(`${scheme} ${width}: ${one}`);
    if (rules !== undefined) continue;
    const seen = await page.evaluate(readPage);
    if (seen.wide > 0) say(`${width}: ${seen.wide} px wider than the screen (${seen.widest})`);
    if (seen.headings !== 1) say(`${width}: ${seen.headings} first headings`);
    if (!/^\S.* · Baton$/.test(seen.title)) say(`titled "${seen.title}"`);
    for (const words of seen.broken) say(`${width}: shows "${words}"`);
    for (const link of seen.links) if (!links.has(link)) links.set(link, address);
  }
  return found;
}

/** Loaded, and nothing moves any more. */
async function settled(page: Page): Promise<void> {
  await page.locator("h1, h2").first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"], [data-bones]') === null);
  await page.evaluate(() =>
    Promise.race([Promise.all(document.getAnimations().map((one) => one.finished.catch(() => null))), new Promise((resolve) => setTimeout(resolve, 600))]),
  );
  await page.waitForTimeout(60);
}

/** Runs in the page. */
function readPage() {
  const root = document.documentElement;
  const shown = (one: Element): boolean => one.getClientRects().length > 0;
  const widest = [...document.body.querySelectorAll("*")].find((one) => one.getBoundingClientRect().right > innerWidth + 1);
  const texts = [
    document.title,
    document.body.innerText,
    ...[...document.querySelectorAll("[aria-label], [title], [placeholder]")].flatMap((one) =>
      ["aria-label", "title", "placeholder"].map((name) => one.getAttribute(name) ?? ""),
    ),
  ];
  return {
    wide: root.scrollWidth - innerWidth,
    widest: widest === undefined ? "" : widest.outerHTML.slice(0, 120),
    headings: [...document.querySelectorAll("h1")].filter(shown).length,
    title: document.title,
    broken: texts.flatMap((text) => text.match(/.{0,30}(?:\bundefined\b|\bNaN\b|\[object|\bInvalid Date\b).{0,30}/g) ?? []),
    links: [...document.querySelectorAll("a[href]")].map((one) => one.getAttribute("href") ?? "").filter((href) => !/^(?:mailto|tel|data|blob):/.test(href)),
  };
}

/** Links into the app have to name a route, and a section or a record that is there; what the server answers itself, it has to answer. */
async function deadEnds({ context }: Visit, links: ReadonlyMap<string, string>): Promise<readonly string[]> {
  const found: string[] = [];
  const asked = new Map<string, Promise<number>>();
  const status = (path: string): Promise<number> => {
    const known = asked.get(path) ?? context.request.get(`${at.url}${path}`, { headers: { "x-baton": "1" } }).then((answer) => answer.status());
    asked.set(path, known);
    return known;
  };
  const RECORDS: Readonly<Record<string, string>> = { leads: "leads", pipeline: "opportunities", companies: "companies", import: "imports", forms: "forms" };
  for (const [href, from] of links) {
    const url = new URL(href, `${at.url}${from}`);
    if (url.origin !== at.url || (url.pathname === from && url.hash !== "")) continue;
    const [, first = "", second = ""] = url.pathname.split("/");
    const own = first === "api" || first === "f" || ["/docs", "/openapi.json", "/healthz", "/readyz", "/metrics"].includes(url.pathname);
    const dead = own
      ? (await status(url.pathname + url.search)) >= 400
      : !PATTERNS.some((pattern) => pattern.test(url.pathname)) ||
        (first === "settings" && second !== "" && !SECTIONS.some(({ id }) => id === second)) ||
        (RECORDS[first] !== undefined && second !== "" && (await status(`/api/v1/${RECORDS[first]}/${second}`)) >= 400);
    if (dead) found.push(`${from}: its link to ${href} leads nowhere`);
  }
  return found;
}
