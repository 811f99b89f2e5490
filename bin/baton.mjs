#!/usr/bin/env node
// `npm run baton`: the command line. Node 20 is enough to get here; see node24.mjs.
import { runEntry } from "./node24.mjs";

await runEntry("src/cli/main.ts");
