/** Definitions in a real browser: drafted by marketing, signed by two people, in force, read again, and what became of leads. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

// A browser, a server and a database share the machine with the other tests.
vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let maria: typeof state;
let sam: typeof state;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const anna = await at.visit({ storageState: state });
  maria = await join(anna, { name: "Maria Kern", email: "maria@nordlicht.example", role: "marketing", rights: { signerMarketing: true } });
  sam = await join(anna, { name: "Sam Olsen", email: "sam@nordlicht.example", role: "salesManager", rights: { signerSales: true } });
  for (let i = 0; i < 4; i++)
    await at.api(anna, "POST", "/api/v1/leads", {
      email: `ada${i}@hallen.example`,
      firstName: "Ada",
      lastName: `Nr ${i}`,
      jobTitle: "Director",
      company: "Hallen",
    });
  await anna.context.close();
}, 120_000);
afterAll(() => at.close());

async function join(
  anna: Visit,
  person: { readonly name: string; readonly email: string; readonly role: string; readonly rights: object },
): Promise<typeof state> {
  const made = await at.api<{ invitation: { url: string } }>(anna, "POST", "/api/v1/users", { ...person, teams: ["sales"] });
  const guest = await at.visit();
  const token = new URL(made.invitation.url).searchParams.get("token");
  await at.api(guest, "POST", "/api/v1/invitations/accept", { token, name: person.name, password: "seven words make a good password" });
  const storage = await guest.context.storageState();
  await guest.context.close();
  return storage;
}

describe("a definition", () => {
  test("is drafted, looked at, signed by two people, and then in force", async () => {
    const writer = await at.visit({ storageState: maria });
    await writer.page.goto("/settings/definitions");
    await writer.page.getByText("Definitions change by two signatures.").waitFor();
    await writer.page.getByRole("link", { name: "Marketing qualified" }).click();
    await writer.page.getByText("Published without signatures.").waitFor();
    await writer.page.getByRole("link", { name: "Draft a change" }).click();
    await writer.page.getByLabel("What it means").fill("Sales would call within a day.");
    await writer.page.getByLabel("Score of at least").fill("30");
    await writer.page.getByText("4 leads would enter Marketing qualified by themselves.").waitFor();
    await writer.page.getByRole("link", { name: "Ada Nr 0" }).waitFor();
    await writer.page.getByLabel("Add a way out").selectOption({ label: "Recycled" });
    await writer.page.getByLabel("Recycled", { exact: true }).fill("No project this year");
    await writer.page.getByLabel("Why it changes").fill("Sales has room");
    await writer.page.getByRole("button", { name: "Save and ask for signatures" }).click();
    await writer.page.getByText("Waits for marketing and sales.").waitFor();
    await writer.page.getByRole("button", { name: "Sign for marketing" }).click();
    await writer.page.getByText("Waits for sales.").waitFor();
    expect(writer.complaints).toEqual([]);

    const signer = await at.visit({ storageState: sam });
    await signer.page.goto("/my-day");
    await signer.page
      .getByRole("button", { name: /notification/i })
      .first()
      .click();
    await signer.page.getByText("To sign: the definition of “Marketing qualified”").click();
    await signer.page.getByText("1 definition waits for your signature: Marketing qualified.").waitFor();
    await signer.page.getByRole("link", { name: "Waits for you" }).click();
    await signer.page.getByText("Different from version 1").waitFor();
    await signer.page.getByText("No longer: ").first().waitFor({ state: "attached" });
    await signer.page.getByRole("button", { name: "Sign for sales" }).click();
    const dialog = signer.page.getByRole("dialog", { name: "Sign for sales and bring it into force?" });
    await dialog.getByText("4 leads would enter Marketing qualified by themselves.").waitFor();
    // Nobody's leads yet: how many they are a sales manager sees, not who.
    await dialog.getByText("None of them is in your sight.").waitFor();
    await dialog.getByRole("button", { name: "Sign and bring into force" }).click();
    await signer.page.getByText("Version 2 is in force").waitFor();
    await signer.page.getByRole("link", { name: "Versions" }).click();
    await signer.page.getByRole("heading", { name: "Compare" }).waitFor();
    const room = signer.page.locator("section");
    expect(await room.getByText("Maria Kern").count()).toBeGreaterThan(0);
    expect(await room.getByText("Sam Olsen").count()).toBeGreaterThan(0);
    expect(signer.complaints).toEqual([]);

    // Whoever has the page open sees it, too; and what it says came true.
    await writer.page.getByRole("link", { name: "In force" }).click();
    await writer.page.getByText("Version 2, in force since").waitFor();
    await expect
      .poll(async () => (await at.api<{ items: readonly { stage: string }[] }>(writer, "GET", "/api/v1/leads")).items.map(({ stage }) => stage), {
        timeout: 20_000,
      })
      .toEqual(["mql", "mql", "mql", "mql"]);
    await writer.context.close();
    await signer.context.close();
  });

  test("is not changed under Scoring any more, which says where", async () => {
    const { page, context, complaints } = await at.visit({ storageState: state });
    await page.goto("/settings/scoring");
    await page.getByRole("link", { name: "Marketing qualified: draft a change, to be signed" }).click();
    await page.getByRole("link", { name: "Draft a change" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("is a page on paper", async () => {
    const { page, context } = await at.visit({ storageState: state, viewport: { width: 794, height: 1123 } });
    await page.goto("/settings/definitions?stage=mql&show=versions");
    await page.getByRole("heading", { name: "Version 1" }).waitFor();
    await page.emulateMedia({ media: "print" });
    expect(await page.getByRole("navigation").count()).toBe(0);
    expect(await page.getByRole("button", { name: "Print" }).count()).toBe(0);
    const line = await page.getByText("Score ≥ 50").first().boundingBox();
    expect(line?.width).toBeGreaterThan(300);
    if (process.env["SHOTS"] !== undefined) await page.screenshot({ path: `${process.env["SHOTS"]}/paper.png`, fullPage: true });
    await context.close();
  });

  test("tells what became of leads: each number opens them", async () => {
    const visit = await at.visit({ storageState: state });
    const { page, context, complaints } = visit;
    const { items } = await at.api<{ items: readonly { id: string }[] }>(visit, "GET", "/api/v1/leads");
    await at.api(visit, "POST", `/api/v1/leads/${items[0]?.id ?? ""}/reject`, { reason: "A competitor" });
    await page.goto("/settings/definitions?stage=mql&show=report");
    await page.getByRole("button", { name: /^1\s*Met it, rejected/ }).click();
    await page.getByRole("dialog").getByText("“A competitor”").waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Met it, rejected, Version 2: 1" }).click();
    await page
      .getByRole("dialog")
      .getByRole("link", { name: /Ada Nr/ })
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("a stage", () => {
  test("says where people may move a lead from it, and Undo lets them move it anywhere again", async () => {
    const { page, context, complaints } = await at.visit({ storageState: state });
    await page.goto("/settings/stages");
    await page.getByRole("button", { name: "Inquiry: Moved by hand anywhere" }).click();
    await page.getByRole("checkbox", { name: "Sales qualified" }).uncheck();
    await page.getByRole("checkbox", { name: "Opportunity" }).uncheck();
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("button", { name: "Inquiry: Moved by hand to 13 of 15 stages" }).waitFor();
    await page.keyboard.press("Control+z");
    await page.getByRole("button", { name: "Inquiry: Moved by hand anywhere" }).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("for everybody's eyes and hands", () => {
  for (const [width, scheme] of [
    [1440, "light"],
    [1440, "dark"],
    [390, "light"],
    [390, "dark"],
  ] as const)
    test(`nothing serious for assistive technology and nothing wider than the screen: ${width} px, ${scheme}`, async () => {
      const visit = await at.visit({ storageState: state, viewport: { width, height: 844 }, colorScheme: scheme });
      const { page, context, complaints } = visit;
      const text = {
        label: "Sales qualified",
        meaning: "Someone with a need and a budget.",
        owner: "Sales",
        criteria: { field: "bant.budget", op: "isEmpty", value: false },
        answers: ["bant.need"],
        exits: [],
      };
      await at.api(visit, "PUT", "/api/v1/definitions/sql/draft", { text });
      const found: string[] = [];
      for (const where of ["", "?stage=mql", "?stage=mql&show=draft", "?stage=sql&show=draft", "?stage=mql&show=versions", "?stage=mql&show=report"]) {
        await page.goto(`/settings/definitions${where}`);
        await page.getByRole("heading", { level: 2 }).first().waitFor();
        await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
        found.push(...(await seriousFindings(page)).map((one) => `${where}: ${one}`));
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${where}: wider than the screen`);
        if (process.env["SHOTS"] !== undefined)
          await page.screenshot({ path: `${process.env["SHOTS"]}/${width}-${scheme}-${where.replaceAll(/\W/g, "_")}.png` });
      }
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });
});
