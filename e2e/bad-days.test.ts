/** Two people on one lead, each in a browser of his own, and a server that dies in the middle of a form. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

const BEN = { name: "Ben Okafor", email: "ben@nordlicht.example", password: "another seven words of a password" } as const;

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let bens: typeof state;
let ids: readonly string[];

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const anna = await at.visit({ storageState: state });
  const leads = Array.from({ length: 4 }, (_, i) => ({
    firstName: "Maja",
    lastName: `Lindqvist ${i}`,
    email: `maja${i}@nordfrakt.example`,
    jobTitle: "Head of Yards",
    city: "Lund",
  }));
  ids = (await at.api<{ results: { id: string }[] }>(anna, "POST", "/api/v1/leads/batch", { leads })).results.map(({ id }) => id);
  const made = await at.api<{ invitation: { url: string } }>(anna, "POST", "/api/v1/users", { name: BEN.name, email: BEN.email, role: "admin" });
  const ben = await at.visit();
  await at.api(ben, "POST", "/api/v1/invitations/accept", {
    token: new URL(made.invitation.url).searchParams.get("token"),
    name: BEN.name,
    password: BEN.password,
  });
  bens = await ben.context.storageState();
  await Promise.all([anna.context.close(), ben.context.close()]);
}, 120_000);
afterAll(() => at.close());

type Lead = { readonly jobTitle: string; readonly city: string; readonly version: number };
const lead = (visit: Visit, id: string | undefined): Promise<Lead> => at.api<Lead>(visit, "GET", `/api/v1/leads/${id}`);

async function opened(id: string | undefined, storageState: typeof state): Promise<Visit> {
  const visit = await at.visit({ storageState });
  await visit.page.goto(`/leads/${id}`);
  await visit.page.getByRole("button", { name: /^Job title/ }).waitFor();
  return visit;
}

/** Opens a field and writes into it, without keeping it yet. */
async function write({ page }: Visit, field: string, text: string): Promise<void> {
  await page.getByRole("button", { name: new RegExp(`^${field}`) }).click();
  await page.getByLabel(field, { exact: true }).fill(text);
}

const keep = ({ page }: Visit, field: string): Promise<void> => page.getByLabel(field, { exact: true }).press("Enter");

describe("two people on one lead", () => {
  test("in different fields: both are kept, and each sees the other's", async () => {
    const [anna, ben] = await Promise.all([opened(ids[0], state), opened(ids[0], bens)]);
    await write(anna, "Job title", "Head of Gates");
    await write(ben, "City", "Malmö");
    await Promise.all([keep(anna, "Job title"), keep(ben, "City")]);
    await Promise.all([anna, ben].map(({ page }) => page.getByRole("button", { name: /^Job title: Head of Gates/ }).waitFor()));
    await Promise.all([anna, ben].map(({ page }) => page.getByRole("button", { name: /^City: Malmö/ }).waitFor()));
    expect(await lead(anna, ids[0])).toMatchObject({ jobTitle: "Head of Gates", city: "Malmö" });
    expect([...anna.complaints, ...ben.complaints]).toEqual([]);
    await Promise.all([anna.context.close(), ben.context.close()]);
  });

  test("in the same field: the second is told what the first one wrote, loses nothing he typed, and decides", async () => {
    const [anna, ben] = await Promise.all([opened(ids[1], state), opened(ids[1], bens)]);
    await write(anna, "Job title", "Head of Gates");
    await write(ben, "Job title", "Head of Ramps");
    await keep(anna, "Job title");
    await anna.page.getByText("Job title changed").waitFor();
    await keep(ben, "Job title");
    await ben.page.getByText(/changed this to/).waitFor();
    expect(await ben.page.getByLabel("Job title", { exact: true }).inputValue()).toBe("Head of Ramps");
    expect((await lead(ben, ids[1])).jobTitle).toBe("Head of Gates");
    await ben.page.getByRole("button", { name: "Keep mine" }).click();
    await ben.page.getByText("Job title changed").waitFor();
    await anna.page.getByRole("button", { name: /^Job title: Head of Ramps/ }).waitFor();
    const facts = await at.api<{ items: { type: string; data: unknown }[] }>(ben, "GET", `/api/v1/leads/${ids[1]}/facts`);
    expect(JSON.stringify(facts.items)).toMatch(/Head of Gates.*Head of Ramps|Head of Ramps.*Head of Gates/);
    await Promise.all([anna.context.close(), ben.context.close()]);
  });
});

test("a server that is killed while a note and a field are half written: the screen says so, keeps both, and both can be kept when it is back", async () => {
  const anna = await opened(ids[2], state);
  const { page, context, complaints } = anna;
  await page.keyboard.press("n");
  await page.getByLabel("Note", { exact: true }).fill("Wants a demo in March, and");
  await at.killServer();
  await page.keyboard.press("Control+Enter");
  await page.getByText(/cannot be reached/i).first().waitFor(); // prettier-ignore
  await page.getByLabel("Note", { exact: true }).press("End");
  await page.keyboard.type(" an offer in April.");
  await at.startServer();
  await page.getByRole("status").getByText(/cannot be reached/i).waitFor({ state: "hidden", timeout: 30_000 }); // prettier-ignore
  expect(await page.getByLabel("Note", { exact: true }).inputValue()).toBe("Wants a demo in March, and an offer in April.");
  await page.getByLabel("Note", { exact: true }).press("Control+Enter");
  await page.getByText("Note written").waitFor();
  const { items } = await at.api<{ items: { text: string }[] }>(anna, "GET", `/api/v1/leads/${ids[2]}/notes`);
  expect(items.map(({ text }) => text)).toEqual(["Wants a demo in March, and an offer in April."]);
  await write(anna, "City", "Ystad");
  await keep(anna, "City");
  await page.getByRole("button", { name: /^City: Ystad/ }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
