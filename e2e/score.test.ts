/** The score's panel in a real browser: read in one sentence, opened rule by rule, each line leading to what is behind it. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

type Explained = { readonly sentence: string; readonly score: number; readonly lines: readonly { readonly label: string; readonly points: number }[] };

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let id: string;
let someone: Visit;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  someone = await at.visit({ storageState: state });
  const view = (url: string) => ({ kind: "pageView", props: { url } });
  const { lead } = await at.api<{ lead: { id: string } }>(someone, "POST", "/api/v1/leads", {
    firstName: "Maja",
    lastName: "Lindqvist",
    email: "maja@nordfrakt.example",
    jobTitle: "Head of Logistics",
    company: "Nordfrakt AB",
    touches: [view("https://example.org/pricing"), view("https://example.org/docs"), view("https://example.org/docs/start")],
  });
  id = lead.id;
}, 180_000);
afterAll(() => at.close());

const explained = () => at.api<Explained>(someone, "GET", `/api/v1/leads/${id}/score`);

async function opened(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  const visit = await at.visit({ storageState: state, ...options });
  await visit.page.goto(`/leads/${id}`);
  await visit.page.getByRole("table", { name: "What the score is the sum of" }).waitFor();
  return visit;
}

test("says the score in the server's sentence, opens by keys into rows that add up to it, and leads to touches and fields", async () => {
  const { page, complaints } = await opened();
  const panel = page.getByRole("region", { name: "Score" });
  const { sentence, score, lines } = await explained();
  expect((await panel.getByText(/^\d+ =/).innerText()).replaceAll(/\s+/g, " ")).toBe(sentence);

  const all = panel.getByRole("button", { name: "Every rule" });
  await all.focus();
  await page.keyboard.press("Enter");
  const rules = panel.getByRole("row").filter({ hasText: /·|:|lacks|touch/ });
  await rules.first().waitFor();
  const shown = await Promise.all(
    lines.map(async ({ label }) => Number((await panel.getByRole("row", { name: label }).getByRole("cell").innerText()).replace("−", "-"))),
  );
  expect(shown.reduce((sum, points) => sum + points, 0)).toBeCloseTo(score, 6);

  await panel.getByRole("button", { name: "Looked at pricing" }).press("Enter");
  await page.getByText("Only Visits of pricing").waitFor();
  const timeline = page.getByRole("region", { name: "Timeline" });
  await expect.poll(() => timeline.getByRole("article").count()).toBe(1);
  expect(new URL(page.url()).searchParams.get("facet")).toBe("pricing");
  await timeline.getByRole("button", { name: "Show everything" }).click();
  await expect.poll(() => timeline.getByRole("article").count()).toBeGreaterThan(3);

  await panel.getByRole("button", { name: "Job title decides" }).click();
  await page.getByRole("textbox", { name: "Job title" }).waitFor();
  await page.keyboard.press("Escape");
  await panel.getByRole("button", { name: "if budget were known" }).click();
  await page.keyboard.type("50,000 a year");
  await page.keyboard.press("Enter");
  await expect.poll(async () => (await explained()).score).toBeCloseTo(score + 5, 6);
  await panel.getByText(/10 BANT|5 BANT/).waitFor();
  expect(complaints).toEqual([]);
});

test("the scoring screen answers what it takes, for a kind of person put together there", async () => {
  const { page, complaints } = await at.visit({ storageState: state });
  await page.goto("/settings/scoring");
  await page.getByText(/^The person has \d+ of 50 points/).waitFor();
  await page.locator("label", { hasText: "Job title" }).last().click();
  await page.keyboard.type("director");
  await page.getByText("The person has 26 of 50 points for Marketing qualified. It takes 1 touch:").waitFor();
  await page.getByText("1 contact request").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(complaints).toEqual([]);
});

test.each([
  { colorScheme: "light", viewport: { width: 1440, height: 900 } },
  { colorScheme: "dark", viewport: { width: 1440, height: 900 } },
  { colorScheme: "dark", viewport: { width: 390, height: 844 } },
] as const)("is accessible and does not overflow: $colorScheme, $viewport.width px", async (options) => {
  const { page, complaints } = await opened(options);
  await page.getByRole("button", { name: "Every rule" }).click();
  await page.getByRole("button", { name: "Looked at pricing" }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
  expect(complaints).toEqual([]);
});
