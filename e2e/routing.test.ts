/** The order of routing rules: dragged, moved by keys, as quickly as one presses, and taken back. And the turn of a team. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { seriousFindings } from "./axe.ts";
import { fillHouse, type FullHouse } from "./full-house.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

type Rule = { readonly id: string; readonly label: string; readonly when: unknown; readonly team: string };
type Config = { readonly routing: { readonly rules: readonly Rule[] }; readonly teams: readonly { readonly id: string }[] };

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let admin: Visit;
let house: FullHouse;
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  admin = await at.visit({ storageState: state });
  house = await fillHouse(at, admin);
  const { config } = await read();
  const team = config.teams[0]?.id ?? "";
  const rules = ["North", "South", "East", "West"].map((label) => ({
    id: label.toLowerCase(),
    label,
    when: { field: "city", op: "eq", value: label },
    team,
  }));
  await at.api(admin, "PUT", "/api/v1/config", { ...config, routing: { ...config.routing, rules } });
}, 180_000);
afterAll(() => at.close());

const read = (): Promise<{ readonly config: Config }> => at.api(admin, "GET", "/api/v1/config");
const order = async (): Promise<string> => (await read()).config.routing.rules.map(({ label }) => label).join(" ");

async function opened(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  const visit = await at.visit({ storageState: state, ...options });
  await visit.page.goto("/settings/routing");
  await visit.page.getByRole("button", { name: /^1\. / }).waitFor();
  return visit;
}

const focus = (page: Page): Promise<string> => page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? "");

test("a rule is dragged by its handle to where it is asked first, and Undo puts it back", async () => {
  const { page, context, complaints } = await opened();
  const rows = page.getByRole("list", { name: /^Routing rules/ }).getByRole("listitem");
  const [from, to] = [await rows.nth(2).getByTitle("Drag to move").boundingBox(), await rows.nth(0).boundingBox()];
  if (from === null || to === null) throw new Error("The rules are not on the page.");
  await page.mouse.move(from.x + from.width / 2, from.y + from.height / 2);
  await page.mouse.down();
  await page.mouse.move(from.x + 4, from.y - 10, { steps: 4 });
  await page.mouse.move(from.x + 4, to.y + 8, { steps: 8 });
  await page.mouse.up();
  await page.getByText("“East” is rule 1 of 4").waitFor();
  expect(await order()).toBe("East North South West");
  await page.keyboard.press("Control+z");
  await expect.poll(order).toBe("North South East West");
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

test("by keys it goes as far as one presses, however quickly, and the focus goes with it", async () => {
  const { page, context, complaints } = await opened();
  await page.getByRole("button", { name: "Move North down" }).focus();
  for (let i = 0; i < 3; i++) await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(order).toBe("South East West North");
  await expect.poll(() => focus(page)).toBe("Move North up");
  await page.keyboard.press("Alt+ArrowUp");
  await expect.poll(order).toBe("South East North West");
  await expect.poll(() => focus(page)).toBe("Move North up");
  expect(complaints).toEqual([]);
  await context.close();
});

test("members take turns in the order they are put into, on a phone, too", async () => {
  const { page, context, complaints } = await at.visit({ storageState: state, viewport: { width: 390, height: 844 }, colorScheme: "dark" });
  await page.goto("/settings/teams");
  await page.getByRole("button", { name: "Sales", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Sales" });
  const rows = dialog.getByRole("list", { name: "Members, in their turn" }).getByRole("listitem");
  await rows.nth(1).waitFor();
  const last = (await rows.last().innerText()).split("\n").at(-1) ?? "";
  await dialog.getByRole("button", { name: `Move ${last} up` }).click();
  expect(await rows.nth((await rows.count()) - 2).innerText()).toContain(last);
  expect(await seriousFindings(page)).toEqual([]);
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("Sales changed").waitFor();
  const { items } = await at.api<{ readonly items: readonly { readonly members: readonly { readonly name: string }[] }[] }>(admin, "GET", "/api/v1/teams");
  expect(items[0]?.members.at(-2)?.name).toBe(last);
  expect(complaints).toEqual([]);
  await context.close();
});

test("a template is shown as a mail program shows it, and as text", async () => {
  expect(house.leads.length).toBeGreaterThan(0);
  const { page, context, complaints } = await at.visit({ storageState: state });
  await page.goto("/settings/templates");
  await page.getByRole("button", { name: "Welcome letter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Welcome letter" });
  await dialog
    .getByLabel("Text", { exact: true })
    .fill("**Dear {{ lead.firstName }}**\n\n- [our yard](https://example.com/?a=1&b=2)\n- <script>alert(1)</script>");
  const preview = dialog.getByRole("region", { name: "Preview" });
  await preview.locator("strong").filter({ hasText: /^Dear/ }).waitFor();
  await preview.getByTitle("https://example.com/?a=1&b=2").waitFor();
  expect(await preview.getByRole("listitem").last().textContent()).toBe("<script>alert(1)</script>");
  expect(await preview.locator("script").count()).toBe(0);
  await preview.getByText("Text", { exact: true }).click();
  await preview.getByText("- our yard (https://example.com/?a=1&b=2)").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});
