/**
 * Tasks that are counted and timed: finding somebody half remembered, finding who is late and giving the work to somebody
 * else, sending a lead back. By keys, and by touch on a narrow phone.
 */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { defaultProcess } from "../src/core/config/default-config.ts";
import { fillHouse, type FullHouse, TEAM_PASSWORD } from "./full-house.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 120_000 });

const PHONE = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true } as const;
/** Said of "the Anna from that logistics firm in Gdańsk", in a hurry. */
const TYPED = "ana gdanks";

let at: Running;
let house: FullHouse;
let admin: Visit;
let meant: string;
beforeAll(async () => {
  at = await openRunning();
  admin = await at.visit({ storageState: await setUpHouse(at) });
  house = await fillHouse(at, admin);
  const { lead } = await at.api<{ lead: { id: string } }>(admin, "POST", "/api/v1/leads", {
    firstName: "Anna",
    lastName: "Kowalczyk",
    email: "anna@baltyk.example",
    company: "Spedycja Gdańsk",
    city: "Gdańsk",
  });
  meant = lead.id;
  await at.api(admin, "POST", `/api/v1/leads/${meant}/assign`, { owner: house.team[1]?.id });
}, 180_000);
afterAll(() => at.close());

async function manager(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  const visit = await at.visit(options);
  await at.api(visit, "POST", "/api/v1/session", { email: house.team[0]?.email, password: TEAM_PASSWORD });
  return visit;
}

const ownerOf = async (id: string): Promise<string> => (await at.api<{ owner: { name: string } }>(admin, "GET", `/api/v1/leads/${id}`)).owner.name;
const narrow = (page: Page): Promise<boolean> => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);
/** The first of the list that is given to somebody: to whom it goes, and of which lead it is. */
async function first(page: Page): Promise<{ readonly to: string; readonly row: string }> {
  const row = await page.locator("button[aria-current]").first().innerText();
  return { row, to: row.includes("Ruben") ? "Ida Holm" : "Ruben Costa" };
}

describe("somebody half remembered", () => {
  test("is found with the palette and twelve letters at most, typed wrong and without accents", async () => {
    const { page, context, complaints } = await manager();
    await page.goto("/leads");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("dialog").getByRole("combobox").waitFor();
    await page.keyboard.type(TYPED.slice(0, -1), { delay: 30 });
    const began = performance.now();
    await page.keyboard.type(TYPED.slice(-1));
    const option = page.getByRole("option").filter({ hasText: "Anna Kowalczyk" });
    await option.waitFor();
    const took = performance.now() - began;
    await page.waitForTimeout(400); // what the last letter changed stands, too
    const texts = await page.getByRole("option").allInnerTexts();
    const place = texts.findIndex((text) => text.includes("Anna Kowalczyk"));
    process.stderr.write(`Found: Ctrl K and ${TYPED.length} letters, place ${place + 1}, ${Math.round(took)} ms after the last letter\n`);
    expect(place).toBeLessThan(3);
    for (let i = 0; i < place; i++) await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`/leads/${meant}`));
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("and on a phone of 360 pixels, by touch", async () => {
    const { page, context, complaints } = await manager(PHONE);
    await page.goto("/my-day");
    await page.getByRole("button", { name: "Search or jump to" }).tap();
    await page.getByRole("dialog").getByRole("combobox").waitFor();
    await page.keyboard.type(TYPED);
    const option = page.getByRole("option").filter({ hasText: "Anna Kowalczyk" });
    await option.waitFor();
    expect((await page.getByRole("option").allInnerTexts()).findIndex((text) => text.includes("Anna Kowalczyk"))).toBeLessThan(3);
    await option.tap();
    await page.waitForURL(new RegExp(`/leads/${meant}`));
    await page.getByRole("heading", { level: 1, name: "Anna Kowalczyk" }).waitFor();
    expect(await narrow(page)).toBe(true);
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("who is late", () => {
  test("a manager sees, and gives the lead to somebody else, in three actions; Undo gives it back", async () => {
    const { page, context, complaints } = await manager();
    await page.goto("/my-day");
    await page.getByRole("region", { name: "My day" }).waitFor();
    const began = performance.now();
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: "Overdue, of everybody" }).waitFor();
    await page.locator("button[aria-current]").first().waitFor();
    const { to, row } = await first(page);
    expect(row).toMatch(/late/);
    const before = await page.getByRole("complementary").getByRole("link").first().getAttribute("href");
    const id = before?.split("/").at(-1) ?? "";
    const owner = await ownerOf(id);
    await page.getByText(/^Why /).first().waitFor();
    await page.keyboard.press("a");
    await page
      .getByRole("dialog", { name: /^Give / })
      .getByRole("combobox")
      .waitFor();
    await page.keyboard.type(to);
    await page.keyboard.press("Enter");
    await page.getByText(`is given to ${to}`).waitFor();
    process.stderr.write(`Late and given to another: 3 actions (o; a; a name with Enter), ${Math.round(performance.now() - began)} ms\n`);
    await expect.poll(() => ownerOf(id)).toBe(to);
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+z");
    await page.getByText("Taken back").waitFor();
    expect(await ownerOf(id)).toBe(owner);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("and on a phone of 360 pixels, by touch", async () => {
    const { page, context, complaints } = await manager(PHONE);
    await page.goto("/my-day");
    await page.getByRole("link", { name: /^Everybody's overdue steps/ }).tap();
    await page.locator("button[aria-current]").first().waitFor();
    expect(await narrow(page)).toBe(true);
    const { to } = await first(page);
    await page.locator("button[aria-current]").first().tap();
    await page.getByText(/^Why /).first().waitFor();
    const id = (await page.getByRole("complementary").getByRole("link").first().getAttribute("href"))?.split("/").at(-1) ?? "";
    await page.getByRole("button", { name: /^Assign/ }).tap();
    await page
      .getByRole("dialog", { name: /^Give / })
      .getByRole("combobox")
      .waitFor();
    expect(await narrow(page)).toBe(true);
    await page.getByRole("option", { name: to }).tap();
    await page.getByText(`is given to ${to}`).waitFor();
    await expect.poll(() => ownerOf(id)).toBe(to);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("representatives are not asked", async () => {
    const visit = await at.visit();
    await at.api(visit, "POST", "/api/v1/session", { email: house.team[1]?.email, password: TEAM_PASSWORD });
    await visit.page.goto("/my-day");
    await visit.page.getByRole("region", { name: "My day" }).waitFor();
    expect(await visit.page.getByRole("link", { name: /Everybody's/ }).count()).toBe(0);
    await visit.context.close();
  });
});

test("a lead goes back with two keys: the reason given most stands first, and any other can be typed", async () => {
  const { page, context, complaints } = await manager();
  const mine = house.leads.slice(14, 19).filter((_, i) => i % 2 === 0);
  const [one = "", other = ""] = mine;
  for (const [id, key] of [
    [one, "1"],
    [other, "typed"],
  ] as const) {
    await page.goto(`/leads/${id}`);
    await page.getByRole("list", { name: "Stages" }).getByRole("button").first().waitFor();
    await page.keyboard.press("r");
    const dialog = page.getByRole("dialog", { name: /to marketing/ });
    const choices = dialog.getByRole("group", { name: "Reasons to choose from" }).getByRole("button");
    await choices.first().waitFor();
    expect(await choices.count()).toBe(5);
    expect(await choices.first().innerText()).toMatch(/Buys through a parent/);
    const began = performance.now();
    if (key === "1") await page.keyboard.press("1");
    else {
      await page.keyboard.type("Moved to 3 other yards");
      await page.keyboard.press("Enter");
    }
    await page.getByText(/went back to marketing/).waitFor();
    if (key === "1") process.stderr.write(`Returned: 2 keys (r, 1), ${Math.round(performance.now() - began)} ms after the second\n`);
    const facts = await at.api<{ items: { type: string; data: { to?: string; reason?: string } }[] }>(admin, "GET", `/api/v1/leads/${id}/facts?limit=50`);
    expect(facts.items.find(({ type, data }) => type === "stage.entered" && data.to === "rejected")?.data.reason).toBe(
      key === "1" ? "Buys through a parent" : "Moved to 3 other yards",
    );
  }
  expect(complaints).toEqual([]);
  await context.close();
});

test("where sales accepts what marketing hands over, the step itself is answered with the same two keys", async () => {
  const { config } = await at.api<{ config: object }>(admin, "GET", "/api/v1/config");
  await at.api(admin, "PUT", "/api/v1/config", { ...config, acceptance: true, process: defaultProcess(true) });
  const { lead } = await at.api<{ lead: { id: string } }>(admin, "POST", "/api/v1/leads", {
    firstName: "Olga",
    lastName: "Handover",
    email: "olga@handover.example",
  });
  await at.api(admin, "POST", `/api/v1/leads/${lead.id}/assign`, { owner: house.team[1]?.id });
  await at.api(admin, "POST", `/api/v1/leads/${lead.id}/stage`, { stage: "mql" });
  const { page, context, complaints } = await manager();
  await page.goto(`/leads/${lead.id}`);
  await page.getByText("Accept or return").first().waitFor();
  await page.keyboard.press("r");
  await page.getByRole("form", { name: "Accept or return" }).getByRole("group", { name: "Reasons to choose from" }).getByRole("button").first().waitFor();
  await page.keyboard.press("2");
  await page.getByText("Accept or return: done").waitFor();
  const now = await at.api<{ stage: string }>(admin, "GET", `/api/v1/leads/${lead.id}`);
  expect(now.stage).toBe("rejected");
  expect(complaints).toEqual([]);
  await context.close();
});
