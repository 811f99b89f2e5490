/** Leads in numbers: through a door in this process, as the flow itself writes them, because invented rows would measure an invented house. */
import { keysOf } from "../src/core/identity/identity.ts";
import type { Deps } from "../src/server/deps.ts";
import type { Item } from "../src/server/flow/item.ts";
import { person } from "./people.ts";

const BATCH = 500;
const UNDER_WAY = 2;

/** Captures people `from` up to, not including, `to`; every third has asked for contact. */
export async function fill(deps: Deps, from: number, to: number, tell: (done: number) => void): Promise<void> {
  let next = from;
  const worker = async (): Promise<void> => {
    while (next < to) {
      const first = next;
      next = Math.min(to, first + BATCH);
      const outcomes = await deps.door.submitMany(
        deps.db.workspaceId,
        Array.from({ length: next - first }, (_, i) => itemOf(deps, first + i)),
      );
      const odd = outcomes.find((outcome) => outcome.kind !== "done" || outcome.outcome !== "created");
      if (odd !== undefined) throw new Error(`A lead of the bench was not created: ${JSON.stringify(odd).slice(0, 1000)}`);
      tell(next - from);
    }
  };
  await Promise.all(Array.from({ length: UNDER_WAY }, worker));
}

function itemOf({ newId, actor }: Deps, i: number): Item {
  const patch = person(i);
  return {
    inputId: newId(),
    actor,
    bearer: null,
    input: { kind: "capture", patch, touches: touchesOf(i).map((touch) => ({ ...touch, at: null })) },
    target: { by: "keys", keys: keysOf({ email: patch.email, phone: patch.phone }), only: null },
    idempotency: null,
  };
}

/** What comes with the capture of person i. */
export function touchesOf(i: number): readonly { readonly kind: string; readonly props: { readonly url: string } }[] {
  return i % 3 === 0 ? [{ kind: "contactRequest", props: { url: `https://www.bench.example/contact/${i % 50}` } }] : [];
}
