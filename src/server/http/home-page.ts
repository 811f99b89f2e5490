/** The front door when the screens could not be built: what is running, and where to read on. Nothing personal is on it. */
import { escapeHtml, type Page, page, TOKENS } from "./page.ts";

export type Running = {
  readonly version: string;
  readonly commit: string | null;
  readonly databaseKind: "embedded" | "server";
  readonly workspaces: number | null;
};

const STYLE = `${TOKENS}
body { display: grid; min-height: 100vh; place-items: center; padding: 24px }
main { width: min(560px, 100%) }
h1 { font: 600 28px/36px inherit; font-family: inherit; display: flex; gap: 12px; align-items: center; letter-spacing: -.01em }
h1 svg { color: var(--accent) }
.lead { color: var(--ink-2); margin: 8px 0 24px }
dl { display: grid; grid-template-columns: 160px 1fr; border-top: 1px solid var(--line) }
dt, dd { padding: 8px 0; border-bottom: 1px solid var(--line-2) } dt { color: var(--ink-3) } dd { font-weight: 500 }
nav { display: flex; flex-wrap: wrap; gap: 8px; margin-top: 24px }
nav a { padding: 6px 12px; border: 1px solid var(--line); border-radius: 6px; color: var(--ink); text-decoration: none; font-weight: 500; font-size: 13px } nav a:hover { background: var(--hover) }
nav a.first { background: var(--accent); border-color: var(--accent); color: var(--accent-ink) }
pre { background: var(--paper-2); border: 1px solid var(--line); border-radius: 6px; padding: 10px 12px; margin-top: 8px; overflow-x: auto }
.how { margin-top: 24px; color: var(--ink-2) }
`;

export function homePage({ version, commit, databaseKind, workspaces }: Running): Page {
  const rows: readonly (readonly [string, string])[] = [
    ["Version", commit === null ? version : `${version} (${commit.slice(0, 12)})`],
    ["Database", databaseKind === "embedded" ? "PostgreSQL, embedded" : "PostgreSQL server"],
    ["Workspaces", workspaces === null ? "the database does not answer just now" : String(workspaces)],
  ];
  const first =
    workspaces === 0
      ? `<div class="how">No workspace yet. Set one up on this machine:<pre>npm run baton -- setup --workspace NAME --email E --password P</pre></div>`
      : "";
  const body = `<main>
<h1><svg width="28" height="28" viewBox="0 0 28 28" aria-hidden="true"><rect x="3" y="11" width="22" height="6" rx="3" transform="rotate(-35 14 14)" fill="currentColor"/></svg>Baton</h1>
<p class="lead">Lead management is running here. The screens could not be built on this machine: npm start says why. The API works without them.</p>
<dl>${rows.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join("")}</dl>
<nav><a class="first" href="/docs">API reference</a><a href="/openapi.json">OpenAPI</a><a href="/healthz">Health</a><a href="/readyz">Readiness</a><a href="/metrics">Metrics</a></nav>
${first}
</main>`;
  return page({ title: "Baton", style: STYLE, body });
}
