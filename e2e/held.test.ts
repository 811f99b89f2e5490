/** Held inputs and the bin in the browser, worked with keys alone. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 120_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let formUrl: string;
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await signedIn();
  formUrl = (await at.api<{ items: [{ url: string }] }>(visit, "GET", "/api/v1/forms")).items[0].url;
  await visit.context.close();
}, 120_000);
afterAll(() => at.close());

const signedIn = (options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> => at.visit({ storageState: state, ...options });

/** Fills in the field that people do not see. */
async function spam({ context }: Visit, lastName: string): Promise<void> {
  const path = new URL(formUrl).pathname;
  await context.request.post(`${at.url}${path}`, {
    form: { lastName, email: `${lastName.toLowerCase()}@spam.example`, message: "<b>Buy</b>", fax_number: "1" },
  });
}

test("held inputs are mended, released and dismissed with keys, each mistake is named with its line, and the lead is a key away", async () => {
  const visit = await signedIn();
  const { page, complaints } = visit;
  for (const name of ["First", "Second", "Third"]) await spam(visit, name);
  await page.goto("/leads");
  await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("h");
  await page.getByRole("article", { name: /^Third/ }).waitFor();
  await page.getByText("A field that people do not see was filled in.").first().waitFor();

  await page.keyboard.press("e");
  const json = page.getByLabel("The input as JSON");
  const came = await json.inputValue();
  await json.fill(came.replace('"lastName"', '"lastNam"'));
  await page.keyboard.press("Control+Enter");
  await page.getByText("lastNam is not known here").waitFor();
  await page.getByRole("button", { name: /^Line \d+$/ }).waitFor();
  await json.fill(`${came} x`);
  await page.getByText("This is no JSON yet").waitFor();
  await json.fill(came.replace('"Third"', '"Mended"'));
  await page.keyboard.press("Control+Enter");
  await page.getByText("A new lead.").waitFor();

  await page.getByRole("article", { name: /^Second/ }).waitFor();
  await page.keyboard.press("r");
  await page.getByRole("article", { name: /^First/ }).waitFor();
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Spam", exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is held").waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("article", { name: /^First/ }).waitFor();
  await page.keyboard.press("d");
  await page.getByRole("button", { name: "Spam", exact: true }).waitFor();
  await page.keyboard.press("Enter");
  await page.getByText("Nothing is held").waitFor();

  await page.getByText("Sent through", { exact: true }).click();
  await page.getByText(/Sent through as it came by|Mended and sent through by/).waitFor();
  await page.getByText("Dismissed", { exact: true }).click();
  await page.getByText(/Dismissed by .*: Spam/).waitFor();
  await page.getByRole("button", { name: "Take the dismissal back" }).waitFor();
  const { items } = await at.api<{ items: { lastName: string }[] }>(visit, "GET", "/api/v1/leads?sort=-createdAt");
  expect(items.map(({ lastName }) => lastName).toSorted()).toEqual(["Mended", "Second"]);
  expect(complaints).toEqual([]);
  await visit.context.close();
});

test("leads in the bin are restored with keys, several at once, and Undo puts them back", async () => {
  const visit = await signedIn();
  const { page } = visit;
  for (const name of ["One", "Two", "Three"]) {
    const { lead } = await at.api<{ lead: { id: string } }>(visit, "POST", "/api/v1/leads", { lastName: name, email: `${name}@bin.example` });
    await at.api(visit, "DELETE", `/api/v1/leads/${lead.id}?reason=A%20test`);
  }
  await page.goto("/bin");
  await page.getByRole("row", { name: /Three/ }).waitFor();
  expect(await page.getByRole("row", { name: /Three/ }).innerText()).toContain("A test");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("j");
  await page.keyboard.press("x");
  await page.keyboard.press("r");
  await page.getByText("2 leads are back").waitFor();
  await expect.poll(() => page.getByRole("row").count()).toBe(2);
  await page.keyboard.press("Control+z");
  await page.getByText("Taken back").waitFor();
  await expect.poll(() => page.getByRole("row").count()).toBe(4);
  await visit.context.close();
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const visit = await signedIn({ colorScheme, viewport: { width, height: 844 } });
    const { page, complaints } = visit;
    await spam(visit, `Axe${colorScheme}${width}`);
    await page.goto("/held");
    await page.getByRole("navigation", { name: "Held inputs" }).waitFor();
    expect(await seriousFindings(page), "held").toEqual([]);
    await page.locator("[data-held]").first().click();
    await page.getByRole("article").waitFor();
    await page.keyboard.press("d");
    await page.getByRole("button", { name: "Spam", exact: true }).waitFor();
    expect(await seriousFindings(page), "dismiss").toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("e");
    await page.getByLabel("The input as JSON").waitFor();
    expect(await seriousFindings(page), "mend").toEqual([]);
    await page.goto("/bin");
    await page.getByRole("table").waitFor();
    expect(await seriousFindings(page), "bin").toEqual([]);
    expect(complaints).toEqual([]);
    await visit.context.close();
  });
});
