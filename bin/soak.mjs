#!/usr/bin/env node
// `npm run soak`: bad days for hours, with a seed by lot. Node 20 is enough to get here; see node24.mjs.
import { runEntry } from "./node24.mjs";

await runEntry("src/server/testing/bad-days/soak.ts", { dev: true });
