/**
 * A payload in every text, and every screen and dialog opened on it by an administrator and by a rep: nothing runs, nothing
 * becomes an element, nothing is refused by the policy because nothing asks, and no link is a script. Then what leaves the
 * house by other ways: the form's page, files, calendars, mail.
 */
import type { Page } from "playwright-core";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { type Hostile, makeHostile, PAYLOADS, plain, REP } from "./hostile.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

vi.setConfig({ testTimeout: 600_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;
let made: Hostile;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
  const admin = await at.visit({ storageState: state });
  made = await makeHostile(at, admin);
  await admin.context.close();
}, 180_000);
afterAll(() => at.close());

/** What runs in a page is counted; so is what its policy refuses, which would have run without it. */
async function trapped(visit: Visit): Promise<Visit> {
  await visit.context.addInitScript(() => {
    const fired: string[] = [];
    Object.assign(globalThis, { fired, fire: () => fired.push("payload") });
    addEventListener("securitypolicyviolation", ({ violatedDirective, sample }) => fired.push(`policy: ${violatedDirective} ${sample}`));
  });
  visit.page.on("console", (message) => {
    if (message.type() === "error" && !/Failed to load resource/.test(message.text())) visit.complaints.push(`console: ${message.text().slice(0, 500)}`);
  });
  visit.page.on("filechooser", () => undefined);
  return visit;
}

/** What of an attack stands in the page, in words. */
function caught(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const { fired } = globalThis as unknown as { readonly fired: string[] };
    const marks = [
      ...document.querySelectorAll("[data-fired], x-fired, base[href*=evil], [onerror], [onload], [onclick], [onfocus], [onmouseover], [ontoggle]"),
    ];
    const links = [...document.querySelectorAll("a, area, form, iframe, button")].flatMap((element) =>
      ["href", "action", "src", "formaction"]
        .map((name) => element.getAttribute(name) ?? "")
        .filter((address) => /^[\s\p{Cc}]*(?:j\s*a\s*v\s*a|vb)\s*script:|^[\s\p{Cc}]*data:text\/html/iu.test(address)),
    );
    return [...fired.splice(0), ...marks.map(({ outerHTML }) => `element: ${outerHTML.slice(0, 200)}`), ...links.map((address) => `link: ${address}`)];
  });
}

/** How many buttons of a screen are pressed. */
const BUTTONS = Number(process.env["BATON_ATTACK_BUTTONS"] ?? 5);

/** Would end the session or leave the page. */
const LEAVES = /sign out|end (?:all|it|session)|download|print|deactivate|publish|switch off|sign-out|delete|remove|discard/i;

/** Opens a screen, and whatever its buttons open, one after the other. */
async function lookAround({ page, complaints }: Visit, path: string, most: number): Promise<number> {
  const where = (what: string, words: string): string => `${path}${what === "" ? "" : ` › ${what.slice(0, 60)}`}: ${words}`;
  const look = async (what: string): Promise<void> => {
    for (const words of await caught(page)) complaints.push(where(what, words));
  };
  const open = async (): Promise<void> => {
    await page.goto(path);
    await page
      .locator("main, h1, h2")
      .first()
      .waitFor({ timeout: 15_000 })
      .catch(async () => complaints.push(where("", `nothing is shown: ${(await page.locator("body").textContent()) ?? ""}`)));
    await page.waitForTimeout(500);
  };
  const before = complaints.length;
  await open();
  await look("");
  const buttons = page.locator("main button:visible:enabled, header button:visible:enabled");
  const seen = new Set<string>();
  let opened = 0;
  for (let i = 0; i < most; i++) {
    if (i >= (await buttons.count())) break;
    const button = buttons.nth(i);
    const name = (
      (await button.getAttribute("aria-label", { timeout: 1000 }).catch(() => null)) ??
      (await button.textContent({ timeout: 1000 }).catch(() => "")) ??
      ""
    ).trim();
    if (LEAVES.test(name) || seen.has(name)) continue;
    seen.add(name);
    const address = page.url();
    await button.click({ timeout: 1500 }).catch(() => undefined);
    await page.waitForTimeout(120);
    opened++;
    await look(name);
    if (page.url() === address) {
      await page.keyboard.press("Escape");
      if ((await page.locator("[role=dialog]:visible").count()) > 0) await open();
    } else await open();
  }
  // What the page said by itself, too, with the place.
  for (const i of complaints.keys()) if (i >= before && !(complaints[i] ?? "").startsWith(path)) complaints[i] = where("", complaints[i] ?? "");
  return opened;
}

const SECTIONS =
  "profile security notifications signature workspace users teams api-keys sso stages scoring routing process fields mail templates outbox audit about".split(
    " ",
  );

function screens(): readonly string[] {
  const evil = encodeURIComponent(PAYLOADS[1] as string);
  const odd = [
    PAYLOADS[0],
    7,
    [],
    {},
    { and: "x" },
    { field: "lastName", op: "constructor", value: {} },
    { field: "createdAt", op: "lt", value: "soon" },
    { field: "touches.pageView", op: "gt", value: "x" },
  ];
  const filter = encodeURIComponent(JSON.stringify({ field: "lastName", op: "contains", value: PAYLOADS[0] }));
  return [
    "/my-day", "/leads", `/leads?filter=${filter}&sort=-score`, ...made.leads.map((id) => `/leads/${id}`), `/leads/${made.leads[0]}?show=${evil}`, "/companies", `/companies?q=${evil}`, `/companies/${made.company}`,
    "/pipeline", `/pipeline?q=${evil}`, `/pipeline/${made.opportunity}`, "/customers", "/reports", `/reports?by=source&filter=${evil}`, "/forms", `/forms/${made.form}`,
    "/import", ...made.imports.map((id) => `/import/${id}`), "/held", `/held?at=${made.held}`, "/bin", "/settings", ...SECTIONS.map((section) => `/settings/${section}`),
    ...odd.flatMap((tree) => ["/leads", "/reports"].map((path) => `${path}?filter=${encodeURIComponent(JSON.stringify(tree))}&sort=${evil}&by=${evil}&columns=${evil}&behind=${evil}`)),
    `/pipeline?owner=7&stage=${evil}&view=${evil}`, `/held?is=${evil}&at=${evil}`, `/my-day?at=${evil}&of=${evil}`,
    `/settings/audit?actor=${evil}`, `/nothing/${evil}`, `/leads/${evil}`,
  ]; // prettier-ignore
}

test("there are many payloads, and the traps catch what they do where they are more than text", async () => {
  expect(new Set(PAYLOADS).size).toBeGreaterThanOrEqual(40);
  const { page, context } = await trapped(await at.visit());
  const quiet: string[] = [];
  for (const payload of PAYLOADS) {
    const body = `<title>x</title><main><p>${payload}</p><input value="${payload}"><i title='${payload}'></i><a href="${payload}">x</a></main>`;
    await page.route("**/careless", (route) => route.fulfill({ contentType: "text/html", body }));
    await page.goto("/careless").catch(() => undefined);
    if ((await caught(page).catch(() => ["went away"])).length === 0) quiet.push(payload);
    await page.unroute("**/careless");
  }
  // The others are for template languages, decoders and addresses, which a careless page alone is not.
  expect(PAYLOADS.length - quiet.length, quiet.join("\n")).toBeGreaterThanOrEqual(40);
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").waitFor();
  await page.evaluate(() => document.body.append(Object.assign(document.createElement("a"), { href: "javascript:fire(1)" })));
  await page.evaluate(() => document.querySelector("a[href^=javascript]")?.dispatchEvent(new MouseEvent("click", { bubbles: true })));
  await page.waitForTimeout(300);
  expect(await caught(page)).toEqual([expect.stringMatching(/^policy: script-src/), "link: javascript:fire(1)"]);
  await context.close();
});

test("no screen and no dialog runs any of it for an administrator", async () => {
  const visit = await trapped(await at.visit({ storageState: state, colorScheme: "light" }));
  let opened = 0;
  for (const path of screens()) opened += await lookAround(visit, path, path.includes("?") ? 1 : BUTTONS);
  expect(visit.complaints).toEqual([]);
  expect(opened).toBeGreaterThan(100);
  await visit.context.close();
});

test("nor for a sales rep, to whom the leads belong", async () => {
  const signing = await at.visit();
  await at.api(signing, "POST", "/api/v1/session", REP);
  const visit = await trapped(await at.visit({ storageState: await signing.context.storageState(), colorScheme: "light" }));
  for (const path of screens()) await lookAround(visit, path, path.includes("?") ? 0 : 2);
  expect(visit.complaints).toEqual([]);
  await Promise.all([visit.context.close(), signing.context.close()]);
});

test("nor does any door: links, sign-in and its way back", async () => {
  const visit = await trapped(await at.visit());
  const evil = encodeURIComponent(PAYLOADS[1] as string);
  for (const path of [
    `/sign-in?problem=${evil}`,
    `/sign-in?back=${encodeURIComponent("javascript:fire(1)")}`,
    `/invitation?token=${evil}`,
    `/reset?token=${evil}`,
    `/setup?token=${evil}`,
  ])
    await lookAround(visit, path, 3);
  expect(visit.complaints).toEqual([]);
  for (const back of ["javascript:fire(1)", "//evil.example/", "/\\evil.example/", "/\t/evil.example/", "https://evil.example/", "\u0001//evil.example"]) {
    const door = await trapped(await at.visit());
    await door.page.goto(`/sign-in?back=${encodeURIComponent(back)}`);
    await door.page.getByLabel("E-mail").fill(REP.email);
    await door.page.getByLabel("Password", { exact: true }).fill(REP.password);
    await door.page.keyboard.press("Enter");
    // Screens of the house have a navigation; the doors have none. A lead or none may be there by now.
    await door.page
      .getByRole("navigation")
      .first()
      .waitFor()
      .catch(async () => door.complaints.push(`stays outside: ${(await door.page.locator("body").textContent()) ?? ""}`));
    expect([back, new URL(door.page.url()).origin, door.complaints, await caught(door.page)]).toEqual([back, at.url, [], []]);
    await door.context.close();
  }
  await visit.context.close();
});

test("nor does the form's own page, before or after it is sent, though strangers open it", async () => {
  const visit = await trapped(await at.visit());
  const { page, complaints } = visit;
  const evil = PAYLOADS.slice(0, 8).map(
    (text, i) => `${["utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content", "referrer", "page", "x"][i]}=${encodeURIComponent(text)}`,
  );
  await page.goto(`/f/${made.formKey}?${evil.join("&")}`);
  for (const field of await page.locator("input[type=text], textarea").all()) if (await field.isVisible()) await field.fill(PAYLOADS[3] as string);
  await page.locator("button").click();
  await page.getByRole("alert").waitFor();
  expect(await caught(page)).toEqual([]);
  await page.locator("input[type=email]").fill("once@example.org");
  await page.waitForTimeout(3000);
  await page.locator("button").click();
  await page.locator("form").waitFor({ state: "detached" });
  expect([await caught(page), complaints]).toEqual([[], []]);
  await visit.context.close();
});

test("what is downloaded is a file and no page, and nothing in it is a formula or another line", async () => {
  const { context } = await at.visit({ storageState: state });
  const errors = await context.request.get(`${at.url}/api/v1/imports/${made.imports[1]}/errors`);
  expect(errors.headers()).toMatchObject({
    "x-content-type-options": "nosniff",
    "content-disposition": expect.stringMatching(/^attachment; ?filename[*=]/) as unknown,
  });
  expect(errors.headers()["content-type"]).toMatch(/^text\/csv/);
  const text = await errors.text();
  expect(text).toContain("calc");
  expect(text).not.toMatch(/(?:^|[,\r\n])"?[=+@\t-]/);

  for (const path of [`opportunities/${made.opportunity}`, `tasks/${made.task}`]) {
    const answer = await context.request.get(`${at.url}/api/v1/${path}/meeting.ics`);
    expect(answer.headers()).toMatchObject({ "x-content-type-options": "nosniff", "content-disposition": expect.stringContaining("attachment") as unknown });
    const lines = (await answer.text()).split("\r\n");
    // Folded lines go on with a space; whatever a text brought along stands within its own property.
    expect(lines.filter((line) => !/^(?:[A-Z-]+[;:]| |$)/.test(line))).toEqual([]);
    expect(lines.filter((line) => line.startsWith("BEGIN:"))).toEqual([...new Set(lines.filter((line) => line.startsWith("BEGIN:")))]);
  }
  await context.close();
});

test("mail made of it holds no script, no handler and no address that is one", async () => {
  const visit = await trapped(await at.visit({ storageState: state }));
  const body = plain(PAYLOADS.join("\n\n"));
  const { html, subject } = await at.api<{ readonly html: string; readonly subject: string }>(visit, "POST", `/api/v1/leads/${made.leads[1]}/mail/preview`, {
    subject: "{{ lead.firstName }} {{ lead.company }}",
    body: `{{ lead.lastName }} {{ lead.jobTitle }} {{ workspace.name }}\n\n${body}`,
  });
  expect(subject).not.toMatch(/[\r\n]/);
  // As the worst of readers would show it: without any policy.
  const bare = await trapped(await at.visit());
  await bare.page.route("**/mail-reader", (route) => route.fulfill({ contentType: "text/html", body: html }));
  await bare.page.goto("/mail-reader");
  await bare.page.waitForTimeout(500);
  expect([await caught(bare.page), bare.complaints]).toEqual([[], []]);
  await Promise.all([visit.context.close(), bare.context.close()]);
});
