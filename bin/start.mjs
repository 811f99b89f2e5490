#!/usr/bin/env node
// `npm run start`: starts the product. Node 20 is enough to get here; see node24.mjs.
import { runEntry } from "./node24.mjs";

await runEntry("src/server/main.ts");
