#!/usr/bin/env node
// `npm run test`: everything that is tested. Node 20 is enough to get here; see node24.mjs.
import { runEntry } from "./node24.mjs";

await runEntry("src/server/testing/run-tests.ts", { dev: true });
