/** What assistive technology gets from a page: its tree as Chromium hands it over, where the focus is, and what live regions say. */
import type { CDPSession, Page } from "playwright-core";

type Value = { readonly value?: unknown };
type AxNode = {
  readonly ignored: boolean;
  readonly role?: Value;
  readonly name?: Value;
  readonly properties?: readonly { readonly name: string; readonly value: Value }[];
  readonly backendDOMNodeId?: number;
};

export type Heard = { readonly role: string; readonly name: string; readonly is: (property: string) => unknown };

/** What one acts on, and what one is put into: without a name nobody knows what it is. */
const NAMED = new Set(
  "button link checkbox radio switch textbox searchbox combobox listbox option menuitem menuitemcheckbox menuitemradio tab slider spinbutton grid dialog alertdialog columnheader img image".split(
    " ",
  ),
);

const textOf = (value: Value | undefined): string => (typeof value?.value === "string" ? value.value.trim() : "");

const heard = (node: AxNode): Heard => ({
  role: textOf(node.role),
  name: textOf(node.name),
  is: (property) => node.properties?.find(({ name }) => name === property)?.value.value,
});

export type Listener = {
  /** Every node that is not left out, in the order of the page. */
  readonly tree: () => Promise<readonly Heard[]>;
  readonly focused: () => Promise<Heard>;
  /** What live regions have said since the last time this was asked. */
  readonly said: () => Promise<readonly string[]>;
};

export async function listenTo(page: Page): Promise<Listener> {
  const session: CDPSession = await page.context().newCDPSession(page);
  await session.send("Accessibility.enable");
  const watch = (): void => {
    const region = "[aria-live]:not([aria-live=off]), [role=status], [role=alert], [role=log]";
    const said: string[] = [];
    (window as never as { said: string[] }).said = said;
    const last = new WeakMap<Element, string>();
    const hear = (from: Node): void => {
      const place = (from instanceof Element ? from : from.parentElement)?.closest(region) ?? null;
      const inside = from instanceof Element ? [...from.querySelectorAll(region)] : [];
      for (const one of [place, ...inside]) {
        const text = one?.textContent?.replaceAll(/\s+/g, " ").trim() ?? "";
        if (one === null || text === "" || last.get(one) === text) continue;
        last.set(one, text);
        said.push(text);
      }
    };
    new MutationObserver((changes) => {
      for (const { target, addedNodes } of changes) for (const node of [target, ...addedNodes]) hear(node);
    }).observe(document, { subtree: true, childList: true, characterData: true });
  };
  await page.addInitScript(watch);
  return {
    tree: async () => {
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      return (nodes as readonly AxNode[]).filter(({ ignored }) => !ignored).map(heard);
    },
    focused: async () => {
      const { result } = await session.send("Runtime.evaluate", { expression: "document.activeElement" });
      const { nodes } = await session.send("Accessibility.getPartialAXTree", { objectId: result.objectId ?? "", fetchRelatives: false });
      const [node] = nodes as readonly AxNode[];
      if (node === undefined) throw new Error("Nothing has the focus.");
      return heard(node);
    },
    said: () => page.evaluate(() => (window as never as { said: string[] }).said.splice(0)),
  };
}

/** What has no name, headings out of order, several main titles: what a listener trips over. */
export function stumbles(tree: readonly Heard[]): readonly string[] {
  const nameless = tree.filter(({ role, name }) => NAMED.has(role) && name === "").map(({ role }) => `a ${role} without a name`);
  const levels = tree.filter(({ role }) => role === "heading").map(({ name, is }) => ({ name, level: Number(is("level")) }));
  const jumps = levels.flatMap(({ name, level }, i) => {
    const before = levels[i - 1]?.level ?? 0;
    return level > before + 1 ? [`heading "${name}" of level ${level} after level ${before}`] : [];
  });
  const titles = levels.filter(({ level }) => level === 1).length;
  return [...nameless, ...jumps, ...(titles === 1 ? [] : [`${titles} headings of level 1`])];
}
