/** `npm start -- --demo`: the demo is loaded into a house where nobody has set up anything, once; later starts find it there. */
import type { House } from "./deps.ts";
import { demoAccounts, demoState, loadDemo } from "./features/demo/demo.service.ts";
import { countWorkspacesOf } from "./features/house/house.service.ts";

/** @returns lines for the operator: who can sign in, or why nothing was loaded */
export async function startWithDemo(house: House, signal: AbortSignal, tell: (line: string) => void): Promise<readonly string[]> {
  const state = await demoState(house);
  if (state === "none" && (await countWorkspacesOf(house)) !== 0)
    return ["The demo was not loaded: this house has a workspace already. Load it beside that with: npm run baton -- demo"];
  if (state === "loaded") return ["The demo workspace is there already and was left as it is.", ...signInLines()];
  tell("Loading the demo: half a year of a made-up company. This takes half a minute.");
  const { apiKey } = await loadDemo(house, { signal });
  return ["The demo workspace is loaded.", `  API key ${apiKey}`, ...signInLines()];
}

function signInLines(): readonly string[] {
  const accounts = demoAccounts();
  const width = Math.max(...accounts.map(({ email }) => email.length));
  return ["Sign in as one of these:", ...accounts.map(({ email, password, role }) => `  ${email.padEnd(width)}  ${password}  ${role}`)];
}
