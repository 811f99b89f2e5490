/** Forms in the browser: from a new house to a lead that came by a form on another website, and the editor. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 120_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
}, 120_000);
afterAll(() => at.close());

const signedIn = (options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> => at.visit({ storageState: state, ...options });

type Form = { readonly id: string; readonly url: string; readonly version: number; readonly fields: readonly { readonly key: string }[] };

async function defaultForm(visit: Visit): Promise<Form> {
  return (await at.api<{ items: [Form] }>(visit, "GET", "/api/v1/forms")).items[0];
}

test("a form pasted into a page elsewhere brings a lead that shows at once, in ten actions", async () => {
  const visit = await signedIn();
  const { page, complaints } = visit;
  await page.goto("/leads");
  await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("link", { name: "Contact form", exact: true }).click();
  await page.getByText("Plain HTML").click();
  const html = await page.getByLabel("To copy").innerText();
  expect(html).toContain("<form action=");

  const site = createServer((_request, reply) => reply.setHeader("content-type", "text/html; charset=utf-8").end(`<!doctype html><title>Site</title>${html}`));
  await new Promise<void>((resolve) => site.listen(0, "127.0.0.1", resolve));
  const stranger = await at.visit();
  await stranger.page.goto(`http://127.0.0.1:${(site.address() as AddressInfo).port}/`);
  await stranger.page.getByLabel("First name").fill("Ada");
  await stranger.page.getByLabel("Last name").fill("Lovelace");
  await stranger.page.getByLabel("E-mail", { exact: true }).fill("ada@analytical.example");
  await stranger.page.getByRole("button", { name: "Send" }).click();
  await stranger.page.getByRole("heading", { name: "Thank you" }).waitFor();
  await stranger.context.close();
  site.close();

  await page.keyboard.press("g");
  await page.keyboard.press("l");
  await page.getByRole("grid", { name: "Leads" }).getByText("Ada Lovelace").waitFor({ timeout: 5000 });
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  await page.getByRole("link", { name: "1 submission: show the leads" }).click();
  await page.getByText(/^1 lead\b/).waitFor();
  expect(complaints).toEqual([]);
  await visit.context.close();
});

describe("the editor", () => {
  test("fields are ordered by key, the preview follows, saving shows on the page, and Undo takes it back", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const form = await defaultForm(visit);
    await page.goto(`/forms/${form.id}`);
    await page.getByLabel("Title", { exact: true }).fill("Talk to us");
    await page.getByLabel("Preview").getByText("Talk to us").waitFor();
    await page.getByRole("button", { name: "Move Company: arrow up or down" }).focus();
    await page.keyboard.press("ArrowUp");
    await page.getByText("Company is number 3 of 7").waitFor({ state: "attached" });
    await page.keyboard.press("ArrowUp");
    await page.getByText("Company is number 2 of 7").waitFor({ state: "attached" });
    await page.getByLabel("Add a field").selectOption("country");
    await page.getByLabel("Country is required").check();
    await page.keyboard.press("Control+s");
    await page.getByText("Saved. The page shows it at once.").waitFor();
    const saved = await defaultForm(visit);
    expect(saved.fields.map(({ key }) => key)).toEqual(["firstName", "company", "lastName", "email", "jobTitle", "phone", "message", "country"]);
    const shown = await at.visit();
    await expect
      .poll(async () => {
        await shown.page.goto(form.url);
        return shown.page.getByRole("heading").innerText();
      })
      .toBe("Talk to us");
    await shown.context.close();
    await page.getByRole("button", { name: "Undo" }).click();
    await page.getByText("Taken back").waitFor();
    expect(await page.getByLabel("Title", { exact: true }).inputValue()).toBe("Get in touch");
    await visit.context.close();
  });

  test("what somebody else saved meanwhile is not lost, and leaving asks when something is not saved", async () => {
    const visit = await signedIn();
    const { page } = visit;
    const form = await defaultForm(visit);
    await page.goto(`/forms/${form.id}`);
    await page.getByLabel("Button", { exact: true }).fill("Go");
    await at.api(visit, "PATCH", `/api/v1/forms/${form.id}`, { intro: "Theirs." });
    await page.keyboard.press("Control+s");
    await page.getByRole("alert").getByText("Somebody else changed this form").waitFor();
    expect(await page.getByLabel("Button", { exact: true }).inputValue()).toBe("Go");
    await page.getByRole("link", { name: "Forms" }).first().click();
    await page.getByRole("dialog", { name: "Leave without saving?" }).waitFor();
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Drop mine, show theirs" }).click();
    await expect.poll(() => page.getByLabel("Introduction").inputValue()).toBe("Theirs.");
    await page.getByRole("link", { name: "Forms" }).first().click();
    await page.getByRole("table").waitFor();
    await visit.context.close();
  });

  test("a redirect to elsewhere is refused at its field, and nothing typed is lost", async () => {
    const visit = await signedIn();
    const { page } = visit;
    await page.goto(`/forms/${(await defaultForm(visit)).id}`);
    await page.getByText("Another page").click();
    await page.getByLabel("Address", { exact: true }).fill("https://evil.example/");
    await page.keyboard.press("Control+s");
    await page.getByText(/must be on one of the form's websites/i).waitFor();
    expect(await page.getByLabel("Address", { exact: true }).inputValue()).toBe("https://evil.example/");
    await visit.context.close();
  });
});

describe.each(["light", "dark"] as const)("%s", (colorScheme) => {
  test.each([1440, 390])("nothing serious for assistive technology at %i px", async (width) => {
    const visit = await signedIn({ colorScheme, viewport: { width, height: 844 } });
    const { page, complaints } = visit;
    await page.goto("/forms");
    await page.getByRole("table").waitFor();
    expect(await seriousFindings(page), "list").toEqual([]);
    await page.keyboard.press("n");
    await page.getByRole("dialog", { name: "New form" }).waitFor();
    await page.waitForTimeout(200);
    expect(await seriousFindings(page), "new form").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("link", { name: "Contact form", exact: true }).click();
    await page.getByRole("heading", { name: "Fields" }).waitFor();
    expect(await seriousFindings(page), "editor").toEqual([]);
    await page.getByRole("button", { name: "More for E-mail" }).click();
    await page.getByRole("menuitem", { name: "Move up" }).waitFor();
    expect(await seriousFindings(page), "menu").toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "New address…" }).click();
    await page.getByRole("dialog", { name: "Give this form a new address?" }).waitFor();
    await page.waitForTimeout(200);
    expect(await seriousFindings(page), "new address").toEqual([]);
    expect(complaints).toEqual([]);
    await visit.context.close();
  });
});
