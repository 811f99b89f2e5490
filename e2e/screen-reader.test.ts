/** Baton heard instead of seen: what Chromium hands to a screen reader on each screen, and the daily tasks done by keys and by ear, on a narrow phone's width. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { fillHouse, type FullHouse, TEAM_PASSWORD } from "./full-house.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";
import { type Listener, listenTo, stumbles } from "./listener.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let house: FullHouse;
let admin: Visit;
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  admin = await at.visit({ storageState: state });
  house = await fillHouse(at, admin);
}, 180_000);
afterAll(() => at.close());

type Ear = Visit & { readonly ear: Listener };

async function listening(options: Parameters<Running["visit"]>[0] = {}): Promise<Ear> {
  const visit = await at.visit({ storageState: state, ...options });
  return { ...visit, ear: await listenTo(visit.page) };
}

const settled = (page: Page): Promise<unknown> => page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);

/** Waits until a live region has said it. */
async function hears(ear: Listener, what: RegExp): Promise<void> {
  const all: string[] = [];
  await expect
    .poll(
      async () => {
        all.push(...(await ear.said()));
        return all.some((one) => what.test(one)) ? "said" : all.join(" | ");
      },
      { timeout: 10_000 },
    )
    .toBe("said");
}

describe.each([1440, 390])("what is handed over at %i px", (width) => {
  const screens = (): readonly (readonly [string, string])[] => [
    ["Leads", "/leads"],
    ["a lead", `/leads/${house.leads[2]}`],
    ["My day", "/my-day"],
    ["Pipeline", "/pipeline"],
    ["Import", "/import"],
    ["the import wizard", `/import/${house.imports.draft}`],
    ["a finished import", `/import/${house.imports.done}`],
  ];
  test("everything has a name, and headings lead through the page", async () => {
    const { page, ear, context, complaints } = await listening({ viewport: { width, height: 844 } });
    const found: string[] = [];
    for (const [name, path] of screens()) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await settled(page);
      await page.waitForTimeout(600);
      found.push(...stumbles(await ear.tree()).map((one) => `${name}: ${one}`));
    }
    expect(found).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("dialogs say what they are, take the focus to something named, and give it back", async () => {
    const { page, ear, context, complaints } = await listening({ viewport: { width, height: 844 } });
    for (const { path, key, name } of [
      { path: "/leads", key: "c", name: /New lead/ },
      { path: "/leads", key: "Control+k", name: /Search or jump to/ },
      { path: `/leads/${house.leads[12]}`, key: "a", name: /Assign|Give/ },
      { path: `/leads/${house.leads[12]}`, key: "s", name: /stage/i },
    ]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).first().waitFor();
      await settled(page);
      await page.waitForTimeout(400);
      await page.keyboard.press(key);
      await page.getByRole("dialog").first().waitFor();
      await page.waitForTimeout(300);
      const dialog = (await ear.tree()).find(({ role }) => role === "dialog");
      expect(dialog?.name).toMatch(name);
      expect(dialog?.is("modal")).toBe(true);
      expect((await ear.focused()).name, `focus in ${dialog?.name}`).not.toBe("");
      // The first closes a list that is open inside of it.
      await page.keyboard.press("Escape");
      await page.waitForTimeout(200);
      if (await page.getByRole("dialog").first().isVisible()) await page.keyboard.press("Escape");
      await page.getByRole("dialog").first().waitFor({ state: "hidden" });
    }
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("the table says how large it is though only what is in sight is in the page, and a filter says how many are left", async () => {
  const { page, ear, context, complaints } = await listening();
  await page.goto("/leads");
  const grid = page.getByRole("grid", { name: "Leads" });
  await grid.getByRole("row").nth(3).waitFor();
  const { total } = await at.api<{ readonly total?: number }>(admin, "GET", "/api/v1/leads?limit=1&count=exact").catch(() => ({ total: undefined }));
  const rows = Number(await grid.getAttribute("aria-rowcount"));
  if (total !== undefined) expect(rows).toBe(total + 1);
  expect(rows).toBeGreaterThan(40);
  expect(Number(await grid.getAttribute("aria-colcount"))).toBe(await grid.getByRole("columnheader").count());
  const heads = (await ear.tree()).filter(({ role }) => role === "columnheader").map(({ name }) => name);
  expect(heads).toEqual(expect.arrayContaining(["Selection", "Name", "Stage", "Score"]));
  await grid.focus();
  await page.keyboard.press("j");
  const active = (await grid.getAttribute("aria-activedescendant")) ?? "";
  expect(await page.locator(`[id="${active}"]`).getAttribute("aria-rowindex")).toMatch(/^[2-9]$/);
  await ear.said();
  await page.goto(`/leads?filter=${encodeURIComponent(JSON.stringify({ field: "stage", op: "eq", value: "mql" }))}`);
  await hears(ear, /^\d+ leads?/);
  await page.goto("/pipeline");
  await page.locator("[data-deal]").first().waitFor();
  await ear.said();
  await page.keyboard.press("f");
  await page.keyboard.type("gdańsk");
  await hears(ear, /\d open/);
  expect(complaints).toEqual([]);
  await context.close();
});

test("what was done is said: a toast, a card that moved, a field that was saved", async () => {
  const { page, ear, context, complaints } = await listening();
  await page.goto("/pipeline");
  const card = page.locator('[data-stage="discovery"] [data-deal]').first();
  await card.waitFor();
  await card.focus();
  const name = await page.evaluate(() => document.activeElement?.textContent ?? "");
  await page.keyboard.press("Shift+ArrowRight");
  // Once at the press, and with the offer to undo it when it is done.
  await hears(ear, new RegExp(`^${name} moved to \\w+Undo$`));
  await page.keyboard.press("Control+z");
  await hears(ear, /Taken back/);
  await page.goto(`/leads/${house.leads[3]}`);
  await page.getByRole("button", { name: /^Write a note/ }).waitFor();
  await page.keyboard.press("n");
  await page.getByRole("textbox", { name: "Note" }).waitFor();
  await page.keyboard.type("Prefers to be called in the morning.");
  await page.keyboard.press("Control+Enter");
  await hears(ear, /Note written/);
  expect(complaints).toEqual([]);
  await context.close();
});

describe("by keys and by ear, 360 pixels wide", () => {
  const NARROW = { viewport: { width: 360, height: 740 } } as const;

  async function asTeam(index: number): Promise<Ear> {
    const visit = await at.visit(NARROW);
    await at.api(visit, "POST", "/api/v1/session", { email: house.team[index]?.email, password: TEAM_PASSWORD });
    return { ...visit, ear: await listenTo(visit.page) };
  }

  test("the next lead of the day is worked: two keys a lead, and each says where one is", async () => {
    const { page, ear, context, complaints } = await asTeam(1);
    const me = house.team[1]?.id;
    const late = new Date(Date.now() - 7_200_000).toISOString();
    for (const id of house.leads.slice(20, 23)) {
      await at.api(admin, "POST", `/api/v1/leads/${id}/assign`, { owner: me });
      await at.api(admin, "POST", "/api/v1/tasks", { title: "Call about the dock", kind: "call", dueAt: late, lead: id, owner: me });
    }
    const done = async (): Promise<number> => {
      const visit = { context } as Visit;
      return (await at.api<{ readonly done: number }>(visit, "GET", "/api/v1/my-day")).done;
    };
    await page.goto("/my-day");
    await page.getByRole("region", { name: "My day" }).waitFor();
    await page.locator("button[aria-current]").first().waitFor();
    const before = await done();
    let keys = 0;
    const leads = 3;
    for (let i = 0; i < leads; i++) {
      await page.waitForTimeout(500);
      await page.keyboard.press("e");
      await page.waitForFunction(() => document.activeElement?.matches("form input[type=radio]") === true);
      const focus = await ear.focused();
      expect(focus.role).toBe("radio");
      expect(focus.name).not.toBe("");
      await ear.said();
      await page.keyboard.press("Enter");
      keys += 2;
      await hears(ear, /done|Logged|completed/i);
      await expect.poll(done).toBe(before + i + 1);
    }
    process.stderr.write(`By ear, the day: ${keys / leads} keys a lead\n`);
    expect(keys / leads).toBeLessThanOrEqual(4);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("somebody half remembered is found: one chord and at most twelve letters, and the list says what is chosen", async () => {
    const { page, ear, context, complaints } = await asTeam(0);
    const typed = "ana gdanks";
    await page.goto("/my-day");
    await page.getByRole("region", { name: "My day" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or jump to" }).waitFor();
    expect((await ear.focused()).role).toBe("combobox");
    await page.keyboard.type(typed, { delay: 30 });
    await page.getByRole("option").filter({ hasText: "Anna Wiśniewska" }).first().waitFor();
    await page.waitForTimeout(400);
    const chosen = (): Promise<string> =>
      page.evaluate(() => document.getElementById(document.activeElement?.getAttribute("aria-activedescendant") ?? "")?.textContent ?? "");
    let downs = 0;
    while (!(await chosen()).includes("Anna Wiśniewska") && downs < 3) {
      downs++;
      await page.keyboard.press("ArrowDown");
    }
    expect(downs, "among the first three").toBeLessThan(3);
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { level: 1, name: /Anna Wiśniewska/ }).waitFor();
    expect(await page.title()).toContain("Anna Wiśniewska");
    process.stderr.write(`By ear, somebody half remembered: Ctrl K, ${typed.length} letters, ${downs} times down, Enter\n`);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("who is late is heard, and the lead is given to another in three actions", async () => {
    const { page, ear, context, complaints } = await asTeam(0);
    await page.goto("/my-day");
    await page.getByRole("region", { name: "My day" }).waitFor();
    await page.keyboard.press("o");
    await page.getByRole("heading", { name: "Overdue, of everybody" }).waitFor();
    const row = page.locator("button[aria-current]").first();
    await row.waitFor();
    const words = await row.innerText();
    const to = words.includes("Ruben") ? "Ida Holm" : "Ruben Costa";
    expect(words).toMatch(/late/);
    await page.waitForTimeout(500);
    await page.keyboard.press("a");
    await page
      .getByRole("dialog", { name: /^Give / })
      .getByRole("combobox")
      .waitFor();
    await page.waitForTimeout(200);
    const focus = await ear.focused();
    expect(focus.role).toBe("combobox");
    expect(focus.name).not.toBe("");
    await ear.said();
    await page.keyboard.type(to);
    await page.keyboard.press("Enter");
    await hears(ear, new RegExp(`is given to ${to}`));
    process.stderr.write("By ear, late and given to another: 3 actions (o; a; a name with Enter)\n");
    expect(complaints).toEqual([]);
    await context.close();
  });
});
