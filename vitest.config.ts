import { defineConfig } from "vitest/config";

// Two workers: the tests share their machine with one PostgreSQL.
const config = defineConfig({
  test: {
    include: ["src/**/*.test.ts", "e2e/**/*.test.ts", "bench/**/*.test.ts", "bin/**/*.test.mjs"],
    exclude: ["**/node_modules/**"],
    globalSetup: ["src/server/testing/global-setup.ts"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 60_000,
    hookTimeout: 120_000,
    teardownTimeout: 60_000,
  },
});

// oxlint-disable-next-line import/no-default-export -- vitest reads its configuration from the default export
export default config;
