/**
 * The simple markup of mail bodies, read once and written as HTML and as plain text: paragraphs, `# ` headings, `- ` lists,
 * `**bold**`, `*italic*`, `[words](https://…)` and bare addresses. A backslash makes the character after it plain, which is
 * how values of merge fields are kept from being read as markup. Nothing else becomes HTML, so there is nothing to sanitise.
 *
 * Reading takes time in proportion to the text, whatever it holds.
 */
export type Inline =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "break" }
  | { readonly kind: "strong" | "em"; readonly parts: readonly Inline[] }
  | { readonly kind: "link"; readonly url: string; readonly parts: readonly Inline[] };

export type Block =
  | { readonly kind: "paragraph" | "heading"; readonly parts: readonly Inline[] }
  | { readonly kind: "list"; readonly items: readonly (readonly Inline[])[] };

export function readMarkup(text: string): readonly Block[] {
  return text
    .replaceAll(/\r\n?/g, "\n")
    .split(/\n[ \t]*\n/)
    .flatMap(blocksOf);
}

/** Makes a value plain: nothing in it is read as markup, and its lines stay lines of one paragraph. */
export function plain(value: string): string {
  return value.replaceAll(/\r\n?/g, "\n").replaceAll(/[\\`*_[\]()<>#:/&\n-]/g, (char) => `\\${char}`);
}

function blocksOf(chunk: string): readonly Block[] {
  const lines = chunk.replace(/^\n+|\n+$/g, "");
  if (lines.trim() === "") return [];
  const heading = /^#{1,3} (.*)$/.exec(lines);
  if (heading !== null) return [{ kind: "heading", parts: inline(heading[1] as string) }];
  const blocks: Block[] = [];
  let said: string[] = [];
  let items: string[] = [];
  const flush = (): void => {
    if (said.length > 0) blocks.push({ kind: "paragraph", parts: inline(said.join("\n")) });
    if (items.length > 0) blocks.push({ kind: "list", items: items.map((item) => inline(item)) });
    said = [];
    items = [];
  };
  for (const line of splitLines(lines)) {
    const item = /^[ \t]*[-*] ([^]*)$/.exec(line);
    if (item !== null) {
      if (said.length > 0) flush();
      items.push(item[1] as string);
    } else {
      if (items.length > 0) flush();
      said.push(line);
    }
  }
  flush();
  return blocks;
}

/** Lines; one that ends in a backslash goes on in the next. */
function splitLines(text: string): readonly string[] {
  const lines: string[] = [];
  let open = false;
  for (const line of text.split("\n")) {
    if (open) lines[lines.length - 1] += `\n${line}`;
    else lines.push(line);
    open = (/\\+$/.exec(line)?.[0].length ?? 0) % 2 === 1;
  }
  return lines;
}

const MOST_DEPTH = 4;
const MOST_LABEL = 1000;
const MOST_URL = 2000;

function inline(source: string, depth = 0): readonly Inline[] {
  const parts: Inline[] = [];
  let text = "";
  const say = (part: Inline): void => {
    if (text !== "") parts.push({ kind: "text", text });
    text = "";
    parts.push(part);
  };
  const missing = new Set<string>();
  const closing = (mark: string, from: number): number => {
    if (missing.has(mark) || depth >= MOST_DEPTH) return -1;
    const end = findPlain(source, mark, from);
    if (end < 0) missing.add(mark);
    return end;
  };
  for (let i = 0; i < source.length;) {
    const char = source[i] as string;
    const next = source[i + 1];
    if (char === "\\" && next !== undefined && /[!-/:-@[-`{-~\n]/.test(next)) {
      if (next === "\n") say({ kind: "break" });
      else text += next;
      i += 2;
      continue;
    }
    if (char === "\n") {
      say({ kind: "break" });
      i++;
      continue;
    }
    if (char === "*" && next !== undefined && !/\s/.test(next)) {
      const mark = next === "*" ? "**" : "*";
      const end = closing(mark, i + mark.length);
      if (end > i + mark.length) {
        say({ kind: mark === "**" ? "strong" : "em", parts: inline(source.slice(i + mark.length, end), depth + 1) });
        i = end + mark.length;
        continue;
      }
    }
    const link = char === "[" ? labelledLink(source, i, depth) : /[hH]/.test(char) && !/\w/.test(source[i - 1] ?? " ") ? bareLink(source, i) : null;
    if (link !== null) {
      say(link.part);
      i = link.end;
      continue;
    }
    text += char;
    i++;
  }
  if (text !== "") parts.push({ kind: "text", text });
  return parts;
}

/** Where `mark` stands unescaped at or after `from`; −1 if nowhere. */
function findPlain(source: string, mark: string, from: number, most = source.length): number {
  const end = Math.min(source.length, from + most);
  for (let i = from; i < end; i++) {
    if (source[i] === "\\") i++;
    else if (source.startsWith(mark, i)) return i;
  }
  return -1;
}

type Found = { readonly part: Inline; readonly end: number };

function labelledLink(source: string, start: number, depth: number): Found | null {
  const label = findPlain(source, "]", start + 1, MOST_LABEL);
  if (label < 0 || source[label + 1] !== "(" || depth >= MOST_DEPTH) return null;
  const end = findPlain(source, ")", label + 2, MOST_URL);
  if (end < 0) return null;
  const parts = inline(source.slice(start + 1, label), MOST_DEPTH);
  const url = source
    .slice(label + 2, end)
    .replaceAll(/\\([^])/g, "$1")
    .trim();
  return { part: isSafeUrl(url) ? { kind: "link", url, parts } : { kind: "text", text: `${textOf(parts)} (${url})` }, end: end + 1 };
}

function bareLink(source: string, start: number): Found | null {
  const found = /^https?:\/\/[^\s<>"'\\)\]*]{1,1900}/i.exec(source.slice(start, start + MOST_URL))?.[0].replace(/[.,;:!?]+$/, "");
  if (found === undefined || !isSafeUrl(found)) return null;
  return { part: { kind: "link", url: found, parts: [{ kind: "text", text: found }] }, end: start + found.length };
}

/** Web addresses and mail addresses only: nothing that runs. */
export function isSafeUrl(url: string): boolean {
  return /^(?:https?:\/\/[^/\s?#]|mailto:[^\s@]+@)[^\s<>"'`\\\p{Cc}]*$/iu.test(url);
}

export function textOf(parts: readonly Inline[]): string {
  return parts.map((part) => (part.kind === "text" ? part.text : part.kind === "break" ? "\n" : textOf(part.parts))).join("");
}

/** The links that can be followed, in the order in which they stand in the HTML. */
export function linksOf(blocks: readonly Block[]): readonly string[] {
  const of = (parts: readonly Inline[]): readonly string[] =>
    parts.flatMap((part) => (part.kind === "link" ? [part.url] : part.kind === "strong" || part.kind === "em" ? of(part.parts) : []));
  return blocks.flatMap((block) => (block.kind === "list" ? block.items.flatMap(of) : of(block.parts)));
}

export function toHtml(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "list") return `<ul style="margin:0 0 16px;padding-left:24px">${block.items.map((item) => `<li>${htmlOf(item)}</li>`).join("")}</ul>`;
      if (block.kind === "heading") return `<h2 style="margin:24px 0 8px;font-size:18px;line-height:24px">${htmlOf(block.parts)}</h2>`;
      return `<p style="margin:0 0 16px">${htmlOf(block.parts)}</p>`;
    })
    .join("\n");
}

function htmlOf(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      switch (part.kind) {
        case "text":
          return escapeHtml(part.text);
        case "break":
          return "<br>";
        case "link":
          return `<a href="${escapeHtml(part.url)}" style="color:#0f766e">${htmlOf(part.parts)}</a>`;
        default:
          return `<${part.kind}>${htmlOf(part.parts)}</${part.kind}>`;
      }
    })
    .join("");
}

export function toText(blocks: readonly Block[]): string {
  return blocks
    .map((block) => {
      if (block.kind === "list") return block.items.map((item) => `- ${plainOf(item)}`).join("\n");
      return plainOf(block.parts);
    })
    .join("\n\n");
}

function plainOf(parts: readonly Inline[]): string {
  return parts
    .map((part) => {
      if (part.kind === "text") return part.text;
      if (part.kind === "break") return "\n";
      const said = plainOf(part.parts);
      return part.kind === "link" && said !== part.url ? `${said} (${part.url.replace(/^mailto:/i, "")})` : said;
    })
    .join("");
}

/** A whole message around the written blocks. */
export function htmlDocument(body: string): string {
  return `<!doctype html>
<html><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark"></head>
<body style="margin:0;padding:24px;font:400 16px/24px system-ui,-apple-system,'Segoe UI',Roboto,sans-serif;max-width:640px">
${body}
</body></html>
`;
}

export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;").replaceAll("'", "&#39;");
}

const LINK = /<a href="(https?:[^"]*)"/gi;

/** The message with each web link led elsewhere and a picture at its end. `linkOf` is told the number of the link among `linksOf`. */
export function trackedHtml(html: string, links: readonly string[], linkOf: (ordinal: number) => string, picture: string): string {
  let next = 0;
  const led = html.replaceAll(LINK, (whole, href: string) => {
    while (next < links.length && escapeHtml(links[next] as string) !== href) next++;
    return next < links.length ? `<a href="${escapeHtml(linkOf(next++))}"` : whole;
  });
  return led.replace(/<\/body>/, `<img src="${escapeHtml(picture)}" width="1" height="1" alt="" style="display:block">\n</body>`);
}
