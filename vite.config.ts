/** How the web app is built (`npm start` does it when it is stale) and served while it is being worked on (`npx vite`). */
import path from "node:path";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

/** While working on screens: the server that answers the API. */
const api = process.env["BATON_API"] ?? "http://127.0.0.1:3000";
const proxied = ["/api", "/f/", "/docs", "/openapi.json", "/healthz"];

const config = defineConfig({
  root: path.resolve(import.meta.dirname, "src/web"),
  plugins: [react()],
  build: {
    outDir: path.resolve(import.meta.dirname, "dist/web"),
    emptyOutDir: true,
    target: ["chrome123", "firefox128", "safari17.5"],
    sourcemap: false,
    // The content security policy allows no data: URLs, and every file is cached for ever by its hash.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    chunkSizeWarningLimit: 2000,
  },
  server: { host: "127.0.0.1", proxy: Object.fromEntries(proxied.map((prefix) => [prefix, { target: api, changeOrigin: false }])) },
});

// oxlint-disable-next-line import/no-default-export -- Vite reads its configuration from the default export
export default config;
