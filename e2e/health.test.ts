/** The health check in a real browser: every number opens as many leads as it says, and mending one flips its answer. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
}, 120_000);
afterAll(() => at.close());

test("what is wrong is counted, opened and mended", async () => {
  const { page, context, complaints } = await at.visit({ storageState: state });
  await page.goto("/health-check");
  await page.getByText("Level 1 of 5 · Begun").waitFor();
  expect(await page.locator("[data-verdict=unknown][data-question]").count()).toBe(4);
  const visit = { page, context, complaints };
  type Published = { readonly number: number; readonly config: { readonly routing: object } };
  const { config } = await at.api<Published>(visit, "GET", "/api/v1/config");
  await at.api(visit, "PUT", "/api/v1/config", { ...config, routing: { ...config.routing, rules: [] } });
  const ids: string[] = [];
  for (let i = 0; i < 4; i++) {
    const { lead } = await at.api<{ readonly lead: { readonly id: string } }>(visit, "POST", "/api/v1/leads", {
      firstName: "Vera",
      lastName: `Lindqvist ${i}`,
      email: `vera${i}@lindqvist.example`,
      company: "Lindqvist Montage",
      jobTitle: "CEO",
      touches: [{ kind: "contactRequest" }],
    });
    ids.push(lead.id);
  }
  await page.reload();
  const owners = page.locator("[data-question=owners]");
  await owners.getByText("4 of 4 qualified leads have no owner").waitFor();
  expect(await owners.getAttribute("data-verdict")).toBe("no");
  await owners.getByRole("link", { name: "Qualified leads without an owner: 4, show them" }).click();
  const drawer = page.getByRole("dialog");
  await drawer.getByText("All 4 leads").waitFor();
  expect(await drawer.locator("li[data-line]").count()).toBe(4);
  expect(await seriousFindings(page)).toEqual([]);
  await drawer.getByRole("link", { name: "Vera Lindqvist 0" }).click();
  await page.waitForURL(new RegExp(`/leads/${ids[0]}`));
  const { user } = await at.api<{ readonly user: { readonly id: string } }>(visit, "GET", "/api/v1/session");
  for (const id of ids) await at.api(visit, "POST", `/api/v1/leads/${id}/assign`, { owner: user.id });
  await page.goto("/health-check");
  await owners.getByText("Every qualified lead has an owner; none waited").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  await owners.getByRole("link", { name: "Routing" }).click();
  await page.waitForURL(/\/settings\/routing/);
  await page.keyboard.press("g");
  await page.keyboard.press("e");
  await page.waitForURL(/\/health-check/);
  expect(complaints).toEqual([]);
  await context.close();
});
