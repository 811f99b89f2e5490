/** Reports in a real browser. A crawler opens every number and counts what is behind it: it must be that many. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await signedIn();
  for (let i = 0; i < 24; i++) {
    const { lead } = await at.api<{ readonly lead: { readonly id: string } }>(visit, "POST", "/api/v1/leads", {
      firstName: "Person",
      lastName: `Number ${i}`,
      email: `p${i}@example.org`,
      company: `Company ${i}`,
      ...(i % 4 === 0 ? {} : { source: i % 2 === 0 ? "webinar" : "referral" }),
    });
    const move = (stage: string): Promise<unknown> => at.api(visit, "POST", `/api/v1/leads/${lead.id}/stage`, { stage, reason: "as told" });
    if (i < 16) await move("mql");
    if (i < 10) await move("sql");
    if (i < 6) await at.api(visit, "POST", `/api/v1/leads/${lead.id}/convert`, { form: { potentialValue: { amount: (i + 1) * 50_000, currency: "EUR" } } });
    if (i >= 3) continue;
    const { items } = await at.api<{ readonly items: readonly { readonly id: string }[] }>(visit, "GET", `/api/v1/opportunities?lead=${lead.id}`);
    await at.api(visit, "POST", `/api/v1/opportunities/${items[0]?.id}/stage`, { stage: "won" });
  }
  await visit.context.close();
}, 120_000);
afterAll(() => at.close());

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

async function openReports(page: Page, search = ""): Promise<void> {
  await page.goto(`/reports${search}`);
  await page.getByRole("heading", { name: "Where do leads wait?" }).waitFor();
  await page.getByRole("heading", { name: "How far do leads come?" }).waitFor();
  await page.getByRole("heading", { name: /brings won revenue/ }).waitFor();
}

test.each(["", "?table=true", '?by=company&filter={"field":"source","op":"isEmpty","value":false}'])(
  "every number opens as many lines as it says: %s",
  async (search) => {
    const { page, context, complaints } = await signedIn();
    await openReports(page, search);
    const numbers = page.locator("a[data-count]");
    const links = await numbers.evaluateAll((all) =>
      all.map((link) => ({ href: link.getAttribute("href") ?? "", count: Number(link.getAttribute("data-count")) })),
    );
    const different = [...new Map(links.map((link) => [link.href, link])).values()];
    expect(different.length).toBeGreaterThan(10);
    for (const { href, count } of search.includes("company") ? different.slice(0, 25) : different) {
      const behind = new URL(href, at.url).searchParams;
      const number = JSON.parse(behind.get("behind") ?? "{}") as Record<string, string | null>;
      const { key, ...rest } = number;
      const ask = new URLSearchParams({ ...(rest as Record<string, string>), limit: "200" });
      if (key !== undefined) ask.set("by", behind.get("by") ?? "source");
      if (key === null) ask.set("none", "true");
      else if (key !== undefined) ask.set("value", key);
      const filter = behind.get("filter");
      if (filter !== null) ask.set("filter", filter);
      const page_ = await at.api<{ readonly count: number; readonly items: readonly unknown[] }>(
        { page, context, complaints },
        "GET",
        `/api/v1/reports/leads?${ask}`,
      );
      expect([page_.count, page_.items.length], href).toEqual([count, count]);
    }
    // A few by hand, as a person would.
    for (const i of [0, Math.floor(links.length / 2), links.length - 1]) {
      await numbers.nth(i).click();
      const dialog = page.getByRole("dialog");
      await dialog.locator(`[data-behind="${links[i]?.count}"]`).waitFor();
      await expect.poll(() => dialog.locator("li[data-line]").count()).toBe(Math.min(50, links[i]?.count ?? 0));
      await page.keyboard.press("Escape");
      await dialog.waitFor({ state: "hidden" });
    }
    expect(complaints).toEqual([]);
    await context.close();
  },
);

test("from anywhere to the leads that wait longest in two presses, within a second each", async () => {
  const { page, context } = await signedIn();
  await page.goto("/leads");
  await page.getByRole("grid", { name: "Leads" }).waitFor();
  await page
    .getByRole("link", { name: /^Reports/ })
    .first()
    .click();
  const stays = page.getByRole("link", { name: /Inquiry, stays/ });
  await stays.waitFor();
  await stays.click();
  await page.getByRole("dialog").locator("li[data-line]").first().waitFor();
  await page
    .getByRole("dialog")
    .getByRole("link", { name: /Person Number/ })
    .first()
    .click();
  await page.waitForURL(/\/leads\//);
  await context.close();
});

test("keys: t turns pictures into tables, numbers go to a question, and the address keeps it all", async () => {
  const { page, context } = await signedIn();
  await openReports(page);
  await page.keyboard.press("t");
  await page.getByRole("columnheader", { name: "Leads that reached it" }).waitFor();
  await page.keyboard.press("4");
  await expect.poll(() => page.evaluate(() => document.activeElement?.id)).toBe("velocity");
  await page.reload();
  await page.getByRole("columnheader", { name: "Leads that reached it" }).waitFor();
  await context.close();
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const { page, context, complaints } = await signedIn({ colorScheme, viewport: { width, height: 844 } });
    await openReports(page);
    expect(await seriousFindings(page), "pictures").toEqual([]);
    await page.goto("/reports?table=true");
    await page.getByRole("columnheader", { name: "Leads that reached it" }).waitFor();
    expect(await seriousFindings(page), "tables").toEqual([]);
    await page.locator("a[data-count]").first().click();
    await page.getByRole("dialog").locator("li[data-line]").first().waitFor();
    await page.waitForTimeout(250);
    expect(await seriousFindings(page), "behind a number").toEqual([]);
    await page.goto("/reports?period=custom&from=2001-01-01&to=2001-01-02");
    await page.getByText("No leads in this time and filter").waitFor();
    expect(await seriousFindings(page), "empty").toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
