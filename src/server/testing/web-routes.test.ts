/** The web app's table of operations. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { ENDPOINTS } from "../../contracts/endpoints.ts";
import { WEB_ROUTES_FILE, webRoutesText } from "./web-routes-file.ts";

test("the table is the one the contracts give (otherwise: npm run openapi)", async () => {
  expect(readFileSync(WEB_ROUTES_FILE, "utf8")).toBe(await webRoutesText());
});

test("every operation of the API stands in it, with its method and path", async () => {
  const table = await webRoutesText();
  const missing = ENDPOINTS.filter(({ path }) => path.startsWith("/api/")).filter(
    ({ id, method, path }) => !table.includes(`  ${id}: ["${method}", "${path}"],`),
  );
  expect(missing.map(({ id }) => id)).toEqual([]);
});
