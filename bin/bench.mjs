#!/usr/bin/env node
// `npm run bench`: the benchmarks. Node 20 is enough to get here; see node24.mjs.
import { runEntry } from "./node24.mjs";

await runEntry("bench/main.ts");
