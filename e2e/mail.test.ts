/** Mail to a lead against a real mail server: taken back in time, left unanswered, and held back for everybody. */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Sink, smtpSink } from "../src/server/testing/smtp.ts";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let sink: Sink;
let state: Awaited<ReturnType<typeof setUpHouse>>;
beforeAll(async () => {
  sink = await smtpSink();
  at = await openRunning({ SMTP_URL: sink.url });
  state = await setUpHouse(at);
}, 120_000);
afterAll(async () => {
  await at.close();
  await sink.close();
});
beforeEach(() => {
  sink.manners = {};
});

let people = 0;
/** A lead's page, with a mail of this subject written and sent by keys. */
async function writeTo(visit: Visit, subject: string): Promise<string> {
  const { page } = visit;
  const { lead } = await at.api<{ readonly lead: { readonly id: string } }>(visit, "POST", "/api/v1/leads", {
    firstName: "Maja",
    lastName: `Lindqvist ${++people}`,
    email: `maja${people}@nordfrakt.example`,
  });
  await page.goto(`/leads/${lead.id}`);
  await page.getByRole("region", { name: "Timeline" }).waitFor();
  await send(page, subject);
  return lead.id;
}

async function send(page: Page, subject: string): Promise<void> {
  await page.keyboard.press("m");
  const dialog = page.getByRole("dialog", { name: /^Mail to/ });
  await dialog.getByLabel("Subject").fill(subject);
  await dialog.getByLabel("Text", { exact: true }).fill("Good day {{ lead.firstName }}, shall we talk on Thursday?");
  await dialog.getByRole("button", { name: /^Send/ }).click();
  await dialog.waitFor({ state: "hidden" });
}

const subjects = (): readonly (string | undefined)[] => sink.seen.map(({ mail }) => mail.subject);

test("a mail taken back within its ten seconds never leaves, and one that is not does", async () => {
  const visit = await at.visit({ storageState: state });
  const { page, context, complaints } = visit;
  await writeTo(visit, "Too early");
  await page.getByText(/leaves in ten seconds/).waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("Taken back").first().waitFor();
  await send(page, "The right one");
  await expect.poll(subjects, { timeout: 30_000 }).toContain("The right one");
  expect(subjects()).not.toContain("Too early");
  await page.goto("/settings/outbox");
  await page.getByRole("listitem").filter({ hasText: "Too early" }).getByText("Withdrawn").waitFor();
  await page.getByRole("listitem").filter({ hasText: "The right one" }).getByText("Sent").waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});

test("a mail whose answer never came says so on the lead and in the outbox, with what to do, and is not repeated by itself", async () => {
  sink.manners = { message: () => "drop" };
  const visit = await at.visit({ storageState: state });
  const { page, context, complaints } = visit;
  const lead = await writeTo(visit, "Did it arrive?");
  const note = page.getByRole("status").filter({ hasText: "Nobody knows whether “Did it arrive?” arrived" });
  await note.waitFor({ timeout: 40_000 });
  await note.getByRole("button", { name: "Decide…" }).click();
  const dialog = page.getByRole("dialog", { name: "Did it arrive?" });
  await dialog.getByText(/Nobody knows whether it arrived/).waitFor();
  for (const what of ["Send again", "It arrived", "It did not arrive"]) await dialog.getByRole("button", { name: what, exact: true }).waitFor();
  expect(await seriousFindings(page)).toEqual([]);

  await page.goto("/settings/mail");
  await page.getByText("1 mail waits for somebody to decide: 1 uncertain, 0 failed.").waitFor();
  await page.getByRole("link", { name: "Open the outbox" }).click();
  await page.getByRole("button", { name: "Did it arrive?" }).click();
  const drawer = page.getByRole("dialog", { name: "Did it arrive?" });
  await drawer.getByText(/not repeated by itself/).waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  const times = subjects().filter((subject) => subject === "Did it arrive?").length;
  await drawer.getByRole("button", { name: "It arrived", exact: true }).click();
  await page.getByText("Nothing uncertain").waitFor();
  expect(subjects().filter((subject) => subject === "Did it arrive?").length).toBe(times);
  await page.goto(`/leads/${lead}`);
  await page
    .getByRole("region", { name: "Timeline" })
    .getByText(/: sent/)
    .waitFor();
  expect(await note.count()).toBe(0);
  expect(complaints).toEqual([]);
  await context.close();
});

test.each(["light", "dark"] as const)(
  "while sending is paused it is said wherever mail is, nothing leaves, and Resume lets it go (%s)",
  async (colorScheme) => {
    const visit = await at.visit({ storageState: state, colorScheme, viewport: { width: colorScheme === "dark" ? 390 : 1440, height: 844 } });
    const { page, context, complaints } = visit;
    await page.goto("/settings/mail");
    await page.getByRole("button", { name: "Pause" }).click();
    await page.getByText("Sending is paused; mail waits").waitFor();
    await writeTo(visit, `While paused, ${colorScheme}`);
    await page.getByText(/^Mail to .* waits: sending is paused/).waitFor();
    await page.waitForTimeout(11_000);
    expect(subjects()).not.toContain(`While paused, ${colorScheme}`);
    await page.goto("/settings/outbox");
    await page.getByText(/Sending is paused since .* 1 mail waiting\./).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await page.getByRole("button", { name: "Resume" }).click();
    await expect.poll(subjects, { timeout: 30_000 }).toContain(`While paused, ${colorScheme}`);
    await page.getByText(/Sending is paused since/).waitFor({ state: "hidden" });
    expect(complaints).toEqual([]);
    await context.close();
  },
);
