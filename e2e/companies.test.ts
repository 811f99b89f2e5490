/** Companies in a real browser: found, opened, edited and taken back, by keys. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 120_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const visit = await signedIn();
  for (const [i, company] of ["Nordfrakt AB", "Lusoforma", "Łódź Cargo"].entries()) {
    const { lead } = await at.api<{ readonly lead: { readonly id: string } }>(visit, "POST", "/api/v1/leads", {
      firstName: "Person",
      lastName: `Number ${i}`,
      email: `p${i}@company${i}.example`,
      company,
    });
    await at.api(visit, "POST", `/api/v1/leads/${lead.id}/convert`, { form: { potentialValue: { amount: 250_000, currency: "EUR" } } });
  }
  await visit.context.close();
}, 120_000);
afterAll(() => at.close());

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

test("a company is found, opened, renamed and noted with keys alone, and Undo takes it back", async () => {
  const { page, context, complaints } = await signedIn();
  await page.goto("/companies");
  const grid = page.getByRole("grid", { name: "Companies" });
  await grid.getByText("Nordfrakt AB").waitFor();
  await page.keyboard.press("f");
  await page.keyboard.type("lodz");
  await page.getByText(/^1 company$/).waitFor();
  await page.keyboard.press("Escape");
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { name: "People" }).waitFor();
  await page.getByRole("link", { name: "Person Number 2" }).waitFor();
  await page.getByRole("button", { name: /^Name:/ }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("textbox", { name: "Name" }).waitFor();
  await page.keyboard.press("Control+a");
  await page.keyboard.type("Łódź Cargo sp. z o.o.");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: /sp\. z o\.o\./ }).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByRole("button", { name: /Łódź Cargo ?, edit$/ }).waitFor();
  await page.keyboard.press("n");
  await page.keyboard.type("Moves to Gdańsk in May.");
  await page.keyboard.press("Control+Enter");
  await page.getByRole("listitem").filter({ hasText: "Moves to Gdańsk in May." }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a domain that is none is refused at the field, and what was typed stays", async () => {
  const { page, context } = await signedIn();
  await page.goto("/companies?q=lusoforma");
  await page.getByRole("grid", { name: "Companies" }).getByText("Lusoforma").click();
  await page.getByRole("button", { name: /^Domain:/ }).click();
  await page.getByRole("textbox", { name: "Domain" }).fill("not a domain");
  await page.keyboard.press("Enter");
  await page.getByText(/must be a domain/).waitFor();
  expect(await page.getByRole("textbox", { name: "Domain" }).inputValue()).toBe("not a domain");
  await context.close();
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const { page, context, complaints } = await signedIn({ colorScheme, viewport: { width, height: 844 } });
    await page.goto("/companies");
    await page.getByRole("grid", { name: "Companies" }).getByText("Nordfrakt AB").waitFor();
    expect(await seriousFindings(page), "list").toEqual([]);
    await page.getByRole("grid", { name: "Companies" }).getByText("Nordfrakt AB").click();
    await page.getByRole("heading", { name: "People" }).waitFor();
    expect(await seriousFindings(page), "company").toEqual([]);
    await page.goto("/companies?q=nobody");
    await page.getByText("No company of that name").waitFor();
    expect(await seriousFindings(page), "empty").toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });
});
