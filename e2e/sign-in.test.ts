/** Coming in: through another house (a real OpenID provider), with a second factor, into one of two workspaces. */
import { TOTP } from "otpauth";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ask } from "../src/server/testing/bad-days/baton.ts";
import { openIdHouse, type OpenIdHouse } from "../src/server/testing/openid-house.ts";
import { seriousFindings } from "./axe.ts";
import { ADMIN, openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 180_000 });

const SECRET = "what only the two houses know";
type Person = { readonly name: string; readonly email: string; readonly password: string };
const REP: Person = { name: "Ola Nordby", email: "ola@nordlicht.example", password: "another long enough password" };

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let provider: OpenIdHouse;
let who: string | null = "anna";
beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  provider = await openIdHouse({
    secret: SECRET,
    redirectUri: `${at.url}/api/v1/session/oidc/callback`,
    people: {
      anna: { email: ADMIN.email, email_verified: true, name: ADMIN.name },
      sam: { email: "sam@elsewhere.example", email_verified: true, name: "Sam Stranger" },
    },
    who: () => who,
  });
}, 120_000);
afterAll(async () => {
  await at.close();
  await provider.close();
});

const heading = (page: Page, name: string): Promise<void> => page.getByRole("heading", { name, exact: true }).waitFor();

async function typeIn(page: Page, { email, password }: { readonly email: string; readonly password: string }): Promise<void> {
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password", { exact: true }).fill(password);
  await page.keyboard.press("Enter");
}

/** Makes a user with a password, by a link as an administrator hands it over. */
async function join(admin: Visit, person: Person): Promise<void> {
  const answer = await at.api<unknown>(admin, "POST", "/api/v1/users", { name: person.name, email: person.email, role: "salesRep" });
  const visit = await at.visit();
  await visit.page.goto(linkIn(answer));
  await visit.page.getByLabel("Password", { exact: true }).fill(person.password);
  await visit.page.keyboard.press("Enter");
  await heading(visit.page, "My day");
  await visit.context.close();
}

function linkIn(answer: unknown): string {
  const url = /https?:\/\/[^"]+token=[^"]+/.exec(JSON.stringify(answer))?.[0];
  if (url === undefined) throw new Error(`No link in ${JSON.stringify(answer)}`);
  return url;
}

describe("through another house", () => {
  test("an administrator sets it up, is told where a wrong address is wrong, and what was kept stands there again without the secret", async () => {
    const { page, context, complaints } = await at.visit({ storageState: state });
    await page.goto("/settings/sso");
    await page.getByLabel("Issuer").fill(`${provider.issuer}/elsewhere`);
    await page.getByLabel("Client id").fill("baton");
    await page.getByLabel("Client secret").fill(SECRET);
    await page.getByLabel("On the button").fill("Sign in with Nordlicht ID");
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.locator("[aria-invalid=true]").waitFor();
    expect(await page.getByLabel("Issuer").getAttribute("aria-invalid")).toBe("true");
    await page.getByLabel("Issuer").fill(provider.issuer);
    await page.getByRole("button", { name: "Switch on" }).click();
    await page.getByText(/Single sign-on is set/).waitFor();
    await page.reload();
    await page.getByText("Set: the sign-in page offers “Sign in with Nordlicht ID”.").waitFor();
    expect(await page.getByLabel("Client secret").inputValue()).toBe("");
    expect(await page.getByLabel("Client secret").getAttribute("placeholder")).toMatch(/Kept/);
    expect(await page.content()).not.toContain(SECRET);
    expect(await seriousFindings(page)).toEqual([]);
    expect(complaints).toEqual([]);
    await context.close();
  });

  test("one press brings who is known there to the page he came for", async () => {
    who = "anna";
    const { page, context, complaints } = await at.visit();
    await page.goto("/settings/teams");
    await heading(page, "Sign in");
    await page.getByRole("button", { name: "Sign in with Nordlicht ID" }).click();
    await heading(page, "Teams");
    expect(new URL(page.url()).pathname).toBe("/settings/teams");
    await page.goto("/settings/security");
    await page
      .getByText(/by single sign-on/)
      .first()
      .waitFor();
    expect(complaints).toEqual([]);
    await context.close();
  });

  test.each([
    { who: "sam", says: /Nobody of this workspace has that address/ },
    { who: null, says: /Signing in there did not work/ },
  ])("who is refused ($who) is told why, and comes with his password to the page he wanted", async ({ who: person, says }) => {
    who = person;
    const { page, context, complaints } = await at.visit({ viewport: { width: 390, height: 844 }, colorScheme: "dark" });
    await page.goto("/companies?q=nord");
    await page.getByRole("button", { name: "Sign in with Nordlicht ID" }).click();
    await page.getByRole("alert").filter({ hasText: says }).waitFor();
    expect(await seriousFindings(page)).toEqual([]);
    await typeIn(page, ADMIN);
    await heading(page, "Companies");
    expect(new URL(page.url()).search).toBe("?q=nord");
    expect(complaints).toEqual([]);
    await context.close();
  });
});

describe("a second factor", () => {
  test("is set up, its recovery codes are shown once and copied, and each is good once", async () => {
    const admin = await at.visit({ storageState: state });
    await join(admin, REP);
    await admin.context.close();
    const { page, context, complaints } = await at.visit({ permissions: ["clipboard-read", "clipboard-write"] });
    await page.goto("/sign-in?back=/settings/security");
    await typeIn(page, REP);
    await page.getByRole("button", { name: "Set up" }).click();
    const dialog = page.getByRole("dialog", { name: "Set up a second factor" });
    await dialog.getByLabel("Your password").fill(REP.password);
    await page.keyboard.press("Enter");
    const secret = ((await dialog.getByRole("code").textContent()) ?? "").replaceAll(" ", "");
    expect(await seriousFindings(page)).toEqual([]);
    await dialog.getByLabel("Code").fill(new TOTP({ secret }).generate());
    await page.keyboard.press("Enter");
    const shown = page.getByRole("dialog", { name: "Recovery codes" });
    await shown.getByRole("listitem").first().waitFor();
    const codes = await shown.getByRole("listitem").allTextContents();
    expect(codes.length).toBeGreaterThanOrEqual(8);
    expect(await seriousFindings(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await shown.getByRole("button", { name: "Copy" }).click();
    await page.getByText("Codes copied").waitFor();
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(codes.join("\n"));
    await shown.getByRole("button", { name: "I have kept them" }).click();
    await shown.waitFor({ state: "hidden" });
    await page.getByText("It is on.").waitFor();
    await page.reload();
    await page.getByText("It is on.").waitFor();
    for (const code of codes) expect(await page.content()).not.toContain(code);
    await context.close();

    const [first = "", second = ""] = codes;
    for (const { code, works } of [
      { code: first, works: true },
      { code: first, works: false },
      { code: ` ${second.toLowerCase()} `, works: true },
    ]) {
      const again = await at.visit();
      await again.page.goto("/sign-in");
      await typeIn(again.page, REP);
      await again.page.getByLabel("Code").fill(code);
      await again.page.keyboard.press("Enter");
      if (works) await heading(again.page, "My day");
      else await again.page.locator("[aria-invalid=true], [role=alert]").first().waitFor();
      await again.context.close();
    }
    expect(complaints).toEqual([]);
  });

  test("a workspace that requires one shows nothing else until it is there", async () => {
    const admin = await at.visit({ storageState: state });
    const person: Person = { name: "Eva Sund", email: "eva@nordlicht.example", password: "eva has a long password too" };
    await join(admin, person);
    // Whoever requires it has one himself.
    await admin.page.goto("/settings/security");
    await admin.page.getByRole("button", { name: "Set up" }).click();
    const dialog = admin.page.getByRole("dialog", { name: "Set up a second factor" });
    await dialog.getByLabel("Your password").fill(ADMIN.password);
    await admin.page.keyboard.press("Enter");
    const secret = ((await dialog.getByRole("code").textContent()) ?? "").replaceAll(" ", "");
    await dialog.getByLabel("Code").fill(new TOTP({ secret }).generate());
    await admin.page.keyboard.press("Enter");
    await admin.page.getByRole("button", { name: "I have kept them" }).click();
    await admin.page.goto("/settings/workspace");
    await admin.page.getByRole("switch", { name: "Second factor required" }).click({ force: true });
    await admin.page.getByRole("switch", { name: "Second factor required", checked: true }).waitFor();

    const { page, context, complaints } = await at.visit({ viewport: { width: 390, height: 844 } });
    await page.goto("/sign-in?back=/pipeline");
    await typeIn(page, person);
    await heading(page, "Set up a second factor");
    expect(await page.getByRole("navigation").count(), "nothing of the house shows").toBe(0);
    expect(await seriousFindings(page)).toEqual([]);
    const refused = await context.request.get(`${at.url}/api/v1/leads`);
    expect(refused.status()).toBe(403);
    await page.getByLabel("Your password").fill(person.password);
    await page.keyboard.press("Enter");
    const own = ((await page.getByRole("code").textContent()) ?? "").replaceAll(" ", "");
    expect(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth), "nothing is wider than a phone").toBe(true);
    await page.getByLabel("Code").fill(new TOTP({ secret: own }).generate());
    await page.keyboard.press("Enter");
    await heading(page, "Recovery codes");
    await page.getByRole("button", { name: "I have kept them" }).click();
    await heading(page, "Pipeline");
    expect(complaints).toEqual([]);
    await context.close();
    await admin.context.close();
  });
});

test("whoever works in two workspaces chooses one after the password, by one press", async () => {
  const person = { email: "kim@nordlicht.example", password: "kim works in two companies" } as const;
  for (const name of ["Westwind AB", "Zephyr Oy"])
    await ask({ dataDir: at.dataDir, port: 0 }, "setup", "--workspace", name, "--email", person.email, "--password", person.password);
  const { page, context, complaints } = await at.visit();
  await page.goto("/sign-in?back=/companies");
  await typeIn(page, person);
  await page.getByText("This address works in several workspaces. Which one?").waitFor();
  expect(await seriousFindings(page)).toEqual([]);
  expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Westwind AB");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await heading(page, "Companies");
  await page.getByRole("link", { name: "Baton, Zephyr Oy" }).waitFor();
  expect(complaints).toEqual([]);
  await context.close();
});
