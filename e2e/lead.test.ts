/** The Lead page in a real browser: worked by keyboard alone, edited by two at once, live, and accessible. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 120_000 });

type Lead = {
  readonly id: string;
  readonly version: number;
  readonly stage: string;
  readonly jobTitle: string | null;
  readonly bant: Readonly<Record<string, string | null>>;
  readonly deletedAt: string | null;
};

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let someone: Visit;
let ids: string[];

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  someone = await at.visit({ storageState: state });
  const { results } = await at.api<{ results: { id: string }[] }>(someone, "POST", "/api/v1/leads/batch", { leads: people(14) });
  ids = results.map(({ id }) => id);
  const me = (await at.api<{ user: { id: string } }>(someone, "GET", "/api/v1/session")).user.id;
  for (const id of ids) {
    await at.api(someone, "POST", `/api/v1/leads/${id}/assign`, { owner: me });
    if ((await lead(id)).stage !== "mql") await at.api(someone, "POST", `/api/v1/leads/${id}/stage`, { stage: "mql" });
  }
}, 120_000);
afterAll(() => at.close());

const NAMES = ["Maja Lindqvist", "Tomás Ferreira", "Ngozi Okafor", "Chloé Marchand", "Henrik Aalto", "Aiko Tanabe", "Ewa Kowalczyk"];

function people(count: number): readonly object[] {
  return Array.from({ length: count }, (_, i) => {
    const [firstName, lastName] = (NAMES[i % NAMES.length] ?? "").split(" ");
    return {
      firstName,
      lastName: `${lastName} ${i}`,
      email: `lead${i}@nordfrakt${i}.example`,
      phone: `+4631102030${String(i).padStart(2, "0")}`,
      company: `Nordfrakt ${i} AB`,
      jobTitle: "Head of Logistics",
      touches: [{ kind: "contactRequest" }, { kind: "pageView", props: { url: "https://example.org/pricing" } }],
    };
  });
}

async function opened(id: string | undefined, options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  const visit = await at.visit({ storageState: state, ...options });
  await visit.page.goto(`/leads/${id}`);
  await visit.page.getByRole("heading", { level: 1 }).waitFor();
  await visit.page.getByRole("button", { name: /^Budget/ }).waitFor();
  await visit.page.getByRole("list", { name: "Stages" }).getByRole("button").first().waitFor();
  return visit;
}

const lead = (id: string | undefined): Promise<Lead> => at.api<Lead>(someone, "GET", `/api/v1/leads/${id}`);

/** Counts what a person does: a key, or a run of typed text. */
function counting({ page }: Visit) {
  let actions = 0;
  return {
    press: (key: string) => ((actions += 1), page.keyboard.press(key)),
    type: (text: string) => ((actions += 1), page.keyboard.type(text)),
    count: () => actions,
  };
}

describe("by keyboard alone", () => {
  test("a lead is qualified with its BANT in six actions, without leaving the page", async () => {
    const [id] = ids;
    const visit = await opened(id);
    const { page, complaints, context } = visit;
    const call = (await at.api<{ items: { id: string; key: string }[] }>(visit, "GET", `/api/v1/leads/${id}/tasks`)).items.find(({ key }) => key === "call");
    await at.api(visit, "POST", `/api/v1/tasks/${call?.id}/complete`, {});
    await page.getByText("Qualify lead for sales").waitFor();
    const { press, type, count } = counting(visit);
    await press("b");
    await type("50,000 EUR");
    await press("Enter");
    await page.getByText("Budget changed").waitFor();
    await press("q");
    await page.getByRole("form", { name: "Qualify lead for sales" }).waitFor();
    await type("Replaces two spreadsheets");
    await press("Enter");
    await page.getByText("Qualify lead for sales: done").waitFor();
    expect(count()).toBeLessThanOrEqual(6);
    const now = await lead(id);
    expect([now.stage, now.bant["budget"]]).toEqual(["sql", "50,000 EUR"]);

    // From there to an opportunity with its meeting in three.
    await page.getByText("Convert to opportunity").first().waitFor();
    const convert = counting(visit);
    await convert.press("o");
    const meeting = page.getByLabel("Next meeting");
    await meeting.waitFor();
    await meeting.fill("2027-03-05T10:00");
    await convert.press("Enter");
    await page.getByText("Convert to opportunity: done").waitFor();
    expect((await lead(id)).stage).toBe("opportunity");
    const file = page.getByRole("link", { name: "calendar file" });
    await file.waitFor();
    const answer = await context.request.get(`${at.url}${await file.getAttribute("href")}`);
    expect(await answer.text()).toContain("BEGIN:VEVENT");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("a note is written and taken back, a call is logged, a task added, a stage started and undone", async () => {
    const id = ids[1];
    const { page, complaints, context } = await opened(id);
    await page.keyboard.press("n");
    await page.keyboard.type("Decides in April.");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Note written").waitFor();
    await page.getByRole("article").getByText("Decides in April.").waitFor();
    await page.keyboard.press("Control+z");
    await page.getByText("Taken back").waitFor();
    await page.getByText("This note was deleted.").waitFor();

    await page.keyboard.press("n");
    await page.keyboard.type("Wants a pilot.");
    await page.keyboard.press("Control+Enter");
    // The note itself: the line that says it was changed has its words too, and no pin.
    const pin = page.getByRole("button", { name: /^(Pin|Unpin)$/ });
    const note = page.getByRole("article").filter({ hasText: "Wants a pilot.", has: pin });
    await note.getByRole("button", { name: "Pin", exact: true }).click();
    await note.getByRole("button", { name: "Unpin" }).waitFor();
    await page.keyboard.press("Control+z");
    await note.getByRole("button", { name: "Pin", exact: true }).waitFor();
    await note.getByRole("button", { name: "Edit", exact: true }).click();
    await page.getByLabel("Note", { exact: true }).fill("Wants no pilot.");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    await page.getByRole("article").filter({ hasText: "Wants no pilot.", has: pin }).waitFor();
    await page.getByText("Note changed").waitFor();
    await page.keyboard.press("Control+z");
    await note.waitFor();

    await page.keyboard.press("l");
    await page.getByLabel("What was said").waitFor();
    await page.keyboard.type("Wants a demo");
    await page.keyboard.press("Control+Enter");
    await page.getByText("Call: reached").waitFor();
    await page.getByText("Call logged. It counts as a touch and stays in the history").waitFor();

    await page.keyboard.press("t");
    await page.getByRole("dialog", { name: "New task" }).waitFor();
    await page.keyboard.type("Send the offer");
    await page.keyboard.press("Enter");
    await page.getByText("Send the offer", { exact: true }).waitFor();

    await page.keyboard.press("s");
    await page.getByRole("dialog", { name: "Start a stage" }).waitFor();
    await page.keyboard.type("disq");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Start the stage" }).click();
    await page.getByText("Say why: an exit needs a reason.").waitFor();
    await page.getByLabel("Reason").fill("Works for a competitor");
    await page.getByRole("button", { name: "Start the stage" }).click();
    await page.getByText(/is at Disqualified/).waitFor();
    expect((await lead(id)).stage).toBe("disqualified");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    await page.keyboard.press("Control+z");
    await page.getByText("Taken back").first().waitFor();
    await vi.waitFor(async () => expect((await lead(id)).stage).toBe("mql"));
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("j and k go through the list one came from", async () => {
    const { page, context } = await at.visit({ storageState: state });
    await page.goto("/leads");
    await page.getByRole("grid", { name: "Leads" }).waitFor();
    await page.getByRole("row").nth(2).waitFor();
    await page.keyboard.press("j");
    await page.keyboard.press("Enter");
    await page.getByText(`1 of ${ids.length}`).waitFor();
    const first = await page.getByRole("heading", { level: 1 }).innerText();
    await page.keyboard.press("j");
    await page.getByText(`2 of ${ids.length}`).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).not.toBe(first);
    await page.keyboard.press("k");
    await page.getByText(`1 of ${ids.length}`).waitFor();
    expect(await page.getByRole("heading", { level: 1 }).innerText()).toBe(first);
    await context.close();
  });

  test("the slash finds in the timeline, and a line has a link that opens at it", async () => {
    const id = ids[2];
    const { page, context } = await opened(id);
    await page.getByText("Visited a page").waitFor();
    await page.keyboard.press("/");
    await page.getByLabel("Find in the timeline").waitFor();
    await page.keyboard.type("pricing");
    await page.getByText(/^1 line of/).waitFor();
    expect(await page.getByRole("article").count()).toBe(1);
    await page.getByRole("article").getByRole("link").first().click();
    const address = new URL(page.url());
    expect(address.searchParams.get("item")).toMatch(/^[0-9a-f-]{36}$/);
    await page.goto(address.href);
    await page.locator("article[data-marked]").getByText("Visited a page").waitFor();
    await context.close();
  });

  test("the welcome letter is written in place, and sending completes the step", async () => {
    const id = ids[3];
    const { page, complaints, context } = await opened(id);
    const card = page.getByRole("listitem").filter({ hasText: "Send a welcome letter" });
    await card.getByRole("button", { name: "Write…" }).click();
    await page.getByLabel("Text of the mail").filter({ hasText: "Chloé" }).waitFor();
    await page.keyboard.press("Control+Enter");
    await page.getByText(/Kept in the outbox|leaves in ten seconds/).waitFor();
    await card.getByRole("button", { name: "Write…" }).waitFor({ state: "hidden" });
    const { items } = await at.api<{ items: { key: string; state: string }[] }>(someone, "GET", `/api/v1/leads/${id}/tasks`);
    expect(items.find(({ key }) => key === "welcome")?.state).toBe("done");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("two at once", () => {
  test("another's edit shows within a second, and says whose it was", async () => {
    const id = ids[4];
    const { page, context } = await opened(id);
    const other = await at.api<{ key: string }>(someone, "POST", "/api/v1/api-keys", { name: "The fair stand", scopes: ["read", "write"] });
    await page.waitForTimeout(700); // the stream is open
    const began = Date.now();
    const answer = await context.request.fetch(`${at.url}/api/v1/leads/${id}`, {
      method: "PATCH",
      headers: { authorization: `Bearer ${other.key}` },
      data: { jobTitle: "Chief of Everything" },
    });
    expect(answer.status()).toBe(200);
    await page.getByRole("button", { name: /^Job title: Chief of Everything/ }).waitFor();
    expect(Date.now() - began).toBeLessThan(1500);
    await page.getByRole("status").filter({ hasText: "The fair stand" }).waitFor();
    await context.close();
  });

  test("who was second sees what the first one wrote, and keeps what he typed", async () => {
    const id = ids[5];
    const { page, context } = await opened(id);
    await page.getByRole("button", { name: /^Job title/ }).click();
    await page.getByLabel("Job title", { exact: true }).fill("Head of Yards");
    await at.api(someone, "PATCH", `/api/v1/leads/${id}`, { jobTitle: "Head of Gates" });
    await page.getByLabel("Job title", { exact: true }).press("Enter");
    await page.getByText(/Somebody changed this to/).waitFor();
    expect(await page.getByLabel("Job title", { exact: true }).inputValue()).toBe("Head of Yards");
    await page.getByRole("button", { name: "Keep mine" }).click();
    await page.getByText("Job title changed").waitFor();
    expect((await lead(id)).jobTitle).toBe("Head of Yards");
    await context.close();
  });
});

test("what was typed outlives a server that is gone", async () => {
  const id = ids[6];
  const { page, context } = await opened(id);
  await page.keyboard.press("n");
  await page.keyboard.type("Do not lose this.");
  await page.route("**/api/**", (route) => route.abort());
  await page.keyboard.press("Control+Enter");
  await page.getByRole("alert").filter({ hasText: "cannot be reached" }).waitFor();
  expect(await page.getByLabel("Note", { exact: true }).inputValue()).toBe("Do not lose this.");
  await page.unroute("**/api/**");
  await page.keyboard.press("Control+Enter");
  await page.getByText("Note written").waitFor();
  await context.close();
});

test("a lead goes into the bin and comes back out of it", async () => {
  const id = ids[7];
  const { page, context } = await opened(id);
  await page.getByRole("button", { name: "More for this lead" }).click();
  await page.getByRole("menuitem", { name: "Put into the bin" }).click();
  await page
    .getByText(/is in the bin/)
    .first()
    .waitFor();
  expect((await lead(id)).deletedAt).not.toBeNull();
  await page.goto(`/leads/${id}`);
  await page.getByRole("button", { name: "Restore" }).click();
  await page.getByText(/is back/).waitFor();
  expect((await lead(id)).deletedAt).toBeNull();
  await context.close();
});

describe.each(["light", "dark"] as const)("nothing serious is wrong for assistive technology, %s", (colorScheme) => {
  test.each([1440, 390])("at %i pixels, with menus and dialogs open", async (width) => {
    const { page, context } = await opened(ids[8], { colorScheme, viewport: { width, height: 860 } });
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "More for this lead" }).click();
    await page.getByRole("menu").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("menu").waitFor({ state: "hidden" });
    await page.getByRole("button", { name: "Why this owner" }).click();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Log call…" }).click();
    await page.getByRole("button", { name: /^Log and finish/ }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.keyboard.press("m");
    await page.getByRole("dialog").getByLabel("Subject").waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").waitFor({ state: "hidden" });
    // Nothing is wider than a phone.
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await context.close();
  });
});
