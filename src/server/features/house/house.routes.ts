/** The house's own pages. */
import * as contracts from "../../../contracts/house.ts";
import { openApi } from "../../../contracts/openapi.ts";
import type { House } from "../../deps.ts";
import { docsPage } from "../../http/docs-page.ts";
import { homePage } from "../../http/home-page.ts";
import { type Mounted, openRoute } from "../../http/route.ts";
import type { WebApp } from "../../http/web-app.ts";
import { checkReady, countWorkspacesOf } from "./house.service.ts";

export type About = {
  readonly version: string;
  readonly commit: string | null;
  readonly databaseKind: "embedded" | "server";
  /** The number of the last migration this Baton knows. */
  readonly newestMigration: number;
  /** The screens, when they were built. */
  readonly web?: WebApp | null;
};

export function mountHouse(mounted: Mounted, house: House, about: About): void {
  const { version, commit } = about;
  const document = openApi(version) as { readonly openapi: string };
  const docs = docsPage();
  openRoute(mounted, contracts.healthz, async () => ({ status: 200, body: { status: "ok", version, commit } as const }));
  openRoute(mounted, contracts.readyz, async () => {
    await checkReady(house, about.newestMigration);
    return { status: 200, body: { status: "ready", database: "ok", migrations: "current" } as const };
  });
  openRoute(mounted, contracts.metrics, async () => ({
    status: 200,
    body: await mounted.metrics.text(),
    headers: { "content-type": "text/plain; version=0.0.4; charset=utf-8" },
  }));
  openRoute(mounted, contracts.openapi, async () => ({ status: 200, body: document }));
  openRoute(mounted, contracts.docs, async () => ({ status: 200, body: docs.html, headers: docs.headers }));
  openRoute(mounted, contracts.home, async () => {
    const screens = about.web?.page();
    if (screens !== undefined) return { status: 200, body: screens.html, headers: screens.headers };
    const { html, headers } = homePage({ ...about, workspaces: await countWorkspacesOf(house) });
    return { status: 200, body: html, headers };
  });
}
