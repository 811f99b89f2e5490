/** The Leads screen in a real browser against a real server, and the doors in front of it. */
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { ADMIN, openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

// A browser, a server and a database share the machine with the other tests.
vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await at.visit({ storageState: state });
  await at.api(visit, "POST", "/api/v1/leads/batch", { leads: leads(300) });
  await visit.context.close();
}, 120_000);
afterAll(() => at.close());

const NAMES = ["Maja", "Tomás", "Ngozi", "Łucja", "Олена", "Zoë"];
const COMPANIES = ["Nordfrakt AB", "Lusoforma", "Okafor & Sons", "Magazyn Polski"];

function leads(count: number): readonly object[] {
  return Array.from({ length: count }, (_, i) => ({
    firstName: NAMES[i % NAMES.length],
    lastName: `Person ${String(i).padStart(3, "0")}`,
    email: `person${i}@example.org`,
    company: COMPANIES[i % COMPANIES.length],
    source: i % 2 === 0 ? "webinar" : "referral",
    ...(i % 3 === 0 ? { touches: [{ kind: "contactRequest" }] } : {}),
  }));
}

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

describe("signing in", () => {
  test("by keyboard only, and back to where one wanted to go", async () => {
    const { page, context, complaints } = await at.visit();
    await page.goto("/leads?sort=-score");
    await page.getByRole("heading", { name: "Sign in" }).waitFor();
    await page.keyboard.type(ADMIN.email);
    await page.keyboard.press("Tab");
    await page.keyboard.type("not the password at all");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").waitFor();
    await page.getByLabel("Password", { exact: true }).focus();
    await page.keyboard.press("Control+A");
    await page.keyboard.type(ADMIN.password);
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    expect(new URL(page.url()).search).toContain("sort=-score");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("an address of somebody else is not gone back to", async () => {
    const { page, context } = await at.visit();
    await page.goto("/sign-in?back=//example.com/");
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    expect(new URL(page.url()).origin).toBe(at.url);
    await context.close();
  });

  test("when the session ends while one works, signing in happens over the screen and nothing typed is lost", async () => {
    const { page, context } = await at.visit();
    await page.goto("/sign-in");
    await page.getByLabel("E-mail").fill(ADMIN.email);
    await page.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    await page.keyboard.press("c");
    await page.getByLabel("Last name").fill("Half typed");
    await context.clearCookies();
    await page.getByRole("button", { name: "Add lead" }).click();
    const again = page.getByRole("dialog", { name: "You were signed out" });
    await again.getByLabel("Password", { exact: true }).fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await again.waitFor({ state: "hidden" });
    expect(await page.getByLabel("Last name").inputValue()).toBe("Half typed");
    await context.close();
  });
});

describe("the Leads screen", () => {
  test("is saved as a file: what the filter means with the columns shown, every column, or those selected", async () => {
    const { page, context, complaints } = await signedIn();
    const saved = async (act: () => Promise<unknown>): Promise<readonly string[]> => {
      const [file] = await Promise.all([page.waitForEvent("download"), act()]);
      expect(file.suggestedFilename()).toMatch(/^leads \d{4}-\d\d-\d\d\.csv$/);
      return readFileSync(await file.path(), "utf8")
        .replace(/\r\n$/, "")
        .split("\r\n");
    };
    const filter = encodeURIComponent(JSON.stringify({ field: "lastName", op: "contains", value: "Person 01" }));
    await page.goto(`/leads?filter=${filter}&sort=lastName`);
    await page.getByText(/^10 leads/).waitFor();
    const list = await saved(() => page.keyboard.press("Shift+E"));
    expect(list[0]).toBe("\uFEFFFirst name,Last name,Company,Stage,Score,Heat,Owner,Next step,Due,Source");
    expect(list.slice(1).map((line) => line.split(",")[1])).toEqual(Array.from({ length: 10 }, (_, i) => `Person 01${i}`));
    await page.getByRole("button", { name: "Export" }).click();
    const every = await saved(() => page.getByRole("menuitem", { name: "With every column" }).click());
    expect(every[0]).toContain("Baton id,First name,Last name,Company,Job title,E-mail,");
    expect(every).toHaveLength(11);

    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.keyboard.press("Shift+J");
    await page.getByText("2 selected").waitFor();
    const bar = page.getByRole("toolbar", { name: "2 leads selected" });
    const selected = await saved(() => bar.getByRole("button", { name: "Export" }).click());
    expect(selected.map((line) => line.split(",")[1])).toEqual(["Last name", "Person 010", "Person 011"]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("is worked with keys alone: move, select, filter, find, add, know all keys", async () => {
    const { page, context, complaints } = await signedIn();
    await page.goto("/leads");
    const grid = page.getByRole("grid", { name: "Leads" });
    await grid.getByRole("row").nth(1).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    await page.keyboard.press("Shift+J");
    await page.getByText("2 selected").waitFor();
    await page.keyboard.press("Control+a");
    await page.getByText(/30\d selected/).waitFor();
    await page.keyboard.press("Escape");
    await page.getByText("selected").waitFor({ state: "hidden" });

    await page.keyboard.press("f");
    await page.getByRole("combobox", { name: "Field to filter by" }).waitFor();
    await page.keyboard.type("last name");
    await page.keyboard.press("Enter");
    await page.getByLabel("Value", { exact: true }).waitFor();
    await page.keyboard.type("Person 01");
    await page.keyboard.press("Enter");
    await page.getByText(/^10 leads/).waitFor();
    expect(decodeURIComponent(page.url())).toContain('"op":"contains"');
    await page.reload();
    await page.getByText(/^10 leads/).waitFor();

    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or jump to" }).waitFor();
    await page.keyboard.type("person 123");
    await page
      .getByRole("option", { name: /Person 123/ })
      .first()
      .waitFor();
    await page.keyboard.press("Escape");

    await page.keyboard.press("c");
    await page.getByLabel("First name").waitFor();
    await page.keyboard.type("Grace");
    await page.keyboard.press("Tab");
    await page.keyboard.type("Hopper");
    await page.keyboard.press("Enter");
    await page.getByText("Grace Hopper added").waitFor();

    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keys" });
    await sheet.getByText("Search or jump to").waitFor();
    for (const words of ["New lead", "Down", "Select", "Filter", "Go to Leads"])
      expect(await sheet.getByText(words, { exact: true }).count(), words).toBeGreaterThan(0);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("End goes to the last lead and Home back to the first, by keyset", async () => {
    const { page, context } = await signedIn();
    await page.goto("/leads?sort=lastName");
    const grid = page.getByRole("grid", { name: "Leads" });
    await grid.getByText("Person 000").waitFor();
    await page.keyboard.press("End");
    await grid.getByText("Person 299").waitFor();
    await page.keyboard.press("Home");
    await grid.getByText("Person 000").waitFor();
    await context.close();
  });

  test("a lead that arrives shows within a second while nothing is pointed at", async () => {
    const { page, context } = await signedIn();
    await page.goto("/leads");
    await page.getByRole("grid", { name: "Leads" }).getByRole("row").nth(1).waitFor();
    await page.waitForTimeout(500);
    const sender = await signedIn();
    await at.api(sender, "POST", "/api/v1/leads", { email: "arrival@example.org", firstName: "Just", lastName: "Arrived" });
    await page.getByText("Just Arrived").waitFor({ timeout: 2000 });
    await Promise.all([context.close(), sender.context.close()]);
  });

  test("says that the server is gone, keeps what was typed, and recovers", async () => {
    const { page, context } = await signedIn();
    await page.goto("/leads");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    await page.keyboard.press("c");
    await page.getByLabel("Last name").fill("Patient");
    await at.stopServer();
    await page.getByRole("button", { name: "Add lead" }).click();
    await page
      .getByText(/server cannot be reached/i)
      .first()
      .waitFor();
    await at.startServer();
    await page
      .getByRole("status")
      .getByText(/server cannot be reached/i)
      .waitFor({ state: "hidden", timeout: 20_000 });
    expect(await page.getByLabel("Last name").inputValue()).toBe("Patient");
    await page.getByRole("button", { name: "Add lead" }).click();
    await page.getByText("Patient added").waitFor();
    await context.close();
  });
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const size = { colorScheme, viewport: { width, height: 844 } } as const;
    const stranger = await at.visit(size);
    await stranger.page.goto("/sign-in");
    await stranger.page.getByLabel("E-mail").waitFor();
    expect(await seriousFindings(stranger.page), "sign in").toEqual([]);
    await stranger.context.close();

    const { page, context, complaints } = await signedIn(size);
    await page.goto("/leads");
    await page.getByRole("grid", { name: "Leads" }).getByRole("row").nth(1).waitFor();
    expect(await seriousFindings(page), "leads").toEqual([]);
    for (const [key, name] of [
      ["c", "New lead"],
      ["?", "Keys"],
      ["Control+k", "Search or jump to"],
    ] as const) {
      await page.keyboard.press(key);
      await page.getByRole("dialog", { name }).waitFor();
      await page.waitForTimeout(200);
      expect(await seriousFindings(page), name).toEqual([]);
      await page.keyboard.press("Escape");
      await page.getByRole("dialog", { name }).waitFor({ state: "hidden" });
    }
    await page.keyboard.press("j");
    await page.keyboard.press("x");
    await page.getByText("1 selected").waitFor();
    expect(await seriousFindings(page), "selected").toEqual([]);
    await page.goto("/leads?filter=%7B%22field%22%3A%22lastName%22%2C%22op%22%3A%22eq%22%2C%22value%22%3A%22nobody%22%7D");
    await page.getByText("No lead matches").waitFor();
    expect(await seriousFindings(page), "empty").toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
