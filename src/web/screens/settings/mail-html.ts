/**
 * Reads the HTML that the house writes for a mail into plain things a screen can draw. Only the handful of elements that mail is
 * written with are known; whatever else there is is left out, so nothing of a mail ever runs or is loaded here.
 */
const ELEMENTS = ["p", "h2", "ul", "li", "a", "strong", "em", "br"] as const;

export type MailElement = (typeof ELEMENTS)[number];
export type MailNode = string | { readonly element: MailElement; readonly url?: string; readonly children: readonly MailNode[] };

type Open = { readonly element: MailElement; readonly url?: string; readonly children: MailNode[] };

const TOKEN = /<(\/?)([a-z0-9]+)([^>]*)>|([^<]+)/gi;
const ENTITIES: Readonly<Record<string, string>> = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

export function readMailHtml(html: string): readonly MailNode[] {
  const body = /<body[^>]*>([^]*)<\/body>/i.exec(html)?.[1] ?? html;
  const top: MailNode[] = [];
  const open: Open[] = [];
  for (const [, close = "", name = "", attributes = "", text] of body.matchAll(TOKEN)) {
    const into = open.at(-1)?.children ?? top;
    if (text !== undefined) {
      if (open.length > 0 || text.trim() !== "") into.push(plain(text));
      continue;
    }
    const element = ELEMENTS.find((one) => one === name.toLowerCase());
    if (element === undefined) continue;
    if (close !== "") {
      // What was left open inside of it ends with it.
      const at = open.findLastIndex((one) => one.element === element);
      if (at !== -1) open.length = at;
      continue;
    }
    const href = /\bhref="([^"]*)"/i.exec(attributes)?.[1];
    const node: Open = { element, ...(href === undefined ? {} : { url: plain(href) }), children: [] };
    into.push(node);
    if (element !== "br") open.push(node);
  }
  return top;
}

function plain(text: string): string {
  return text.replaceAll(/&(?:amp|lt|gt|quot|#39);/g, (entity) => ENTITIES[entity] ?? entity);
}
