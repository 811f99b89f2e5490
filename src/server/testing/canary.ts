/**
 * The canary: a neighbour workspace whose every text says so. Whatever a test's own workspace answers, exports or logs must
 * not contain the word.
 */
import { expect } from "vitest";
import { keysOf } from "../../core/identity/identity.ts";
import type { House } from "../deps.ts";
import { setupWorkspace } from "../features/workspaces/workspaces.service.ts";
import { actIn } from "../features/workspaces/doorman.service.ts";
import { write } from "../features/leads/write.service.ts";

/** In lower case, so that it is found in addresses too. */
export const CANARY = "canarybird";

export type Neighbour = { readonly workspaceId: string; readonly apiKey: string; readonly leadIds: readonly string[] };

/** Makes the neighbour: captured, worked, converted and won leads that share names and addresses with nobody else but could be found by the same words. */
export async function plantCanaries(house: House): Promise<Neighbour> {
  const { workspaceId, apiKey } = await setupWorkspace(house, {
    workspace: `Neighbour ${CANARY}`,
    email: `owner@${CANARY}.example`,
    password: "correct horse battery staple",
  });
  const deps = actIn(house, workspaceId, `key:${CANARY}`);
  const leadIds: string[] = [];
  for (let i = 0; i < 3; i++) {
    const patch = {
      email: `ada${i}@${CANARY}.example`,
      firstName: "Ada",
      lastName: `Lovelace ${CANARY}`,
      company: `Analytical Engines ${CANARY}`,
      jobTitle: `Director ${CANARY}`,
      city: CANARY,
      website: `https://${CANARY}.example`,
      source: CANARY,
      campaign: CANARY,
      externalId: `${CANARY}-${i}`,
      addTags: [CANARY],
      fields: { need: CANARY },
      bant: { budget: CANARY },
      consent: { [CANARY]: true },
    };
    const touches = [
      { kind: "contactRequest", at: null, props: { text: CANARY } },
      { kind: "pageView", at: null, props: { url: `https://${CANARY}.example/pricing` } },
    ];
    const captured = await write(
      deps,
      { kind: "capture", patch, touches },
      { by: "keys", keys: keysOf(patch), only: null },
      { key: `${CANARY}-${i}`, hash: CANARY },
    );
    if (captured.outcome === "held") throw new Error("the neighbour's lead was held");
    const { id } = captured.lead;
    leadIds.push(id);
    const converted = await write(deps, { kind: "convert", form: { businessCase: CANARY }, name: `Deal ${CANARY}` }, { by: "lead", id }, null);
    if (converted.outcome === "held") throw new Error("the neighbour's conversion was held");
  }
  return { workspaceId, apiKey, leadIds };
}

/** Fails when the text knows anything of the neighbour. */
export function expectNoCanary(text: string, what = "the text"): void {
  expect(text.toLowerCase(), `${what} must not show the neighbour's data`).not.toContain(CANARY);
}
