/** Settings and one's own account in a real browser: by keyboard, by two administrators at once, by those who join. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ADMIN, openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

// A browser, a server and a database share the machine with the other tests.
vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
}, 120_000);
afterAll(() => at.close());

type Published = {
  readonly number: number;
  readonly config: {
    readonly fields: readonly { readonly key: string; readonly label: string }[];
    readonly model: { readonly rules: readonly { readonly id: string; readonly points?: number }[] };
  };
};

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

const config = (visit: Visit): Promise<Published> => at.api<Published>(visit, "GET", "/api/v1/config");

describe("settings by keyboard", () => {
  test("a field is added with keys alone, is a filter at once, and Undo takes it away", async () => {
    const visit = await signedIn();
    const { page, context, complaints } = visit;
    await page.goto("/leads");
    await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();
    await page.keyboard.press("g");
    await page.keyboard.press("s");
    await page.getByRole("heading", { name: "Settings" }).waitFor();
    await page.keyboard.press("f");
    await page.keyboard.type("custom fields");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "New field" }).waitFor();
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.keyboard.press("n");
    const dialog = page.getByRole("dialog", { name: "New field" });
    await dialog.getByLabel("Name").waitFor();
    await page.keyboard.type("Number of sites");
    await page.keyboard.press("Tab");
    await page.keyboard.type("N");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "hidden" });
    expect((await config(visit)).config.fields.map(({ key }) => key)).toContain("numberOfSites");
    const fields = await at.api<{ readonly items: readonly { readonly field: string }[] }>(visit, "GET", "/api/v1/leads/fields");
    expect(fields.items.map(({ field }) => field)).toContain("fields.numberOfSites");
    await page.keyboard.press("Control+z");
    await page.getByText("Taken back").waitFor();
    expect((await config(visit)).config.fields.map(({ key }) => key)).not.toContain("numberOfSites");
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("the palette knows single settings", async () => {
    const { page, context } = await signedIn();
    await page.goto("/leads");
    await page.getByRole("heading", { name: "Leads", exact: true }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search or jump to" }).waitFor();
    await page.keyboard.type("time zone");
    await page.getByRole("option", { name: /Workspace/ }).waitFor();
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Workspace", exact: true }).waitFor();
    expect(new URL(page.url()).pathname).toBe("/settings/workspace");
    await context.close();
  });
});

describe("two administrators at once", () => {
  test("what each changes in the scoring model is there; the same thing changed twice is said and nothing is lost", async () => {
    const visit = await signedIn();
    const { page, context } = visit;
    await page.goto("/settings/scoring");
    await page.getByRole("button", { name: "Company known", exact: true }).click();
    const dialog = page.getByRole("dialog", { name: "Company known" });
    await dialog.getByLabel("Points", { exact: true }).fill("12");
    await dialog.getByRole("button", { name: "Change in the draft" }).click();
    await page.getByText("1 change in the draft").waitFor();

    // Meanwhile somebody else publishes another rule.
    const live = await config(visit);
    const change = (from: Published, id: string, points: number) => ({
      ...from.config,
      model: { ...from.config.model, rules: from.config.model.rules.map((rule) => (rule.id === id ? { ...rule, points } : rule)) },
    });
    await at.api(visit, "PUT", "/api/v1/config", change(live, "bant-need", 7));
    await page.getByLabel("Why (for the audit)").fill("Companies matter more");
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText(/Scoring published/).waitFor();
    const merged = await config(visit);
    const points = (id: string): number | undefined => merged.config.model.rules.find((rule) => rule.id === id)?.points;
    expect([points("has-company"), points("bant-need")]).toEqual([12, 7]);

    // And now the very same rule.
    await page.getByRole("button", { name: "Need known", exact: true }).click();
    const again = page.getByRole("dialog", { name: "Need known" });
    await again.getByLabel("Points", { exact: true }).fill("9");
    await again.getByRole("button", { name: "Change in the draft" }).click();
    await at.api(visit, "PUT", "/api/v1/config", change(merged, "bant-need", 8));
    await page.getByRole("button", { name: "Publish" }).click();
    await page.getByText(/Somebody else changed the same meanwhile/).waitFor();
    await page.getByText("1 change in the draft").waitFor();
    expect((await config(visit)).config.model.rules.find(({ id }) => id === "bant-need")?.points).toBe(8);

    await page.goto("/settings/audit");
    await page.getByText("Why: Companies matter more").waitFor();
    await context.close();
  });
});

describe("people and one's own account", () => {
  test("somebody is invited by a link, joins, sees only what is theirs, and is deactivated at once", async () => {
    const { page, context } = await signedIn({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto("/settings/users");
    await page.getByRole("button", { name: "Invite" }).click();
    const dialog = page.getByRole("dialog", { name: "Invite a user" });
    await dialog.getByLabel("Name").fill("Ола Rep");
    await dialog.getByLabel("E-mail").fill("ola@nordlicht.example");
    await dialog.getByRole("button", { name: "Invite" }).click();
    const url = await page.getByRole("textbox", { name: "Link" }).inputValue();
    await page.getByRole("button", { name: "Done" }).click();
    await page.getByText(/Invited, until/).waitFor();

    const other = await at.visit();
    await other.page.goto(url);
    await other.page.getByLabel("Password", { exact: true }).fill("another long enough password");
    await other.page.keyboard.press("Enter");
    await other.page.getByRole("heading", { name: "My day", exact: true }).waitFor();
    await other.page.goto("/settings");
    await other.page.getByRole("navigation", { name: "Settings" }).getByRole("link", { name: "Profile" }).waitFor();
    expect(await other.page.getByRole("link", { name: "Users" }).count()).toBe(0);
    await other.page.goto("/settings/users");
    await other.page.getByText("You may not change this").waitFor();

    await page.getByRole("button", { name: "Actions for Ола Rep" }).click();
    await page.getByRole("menuitem", { name: "Deactivate" }).click();
    await page.getByText(/is inactive/).waitFor();
    await other.page.reload();
    await other.page.getByRole("heading", { name: "Sign in" }).waitFor();
    await other.context.close();
    await context.close();
  });

  test("a key is shown once", async () => {
    const { page, context } = await signedIn();
    await page.goto("/settings/api-keys");
    await page.getByRole("button", { name: "New key" }).first().click();
    await page.getByRole("dialog", { name: "New API key" }).getByLabel("Name").fill("Website form");
    await page.keyboard.press("Enter");
    const key = await page.getByRole("textbox", { name: "Key" }).inputValue();
    expect(key.length).toBeGreaterThan(20);
    await page.getByRole("button", { name: "I have it" }).click();
    await page.getByRole("cell", { name: "Website form", exact: true }).waitFor();
    expect(await page.content()).not.toContain(key);
    await context.close();
  });

  test("a second factor is set up with the picture or the secret, and what is asked is told when it is wrong", async () => {
    const { page, context, complaints } = await signedIn();
    await page.goto("/settings/security");
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog", { name: "Set up a second factor" });
    await dialog.getByLabel("Your password").fill(ADMIN.password);
    await page.keyboard.press("Enter");
    await dialog.getByRole("img", { name: "QR code for the authenticator app" }).waitFor();
    await dialog.getByLabel("Code").fill("000000");
    await page.keyboard.press("Enter");
    await dialog.getByText(/not right/).waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });
});

test("a mail template is seen as a lead would get it, is kept, and Undo brings the text back that came with the house", async () => {
  const visit = await signedIn();
  const { page, context, complaints } = visit;
  await at.api(visit, "POST", "/api/v1/leads", { firstName: "Maja", lastName: "Lindqvist", email: "maja@nordfrakt.example" });
  await page.goto("/settings/templates");
  await page.getByRole("button", { name: "Welcome letter", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Welcome letter" });
  await dialog.getByLabel("Text", { exact: true }).fill("Good day {{ lead.firstName }}, how are the trucks?");
  await dialog.getByText("Good day Maja, how are the trucks?").waitFor();
  await dialog.getByRole("button", { name: "Save" }).click();
  await page.getByText("“Welcome letter” changed").waitFor();
  await page.keyboard.press("Control+z");
  await page.getByText("Taken back").waitFor();
  const { items } = await at.api<{ readonly items: readonly { readonly id: string; readonly own: boolean }[] }>(visit, "GET", "/api/v1/mail/templates");
  expect(items.find(({ id }) => id === "welcome")?.own).toBe(false);
  expect(complaints).toEqual([]);
  await context.close();
});
