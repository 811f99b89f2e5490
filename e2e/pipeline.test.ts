/** The pipeline in a real browser: from card to won by keys alone, by drag, by menu, and what happens when the server refuses. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let deals: readonly string[];

type Made = { readonly lead: { readonly id: string } };
type Listed = { readonly items: readonly { readonly id: string; readonly lead: string; readonly stage: string; readonly lostReason: string | null }[] };

const NAMES = ["Nordfrakt AB", "Lusoforma", "Okafor & Sons", "Magazyn Polski", "Havenlijn BV", "Aalto Puu Oy"];

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await signedIn();
  const made: string[] = [];
  for (const [i, company] of NAMES.entries()) {
    const { lead } = await at.api<Made>(visit, "POST", "/api/v1/leads", {
      firstName: "Person",
      lastName: `Number ${i}`,
      email: `p${i}@example.org`,
      company,
      source: "fair",
    });
    await at.api(visit, "POST", `/api/v1/leads/${lead.id}/convert`, {
      name: company,
      form: i === 5 ? {} : { potentialValue: { amount: (i + 1) * 100_000, currency: "EUR" } },
    });
    const { items } = await at.api<Listed>(visit, "GET", `/api/v1/opportunities?lead=${lead.id}`);
    made.push(items[0]?.id ?? "");
  }
  deals = made;
  await visit.context.close();
}, 120_000);
afterAll(() => at.close());

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

async function openBoard({ page }: Visit): Promise<void> {
  await page.goto("/pipeline");
  await page.getByRole("link", { name: "Nordfrakt AB" }).waitFor();
}

async function stageOf(visit: Visit, name: string): Promise<{ readonly stage: string; readonly lostReason: string | null }> {
  const id = deals[NAMES.indexOf(name)] ?? "";
  return at.api(visit, "GET", `/api/v1/opportunities/${id}`);
}

describe("the board", () => {
  test("is worked by keys alone: forward, won, lost with its reason, and back by Undo", async () => {
    const visit = await signedIn();
    const { page, context, complaints } = visit;
    await openBoard(visit);
    const first = page.locator("[data-stage]").first();
    const next = page.locator("[data-stage]").nth(1);
    await page.keyboard.press("j");
    await page.waitForFunction(() => document.activeElement?.hasAttribute("data-deal"));
    const name = await page.evaluate(() => document.activeElement?.textContent ?? "");
    await page.keyboard.press("Shift+ArrowRight");
    await next.getByRole("link", { name, exact: true }).waitFor();
    await page.getByText(`${name} moved to`).first().waitFor();
    await page.keyboard.press("Control+z");
    await first.getByRole("link", { name, exact: true }).waitFor();

    await page.getByRole("link", { name: "Lusoforma", exact: true }).focus();
    await page.keyboard.press("w");
    await page.getByText("Lusoforma is won").waitFor();
    await page.locator('[data-stage="won"]').getByRole("link", { name: "Lusoforma", exact: true }).waitFor();
    await expect.poll(async () => (await stageOf(visit, "Lusoforma")).stage).toBe("won");

    await page.getByRole("link", { name: "Magazyn Polski", exact: true }).focus();
    await page.keyboard.press("x");
    const dialog = page.getByRole("dialog", { name: /Why was Magazyn Polski lost/ });
    await dialog.waitFor();
    await page.keyboard.press("Enter");
    await dialog.getByText(/Say why/).waitFor();
    await page.keyboard.type("no budget this year");
    await page.keyboard.press("Enter");
    await page.getByText("Magazyn Polski is lost").waitFor();
    expect(await stageOf(visit, "Magazyn Polski")).toMatchObject({ stage: "lost", lostReason: "no budget this year" });
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("asks what a deal was worth only when nobody has said so", async () => {
    const visit = await signedIn();
    const { page, context } = visit;
    await openBoard(visit);
    await page.getByRole("link", { name: "Aalto Puu Oy", exact: true }).focus();
    await page.keyboard.press("w");
    await page.getByLabel("What is it worth?").waitFor();
    await page.keyboard.type("1250");
    await page.keyboard.press("Enter");
    await page.getByText("Aalto Puu Oy is won").waitFor();
    expect(await stageOf(visit, "Aalto Puu Oy")).toMatchObject({ stage: "won", value: { amount: 125_000, currency: "EUR" } });
    await context.close();
  });

  test("a card is dragged to another stage, and the menu does the same", async () => {
    const visit = await signedIn();
    const { page, context, complaints } = visit;
    await openBoard(visit);
    const card = page.getByRole("link", { name: "Havenlijn BV", exact: true });
    const target = page.locator("[data-stage]").nth(2);
    const stage = (await target.getAttribute("data-stage")) ?? "";
    const [from, to] = [await card.boundingBox(), await target.boundingBox()];
    if (from === null || to === null) throw new Error("The board is not on the page.");
    await page.mouse.move(from.x + 20, from.y + 30);
    await page.mouse.down();
    await page.mouse.move(from.x + 60, from.y + 60, { steps: 4 });
    await page.mouse.move(to.x + 80, to.y + 200, { steps: 8 });
    await page.mouse.up();
    await target.getByRole("link", { name: "Havenlijn BV", exact: true }).waitFor();
    await expect.poll(async () => (await stageOf(visit, "Havenlijn BV")).stage).toBe(stage);
    expect(new URL(page.url()).pathname).toBe("/pipeline");

    await page.getByRole("button", { name: "What to do with Havenlijn BV" }).click();
    await page.getByRole("menuitem").first().click();
    await expect.poll(async () => (await stageOf(visit, "Havenlijn BV")).stage).not.toBe(stage);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a move that the server cannot take goes back, in words", async () => {
    const visit = await signedIn();
    const { page, context } = visit;
    await openBoard(visit);
    await page.route("**/stage", (route) => route.abort());
    const column = page.locator("[data-stage]").first();
    await column.getByRole("link", { name: "Nordfrakt AB", exact: true }).focus();
    await page.keyboard.press("Shift+ArrowRight");
    await page
      .getByText(/server cannot be reached/i)
      .first()
      .waitFor();
    await column.getByRole("link", { name: "Nordfrakt AB", exact: true }).waitFor();
    await context.close();
  });

  test("counts open what they count, and the address keeps the filter", async () => {
    const visit = await signedIn();
    const { page, context } = visit;
    await openBoard(visit);
    await page.keyboard.press("f");
    await page.keyboard.type("okafor");
    await page.waitForURL(/q=okafor/);
    await page.getByRole("link", { name: "Nordfrakt AB", exact: true }).waitFor({ state: "hidden" });
    await page
      .getByRole("link", { name: /^1 in .*show as a table/ })
      .first()
      .click();
    const grid = page.getByRole("grid", { name: "Opportunities" });
    await grid.getByText("Okafor & Sons").first().waitFor();
    expect(await grid.getByRole("row").count()).toBe(2);
    await context.close();
  });
});

describe("stages that do not fit", () => {
  const inSight = (page: Page, stage: string): Promise<boolean> =>
    page.locator(`[data-stage="${stage}"]`).evaluate((column) => {
      const at = column.getBoundingClientRect();
      return at.left >= 0 && at.right <= innerWidth + 1;
    });

  test("there are none at 1440 pixels: won stands above lost", async () => {
    const visit = await signedIn();
    await openBoard(visit);
    for (const stage of ["won", "lost"]) expect(await inSight(visit.page, stage), stage).toBe(true);
    expect(await visit.page.getByRole("button", { name: /^Further stages/ }).count()).toBe(0);
    await visit.context.close();
  });

  test("are named at the edge of a narrow window, one press away", async () => {
    const visit = await signedIn({ viewport: { width: 900, height: 800 } });
    const { page, context, complaints } = visit;
    await openBoard(visit);
    expect(await inSight(page, "lost")).toBe(false);
    const further = page.getByRole("button", { name: /^Further stages: .*Lost/ });
    await further.click();
    await expect.poll(() => inSight(page, "lost")).toBe(true);
    await further.waitFor({ state: "hidden" });
    await page.getByRole("button", { name: /^Stages before/ }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("are tabs on a phone, of which one says where one is", async () => {
    const visit = await signedIn({ viewport: { width: 390, height: 844 } });
    const { page, context } = visit;
    await openBoard(visit);
    const tabs = page.getByRole("group", { name: "Stages" });
    await tabs.getByRole("button", { name: /^Lost/ }).click();
    await expect.poll(() => inSight(page, "lost")).toBe(true);
    await expect.poll(() => tabs.locator('[aria-current="true"]').textContent()).toMatch(/^Lost/);
    await context.close();
  });
});

describe("an opportunity", () => {
  test("is edited where it stands, and Undo brings the old value back", async () => {
    const visit = await signedIn();
    const { page, context, complaints } = visit;
    await page.goto(`/pipeline/${deals[0]}`);
    await page.getByRole("list", { name: "Stages" }).waitFor();
    await page.getByRole("button", { name: /^Amount:/ }).click();
    await page.getByRole("textbox", { name: "Amount" }).fill("4 200");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: /€4,200/ }).waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: /€1,000/ }).waitFor();
    await page.getByRole("button", { name: /^Next meeting:/ }).click();
    await page.getByLabel("Next meeting", { exact: true }).fill("2030-01-15T10:30");
    await page.keyboard.press("Enter");
    const file = page.getByRole("link", { name: "Calendar file" });
    await file.waitFor();
    const answer = await context.request.get(`${at.url}${await file.getAttribute("href")}`);
    expect(await answer.text()).toContain("BEGIN:VEVENT");
    await page.keyboard.press("n");
    await page.keyboard.type("Decides in March.");
    await page.keyboard.press("Control+Enter");
    await page.getByRole("listitem").filter({ hasText: "Decides in March." }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const visit = await signedIn({ colorScheme, viewport: { width, height: 844 } });
    const { page, context, complaints } = visit;
    await openBoard(visit);
    expect(await seriousFindings(page), "board").toEqual([]);
    await page.getByRole("link", { name: "Nordfrakt AB", exact: true }).focus();
    await page.keyboard.press("s");
    await page.getByRole("menu").waitFor();
    expect(await seriousFindings(page), "menu").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    await page.getByRole("link", { name: "Nordfrakt AB", exact: true }).focus();
    await page.keyboard.press("x");
    await page.getByRole("dialog").waitFor();
    await page.waitForTimeout(200);
    expect(await seriousFindings(page), "lost").toEqual([]);
    await page.keyboard.press("Escape");
    await page.goto(`/pipeline?peek=${deals[0]}`);
    await page.getByRole("dialog").getByRole("list", { name: "Stages" }).waitFor();
    await page.waitForTimeout(250);
    expect(await seriousFindings(page), "quick look").toEqual([]);
    await page.goto("/pipeline?as=table&stage=any");
    await page.getByRole("grid", { name: "Opportunities" }).getByRole("row").nth(1).waitFor();
    expect(await seriousFindings(page), "table").toEqual([]);
    await page.goto(`/pipeline/${deals[0]}`);
    await page.getByRole("list", { name: "Stages" }).waitFor();
    expect(await seriousFindings(page), "opportunity").toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
