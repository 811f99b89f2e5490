/** What is wrong for assistive technology on a page, in words a test can show. */
import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";

/** Serious and critical findings of WCAG 2.2 AA, of all its rules or of these only. */
export async function seriousFindings(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // In one page: the default opens a second one each time to put the results of frames of other sites together, and there are none.
  const axe = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ["violations"] });
  const { violations } = await (
    rules === undefined ? axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]) : axe.withRules([...rules])
  ).analyze();
  return violations
    .filter(({ impact }) => impact === "serious" || impact === "critical")
    .map(
      ({ id, help, nodes }) =>
        `${id}: ${help}\n${nodes
          .slice(0, 4)
          .map(({ html, failureSummary }) => `    ${html.slice(0, 200)}\n      ${(failureSummary ?? "").replaceAll("\n", " ").slice(0, 220)}`)
          .join("\n")}`,
    );
}
