/** On paper: a lead and the reports, without the frame of the app, uncut, ink on white whatever the theme. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { fillHouse, type FullHouse } from "./full-house.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

/** What A4 leaves between its margins, at 96 pixels an inch. */
const PAPER = { width: 703, height: 1000 } as const;

let at: Running;
let house: FullHouse;
let admin: Visit;
beforeAll(async () => {
  at = await openRunning();
  admin = await at.visit({ storageState: await setUpHouse(at), colorScheme: "dark" });
  house = await fillHouse(at, admin);
}, 180_000);
afterAll(() => at.close());

async function printed(page: Page, path: string): Promise<void> {
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1440, height: 860 });
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
  await page.waitForTimeout(500);
  await page.emulateMedia({ media: "print" });
  await page.setViewportSize(PAPER);
  await page.waitForTimeout(300);
}

/** What a reader of the sheet would miss: text that is cut, wider than the paper, or hard to read on it. */
const flaws = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() => {
    const found: string[] = [];
    if (document.documentElement.scrollWidth > innerWidth) found.push("wider than the paper");
    for (const element of document.querySelectorAll<HTMLElement>("main *")) {
      if (element.childElementCount > 0 || element.textContent?.trim() === "" || !element.checkVisibility() || element.closest(".out, svg")) continue;
      const { clip, overflow } = getComputedStyle(element);
      if (overflow !== "visible" && clip === "auto" && element.scrollWidth > element.clientWidth + 1) found.push(`cut: ${element.textContent}`);
    }
    if (getComputedStyle(document.body).backgroundColor !== "rgb(255, 255, 255)") found.push("the paper is not white");
    if (getComputedStyle(document.querySelector("h1, h2") ?? document.body).color !== "rgb(0, 0, 0)") found.push("the ink is not black");
    return found;
  });

const pages = async (page: Page): Promise<number> => ((await page.pdf({ format: "A4" })).toString("latin1").match(/\/Type\s*\/Page\b/g) ?? []).length;

test("a lead: who, what is next, why, and all that happened, not only what was in sight", async () => {
  const { page, complaints } = admin;
  const id = house.leads[0] ?? "";
  for (let i = 0; i < 60; i++) await at.api(admin, "POST", `/api/v1/leads/${id}/notes`, { text: `Note number ${i}.` });
  await printed(page, `/leads/${id}`);
  expect(await flaws(page)).toEqual([]);
  expect(await page.getByRole("navigation").filter({ visible: true }).count()).toBe(0);
  expect(
    await page
      .getByRole("button", { name: /Search or jump to|Qualify|Notifications|New reminder/ })
      .filter({ visible: true })
      .count(),
  ).toBe(0);
  await page.getByRole("heading", { level: 1, name: /Anna/ }).waitFor();
  // A page of the timeline is fifty lines; all that was loaded is on the sheet.
  expect(
    await page
      .getByRole("region", { name: "Timeline" })
      .getByText(/^Note number \d+/)
      .count(),
  ).toBeGreaterThan(40);
  expect(await pages(page)).toBeGreaterThan(1);
  await page.emulateMedia({ media: "screen" });
  await page.setViewportSize({ width: 1440, height: 860 });
  await page.getByRole("navigation", { name: "Main" }).first().waitFor();
  expect(complaints).toEqual([]);
});

test("the reports: every figure with its numbers, none cut in two", async () => {
  const { page, complaints } = admin;
  await printed(page, "/reports");
  expect(await flaws(page)).toEqual([]);
  expect(await page.getByRole("navigation").filter({ visible: true }).count()).toBe(0);
  for (const title of ["How far do leads come?", "Which source brings leads that go on?", "Where do leads wait?"]) await page.getByText(title).waitFor();
  expect(
    await page
      .getByRole("button", { name: /Print|Filter/ })
      .filter({ visible: true })
      .count(),
  ).toBe(0);
  expect(await pages(page)).toBeLessThanOrEqual(4);
  expect(complaints).toEqual([]);
});
