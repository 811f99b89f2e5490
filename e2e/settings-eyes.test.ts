/** Settings as everybody sees and hears them: both themes, desktop and phone, with a dialog and a menu open. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { seriousFindings } from "./axe.ts";
import { openRunning, type Running, setUpHouse, type Visit } from "./house.ts";

// A browser, a server and a database share the machine with the other tests.
vi.setConfig({ testTimeout: 180_000 });

let at: Running;
let state: Awaited<ReturnType<typeof setUpHouse>>;

beforeAll(async () => {
  at = await openRunning();
  state = await setUpHouse(at);
}, 120_000);
afterAll(() => at.close());

async function signedIn(options: Parameters<Running["visit"]>[0] = {}): Promise<Visit> {
  return at.visit({ storageState: state, ...options });
}

describe("for everybody's eyes and hands", () => {
  const ALL = ["workspace", "users", "scoring", "routing", "process", "fields", "templates", "outbox", "audit", "security", "notifications"];
  for (const { width, scheme, sections } of [
    { width: 1440, scheme: "light", sections: ALL },
    { width: 1440, scheme: "dark", sections: ["users", "scoring", "mail"] },
    { width: 390, scheme: "light", sections: ["stages", "api-keys", "teams"] },
    { width: 390, scheme: "dark", sections: ALL },
  ] as const)
    test(`nothing serious for assistive technology and nothing wider than the screen: ${width} px, ${scheme}`, async () => {
      const { page, context, complaints } = await signedIn({ viewport: { width, height: 844 }, colorScheme: scheme });
      const found: string[] = [];
      const look = async (where: string): Promise<void> => {
        found.push(...(await seriousFindings(page)).map((one) => `${where}: ${one}`));
        if (await page.evaluate(() => document.documentElement.scrollWidth > innerWidth)) found.push(`${where}: wider than the screen`);
      };
      for (const section of sections) {
        await page.goto(`/settings/${section}`);
        await page.getByRole("heading", { level: 2 }).first().waitFor();
        await page.waitForFunction(() => document.querySelector('[aria-busy="true"]') === null);
        await look(section);
      }
      await page.goto("/settings/scoring");
      await page.getByRole("button", { name: "New rule" }).click();
      await page.getByRole("dialog").waitFor();
      await look("new rule");
      await page.goto("/settings/users");
      await page
        .getByRole("button", { name: /^Actions for/ })
        .first()
        .click();
      await page.getByRole("menuitem", { name: "Change…" }).waitFor();
      await look("menu of a user");
      await page.goto("/settings");
      await look("settings");
      expect(found).toEqual([]);
      expect(complaints).toEqual([]);
      await context.close();
    });
});
