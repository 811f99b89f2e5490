/** One person's whole way, with keys alone: sign in, import a file, work a lead to an opportunity, win it, read the funnel; then what the database holds of it. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Page } from "playwright-core";
import { embeddedDatabase } from "../src/server/testing/bad-days/baton.ts";
import { askDatabase, findUnlawful } from "../src/server/testing/bad-days/truth.ts";
import { ADMIN, openRunning, type Running, setUpHouse } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
beforeAll(async () => {
  at = await openRunning();
  await setUpHouse(at);
}, 120_000);
afterAll(() => at.close());

const ROWS = 12;
const PEOPLE = ["Łucja Zielińska", "Tomás Ferreira", "Ngozi Okafor", "Chloé Marchand"] as const;

/** As a spreadsheet writes it: German words, semicolons, a mark of the byte order. Two thirds are MQLs already. */
function csv(): Buffer {
  const lines = Array.from({ length: ROWS }, (_, i) => {
    const [first, last] = (PEOPLE[i % PEOPLE.length] ?? "").split(" ");
    return `${first};${last} ${i};p${i}@spedition${i}.example;+49 30 ${100_200 + i};"Spedition ${i}; Söhne";${i % 3 === 0 ? "" : "MQL"};Messe;Leiterin Logistik`;
  });
  return Buffer.from(`\uFEFF${["Vorname;Nachname;E-Mail-Adresse;Telefon;Firma;Phase;Quelle;Position", ...lines].join("\r\n")}\r\n`, "utf8");
}

/** Tab until the field of this name has the focus. */
async function tabTo(page: Page, label: string): Promise<void> {
  for (let i = 0; i < 40; i++) {
    const name = await page.evaluate(() => {
      const { activeElement } = document;
      return activeElement instanceof HTMLInputElement || activeElement instanceof HTMLTextAreaElement
        ? (activeElement.labels?.[0]?.textContent ?? activeElement.getAttribute("aria-label") ?? "")
        : "";
    });
    if (name.startsWith(label)) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`No field "${label}" within forty presses of Tab.`);
}

/** Keys and runs of typing, counted. */
function hands(page: Page) {
  let actions = 0;
  return {
    press: async (...keys: readonly string[]): Promise<void> => {
      for (const key of keys) {
        actions++;
        await page.keyboard.press(key);
      }
    },
    type: async (text: string): Promise<void> => {
      actions++;
      await page.keyboard.type(text);
    },
    count: () => actions,
  };
}

test("a file becomes leads, a lead a deal that is won, and the funnel counts it: with keys alone, and the database agrees", async () => {
  const began = performance.now();
  const visit = await at.visit();
  const { page, complaints, context } = visit;
  const { press, type, count } = hands(page);

  // Asked for from the start, so that the browser hands choosers over by the time one opens.
  const chooser = page.waitForEvent("filechooser");
  await page.goto("/");
  await page.getByLabel("E-mail").waitFor();
  await type(ADMIN.email);
  await press("Tab");
  await type(ADMIN.password);
  await press("Enter");
  await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();

  await press("g", "i");
  await page.getByText("Drop a file here").waitFor();
  await press("n");
  await (await chooser).setFiles({ name: "messe.csv", mimeType: "text/csv", buffer: csv() });
  await page.getByText(/rows? tried$/).waitFor();
  for (const [column, target] of [
    ["E-Mail-Adresse", "E-mail"],
    ["Firma", "Company"],
    ["Phase", "Stage"],
  ] as const)
    expect(await page.getByRole("combobox", { name: `Where “${column}” goes` }).inputValue()).toBe(target);
  await press("Control+Enter");
  await page.getByRole("link", { name: "Import another file" }).waitFor();

  await press("g", "l");
  await page.getByText(new RegExp(`^${ROWS} leads\\b`)).waitFor();
  const grid = page.getByRole("grid", { name: "Leads" });
  const row = grid.getByRole("row").filter({ hasText: "Ngozi Okafor 2" });
  await row.waitFor();
  // Down the list to her: the row that the keys are on says so.
  for (let i = 0; i < ROWS && !(await row.evaluate((one) => one.matches('[aria-current="true"], [data-current], :focus, :focus-within'))); i++)
    await press("j");
  await press("Enter");
  await page.getByRole("heading", { level: 1, name: "Ngozi Okafor 2" }).waitFor();
  const leadId = new URL(page.url()).pathname.split("/").at(-1) ?? "";

  // The three first steps, each from the keyboard: the letter, the call, the network.
  await page.getByText("Send a welcome letter").waitFor();
  for (let step = 0; step < 3; step++) {
    const before = await openSteps(leadId);
    await press("e");
    const letter = page.getByLabel("Text of the mail");
    const form = page.getByRole("form");
    await letter.or(form).first().waitFor();
    if (await letter.isVisible()) {
      await letter.filter({ hasText: "Ngozi" }).waitFor();
      await press("Control+Enter");
    } else {
      if ((await form.getAttribute("aria-label"))?.startsWith("Call") === true) {
        await tabTo(page, "Note");
        await type("Wants to see it in March.");
      }
      await press("Enter");
    }
    await expect.poll(() => openSteps(leadId), { timeout: 15_000 }).not.toEqual(before);
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.getByRole("heading", { name: `Next steps ${(await openSteps(leadId)).length} open` }).waitFor();
  }
  expect(await openSteps(leadId)).toEqual(["qualify"]);

  await page.getByText("Qualify lead for sales").first().waitFor();
  await press("q");
  await page.getByRole("form", { name: "Qualify lead for sales" }).waitFor();
  await type("Replaces two spreadsheets");
  await tabTo(page, "Potential value");
  await type("48,500");
  await press("Enter");
  await page.getByText("Qualify lead for sales: done").waitFor();

  await page.getByText("Convert to opportunity").first().waitFor();
  await press("o");
  await page.getByRole("form", { name: "Convert to opportunity" }).waitFor();
  await tabTo(page, "Next meeting");
  await type("05052027");
  await type("1000AM");
  await press("Enter");
  await page.getByText("Convert to opportunity: done").waitFor();

  await press("g", "p");
  const card = page.locator('[data-stage="presentation"]').getByRole("link", { name: "Spedition 2; Söhne" });
  await card.waitFor();
  await press("j");
  await page.waitForFunction(() => document.activeElement?.hasAttribute("data-deal"));
  await press("w");
  await page.getByText("Spedition 2; Söhne is won").waitFor();

  await press("g", "r");
  await page.getByRole("heading", { name: "How far do leads come?" }).waitFor();
  await press("t");
  const table = page.getByRole("table").filter({ has: page.getByRole("columnheader", { name: "Leads that reached it" }) });
  await table.waitFor();
  const shown = await table
    .getByRole("row")
    .evaluateAll((rows) => rows.slice(1).map((one) => Number(one.querySelector("a[data-count]")?.getAttribute("data-count") ?? 0)));
  process.stderr.write(`The whole way: ${count()} keys and runs of typing, ${((performance.now() - began) / 1000).toFixed(1)} s\n`);

  const db = embeddedDatabase(at.dataDir);
  const me = (await at.api<{ user: { id: string } }>(visit, "GET", "/api/v1/session")).user.id;
  const entered = await askDatabase<{ stage: string; actor: string }>(
    db,
    "select stage, actor from fact where lead_id = $1 and stage is not null and undone_by is null order by at, number, ordinal",
    [leadId],
  );
  expect(entered.map(({ stage }) => stage)).toEqual(["mql", "sql", "opportunity", "customer"]);
  expect(entered.map(({ actor }) => actor.replace(/^import:.*/, "import"))).toEqual(["import", `user:${me}`, `user:${me}`, `user:${me}`]);
  const [lead] = await askDatabase<{ stage: string; owner_id: string; company: string; source: string }>(
    db,
    "select stage, owner_id, company, source from lead where id = $1",
    [leadId],
  );
  expect(lead).toEqual({ stage: "customer", owner_id: me, company: "Spedition 2; Söhne", source: "Messe" });
  const tasks = await askDatabase<{ key: string; state: string; form: Record<string, unknown> | null }>(
    db,
    "select key, state, form from task where lead_id = $1 order by created_at, key",
    [leadId],
  );
  expect(tasks.map(({ key, state }) => `${key} ${state}`).toSorted()).toEqual(["call done", "connect done", "convert done", "qualify done", "welcome done"]);
  const worth = { amount: 4_850_000, currency: "EUR" };
  expect(tasks.find(({ key }) => key === "qualify")?.form).toMatchObject({ businessCase: "Replaces two spreadsheets", potentialValue: worth });
  expect(tasks.find(({ key }) => key === "convert")?.form).toMatchObject({
    businessCase: "Replaces two spreadsheets",
    potentialValue: worth,
    nextMeeting: "2027-05-05T08:00:00.000Z",
  });
  const deals = await askDatabase<Record<string, unknown>>(db, "select * from opportunity where lead_id = $1", [leadId]);
  expect(deals).toHaveLength(1);
  expect(deals[0]).toMatchObject({ stage: "won", owner_id: me });

  const { stages } = await at.api<{ stages: readonly string[] }>(visit, "GET", "/api/v1/reports/funnel");
  const reached = await askDatabase<{ leads: number }>(
    db,
    `select (select count(distinct f.lead_id)::int from fact f where f.undone_by is null and array_position($1::text[], f.stage) >= s.place) as leads
     from unnest($1::text[]) with ordinality s (stage, place) order by s.place`,
    [stages],
  );
  // Stages that nobody has reached yet have no line at the end.
  expect(shown).toEqual(reached.map(({ leads }) => leads).filter((leads, i) => leads > 0 || i < shown.length));
  expect(shown[0]).toBe(ROWS);
  expect(await findUnlawful(db, ROWS)).toEqual([]);
  expect(complaints).toEqual([]);
  await context.close();
});

/** The keys of the steps that are open, as the database has them. */
async function openSteps(leadId: string): Promise<readonly string[]> {
  const rows = await askDatabase<{ key: string }>(embeddedDatabase(at.dataDir), "select key from task where lead_id = $1 and state = 'open' order by key", [
    leadId,
  ]);
  return rows.map(({ key }) => key);
}
