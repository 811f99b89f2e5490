/** The API reference: a page that draws `/openapi.json` in the browser, with nothing from elsewhere. */
import { readFileSync } from "node:fs";
import { type Page, page, TOKENS } from "./page.ts";

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), "utf8");

export function docsPage(): Page {
  const body = `<aside>
<a class="home" href="/"><svg width="18" height="18" viewBox="0 0 28 28" aria-hidden="true"><rect x="2" y="11" width="24" height="6" rx="3" transform="rotate(-35 14 14)" fill="currentColor"/></svg>Baton <span id="version"></span></a>
<label class="filter"><span class="out">Filter operations</span><input id="filter" type="search" placeholder="Filter   /" autocomplete="off" spellcheck="false"></label>
<nav id="nav" aria-label="Operations"></nav>
</aside>
<main id="main"><noscript><p>This page draws the reference with a script. Without one, read <a href="/openapi.json">openapi.json</a>.</p></noscript></main>
<div id="said" class="out" role="status" aria-live="polite"></div>`;
  return page({ title: "Baton API", style: TOKENS + read("./docs-page.css"), body, script: read("./docs-page.js") });
}
