/**
 * Whole pages in one answer: style and script stand inside and are allowed by their hash, so a page works offline and no
 * other script can run in it.
 */
import { hash } from "node:crypto";

export type Page = { readonly html: string; readonly headers: Readonly<Record<string, string>> };

/** `body` is HTML, already escaped where it holds values. */
export function page({
  title,
  style,
  body,
  script = "",
}: {
  readonly title: string;
  readonly style: string;
  readonly body: string;
  readonly script?: string;
}): Page {
  const html = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${escapeHtml(title)}</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body>
${body}
${script === "" ? "" : `<script>${script}</script>`}
</body>
</html>
`;
  const policy = [
    "default-src 'none'",
    `style-src '${sha256(style)}'`,
    script === "" ? "" : `script-src '${sha256(script)}'`,
    "connect-src 'self'",
    "img-src data:",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  return {
    html,
    headers: {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": policy.filter((part) => part !== "").join("; "),
      "x-content-type-options": "nosniff",
      "referrer-policy": "no-referrer",
      "cross-origin-opener-policy": "same-origin",
      "cache-control": "no-cache",
    },
  };
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

function sha256(text: string): string {
  return `sha256-${hash("sha256", text, "base64")}`;
}

/** The colours and type that all pages share, light and dark. */
export const TOKENS = `
:root { color-scheme: light; --ink: #16181d; --ink-2: #4b515c; --ink-3: #6b727e; --line: #e6e8ec; --line-2: #f0f1f4; --paper: #ffffff; --paper-2: #f8f9fa; --hover: #f3f5f6; --accent: #0f766e; --accent-ink: #ffffff; --accent-soft: #d9f0ec; --focus: #14b8a6; --late: #b42318; --get: #2563a8; --write: #0f766e; --delete: #b42318; --mono: ui-monospace, "SF Mono", "Cascadia Code", Menlo, Consolas, monospace }
@media (prefers-color-scheme: dark) { :root { color-scheme: dark; --ink: #e9ebee; --ink-2: #b0b6c0; --ink-3: #8f96a2; --line: #2a2e35; --line-2: #22262c; --paper: #16181c; --paper-2: #1b1e23; --hover: #20242a; --accent: #2bb3a5; --accent-ink: #04201c; --accent-soft: #12332f; --focus: #2dd4bf; --late: #f97066; --get: #6aa9ea; --write: #2bb3a5; --delete: #f97066 } }
* { box-sizing: border-box; margin: 0 }
body { font: 400 14px/20px Inter, "Inter Variable", system-ui, sans-serif; font-feature-settings: "tnum"; color: var(--ink); background: var(--paper); -webkit-font-smoothing: antialiased }
a { color: var(--accent) } :focus-visible { outline: 2px solid var(--focus); outline-offset: 1px }
code, pre { font: 400 12px/18px var(--mono) }
`;
