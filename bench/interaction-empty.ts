/** The least a page of React can do: built by the bundler of the product, served by a bare server, answered to the same hand. */
import { existsSync, readFileSync, rmSync } from "node:fs";
import http from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import react from "@vitejs/plugin-react";
import type { Browser } from "playwright-core";
import { build } from "vite";
import { type Action, handOn } from "./interaction-hand.ts";
import { installProbe } from "./interaction-probe.ts";

export type EmptyPage = { readonly url: string; readonly close: () => Promise<void> };

/** @param folder to build into; it goes with the house */
export async function openEmptyPage(folder: string): Promise<EmptyPage> {
  const made = path.join(folder, "empty-page");
  await build({
    configFile: false,
    logLevel: "warn",
    root: path.join(import.meta.dirname, "empty-page"),
    plugins: [react()],
    build: { outDir: made, emptyOutDir: true, modulePreload: { polyfill: false } },
  });
  const server = http.createServer((request, reply) => {
    const name = new URL(request.url ?? "/", "http://bench").pathname;
    const file = path.join(made, path.normalize(name === "/" ? "index.html" : name));
    const known = existsSync(file);
    reply.writeHead(known ? 200 : 404, { "content-type": file.endsWith(".js") ? "text/javascript" : "text/html" });
    reply.end(known ? readFileSync(file) : "");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      rmSync(made, { recursive: true, force: true });
    },
  };
}

/** So many keys and clicks in turn; each changes the text. */
export async function workEmptyPage(browser: Browser, { url }: EmptyPage, count: number): Promise<readonly Action[]> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 860 } });
  try {
    await context.addInitScript(installProbe);
    const page = await context.newPage();
    await page.goto(url);
    await page.locator("button").waitFor();
    const hand = handOn(page);
    for (let i = 0; i < count; i++) await hand.act(i % 4 === 3 ? "click" : "key", i % 4 === 3 ? { click: "button" } : { keys: ["j"] }, [{ other: "button" }]);
    return hand.actions;
  } finally {
    await context.close();
  }
}
